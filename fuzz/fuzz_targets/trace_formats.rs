//! Samples of every format with a part replaced, in two ways of cutting them.
//!
//! `cargo +nightly fuzz run trace_formats`: the first bytes of the input choose a sample and what
//! of it is replaced by the rest.
#![no_main]

use libfuzzer_sys::fuzz_target;

mod reading;

const SAMPLES: &[&[u8]] = &[
    include_bytes!("../../tests/data/mooncake.jsonl"),
    include_bytes!("../../tests/data/mooncake_array.json"),
    include_bytes!("../../tests/data/mooncake.csv"),
    include_bytes!("../../tests/data/dynamo.jsonl"),
    include_bytes!("../../tests/data/agentic_mooncake.jsonl"),
    include_bytes!("../../tests/data/dynamo_request_trace.jsonl"),
    include_bytes!("../../tests/data/qwen_bailian.jsonl"),
    include_bytes!("../../tests/data/kvcache_ai.jsonl"),
    include_bytes!("../../tests/data/aiperf.jsonl"),
    include_bytes!("../../tests/data/weka.json"),
    include_bytes!("../../tests/data/ragpulse.jsonl"),
    include_bytes!("../../tests/data/tair_optimizer.jsonl"),
    include_bytes!("../../tests/data/tair_timeline.jsonl"),
    include_bytes!("../../tests/data/tair_replay.jsonl"),
    include_bytes!("../../tests/data/llm_serving_sim.jsonl"),
    include_bytes!("../../tests/data/lmcache_lookup.jsonl"),
    include_bytes!("../../tests/data/baseten.jsonl"),
    include_bytes!("../../tests/data/burstgpt.csv"),
    include_bytes!("../../tests/data/azure.csv"),
    include_bytes!("../../tests/data/aliases.jsonl"),
];

fuzz_target!(|input: &[u8]| {
    let [sample, chunk, from_low, from_high, length, rest @ ..] = input else { return };
    let mut bytes = SAMPLES[usize::from(*sample) % SAMPLES.len()].to_vec();
    let from = usize::from(u16::from_le_bytes([*from_low, *from_high])) % (bytes.len() + 1);
    let to = (from + usize::from(*length)).min(bytes.len());
    bytes.splice(from..to, rest.iter().copied());
    let whole = reading::read(&bytes, usize::MAX);
    assert_eq!(whole, reading::read(&bytes, 1 + usize::from(*chunk)));
});
