//! Misses of single caches equal libCacheSim's: on generated streams and built-in workloads
//! everywhere, and on the real trace where there is one. Counts: scripts/reference-counts.py.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use common::streams;
use kvscope::cache;
use kvscope::cache::{Lookup, Marks, Served};
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
                let lookup = Lookup { blocks: request.as_ref(), next_use, rises: false };
                let served = cache.serve(&lookup, &mut Marks::nobody());
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

/// Checks that `requests` flattened are the stream that was counted, then its misses.
fn generated(name: &str, requests: &[impl AsRef<[BlockId]>]) {
    let expected = &common::data("libcachesim.json")[name];
    let ids: Vec<u32> =
        requests.iter().flat_map(AsRef::as_ref).map(|block: &BlockId| block.0).collect();
    let first = expected["first"].as_array().expect("the first ids");
    assert_eq!(ids[..first.len()], *first, "the first ids of {name}");
    assert_eq!(ids.len() as u64, expected["accesses"], "accesses of {name}");
    let unique: HashSet<_> = ids.iter().collect();
    assert_eq!(unique.len() as u64, expected["unique"], "unique ids of {name}");
    assert_eq!(differences(&expected["misses"], requests), [""; 0]);
}

fn alone(ids: &[u64]) -> Vec<[BlockId; 1]> {
    ids.iter().map(|&id| [BlockId(id as u32)]).collect()
}

#[test]
fn generated_mix() {
    generated("mix", &alone(&streams::mix()));
}

#[test]
fn generated_hot() {
    generated("hot", &alone(&streams::hot()));
}

#[test]
fn workload_toolagent() {
    generated("toolagent", &common::workload_requests("toolagent"));
}

#[test]
fn workload_conversation() {
    generated("conversation", &common::workload_requests("conversation"));
}
