//! What the reader has to say about a file: counts, decisions, warnings and bad lines.

use super::formats::{Schema, TimeUnit};
use serde::Serialize;
use std::fmt;

/// Everything known about the part of a trace that was read so far.
///
/// Once the first request has come out of the reader, `schema`, `time_unit` and `block_size`
/// are set and stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ReadReport {
    /// Bytes taken in.
    pub bytes: u64,
    /// Lines that ended, and a last one without a line end.
    pub lines: u64,
    /// Lines with nothing but blanks on them.
    pub blank_lines: u64,
    /// Requests accepted.
    pub requests: u64,
    /// Block references in them.
    pub blocks: u64,
    /// Distinct blocks, and so the length of every column indexed by block.
    pub distinct_blocks: u64,
    /// Prompt tokens in them.
    pub input_tokens: u64,
    /// Generated tokens in them.
    pub output_tokens: u64,
    /// Distinct sessions; 0 where the trace names none.
    pub sessions: u64,
    /// Lines that were refused.
    pub bad_lines_total: u64,
    /// The first [`BadLine::KEPT`] of them.
    pub bad_lines: Vec<BadLine>,
    /// What was accepted but looks odd, each kind once with its count.
    pub warnings: Vec<Warning>,
    /// The header line's name of the format, where there is a header line.
    pub header: Option<String>,
    /// The family the file belongs to.
    pub schema: Option<Schema>,
    /// Tokens per block.
    pub block_size: Option<Decided<u32>>,
    /// Unit of the times that do not state their own.
    pub time_unit: Option<Decided<TimeUnit>>,
    /// Smallest arrival, in seconds.
    pub first_arrival_s: Option<f64>,
    /// Largest arrival, in seconds.
    pub last_arrival_s: Option<f64>,
    /// Requests that arrived before the request on an earlier line.
    pub out_of_order: u64,
}

/// A value that the file may leave open, and how it was settled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Decided<T> {
    /// The value in force.
    pub value: T,
    /// What settled it.
    pub by: DecidedBy,
    /// The same as a sentence.
    pub why: String,
}

/// What settled a value, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// The user said so.
    Option,
    /// The header line says so.
    Header,
    /// The lines say so: a field, or a suffix of a field's name.
    Field,
    /// The schema's definition says so.
    Schema,
    /// It fits the first requests best.
    Fit,
    /// Nothing told; this is the usual value.
    Assumed,
}

/// A line that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BadLine {
    /// Number of the line, from 1.
    pub line: u64,
    /// Where the line starts, in bytes from the start of the file.
    pub offset: u64,
    /// Where in the line the trouble is, in bytes from 1.
    pub column: u64,
    /// The field concerned, as the line spells it.
    pub field: Option<String>,
    /// The text at that place, escaped and cut short.
    pub found: String,
    /// What was expected and what can be done.
    pub reason: String,
}

impl BadLine {
    /// How many bad lines a report keeps; the others are counted.
    pub const KEPT: usize = 20;
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}, column {} (line starts at byte {})",
            self.line, self.column, self.offset
        )?;
        if let Some(field) = &self.field {
            write!(f, ", field {field}")?;
        }
        write!(f, ": found {}: {}", self.found, self.reason)
    }
}

/// Something odd about requests that were accepted all the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// What is odd.
    pub kind: WarningKind,
    /// On how many lines.
    pub count: u64,
    /// The first of these lines, from 1.
    pub first_line: u64,
    /// The same as a sentence.
    pub message: String,
}

/// The kinds of [`Warning`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningKind {
    /// The number of ids is not `ceil(input tokens / block size)`.
    BlockCount,
    /// No generated length.
    NoOutput,
    /// No arrival time.
    NoTime,
    /// An arrival before that of an earlier line.
    OutOfOrder,
    /// A stated block size that was overruled.
    BlockSizeOverruled,
}

impl WarningKind {
    fn message(self) -> &'static str {
        match self {
            Self::BlockCount => {
                "the number of hash_ids is not ceil(input_length / block size); \
                 check the block size, or the tool that wrote the trace"
            }
            Self::NoOutput => "no output length: counted as 0",
            Self::NoTime => {
                "no arrival time: the request arrives together with the one before it; \
                 delays between turns are not read"
            }
            Self::OutOfOrder => "arrives before the request on an earlier line: kept in file order",
            Self::BlockSizeOverruled => "states another block size than the one set by hand",
        }
    }
}

impl ReadReport {
    /// Notes that a line is odd.
    pub(super) fn warn(&mut self, kind: WarningKind, line: u64) {
        match self.warnings.iter_mut().find(|warning| warning.kind == kind) {
            Some(warning) => warning.count += 1,
            None => self.warnings.push(Warning {
                kind,
                count: 1,
                first_line: line,
                message: kind.message().to_owned(),
            }),
        }
    }
}
