//! Figure 5 of Mooncake FAST'25 again: mean time to first token of four schedulers.
//!
//! The conversation trace on 16 nodes of 8×A800 that run LLaMA3-70B, each with 3 M tokens of
//! cache. Two constants that the paper does not publish are fitted to its four means: the share
//! of the peak FLOP/s that prefill reaches, and a part of every TTFT that no queue sees. All
//! else is the paper's or the trace's. The trace logs arrivals in groups of 3 s; the paper does
//! not say how it replays them, so the table has both: as they are, and spread over the group.

use crate::config::{Config, PolicyChoice};
use crate::error::Result;
use crate::model::DEFAULT_BLOCK_SIZE;
use crate::params::ParamValue;
use crate::sim::Lane;
use crate::trace::Log;
use serde::Serialize;

/// Nodes of the figure.
pub const NODES: usize = 16;
/// Cache of a node.
pub const CAPACITY_TOKENS: u32 = 3_000_000;
/// Share of the peak FLOP/s; fitted.
pub const MFU: f64 = 0.305;
/// Seconds added to every TTFT; fitted.
pub const FIXED_S: f64 = 1.05;

/// A router with the paper's mean TTFT in seconds, and whether its runs depend on the seed.
const PAPER: [(&str, &str, f64, bool); 4] = [
    ("random", "random", 19.65, true),
    ("least_requests", "load balancing", 5.27, false),
    ("shortest_ttft", "local cache-aware", 3.58, false),
    ("conductor", "global cache-aware", 3.07, false),
];

/// The figure beside the paper's.
#[derive(Clone, Debug, Serialize)]
pub struct Figure5 {
    /// One a scheduler.
    pub rows: Vec<Figure5Row>,
    /// What went in.
    pub constants: Vec<Constant>,
    /// Seeds that the mean of a seeded router is taken over.
    pub seeds: u32,
}

/// One scheduler. Times are mean times to first token in seconds.
#[derive(Clone, Debug, Serialize)]
pub struct Figure5Row {
    /// The router's id.
    pub router: &'static str,
    /// What the paper calls it.
    pub called: &'static str,
    /// The paper's.
    pub paper_s: f64,
    /// With arrivals as the trace has them.
    pub mean_s: f64,
    /// Smallest and largest over the seeds, with arrivals as they are.
    pub range_s: [f64; 2],
    /// `mean_s / paper_s − 1`.
    pub difference: f64,
    /// With arrivals spread inside their groups.
    pub spread_s: f64,
    /// `spread_s / paper_s − 1`.
    pub spread_difference: f64,
}

/// One of the figure's constants.
#[derive(Clone, Debug, Serialize)]
pub struct Constant {
    /// What it is.
    pub name: &'static str,
    /// Its value, with its unit.
    pub value: String,
    /// Whether it was fitted to the paper's four means.
    pub fitted: bool,
}

/// The configuration of one of the figure's runs on a trace with blocks of `block_size` tokens,
/// arrivals as the trace has them.
pub fn config(router: &str, block_size: u32) -> Config {
    let clock = PolicyChoice::new("timed")
        .with("model", ParamValue::Text("llama3-70b".to_owned()))
        .with("hardware", ParamValue::Text("8xa800".to_owned()))
        .with("mfu", ParamValue::Number(MFU))
        .with("fixed_s", ParamValue::Number(FIXED_S));
    Config::new(NODES, CAPACITY_TOKENS / block_size).router(PolicyChoice::new(router)).clock(clock)
}

/// Runs the figure on a whole trace; seeded routers with `seeds` ≥ 1 seeds.
///
/// # Errors
/// As [`Lane::run`].
pub fn figure5(log: &Log, seeds: u32) -> Result<Figure5> {
    let block_size = log.block_size().unwrap_or(DEFAULT_BLOCK_SIZE);
    let row = |&(router, called, paper_s, seeded): &(&'static str, &'static str, f64, bool)| {
        let seeds = if seeded { seeds } else { 1 };
        let as_is = config(router, block_size);
        let mut spread = as_is.clone();
        spread.clock = spread.clock.with("spread_arrivals", ParamValue::Switch(true));
        let (mean_s, range_s) = mean_ttft_s(log, &as_is, seeds)?;
        let (spread_s, _) = mean_ttft_s(log, &spread, seeds)?;
        Ok(Figure5Row {
            router,
            called,
            paper_s,
            mean_s,
            range_s,
            difference: mean_s / paper_s - 1.0,
            spread_s,
            spread_difference: spread_s / paper_s - 1.0,
        })
    };
    let rows = PAPER.iter().map(row).collect::<Result<_>>()?;
    Ok(Figure5 { rows, constants: constants(block_size), seeds })
}

/// Mean over seeds 1 to `seeds` of a configuration's mean TTFT, and the range of the means.
///
/// # Errors
/// As [`Lane::run`].
pub fn mean_ttft_s(log: &Log, config: &Config, seeds: u32) -> Result<(f64, [f64; 2])> {
    let (mut sum, mut range) = (0.0, [f64::INFINITY, f64::NEG_INFINITY]);
    for seed in 1..=seeds {
        let mut lane = Lane::new(&config.clone().seed(u64::from(seed)), log.block_size())?;
        lane.run(log)?;
        let mean_s = lane.ttft_summary().map_or(0.0, |ttft| ttft.mean_ttft_s);
        sum += mean_s;
        range = [range[0].min(mean_s), range[1].max(mean_s)];
    }
    Ok((sum / f64::from(seeds), range))
}

fn constants(block_size: u32) -> Vec<Constant> {
    let constant = |name, value, fitted| Constant { name, value, fitted };
    let blocks = CAPACITY_TOKENS / block_size;
    vec![
        constant("nodes", NODES.to_string(), false),
        constant("cache of a node", format!("{blocks} blocks of {block_size} tokens"), false),
        constant("model", "LLaMA3-70B, a = 4, b = 22".to_owned(), false),
        constant("hardware", "8 × A800, 312 TFLOP/s each".to_owned(), false),
        constant("link bandwidth", "1e11 bytes/s".to_owned(), false),
        constant("conductor's balance", "2".to_owned(), false),
        constant("MFU", MFU.to_string(), true),
        constant("fixed part of a TTFT", format!("{FIXED_S} s"), true),
    ]
}
