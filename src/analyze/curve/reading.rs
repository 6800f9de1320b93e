//! What a curve says: the knee, and where the better of two policies changes.

use super::CurveLine;
use serde::Serialize;
use std::ops::RangeInclusive;

/// Where more cache gains little.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Knee {
    /// The smallest capacity beyond which doubling gains less than 1 point of token hit rate.
    pub capacity: u32,
    /// The same as KV cache of the model.
    pub gib: f64,
    /// The token hit rate there.
    pub token_hit_rate: f64,
}

/// Where the better of two policies changes.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Crossing {
    /// The policy that hits more with less cache.
    pub below: String,
    /// The policy that hits more with more cache.
    pub above: String,
    /// It lies between these capacities.
    pub between: [u32; 2],
    /// The same in words.
    pub sentence: String,
}

/// What doubling must gain.
const GAIN: f64 = 0.01;

/// What two policies must differ by to be told apart: a tenth of a point.
const APART: f64 = 0.001;

/// Capacities at most that are looked at one by one.
const STEPS: u32 = 1 << 20;

/// The knee of a line, and the rate there. Where a line is not flat beyond the last capacity,
/// nothing is known of it there. O(2^20) steps for long ranges, a millionth apart.
pub(super) fn knee(
    capacities: RangeInclusive<u32>,
    is_flat_beyond: bool,
    rate: impl Fn(u32) -> f64,
) -> Option<(u32, f64)> {
    let (first, last) = (*capacities.start(), *capacities.end());
    let mut at = if is_flat_beyond { last } else { last / 2 };
    let mut beyond = None;
    while first <= at {
        if GAIN <= rate(at.saturating_mul(2)) - rate(at) {
            break;
        }
        beyond = Some((at, rate(at)));
        at -= (at / STEPS).max(1);
    }
    beyond
}

/// The rate at x on the straight line, over a logarithmic axis, through two points.
pub(super) fn straight(a: (u32, f64), b: (u32, f64), x: u32) -> f64 {
    let log = |capacity: u32| libm::log(f64::from(capacity));
    let part = (log(x) - log(a.0)) / (log(b.0) - log(a.0));
    a.1 + part * (b.1 - a.1)
}

/// The rate at x on straight lines between points; that of the nearest beyond them.
pub(super) fn between(points: &[(u32, f64)], x: u32) -> f64 {
    let at = points.partition_point(|point| point.0 < x);
    match (at.checked_sub(1).and_then(|at| points.get(at)), points.get(at)) {
        (_, Some(&(capacity, rate))) if capacity == x => rate,
        (Some(&a), Some(&b)) => straight(a, b, x),
        (None, Some(&(_, rate))) | (Some(&(_, rate)), None) => rate,
        (None, None) => 0.0,
    }
}

/// The crossings of every two lines, by token hit rate, where both were measured.
pub(super) fn crossings(lines: &[CurveLine]) -> Vec<Crossing> {
    let mut found = Vec::new();
    for (at, one) in lines.iter().enumerate() {
        for other in &lines[at + 1..] {
            of_two(one, other, &mut found);
        }
    }
    found
}

fn of_two(one: &CurveLine, other: &CurveLine, found: &mut Vec<Crossing>) {
    let rates = |line: &CurveLine| -> Vec<(u32, f64)> {
        line.points.iter().map(|point| (point.capacity, point.token_hit_rate)).collect()
    };
    let (a, b) = (rates(one), rates(other));
    let (Some(first), Some(last)) = (a.first().zip(b.first()), a.last().zip(b.last())) else {
        return;
    };
    let both = first.0.0.max(first.1.0)..=last.0.0.min(last.1.0);
    let mut capacities: Vec<u32> = a.iter().chain(&b).map(|point| point.0).collect();
    capacities.sort_unstable();
    capacities.dedup();
    // The last capacity at which one of them was better, and whether that was the first.
    let mut before: Option<(u32, bool)> = None;
    for capacity in capacities.into_iter().filter(|it| both.contains(it)) {
        let apart = between(&a, capacity) - between(&b, capacity);
        if apart.abs() < APART {
            continue;
        }
        let is_first = apart > 0.0;
        if let Some((from, was_first)) = before
            && was_first != is_first
        {
            let (below, above) = if was_first { (one, other) } else { (other, one) };
            found.push(crossing(below, above, [from, capacity]));
        }
        before = Some((capacity, is_first));
    }
}

fn crossing(below: &CurveLine, above: &CurveLine, between: [u32; 2]) -> Crossing {
    let (below, above, [from, to]) = (below.name.clone(), above.name.clone(), between);
    let sentence = format!(
        "{below} hits more than {above} up to {from} blocks, {above} more than {below} from {to} on"
    );
    Crossing { below, above, between, sentence }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_knee_is_where_the_last_doubling_stops_to_gain() {
        // Two points a doubling up to 64, then nothing.
        let rate = |capacity: u32| 0.02 * libm::log2(f64::from(capacity.min(64)));
        // From 46 on doubling gains less than a point: log2(64/46) = 0.476, log2(64/45) = 0.508.
        assert_eq!(knee(1..=64, true, rate).map(|it| it.0), Some(46));
        assert_eq!(knee(1..=200, false, rate).map(|it| it.0), Some(46));
        assert_eq!(knee(1..=64, false, rate), None, "it still gains where it ends");
        assert_eq!(knee(1..=64, true, |_| 0.5).map(|it| it.0), Some(1));
    }

    #[test]
    fn lines_are_straight_over_the_logarithm() {
        let points = [(10, 0.1), (1000, 0.3)];
        let found = [5, 10, 100, 1000, 2000].map(|x| between(&points, x));
        let want = [0.1, 0.1, 0.2, 0.3, 0.3];
        assert!(found.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }
}
