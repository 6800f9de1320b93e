//! Every decision of a trace: Dynamo's account and selector beside a whole run.

use super::lives::Sequences;
use super::real::{Asked, Selector, Settings};
use crate::common::seat::Decided;
use crate::report::Row;
use kvscope::clock::account::{Booking, complete};
use kvscope::config::{Config, PolicyChoice};
use kvscope::model::NodeId;
use kvscope::params::ParamValue;
use kvscope::sim::Lane;
use kvscope::trace::{Log, ReadOptions, TraceReader};
use std::path::Path;

const BLOCK_SIZE: u32 = 512;
/// 3 M tokens, as in Mooncake's figures.
const NODE_BLOCKS: u32 = 5859;
/// What a generated token takes; requests are then in use long after their prefill.
const OUTPUT_TOKEN_S: f64 = 0.03;

/// Requests arrive so many times as fast, that queues are neither empty nor without end.
fn rate(nodes: usize) -> f64 {
    nodes as f64 / 24.0
}

fn read(path: &Path) -> Log {
    let bytes = std::fs::read(path).expect("the trace can be read");
    let (mut reader, mut log) = (TraceReader::new(ReadOptions::default()), Log::new());
    reader.push(&bytes, &mut log);
    reader.finish(&mut log);
    log.end();
    log
}

pub(super) fn compare(path: &Path, nodes: usize, name: &str) -> Row {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime for its timers");
    let _entered = runtime.enter();
    let note = format!(
        "every decision of the conversation trace at {nodes} workers, rate {:.2}: the cheapest \
         workers by its own account of what was placed",
        rate(nodes)
    );
    let (log, mut row) = (read(path), Row::new(name, note));
    let clock = PolicyChoice::new("timed")
        .with("rate", ParamValue::Number(rate(nodes)))
        .with("output_token_s", ParamValue::Number(OUTPUT_TOKEN_S));
    let config =
        Config::new(nodes, NODE_BLOCKS).router(PolicyChoice::new("dynamo_kv")).clock(clock);
    let mut lane = Lane::new(&config, None).expect("a configuration that can be run");
    lane.explain(true).expect("everything is observed");
    let selector = Selector::new(nodes, Settings::DEFAULT);
    let (mut real, first_s) = (Sequences::new(nodes, BLOCK_SIZE), log_start(&log));
    for (number, found) in (1..).zip(log.iter()) {
        let request = found.request;
        let now_s = (request.arrival_s - first_s) / rate(nodes);
        let tokens = request.input_tokens;
        let full = complete(found.blocks, tokens, BLOCK_SIZE);
        real.advance(now_s);
        let loads = real.loads(nodes, full);
        assert_eq!(lane.step(&log, 1), Ok(1), "requests come in the order of the log");
        let decided = Decided::of(lane.decision().expect("it is explained").clone());
        let matched = decided.decision.column("overlap");
        let overlap: Vec<u32> = matched.iter().map(|&blocks| blocks as u32).collect();
        let asked = Asked { block_size: BLOCK_SIZE, tokens, overlap, loads };
        let theirs = selector.minima(&asked, &decided.minima);
        row.count(decided.minima == theirs, || {
            format!("request {number}: ours {:?}, theirs {theirs:?}", decided.minima)
        });
        let node = decided.decision.node as usize;
        let prefilled_s = now_s + lane.signals().wait_s[node];
        real.book(&Booking {
            number,
            node: NodeId::from_index(node),
            blocks: full,
            tokens: u64::from(tokens - BLOCK_SIZE * asked.overlap[node]),
            prefilled_s,
            ended_s: prefilled_s + f64::from(request.output_tokens) * OUTPUT_TOKEN_S,
        });
    }
    row
}

fn log_start(log: &Log) -> f64 {
    log.iter().next().map_or(0.0, |found| found.request.arrival_s)
}
