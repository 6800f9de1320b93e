//! Built-in workloads: seeded, endless, made one request at a time.
//!
//! A workload is a stand-in for a trace that does not travel with the program: it is matched to
//! the trace's published statistics (docs/workloads.md has the tables), and holds nothing of it
//! but fitted parameters. Request `n` depends on the workload and the seed alone, so a shorter
//! run is a prefix of a longer one, natively and in wasm alike.
//!
//! Reading order: the table here, `draw` (seeded draws), `chat` and `prompt` (kinds of
//! requests), `mix` (who arrives when), `fitted` (the parameters), `scenario` (five made-up
//! patterns of popularity).

mod draw;
mod chat;
mod prompt;
mod mix;
mod fitted;
mod scenario;

use super::{Interner, Log, RawRequest};
use crate::model::DEFAULT_BLOCK_SIZE;
use scenario::{Popularity, Scenario};
use std::fmt;

/// Tokens in a block of every built-in workload.
pub const BLOCK_TOKENS: u32 = DEFAULT_BLOCK_SIZE;

/// One built-in workload: what menus, help and docs say about it, and how to make it.
#[derive(Debug)]
pub struct WorkloadRow {
    /// The name in links and on the command line.
    pub id: &'static str,
    /// The name in menus.
    pub title: &'static str,
    /// What it is, in one sentence.
    pub summary: &'static str,
    /// Requests of the trace it stands for; its statistics are matched at this length.
    pub default_requests: u32,
    /// Seconds that many requests take to arrive.
    pub duration_s: f64,
    /// Where the statistics come from.
    pub source: &'static str,
    start: fn(u64) -> Box<dyn Process>,
}

/// An endless stream of requests.
trait Process: Send {
    /// Writes the next request into `out`, whose ids are empty.
    fn fill(&mut self, out: &mut RawRequest);
}

static WORKLOADS: [WorkloadRow; 7] = [
    WorkloadRow {
        id: "toolagent",
        title: "Tools and agents",
        summary: "Chat sessions beside two families of tool calls, each behind one long shared \
                  prompt.",
        default_requests: 23_608,
        duration_s: 3_600.0,
        source: "Mooncake, arXiv 2407.00079: statistics of its trace of 23,608 requests",
        start: |seed| Box::new(mix::Mix::new(&fitted::TOOLAGENT, seed)),
    },
    WorkloadRow {
        id: "conversation",
        title: "Conversation",
        summary: "Chat sessions that share one short system prompt and repeat their own history.",
        default_requests: 12_031,
        duration_s: 3_537.0,
        source: "Mooncake, FAST'25: statistics of its conversation trace",
        start: |seed| Box::new(mix::Mix::new(&fitted::CONVERSATION, seed)),
    },
    scenario(
        "uniform",
        "Uniform",
        "1,000 documents, nearly all equally popular: hot share 0.9, skew 0.1.",
        |seed| Box::new(Scenario::new(Popularity { hot_share: 0.9, skew: 0.1 }, None, seed)),
    ),
    scenario(
        "moderate",
        "Moderate skew",
        "1,000 documents, a fifth of them asked for most of the time: hot share 0.2, skew 0.6.",
        |seed| Box::new(Scenario::new(Popularity { hot_share: 0.2, skew: 0.6 }, None, seed)),
    ),
    scenario(
        "extreme",
        "Extreme skew",
        "1,000 documents, twenty of them asked for nearly always: hot share 0.02, skew 0.9.",
        |seed| Box::new(Scenario::new(Popularity { hot_share: 0.02, skew: 0.9 }, None, seed)),
    ),
    scenario(
        "bursty",
        "Bursty",
        "1,000 documents, hot share 0.1, skew 0.7; a third of the time is four times as busy.",
        |seed| {
            let popularity = Popularity { hot_share: 0.1, skew: 0.7 };
            Box::new(Scenario::new(popularity, Some(scenario::BURST), seed))
        },
    ),
    scenario(
        "long_tail",
        "Long tail",
        "1,000 documents, fifty popular and a long tail: hot share 0.05, skew 0.8.",
        |seed| Box::new(Scenario::new(Popularity { hot_share: 0.05, skew: 0.8 }, None, seed)),
    ),
];

/// The row of one of the notes' scenarios.
const fn scenario(
    id: &'static str,
    title: &'static str,
    summary: &'static str,
    start: fn(u64) -> Box<dyn Process>,
) -> WorkloadRow {
    WorkloadRow {
        id,
        title,
        summary,
        default_requests: 10_000,
        duration_s: 10_000.0 * scenario::MEAN_GAP_S,
        source: "the notes' five scenarios",
        start,
    }
}

/// All built-in workloads, the page's default first.
pub fn workloads() -> &'static [WorkloadRow] {
    &WORKLOADS
}

/// The workload of that id.
pub fn find(id: &str) -> Option<&'static WorkloadRow> {
    WORKLOADS.iter().find(|row| row.id == id)
}

/// A workload as a whole log. O(references).
pub fn log(row: &WorkloadRow, seed: u64, requests: u32) -> Log {
    let mut workload = Workload::new(row, seed, requests);
    let (mut log, mut interner) = (Log::new(), Interner::new());
    let (mut raw, mut index) = (RawRequest::default(), 0);
    log.set_block_size(BLOCK_TOKENS);
    while workload.next_into(&mut raw) {
        interner.push_raw(&raw, index, &mut log);
        index += 1;
    }
    log.end();
    log
}

/// A run of a workload: an iterator over its first `requests` requests.
///
/// Memory follows the sessions that are open, not the length. [`Self::next_into`] reuses the
/// caller's request and allocates only for sessions.
pub struct Workload {
    process: Box<dyn Process>,
    left: u32,
}

/// How much is left. The processes hold the whole state of their draws, in code that would be
/// larger than theirs.
impl fmt::Debug for Workload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Workload").field("left", &self.left).finish_non_exhaustive()
    }
}

impl Workload {
    /// The first `requests` requests of the workload `row` with `seed`.
    pub fn new(row: &WorkloadRow, seed: u64, requests: u32) -> Self {
        Self { process: (row.start)(seed), left: requests }
    }

    /// How many requests are still to come.
    pub fn remaining(&self) -> u32 {
        self.left
    }

    /// Overwrites `out` with the next request; false, and `out` untouched, at the end.
    pub fn next_into(&mut self, out: &mut RawRequest) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        out.hash_ids.clear();
        self.process.fill(out);
        true
    }
}

impl Iterator for Workload {
    type Item = RawRequest;

    fn next(&mut self) -> Option<RawRequest> {
        let mut request = RawRequest::default();
        self.next_into(&mut request).then_some(request)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left as usize, Some(self.left as usize))
    }
}

impl ExactSizeIterator for Workload {}

/// Numbers blocks in order of first appearance, as the traces do.
#[derive(Debug, Default)]
struct Names {
    next: u64,
}

impl Names {
    /// The first of so many new names in a row.
    fn take(&mut self, blocks: u32) -> u64 {
        let first = self.next;
        self.next += u64::from(blocks);
        first
    }

    /// Appends new blocks until `blocks` holds a prompt of `tokens` tokens.
    fn extend_to(&mut self, blocks: &mut Vec<u64>, tokens: u32) {
        let missing = tokens.div_ceil(BLOCK_TOKENS).saturating_sub(blocks.len() as u32);
        let first = self.take(missing);
        blocks.extend(first..first + u64::from(missing));
    }
}
