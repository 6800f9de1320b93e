//! Hit rate against capacity, for several eviction policies.
//!
//! [`Plan`] says what to measure and, once it is measured, what follows: rounds of [`Job`]s, each
//! one policy at one capacity, which may run anywhere and finish in any order. LRU on one node is
//! exact at every capacity and asks for nothing. [`measure`] does a job with a lane that keeps sums
//! only. The curve does not depend on who ran which job when.
//!
//! Of a trace too long to hold, all of this is done with a sample of its blocks
//! ([`crate::trace::thin`]), by capacities that are as much smaller, and told as estimates of the
//! whole trace (`estimate`).

mod estimate;
mod line;
pub(super) mod reading;

pub use reading::{Crossing, Knee, Turn, WORTH, turns};

use super::{Hits, Insertion, ReuseCurve, Totals};
use crate::config::{Checked, Config};
use crate::error::{Error, Reason, Result};
use crate::model::UNLIMITED_BLOCKS;
use crate::observe::Observe;
use crate::params::ParamValue;
use crate::sim::Lane;
use crate::trace::Log;
use crate::trace::thin::Whole;
use line::{Exact, Line};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// One policy at one capacity: the unit of work.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Which line of the curve.
    pub line: usize,
    /// Blocks of a node, of the whole trace.
    pub capacity: u32,
    /// What to run: with as many blocks, or the sample's share of them.
    pub config: Config,
}

impl Job {
    /// The line, which is of `config`, at a capacity: of the trace, or of that which `whole` says a
    /// sample is of.
    pub fn new(config: &Config, whole: Option<&Whole>, line: usize, capacity: u32) -> Self {
        let served = whole.map_or(capacity, |whole| estimate::served(whole, capacity));
        Self { line, capacity, config: at(config, served) }
    }
}

/// What a lane of one capacity hit, and of how much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// Hits.
    pub hits: Hits,
    /// Block references.
    pub blocks: u64,
    /// Prompt tokens.
    pub input_tokens: u64,
}

impl Measured {
    /// hit_tokens / input_tokens; 0 while there are none.
    fn token_hit_rate(&self) -> f64 {
        super::share(self.hits.hit_tokens, self.input_tokens)
    }
}

/// What a job measured, as it travels between workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The job's line.
    pub line: usize,
    /// Its capacity.
    pub capacity: u32,
    /// `None` where the policy has no use of so small a cache.
    pub measured: Option<Measured>,
}

/// Does a job; `None` where the policy has no use of so small a cache. O(references).
///
/// # Errors
/// As [`Lane::run`]: the log must know the future where the policy needs it.
pub fn measure(log: &Log, job: &Job) -> Result<Option<Measured>> {
    let checked = match job.config.check() {
        // A policy may need more room than that; whatever else is wrong, the plan has refused.
        Err(Error::Config(_)) => return Ok(None),
        checked => checked?,
    };
    let Ok(config) = checked.with_block_size(log.block_size()) else { return Ok(None) };
    let mut lane = Lane::of(config, Observe::Sums);
    lane.run(log)?;
    let sums = lane.metrics().sums();
    let hits = Hits {
        prefix_hits: sums.prefix_hits,
        block_hits: sums.block_hits,
        hit_tokens: sums.hit_tokens,
    };
    Ok(Some(Measured { hits, blocks: sums.blocks, input_tokens: sums.input_tokens }))
}

/// What to measure, as far as it is known.
#[derive(Clone)]
pub struct Plan {
    lines: Vec<Line>,
    checked: Vec<Checked>,
    capacities: RangeInclusive<u32>,
    points: usize,
    totals: Totals,
    block_size: u32,
    /// The trace, where the log is a sample of it.
    whole: Option<Whole>,
}

impl Plan {
    /// One line for each configuration, whose own capacity does not matter: between these
    /// capacities (by default from a thousandth of the distinct blocks to all of them), with
    /// `points` measured capacities a line at most. O(references log blocks).
    ///
    /// # Errors
    /// A configuration error with every reason at once.
    pub fn new(
        log: &Log,
        configs: &[Config],
        capacities: Option<RangeInclusive<u32>>,
        points: usize,
    ) -> Result<Self> {
        Self::of(log, None, configs, capacities, points)
    }

    /// The same for a trace of which `log` is a sample; jobs are done with that.
    ///
    /// # Errors
    /// As [`Plan::new`]; several nodes, a migration rule or a warm-up, of which a sample of blocks
    /// says nothing.
    pub fn of_sample(
        log: &Log,
        whole: Whole,
        configs: &[Config],
        capacities: Option<RangeInclusive<u32>>,
        points: usize,
    ) -> Result<Self> {
        Self::of(log, Some(whole), configs, capacities, points)
    }

    fn of(
        log: &Log,
        whole: Option<Whole>,
        configs: &[Config],
        capacities: Option<RangeInclusive<u32>>,
        points: usize,
    ) -> Result<Self> {
        // What a cache without limit has no room for, none has.
        let of = |config: &Config| at(config, UNLIMITED_BLOCKS).check();
        let checked = configs.iter().map(of).collect::<Result<Vec<Checked>>>()?;
        if whole.is_some() {
            estimate::check(&checked)?;
        }
        let warmup = checked.first().map_or(0.0, |checked| checked.warmup);
        let warm = libm::floor(log.len() as f64 * warmup) as u64;
        let flat = ReuseCurve::of(log, Insertion::Flat, warm);
        let totals = whole.map_or(*flat.totals(), |whole| estimate::totals(&whole, flat.totals()));
        let distinct = (totals.distinct_blocks as u32).max(1);
        let capacities = capacities.unwrap_or((distinct >> 10).max(1)..=distinct);
        let least = whole.map_or(1, |whole| estimate::least(&whole));
        let capacities = least.max(*capacities.start())..=least.max(*capacities.end());
        let exact = |checked: &Checked| {
            let curve = match checked.tree {
                _ if !is_exact(checked) => return None,
                false => flat.clone(),
                true => ReuseCurve::of(log, Insertion::Tree, warm),
            };
            Some(Exact { curve, whole })
        };
        let several = checked.iter().any(|it| it.tree != checked[0].tree);
        let lines = configs.iter().zip(&checked).map(|(config, checked)| {
            Line::new(name(config, checked, several), exact(checked), config.clone())
        });
        let lines = lines.collect();
        let block_size = checked.first().and_then(|it| it.block_size);
        let block_size = block_size.unwrap_or_else(|| super::block_size(log));
        let points = points.max(2);
        Ok(Self { lines, checked, capacities, points, totals, block_size, whole })
    }

    /// Whether the log must know the future: see [`Log::look_ahead`].
    pub fn needs_future(&self) -> bool {
        self.checked.iter().any(|checked| checked.needs_future)
    }

    /// What to measure next, now that all of the round before was; nothing when that was all.
    pub fn round(&mut self) -> Vec<Job> {
        let mut jobs = Vec::new();
        for at in 0..self.lines.len() {
            let wanted = self.lines[at].ask(&self.capacities, self.points);
            jobs.extend(wanted.into_iter().filter_map(|capacity| self.job(at, capacity)));
        }
        jobs
    }

    /// The job of a line at a capacity.
    pub fn job(&self, line: usize, capacity: u32) -> Option<Job> {
        let config = &self.lines.get(line)?.config;
        Some(Job::new(config, self.whole.as_ref(), line, capacity))
    }

    /// Takes in what a job measured.
    pub fn take(&mut self, job: &Job, measured: Option<Measured>) {
        let measured = self.of_trace(measured);
        self.lines[job.line].take(job.capacity, measured);
    }

    /// Goes on from where nothing was measured, by answers that are there in any order: the jobs
    /// that come next, of each line as far as its own answers go, and the curve so far. So whoever
    /// has the answers can go on with a curve that was given up. O(rounds · points²).
    pub fn follow(&self, answers: &[Answer]) -> (Vec<Job>, Curve) {
        let (mut plan, mut open) = (self.clone(), Vec::new());
        for at in 0..self.lines.len() {
            let (line, capacities) = self.go_on(at, answers);
            plan.lines[at] = line;
            open.extend(capacities.into_iter().filter_map(|capacity| self.job(at, capacity)));
        }
        let curve = plan.curve(open.is_empty());
        (open, curve)
    }

    /// The capacities of a line that come next by its answers, as [`Plan::follow`] has them: no
    /// line waits for another. Nothing when that was all.
    pub fn next(&self, line: usize, answers: &[Answer]) -> Vec<u32> {
        if line < self.lines.len() { self.go_on(line, answers).1 } else { Vec::new() }
    }

    /// A line with its answers taken in, and the capacities of its first round that lacks some.
    fn go_on(&self, at: usize, answers: &[Answer]) -> (Line, Vec<u32>) {
        let mut line = self.lines[at].clone();
        loop {
            let wanted = line.ask(&self.capacities, self.points);
            let (mut open, is_last) = (Vec::new(), wanted.is_empty());
            for capacity in wanted {
                match answers.iter().find(|it| it.line == at && it.capacity == capacity) {
                    Some(answer) => line.take(capacity, self.of_trace(answer.measured)),
                    None => open.push(capacity),
                }
            }
            if is_last || !open.is_empty() {
                return (line, open);
            }
        }
    }

    /// What a job measured, of the trace where the log is a sample of it.
    fn of_trace(&self, measured: Option<Measured>) -> Option<Measured> {
        match &self.whole {
            Some(whole) => measured.map(|it| estimate::hits(whole, &it)),
            None => measured,
        }
    }

    /// The curve, as far as it was measured. `is_complete` is what it says of itself.
    pub fn curve(&self, is_complete: bool) -> Curve {
        let model = self.checked.first().map(Checked::model);
        let bytes = |capacity: u32| {
            let a_token = model.map_or(0.0, |model| model.kv_bytes_per_token);
            f64::from(capacity) * f64::from(self.block_size) * a_token
        };
        let distinct = self.totals.distinct_blocks as u32;
        let lines: Vec<CurveLine> = self
            .lines
            .iter()
            .map(|line| line.told(distinct, self.whole.is_some(), bytes))
            .collect();
        Curve {
            is_complete,
            nodes: self.checked.first().map_or(1, |checked| checked.nodes as u32),
            sample_rate: self.whole.map(|whole| whole.rate),
            block_size: self.block_size,
            model: model.map_or("", |model| model.id),
            totals: self.totals,
            ceiling_token_rate: self.totals.ceiling_token_rate(),
            ceiling_rate: self.totals.ceiling_rate(),
            crossings: reading::crossings(&lines),
            lines,
        }
    }
}

/// The configuration with so many blocks a node.
fn at(config: &Config, capacity: u32) -> Config {
    config.clone().with("capacity_blocks", ParamValue::Number(f64::from(capacity)))
}

/// Whether one pass tells all capacities: LRU on one node, where any router picks that one.
fn is_exact(checked: &Checked) -> bool {
    let one = checked.nodes == 1 && checked.migration.is_none();
    one && checked.eviction.id == "lru" && checked.clock.id == "logical"
}

fn name(config: &Config, checked: &Checked, several: bool) -> String {
    let mut name = config.eviction.id.clone();
    for (at, (param, value)) in config.eviction.params.iter().enumerate() {
        let mark = if at == 0 { ':' } else { ',' };
        name += &format!("{mark}{param}={value}");
    }
    if several {
        name += if checked.tree { " (tree)" } else { " (flat)" };
    }
    name
}

/// Hit rate against capacity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    /// False where it was stopped before everything was measured.
    pub is_complete: bool,
    /// Nodes, each with the capacity of a point.
    pub nodes: u32,
    /// The share of the blocks that it is estimated from, where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_rate: Option<f64>,
    /// Tokens in a full block.
    pub block_size: u32,
    /// Whose KV cache the GiB are of.
    pub model: &'static str,
    /// Sums that do not depend on the cache.
    pub totals: Totals,
    /// What no cache can pass.
    pub ceiling_token_rate: f64,
    /// Likewise, of blocks.
    pub ceiling_rate: f64,
    /// A line a policy.
    pub lines: Vec<CurveLine>,
    /// Where the better of two policies changes.
    pub crossings: Vec<Crossing>,
}

/// A policy at all capacities.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CurveLine {
    /// The policy as a configuration says it.
    pub name: String,
    /// `exact`: one pass tells every capacity, points are where the line bends. `simulated`: the
    /// points are what was run. `estimated`, `estimated_runs`: the same of a sample.
    pub method: &'static str,
    /// By capacity.
    pub points: Vec<Point>,
    /// `None` where doubling gains a point or more as far as was measured.
    pub knee: Option<Knee>,
    /// Where one more GiB brings less than [`WORTH`] of the first; `None` likewise.
    pub worth: Option<Knee>,
}

/// A policy at one capacity.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Blocks of a node.
    pub capacity: u32,
    /// The same as KV cache of the model.
    pub gib: f64,
    /// hit_tokens / input_tokens; 0 while there are none.
    pub token_hit_rate: f64,
    /// prefix_hits / blocks; 0 while there are none.
    pub prefix_hit_rate: f64,
    /// block_hits / blocks; 0 while there are none.
    pub block_hit_rate: f64,
    /// The hits themselves.
    #[serde(flatten)]
    pub hits: Hits,
}
