//! What a cluster can be good at. A new goal is a row of [`GOALS`]; its figure is one of a sweep's.

use crate::number;
use crate::sim::Summary;
use crate::suggest;
use crate::sweep::{Better, METRICS, Metric};
use serde::Serialize;

/// A difference that is taken to be no reason to choose.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Margin {
    /// In the figure's unit.
    Absolute(f64),
    /// A share of the best value.
    Relative(f64),
}

/// One goal.
#[derive(Debug)]
pub struct Goal {
    /// Its name in weights and results.
    pub id: &'static str,
    /// The figure, an id of [`METRICS`].
    pub metric: &'static str,
    /// What counts as near enough to the best.
    pub margin: Margin,
}

/// All goals, in the order of tables.
pub static GOALS: &[Goal] = &[
    Goal { id: "hit", metric: "token_hit_rate", margin: Margin::Absolute(0.01) },
    Goal { id: "balance", metric: "balance_work.largest_share", margin: Margin::Absolute(0.01) },
    Goal { id: "p99", metric: "p99", margin: Margin::Relative(0.05) },
];

impl Goal {
    /// Its row among a sweep's figures.
    pub fn metric(&self) -> &'static Metric {
        METRICS.iter().find(|metric| metric.id == self.metric).expect("a row of the table")
    }

    /// Whether more of it is better; a goal has a direction.
    pub(super) fn more_is_better(&self) -> bool {
        self.metric().better == Better::More
    }

    /// Whether the timed clock alone tells it.
    pub fn needs_time(&self) -> bool {
        self.metric().unit == "s"
    }

    /// Its value; none where the clock does not tell it.
    pub(super) fn of(&self, summary: &Summary) -> Option<f64> {
        (self.metric().of)(summary)
    }

    /// How much worse `value` is than `best`, in the figure's unit; below 0 where it is better.
    pub(super) fn behind(&self, value: f64, best: f64) -> f64 {
        if self.more_is_better() { best - value } else { value - best }
    }

    /// Whether so far behind the best is near enough.
    pub(super) fn is_near(&self, behind: f64, best: f64) -> bool {
        match self.margin {
            Margin::Absolute(margin) => behind <= margin,
            Margin::Relative(share) => behind <= share * best,
        }
    }

    /// How far `value` is from the best of its cell, in [0, 1].
    pub(super) fn distance(&self, value: f64, best: f64) -> f64 {
        let (low, high) = if self.more_is_better() { (value, best) } else { (best, value) };
        if high <= low { 0.0 } else { 1.0 - low / high }
    }
}

/// What the goals weigh in a fitness score: one number ≥ 0 for each of [`GOALS`], not all 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// What was said of each goal; `None` is 1 where the clock tells it.
    given: Vec<Option<f64>>,
}

impl Default for Weights {
    fn default() -> Self {
        Self { given: vec![None; GOALS.len()] }
    }
}

impl Weights {
    /// Reads `hit=1,balance=0.5`; a goal that is not named weighs 1.
    ///
    /// # Errors
    /// What is expected instead.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut weights = Self::default();
        for pair in text.split(',') {
            let (id, weight) = pair
                .split_once('=')
                .ok_or_else(|| format!("found {pair}, expected GOAL=WEIGHT, as in hit=2"))?;
            let ids: Vec<&str> = GOALS.iter().map(|goal| goal.id).collect();
            let place = ids.iter().position(|&other| other == id);
            let place = place.ok_or_else(|| {
                format!("found goal {id}, expected {}", suggest::one_of(id, &ids))
            })?;
            let number = number::parse(weight).filter(|&it| it.is_finite() && 0.0 <= it);
            let number =
                number.ok_or_else(|| format!("found {pair}, expected a weight of 0 or more"))?;
            if weights.given[place].replace(number).is_some() {
                return Err(format!("found {id} twice, expected one weight for a goal"));
            }
        }
        Ok(weights)
    }

    /// What was said of a goal.
    pub(super) fn given(&self, goal: &Goal) -> Option<f64> {
        let place = GOALS.iter().position(|other| other.id == goal.id).expect("a row");
        self.given[place]
    }

    /// What a goal weighs that the clock tells.
    pub(super) fn of(&self, goal: &Goal) -> f64 {
        self.given(goal).unwrap_or(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_read_or_refused_with_a_reason() {
        let weights = Weights::parse("balance=0.5,hit=2").expect("weights");
        assert_eq!(GOALS.iter().map(|goal| weights.of(goal)).collect::<Vec<_>>(), [2.0, 0.5, 1.0]);
        for (text, told) in [
            ("hit", "found hit, expected GOAL=WEIGHT"),
            ("hitt=1", "did you mean hit?"),
            ("hit=-1", "expected a weight of 0 or more"),
            ("hit=inf", "expected a weight of 0 or more"),
            ("hit=1,hit=1", "found hit twice"),
        ] {
            let reason = Weights::parse(text).expect_err(text);
            assert!(reason.contains(told), "{text}: {reason}");
        }
    }

    #[test]
    fn behind_is_worse_whichever_way_is_better() {
        let [hit, balance, p99] = GOALS else { panic!("three goals") };
        assert!(GOALS.iter().all(|goal| goal.metric().better != Better::Neither));
        assert_eq!((hit.behind(0.25, 0.5), balance.behind(0.5, 0.25)), (0.25, 0.25));
        assert!(hit.is_near(0.01, 0.5) && !hit.is_near(0.011, 0.5));
        assert!(p99.is_near(0.5, 10.0) && !p99.is_near(0.51, 10.0));
        assert_eq!((hit.distance(0.25, 0.5), p99.distance(8.0, 2.0)), (0.5, 0.75));
        assert_eq!((hit.distance(0.0, 0.0), p99.distance(0.0, 0.0)), (0.0, 0.0));
    }
}
