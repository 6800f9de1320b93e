//! What somebody asks, and the candidates that it makes.

use super::goal::{GOALS, Weights};
use crate::config::{Config, PolicyChoice};
use crate::error::{Error, Reason, Result};
use crate::migrate::AUTO;
use crate::params::Need;
use crate::{evict, route};
use serde::Serialize;

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

/// The fewest seeds: with one there is no telling chance from none.
pub(super) const FEWEST_SEEDS: u32 = 2;

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

    /// Checks all that can be checked before a trace has said its block size.
    ///
    /// # Errors
    /// Every reason why a candidate cannot be run, and what is wrong with seeds and weights.
    pub fn check(&self) -> Result<()> {
        self.config.check()?;
        let (_, reasons) = self.candidates();
        if reasons.is_empty() { Ok(()) } else { Err(Error::Config(reasons)) }
    }

    /// Whether there are times.
    pub(super) fn is_timed(&self) -> bool {
        self.config.clock.id == "timed"
    }

    /// The candidates as configurations: for each router every eviction policy.
    pub(super) fn configs(&self) -> impl Iterator<Item = Config> + use<'_> {
        let [routers, evictions] = self.rows();
        let with = |router: PolicyChoice, eviction: &PolicyChoice| {
            self.config.clone().router(router).eviction(eviction.clone())
        };
        routers.into_iter().flat_map(move |router| {
            evictions.iter().map(|eviction| with(router.clone(), eviction)).collect::<Vec<_>>()
        })
    }

    /// The candidates, and all that is wrong with them and with the question.
    pub(super) fn candidates(&self) -> (Vec<Candidate>, Vec<Reason>) {
        let mut reasons = self.faults();
        let of = |config: Config| candidate(&config, &self.config, &mut reasons);
        let candidates = self.configs().filter_map(of).collect();
        (candidates, reasons)
    }

    /// The candidates' rows: what was asked for, and before it what the cluster has.
    pub(super) fn rows(&self) -> [Vec<PolicyChoice>; 2] {
        let with = |own: &PolicyChoice, asked: &[PolicyChoice], usual: &[&str]| {
            let usual = usual.iter().filter(|id| self.clock_allows(id));
            let others: Vec<_> = match asked {
                [] => usual.map(|id| PolicyChoice::new(id)).collect(),
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

    /// The routers that would have been compared, had the clock allowed it.
    pub(super) fn left_out(&self) -> Vec<LeftOut> {
        let usual = ROUTERS.iter().filter(|_| self.routers.is_empty());
        let left_out = usual.filter(|id| !self.clock_allows(id));
        let why = format!("it needs the timed clock, and this is the {} one", self.config.clock.id);
        left_out.map(|id| LeftOut { router: (*id).to_owned(), why: why.clone() }).collect()
    }

    /// Whether the clock knows all that a router asks of it.
    fn clock_allows(&self, router: &str) -> bool {
        self.is_timed() || !needs_time(router)
    }

    /// What is wrong with it beside the configurations.
    fn faults(&self) -> Vec<Reason> {
        let (is_timed, mut reasons) = (self.is_timed(), Vec::new());
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
        if self.scenario_requests == 0
            && let Some(goal) = GOALS.iter().find(|goal| self.weights.given(goal).is_some())
        {
            let expected = "nothing, since goals weigh in the fitness score alone, and 0 requests \
                            of a scenario leave it out; leave the weights out, or give it requests";
            let weight = self.weights.of(goal).to_string();
            refuse(&format!("weights.{}", goal.id), weight, expected);
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

/// A router that is not compared although nobody said which are to be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LeftOut {
    /// Its id.
    pub router: String,
    /// Why.
    pub why: String,
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

/// Adds reasons that were not there yet.
pub(super) fn add(reasons: &mut Vec<Reason>, error: Option<Error>) {
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
