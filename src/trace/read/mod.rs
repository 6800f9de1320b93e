//! The streaming reader: bytes in any chunks to requests with interned blocks.
//!
//! Reading order: here and `lines` (chunks to lines), `container` (how a file holds its records,
//! with `scan`, `spread` and `csv`), `predict` (Mooncake's lines), `record` and `rare` (a record to
//! the `row`s in it), `shape` (records like those before), `layout` (keys), `ids` and `list` (ids),
//! `value`, `json` and `string` (the text itself), `accept`, `header`, `names`, `open` and `blocks`
//! (a row to a request), `decide` and `settle` (what the file leaves open), `problem` (refusals).

mod lines;
mod container;
mod scan;
mod spread;
mod csv;
mod predict;
mod record;
mod rare;
mod row;
mod shape;
mod layout;
mod ids;
mod list;
mod value;
mod json;
mod string;
mod accept;
mod blocks;
mod settle;
mod names;
mod open;
mod header;
mod decide;
mod problem;

use super::Log;
use super::formats::{IdScope, RowsAre, SessionsAre, TimeUnit};
use super::intern::Interner;
use super::report::{BadLine, ReadReport};
use crate::columns::Kept;
use container::{Container, Told};
use decide::Meta;
use header::Header;
use names::Sessions;
use predict::Predicted;
use problem::{LineError, Problem};
use record::Record;
use value::Time;

/// Nothing comes out before this many requests were read (or the input ended): time unit and
/// block size are decided on them.
pub const SAMPLE_REQUESTS: usize = 64;

/// How much of an overlong line is kept, for the report.
const HEAD: usize = 64;

/// How much memory stays reserved for unfinished lines after a long one.
const KEPT_CAPACITY: usize = 1 << 20;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What to take for granted about a trace.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadOptions {
    /// Unit of every time, whatever the file says.
    pub time_unit: Option<TimeUnit>,
    /// Tokens per block, whatever the file says; at least 1.
    pub block_size: Option<u32>,
    /// Scope of every id, whatever the file says.
    pub id_scope: Option<IdScope>,
    /// What rows of a session carry; whole prompts where it is left open.
    pub rows: Option<RowsAre>,
    /// When rows of a session arrive; where it is left open, those that have a delay do after
    /// the row before has finished.
    pub sessions: Option<SessionsAre>,
    /// Where rows have no block ids: the share of each prompt, in [0, 1], that all prompts
    /// begin with. 0 makes up no blocks.
    pub shared_prefix: f64,
    /// The longest line accepted, in bytes without its newline. Bounds the reader's memory.
    pub max_line_bytes: usize,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            time_unit: None,
            block_size: None,
            id_scope: None,
            rows: None,
            sessions: None,
            shared_prefix: 0.0,
            max_line_bytes: 64 << 20,
        }
    }
}

/// Reads a trace: JSON objects, one a line, in an array or over several lines; or CSV.
///
/// The result depends on the bytes only, not on how they were cut into chunks: not the
/// requests, not the block ids, not the report. Bad lines never stop it; a header that cannot be
/// honoured does, and so does a file that is no trace ([`ReadReport::stopped`]). Memory: the
/// unfinished line, at most [`SAMPLE_REQUESTS`] requests (or those of one record), and 16 to 32
/// bytes per distinct block.
#[derive(Clone, Debug)]
pub struct TraceReader {
    options: ReadOptions,
    interner: Interner,
    sessions: Sessions,
    report: ReadReport,
    record: Record,
    /// None until the first line has told.
    container: Option<Container>,
    /// The start of a line or record whose end has not come yet.
    partial: Vec<u8>,
    /// How many bytes the unfinished line has beyond `partial`: it is too long.
    dropped: usize,
    dropped_lines: u64,
    /// Where the current line starts in the file.
    offset: u64,
    ends_within_a_line: bool,
    header: Option<Header>,
    /// The first block size that a line stated.
    stated_block_size: Option<u32>,
    /// Tokens of each block, where rows tell; [`blocks::UNTOLD`] of those of which none does.
    tokens_of: Vec<u32>,
    token_ends: Vec<u32>,
    /// Rows waited for by those in the sample, and how long after.
    after: Vec<(u32, Option<Time>)>,
    waiting: Log,
    sample: Vec<Meta>,
    told: decide::Seen,
    /// The block size decided on; 0 before.
    size: u32,
    predicted: Predicted,
    /// Rows of a session may carry only what is new, for all that is known.
    may_be_deltas: bool,
    /// Arrival of the latest request that came out.
    clock_s: f64,
    /// The line of the first request.
    first_line: u64,
    /// Some time is counted in a unit, and not written as a date.
    has_units: bool,
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
            record: Record::new(),
            container: None,
            partial: Vec::new(),
            dropped: 0,
            dropped_lines: 0,
            offset: 0,
            ends_within_a_line: false,
            header: None,
            stated_block_size: None,
            tokens_of: Vec::new(),
            token_ends: Vec::new(),
            after: Vec::new(),
            waiting: Log::new(),
            sample: Vec::new(),
            told: decide::Seen::default(),
            size: 0,
            predicted: Predicted::default(),
            may_be_deltas: false,
            clock_s: 0.0,
            first_line: 0,
            has_units: false,
        }
    }

    /// Takes in the next bytes of the file and appends the requests that they complete.
    pub fn push(&mut self, bytes: &[u8], out: &mut Log) {
        self.report.bytes += bytes.len() as u64;
        if self.report.stopped.is_some() {
            return;
        }
        if let Some(last) = bytes.last() {
            self.ends_within_a_line = *last != b'\n';
        }
        match self.container {
            None => self.begin(bytes, false, out),
            Some(Container::Spread(_)) => self.push_spread(bytes, out),
            Some(_) => self.push_lines(bytes, out),
        }
        self.report.distinct_blocks = self.interner.len() as u64;
    }

    /// Ends the input: a last line without newline counts, and everything held comes out.
    /// Calling it again changes nothing; pushing more afterwards starts a new line.
    pub fn finish(&mut self, out: &mut Log) {
        self.begin_short(out);
        match self.container {
            _ if self.report.stopped.is_some() => {}
            Some(Container::Spread(_)) => self.end_spread(out),
            _ => self.end_lines(out),
        }
        if !self.sample.is_empty() {
            self.decide(out);
        }
        self.tell_unused();
        self.report.distinct_blocks = self.interner.len() as u64;
    }

    /// Ends the input where somebody stopped reading, be it within a record: what there is of that
    /// one is neither a request nor a fault. Otherwise as [`TraceReader::finish`].
    pub fn finish_early(&mut self, out: &mut Log) {
        self.begin_short(out);
        self.leave_record(out);
        self.partial.clear();
        (self.dropped, self.dropped_lines) = (0, 0);
        self.finish(out);
    }

    /// Gives the names that are not in `kept` back, those apart that the reader itself needs: see
    /// [`Interner::reclaim`]. Nothing where rows tell how many tokens each block has, since that
    /// is held against every later row. O(blocks).
    pub fn reclaim(&mut self, mut kept: Kept) {
        if !self.tokens_of.is_empty() {
            return;
        }
        if self.may_be_deltas || self.options.rows == Some(RowsAre::Delta) {
            self.sessions.keep_names(&self.interner, &mut kept);
        }
        self.waiting.keep_names(&mut kept);
        self.interner.reclaim(&kept);
    }

    /// What there is to say about the part that was read.
    pub fn report(&self) -> &ReadReport {
        &self.report
    }

    /// The names of the blocks so far.
    pub fn interner(&self) -> &Interner {
        &self.interner
    }

    /// At most so many sessions are open from here on, 0 is any number: of more, those idle longest
    /// are closed, and a later row of one begins it anew. To be called before the first bytes.
    pub fn bound_sessions(&mut self, most: usize) {
        self.sessions.bound(most);
    }

    /// Memory held, in bytes: the unfinished line, what one line needs, and the names of blocks and
    /// sessions.
    pub fn memory_bytes(&self) -> usize {
        self.partial.capacity()
            + self.record.memory_bytes()
            + self.interner.memory_bytes()
            + self.sessions.memory_bytes()
    }

    /// Tells how a file holds its records that is shorter than that takes.
    fn begin_short(&mut self, out: &mut Log) {
        if self.report.stopped.is_none() && self.container.is_none() {
            self.begin(&[], true, out);
        }
    }

    /// Tells how the file holds its records, once there are bytes enough for it.
    fn begin(&mut self, bytes: &[u8], ended: bool, out: &mut Log) {
        let mut held = std::mem::take(&mut self.partial);
        let sought = held.len();
        let first = if held.is_empty() {
            bytes
        } else {
            held.extend_from_slice(bytes);
            &held
        };
        let most = self.options.max_line_bytes;
        match container::told(first, ended, most, sought, self.record.vocabulary()) {
            Told::NotYet if held.is_empty() => self.partial = bytes.to_vec(),
            Told::NotYet => self.partial = held,
            Told::NoTrace(sentence) => self.stop(sentence),
            Told::Holds(container, start) => {
                if let Container::Spread(_) = container {
                    self.report.blank_lines += newlines(&first[..start]);
                }
                self.report.held_as = Some(container.held_as());
                self.container = Some(container);
                self.report.lines += newlines(&first[..start]);
                self.offset += start as u64;
                match self.container {
                    Some(Container::Spread(_)) => self.push_spread(&first[start..], out),
                    _ => self.push_lines(&first[start..], out),
                }
            }
        }
    }

    /// Reads no further.
    fn stop(&mut self, sentence: String) {
        self.report.stopped = Some(sentence);
        self.partial = Vec::new();
        self.dropped = 0;
    }

    fn refuse_too_long(&mut self, line: &[u8], length: usize) {
        let problem = Problem::TooLong { max: self.options.max_line_bytes };
        self.refuse(&LineError::new(0, problem), &line[..length.min(HEAD).min(line.len())], false);
    }

    fn refuse(&mut self, error: &LineError, line: &[u8], last: bool) {
        self.report.bad_lines_total += 1;
        let describes = self.describes(line, error);
        if !describes && self.report.bad_lines.len() == BadLine::KEPT {
            return;
        }
        let mut bad = error.bad_line(self.report.lines + 1, self.offset, line, last);
        error.name_keys(&mut bad, line, self.record.vocabulary());
        match &self.container {
            Some(Container::Csv(csv)) => bad.column = csv.place(error.at) as u64 + 1,
            Some(Container::Spread(_)) => bad.move_to_line(line, error.at),
            _ => {}
        }
        if describes {
            self.stop(format!(
                "{bad}; this is the file's header, and what it says cannot be honoured, so none \
                 of its rows is served"
            ));
        }
        if self.report.bad_lines.len() < BadLine::KEPT {
            self.report.bad_lines.push(bad);
        }
    }
}

/// Where the line ends that `from` lies in.
fn newline(bytes: &[u8], from: usize) -> usize {
    let rest = memchr::memchr(b'\n', &bytes[from..]);
    from + rest.expect("lines are read with their end")
}

fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}
