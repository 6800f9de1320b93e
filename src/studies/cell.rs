//! One run of a study.

use crate::config::{Config, PolicyChoice};
use crate::error::{Error, Result};
use crate::observe::Observe;
use crate::sim::{Lane, Summary};
use crate::trace::{Log, synth};
use serde::Serialize;

/// One run of a study.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What runs.
    pub config: Config,
    /// What it serves.
    pub serves: Serves,
}

/// What a cell serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Serves {
    /// The open trace.
    Trace,
    /// Its first so many requests, or all where it has fewer.
    First(u64),
    /// A built-in workload of its own.
    Workload {
        /// A workload's id.
        id: &'static str,
        /// Its seed.
        seed: u64,
        /// Its length.
        requests: u32,
    },
}

impl Cell {
    /// That serves the open trace.
    pub fn of(config: Config) -> Self {
        Self { config, serves: Serves::Trace }
    }

    /// That serves the first `n` requests of the open trace.
    pub fn of_first(n: u64, config: Config) -> Self {
        Self { config, serves: Serves::First(n) }
    }

    /// Serves it, on sums alone.
    ///
    /// # Errors
    /// As [`Lane::run`].
    pub fn run(&self, log: &Log) -> Result<Summary> {
        match self.serves {
            Serves::Trace => serve(&self.config, log, u64::MAX),
            Serves::First(n) => serve(&self.config, log, n),
            Serves::Workload { id, seed, requests } => {
                let unknown =
                    || Error::State(format!("found workload {id}, expected one of the built-in"));
                let row = synth::find(id).ok_or_else(unknown)?;
                let mut log = synth::log(row, seed, requests);
                if self.config.check()?.needs_future {
                    log.look_ahead()?;
                }
                serve(&self.config, &log, u64::MAX)
            }
        }
    }
}

/// The first of the seeds that what depends on chance is repeated over.
pub(super) const FIRST_SEED: u64 = 1;

/// The configuration with each of so many seeds.
pub(super) fn seeded(config: &Config, seeds: u32) -> impl Iterator<Item = Config> + use<> {
    let config = config.clone();
    (FIRST_SEED..=u64::from(seeds)).map(move |seed| config.clone().seed(seed))
}

/// One cache of so many blocks, which serves every request.
pub(super) fn one_cache(eviction: &str, capacity: u32) -> Config {
    Config::new(1, capacity)
        .router(PolicyChoice::new("round_robin"))
        .eviction(PolicyChoice::new(eviction))
}

fn serve(config: &Config, log: &Log, n: u64) -> Result<Summary> {
    let config = config.check()?.with_block_size(log.block_size())?;
    let mut lane = Lane::of(config, Observe::Sums);
    lane.step(log, n)?;
    Ok(lane.summary())
}
