//! Analyses against slow twins, simulated runs and workloads whose answer is known.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../common/mod.rs"]
mod common;
mod curve;
mod decisions;
mod facts;
mod reuse;
mod sample;

use kvscope::model::{BlockId, Request};
use kvscope::rng::Stream;
use kvscope::trace::synth::{self, Workload};
use kvscope::trace::{Interner, Log, ReadOptions, TraceReader};

/// A log of requests with these blocks, as an interner would name them; one a second, prompts
/// without a full last block.
pub(crate) fn log_of(requests: impl IntoIterator<Item = Vec<BlockId>>) -> Log {
    let mut log = Log::new();
    log.set_block_size(512);
    for (index, blocks) in (0..).zip(requests) {
        let input_tokens = (512 * blocks.len() as u32).saturating_sub(index % 512);
        let (arrival_s, session) = (f64::from(index), Request::NO_SESSION);
        log.push(Request { index, arrival_s, input_tokens, output_tokens: 7, session }, &blocks);
    }
    log.end();
    log
}

/// Requests of a bushy tree: up to `depth` blocks, each the child of the one before.
pub(crate) fn bushy(stream: &mut Stream, requests: u32, depth: u64, children: u64) -> Log {
    let ids = |stream: &mut Stream| {
        let len = stream.below(depth + 1);
        let mut id = || {
            let below = 1 + stream.below(children);
            stream.below(below)
        };
        (0..len).map(|_| id()).collect()
    };
    let raw = (0..requests).map(|_| (0, ids(stream)));
    log_of(common::name_blocks(raw).into_iter().map(|request| request.blocks))
}

/// The first requests of a built-in workload.
pub(crate) fn workload(id: &str, seed: u64, requests: u32) -> Log {
    let (mut log, mut interner) = (Log::new(), Interner::new());
    log.set_block_size(synth::BLOCK_TOKENS);
    let made = Workload::new(synth::find(id).expect("a workload"), seed, requests);
    (0..).zip(made).for_each(|(index, raw)| interner.push_raw(&raw, index, &mut log));
    log.end();
    log
}

/// The real trace, where there is one.
pub(crate) fn real(test: &str) -> Option<Log> {
    let path = common::trace_path(test)?;
    let (mut reader, mut log) = (TraceReader::new(ReadOptions::default()), Log::new());
    reader.push(&std::fs::read(path).expect("the trace can be read"), &mut log);
    reader.finish(&mut log);
    log.end();
    Some(log)
}
