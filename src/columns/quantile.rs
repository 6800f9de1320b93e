//! Quantiles of times: exact while few, then a sketch with a stated error.

use super::order;

/// Values kept exactly; beyond this many the sketch answers.
pub const EXACT_LIMIT: usize = 1_000_000;

/// Largest relative error of the sketch.
pub const SKETCH_ERROR: f64 = 0.005;

/// A distribution of non-negative values.
#[derive(Clone, Debug)]
pub struct Quantiles {
    count: u64,
    exact: Vec<f64>,
    /// Of all values, or of none while they are few and nobody draws them.
    sketch: Sketch,
    drawn: bool,
}

impl Quantiles {
    /// Of no value yet. Where they are `drawn`, a sketch is kept from the first one on, so that
    /// [`Quantiles::bins`] costs nothing.
    pub fn new(drawn: bool) -> Self {
        Self { count: 0, exact: Vec::new(), sketch: Sketch::new(SKETCH_ERROR), drawn }
    }

    /// Takes in a value. Amortised O(1).
    pub fn push(&mut self, value: f64) {
        let exact = self.is_exact();
        self.count += 1;
        if exact && self.count <= EXACT_LIMIT as u64 {
            self.exact.push(value);
            if !self.drawn {
                return;
            }
        } else if !self.exact.is_empty() {
            self.sketch = self.sketched();
            self.exact = Vec::new();
        }
        self.sketch.push(value);
    }

    /// Takes a value out that was taken in. O(n) while exact.
    ///
    /// # Panics
    /// If there is no such value.
    pub fn take_back(&mut self, value: f64) {
        let exact = self.is_exact();
        self.count -= 1;
        if exact {
            let place = self.exact.iter().rposition(|&other| other == value);
            self.exact.swap_remove(place.expect("a value that was taken in"));
        }
        if !exact || self.drawn {
            self.sketch.take_back(value);
        }
    }

    /// The sketch of all values.
    fn sketched(&self) -> Sketch {
        let mut sketch = self.sketch.clone();
        if sketch.count == 0 {
            self.exact.iter().for_each(|&value| sketch.push(value));
        }
        sketch
    }

    /// Whether answers are exact; otherwise they are within [`SKETCH_ERROR`].
    pub fn is_exact(&self) -> bool {
        self.exact.len() as u64 == self.count
    }

    /// The values `sorted[min(n − 1, ⌊q·n⌋)]` for each q in [0, 1]; zeros while there are none.
    /// O(n) while exact.
    pub fn at<const K: usize>(&self, q: [f64; K]) -> [f64; K] {
        if !self.is_exact() {
            return q.map(|q| self.sketch.at(q));
        }
        let mut words = words_of(&self.exact);
        q.map(|q| select(&mut words, q))
    }

    /// Counts of values by logarithmic bins for a picture: (upper edge, count), ascending. O(bins),
    /// or O(n) where nobody was to draw them.
    pub fn bins(&self) -> Vec<(f64, u64)> {
        if self.drawn { self.sketch.bins() } else { self.sketched().bins() }
    }
}

/// A distribution of which a run keeps a thousand: the values themselves while they are few, then
/// a sketch that never answers too low.
#[derive(Clone, Debug)]
pub enum Small {
    /// All of them.
    Values(Vec<f64>),
    /// Their histogram, and the largest.
    Sketched {
        /// With bins of [`SMALL_ERROR`].
        sketch: Sketch,
        /// No quantile is above it.
        most: f64,
    },
}

/// Values that a [`Small`] keeps exactly. Up to 100 the p99 is the largest value, so that no mean
/// is above it.
pub const SMALL_LIMIT: usize = 128;

/// How far a [`Small`] of more values answers above the true quantile at most, relative to it.
pub const SMALL_ERROR: f64 = 0.05;

impl Default for Small {
    fn default() -> Self {
        Self::Values(Vec::new())
    }
}

impl Small {
    /// Takes in a value. Amortised O(1).
    pub fn push(&mut self, value: f64) {
        match self {
            Self::Values(values) if values.len() < SMALL_LIMIT => values.push(value),
            Self::Values(_) => {
                self.sketch();
                self.push(value);
            }
            Self::Sketched { sketch, most } => {
                sketch.push(value);
                *most = most.max(value);
            }
        }
    }

    /// Takes in everything `other` holds.
    pub fn merge(&mut self, other: &Self) {
        match other {
            Self::Values(values) => values.iter().for_each(|&value| self.push(value)),
            Self::Sketched { sketch, most } => {
                self.sketch();
                if let Self::Sketched { sketch: mine, most: my_most } = self {
                    mine.merge(sketch);
                    *my_most = my_most.max(*most);
                }
            }
        }
    }

    /// `sorted[min(n − 1, ⌊q·n⌋)]` of up to [`SMALL_LIMIT`] values; of more it is never less than
    /// that, and more by at most [`SMALL_ERROR`]. 0 while there are none.
    pub fn at(&self, q: f64) -> f64 {
        match self {
            Self::Values(values) => select(&mut words_of(values), q),
            Self::Sketched { sketch, most } => sketch.edge(q).min(*most),
        }
    }

    fn sketch(&mut self) {
        if let Self::Values(values) = self {
            // A bin is as wide as the error, since it answers by its upper edge.
            let mut sketch = Sketch::new(SMALL_ERROR / (2.0 + SMALL_ERROR));
            values.iter().for_each(|&value| sketch.push(value));
            let most = values.iter().copied().fold(0.0, f64::max);
            *self = Self::Sketched { sketch, most };
        }
    }
}

/// The value at rank min(n − 1, ⌊q·n⌋) of the words of values; 0 while there are none. O(n).
fn select(words: &mut [u64], q: f64) -> f64 {
    let Some(last) = words.len().checked_sub(1) else { return 0.0 };
    let rank = (libm::floor(q * words.len() as f64) as usize).min(last);
    order::number_of(order::nth(words, rank))
}

fn words_of(values: &[f64]) -> Vec<u64> {
    values.iter().copied().map(order::word_of).collect()
}

/// A logarithmic histogram after DDSketch (Masson, Rim and Lee, VLDB 2019): a value v > 0 falls
/// into bin ⌈log_γ v⌉ with γ = (1 + e) / (1 − e), so any quantile is within e of the true one.
#[derive(Clone, Debug)]
pub struct Sketch {
    log_gamma: f64,
    zeros: u64,
    first: i32,
    bins: Vec<u64>,
    count: u64,
}

/// Values below this count as zero.
const SMALLEST: f64 = 1e-9;

impl Sketch {
    /// Empty, with relative error `error` in (0, 1).
    pub fn new(error: f64) -> Self {
        let log_gamma = libm::log((1.0 + error) / (1.0 - error));
        Self { log_gamma, zeros: 0, first: 0, bins: Vec::new(), count: 0 }
    }

    /// Takes in a value. Amortised O(1).
    pub fn push(&mut self, value: f64) {
        self.count += 1;
        if value < SMALLEST {
            self.zeros += 1;
            return;
        }
        let bin = libm::ceil(libm::log(value) / self.log_gamma) as i32;
        self.cover(bin);
        self.bins[(bin - self.first) as usize] += 1;
    }

    /// Takes a value out that was taken in.
    pub fn take_back(&mut self, value: f64) {
        self.count -= 1;
        if value < SMALLEST {
            self.zeros -= 1;
            return;
        }
        let bin = libm::ceil(libm::log(value) / self.log_gamma) as i32;
        self.bins[(bin - self.first) as usize] -= 1;
    }

    /// Adds everything `other` holds; both must have the same error.
    pub fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.zeros += other.zeros;
        for (at, &count) in (other.first..).zip(&other.bins) {
            if count > 0 {
                self.cover(at);
                self.bins[(at - self.first) as usize] += count;
            }
        }
    }

    /// The value at rank min(n − 1, ⌊q·n⌋), within the error; 0 while there is none.
    pub fn at(&self, q: f64) -> f64 {
        self.edge(q) * 2.0 / (1.0 + libm::exp(self.log_gamma))
    }

    /// The upper edge of the bin that holds the value of this rank; 0 while there is none.
    fn edge(&self, q: f64) -> f64 {
        let Some(last) = self.count.checked_sub(1) else { return 0.0 };
        let rank = (libm::floor(q * self.count as f64) as u64).min(last);
        let mut below = self.zeros;
        if rank < below {
            return 0.0;
        }
        for (at, &count) in (self.first..).zip(&self.bins) {
            below += count;
            if rank < below {
                return libm::exp(f64::from(at) * self.log_gamma);
            }
        }
        0.0
    }

    fn bins(&self) -> Vec<(f64, u64)> {
        let zeros = (self.zeros > 0).then_some((SMALLEST, self.zeros));
        let edges = (self.first..).zip(&self.bins).filter(|(_, count)| **count > 0);
        let edges = edges.map(|(at, &count)| (libm::exp(f64::from(at) * self.log_gamma), count));
        zeros.into_iter().chain(edges).collect()
    }

    fn cover(&mut self, bin: i32) {
        if self.bins.is_empty() {
            self.first = bin;
        }
        if bin < self.first {
            let more = (self.first - bin) as usize;
            self.bins.splice(0..0, std::iter::repeat_n(0, more));
            self.first = bin;
        }
        let needed = (bin - self.first) as usize + 1;
        if self.bins.len() < needed {
            self.bins.resize(needed, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    #[test]
    fn sketch_stays_within_its_error_of_the_exact_quantile_and_merges() {
        let mut stream = Stream::new(5, "quantile", 0);
        let mut exact = Quantiles::new(false);
        let (mut left, mut right) = (Sketch::new(SKETCH_ERROR), Sketch::new(SKETCH_ERROR));
        for at in 0..20_000 {
            let value = libm::exp(10.0 * stream.unit() - 5.0);
            exact.push(value);
            if at % 3 == 0 { left.push(value) } else { right.push(value) }
        }
        left.merge(&right);
        for q in [0.0, 0.01, 0.5, 0.9, 0.99, 1.0] {
            let [want] = exact.at([q]);
            let got = left.at(q);
            assert!((got / want - 1.0).abs() <= SKETCH_ERROR * 1.000_001, "{q}: {got} {want}");
        }
    }

    /// Mean and p99 of values as they stand, the slow way.
    fn plainly(values: &[f64]) -> (f64, f64) {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let rank = (99 * sorted.len() / 100).min(sorted.len() - 1);
        (values.iter().sum::<f64>() / values.len() as f64, sorted[rank])
    }

    #[test]
    fn a_small_distribution_is_exact_while_few_and_never_too_low() {
        let mut stream = Stream::new(11, "small", 0);
        for round in 0..600 {
            let count = 1 + (stream.unit() * 300.0) as usize;
            // Nearly equal values are where a bin's middle may lie under their mean.
            let width = if round % 2 == 0 { 0.01 } else { 8.0 };
            let values: Vec<f64> =
                (0..count).map(|_| libm::exp(width * (stream.unit() - 0.5))).collect();
            let (mut whole, mut left, mut right) =
                (Small::default(), Small::default(), Small::default());
            for (at, &value) in values.iter().enumerate() {
                whole.push(value);
                if at % 3 == 0 { left.push(value) } else { right.push(value) }
            }
            left.merge(&right);
            let (mean, p99) = plainly(&values);
            for got in [whole.at(0.99), left.at(0.99)] {
                if count <= SMALL_LIMIT {
                    assert_eq!(got, p99, "{count} values");
                }
                let most = p99 * (1.0 + SMALL_ERROR) * (1.0 + 1e-12);
                assert!(p99 <= got && got <= most, "{count} values: {got} for {p99}");
                assert!(mean <= got || p99 < mean, "{count} values: mean {mean} over {got}");
            }
            assert_eq!(whole.at(0.99), left.at(0.99), "merged: {count} values");
        }
        assert_eq!(Small::default().at(0.99), 0.0);
    }

    #[test]
    fn a_distribution_is_the_same_whether_it_is_drawn_or_not() {
        let mut stream = Stream::new(6, "drawn", 0);
        let (mut drawn, mut other) = (Quantiles::new(true), Quantiles::new(false));
        for count in 1..=EXACT_LIMIT + 2 {
            let value = 10.0 * stream.unit();
            drawn.push(value);
            other.push(value);
            if !(3..EXACT_LIMIT).contains(&count) {
                assert_eq!(drawn.is_exact(), count <= EXACT_LIMIT);
                assert_eq!(drawn.is_exact(), other.is_exact());
                assert_eq!(drawn.at([0.0, 0.5, 0.99]), other.at([0.0, 0.5, 0.99]), "{count}");
                assert_eq!(drawn.bins(), other.bins(), "{count} values");
                let told: u64 = drawn.bins().iter().map(|bin| bin.1).sum();
                assert_eq!(told, count as u64);
            }
        }
    }

    #[test]
    fn ranks_are_floor_of_q_n_and_nothing_gives_zero() {
        assert_eq!(Quantiles::new(true).at([0.5]), [0.0]);
        let mut quantiles = Quantiles::new(true);
        for value in [4.0, 1.0, 3.0, 2.0] {
            quantiles.push(value);
        }
        assert_eq!(quantiles.at([0.0, 0.25, 0.5, 0.99, 1.0]), [1.0, 2.0, 3.0, 4.0, 4.0]);
    }
}
