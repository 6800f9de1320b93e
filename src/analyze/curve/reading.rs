//! What a curve says: where more cache gains little, by two measures, and where the better of two
//! policies changes.

use super::CurveLine;
use crate::figures::grouped;
use serde::Serialize;
use std::ops::RangeInclusive;

/// Where more cache gains little.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Knee {
    /// The smallest capacity from which on it does.
    pub capacity: u32,
    /// The same as KV cache of the model.
    pub gib: f64,
    /// The token hit rate there.
    pub token_hit_rate: f64,
}

/// Where the better of two lines changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The last capacity at which the one was better.
    pub from: u32,
    /// The first at which the other is.
    pub to: u32,
    /// Whether it is the first line that is better beyond.
    pub first_wins: bool,
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

/// What doubling a cache must gain at least, in token hit rate, to be worth it: 1 point.
const GAIN: f64 = 0.01;

/// What a GiB must gain at least, as a share of what the first one gained, to be worth it.
pub const WORTH: f64 = 0.1;

/// What two rates must differ by for one to be the better: 0.1 point.
const APART: f64 = 0.001;

/// Capacities at most that are looked at one by one.
const STEPS: u32 = 1 << 20;

/// The part of a capacity that is looked at together.
const SPAN: u32 = 64;

/// More than any rounding of a difference of rates, and less than any that means something.
const ROUNDING: f64 = 1e-9;

/// A line as these searches see it.
pub(in crate::analyze) trait Rates {
    /// The rate at a capacity.
    fn at(&self, capacity: u32) -> f64;

    /// The least and the largest rate between two capacities; further apart costs nothing but time.
    fn within(&self, capacities: RangeInclusive<u32>) -> (f64, f64);
}

/// A line that never falls.
pub(in crate::analyze) struct Rising<R>(pub(in crate::analyze) R);

impl<R: Fn(u32) -> f64> Rates for Rising<R> {
    fn at(&self, capacity: u32) -> f64 {
        self.0(capacity)
    }

    fn within(&self, capacities: RangeInclusive<u32>) -> (f64, f64) {
        (self.at(*capacities.start()), self.at(*capacities.end()))
    }
}

/// Straight lines, over a logarithmic axis, between points in ascending order.
pub(super) struct Straight<'a>(pub(super) &'a [(u32, f64)]);

impl Rates for Straight<'_> {
    fn at(&self, capacity: u32) -> f64 {
        between(self.0, capacity)
    }

    /// That of an end or of a point between them.
    fn within(&self, capacities: RangeInclusive<u32>) -> (f64, f64) {
        let (start, end) = (*capacities.start(), *capacities.end());
        let first = self.0.partition_point(|point| point.0 <= start);
        let points = self.0[first..].iter().take_while(|point| point.0 < end);
        let all = points.map(|point| point.1).chain([self.at(start), self.at(end)]);
        all.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), rate| {
            (least.min(rate), most.max(rate))
        })
    }
}

/// The knee of a line, and the rate there. Where a line is not flat beyond the last capacity,
/// nothing is known of it there. O(2^20) steps for long ranges, a millionth apart, of which few
/// look at the line.
pub(in crate::analyze) fn knee(
    capacities: RangeInclusive<u32>,
    is_flat_beyond: bool,
    rates: &impl Rates,
) -> Option<(u32, f64)> {
    beyond(capacities, is_flat_beyond, rates, |_, gain| GAIN <= gain)
}

/// Where one more GiB, on the mean of those that double the cache, brings less than [`WORTH`] of
/// what the first one brought; where a line begins beyond a GiB, of those up to there on the mean.
/// As [`knee`] otherwise.
pub(super) fn worth(
    capacities: RangeInclusive<u32>,
    is_flat_beyond: bool,
    rates: &impl Rates,
    gib: impl Fn(u32) -> f64,
) -> Option<(u32, f64)> {
    let start = *capacities.start();
    let a_block = gib(start) / f64::from(start.max(1));
    if a_block <= 0.0 {
        return None;
    }
    let one = (libm::ceil(1.0 / a_block) as u32).max(start);
    let first = rates.at(one) / gib(one);
    let is_worth = |at: u32, gain: f64| WORTH * first <= gain / gib(at) && gain > 0.0;
    beyond(one..=*capacities.end(), is_flat_beyond, rates, is_worth)
}

/// The smallest capacity from which on no doubling is worth it, by what it gains, and the rate
/// there. What is not worth it is not either with a larger capacity or a smaller gain.
fn beyond(
    capacities: RangeInclusive<u32>,
    is_flat_beyond: bool,
    rates: &impl Rates,
    is_worth: impl Fn(u32, f64) -> bool,
) -> Option<(u32, f64)> {
    let (first, last) = ((*capacities.start()).max(1), *capacities.end());
    let mut at = if is_flat_beyond { last } else { last / 2 };
    let twice = |at: u32| at.saturating_mul(2);
    let mut beyond = None;
    'all: while first <= at {
        // Where no doubling of a span can be worth it, none is looked at.
        let from = (at - at / SPAN).max(first);
        let (least, _) = rates.within(from..=at);
        let (_, most) = rates.within(twice(from)..=twice(at));
        let may_be = is_worth(from, most - least + ROUNDING);
        while from <= at {
            if may_be && is_worth(at, rates.at(twice(at)) - rates.at(at)) {
                break 'all;
            }
            beyond = Some(at);
            at -= (at / STEPS).max(1);
        }
    }
    beyond.map(|at| (at, rates.at(at)))
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
    for turn in turns(&rates(one), &rates(other)) {
        let (below, above) = if turn.first_wins { (other, one) } else { (one, other) };
        found.push(crossing(below, above, [turn.from, turn.to]));
    }
}

/// Where the better of two lines changes, given by their points in ascending order, where both
/// were measured. O(n log n).
pub fn turns(a: &[(u32, f64)], b: &[(u32, f64)]) -> Vec<Turn> {
    let (Some(first), Some(last)) = (a.first().zip(b.first()), a.last().zip(b.last())) else {
        return Vec::new();
    };
    let both = first.0.0.max(first.1.0)..=last.0.0.min(last.1.0);
    let mut capacities: Vec<u32> = a.iter().chain(b).map(|point| point.0).collect();
    capacities.sort_unstable();
    capacities.dedup();
    let mut found = Vec::new();
    // The last capacity at which one of them was better, and whether that was the first.
    let mut before: Option<(u32, bool)> = None;
    for to in capacities.into_iter().filter(|it| both.contains(it)) {
        let apart = between(a, to) - between(b, to);
        if apart.abs() < APART {
            continue;
        }
        let first_wins = apart > 0.0;
        if let Some((from, won)) = before
            && won != first_wins
        {
            found.push(Turn { from, to, first_wins });
        }
        before = Some((to, first_wins));
    }
    found
}

fn crossing(below: &CurveLine, above: &CurveLine, between: [u32; 2]) -> Crossing {
    let (below, above, [from, to]) = (below.name.clone(), above.name.clone(), between);
    let sentence = format!(
        "{below} hits more than {above} up to {} blocks, {above} more than {below} from {} on",
        grouped(from.into()),
        grouped(to.into())
    );
    Crossing { below, above, between, sentence }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    #[test]
    fn the_knee_is_where_the_last_doubling_stops_to_gain() {
        // Two points a doubling up to 64, then nothing.
        let rate = |capacity: u32| 0.02 * libm::log2(f64::from(capacity.min(64)));
        // From 46 on doubling gains less than a point: log2(64/46) = 0.476, log2(64/45) = 0.508.
        assert_eq!(knee(1..=64, true, &Rising(rate)).map(|it| it.0), Some(46));
        assert_eq!(knee(1..=200, false, &Rising(rate)).map(|it| it.0), Some(46));
        assert_eq!(knee(1..=64, false, &Rising(rate)), None, "it still gains where it ends");
        assert_eq!(knee(1..=64, true, &Rising(|_| 0.5)).map(|it| it.0), Some(1));
    }

    #[test]
    fn lines_are_straight_over_the_logarithm() {
        let points = [(10, 0.1), (1000, 0.3)];
        let found = [5, 10, 100, 1000, 2000].map(|x| between(&points, x));
        let want = [0.1, 0.1, 0.2, 0.3, 0.3];
        assert!(found.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?}");
    }

    #[test]
    fn a_turn_is_told_with_the_capacities_around_it() {
        let line = |rates: [f64; 5]| -> Vec<(u32, f64)> {
            [1, 2, 4, 8, 16].into_iter().zip(rates).collect()
        };
        let one = line([0.1, 0.2, 0.3, 0.4, 0.5]);
        let other = line([0.2, 0.2995, 0.3002, 0.3, 0.6]);
        let told = [
            Turn { from: 2, to: 8, first_wins: true },
            Turn { from: 8, to: 16, first_wins: false },
        ];
        assert_eq!(turns(&one, &other), told);
        assert_eq!(turns(&one, &one), []);
    }

    #[test]
    fn the_second_knee_is_where_a_gib_brings_a_tenth_of_the_first() {
        // 10 blocks a GiB. The first GiB hits 0.2; the rate then rises by 0.03 a GiB up to 6.05
        // GiB and by 0.01 beyond.
        let rate = |capacity: u32| {
            let gib = f64::from(capacity) / 10.0;
            0.2 * gib.min(1.0) + 0.03 * (gib.clamp(1.0, 6.05) - 1.0) + 0.01 * (gib - 6.05).max(0.0)
        };
        let gib = |capacity: u32| f64::from(capacity) / 10.0;
        // From g to 2g GiB: 0.03·(6.05 − g) + 0.01·(2g − 6.05) = 0.02·g at g = 4.03.
        assert_eq!(worth(1..=200, false, &Rising(rate), gib).map(|it| it.0), Some(41));
        // It begins at 2 GiB, which bring 0.115 each: 0.121 − 0.01·g = 0.0115·g at g = 5.63.
        assert_eq!(worth(20..=200, false, &Rising(rate), gib).map(|it| it.0), Some(57));
        assert_eq!(worth(1..=60, false, &Rising(rate), gib), None, "it still is where it ends");
        assert_eq!(
            worth(1..=60, false, &Rising(rate), |_| 0.0),
            None,
            "nobody says what a block weighs"
        );
    }

    #[test]
    fn a_capacity_of_nothing_is_no_end_of_the_search() {
        assert_eq!(knee(0..=8, true, &Rising(|_| 0.5)).map(|it| it.0), Some(1));
    }

    /// Looks at every capacity.
    fn plainly(
        (first, last): (u32, u32),
        is_flat_beyond: bool,
        rates: &impl Rates,
        is_worth: impl Fn(u32, f64) -> bool,
    ) -> Option<(u32, f64)> {
        let end = if is_flat_beyond { last } else { last / 2 };
        let worth = |&at: &u32| is_worth(at, rates.at(2 * at) - rates.at(at));
        let beyond = (first..=end).rev().take_while(|at| !worth(at)).last();
        beyond.map(|at| (at, rates.at(at)))
    }

    #[test]
    fn what_is_passed_over_is_what_is_not_worth_it() {
        let mut found = 0;
        for round in 0..300 {
            let mut stream = Stream::new(round, "knees", 0);
            let (mut points, mut rate) = (Vec::new(), 0.0);
            let mut capacity = 1 + stream.below(40) as u32;
            for _ in 0..2 + stream.below(20) {
                points.push((capacity, rate));
                capacity += 1 + stream.below(u64::from(capacity)) as u32;
                // Now and then more cache hits less.
                rate += (stream.below(100) as f64 - 15.0) / 4000.0;
            }
            let (first, last) = (points[0].0, points.last().expect("a point").0);
            let rates = Straight(&points);
            for flat in [true, false] {
                let want = plainly((first, last), flat, &rates, |_, gain| GAIN <= gain);
                assert_eq!(knee(first..=last, flat, &rates), want, "{points:?}");
                let gib = |capacity: u32| f64::from(capacity) / 10.0;
                let one = first.max(10);
                let share = WORTH * (rates.at(one) / gib(one));
                let is_worth = |at: u32, gain: f64| share <= gain / gib(at) && gain > 0.0;
                let want = plainly((one, last), flat, &rates, is_worth);
                assert_eq!(worth(first..=last, flat, &rates, gib), want, "{points:?}");
                found += usize::from(want.is_some_and(|(at, _)| one < at));
            }
        }
        assert!(found > 100, "{found} of them lie inside");
    }
}
