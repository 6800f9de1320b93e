//! What is run: every candidate at every capacity with every seed, and the scenarios.

use super::fitness::SCENARIOS;
use super::goal::{GOALS, Goal, Weights};
use crate::config::{Config, PolicyChoice, SETTINGS};
use crate::error::{Error, Reason, Result};
use crate::migrate::AUTO;
use crate::model::UNLIMITED_BLOCKS;
use crate::observe::Observe;
use crate::params::{Need, ParamValue, Role};
use crate::sim::{Lane, Summary};
use crate::trace::synth::{self, BLOCK_TOKENS, Workload};
use crate::trace::{Interner, Log, RawRequest};
use crate::{evict, route};
use serde::{Deserialize, Serialize};

/// Routers that are compared unless somebody says otherwise, as far as the clock allows: those
/// that the notes compare, the obvious ones, and Mooncake's.
const ROUTERS: [&str; 8] = [
    "round_robin",
    "random",
    "least_loaded",
    "cache_aware",
    "enhanced",
    "hotspot_migration",
    "shortest_ttft",
    "conductor",
];

/// Evictions likewise.
const EVICTIONS: [&str; 3] = ["lru", "fifo", "lfu"];

/// The capacities that are tried, as multiples of the one that was asked for, which comes first.
const FACTORS: [f64; 5] = [1.0, 0.25, 0.5, 2.0, 4.0];

/// The fewest seeds: with one there is no telling chance from none.
const FEWEST_SEEDS: u32 = 2;

/// What somebody asks.
#[derive(Clone, Debug)]
pub struct Question {
    /// The cluster; its router and eviction are candidates too, and seeds count on from its own.
    pub config: Config,
    /// Routers to compare; none are those of the notes and of Mooncake.
    pub routers: Vec<PolicyChoice>,
    /// Evictions to compare; none are LRU, FIFO and LFU.
    pub evictions: Vec<PolicyChoice>,
    /// Seeds of what depends on chance; 2 or more.
    pub seeds: u32,
    /// What the goals weigh in the fitness score.
    pub weights: Weights,
    /// Requests of each scenario; 0 leaves the scenarios out.
    pub scenario_requests: u32,
}

impl Question {
    /// About a cluster, all else by default.
    pub fn new(config: Config) -> Self {
        let (routers, evictions) = (Vec::new(), Vec::new());
        let (seeds, weights, scenario_requests) = (5, Weights::default(), 10_000);
        Self { config, routers, evictions, seeds, weights, scenario_requests }
    }

    /// The candidates' rows: what was asked for, and before it what the cluster has.
    fn rows(&self, is_timed: bool) -> [Vec<PolicyChoice>; 2] {
        let with = |own: &PolicyChoice, asked: &[PolicyChoice], usual: &[&str]| {
            let usual = usual.iter().map(|id| PolicyChoice::new(id));
            let others: Vec<_> = match asked {
                [] => usual.filter(|row| is_timed || !needs_time(&row.id)).collect(),
                asked => asked.to_vec(),
            };
            let mut rows = vec![own.clone()];
            for row in others {
                if !rows.contains(&row) {
                    rows.push(row);
                }
            }
            rows
        };
        let Config { router, eviction, .. } = &self.config;
        [with(router, &self.routers, &ROUTERS), with(eviction, &self.evictions, &EVICTIONS)]
    }

    /// What is wrong with it beside the configurations.
    fn faults(&self, is_timed: bool) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let mut refuse = |path: &str, value: String, expected: &str| {
            reasons.push(Reason { path: path.to_owned(), value, expected: expected.to_owned() });
        };
        if self.seeds < FEWEST_SEEDS {
            let expected = "2 or more, since one tells nothing of what depends on chance";
            refuse("seeds", self.seeds.to_string(), expected);
        }
        for goal in GOALS.iter().filter(|goal| goal.needs_time() && !is_timed) {
            if let Some(weight) = self.weights.given(goal) {
                let expected = "nothing, since the logical clock knows no times; leave it out, or \
                                take the timed clock";
                refuse(&format!("weights.{}", goal.id), weight.to_string(), expected);
            }
        }
        let told = GOALS.iter().filter(|goal| is_timed || !goal.needs_time());
        if told.map(|goal| self.weights.of(goal)).sum::<f64>() == 0.0 {
            refuse("weights", "0 for every goal".to_owned(), "a weight above 0");
        }
        reasons
    }
}

fn needs_time(router: &str) -> bool {
    route::find(router).is_some_and(|row| row.needs.contains(&Need::TimedClock))
}

/// A router with an eviction policy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// The router, as a person would write it.
    pub router: String,
    /// The eviction policy likewise.
    pub eviction: String,
    /// Parameters that the rows of router, eviction and migration rule declare.
    pub parameters: u32,
    /// Whether it is the cluster's own.
    pub is_own: bool,
}

/// What a unit serves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// The trace, once.
    Trace(Config),
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
                let log = scenario(workload, *seed, *requests)?;
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

/// A workload as a whole log.
fn scenario(id: &str, seed: u64, requests: u32) -> Result<Log> {
    let unknown = || Error::State(format!("found workload {id}, expected one of the built-in"));
    let mut workload = Workload::new(synth::find(id).ok_or_else(unknown)?, seed, requests);
    let (mut log, mut interner) = (Log::new(), Interner::new());
    let (mut raw, mut index) = (RawRequest::default(), 0);
    log.set_block_size(BLOCK_TOKENS);
    while workload.next_into(&mut raw) {
        interner.push_raw(&raw, index, &mut log);
        index += 1;
    }
    log.end();
    Ok(log)
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
        let is_timed = base.timed.is_some();
        let mut reasons = question.faults(is_timed);
        let capacities = capacities(base.capacity);
        let [routers, evictions] = question.rows(is_timed);
        let (mut candidates, mut configs) = (Vec::new(), Vec::new());
        for router in &routers {
            for eviction in &evictions {
                let config = question.config.clone();
                let config = config.router(router.clone()).eviction(eviction.clone());
                candidates.extend(candidate(&config, &question.config, &mut reasons));
                configs.push(config);
            }
        }
        let mut works = Vec::new();
        for &blocks in &capacities {
            for config in &configs {
                let blocks = ParamValue::Number(f64::from(blocks));
                let config = config.clone().with("capacity_blocks", blocks);
                let fits = config.check().and_then(|it| it.with_block_size(block_size));
                add(&mut reasons, fits.err());
                works.extend(
                    seeds(&question, base.checked.seed)
                        .map(|seed| Work::Trace(config.clone().seed(seed))),
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

    /// The goals that the clock tells.
    pub(super) fn goals(&self) -> impl Iterator<Item = &'static Goal> {
        let is_timed = self.question.config.clock.id == "timed";
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

/// A candidate that can be chosen, or the reasons why not.
fn candidate(config: &Config, own: &Config, reasons: &mut Vec<Reason>) -> Option<Candidate> {
    let checked = match config.check() {
        Ok(checked) => checked,
        Err(error) => {
            add(reasons, Some(error));
            return None;
        }
    };
    let mut refuse = |path: &str, value: &str| {
        let expected = "a policy that can be run: it knows the future, and is a bound that sweep \
                        shows";
        let reason = Reason {
            path: path.to_owned(),
            value: value.to_owned(),
            expected: expected.to_owned(),
        };
        add(reasons, Some(Error::Config(vec![reason])));
    };
    if checked.needs_outputs {
        refuse("router", checked.router.id);
    }
    if checked.needs_future {
        refuse("eviction", checked.eviction.id);
    }
    let rule = checked.migration.as_ref().filter(|_| config.migration.id != AUTO);
    let rule = rule.map_or(0, |(row, _)| row.params.len());
    let eviction = evict::find(&config.eviction.id).map_or(0, |row| row.params.len());
    Some(Candidate {
        router: written(&config.router),
        eviction: written(&config.eviction),
        parameters: (checked.router.params.len() + eviction + rule) as u32,
        is_own: config.router == own.router && config.eviction == own.eviction,
    })
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

/// Adds reasons that were not there yet.
fn add(reasons: &mut Vec<Reason>, error: Option<Error>) {
    let Some(Error::Config(more)) = error else { return };
    for reason in more {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
}

/// A row as a person would write it.
pub(super) fn written(row: &PolicyChoice) -> String {
    let params = row.params.iter().map(|(name, value)| format!("{name}={value}"));
    let params: Vec<String> = params.collect();
    let colon = if params.is_empty() { "" } else { ":" };
    format!("{}{colon}{}", row.id, params.join(","))
}
