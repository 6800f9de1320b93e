//! Curves as points: the capacities a picture is made of, where a curve bends, where two cross.
//!
//! docs/metrics.md defines knee and crossing. Between measured points a curve is a straight line
//! over the logarithm of the capacity.

use super::ReuseCurve;
use serde::Serialize;

/// What doubling a cache must gain at least, in token hit rate, to be worth it: 1 point.
pub const KNEE_GAIN: f64 = 0.01;

/// What two rates must differ by for one to be the better: 0.1 point.
pub const CROSSING_GAP: f64 = 0.001;

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

/// Where the better of two curves changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Crossing {
    /// The last measured capacity at which the one was better.
    pub from: u32,
    /// The first at which the other is.
    pub to: u32,
    /// Whether it is the first curve that is better beyond.
    pub first_wins: bool,
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

    /// The smallest capacity beyond which no doubling gains [`KNEE_GAIN`]. O(largest distance).
    pub fn knee(&self) -> u32 {
        let gain = |capacity: u32| {
            let twice = self.at(capacity.saturating_mul(2)).hit_tokens;
            super::share(twice - self.at(capacity).hit_tokens, self.totals().input_tokens)
        };
        let worth = (1..self.enough()).rev().find(|&capacity| gain(capacity) >= KNEE_GAIN);
        worth.map_or(1, |capacity| capacity + 1)
    }
}

/// The same of a curve that was measured at capacities, given in ascending order with their rates;
/// none where doubling is worth it up to the last of them.
pub fn knee(points: &[(u32, f64)]) -> Option<u32> {
    let (&(first, _), &(last, end)) = (points.first()?, points.last()?);
    let rate = |capacity: f64| {
        let after = points.partition_point(|&(at, _)| f64::from(at) < capacity);
        match (after.checked_sub(1).map(|before| points[before]), points.get(after)) {
            (Some((low, below)), Some(&(high, above))) => {
                let span = libm::log(f64::from(high) / f64::from(low));
                below + (above - below) * libm::log(capacity / f64::from(low)) / span
            }
            (None, Some(&(_, only))) => only,
            _ => end,
        }
    };
    // What doubling gains bends where either end passes a point, so the last place at which it is
    // worth it lies between two such capacities, on a straight line.
    let mut bends: Vec<f64> = points.iter().map(|&(at, _)| f64::from(at)).collect();
    bends.extend(points.iter().map(|&(at, _)| f64::from(at) / 2.0).filter(|it| *it >= 1.0));
    bends.retain(|&it| f64::from(first) <= it && it <= f64::from(last) / 2.0);
    bends.sort_by(f64::total_cmp);
    let gain = |capacity: f64| rate(2.0 * capacity) - rate(capacity);
    let Some(at) = bends.iter().rposition(|&it| gain(it) >= KNEE_GAIN) else { return Some(first) };
    let (low, &high) = (bends[at], bends.get(at + 1)?);
    let part = (gain(low) - KNEE_GAIN) / (gain(low) - gain(high));
    Some(libm::ceil(low * libm::pow(high / low, part)) as u32)
}

/// Where two curves cross that were measured at the same capacities, in ascending order.
pub fn crossings(capacities: &[u32], first: &[f64], second: &[f64]) -> Vec<Crossing> {
    let mut found = Vec::new();
    let mut before: Option<(u32, bool)> = None;
    for (&to, (one, other)) in capacities.iter().zip(first.iter().zip(second)) {
        if (one - other).abs() < CROSSING_GAP {
            continue;
        }
        let first_wins = one > other;
        if let Some((from, won)) = before
            && won != first_wins
        {
            found.push(Crossing { from, to, first_wins });
        }
        before = Some((to, first_wins));
    }
    found
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

    #[test]
    fn the_knee_is_the_last_capacity_at_which_doubling_is_worth_it() {
        // Ten points a doubling up to 8, then half a point: beyond 8 − a little it is not worth it.
        let points = [(1, 0.1), (2, 0.2), (4, 0.3), (8, 0.4), (16, 0.405), (32, 0.41)];
        // From 4 to 8 the gain falls from 0.1 to 0.005, over log C: 0.01 at 4·2^(90/95) = 7.71.
        assert_eq!(knee(&points), Some(8));
        assert_eq!(knee(&[(1, 0.1), (2, 0.3), (4, 0.5)]), None, "it goes on rising");
        assert_eq!(knee(&[(3, 0.1), (300, 0.1)]), Some(3), "it never was");
        assert_eq!(knee(&[]), None);
    }

    #[test]
    fn a_crossing_is_told_with_the_capacities_around_it() {
        let capacities = [1, 2, 4, 8, 16];
        let (one, other) = ([0.1, 0.2, 0.3, 0.4, 0.5], [0.2, 0.2995, 0.3002, 0.3, 0.6]);
        let told = [
            Crossing { from: 2, to: 8, first_wins: true },
            Crossing { from: 8, to: 16, first_wins: false },
        ];
        assert_eq!(crossings(&capacities, &one, &other), told);
        assert_eq!(crossings(&capacities, &one, &one), []);
    }
}
