//! The research notes' claims, each measured twice on the open trace: as the notes measured it,
//! and made right.
//!
//! A claim is one file. What they share is here: the notes' cluster, means over seeds, and
//! whether two means can be told apart. No figure of a verdict is written down: sentences are
//! made from the runs.

pub mod order;
pub mod evictions;
pub mod one_node;
pub mod concentration;
pub mod fitness;
pub mod rule;
pub mod weight;
pub mod hot_set;
pub mod surface;

use super::Fact;
use crate::config::{Config, PolicyChoice};
use crate::figures;
use crate::params::ParamValue;
use crate::sim::Summary;
use crate::sweep::Mean;
use std::cmp::Ordering;

/// Where the claims are from.
const SOURCE: &str = "the research notes";
/// The notes' own trace is Mooncake's toolagent; this is its stand-in.
const WORKLOAD: &str = "toolagent";
/// Seeds of a claim unless somebody says otherwise.
const SEEDS: u32 = 5;
/// Nodes of the notes' runs.
const NODES: usize = 4;
/// Blocks of one of their nodes.
const CAPACITY: u32 = 500;
/// The notes' routers, as menus call them.
const ROUTERS: [(&str, &str); 4] = [
    ("hotspot_migration", "Hotspot migration"),
    ("random", "Random"),
    ("cache_aware", "Cache aware"),
    ("enhanced", "Enhanced"),
];

/// What menus call one of the notes' routers.
fn called(router: &str) -> &'static str {
    let row = ROUTERS.iter().find(|(id, _)| *id == router);
    row.expect("it is one of the notes' routers").1
}

/// The notes' cluster under LFU, with prefix matches and a load signal that works.
fn made_right(router: &str) -> Config {
    Config::new(NODES, CAPACITY)
        .router(PolicyChoice::new(router))
        .eviction(PolicyChoice::new("lfu"))
}

/// The notes' cluster as their code ran it: blocks match wherever they stand, no node ever
/// seems loaded.
fn as_noted(router: &str) -> Config {
    let mut choice = PolicyChoice::new(router);
    if router != "random" {
        choice = choice.with("match", text("any")).with("load_signal", text("none"));
    }
    Config::new(NODES, CAPACITY).router(choice).eviction(PolicyChoice::new("lfu"))
}

fn text(value: &str) -> ParamValue {
    ParamValue::Text(value.to_owned())
}

/// The mean of a figure over runs, of which there is at least one.
fn mean(runs: &[Summary], of: impl Fn(&Summary) -> f64) -> Mean {
    Mean::of(&runs.iter().map(of).collect::<Vec<f64>>())
}

/// How one figure stands to another over the same seeds: equal where the 95 % interval of the
/// paired differences includes 0.
fn told_apart(one: &[Summary], other: &[Summary], of: impl Fn(&Summary) -> f64) -> Ordering {
    let differences: Vec<f64> = one.iter().zip(other).map(|(a, b)| of(a) - of(b)).collect();
    let Mean { mean, half_width, .. } = Mean::of(&differences);
    if mean.abs() <= half_width.unwrap_or(0.0) { Ordering::Equal } else { mean.total_cmp(&0.0) }
}

/// Any resident block of a request, as the notes count hits.
pub(super) fn any_hits(run: &Summary) -> f64 {
    if run.sums.blocks == 0 { 0.0 } else { run.sums.block_hits as f64 / run.sums.blocks as f64 }
}

fn token_hits(run: &Summary) -> f64 {
    run.token_hit_rate
}

fn largest_work(run: &Summary) -> f64 {
    run.balance_work.largest_share
}

fn largest_requests(run: &Summary) -> f64 {
    run.balance_requests.largest_share
}

fn largest_resident(run: &Summary) -> f64 {
    run.balance_resident.largest_share
}

pub(super) fn percent(share: f64) -> String {
    figures::percent(share, 1)
}

/// Shares that one sentence compares: with the decimals, two to four, at which those that differ
/// are written differently.
fn percents(shares: &[f64]) -> Vec<String> {
    let written = |decimals: usize| -> Vec<String> {
        shares.iter().map(|&share| figures::percent(share, decimals)).collect()
    };
    let pairs = || (0..shares.len()).flat_map(|at| (0..at).map(move |before| (before, at)));
    let tells = |written: &[String]| {
        pairs().all(|(one, other)| shares[one] == shares[other] || written[one] != written[other])
    };
    (2..4).map(written).find(|it| tells(it)).unwrap_or_else(|| written(4))
}

/// A constant that was not fitted.
pub(super) fn fact(name: &'static str, value: impl Into<String>) -> Fact {
    Fact { name, value: value.into(), fitted: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::studies::Cell;
    use crate::trace::synth;

    #[test]
    fn shares_that_differ_are_written_differently() {
        assert_eq!(percents(&[0.3418, 0.33816]), ["34.18 %", "33.82 %"]);
        assert_eq!(percents(&[0.34181, 0.34182, 0.5]), ["34.181 %", "34.182 %", "50.000 %"]);
        assert_eq!(percents(&[0.25, 0.25]), ["25.00 %", "25.00 %"]);
        assert_eq!(percents(&[0.25, 0.250_000_1]), ["25.0000 %", "25.0000 %"]);
    }

    #[test]
    fn means_are_told_apart_by_what_seeds_have_in_common() {
        let row = synth::find("toolagent").expect("a workload");
        let log = synth::log(row, 1, 200);
        let run = |seed| Cell::of(made_right("random").seed(seed)).run(&log).expect("it runs");
        let runs = [run(1), run(2), run(3)];
        assert_eq!(told_apart(&runs, &runs, token_hits), Ordering::Equal);
        let above = |run: &Summary| run.token_hit_rate + 0.1 * f64::from(u8::from(*run == runs[0]));
        assert_eq!(told_apart(&runs, &runs, above), Ordering::Equal);
        let one = std::slice::from_ref(&runs[0]);
        let other = &runs[1..2];
        let expected = token_hits(&one[0]).total_cmp(&token_hits(&other[0]));
        assert_eq!(told_apart(one, other, token_hits), expected, "a single seed has no interval");
    }
}
