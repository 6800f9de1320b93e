//! Misses of single caches equal libCacheSim's, on the real trace and on generated streams.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use kvscope::cache;
use kvscope::cache::{Account, Lookup, Served};
use kvscope::model::BlockId;
use kvscope::params::ParamValue;
use serde_json::Value;
use std::collections::HashSet;

/// A policy of the vectors: its name there, its row here, whether it may bypass.
const POLICIES: [(&str, &str, Option<bool>); 10] = [
    ("FIFO", "fifo", None),
    ("LRU", "lru", None),
    ("LFU", "lfu", None),
    ("Clock", "clock", None),
    ("SIEVE", "sieve", None),
    ("S3FIFOv0", "s3fifo", None),
    ("ARC", "arc", None),
    ("TwoQ", "two_q", None),
    ("Belady", "optimal", Some(false)),
    ("Belady-bypass", "optimal", Some(true)),
];

/// Runs every entry of `expected` over `requests` and tells the differences.
fn differences(expected: &Value, requests: &[impl AsRef<[BlockId]>]) -> Vec<String> {
    let next_uses = common::next_uses(requests);
    let mut differences = Vec::new();
    for (name, entries) in expected.as_object().expect("misses by policy") {
        let policy = POLICIES.iter().find(|policy| policy.0 == name);
        let &(_, id, bypass) = policy.unwrap_or_else(|| panic!("no row for {name}"));
        let row = cache::find(id).expect("a row");
        let given: Vec<_> =
            bypass.map(|on| ("bypass", ParamValue::Switch(on))).into_iter().collect();
        for (capacity, misses) in entries.as_object().expect("misses by capacity") {
            let blocks = capacity.parse().expect("a capacity");
            let mut cache = common::build(row.policy, row.flat.expect("flat"), blocks, &given);
            let mut total = Served::default();
            for (request, next_use) in requests.iter().zip(&next_uses) {
                let lookup = Lookup { blocks: request.as_ref(), next_use };
                let served = cache.serve(&lookup, &mut Account::nobody());
                total.hits += served.hits;
                total.inserted += served.inserted;
                total.refused += served.refused;
            }
            cache.validate();
            let found = total.inserted + total.refused;
            if u64::from(found) != misses.as_u64().expect("a count") {
                differences.push(format!("{name} at {capacity}: {found}, expected {misses}"));
            }
        }
    }
    differences
}

#[test]
fn real_trace() {
    let Some(path) = common::trace_path("libcachesim::real_trace") else { return };
    let Some(vectors) = common::vectors("libcachesim::real_trace", "libcachesim.json") else {
        return;
    };
    let requests = common::read_requests(&path);
    assert_eq!(differences(&vectors["misses"], &requests), [""; 0]);
}

/// The streams of the vectors: splitmix64 and integers only.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

fn mix() -> Vec<u64> {
    const HOT: u64 = 50_000;
    const LOOP: u64 = 10_000;
    let (mut random, mut scan, mut at) = (SplitMix(2), 0, 0);
    let mut id = || match random.next() % 10 {
        0..7 => {
            let wide = random.next();
            wide % (random.next() % HOT + 1)
        }
        7..9 => {
            let id = HOT + at;
            at = (at + 1) % LOOP;
            id
        }
        _ => {
            scan += 1;
            HOT + LOOP + scan - 1
        }
    };
    (0..300_000).map(|_| id()).collect()
}

fn hot() -> Vec<u64> {
    let mut random = SplitMix(3);
    let mut id = || {
        let (wide, middle) = (random.next(), random.next());
        wide % (middle % (random.next() % 64 + 1) + 1)
    };
    (0..200_000).map(|_| id()).collect()
}

/// Checks that `ids` is the stream that the vectors describe, then its misses.
fn generated(name: &str, ids: &[u64]) {
    let test = format!("libcachesim::{name}");
    let Some(vectors) = common::vectors(&test, "libcachesim.json") else { return };
    let expected = &vectors["generated"][name];
    let first = expected["first"].as_array().expect("the first ids");
    assert_eq!(ids[..first.len()], *first, "the first ids of {name}");
    assert_eq!(ids.len() as u64, expected["accesses"], "accesses of {name}");
    let unique: HashSet<_> = ids.iter().collect();
    assert_eq!(unique.len() as u64, expected["unique"], "unique ids of {name}");
    let requests: Vec<_> = ids.iter().map(|&id| [BlockId(id as u32)]).collect();
    assert_eq!(differences(&expected["misses"], &requests), [""; 0]);
}

#[test]
fn generated_mix() {
    generated("mix", &mix());
}

#[test]
fn generated_hot() {
    generated("hot", &hot());
}
