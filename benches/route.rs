//! What a router costs as the cluster grows: `cargo bench --bench route [-- ROUTER…]`.
//!
//! Prints a Markdown table for docs/performance.md: block references per second of a whole run
//! (parsing left out) at 4, 16, 64 and 256 nodes, the median of five, the five spread over the
//! whole measurement so that a busy moment of the machine does not fall on one cell. The last
//! column is what a reference costs on 64 nodes against 4. The trace is the conversation trace,
//! looked for as the tests do, or else the built-in workload of that name. Routers that work
//! under the logical clock are measured there, the others under the timed one.

use kvscope::config::{Config, PolicyChoice};
use kvscope::params::Need;
use kvscope::route::{ROUTERS, RouterRow};
use kvscope::sim::Lane;
use kvscope::trace::synth::BLOCK_TOKENS;
use kvscope::trace::synth::{self, Workload};
use kvscope::trace::{Interner, Log, ReadOptions, TraceReader};
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Instant;

const NODES: [usize; 4] = [4, 16, 64, 256];
const RUNS: usize = 5;
/// Cache of a node: 3 M tokens, as in Mooncake's figures.
const CAPACITY_BLOCKS: u32 = 5859;

fn main() {
    let (name, queue) = requests();
    let given: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let wanted = |row: &&&RouterRow| given.is_empty() || given.iter().any(|id| id == row.id);
    let rows: Vec<&RouterRow> = ROUTERS.iter().filter(wanted).copied().collect();
    let mut seconds = vec![[[0.0; RUNS]; NODES.len()]; rows.len()];
    let mut references = 0;
    for run in 0..RUNS {
        for (row, cells) in rows.iter().zip(&mut seconds) {
            for (&nodes, cell) in NODES.iter().zip(cells.iter_mut()) {
                (references, cell[run]) = measure(row, nodes, &queue);
            }
        }
    }
    println!("{name}, {references} block references; median of {RUNS}\n");
    println!("| router | clock | 4 nodes | 16 | 64 | 256 | cost(64) / cost(4) |");
    println!("|---|---|---|---|---|---|---|");
    for (row, cells) in rows.iter().zip(&mut seconds) {
        let median = |runs: &mut [f64; RUNS]| {
            runs.sort_by(f64::total_cmp);
            runs[RUNS / 2]
        };
        let medians: Vec<f64> = cells.iter_mut().map(median).collect();
        let rates = medians.iter().map(|&seconds| references as f64 / seconds / 1e6);
        let rates: Vec<String> = rates.map(|rate| format!("{rate:.1}")).collect();
        let ratio = medians[2] / medians[0];
        println!("| `{}` | {} | {} | {ratio:.2} |", row.id, clock(row), rates.join(" | "));
    }
    println!("\nIn millions of block references per second.");
}

fn clock(row: &RouterRow) -> &'static str {
    if row.needs.contains(&Need::TimedClock) { "timed" } else { "logical" }
}

/// Block references and seconds of one run.
fn measure(row: &RouterRow, nodes: usize, log: &Log) -> (u64, f64) {
    let config = Config::new(nodes, CAPACITY_BLOCKS)
        .router(PolicyChoice::new(row.id))
        .clock(PolicyChoice::new(clock(row)));
    let mut lane = Lane::new(&config, log.block_size()).expect("a configuration that runs");
    let start = busy_s();
    lane.run(log).expect("a run without foresight");
    (lane.metrics().sums().blocks, busy_s() - start)
}

/// Seconds this process has computed, where Linux tells it: other processes then do not count.
/// Elsewhere, seconds on the wall.
fn busy_s() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    // Yielding brings the system's account up to date.
    std::thread::yield_now();
    let told = std::fs::read_to_string("/proc/self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| START.elapsed().as_secs_f64(), |nanoseconds| nanoseconds * 1e-9)
}

fn requests() -> (&'static str, Log) {
    let mut queue = Log::new();
    let given = std::env::var_os("KVSCOPE_TRACES").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/traces");
    let real = given
        .into_iter()
        .chain([beside])
        .find_map(|folder| std::fs::read(folder.join("conversation_trace.jsonl")).ok());
    if let Some(bytes) = real {
        let mut reader = TraceReader::new(ReadOptions::default());
        reader.push(&bytes, &mut queue);
        reader.finish(&mut queue);
        queue.end();
        return ("the conversation trace", queue);
    }
    let row = synth::find("conversation").expect("a built-in workload");
    let mut interner = Interner::new();
    for (index, raw) in (0..).zip(Workload::new(row, 1, row.default_requests)) {
        interner.push_raw(&raw, index, &mut queue);
    }
    queue.set_block_size(BLOCK_TOKENS);
    queue.end();
    ("the built-in conversation workload", queue)
}
