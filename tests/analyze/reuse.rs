//! One pass equals simulated LRU, at every capacity that is tried.

use super::{bushy, common, log_of, real, workload};
use kvscope::analyze::{Hits, Insertion, ReuseCurve};
use kvscope::config::Config;
use kvscope::model::BlockId;
use kvscope::observe::Observe;
use kvscope::params::ParamValue;
use kvscope::rng::Stream;
use kvscope::sim::Lane;
use kvscope::trace::Log;

const BOTH: [Insertion; 2] = [Insertion::Flat, Insertion::Tree];

/// A lane of one node that serves the log with LRU.
fn simulated(log: &Log, insertion: Insertion, capacity: u32, warmup: f64) -> Hits {
    let discipline = if insertion == Insertion::Tree { "tree" } else { "flat" };
    let config = Config::new(1, capacity)
        .with("insertion", ParamValue::Text(discipline.to_owned()))
        .with("warmup", ParamValue::Number(warmup));
    let config = config.check().expect("a configuration").with_block_size(log.block_size());
    let mut lane = Lane::of(config.expect("room for a block"), Observe::Sums);
    lane.run(log).expect("no foresight");
    let sums = lane.metrics().sums();
    let (prefix_hits, block_hits) = (sums.prefix_hits, sums.block_hits);
    Hits { prefix_hits, block_hits, hit_tokens: sums.hit_tokens }
}

fn compare(log: &Log, insertion: Insertion, capacities: impl IntoIterator<Item = u32>) {
    let curve = ReuseCurve::of(log, insertion, 0);
    for capacity in capacities {
        let want = simulated(log, insertion, capacity, 0.0);
        assert_eq!(curve.at(capacity), want, "{insertion:?} at {capacity}");
    }
    let unlimited = curve.at(1 << 30);
    assert_eq!(unlimited.prefix_hits, curve.totals().ceiling_hits);
    assert_eq!(unlimited.hit_tokens, curve.totals().ceiling_tokens);
    assert_eq!(curve.at(curve.enough()), unlimited);
}

/// `count` capacities, small ones as often as large ones.
fn random_capacities(most: u32, count: usize, seed: u64) -> Vec<u32> {
    let mut stream = Stream::new(seed, "capacities", 0);
    let octaves = u64::from(most.ilog2());
    let mut draw = || {
        let below = 1 << (1 + stream.below(octaves + 1));
        (1 + stream.below(below) as u32).min(most)
    };
    (0..count).map(|_| draw()).collect()
}

#[test]
fn every_capacity_of_small_trees() {
    let mut stream = Stream::new(21, "trees", 0);
    for round in 0..120 {
        let (depth, children) = (1 + stream.below(9), 1 + stream.below(4));
        let log = bushy(&mut stream, 60, depth, children);
        for insertion in BOTH {
            compare(&log, insertion, 1..=40);
        }
        assert!(round < 3 || log.references() > 0);
    }
}

/// All sequences of up to six requests over the paths of a tree of four blocks.
#[test]
fn every_sequence_of_a_small_universe() {
    let paths: [&[u32]; 5] = [&[0], &[0, 1], &[0, 1, 2], &[0, 3], &[4, 5, 6]];
    for number in 0..5_usize.pow(6) {
        let at = |place: u32| paths[number / 5_usize.pow(place) % 5];
        let log = log_of((0..6).map(|place| at(place).iter().map(|&it| BlockId(it)).collect()));
        for insertion in BOTH {
            let curve = ReuseCurve::of(&log, insertion, 0);
            for capacity in 1..5 {
                let found = curve.at(capacity);
                assert_eq!(found, direct(&log, insertion, capacity), "{number} at {capacity}");
            }
        }
    }
}

/// As [`simulated`], on a cache alone, which makes less ado about a few requests.
fn direct(log: &Log, insertion: Insertion, capacity: u32) -> Hits {
    let row = kvscope::cache::find("lru").expect("a row");
    let make = if insertion == Insertion::Tree { row.tree } else { row.flat };
    let mut cache = common::build(row.policy, make.expect("LRU has both"), capacity, &[]);
    let mut hits = Hits::default();
    for found in log.iter() {
        let resident = |block: &&BlockId| cache.store().slot(**block).is_some();
        let matched = found.blocks.iter().take_while(resident).count() as u64;
        hits.prefix_hits += matched;
        hits.hit_tokens += (512 * matched).min(u64::from(found.request.input_tokens));
        let lookup = kvscope::cache::Lookup { blocks: found.blocks, next_use: &[], rises: true };
        let marks = &mut kvscope::cache::Marks::nobody();
        hits.block_hits += u64::from(cache.serve(&lookup, marks).hits);
    }
    hits
}

#[test]
fn workloads_at_random_capacities() {
    for (id, seed) in [("toolagent", 3), ("conversation", 4), ("extreme", 5)] {
        let log = workload(id, seed, 1500);
        for insertion in BOTH {
            compare(&log, insertion, random_capacities(30_000, 40, seed));
        }
    }
}

/// Blocks alone, and a bushy tree: the streams of scripts/reference-counts.py.
#[test]
fn generated_streams_at_random_capacities() {
    let alone = |ids: Vec<u64>| {
        let raw = ids.into_iter().take(60_000).map(|id| (512, vec![id]));
        log_of(common::name_blocks(raw).into_iter().map(|request| request.blocks))
    };
    let twigs = common::name_blocks(common::streams::twigs().into_iter());
    let twigs = log_of(twigs.into_iter().map(|request| request.blocks));
    let streams = [alone(common::streams::mix()), alone(common::streams::hot()), twigs];
    for (seed, log) in (0..).zip(&streams) {
        for insertion in BOTH {
            compare(log, insertion, random_capacities(40_000, 30, seed));
        }
    }
}

#[test]
fn real_trace_at_200_random_capacities() {
    let Some(log) = real("analyze::reuse::real_trace") else { return };
    let capacities = random_capacities(190_000, 200, 8);
    std::thread::scope(|scope| {
        for insertion in BOTH {
            let (log, capacities) = (&log, capacities.clone());
            scope.spawn(move || compare(log, insertion, capacities));
        }
    });
}

/// Requests that only warm the caches are not counted.
#[test]
fn warm_up_is_left_out() {
    let log = workload("conversation", 9, 800);
    for insertion in BOTH {
        let curve = ReuseCurve::of(&log, insertion, 400);
        for capacity in random_capacities(9000, 12, 2) {
            let want = simulated(&log, insertion, capacity, 0.5);
            assert_eq!(curve.at(capacity), want, "{insertion:?} at {capacity}");
        }
        assert_eq!(curve.totals().requests, 400);
    }
}

/// The Mooncake authors' own tool: hit tokens of the last half of the requests.
#[test]
fn the_tree_equals_kvcache_simulator() {
    let test = "analyze::reuse::the_tree_equals_kvcache_simulator";
    let Some(log) = real(test) else { return };
    let Some(expected) = common::vectors(test, "kvcache-simulator.json") else { return };
    let curve = ReuseCurve::of(&log, Insertion::Tree, log.len() / 2);
    assert_eq!(curve.totals().input_tokens, expected["measured_tokens"]);
    assert_eq!(curve.totals().ceiling_tokens, expected["ceiling_tokens"]);
    let entries = expected["hit_tokens"]["lru"].as_object().expect("tokens by capacity");
    assert_eq!(entries.len(), 8);
    for (capacity, want) in entries {
        let found = curve.at(capacity.parse().expect("a capacity"));
        assert_eq!(found.hit_tokens, *want, "at {capacity}");
    }
}

#[test]
fn nothing_was_pushed() {
    let curve = ReuseCurve::of(&log_of([]), Insertion::Flat, 0);
    assert_eq!((curve.at(1), curve.enough()), (Hits::default(), 1));
    let curve = ReuseCurve::of(&log_of([vec![], vec![]]), Insertion::Tree, 0);
    assert_eq!((curve.at(5), curve.totals().requests), (Hits::default(), 2));
}
