//! The exact curve as points: the capacities a picture is made of, what is hit there, and the knee
//! (docs/metrics.md).

use super::ReuseCurve;
use super::curve::reading;
use serde::Serialize;

/// Decades below the largest capacity that a picture shows.
const DECADES: u32 = 4;

/// What a cache of a capacity hits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// In blocks.
    pub capacity: u32,
    /// hit_tokens / input_tokens; 0 while there are none.
    pub token_hit_rate: f64,
    /// prefix_hits / blocks; 0 while there are none.
    pub prefix_hit_rate: f64,
    /// block_hits / blocks; 0 while there are none.
    pub block_hit_rate: f64,
}

/// At most `count` capacities, even on a logarithmic axis, over the four decades that end with
/// `most`.
pub fn capacities(most: u32, count: u32) -> Vec<u32> {
    let least = (most / 10_u32.pow(DECADES)).max(1);
    let span = libm::log(f64::from(most) / f64::from(least));
    let steps = f64::from(count.max(2) - 1);
    let at = |step: u32| f64::from(least) * libm::exp(span * f64::from(step) / steps);
    let mut all: Vec<u32> = (0..count.max(2)).map(|step| libm::round(at(step)) as u32).collect();
    all.dedup();
    all
}

impl ReuseCurve {
    /// The rates at a capacity. O(1).
    pub fn point(&self, capacity: u32) -> CurvePoint {
        let (hits, totals) = (self.at(capacity), self.totals());
        CurvePoint {
            capacity,
            token_hit_rate: super::share(hits.hit_tokens, totals.input_tokens),
            prefix_hit_rate: super::share(hits.prefix_hits, totals.blocks),
            block_hit_rate: super::share(hits.block_hits, totals.blocks),
        }
    }

    /// The smallest capacity beyond which no doubling gains a point. O(largest distance).
    pub fn knee(&self) -> u32 {
        let rates = reading::Rising(|capacity| self.point(capacity).token_hit_rate);
        reading::knee(1..=self.enough().max(1), true, &rates).map_or(1, |(capacity, _)| capacity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capacities_are_even_on_a_logarithmic_axis() {
        assert_eq!(capacities(100_000, 5), [10, 100, 1000, 10_000, 100_000]);
        assert_eq!(capacities(4, 40), [1, 2, 3, 4]);
        assert_eq!(capacities(1, 40), [1]);
    }
}
