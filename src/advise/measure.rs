//! Figures of candidates, and their differences within a seed.

use super::goal::Goal;
use super::plan::{Answers, Plan};
use crate::sweep::Mean;

/// A figure of a candidate at one capacity, by seed.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Values {
    by_seed: Vec<f64>,
    /// Whether the runs were the same to the last bit, so that more of them would tell nothing.
    pub(super) exact: bool,
}

impl Values {
    /// Over the seeds; of what is exact, of its first two.
    pub(super) fn mean(&self) -> Mean {
        Mean::of(&self.by_seed)
    }

    /// How far this is behind `best` within each seed.
    pub(super) fn behind(&self, best: &Self, goal: &Goal) -> Mean {
        let seeds = self.by_seed.len().max(best.by_seed.len());
        let at = |values: &Self, seed: usize| values.by_seed[if values.exact { 0 } else { seed }];
        let differences = (0..seeds).map(|seed| goal.behind(at(self, seed), at(best, seed)));
        Mean::of(&differences.collect::<Vec<_>>())
    }
}

/// Whether a mean of differences is told apart from none.
pub(super) fn told_apart(difference: &Mean) -> bool {
    difference.half_width.is_some_and(|half| half < difference.mean.abs())
}

/// The answers as figures.
pub(super) struct Measured<'a> {
    pub(super) plan: &'a Plan,
    answers: &'a Answers,
}

impl<'a> Measured<'a> {
    pub(super) fn new(plan: &'a Plan, answers: &'a Answers) -> Self {
        Self { plan, answers }
    }

    /// A candidate's figure at one of the plan's capacities; `None` until all its runs are there.
    pub(super) fn values(&self, goal: &Goal, capacity: usize, candidate: usize) -> Option<Values> {
        let first = self.plan.first_unit(capacity, candidate);
        let exact = !self.answers.depends_on_chance(first)?;
        let runs = if exact { 2 } else { self.plan.question.seeds as usize };
        let of = |unit: usize| goal.of(&self.answers.get(unit)?[0]);
        let by_seed = (first..first + runs).map(of).collect::<Option<Vec<f64>>>()?;
        Some(Values { by_seed, exact })
    }

    /// The candidates that have the figure at a capacity, with it.
    pub(super) fn all(&self, goal: &Goal, capacity: usize) -> Vec<(usize, Values)> {
        let candidates = 0..self.plan.candidates.len();
        let values = candidates.map(|at| Some((at, self.values(goal, capacity, at)?)));
        values.flatten().collect()
    }
}
