//! Candidates in the order of a goal, the simplest that will do, and what the rule of thumb costs.

use super::Advice;
use super::class::LEAVES;
use super::goal::{Goal, Margin};
use super::measure::{Measured, Values, told_apart};
use super::question::{Candidate, written};
use crate::columns::order::sort_by;
use crate::config::PolicyChoice;
use crate::sweep::Mean;
use serde::Serialize;

/// A candidate's place in the order of a goal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ranked {
    /// A place among the candidates.
    pub candidate: u32,
    /// The figure over the seeds.
    pub value: Mean,
    /// Whether chance plays no part in it.
    pub exact: bool,
    /// How far it is behind the best, paired by seed, in the figure's unit.
    pub behind: Mean,
    /// Whether the interval of that leaves out 0.
    pub told_apart: bool,
    /// Whether it is within the goal's margin of the best.
    pub is_near: bool,
}

/// The candidates in the order of a goal, the best first.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Ranking {
    /// A goal's id.
    pub goal: &'static str,
    /// The figure's name for people.
    pub title: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// What counts as near enough to the best.
    pub margin: Margin,
    /// Those that have the figure.
    pub ranked: Vec<Ranked>,
}

/// The candidates that have the figure at one of the plan's capacities, the best first: by mean,
/// then by parameters, then as listed.
pub(super) fn sorted(
    measured: &Measured<'_>,
    goal: &Goal,
    capacity: usize,
) -> Vec<(usize, Values)> {
    let candidates = &measured.plan.candidates;
    let found = measured.all(goal, capacity);
    let mut order: Vec<(f64, usize)> =
        found.iter().enumerate().map(|(at, (_, values))| (values.mean().mean, at)).collect();
    sort_by(&mut order, |&(one, at), &(other, other_at)| {
        let parameters = |at: usize| candidates[found[at].0].parameters;
        let worse = goal.behind(one, other).partial_cmp(&0.0).expect("figures are numbers");
        worse.then(parameters(at).cmp(&parameters(other_at)))
    });
    order.into_iter().map(|(_, at)| found[at].clone()).collect()
}

impl Ranking {
    /// At one of the plan's capacities.
    pub(super) fn of(measured: &Measured<'_>, goal: &'static Goal, capacity: usize) -> Self {
        let found = sorted(measured, goal, capacity);
        let entry = |(candidate, values): &(usize, Values)| {
            let best = &found[0].1;
            let behind = values.behind(best, goal);
            Ranked {
                candidate: *candidate as u32,
                value: values.mean(),
                exact: values.exact,
                behind,
                told_apart: told_apart(&behind),
                is_near: goal.is_near(behind.mean, best.mean().mean),
            }
        };
        let (title, unit) = (goal.metric().label, goal.metric().unit);
        let ranked = found.iter().map(entry).collect();
        Self { goal: goal.id, title, unit, margin: goal.margin, ranked }
    }

    /// What it says of a candidate.
    pub fn of_candidate(&self, candidate: u32) -> Option<&Ranked> {
        self.ranked.iter().find(|ranked| ranked.candidate == candidate)
    }
}

/// The candidate with the fewest parameters that is near enough to the best in every goal.
pub(super) fn simplest(candidates: &[Candidate], goals: &[Ranking]) -> Option<u32> {
    let near = |candidate: &u32| {
        let of = |goal: &Ranking| goal.of_candidate(*candidate).is_some_and(|it| it.is_near);
        goals.iter().all(of)
    };
    let all = 0..candidates.len() as u32;
    all.filter(near).min_by_key(|&at| (candidates[at as usize].parameters, at))
}

/// A leaf of the notes' tree, and what following it costs here.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleLeaf {
    /// A leaf's id.
    pub leaf: &'static str,
    /// Its condition in words.
    pub condition: &'static str,
    /// Whether the trace is of its class.
    pub applies: bool,
    /// Its routers, each with the eviction policy that was given.
    pub routers: Vec<Cost>,
}

/// What a router of the rule costs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cost {
    /// The router.
    pub router: &'static str,
    /// Its candidate; `None` where it was not compared. How far that is behind in each goal, its
    /// cost, stands in the rankings.
    pub candidate: Option<u32>,
}

/// The leaves with the candidates that they mean.
pub(super) fn rule(advice: &Advice, eviction: &PolicyChoice) -> Vec<RuleLeaf> {
    let eviction = written(eviction);
    let cost = |&router: &&'static str| {
        let same = |it: &Candidate| it.router == router && it.eviction == eviction;
        let candidate = advice.candidates.iter().position(same).map(|at| at as u32);
        Cost { router, candidate }
    };
    let leaf = |leaf: &super::Leaf| RuleLeaf {
        leaf: leaf.id,
        condition: leaf.condition,
        applies: advice.class.id == Some(leaf.id),
        routers: leaf.routers.iter().map(cost).collect(),
    };
    LEAVES.iter().map(leaf).collect()
}
