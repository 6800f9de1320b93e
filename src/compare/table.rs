//! Every figure of every lane beside the first lane's.

use crate::sim::Summary;
use crate::sweep::{Better, METRICS, Mean, Metric};
use serde::Serialize;

/// A figure of one lane.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// Over the seeds.
    #[serde(flatten)]
    pub value: Mean,
    /// This lane less the first, over the seeds, each seed's paired; none for the first lane and
    /// where the first has no such figure.
    pub difference: Option<Mean>,
    /// Whether no lane is told apart from it for the better.
    pub best: bool,
}

/// A figure of all lanes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// What it is, with its unit and which way is better.
    #[serde(flatten)]
    pub metric: Metric,
    /// Each lane's; none where its clock does not tell it.
    pub lanes: Vec<Option<Figure>>,
}

/// Lines that some lane has a value for, in the order of [`METRICS`].
#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    /// How many runs each lane has.
    pub seeds: u32,
    /// One for each figure.
    pub lines: Vec<Line>,
}

/// The figures of lanes, each with its runs in the order of the seeds. O(metrics × lanes × seeds).
///
/// # Panics
/// If there is no lane or no run, or if lanes have different numbers of runs.
pub fn headline(runs: &[Vec<Summary>]) -> Headline {
    let seeds = runs.first().map_or(0, Vec::len);
    assert!(seeds > 0 && runs.iter().all(|lane| lane.len() == seeds), "as many runs for each lane");
    let values = |metric: &Metric| -> Vec<Option<Vec<f64>>> {
        runs.iter().map(|lane| lane.iter().map(metric.of).collect()).collect()
    };
    let lines = METRICS.iter().map(|metric| line(metric, &values(metric)));
    let lines = lines.filter(|line| line.lanes.iter().any(Option::is_some)).collect();
    Headline { seeds: seeds as u32, lines }
}

/// A line of each lane's values, one for each seed.
fn line(metric: &Metric, values: &[Option<Vec<f64>>]) -> Line {
    let first = values[0].as_ref();
    let best = best(metric.better, values);
    let lane = |(at, values): (usize, &Option<Vec<f64>>)| {
        let values = values.as_ref()?;
        let difference = first.filter(|_| at > 0).map(|first| paired(values, first));
        Some(Figure { value: Mean::of(values), difference, best: best[at] })
    };
    Line { metric: *metric, lanes: values.iter().enumerate().map(lane).collect() }
}

/// One lane's values less another's, seed by seed.
fn paired(one: &[f64], other: &[f64]) -> Mean {
    let differences: Vec<f64> = one.iter().zip(other).map(|(one, other)| one - other).collect();
    Mean::of(&differences)
}

/// Which lanes are best: the one of the best mean, and those whose differences from it leave in 0.
/// None where that is every lane, or where the figure is no goal.
fn best(better: Better, values: &[Option<Vec<f64>>]) -> Vec<bool> {
    let sign = match better {
        Better::More => 1.0,
        Better::Less => -1.0,
        Better::Neither => return vec![false; values.len()],
    };
    let known = values.iter().flatten();
    let Some(top) = known.max_by(|one, other| {
        let [one, other] = [one, other].map(|values| sign * Mean::of(values).mean);
        one.total_cmp(&other)
    }) else {
        return vec![false; values.len()];
    };
    let level = |values: &Vec<f64>| {
        let behind = paired(values, top);
        behind.mean.abs() <= behind.half_width.unwrap_or(0.0)
    };
    let best: Vec<bool> = values.iter().map(|it| it.as_ref().is_some_and(level)).collect();
    let all = values.iter().zip(&best).all(|(values, best)| values.is_none() || *best);
    if all { vec![false; values.len()] } else { best }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric(id: &str) -> &'static Metric {
        METRICS.iter().find(|metric| metric.id == id).expect("a row")
    }

    /// The line of a figure that more is better of, and of one that less is better of.
    fn lines(values: &[Option<&[f64]>]) -> [Line; 2] {
        let values: Vec<Option<Vec<f64>>> =
            values.iter().map(|it| it.map(<[f64]>::to_vec)).collect();
        ["token_hit_rate", "mean_ttft_s"].map(|id| line(metric(id), &values))
    }

    fn marks(line: &Line) -> Vec<bool> {
        line.lanes.iter().map(|figure| figure.is_some_and(|figure| figure.best)).collect()
    }

    #[test]
    fn the_best_follows_the_figures_direction() {
        let [more, less] = lines(&[Some(&[0.5]), Some(&[0.75]), Some(&[0.25]), None]);
        assert_eq!(marks(&more), [false, true, false, false]);
        assert_eq!(marks(&less), [false, false, true, false]);
        // Two that are level are both best; where all are, none is.
        let [more, less] = lines(&[Some(&[0.5]), Some(&[0.5]), Some(&[0.25])]);
        assert_eq!(
            (marks(&more), marks(&less)),
            (vec![true, true, false], vec![false, false, true])
        );
        let [more, less] = lines(&[Some(&[0.5]), None, Some(&[0.5])]);
        assert_eq!((marks(&more), marks(&less)), (vec![false; 3], vec![false; 3]));
    }

    #[test]
    fn what_is_no_goal_has_no_best() {
        let values = [Some(vec![1.0]), Some(vec![9.0])];
        for id in ["ceiling_token_rate", "evictions", "migrated_blocks", "transferred_blocks"] {
            assert_eq!(marks(&line(metric(id), &values)), [false, false], "{id}");
        }
        for metric in METRICS.iter().filter(|metric| metric.unit == "blocks") {
            assert_eq!(metric.better, Better::Neither, "{} counts what happened", metric.id);
        }
    }

    #[test]
    fn differences_have_signs_and_are_against_the_first() {
        let [line, _] = lines(&[Some(&[0.5]), Some(&[0.75]), None, Some(&[0.25])]);
        let told: Vec<Option<f64>> =
            line.lanes.iter().map(|it| it.and_then(|it| it.difference).map(|it| it.mean)).collect();
        assert_eq!(told, [None, Some(0.25), None, Some(-0.25)]);
        // Against nothing there is none.
        let [line, _] = lines(&[None, Some(&[0.75])]);
        assert_eq!(line.lanes[1].expect("a value").difference, None);
    }

    #[test]
    fn differences_are_paired_by_seed() {
        // Apart by 1 or 2 at every seed, while each varies by 100 between seeds: 1.5 in the mean,
        // deviation 0.5774, t 3.182 of 3 degrees: 3.182 × 0.5774 / 2.
        let (one, other) = ([100.0, 200.0, 300.0, 400.0], [101.0, 202.0, 301.0, 402.0]);
        let [more, less] = lines(&[Some(&one), Some(&other)]);
        let difference = more.lanes[1].expect("a value").difference.expect("against the first");
        assert_eq!(difference.mean, 1.5);
        assert!((difference.half_width.expect("of seeds") - 0.9186).abs() < 1e-3, "{difference:?}");
        assert_eq!((marks(&more), marks(&less)), (vec![false, true], vec![true, false]));
        // Not told apart: none is best.
        let [more, _] = lines(&[Some(&[1.0, 2.0, 3.0]), Some(&[2.0, 1.0, 3.5])]);
        assert_eq!(marks(&more), [false, false]);
    }
}
