//! What other capacities would change.

use super::goal::Goal;
use super::measure::{Measured, told_apart};
use super::rank::sorted;
use crate::columns::order::sort_by;
use crate::sweep::Mean;
use serde::Serialize;

/// The best at one capacity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AtCapacity {
    /// Blocks of a node.
    pub capacity_blocks: u32,
    /// The candidate that is best there.
    pub best: u32,
    /// Its figure.
    pub value: Mean,
    /// How far the answer at the capacity that was asked for is behind it there.
    pub behind: Mean,
    /// Whether the order of these two has turned, told apart at both capacities, and by more than
    /// the goal's margin here: whether the answer is another one.
    pub turned: bool,
}

/// The best of a goal by capacity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Turns {
    /// A goal's id.
    pub goal: &'static str,
    /// The best at the capacity that was asked for.
    pub answer: u32,
    /// By capacity, that one included; those where every candidate was measured.
    pub at: Vec<AtCapacity>,
}

impl Turns {
    /// `None` until every candidate was measured at the capacity that was asked for.
    pub(super) fn of(measured: &Measured<'_>, goal: &Goal) -> Option<Self> {
        let plan = measured.plan;
        let count = plan.candidates.len();
        let sorted = |capacity: usize| {
            Some(sorted(measured, goal, capacity)).filter(|found| found.len() == count)
        };
        let asked = sorted(0)?;
        let (answer, here) = &asked[0];
        let at = |capacity: usize| {
            let found = sorted(capacity)?;
            let (best, values) = &found[0];
            let of_answer = found.iter().find(|(at, _)| at == answer)?;
            let of_best = asked.iter().find(|(at, _)| at == best)?;
            let behind = of_answer.1.behind(values, goal);
            let before = of_best.1.behind(here, goal);
            Some(AtCapacity {
                capacity_blocks: plan.capacities[capacity],
                best: *best as u32,
                value: values.mean(),
                behind,
                turned: told_apart(&behind)
                    && told_apart(&before)
                    && !goal.is_near(behind.mean, values.mean().mean),
            })
        };
        let mut order: Vec<usize> = (0..plan.capacities.len()).collect();
        sort_by(&mut order, |one, other| plan.capacities[*one].cmp(&plan.capacities[*other]));
        let at = order.into_iter().filter_map(at).collect();
        Some(Self { goal: goal.id, answer: *answer as u32, at })
    }
}
