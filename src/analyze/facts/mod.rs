//! What is in a trace.
//!
//! One pass over the block references, in O(1) each but for steps of a histogram; then a look at
//! the leading blocks that many requests share. Memory beside the log: 16 bytes a distinct block,
//! 8 a request, 12 a session, and up to 24 MB of values for exact quantiles. So a trace of 100
//! million references, 50 million blocks and 4 million requests takes 0.9 GB beside its log of
//! 0.5 GB. docs/metrics.md defines every figure.

mod bins;
mod popularity;
mod reuses;
mod times;
mod sessions;
mod hot;
mod tree;
pub mod beside;

pub use beside::{Beside, SOURCES, Source};
pub use bins::{Bin, Spread};
pub use hot::{HotBlock, HotSet, HotWindow};
pub use popularity::{Hottest, Popularity, Rank, Zipf};
pub use reuses::{Gaps, LATE, SOON, WorkingSet};
pub use sessions::Sessions;
pub use times::{Course, Part, TimeBin, Times};
pub use tree::{Family, Tree};

use super::Totals;
use crate::model::{BlockId, RequestRef};
use crate::trace::Log;
use bins::{Spreading, Steps};
use hot::HotSoFar;
use reuses::GapsSoFar;
use serde::Serialize;
use sessions::SessionsSoFar;
use times::{CourseSoFar, TimesSoFar};

/// What is in a trace.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Facts {
    /// Tokens in a full block.
    pub block_size: u32,
    /// Sums.
    pub totals: Totals,
    /// totals.ceiling_hits / totals.blocks; 0 while there are none.
    pub ceiling_rate: f64,
    /// totals.ceiling_tokens / totals.input_tokens; 0 while there are none.
    pub ceiling_token_rate: f64,
    /// When requests arrive.
    pub times: Times,
    /// Prompt lengths in tokens.
    pub input_tokens: Spread,
    /// Generated lengths in tokens.
    pub output_tokens: Spread,
    /// Blocks of a request.
    pub request_blocks: Spread,
    /// How often blocks are used.
    pub popularity: Popularity,
    /// How blocks come and go in the course of the trace.
    pub course: Course,
    /// When blocks are used again.
    pub gaps: Gaps,
    /// What windows of requests hold.
    pub working_sets: Vec<WorkingSet>,
    /// The prefix tree and its families.
    pub tree: Tree,
    /// The hot set over time.
    pub hot_set: HotSet,
    /// `None` where no request names a session.
    pub sessions: Option<Sessions>,
    /// The blocks that the research notes speak of.
    pub first_blocks: FirstBlocks,
}

/// The blocks that the research notes speak of, by order of first appearance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct FirstBlocks {
    /// The share of the requests that use block 0.
    pub share_of_block_0: f64,
    /// The share of the requests that use the one of blocks 46 to 57 that fewest use.
    pub share_of_blocks_46_57: f64,
}

impl Facts {
    /// Of a whole log.
    pub fn of(log: &Log) -> Self {
        let mut collector = Collector::new(log);
        log.iter().for_each(|found| collector.push(&found));
        collector.finish(log)
    }

    /// What was published beside this trace, by every source that stands beside any.
    pub fn notes(&self) -> Vec<Beside> {
        SOURCES[0].beside(self)
    }
}

/// Facts in the making, so that they can be collected in parts.
#[derive(Clone, Debug)]
pub struct Collector {
    block_size: u32,
    /// Number of the request that was pushed last.
    number: u32,
    totals: Totals,
    times: TimesSoFar,
    input_tokens: Spreading,
    output_tokens: Spreading,
    request_blocks: Spreading,
    course: CourseSoFar,
    gaps: GapsSoFar,
    depths: Steps,
    hot: HotSoFar,
    sessions: SessionsSoFar,
    /// Requests that use each block.
    uses: Vec<u32>,
    /// Number of the last of them.
    last: Vec<u32>,
    /// The block before each in its requests.
    parents: Vec<BlockId>,
    /// When each request arrived.
    arrivals: Vec<f64>,
}

impl Collector {
    /// Nothing yet of a whole log that has ended. O(requests).
    pub fn new(log: &Log) -> Self {
        Self {
            block_size: super::block_size(log),
            number: 0,
            totals: Totals::default(),
            times: TimesSoFar::new(log),
            input_tokens: Spreading::default(),
            output_tokens: Spreading::default(),
            request_blocks: Spreading::default(),
            course: CourseSoFar::new(log.len()),
            gaps: GapsSoFar::default(),
            depths: Steps::default(),
            hot: HotSoFar::new(log.len()),
            sessions: SessionsSoFar::default(),
            uses: Vec::new(),
            last: Vec::new(),
            parents: Vec::new(),
            arrivals: Vec::with_capacity(log.len() as usize),
        }
    }

    /// Requests pushed so far.
    pub fn number(&self) -> u64 {
        u64::from(self.number)
    }

    /// Takes in the next request of the log. O(blocks).
    pub fn push(&mut self, found: &RequestRef<'_>) {
        self.number += 1;
        let request = found.request;
        self.arrivals.push(request.arrival_s);
        self.times.push(request);
        self.sessions.push(found);
        self.input_tokens.push(u64::from(request.input_tokens));
        self.output_tokens.push(u64::from(request.output_tokens));
        self.request_blocks.push(found.blocks.len() as u64);
        let known = self.use_blocks(found);
        let new_blocks = found.blocks.len() - known;
        let saved_before = self.totals.ceiling_tokens;
        self.totals.push(found, known as u32, new_blocks, self.block_size);
        let saved = self.totals.ceiling_tokens - saved_before;
        let sums = [found.blocks.len() as u64, new_blocks as u64];
        self.course.push(self.number, sums, [u64::from(request.input_tokens), saved]);
        self.hot.push(found.blocks, &self.parents);
    }

    /// Takes down the uses of a request's blocks; returns how many were used before, which are
    /// its leading ones.
    fn use_blocks(&mut self, found: &RequestRef<'_>) -> usize {
        let (mut known, mut parent) = (0, BlockId::NONE);
        for (depth, &block) in (1..).zip(found.blocks) {
            let at = block.index();
            if self.uses.len() <= at {
                self.uses.resize(at + 1, 0);
                self.last.resize(at + 1, 0);
                self.parents.resize(at + 1, BlockId::NONE);
            }
            if self.uses[at] == 0 {
                self.parents[at] = parent;
                self.depths.push(depth);
            } else {
                let before = self.last[at];
                let before_s = self.arrivals[before as usize - 1];
                self.gaps.push(self.number - before, found.request.arrival_s - before_s);
                known += 1;
            }
            self.uses[at] += 1;
            self.last[at] = self.number;
            parent = block;
        }
        known
    }

    /// The facts of `log`, every request of which was pushed. O(blocks), and the leading blocks
    /// that many requests share.
    ///
    /// # Panics
    /// If some were not.
    pub fn finish(self, log: &Log) -> Facts {
        let requests = log.len();
        assert_eq!(self.number(), requests, "all requests are pushed before the facts are told");
        let mut tails = Steps::default();
        let used = self.last.iter().filter(|&&last| last > 0);
        used.for_each(|&last| tails.push(requests - u64::from(last) + 1));
        let (hot_set, zeros) = self.hot.finish(&self.parents);
        let (uses, parents) = (&self.uses, &self.parents);
        let columns = tree::Columns { parents, uses, depths: &self.depths, zeros };
        Facts {
            block_size: self.block_size,
            totals: self.totals,
            ceiling_rate: self.totals.ceiling_rate(),
            ceiling_token_rate: self.totals.ceiling_token_rate(),
            input_tokens: self.input_tokens.finish(),
            output_tokens: self.output_tokens.finish(),
            request_blocks: self.request_blocks.finish(),
            popularity: Popularity::of(uses),
            course: self.course.finish(&self.last),
            gaps: self.gaps.finish(self.times.has_times()),
            working_sets: self.gaps.working_sets(&tails, requests),
            tree: Tree::of(columns, log, self.block_size),
            hot_set,
            sessions: self.sessions.finish(),
            first_blocks: first_blocks(uses, requests),
            times: self.times.finish(requests),
        }
    }
}

fn first_blocks(uses: &[u32], requests: u64) -> FirstBlocks {
    let of = |block: usize| uses.get(block).map_or(0, |&uses| u64::from(uses));
    let fewest = (46..=57).map(of).min().unwrap_or(0);
    FirstBlocks {
        share_of_block_0: super::share(of(0), requests),
        share_of_blocks_46_57: super::share(fewest, requests),
    }
}
