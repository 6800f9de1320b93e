//! Hit tokens equal those of `kvcache-simulator`, the Mooncake authors' own tool: on generated
//! requests and built-in workloads everywhere, and on the real trace where there is one. Counts:
//! scripts/reference-counts.py.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use common::{PlainRequest, streams};
use kvscope::cache::{self, Lookup, Marks, NodeCache};
use serde_json::Value;
use std::collections::HashSet;

/// Tokens of a block of the vectors' trace.
const BLOCK_SIZE: u64 = 512;

/// A policy of the vectors: its name there, its row here, whether its cache is a tree.
const POLICIES: [(&str, &str, bool); 3] =
    [("fifo", "fifo", false), ("lru", "lru", true), ("optimal", "optimal_tree", true)];

/// Serves every request; returns the hit tokens of the last half.
fn hit_tokens(cache: &mut dyn NodeCache, requests: &[PlainRequest], next_uses: &[Vec<u32>]) -> u64 {
    let mut tokens = 0;
    for (at, (request, next_use)) in requests.iter().zip(next_uses).enumerate() {
        if requests.len() / 2 <= at {
            let resident = |&&block: &&_| cache.store().slot(block).is_some();
            let matched = request.blocks.iter().take_while(resident).count() as u64;
            tokens += (matched * BLOCK_SIZE).min(request.input_length);
        }
        let lookup = Lookup { blocks: &request.blocks, next_use, rises: false };
        cache.serve(&lookup, &mut Marks::nobody());
    }
    cache.validate();
    tokens
}

/// Compares every policy and capacity of `expected` over `requests`.
fn compare(expected: &Value, requests: &[PlainRequest]) {
    let next_uses = common::next_uses(requests);
    let measured = &requests[requests.len() / 2..];
    let tokens: u64 = measured.iter().map(|request| request.input_length).sum();
    assert_eq!(tokens, expected["measured_tokens"]);

    let mut differences = Vec::new();
    for (name, entries) in expected["hit_tokens"].as_object().expect("tokens by policy") {
        let policy = POLICIES.iter().find(|policy| policy.0 == name);
        let &(_, id, is_tree) = policy.unwrap_or_else(|| panic!("no row for {name}"));
        let row = cache::find(id).expect("a row");
        let constructor = if is_tree { row.tree } else { row.flat }.expect("a discipline");
        for (capacity, expected) in entries.as_object().expect("tokens by capacity") {
            let blocks = capacity.parse().expect("a capacity");
            let mut cache = common::build(row.policy, constructor, blocks, &[]);
            let found = hit_tokens(&mut *cache, requests, &next_uses);
            if found != expected.as_u64().expect("tokens") {
                differences.push(format!("{name} at {capacity}: {found}, expected {expected}"));
            }
        }
    }
    assert_eq!(differences, [""; 0]);

    let row = cache::find("lru").expect("a row");
    let unlimited = kvscope::model::UNLIMITED_BLOCKS;
    let mut cache = common::build(row.policy, row.tree.expect("tree"), unlimited, &[]);
    let ceiling = hit_tokens(&mut *cache, requests, &next_uses);
    assert_eq!(ceiling, expected["ceiling_tokens"]);
}

#[test]
fn real_trace() {
    let test = "kvcache_simulator::real_trace";
    let Some(path) = common::trace_path(test) else { return };
    let Some(vectors) = common::vectors(test, "kvcache-simulator.json") else { return };
    compare(&vectors, &common::read_requests(&path));
}

/// Compares with the counts in the repository.
fn generated(name: &str, requests: &[PlainRequest]) {
    let expected = &common::data("kvcache-simulator.json")[name];
    let unique: HashSet<_> = requests.iter().flat_map(|request| &request.blocks).collect();
    assert_eq!(unique.len() as u64, expected["unique"], "unique blocks of {name}");
    compare(expected, requests);
}

#[test]
fn workload_toolagent() {
    generated("toolagent", &common::workload_requests("toolagent"));
}

#[test]
fn workload_conversation() {
    generated("conversation", &common::workload_requests("conversation"));
}

#[test]
fn generated_twigs() {
    generated("twigs", &common::name_blocks(streams::twigs().into_iter()));
}
