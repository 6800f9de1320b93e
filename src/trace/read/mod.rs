//! The streaming reader: bytes in any chunks to requests with interned blocks.
//!
//! Reading order: here (chunks to lines), `line` (one line), `layout` (its keys), `ids` (its
//! block ids), `json` and `string` (the text itself), `accept` (a line to a request), `decide`
//! (what the file leaves open), `problem` (refusals).

mod line;
mod layout;
mod ids;
mod json;
mod string;
mod accept;
mod decide;
mod problem;

use super::Log;
use super::formats::TimeUnit;
use super::intern::Interner;
use super::report::{BadLine, ReadReport};
use accept::Sessions;
use decide::{Header, Meta};
use layout::Layout;
use line::Line;
use problem::{LineError, Problem};

/// Nothing comes out before this many requests were read (or the input ended): time unit and
/// block size are decided on them.
pub const SAMPLE_REQUESTS: usize = 64;

/// How much of an overlong line is kept, for the report.
const HEAD: usize = 64;

/// How much memory stays reserved for unfinished lines after a long one.
const KEPT_CAPACITY: usize = 1 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What to take for granted about a trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOptions {
    /// Unit of every time, whatever the file says.
    pub time_unit: Option<TimeUnit>,
    /// Tokens per block, whatever the file says; at least 1.
    pub block_size: Option<u32>,
    /// The longest line accepted, in bytes without its newline. Bounds the reader's memory.
    pub max_line_bytes: usize,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { time_unit: None, block_size: None, max_line_bytes: 64 << 20 }
    }
}

/// Reads a trace of one JSON object per line.
///
/// The result depends on the bytes only, not on how they were cut into chunks: not the
/// requests, not the block ids, not the report. Bad lines never stop it. Memory: the unfinished
/// line, at most [`SAMPLE_REQUESTS`] requests, and 16 to 32 bytes per distinct block.
#[derive(Clone, Debug)]
pub struct TraceReader {
    options: ReadOptions,
    interner: Interner,
    sessions: Sessions,
    report: ReadReport,
    line: Line,
    layout: Layout,
    /// The start of a line whose end has not come yet.
    partial: Vec<u8>,
    /// How many bytes the unfinished line has beyond `partial`: it is too long.
    dropped: usize,
    /// Where the current line starts in the file.
    offset: u64,
    header: Option<Header>,
    /// The first block size that a line stated.
    stated_block_size: Option<u32>,
    waiting: Log,
    sample: Vec<Meta>,
    /// Arrival of the latest request that came out.
    clock_s: f64,
}

impl Default for TraceReader {
    fn default() -> Self {
        Self::new(ReadOptions::default())
    }
}

impl TraceReader {
    /// A reader at the start of a file.
    ///
    /// # Panics
    /// If the block size in `options` is 0.
    pub fn new(options: ReadOptions) -> Self {
        assert_ne!(options.block_size, Some(0), "the block size is 1 token or more");
        Self {
            options,
            interner: Interner::new(),
            sessions: Sessions::default(),
            report: ReadReport::default(),
            line: Line::default(),
            layout: Layout::default(),
            partial: Vec::new(),
            dropped: 0,
            offset: 0,
            header: None,
            stated_block_size: None,
            waiting: Log::new(),
            sample: Vec::new(),
            clock_s: 0.0,
        }
    }

    /// Takes in the next bytes of the file and appends the requests that they complete.
    pub fn push(&mut self, bytes: &[u8], out: &mut Log) {
        self.report.bytes += bytes.len() as u64;
        let mut rest = bytes;
        if !self.partial.is_empty() {
            match rest.iter().position(|&byte| byte == b'\n') {
                Some(end) => {
                    self.hold(&rest[..end]);
                    self.end_partial(false, out);
                    rest = &rest[end + 1..];
                }
                None => {
                    self.hold(rest);
                    rest = &[];
                }
            }
        }
        if let Some(last) = rest.iter().rposition(|&byte| byte == b'\n') {
            let (mut lines, unfinished) = rest.split_at(last + 1);
            while !lines.is_empty() {
                let end = self.read_line(lines, false, out);
                lines = &lines[end + 1..];
            }
            rest = unfinished;
        }
        self.hold(rest);
        self.report.distinct_blocks = self.interner.len() as u64;
    }

    /// Ends the input: a last line without newline counts, and everything held comes out.
    /// Calling it again changes nothing; pushing more afterwards starts a new line.
    pub fn finish(&mut self, out: &mut Log) {
        if !self.partial.is_empty() {
            self.end_partial(true, out);
        }
        if !self.sample.is_empty() {
            self.decide(out);
        }
        self.report.distinct_blocks = self.interner.len() as u64;
    }

    /// What there is to say about the part that was read.
    pub fn report(&self) -> &ReadReport {
        &self.report
    }

    /// The names of the blocks so far.
    pub fn interner(&self) -> &Interner {
        &self.interner
    }

    /// Memory held, in bytes: the unfinished line, what one line needs, and the blocks' names.
    pub fn memory_bytes(&self) -> usize {
        self.partial.capacity() + self.line.memory_bytes() + self.interner.memory_bytes()
    }

    /// Keeps a part of a line without its end.
    fn hold(&mut self, part: &[u8]) {
        if self.dropped == 0 && self.partial.len() + part.len() <= self.options.max_line_bytes {
            self.partial.extend_from_slice(part);
            return;
        }
        let length = self.partial.len() + self.dropped + part.len();
        let missing = HEAD.saturating_sub(self.partial.len()).min(part.len());
        self.partial.extend_from_slice(&part[..missing]);
        self.partial.truncate(HEAD);
        self.partial.shrink_to(HEAD);
        self.dropped = length - self.partial.len();
    }

    /// Reads the line whose last part was held. `last`: the file ends with it.
    fn end_partial(&mut self, last: bool, out: &mut Log) {
        let mut line = std::mem::take(&mut self.partial);
        let dropped = std::mem::take(&mut self.dropped);
        if dropped > 0 {
            self.refuse_too_long(&line[..line.len().min(HEAD)], line.len() + dropped, last);
        } else {
            line.push(b'\n');
            self.read_line(&line, last, out);
        }
        line.clear();
        line.shrink_to(KEPT_CAPACITY);
        self.partial = line;
    }

    /// Reads the line that `bytes` start with; they hold its end. Returns where that is.
    fn read_line(&mut self, bytes: &[u8], last: bool, out: &mut Log) -> usize {
        let bom = self.report.lines == 0 && bytes.starts_with(BYTE_ORDER_MARK);
        let start = if bom { BYTE_ORDER_MARK.len() } else { 0 };
        let mut result = self.line.read(bytes, start, &mut self.layout);
        let end = match result {
            Ok(Some(end)) => end,
            Ok(None) => newline(bytes, 0),
            Err(error) => newline(bytes, error.at),
        };
        if end > self.options.max_line_bytes {
            self.refuse_too_long(&bytes[..end.min(HEAD)], end, last);
            return end;
        }
        let number = self.report.lines + 1;
        if let Ok(Some(_)) = result
            && let Err(error) = self.accept(number, end, out)
        {
            result = Err(error);
        }
        match result {
            Ok(Some(_)) => {}
            Ok(None) => self.report.blank_lines += 1,
            Err(error) => self.refuse(&error, &bytes[..end], last),
        }
        self.report.lines += 1;
        self.offset += end as u64 + u64::from(!last);
        end
    }

    fn refuse_too_long(&mut self, head: &[u8], length: usize, last: bool) {
        let problem = Problem::TooLong { max: self.options.max_line_bytes };
        self.refuse(&LineError::new(0, problem), head, false);
        self.report.lines += 1;
        self.offset += length as u64 + u64::from(!last);
    }

    fn refuse(&mut self, error: &LineError, line: &[u8], last: bool) {
        self.report.bad_lines_total += 1;
        if self.report.bad_lines.len() < BadLine::KEPT {
            let number = self.report.lines + 1;
            self.report.bad_lines.push(error.bad_line(number, self.offset, line, last));
        }
    }
}

/// Where the line ends that `from` lies in.
fn newline(bytes: &[u8], from: usize) -> usize {
    let rest = bytes[from..].iter().position(|&byte| byte == b'\n');
    from + rest.expect("lines are read with their end")
}
