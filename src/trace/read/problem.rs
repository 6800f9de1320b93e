//! Why a line is refused, in words that tell what was expected and what to do.

use super::json::{Cursor, MAX_DEPTH};
use super::spread::LINE_END;
use crate::trace::formats::{Field, Vocabulary};
use crate::trace::report::BadLine;
use std::fmt;

/// How many of a line's keys are named.
const MOST_KEYS: usize = 12;

/// Start and end of a piece of the line.
pub(super) type Span = (usize, usize);

/// A line is refused, because of what stands at `at`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineError {
    /// Bytes from the start of the line.
    pub(super) at: usize,
    /// Where the key of the field concerned stands.
    pub(super) key: Option<Span>,
    pub(super) problem: Problem,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    Expected(&'static str),
    NotAnObject,
    Trailing,
    ControlCharacter,
    NotUtf8,
    LoneSurrogate,
    TooDeep,
    NotWhole(u32),
    Fraction(u32),
    NotATime,
    NegativeTime,
    NegativeDelay,
    HugeTime,
    NotAUnit,
    NotAScope,
    NotASession,
    NotAName,
    Repeated,
    Disagrees,
    IdList,
    UnknownGroup,
    NotAnId,
    NoHashIds,
    NoHashIdsBut,
    NoScopeKey,
    NoInput,
    BlockSizeZero,
    BlockSizeChanged { before: u32 },
    BlockTokensCount { ids: usize },
    BlockTokensDiffer { before: u32, tokens: u32 },
    OtherHeader { before: Option<u32> },
    TooLong { max: usize },
    MoreCells { names: usize },
    OpenQuote,
    TooManyBlocks,
    TooManyRequests,
}

impl Problem {
    pub(super) const NOT_A_NUMBER: Self = Self::Expected("a number");
}

impl LineError {
    #[cold]
    pub(super) fn new(at: usize, problem: Problem) -> Self {
        Self { at, key: None, problem }
    }

    /// The report's entry for this error on line `number`, which starts at byte `offset` and
    /// whose text is `line`, without its line end. `last`: the file ends with this line, and
    /// without a line end.
    pub(super) fn bad_line(&self, number: u64, offset: u64, line: &[u8], last: bool) -> BadLine {
        let at = self.at.min(line.len());
        let field = self.key.map(|(start, end)| line[start..end].escape_ascii().to_string());
        let cut = at == line.trim_ascii_end().len() && matches!(self.problem, Problem::Expected(_));
        let mut reason = self.problem.to_string();
        if cut && last {
            reason += ": the file ends in the middle of this line; get it again in full";
        } else if cut {
            reason += ": a request must stand on one line";
        }
        BadLine {
            line: number,
            offset,
            column: at as u64 + 1,
            field,
            found: excerpt(&line[at..]),
            reason,
        }
    }

    /// Adds to the entry what keys the line has and which ones are known, where it is for want
    /// of a known one that the line is refused.
    pub(super) fn name_keys(&self, bad: &mut BadLine, line: &[u8], all: &Vocabulary) {
        let wanted: &[Field] = match self.problem {
            Problem::NoHashIds => &[Field::HashIds],
            Problem::NoInput => &[Field::Input, Field::PromptOnly],
            _ => return,
        };
        let text = [line, b"\n"].concat();
        let mut found = Vec::new();
        let mut cursor = Cursor { bytes: &text, at: 0 };
        let _ = cursor.each_key(|key| found.push(key.escape_ascii().to_string()));
        if MOST_KEYS < found.len() {
            found.truncate(MOST_KEYS);
            found.push("…".to_owned());
        }
        let known: Vec<&str> = wanted.iter().flat_map(|&field| all.names(field)).collect();
        let keys = if found.is_empty() { "none".to_owned() } else { found.join(", ") };
        bad.reason += &format!("; its keys are {keys}; known names are {}", known.join(", "));
    }
}

impl BadLine {
    /// Moves the entry to the line of its record on which byte `at` lies.
    pub(super) fn move_to_line(&mut self, record: &[u8], at: usize) {
        let before = &record[..at.min(record.len())];
        let ends = before.iter().filter(|&&byte| byte == LINE_END).count();
        if ends > 0 {
            let start = before.iter().rposition(|&byte| byte == LINE_END).map_or(0, |end| end + 1);
            self.line += ends as u64;
            self.offset += start as u64;
            self.column = (before.len() - start) as u64 + 1;
        }
    }
}

/// The token at the start of `rest`, or its beginning, made printable.
fn excerpt(rest: &[u8]) -> String {
    const MOST: usize = 24;
    let rest = rest.trim_ascii_end();
    if rest.is_empty() {
        return "the end of the line".to_owned();
    }
    let token = match rest[0] {
        b'{' | b'[' => rest.len(),
        b'"' => rest[1..].iter().position(|&byte| byte == b'"').map_or(rest.len(), |end| end + 2),
        _ => rest.iter().position(|byte| b", ]}\t".contains(byte)).unwrap_or(rest.len()).max(1),
    };
    let shown = rest[..token.min(MOST)].escape_ascii().to_string().replace("\\\"", "\"");
    if token > MOST { format!("{shown}…") } else { shown }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Expected(what) => write!(f, "expected {what}"),
            Self::TooDeep => {
                write!(f, "nested more than {MAX_DEPTH} deep: nothing here needs that")
            }
            Self::NotWhole(max) => write!(f, "expected a whole number from 0 to {max}"),
            Self::Fraction(max) => {
                write!(f, "expected a whole number from 0 to {max}, and this one has a fraction")
            }
            Self::BlockSizeChanged { before } => write!(
                f,
                "the block size was {before} before, and one trace has one block size: \
                 split the trace"
            ),
            Self::BlockTokensCount { ids } => {
                write!(
                    f,
                    "block_tokens must have a number from 1 on for each of the {ids} block ids"
                )
            }
            Self::BlockTokensDiffer { before, tokens } => write!(
                f,
                "a block has {tokens} tokens here and had {before} before: the same block must \
                 agree"
            ),
            Self::OtherHeader { before } => {
                let before = before.map_or("none".to_owned(), |size| size.to_string());
                write!(
                    f,
                    "another header, whose block size differs from the one before ({before}), and \
                     one trace has one block size: split the trace"
                )
            }
            Self::MoreCells { names } => write!(
                f,
                "the row has more cells than the header has names ({names}): a cell that holds a \
                 comma must stand in quotes"
            ),
            Self::TooLong { max } => write!(
                f,
                "the line is longer than {max} bytes, the most a reader holds: shorten it"
            ),
            _ => f.write_str(self.fixed()),
        }
    }
}

impl Problem {
    /// The text of the problems that have always the same.
    fn fixed(self) -> &'static str {
        match self {
            Self::NotAnObject => {
                "expected a JSON object, as in {\"timestamp\": 0, \"input_length\": 600, \
                 \"output_length\": 9, \"hash_ids\": [1, 2]}"
            }
            Self::Trailing => "expected the line to end after the object",
            Self::ControlCharacter => "control characters in a string must be escaped",
            Self::NotUtf8 => "the text is not UTF-8: save it as UTF-8",
            Self::LoneSurrogate => "one half of a surrogate pair stands alone",
            Self::NotATime => {
                "expected a time: a number, 0 or above, or a date as in 2025-07-01T10:00:00Z"
            }
            Self::NegativeTime => {
                "times count from the start of the trace or from 1970, so none lies before 0: \
                 subtract the smallest one from all"
            }
            Self::NegativeDelay => "a row comes after the one before: expected a delay, 0 or above",
            Self::OpenQuote => "the quote is not closed on its line: a row must stand on one line",
            Self::HugeTime => "the time is too large to compute with: none may lie above 1e30",
            Self::NotAUnit => "expected a time unit: \"s\", \"ms\", \"us\" or \"ns\"",
            Self::NotAScope => {
                "expected a scope of ids: \"global\" (an id means the same in every session) or \
                 \"local\""
            }
            Self::NotAName => "expected a name: a string or a whole number",
            Self::NotASession => "expected a session: a string or a whole number",
            Self::Repeated => "the key stands twice, and taking either value would be a guess",
            Self::Disagrees => {
                "another key of the same meaning has another value, and taking either would be \
                 a guess"
            }
            Self::IdList => "expected an array of block ids, in prefix order",
            Self::UnknownGroup => {
                "expected one array of block ids in prefix order, or RAGPulse's groups \
                 (sys_prompt, passages_ids, history, web_search, user_input), whose order is known"
            }
            Self::NotAnId => {
                "expected a block id: a whole number from -9223372036854775808 to \
                 18446744073709551615, without a point, or a string"
            }
            Self::NoHashIdsBut => {
                "the line has lengths but no block ids, and earlier lines have them: nothing can \
                 be told about its re-use"
            }
            Self::NoHashIds => "the line has no block ids and no prompt length",
            Self::NoScopeKey => {
                "the ids are local, and the line has neither play_id nor session_id to say to \
                 what: add one, or set the scope to global if ids mean the same everywhere"
            }
            Self::NoInput => "the line has no prompt length",
            Self::BlockSizeZero => "expected a block size of 1 token or more",
            Self::TooManyBlocks => "too many distinct blocks: split the trace",
            Self::TooManyRequests => "too many requests: split the trace",
            _ => "",
        }
    }
}
