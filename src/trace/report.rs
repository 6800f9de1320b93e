//! What the reader has to say about a file: counts, decisions, warnings and bad lines.

use super::formats::{IdScope, RowsAre, TimeUnit};
use serde::Serialize;
use std::fmt;

/// Everything known about the part of a trace that was read so far.
///
/// Once the first request has come out of the reader, `schema`, `time_unit`, `block_size`,
/// `id_scope` and `rows` are set and stay as they are, except that the scope may turn out mixed.
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
    /// Distinct blocks; only those whose names are known where others were given back.
    pub distinct_blocks: u64,
    /// Prompt tokens in them.
    pub input_tokens: u64,
    /// Generated tokens in them.
    pub output_tokens: u64,
    /// Distinct sessions; 0 where the trace names none.
    pub sessions: u64,
    /// Rows that are no requests by their own word: events, writes.
    pub other_rows: u64,
    /// Header lines.
    pub header_lines: u64,
    /// Lines that were refused.
    pub bad_lines_total: u64,
    /// The first [`BadLine::KEPT`] of them.
    pub bad_lines: Vec<BadLine>,
    /// What was accepted but looks odd, each kind once with its count.
    pub warnings: Vec<Warning>,
    /// The header line's name of the format, where there is a header line.
    pub header: Option<String>,
    /// How the file holds its records.
    pub held_as: Option<HeldAs>,
    /// The format the file is in, by the id of its row in the table.
    pub schema: Option<&'static str>,
    /// The same for people.
    pub schema_title: Option<&'static str>,
    /// Tokens per block.
    pub block_size: Option<Decided<u32>>,
    /// Unit of the times that do not state their own.
    pub time_unit: Option<Decided<TimeUnit>>,
    /// Whether ids mean the same in every session.
    pub id_scope: Option<Decided<IdScope>>,
    /// What rows of a session carry.
    pub rows: Option<Decided<RowsAre>>,
    /// Whether any row has block ids, or tokens to make them of. Without them no hit rate can be
    /// told.
    pub ids: bool,
    /// Whether blocks were made up for rows without ids, by the setting `shared_prefix`.
    pub made_up: bool,
    /// Why nothing more was read, if so: the file is no trace, or its header cannot be honoured.
    pub stopped: Option<String>,
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
    /// The first time has as many digits as a date.
    Digits,
    /// The format's definition says so.
    Schema,
    /// It fits the first requests best; for a unit that is a guess.
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

/// How a file holds its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldAs {
    /// One JSON object a line.
    Lines,
    /// Objects in an array, or over several lines.
    Spread,
    /// Rows of cells under a header.
    Csv,
}

/// The kinds of [`Warning`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningKind {
    /// The number of ids is neither all blocks nor all full blocks of the prompt.
    BlockCount,
    /// No generated length.
    NoOutput,
    /// No arrival time.
    NoTime,
    /// An arrival before that of an earlier line.
    OutOfOrder,
    /// A stated block size that was overruled.
    BlockSizeOverruled,
    /// No block ids.
    NoIds,
    /// Ids in groups, of unknown lengths.
    Groups,
    /// A row that does not begin as its session's row before.
    Deltas,
    /// A row that waits for another that did not come before it.
    UnknownRow,
    /// More sessions than may be open: those idle longest were closed.
    SessionsClosed,
    /// A row of a session that was closed.
    ClosedSession,
    /// A version of the format that is not known.
    UnknownVersion,
    /// Blocks were to be made up, and there are some.
    SharedPrefixUnused,
    /// A unit was set, and nothing is counted in one.
    TimeUnitUnused,
    /// A scope was set, and there are no ids.
    IdScopeUnused,
    /// What rows of a session carry was set, and there are no sessions.
    RowsUnused,
    /// When rows of a session arrive was set, and nothing waits for anything.
    SessionsUnused,
}

impl WarningKind {
    fn message(self) -> &'static str {
        match self {
            Self::BlockCount => {
                "the number of block ids is neither that of all blocks of the prompt nor that of \
                 its full blocks; check the block size, or the tool that wrote the trace"
            }
            Self::NoOutput => "no output length: counted as 0",
            Self::NoTime => "no arrival time: the request arrives together with the one before it",
            Self::OutOfOrder => {
                "arrives before the request on an earlier line; the timed clock sorts requests by \
                 time, the logical clock takes them as they stand in the file"
            }
            Self::BlockSizeOverruled => "states another block size than the one set by hand",
            Self::NoIds => {
                "no block ids: only lengths and times are simulated and no hit rate can be told; \
                 the setting shared_prefix makes up blocks, with that share of each prompt common \
                 to all"
            }
            Self::Groups => {
                "ids name components of the prompt, whose lengths the trace does not tell: hits \
                 in tokens are estimates"
            }
            Self::UnknownVersion => {
                "states a version of its format that is not known here: the names that are known \
                 are read as always, and what is new in that version is not; compare the first \
                 requests with the file before you trust a figure"
            }
            Self::SharedPrefixUnused => {
                "has block ids, or tokens to make them of: the setting shared_prefix makes up \
                 blocks for rows without them and changes nothing here; leave it out"
            }
            Self::TimeUnitUnused => {
                "has no time that counts in a unit: the setting time_unit changes nothing here; \
                 leave it out"
            }
            Self::IdScopeUnused => {
                "has no block ids: the setting id_scope changes nothing here; leave it out"
            }
            Self::RowsUnused => {
                "names no session: the setting rows changes nothing here; leave it out"
            }
            Self::SessionsUnused => {
                "names no session, and waits for no other row: the setting sessions changes \
                 nothing here; leave it out"
            }
            Self::SessionsClosed => {
                "more sessions are open than the budget of distinct blocks leaves room for: those \
                 that were idle longest are closed here"
            }
            Self::ClosedSession => {
                "is of a session that was idle so long that it was closed: it begins anew, so that \
                 it waits for nothing and arrives as logged, and what its rows before said is not \
                 known; set a larger budget of distinct blocks, or none"
            }
            Self::UnknownRow => "waits for a row that no earlier line names: it is not waited for",
            Self::Deltas => {
                "does not begin with the block ids of its session's row before: if rows carry \
                 only what is new, set rows to delta, which joins them; if they carry whole \
                 prompts, set rows to whole"
            }
        }
    }
}

impl ReadReport {
    /// Notes that something is odd about every line with a request, from `first_line` on.
    pub(super) fn warn_of_all(&mut self, kind: WarningKind, first_line: u64) {
        self.warn(kind, first_line);
        if let Some(warning) = self.warnings.iter_mut().find(|warning| warning.kind == kind) {
            warning.count = self.requests;
        }
    }

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
