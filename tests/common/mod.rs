//! What several test binaries share: where traces and vectors lie, reading a trace plainly,
//! driving a simulator ([`drive`]), one decision of a router ([`seat`]), a gateway's run walked
//! again ([`gateway`]), data made on the spot ([`streams`]), digests ([`sha256`]).
//!
//! The reader here is the obvious one (a JSON value a line), so that tests of the caches do not
//! rest on the project's own reader.
#![allow(dead_code, reason = "each test binary uses a part of it")]

pub(crate) mod drive;
pub(crate) mod gateway;
pub(crate) mod seat;
pub(crate) mod sha256;
pub(crate) mod streams;

use kvscope::cache::{Constructor, NodeCache};
use kvscope::evict::{Build, EvictionRow};
use kvscope::model::BlockId;
use kvscope::params::{ParamValue, Params};
use kvscope::rng::Stream;
use kvscope::trace::synth;
use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The file of the vectors' trace.
pub(crate) const CONVERSATION: &str = "conversation_trace.jsonl";

/// Of the workloads that the results under tests/data are about.
pub(crate) const WORKLOAD_SEED: u64 = 7;
pub(crate) const WORKLOAD_REQUESTS: u32 = 3000;

/// The seed of the caches that [`build`] makes.
pub(crate) const SEED: u64 = 20_260_101;

/// A file of expected results that stands in the repository.
pub(crate) fn data(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(file);
    let text = std::fs::read_to_string(path).expect("it stands in the repository");
    serde_json::from_str(&text).expect("it is JSON")
}

/// The conversation trace, or `None` with a word on why the test is skipped.
pub(crate) fn trace_path(test: &str) -> Option<PathBuf> {
    find(test, "KVSCOPE_TRACES", "../shared/traces", CONVERSATION)
}

/// A file of expected results, or `None` with a word on why the test is skipped.
pub(crate) fn vectors(test: &str, file: &str) -> Option<Value> {
    let path = find(test, "KVSCOPE_VECTORS", "../shared/vectors", file)?;
    let text = std::fs::read_to_string(&path).expect("the vectors can be read");
    Some(serde_json::from_str(&text).expect("the vectors are JSON"))
}

/// `file` in the directory that `variable` names, otherwise in `fallback`, which is relative to
/// the project.
fn find(test: &str, variable: &str, fallback: &str, file: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = std::env::var_os(variable).map_or(root.join(fallback), PathBuf::from);
    let path = folder.join(file);
    if path.is_file() {
        return Some(path);
    }
    println!("SKIPPED {test}: no {} (set {variable} to its directory)", path.display());
    None
}

/// A request of a trace, with its blocks named by (parent, raw id).
#[derive(Clone, Debug)]
pub(crate) struct PlainRequest {
    pub(crate) blocks: Vec<BlockId>,
    pub(crate) input_length: u64,
}

/// Every request of a Mooncake trace.
pub(crate) fn read_requests(path: &Path) -> Vec<PlainRequest> {
    let text = std::fs::read_to_string(path).expect("the trace can be read");
    let request = |line: &str| {
        let value: Value = serde_json::from_str(line).expect("a trace line is JSON");
        let ids = value["hash_ids"].as_array().expect("hash_ids");
        let ids = ids.iter().map(|id| id.as_u64().expect("an id")).collect();
        (value["input_length"].as_u64().expect("input_length"), ids)
    };
    name_blocks(text.lines().map(request))
}

/// The first [`WORKLOAD_REQUESTS`] of a built-in workload, with [`WORKLOAD_SEED`].
pub(crate) fn workload_requests(id: &str) -> Vec<PlainRequest> {
    let row = synth::find(id).expect("a built-in workload");
    let workload = synth::Workload::new(row, WORKLOAD_SEED, WORKLOAD_REQUESTS);
    name_blocks(workload.map(|raw| (u64::from(raw.input_tokens), raw.hash_ids)))
}

/// Names the blocks of requests with these prompt lengths and raw ids.
pub(crate) fn name_blocks(requests: impl Iterator<Item = (u64, Vec<u64>)>) -> Vec<PlainRequest> {
    let mut names = HashMap::new();
    let request = |(input_length, ids): (u64, Vec<u64>)| {
        let mut parent = BlockId::NONE;
        let blocks = ids.into_iter().map(|id| {
            let next = BlockId(names.len() as u32);
            parent = *names.entry((parent, id)).or_insert(next);
            parent
        });
        PlainRequest { blocks: blocks.collect(), input_length }
    };
    requests.map(request).collect()
}

/// For each request and block the number (from 1) of the next request that uses the block, or
/// requests + 1.
pub(crate) fn next_uses(requests: &[impl AsRef<[BlockId]>]) -> Vec<Vec<u32>> {
    let never = requests.len() as u32 + 1;
    let mut next = HashMap::new();
    let mut column: Vec<Vec<u32>> = requests
        .iter()
        .zip(1..never)
        .rev()
        .map(|(request, number)| {
            let blocks = request.as_ref().iter();
            blocks.map(|&block| next.insert(block, number).unwrap_or(never)).collect()
        })
        .collect();
    column.reverse();
    column
}

impl AsRef<[BlockId]> for PlainRequest {
    fn as_ref(&self) -> &[BlockId] {
        &self.blocks
    }
}

/// A cache of `capacity` blocks made by a constructor of `row`, with some parameters given.
pub(crate) fn build(
    row: &'static EvictionRow,
    constructor: Constructor,
    capacity: u32,
    given: &[(&str, ParamValue)],
) -> Box<dyn NodeCache> {
    let given = given.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let mut reasons = Vec::new();
    let params = Params::resolve(row.params, &given, row.id, &mut reasons);
    assert!(reasons.is_empty(), "parameters of {}: {reasons:?}", row.id);
    let stream = Stream::new(SEED, row.id, 0);
    constructor(Build { params: &params, nodes: 1, joining: 0, capacity, block_size: 512, stream })
}
