//! Decisions looked up: by number, by time or by family, and the first ones as a story.

use super::explain::Told;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::model::{BlockId, Decision, Tally};
use crate::observe::Observe;
use crate::sim::Lane;
use crate::trace::Log;
use serde::Serialize;

/// Decisions that the story of a policy tells.
pub const STORY: u64 = 20;

/// The first request whose decision is wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum First {
    /// This one, from 1.
    Number(u64),
    /// The first that is served so many seconds of the trace after its first request, or later.
    At(f64),
    /// The first one, from this number on, that enters the family of this block: docs/metrics.md
    /// under "Trace facts".
    Family(BlockId, u64),
}

/// A decision, what it amounts to, and where the load stands after it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// What was taken down.
    #[serde(flatten)]
    pub decision: Decision,
    /// What it amounts to.
    #[serde(flatten)]
    pub told: Told,
    /// The largest node's share of all requests placed so far.
    pub largest_share_of_requests: f64,
    /// The same of the prompt tokens that had to be computed.
    pub largest_share_of_work: f64,
}

impl Step {
    /// The latest decision of a lane, where it takes them down. O(nodes).
    pub fn of(lane: &Lane) -> Option<Self> {
        let decision = lane.decision()?.clone();
        let share = |of: fn(&Tally) -> u64| lane.metrics().balance(of).largest_share;
        Some(Self {
            told: Told::of(&decision),
            decision,
            largest_share_of_requests: share(|node| node.requests),
            largest_share_of_work: share(Tally::work_tokens),
        })
    }
}

/// A run that is asked for some of its decisions.
pub struct Search {
    lane: Lane,
    first: First,
    count: u64,
    /// As far as they were made.
    pub found: Vec<Step>,
}

impl Search {
    /// For `count` decisions, `first` and those after it, of a configuration on a whole log.
    ///
    /// # Errors
    /// A configuration that cannot be run on this trace.
    pub fn new(log: &Log, config: &Config, first: First, count: u64) -> Result<Self> {
        let config = config.check()?.with_block_size(log.block_size())?;
        let mut lane = Lane::of(config, Observe::All);
        lane.explain(true)?;
        Ok(Self { lane, first, count, found: Vec::new() })
    }

    /// Serves at most `n` requests; returns whether there is more to do. O(references).
    ///
    /// # Errors
    /// As [`Lane::step`]; if the trace ends before the first that is wanted.
    pub fn step(&mut self, log: &Log, n: u64) -> Result<bool> {
        for _ in 0..n {
            if self.found.len() as u64 >= self.count {
                return Ok(false);
            }
            if self.lane.step(log, 1)? == 0 {
                return if self.found.is_empty() { Err(self.none(log)) } else { Ok(false) };
            }
            if !self.found.is_empty() || self.is_first(log) {
                self.found.extend(Step::of(&self.lane));
            }
        }
        Ok(true)
    }

    fn is_first(&self, log: &Log) -> bool {
        match self.first {
            First::Number(number) => number <= self.lane.number(),
            First::At(seconds) => seconds <= self.lane.time_s(),
            First::Family(block, from) => {
                from <= self.lane.number() && log.get(self.lane.latest()).blocks.contains(&block)
            }
        }
    }

    fn none(&self, log: &Log) -> Error {
        Error::State(match self.first {
            First::Number(number) => {
                let all = log.len();
                format!("found request {number}, expected one in [1, {all}], those of the trace")
            }
            First::At(seconds) => format!(
                "found {seconds} s, expected at most the trace's last arrival, {} s after the \
                 first",
                self.lane.time_s()
            ),
            First::Family(block, from) => format!(
                "no request from number {from} on enters the family of block {}; expected a block \
                 that a later request names",
                block.0
            ),
        })
    }
}

/// Those decisions at once.
///
/// # Errors
/// As [`Search::new`] and [`Search::step`].
pub fn decisions(log: &Log, config: &Config, first: First, count: u64) -> Result<Vec<Step>> {
    let mut search = Search::new(log, config, first, count)?;
    while search.step(log, u64::MAX)? {}
    Ok(search.found)
}
