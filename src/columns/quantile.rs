//! Quantiles of times: exact while few, then a sketch with a stated error.

/// Values kept exactly; beyond this many the sketch answers.
pub const EXACT_LIMIT: usize = 1_000_000;

/// Largest relative error of the sketch.
pub const SKETCH_ERROR: f64 = 0.005;

/// A distribution of non-negative values.
#[derive(Clone, Debug)]
pub struct Quantiles {
    exact: Vec<f64>,
    sketch: Sketch,
}

impl Default for Quantiles {
    fn default() -> Self {
        Self { exact: Vec::new(), sketch: Sketch::new(SKETCH_ERROR) }
    }
}

impl Quantiles {
    /// Takes in a value. O(1).
    pub fn push(&mut self, value: f64) {
        self.sketch.push(value);
        if self.sketch.count <= EXACT_LIMIT as u64 {
            self.exact.push(value);
        } else {
            self.exact = Vec::new();
        }
    }

    /// Whether answers are exact; otherwise they are within [`SKETCH_ERROR`].
    pub fn is_exact(&self) -> bool {
        self.exact.len() as u64 == self.sketch.count
    }

    /// The values `sorted[min(n − 1, ⌊q·n⌋)]` for each q in [0, 1]; zeros while there are none.
    /// O(n) while exact.
    pub fn at<const K: usize>(&self, q: [f64; K]) -> [f64; K] {
        if !self.is_exact() {
            return q.map(|q| self.sketch.at(q));
        }
        let mut values = self.exact.clone();
        q.map(|q| {
            let Some(last) = values.len().checked_sub(1) else { return 0.0 };
            let rank = (libm::floor(q * values.len() as f64) as usize).min(last);
            *values.select_nth_unstable_by(rank, f64::total_cmp).1
        })
    }

    /// Counts of values by logarithmic bins for a picture: (upper edge, count), ascending.
    pub fn bins(&self) -> Vec<(f64, u64)> {
        self.sketch.bins()
    }
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
        let Some(last) = self.count.checked_sub(1) else { return 0.0 };
        let rank = (libm::floor(q * self.count as f64) as u64).min(last);
        let mut below = self.zeros;
        if rank < below {
            return 0.0;
        }
        for (at, &count) in (self.first..).zip(&self.bins) {
            below += count;
            if rank < below {
                let upper = libm::exp(f64::from(at) * self.log_gamma);
                return upper * 2.0 / (1.0 + libm::exp(self.log_gamma));
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
        let mut exact = Quantiles::default();
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

    #[test]
    fn ranks_are_floor_of_q_n_and_nothing_gives_zero() {
        assert_eq!(Quantiles::default().at([0.5]), [0.0]);
        let mut quantiles = Quantiles::default();
        for value in [4.0, 1.0, 3.0, 2.0] {
            quantiles.push(value);
        }
        assert_eq!(quantiles.at([0.0, 0.25, 0.5, 0.99, 1.0]), [1.0, 2.0, 3.0, 4.0, 4.0]);
    }
}
