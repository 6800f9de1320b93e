//! What is run: every candidate at every capacity with every seed, and the scenarios.

use super::fitness::SCENARIOS;
use super::goal::{GOALS, Goal};
use super::question::{Candidate, FEWEST_SEEDS, Question, add, written};
use crate::config::{Config, PolicyChoice, SETTINGS};
use crate::error::{Error, Reason, Result};
use crate::model::UNLIMITED_BLOCKS;
use crate::observe::Observe;
use crate::params::{ParamValue, Role};
use crate::sim::{Lane, Summary};
use crate::trace::Log;
use crate::trace::synth::{self, BLOCK_TOKENS};
use serde::{Deserialize, Serialize};

/// The capacities that are tried, as multiples of the one that was asked for, which comes first.
const FACTORS: [f64; 5] = [1.0, 0.25, 0.5, 2.0, 4.0];

/// What a unit serves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// The trace, once.
    Trace(Box<Config>),
    /// A scenario made with the seed, once for each configuration.
    Scenario {
        /// A workload's id.
        workload: String,
        /// Its seed.
        seed: u64,
        /// Its length.
        requests: u32,
        /// What serves it.
        configs: Vec<Config>,
    },
}

/// A piece of the work that is done in one go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unit {
    /// Its place among all, from 0.
    pub number: u32,
    /// What it serves.
    pub work: Work,
}

impl Unit {
    /// Does it, on sums alone: a summary for each configuration.
    ///
    /// # Errors
    /// As [`Lane::run`].
    pub fn run(&self, log: &Log) -> Result<Vec<Summary>> {
        match &self.work {
            Work::Trace(config) => Ok(vec![serve(log, config)?]),
            Work::Scenario { workload, seed, requests, configs } => {
                let unknown =
                    || Error::State(format!("found workload {workload}, expected a built-in one"));
                let row = synth::find(workload).ok_or_else(unknown)?;
                let log = synth::log(row, *seed, *requests);
                configs.iter().map(|config| serve(&log, config)).collect()
            }
        }
    }
}

fn serve(log: &Log, config: &Config) -> Result<Summary> {
    let mut lane = Lane::of(config.check()?.with_block_size(log.block_size())?, Observe::Sums);
    lane.run(log)?;
    Ok(lane.summary())
}

/// Everything that may be run for a question.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) question: Question,
    pub(super) nodes: u32,
    pub(super) candidates: Vec<Candidate>,
    /// Routers of the scenarios, as a person would write them.
    pub(super) routers: Vec<String>,
    /// In blocks, the one that was asked for first.
    pub(super) capacities: Vec<u32>,
    units: Vec<Unit>,
}

impl Plan {
    /// For a trace with that block size.
    ///
    /// # Errors
    /// Every reason why a candidate cannot be run at some capacity, and what is wrong with seeds
    /// and weights.
    pub fn new(question: Question, block_size: Option<u32>) -> Result<Self> {
        let base = question.config.check()?.with_block_size(block_size)?;
        let capacities = capacities(base.capacity);
        let [routers, _] = question.rows();
        let (candidates, mut reasons) = question.candidates();
        let configs: Vec<Config> = question.configs().collect();
        let mut works = Vec::new();
        for &blocks in &capacities {
            for config in &configs {
                let blocks = ParamValue::Number(f64::from(blocks));
                let config = config.clone().with("capacity_blocks", blocks);
                let fits = config.check().and_then(|it| it.with_block_size(block_size));
                add(&mut reasons, fits.err());
                works.extend(
                    seeds(&question, base.checked.seed)
                        .map(|seed| Work::Trace(Box::new(config.clone().seed(seed)))),
                );
            }
        }
        works.extend(scenarios(&question, &routers, base.checked.seed, &mut reasons));
        if !reasons.is_empty() {
            return Err(Error::Config(reasons));
        }
        let units = (0..).zip(works).map(|(number, work)| Unit { number, work }).collect();
        let (nodes, routers) = (base.checked.nodes as u32, routers.iter().map(written).collect());
        Ok(Self { question, nodes, candidates, routers, capacities, units })
    }

    /// The cluster that was asked about.
    pub fn config(&self) -> &Config {
        &self.question.config
    }

    /// The goals that the clock tells.
    pub(super) fn goals(&self) -> impl Iterator<Item = &'static Goal> {
        let is_timed = self.question.is_timed();
        GOALS.iter().filter(move |goal| is_timed || !goal.needs_time())
    }

    /// The place of a candidate's unit with the first seed.
    pub(super) fn first_unit(&self, capacity: usize, candidate: usize) -> usize {
        (capacity * self.candidates.len() + candidate) * self.question.seeds as usize
    }

    /// The place of a scenario's unit with one of the seeds.
    pub(super) fn scenario_unit(&self, scenario: usize, seed: usize) -> usize {
        let seeds = self.question.seeds as usize;
        self.first_unit(self.capacities.len(), 0) + scenario * seeds + seed
    }

    /// The unit of that number.
    pub fn unit(&self, number: u32) -> Option<&Unit> {
        self.units.get(number as usize)
    }

    /// What is to be run next; nothing once all that is needed has its answer. What is not
    /// known to depend on chance is run with the first two seeds and waits for what they say.
    /// O(units).
    pub fn open(&self, answers: &Answers) -> Vec<&Unit> {
        let seeds = self.question.seeds as usize;
        let first = FEWEST_SEEDS as usize;
        let of_trace = self.first_unit(self.capacities.len(), 0);
        let wanted = |unit: &&Unit| {
            let at = unit.number as usize;
            let in_group = at % seeds;
            answers.get(at).is_none()
                && (of_trace <= at
                    || in_group < first
                    || answers.depends_on_chance(at - in_group) == Some(true))
        };
        self.units.iter().filter(wanted).collect()
    }
}

/// What came of the units so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers {
    by_unit: Vec<Option<Vec<Summary>>>,
}

impl Answers {
    /// None yet.
    pub fn new(plan: &Plan) -> Self {
        Self { by_unit: vec![None; plan.units.len()] }
    }

    /// Takes in what a unit gave; they may come in any order.
    ///
    /// # Panics
    /// If the plan has no such unit.
    pub fn put(&mut self, unit: u32, summaries: Vec<Summary>) {
        self.by_unit[unit as usize] = Some(summaries);
    }

    pub(super) fn get(&self, unit: usize) -> Option<&[Summary]> {
        self.by_unit[unit].as_deref()
    }

    /// Whether the runs that begin with this unit differ by seed; `None` while too few are there.
    pub(super) fn depends_on_chance(&self, first: usize) -> Option<bool> {
        Some(self.get(first)? != self.get(first + 1)?)
    }
}

/// The multiples that are capacities, each once; of no limit there are none.
fn capacities(asked: u32) -> Vec<u32> {
    let mut capacities = vec![asked];
    for factor in FACTORS.iter().filter(|_| asked < UNLIMITED_BLOCKS) {
        let blocks = (f64::from(asked) * factor).clamp(1.0, f64::from(UNLIMITED_BLOCKS)) as u32;
        if !capacities.contains(&blocks) {
            capacities.push(blocks);
        }
    }
    capacities
}

/// The seeds, from the one after the configuration's own.
fn seeds(question: &Question, own: u64) -> impl Iterator<Item = u64> + use<> {
    (1..=u64::from(question.seeds)).map(move |seed| own.wrapping_add(seed))
}

/// The scenarios on the same cluster: what says how to read the trace is not theirs.
fn scenarios(
    question: &Question,
    routers: &[PolicyChoice],
    own: u64,
    reasons: &mut Vec<Reason>,
) -> Vec<Work> {
    let requests = question.scenario_requests;
    if requests == 0 {
        return Vec::new();
    }
    let mut base = question.config.clone();
    for spec in SETTINGS.iter().filter(|spec| spec.role == Some(Role::Reading)) {
        base.settings.remove(spec.name);
    }
    let with = |router: &PolicyChoice| base.clone().router(router.clone());
    for config in routers.iter().map(with) {
        let fits = config.check().and_then(|it| it.with_block_size(Some(BLOCK_TOKENS)));
        add(reasons, fits.err());
    }
    let unit = |workload: &str, seed: u64| {
        let configs = routers.iter().map(|router| with(router).seed(seed)).collect();
        Work::Scenario { workload: workload.to_owned(), seed, requests, configs }
    };
    SCENARIOS.iter().flat_map(|id| seeds(question, own).map(|seed| unit(id, seed))).collect()
}
