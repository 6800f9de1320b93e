//! What a configuration may say: capacities in every form, and what is refused with which reason.
#![cfg(not(target_arch = "wasm32"))]

use kvscope::config::{Config, PolicyChoice};
use kvscope::error::{Error, Result};
use kvscope::params::ParamValue;
use kvscope::session::Session;
use kvscope::sim::Lane;
use kvscope::studies::figure5;
use kvscope::trace::{Log, ReadOptions, TraceReader};

/// A trace whose lines state blocks of `block_size` tokens: `requests` prompts, a second apart,
/// of which every third continues an earlier one.
fn trace(block_size: u32, requests: u32) -> String {
    let line = |at: u32| {
        let blocks = 4 + at % 5;
        let family = if at.is_multiple_of(3) { 0 } else { at };
        let ids: Vec<String> = (0..blocks).map(|k| (family * 100 + k).to_string()).collect();
        let (tokens, ids) = (blocks * block_size, ids.join(", "));
        format!(
            "{{\"timestamp\": {}, \"input_length\": {tokens}, \"output_length\": 1, \
             \"hash_ids\": [{ids}], \"block_size\": {block_size}}}\n",
            at * 1000
        )
    };
    (0..requests).map(line).collect()
}

fn log(block_size: u32, requests: u32) -> Log {
    let (mut reader, mut log) = (TraceReader::new(ReadOptions::default()), Log::new());
    reader.push(trace(block_size, requests).as_bytes(), &mut log);
    reader.finish(&mut log);
    log.end();
    assert_eq!(log.block_size(), Some(block_size));
    log
}

fn text(value: &str) -> ParamValue {
    ParamValue::Text(value.to_owned())
}

fn capacity(value: &str, model: &str) -> Config {
    let clock = PolicyChoice::new("logical").with("model", text(model));
    Config::default().with("capacity_blocks", text(value)).clock(clock)
}

/// Blocks that a node of the first lane may hold once `trace` was read.
fn blocks(config: &Config, trace: &str) -> Result<u32> {
    let mut session = Session::read(std::slice::from_ref(config))?;
    session.push(trace.as_bytes())?;
    session.run()?;
    session.finish();
    session.run()?;
    assert!(session.is_done());
    Ok(session.lanes()[0].config().capacity)
}

fn reasons<T>(result: Result<T>) -> Vec<String> {
    match result {
        Err(Error::Config(reasons)) => reasons.iter().map(ToString::to_string).collect(),
        Err(error) => panic!("{error}"),
        Ok(_) => Vec::new(),
    }
}

#[test]
fn bytes_become_blocks_of_the_size_that_the_trace_turns_out_to_have() {
    let (small, large) = (trace(16, 100), trace(512, 100));
    // 512 tokens of 128 KiB each are 64 MiB: sixteen of them in 1 GiB.
    let one = capacity("1GiB", "llama3.1-8b");
    assert_eq!(blocks(&one, &small), Ok(512));
    assert_eq!(blocks(&one, &large), Ok(16));
    assert_eq!(blocks(&one.clone().with("block_size", ParamValue::Number(64.0)), &large), Ok(128));
    assert_eq!(blocks(&capacity("1TiB", "llama3-70b"), &large), Ok(6553));
    assert_eq!(blocks(&capacity("24000tokens", "llama3-70b"), &small), Ok(1500));
    // A trace that ends before the sample is full, and one without a request.
    assert_eq!(blocks(&one, &trace(16, 3)), Ok(512));
    assert_eq!(blocks(&one, ""), Ok(16));
}

#[test]
fn a_capacity_is_refused_only_once_no_block_of_the_trace_fits() {
    let config = capacity("100MiB", "llama3-70b");
    assert_eq!(blocks(&config, &trace(16, 100)), Ok(20));
    let told = "settings.capacity_blocks: found 100MiB, expected room for at least one \
                block: 512 tokens of Llama-3-70B are 160 MiB of KV cache";
    assert_eq!(reasons(blocks(&config, &trace(512, 100))), [told]);
    assert_eq!(reasons(config.with("block_size", ParamValue::Number(512.0)).check()), [told]);
    // Not even a block of one token.
    assert_eq!(reasons(capacity("0.1MiB", "llama3-70b").check()).len(), 1);
}

/// Mean times to first token of Figure 5's four schedulers, arrivals as logged, with one seed.
fn figure5(log: &Log) -> Vec<f64> {
    let study = figure5::ROW.run(log, 1, |_, _| true).expect("a run").expect("not cancelled");
    study.tables[0].rows.iter().map(|row| row.values[1]).collect()
}

#[test]
fn a_study_counts_in_the_traces_blocks() {
    for (block_size, capacity) in [(16, 187_500), (512, 5859)] {
        let log = log(block_size, 200);
        let as_logged = (figure5::ROW.cells)(1).into_iter().step_by(2);
        let means = as_logged.map(|config| {
            let mut lane = Lane::new(&config, Some(block_size)).expect("a lane");
            lane.run(&log).expect("a run");
            assert_eq!((lane.config().block_size, lane.config().capacity), (block_size, capacity));
            lane.ttft_summary().expect("timed").mean_ttft_s
        });
        assert_eq!(figure5(&log), means.collect::<Vec<f64>>(), "{block_size} tokens a block");
    }
}

#[test]
fn a_trace_of_short_blocks_is_not_taken_for_one_of_long_blocks() {
    // With every block of 16 tokens taken for 512, a match would save 32 times too much.
    let log = log(16, 200);
    let shortest_ttft = (figure5::ROW.cells)(1).swap_remove(4);
    let mut lane = Lane::new(&shortest_ttft, None).expect("a lane");
    lane.run(&log).expect("a run");
    let (wrong, right) = (lane.ttft_summary().expect("timed").mean_ttft_s, figure5(&log)[2]);
    assert!(wrong < right, "{wrong} < {right}");
}
