//! Fitness over the five scenarios: the notes' fixed scores, and measured ones with their spread.

use super::goal::Goal;
use super::plan::{Answers, Plan};
use crate::columns::order::sort_by;
use crate::sim::Summary;
use crate::sweep::Mean;
use serde::Serialize;

/// The scenarios, ids of built-in workloads.
pub static SCENARIOS: [&str; 5] = ["uniform", "moderate", "extreme", "bursty", "long_tail"];

/// The scores that the notes give by fixed formulas, by router.
pub static NOTES: &[(&str, f64)] =
    &[("random", 75.9), ("hotspot_migration", 74.0), ("cache_aware", 68.8), ("enhanced", 64.6)];

/// How routers do over the scenarios.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fitness {
    /// The scenarios, in the order of [`Score::by_scenario`].
    pub scenarios: [&'static str; 5],
    /// Requests of each.
    pub requests: u32,
    /// Seeds of which every scenario was served.
    pub seeds: u32,
    /// What each goal weighs, by id.
    pub weights: Vec<(&'static str, f64)>,
    /// The best first.
    pub scores: Vec<Score>,
}

/// How a router does. No figure here comes without its spread.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Score {
    /// The router, as a person would write it.
    pub router: String,
    /// The notes' fixed score, where they have one; nothing of it was measured.
    pub notes: Option<f64>,
    /// Over the seeds, each of which is the mean over the scenarios.
    pub score: Mean,
    /// The lowest score of a single scenario and seed.
    pub least_cell: f64,
    /// The highest.
    pub most_cell: f64,
    /// Over the seeds, for each scenario.
    pub by_scenario: Vec<Mean>,
    /// How far from the best router of the cell, for each goal.
    pub distances: Vec<Distance>,
}

/// How far a router is from the best of each cell.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Distance {
    /// A goal's id.
    pub goal: &'static str,
    /// Over the seeds, each of which is the mean over the scenarios; in [0, 1].
    pub distance: Mean,
}

/// Distances by goal of one router in one cell.
type Cell = Vec<f64>;

impl Fitness {
    /// `None` until one seed of all scenarios is there.
    pub(super) fn of(plan: &Plan, answers: &Answers) -> Option<Self> {
        let requests = plan.question.scenario_requests;
        if requests == 0 {
            return None;
        }
        let goals: Vec<&Goal> = plan.goals().collect();
        let by_seed = |seed: usize| {
            let cell = |scenario| answers.get(plan.scenario_unit(scenario, seed));
            let cells = (0..SCENARIOS.len()).map(|at| Some(distances(cell(at)?, &goals)));
            cells.collect::<Option<Vec<Vec<Cell>>>>()
        };
        let seeds: Vec<_> = (0..plan.question.seeds as usize).filter_map(by_seed).collect();
        if seeds.is_empty() {
            return None;
        }
        let weights: Vec<f64> = goals.iter().map(|goal| plan.question.weights.of(goal)).collect();
        let score = |at: usize| {
            let cells: Vec<Vec<&Cell>> =
                seeds.iter().map(|cells| cells.iter().map(|cell| &cell[at]).collect()).collect();
            Score::of(&plan.routers[at], &cells, &goals, &weights)
        };
        let scores: Vec<Score> = (0..plan.routers.len()).map(score).collect();
        let mut order: Vec<usize> = (0..scores.len()).collect();
        let mean = |at: &usize| scores[*at].score.mean;
        sort_by(&mut order, |one, other| mean(other).total_cmp(&mean(one)));
        let scores = order.into_iter().map(|at| scores[at].clone()).collect();
        let weights = goals.iter().zip(weights).map(|(goal, weight)| (goal.id, weight)).collect();
        let seeds = seeds.len() as u32;
        Some(Self { scenarios: SCENARIOS, requests, seeds, weights, scores })
    }
}

/// For each summary of one cell its distance to the best of them in each goal. O(summaries).
///
/// # Panics
/// If a goal needs time and a run had none.
pub fn distances(summaries: &[Summary], goals: &[&Goal]) -> Vec<Vec<f64>> {
    let value = |goal: &Goal, summary: &Summary| goal.of(summary).expect("the clock tells it");
    let best = |goal: &&&Goal| {
        let values = summaries.iter().map(|summary| value(goal, summary));
        if goal.more_is_better() {
            values.fold(f64::NEG_INFINITY, f64::max)
        } else {
            values.fold(f64::INFINITY, f64::min)
        }
    };
    let best: Vec<f64> = goals.iter().map(|goal| best(&goal)).collect();
    let of = |summary: &Summary| {
        let goals = goals.iter().zip(&best);
        goals.map(|(goal, &best)| goal.distance(value(goal, summary), best)).collect()
    };
    summaries.iter().map(of).collect()
}

impl Score {
    /// Of a router's cells by seed and scenario.
    fn of(router: &str, seeds: &[Vec<&Cell>], goals: &[&Goal], weights: &[f64]) -> Self {
        let all = weights.iter().sum::<f64>();
        let score = |cell: &Cell| {
            let lost: f64 = cell.iter().zip(weights).map(|(far, weight)| weight * far).sum();
            100.0 * (1.0 - lost / all)
        };
        let scores: Vec<Vec<f64>> =
            seeds.iter().map(|cells| cells.iter().map(|cell| score(cell)).collect()).collect();
        let average =
            |values: &mut dyn Iterator<Item = f64>| values.sum::<f64>() / SCENARIOS.len() as f64;
        let means = scores.iter().map(|cells| average(&mut cells.iter().copied()));
        let score = Mean::of(&means.collect::<Vec<_>>());
        let by_scenario = (0..SCENARIOS.len())
            .map(|at| Mean::of(&scores.iter().map(|cells| cells[at]).collect::<Vec<_>>()));
        let distance = |(at, goal): (usize, &&Goal)| {
            let means = seeds.iter().map(|cells| average(&mut cells.iter().map(|cell| cell[at])));
            Distance { goal: goal.id, distance: Mean::of(&means.collect::<Vec<_>>()) }
        };
        let cells = Mean::of(&scores.concat());
        let notes = NOTES.iter().find(|(id, _)| *id == router).map(|(_, score)| *score);
        Self {
            router: router.to_owned(),
            notes,
            score,
            least_cell: cells.least,
            most_cell: cells.most,
            by_scenario: by_scenario.collect(),
            distances: goals.iter().enumerate().map(distance).collect(),
        }
    }
}
