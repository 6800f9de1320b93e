//! Distributions: quantiles, and counts between the steps 0, 1, 2, 5, 10, 20, 50, …

use crate::columns::Quantiles;
use serde::Serialize;

/// Decades of the steps.
const DECADES: usize = 13;

/// Upper ends of the bins; whatever is larger than the last counts there.
pub(super) const STEPS: [u64; 3 * DECADES + 1] = steps();

const fn steps() -> [u64; 3 * DECADES + 1] {
    let mut steps = [0; 3 * DECADES + 1];
    let (mut at, mut power) = (1, 1);
    while at < steps.len() {
        (steps[at], steps[at + 1], steps[at + 2]) = (power, 2 * power, 5 * power);
        (at, power) = (at + 3, 10 * power);
    }
    steps
}

/// A bin of a histogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Bin {
    /// The largest value that counts here; the smallest is one more than the bin before has.
    pub upto: u64,
    /// How many there are.
    pub count: u64,
}

/// Whole numbers between the steps, with their sums.
#[derive(Clone, Debug)]
pub(super) struct Steps {
    counts: [u64; STEPS.len()],
    sums: [u64; STEPS.len()],
}

impl Default for Steps {
    fn default() -> Self {
        Self { counts: [0; STEPS.len()], sums: [0; STEPS.len()] }
    }
}

impl Steps {
    /// Takes in a value. O(log steps).
    #[inline]
    pub(super) fn push(&mut self, value: u64) {
        let at = STEPS.partition_point(|&step| step < value).min(STEPS.len() - 1);
        self.counts[at] += 1;
        self.sums[at] += value;
    }

    pub(super) fn count(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Values up to `step`, which must be one of [`STEPS`].
    pub(super) fn upto(&self, step: u64) -> u64 {
        let at = STEPS.partition_point(|&it| it < step);
        self.counts[..=at].iter().sum()
    }

    /// The sum of the values, each cut off at `step`, which must be one of [`STEPS`].
    pub(super) fn cut_sum(&self, step: u64) -> u64 {
        let at = STEPS.partition_point(|&it| it < step);
        let below: u64 = self.sums[..=at].iter().sum();
        below + step * self.counts[at + 1..].iter().sum::<u64>()
    }

    /// The bins up to the last that holds anything.
    pub(super) fn bins(&self) -> Vec<Bin> {
        let end = self.counts.iter().rposition(|&count| count > 0).map_or(0, |last| last + 1);
        let bins = STEPS.iter().zip(&self.counts).take(end);
        bins.map(|(&upto, &count)| Bin { upto, count }).collect()
    }
}

/// A distribution of whole numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// How many.
    pub count: u64,
    /// Their sum.
    pub sum: u64,
    /// sum / count; 0 while there are none.
    pub mean: f64,
    /// The least; 0 while there are none.
    pub least: u64,
    /// The largest; 0 while there are none.
    pub most: u64,
    /// `sorted[min(n − 1, ⌊0.5·n⌋)]`.
    pub p50: f64,
    /// Likewise.
    pub p90: f64,
    /// Likewise.
    pub p99: f64,
    /// Whether the quantiles are exact; else they are within 0.5 %.
    pub quantiles_exact: bool,
    /// Counts between the steps 0, 1, 2, 5, 10, …
    pub bins: Vec<Bin>,
}

/// A [`Spread`] in the making.
#[derive(Clone, Debug)]
pub(super) struct Spreading {
    steps: Steps,
    quantiles: Quantiles,
    sum: u64,
    least: Option<u64>,
    most: u64,
}

impl Default for Spreading {
    fn default() -> Self {
        let (steps, quantiles) = (Steps::default(), Quantiles::new(false));
        Self { steps, quantiles, sum: 0, least: None, most: 0 }
    }
}

impl Spreading {
    /// Takes in a value. O(log steps).
    pub(super) fn push(&mut self, value: u64) {
        self.steps.push(value);
        self.quantiles.push(value as f64);
        self.sum += value;
        self.least = Some(self.least.map_or(value, |least| least.min(value)));
        self.most = self.most.max(value);
    }

    pub(super) fn finish(&self) -> Spread {
        let [p50, p90, p99] = self.quantiles.at([0.5, 0.9, 0.99]);
        let count = self.steps.count();
        Spread {
            count,
            sum: self.sum,
            mean: crate::analyze::share(self.sum, count),
            least: self.least.unwrap_or(0),
            most: self.most,
            p50,
            p90,
            p99,
            quantiles_exact: self.quantiles.is_exact(),
            bins: self.steps.bins(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    #[test]
    fn counts_and_cut_sums_are_those_of_the_values() {
        assert_eq!(STEPS[..8], [0, 1, 2, 5, 10, 20, 50, 100]);
        let mut stream = Stream::new(1, "bins", 0);
        let values: Vec<u64> = (0..3000)
            .map(|_| {
                let below = 1 << stream.below(40);
                stream.below(below)
            })
            .collect();
        let mut steps = Steps::default();
        values.iter().for_each(|&value| steps.push(value));
        let (mut below, mut counted) = (None, 0);
        for bin in steps.bins() {
            let inside = |value: &&u64| below.is_none_or(|it| it < **value) && **value <= bin.upto;
            assert_eq!(bin.count, values.iter().filter(inside).count() as u64, "{}", bin.upto);
            counted += bin.count;
            assert_eq!(steps.upto(bin.upto), counted);
            let cut: u64 = values.iter().map(|&value| value.min(bin.upto)).sum();
            assert_eq!(steps.cut_sum(bin.upto), cut, "{}", bin.upto);
            below = Some(bin.upto);
        }
        assert_eq!(counted, 3000);
    }
}
