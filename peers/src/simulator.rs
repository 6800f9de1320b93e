//! Whole runs of Dynamo's own simulator beside ours. It does more than ours: batches, chunks of
//! prompts, decode steps, and output that takes room in the cache; so nothing here is equal, and
//! what can be read is how far apart two models of one cluster are.

use crate::report::Row;
use kvscope::config::{Config, PolicyChoice};
use kvscope::params::ParamValue;
use kvscope::sim::Lane;
use kvscope::trace::{Log, ReadOptions, TraceReader};
use std::path::Path;
use std::time::Instant;

const WORKERS: usize = 8;
const NODE_BLOCKS: u32 = 5859;
/// What its default engine comes to: at this speed round robin waits as long here as there. A
/// generated token takes 7.3 ms there.
const FLOPS: f64 = 1e16;
const OUTPUT_TOKEN_S: f64 = 0.0073;

/// What a whole run came to.
struct Run {
    reused: f64,
    mean_ttft_s: f64,
    requests_a_second: f64,
}

/// Sets whole runs that `python/simulator.py` printed beside ours.
pub(crate) fn rows(trace: Option<&Path>, counted: &str, wanted: &[&str]) -> Vec<Row> {
    let Some(path) = trace else { return Vec::new() };
    let log = read(path);
    let mut rows = Vec::new();
    for (router, name) in [("round_robin", "round_robin"), ("dynamo_kv", "kv_router")] {
        if !wanted.is_empty() && !wanted.contains(&name) {
            continue;
        }
        let of_router = |line: &&str| line.split('\t').next() == Some(name);
        let theirs: Vec<Run> = counted.lines().filter(of_router).map(printed).collect();
        let ours: Vec<Run> = (0..theirs.len() as u64).map(|seed| run(&log, router, seed)).collect();
        let note = format!(
            "8 x 5,859 blocks, the conversation trace. Reuse {} there, {} here; mean TTFT {}, {}; \
             requests a second {}, {}. It does more (batches, chunks, decode steps, output in the \
             cache), and its engine is another: ours has {FLOPS:e} FLOP/s, which makes round \
             robin wait about as long",
            range(&theirs, |run| 100.0 * run.reused, 2, " %"),
            range(&ours, |run| 100.0 * run.reused, 2, " %"),
            range(&theirs, |run| run.mean_ttft_s, 3, " s"),
            range(&ours, |run| run.mean_ttft_s, 3, " s"),
            range(&theirs, |run| run.requests_a_second, 0, ""),
            range(&ours, |run| run.requests_a_second, 0, ""),
        );
        let mut row = Row::new(name, note);
        row.explained = theirs.len() as u64;
        rows.push(row);
    }
    rows
}

/// The smallest and the largest of the runs.
fn range(runs: &[Run], of: impl Fn(&Run) -> f64, digits: usize, unit: &str) -> String {
    let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in runs.iter().map(of) {
        (least, most) = (least.min(value), most.max(value));
    }
    let (least, most) = (format!("{least:.digits$}"), format!("{most:.digits$}"));
    if least == most { format!("{least}{unit}") } else { format!("{least}–{most}{unit}") }
}

/// Router, run, share reused, mean and 99th percentile of the TTFT in ms, requests, wall ms.
fn printed(line: &str) -> Run {
    let number = |text: &str| text.parse::<f64>().unwrap_or_else(|_| panic!("a number: {line}"));
    let fields: Vec<f64> = line.split('\t').skip(2).map(number).collect();
    let [reused, mean_ms, _, requests, wall_ms] = fields[..] else { panic!("seven: {line}") };
    Run { reused, mean_ttft_s: mean_ms / 1e3, requests_a_second: 1e3 * requests / wall_ms }
}

fn read(path: &Path) -> Log {
    let bytes = std::fs::read(path).expect("the trace can be read");
    let (mut reader, mut log) = (TraceReader::new(ReadOptions::default()), Log::new());
    reader.push(&bytes, &mut log);
    reader.finish(&mut log);
    log.end();
    log
}

fn run(log: &Log, router: &str, seed: u64) -> Run {
    let clock = PolicyChoice::new("timed")
        .with("flops", ParamValue::Number(FLOPS))
        .with("output_token_s", ParamValue::Number(OUTPUT_TOKEN_S));
    let config = Config::new(WORKERS, NODE_BLOCKS).router(PolicyChoice::new(router)).clock(clock);
    let mut lane = Lane::new(&config.seed(seed), None).expect("a configuration that can be run");
    let started = Instant::now();
    lane.run(log).expect("the trace fits");
    let took_s = started.elapsed().as_secs_f64();
    let summary = lane.summary();
    Run {
        reused: summary.token_hit_rate,
        mean_ttft_s: summary.ttft.expect("it is timed").mean_ttft_s,
        requests_a_second: summary.sums.requests as f64 / took_s,
    }
}
