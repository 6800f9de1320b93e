//! Why a line is refused, in words that tell what was expected and what to do.

use super::json::MAX_DEPTH;
use crate::trace::report::BadLine;
use std::fmt;

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
    Array,
    OtherEncoding,
    Compressed,
    Trailing,
    ControlCharacter,
    NotUtf8,
    LoneSurrogate,
    TooDeep,
    NotWhole(u64),
    Fraction(u64),
    Quoted(u64),
    NotATime,
    NegativeTime,
    InfiniteTime,
    NotAUnit,
    NotASession,
    Repeated,
    Disagrees,
    IdList,
    IdComponents,
    NotAnId,
    NoHashIds,
    NoHashIdsBut,
    WholeSession,
    IdScope,
    NoInput,
    BlockSizeZero,
    BlockSizeChanged { before: u32 },
    TooLong { max: usize },
    TooManyBlocks,
    TooManyRequests,
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
                write!(f, "expected a whole number from 0 to {max}, without a point or exponent")
            }
            Self::Quoted(max) => {
                write!(f, "expected a whole number from 0 to {max}, without quotes")
            }
            Self::BlockSizeChanged { before } => write!(
                f,
                "the block size was {before} before, and one trace has one block size: \
                 split the trace"
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
            Self::Array => {
                "expected one JSON object per line, not an array: convert it with `jq -c '.[]'`"
            }
            Self::OtherEncoding => "the text is UTF-16: save it as UTF-8",
            Self::Compressed => "the bytes are compressed: unpack the file first",
            Self::Trailing => "expected the line to end after the object",
            Self::ControlCharacter => "control characters in a string must be escaped",
            Self::NotUtf8 => "the text is not UTF-8: save it as UTF-8",
            Self::LoneSurrogate => "one half of a surrogate pair stands alone",
            Self::NotATime => "expected a time: a number, 0 or above",
            Self::NegativeTime => "expected a time of 0 or above: shift the trace's times",
            Self::InfiniteTime => "the time is too large to compute with",
            Self::NotAUnit => "expected a time unit: \"s\", \"ms\", \"us\" or \"ns\"",
            Self::NotASession => "expected a session: a string or a whole number",
            Self::Repeated => "the key stands twice, and taking either value would be a guess",
            Self::Disagrees => {
                "another key of the same meaning has another value, and taking either would be \
                 a guess"
            }
            Self::IdList => "expected an array of block ids, in prefix order",
            Self::IdComponents => {
                "expected one array of block ids in prefix order, not an object: per-component \
                 ids (RAGPulse) have no order, so no prefix can be shared"
            }
            Self::NotAnId => {
                "expected a block id: a whole number from 0 to 18446744073709551615, or a string"
            }
            Self::NoHashIdsBut => {
                "the line has lengths but no hash_ids (BurstGPT and Azure traces have none): \
                 without block ids no reuse can be told; choose a built-in workload instead"
            }
            Self::NoHashIds => "the line has no hash_ids: without block ids no reuse can be told",
            Self::WholeSession => {
                "the line holds a whole session (`requests`): write one line per request"
            }
            Self::IdScope => {
                "only ids of scope \"global\" can be compared across sessions: renumber them"
            }
            Self::NoInput => "the line has no input_length (prompt tokens)",
            Self::BlockSizeZero => "expected a block size of 1 token or more",
            Self::TooManyBlocks => "too many distinct blocks: split the trace",
            Self::TooManyRequests => "too many requests: split the trace",
            _ => "",
        }
    }
}
