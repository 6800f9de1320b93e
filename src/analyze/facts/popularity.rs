//! How unequally blocks are used: ranks, shares, Gini, and a Zipf law fitted to them.
//!
//! The law says that the block of rank r gets a share of r^−s / H(R, s) of the references, H(R, s)
//! = Σ r^−s over ranks 1 to R. The exponent s ≥ 0 is the one under which the uses that were seen
//! are most likely: it maximises −s·Σ u(r)·ln r − U·ln H(R, s), which has one maximum and is found
//! by golden sections to 1e-7. Ranks go from 1 to the last block used twice or more, since below
//! that nothing but the number of blocks is known. A fit is no proof: the largest distance between
//! its cumulated share and the trace's is told beside it.

use crate::analyze::share;
use crate::columns::order;
use serde::Serialize;

/// How often blocks are used.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Popularity {
    /// Different blocks.
    pub distinct_blocks: u64,
    /// Of those, used in one request only.
    pub used_once: u64,
    /// used_once / distinct_blocks; 0 while there are none.
    pub used_once_share: f64,
    /// Gini coefficient of the uses over the blocks, in [0, 1).
    pub gini: f64,
    /// The share of the references that the hottest blocks get.
    pub hottest: Vec<Hottest>,
    /// Uses by rank, at most eight ranks a decade, for a picture with two logarithmic axes.
    pub ranks: Vec<Rank>,
    /// `None` where fewer than two blocks are used twice.
    pub zipf: Option<Zipf>,
}

/// The hottest blocks together.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Hottest {
    /// How many blocks.
    pub blocks: u64,
    /// Their references.
    pub references: u64,
    /// Of all references.
    pub share: f64,
}

/// The block of one rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Rank {
    /// From 1, the most used block; ties in any order.
    pub rank: u64,
    /// Requests that use it.
    pub uses: u64,
}

/// A Zipf law and how it was fitted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Zipf {
    /// The exponent s: the *skew* of docs/metrics.md.
    pub exponent: f64,
    /// Ranks 1 to this one were fitted.
    pub ranks: u64,
    /// References to them.
    pub references: u64,
    /// The largest difference between the cumulated shares of the law and of the trace
    /// (Kolmogorov and Smirnov), in [0, 1].
    pub distance: f64,
    /// How it was fitted.
    pub method: &'static str,
}

const METHOD: &str = "maximum likelihood over ranks 1 to the last block used twice or more";

/// Blocks with as many uses as each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Group {
    uses: u64,
    blocks: u64,
}

impl Popularity {
    /// Of the uses of each block. O(blocks).
    pub(super) fn of(uses: &[u32]) -> Self {
        let groups = groups(uses);
        let distinct_blocks = groups.iter().map(|group| group.blocks).sum();
        let references: u64 = groups.iter().map(|group| group.uses * group.blocks).sum();
        let used_once = groups.last().map_or(0, |it| if it.uses == 1 { it.blocks } else { 0 });
        Self {
            distinct_blocks,
            used_once,
            used_once_share: share(used_once, distinct_blocks),
            gini: gini(&groups, distinct_blocks, references),
            hottest: hottest(&groups, distinct_blocks, references),
            ranks: ranks(&groups, distinct_blocks),
            zipf: Zipf::fit(&groups),
        }
    }
}

/// Uses that are counted in a column; the few blocks with more are sorted.
const FEW: usize = 4096;

/// The groups, most used first.
fn groups(uses: &[u32]) -> Vec<Group> {
    let (mut few, mut many) = (vec![0_u64; FEW], Vec::new());
    for &uses in uses.iter().filter(|&&uses| uses > 0) {
        match few.get_mut(uses as usize) {
            Some(blocks) => *blocks += 1,
            None => many.push(u64::from(uses)),
        }
    }
    order::sort(&mut many);
    let mut groups: Vec<Group> = Vec::new();
    for &uses in many.iter().rev() {
        match groups.last_mut() {
            Some(group) if group.uses == uses => group.blocks += 1,
            _ => groups.push(Group { uses, blocks: 1 }),
        }
    }
    let few = few.into_iter().enumerate().rev().filter(|&(_, blocks)| blocks > 0);
    groups.extend(few.map(|(uses, blocks)| Group { uses: uses as u64, blocks }));
    groups
}

/// Σ_i Σ_j |u_i − u_j| / (2·N·Σu), by groups; 0 while there are no references.
fn gini(groups: &[Group], blocks: u64, references: u64) -> f64 {
    if references == 0 {
        return 0.0;
    }
    let (all, mut before, mut spread) = (blocks as f64, 0.0, 0.0);
    for group in groups.iter().rev() {
        let (uses, own) = (group.uses as f64, group.blocks as f64);
        // Σ (2i − N + 1) over the group's places i among the blocks sorted ascending.
        spread += uses * own * (2.0 * before + own - all);
        before += own;
    }
    spread / (all * references as f64)
}

/// The hottest 1, 10, 100, … and all blocks.
fn hottest(groups: &[Group], blocks: u64, references: u64) -> Vec<Hottest> {
    let decades = std::iter::successors(Some(1), |k: &u64| k.checked_mul(10));
    let counts = decades.take_while(|&k| k < blocks).chain((blocks > 0).then_some(blocks));
    let of = |count: u64| {
        let (mut left, mut sum) = (count, 0);
        for group in groups {
            let taken = group.blocks.min(left);
            sum += taken * group.uses;
            left -= taken;
        }
        Hottest { blocks: count, references: sum, share: share(sum, references) }
    };
    counts.map(of).collect()
}

fn ranks(groups: &[Group], blocks: u64) -> Vec<Rank> {
    let (mut ranks, mut step, mut first) = (Vec::new(), 0, 1);
    let wanted = |step: u32| libm::round(libm::pow(10.0, f64::from(step) / 8.0)) as u64;
    for group in groups {
        let last = first + group.blocks - 1;
        while wanted(step) <= last {
            let rank = wanted(step);
            if ranks.last().is_none_or(|it: &Rank| it.rank < rank) {
                ranks.push(Rank { rank, uses: group.uses });
            }
            step += 1;
        }
        if last == blocks && ranks.last().is_none_or(|it| it.rank < last) {
            ranks.push(Rank { rank: last, uses: group.uses });
        }
        first = last + 1;
    }
    ranks
}

impl Zipf {
    fn fit(groups: &[Group]) -> Option<Self> {
        let fitted = &groups[..groups.partition_point(|group| group.uses >= 2)];
        let ranks: u64 = fitted.iter().map(|group| group.blocks).sum();
        let references: u64 = fitted.iter().map(|group| group.blocks * group.uses).sum();
        if ranks < 2 {
            return None;
        }
        // Σ u(r)·ln r by groups: ln r summed from a to b is ln Γ(b + 1) − ln Γ(a).
        let (mut first, mut log_sum) = (1.0, 0.0);
        for group in fitted {
            let end = first + group.blocks as f64;
            log_sum += group.uses as f64 * (libm::lgamma(end) - libm::lgamma(first));
            first = end;
        }
        let mean_log = log_sum / references as f64;
        let exponent = maximum(|s| -s * mean_log - libm::log(Powers::new(s).upto(ranks)));
        let distance = distance(fitted, references, exponent, ranks);
        Some(Self { exponent, ranks, references, distance, method: METHOD })
    }
}

/// Where a function with one maximum has it, in [0, 20], to 1e-7.
fn maximum(value: impl Fn(f64) -> f64) -> f64 {
    let golden = (libm::sqrt(5.0) - 1.0) / 2.0;
    let (mut low, mut high) = (0.0, 20.0);
    let (mut left, mut right) = (high - golden * (high - low), low + golden * (high - low));
    let (mut at_left, mut at_right) = (value(left), value(right));
    while high - low > 1e-7 {
        if at_left < at_right {
            (low, left, at_left) = (left, right, at_right);
            right = low + golden * (high - low);
            at_right = value(right);
        } else {
            (high, right, at_right) = (right, left, at_left);
            left = high - golden * (high - low);
            at_left = value(left);
        }
    }
    (low + high) / 2.0
}

fn distance(groups: &[Group], references: u64, exponent: f64, ranks: u64) -> f64 {
    let powers = Powers::new(exponent);
    let all = powers.upto(ranks);
    let (mut rank, mut seen, mut most): (u64, u64, f64) = (0, 0, 0.0);
    for group in groups {
        rank += group.blocks;
        seen += group.blocks * group.uses;
        let apart = powers.upto(rank) / all - seen as f64 / references as f64;
        most = most.max(apart.abs());
    }
    most
}

/// Terms of a sum of powers that are added one by one.
const ADDED: usize = 512;

/// Σ r^−s from 1 to any rank: the first terms added, the others by the formula of Euler and
/// Maclaurin, whose error is below 1e-12 from there on.
struct Powers {
    exponent: f64,
    /// The sum up to each of the first ranks.
    first: Vec<f64>,
}

impl Powers {
    fn new(exponent: f64) -> Self {
        let mut sum = 0.0;
        let add = |rank: usize| {
            sum += libm::pow(rank as f64, -exponent);
            sum
        };
        Self { exponent, first: (1..=ADDED).map(add).collect() }
    }

    fn upto(&self, rank: u64) -> f64 {
        if rank <= ADDED as u64 {
            return rank.checked_sub(1).map_or(0.0, |at| self.first[at as usize]);
        }
        let (s, a, b) = (self.exponent, ADDED as f64, rank as f64);
        let (of_a, of_b) = (libm::pow(a, -s), libm::pow(b, -s));
        // ∫ x^−s dx, in a form that holds at s = 1.
        let (u, log) = (1.0 - s, libm::log(b / a));
        let integral = if u.abs() < 1e-12 { log } else { libm::expm1(u * log) / u } * a * of_a;
        let slopes = s * (of_a / a - of_b / b) / 12.0;
        let third = s * (s + 1.0) * (s + 2.0);
        let thirds = third * (of_a / (a * a * a) - of_b / (b * b * b)) / 720.0;
        self.first[ADDED - 1] + integral + (of_b - of_a) / 2.0 + slopes - thirds
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    #[test]
    fn powers_are_summed_as_if_one_by_one() {
        for s in [0.0, 0.3, 0.999_999, 1.0, 1.7, 4.0] {
            let plainly: f64 = (1..=70_000).map(|r| libm::pow(f64::from(r), -s)).sum();
            let found = Powers::new(s).upto(70_000);
            assert!((found / plainly - 1.0).abs() < 1e-11, "{s}: {found} {plainly}");
        }
    }

    /// Uses that follow the law with exponent `s` as closely as whole numbers can.
    fn uses(s: f64, blocks: u32, most: f64) -> Vec<u32> {
        (1..=blocks).map(|r| libm::round(most * libm::pow(f64::from(r), -s)) as u32).collect()
    }

    #[test]
    fn a_known_exponent_is_found_with_a_small_distance() {
        for s in [0.0, 0.4, 0.8, 1.0, 1.3] {
            let zipf = Popularity::of(&uses(s, 4000, 1e6)).zipf.expect("all are used often");
            assert!((zipf.exponent - s).abs() < 1e-3, "{s}: {zipf:?}");
            assert!(zipf.distance < 1e-3 && zipf.ranks == 4000, "{s}: {zipf:?}");
        }
    }

    #[test]
    fn draws_from_a_law_tell_its_exponent() {
        let mut stream = Stream::new(9, "zipf", 0);
        let powers = Powers::new(0.9);
        let mut uses = vec![0; 300];
        for _ in 0..400_000 {
            let at = stream.unit() * powers.upto(300);
            uses[powers.first.partition_point(|&sum| sum < at)] += 1;
        }
        let zipf = Popularity::of(&uses).zipf.expect("all are used often");
        assert!((zipf.exponent - 0.9).abs() < 0.01 && zipf.distance < 0.005, "{zipf:?}");
    }

    #[test]
    fn what_follows_no_law_lies_far_from_it() {
        let two_kinds: Vec<u32> = (0..2000).map(|at| if at < 100 { 5000 } else { 2 }).collect();
        let zipf = Popularity::of(&two_kinds).zipf.expect("all are used twice");
        assert!(zipf.distance > 0.1, "{zipf:?}");
    }

    #[test]
    fn shares_and_gini_equal_the_slow_way() {
        let mut stream = Stream::new(2, "uses", 0);
        for _ in 0..50 {
            let blocks = 1 + stream.below(400);
            let uses: Vec<u32> = (0..blocks)
                .map(|_| {
                    let below = 1 + stream.below(9000);
                    1 + stream.below(below) as u32
                })
                .collect();
            let found = Popularity::of(&uses);
            let mut sorted = uses.clone();
            sorted.sort_unstable_by(|a, b| b.cmp(a));
            let sum: u64 = uses.iter().map(|&it| u64::from(it)).sum();
            let pairs = uses.iter().flat_map(|&a| uses.iter().map(move |&b| a.abs_diff(b)));
            let apart: u64 = pairs.map(u64::from).sum();
            let gini = apart as f64 / (2.0 * blocks as f64 * sum as f64);
            assert!((found.gini - gini).abs() < 1e-12, "{} {gini}", found.gini);
            for part in &found.hottest {
                let top: u64 = sorted[..part.blocks as usize].iter().map(|&it| u64::from(it)).sum();
                assert_eq!(part.references, top);
            }
            for rank in &found.ranks {
                assert_eq!(u64::from(sorted[rank.rank as usize - 1]), rank.uses, "{rank:?}");
            }
            assert_eq!(found.ranks.last().expect("a rank").rank, blocks);
            let once = uses.iter().filter(|&&it| it == 1).count() as u64;
            assert_eq!((found.used_once, found.distinct_blocks), (once, blocks));
        }
        let nothing = Popularity::of(&[]);
        assert_eq!((nothing.gini, nothing.zipf, nothing.hottest.len()), (0.0, None, 0));
    }
}
