//! Figure 5 of Mooncake FAST'25 again: mean time to first token of four schedulers.
//!
//! The conversation trace on 16 nodes of 8×A800 that run LLaMA3-70B, each with 3 M tokens of
//! cache. Two constants that the paper does not publish are fitted to its four means: the share
//! of the peak FLOP/s that prefill reaches, and a part of every TTFT that no queue sees. All
//! else is the paper's or the trace's. The trace logs arrivals in groups of 3 s; the paper does
//! not say how it replays them, so the table has both: as they are, and spread over the group.

use super::cell::seeded;
use super::table::columns;
use super::{
    About, Cell, Column, Fact, Findings, Holds, Kind, Row, Study, StudyRow, Table, Unit, Verdict,
};
use crate::config::{Config, PolicyChoice, PresetRow};
use crate::figures::{self, counted};
use crate::params::ParamValue;
use crate::sim::Summary;

/// Nodes of the figure.
const NODES: usize = 16;
/// Cache of a node: 3 M tokens, in whatever blocks the trace has.
const CAPACITY: &str = "3000000tokens";
/// Share of the peak FLOP/s; fitted.
const MFU: f64 = 0.305;
/// Seconds added to every TTFT; fitted.
const FIXED_S: f64 = 1.05;

/// What menus and help say.
pub const ABOUT: About = About {
    id: "figure5",
    kind: Kind::Figure,
    title: "Mooncake FAST'25, Figure 5",
    summary: "Mean time to first token of four schedulers on the open trace, beside the paper's.",
    source: "Qin et al., Mooncake, FAST'25, Figure 5",
    workload: "conversation",
    default_seeds: 20,
    presets: PRESETS,
};

/// The table row.
pub static ROW: StudyRow = StudyRow { about: ABOUT, cells, conclude };

/// One of the four schedulers.
struct Scheduler {
    router: &'static str,
    /// What the paper calls it.
    called: &'static str,
    /// The paper's mean TTFT.
    paper_s: f64,
    /// Whether its runs depend on the seed.
    seeded: bool,
}

const SCHEDULERS: [Scheduler; 4] = [
    Scheduler { router: "random", called: "random", paper_s: 19.65, seeded: true },
    Scheduler { router: "least_requests", called: "load balancing", paper_s: 5.27, seeded: false },
    Scheduler {
        router: "shortest_ttft",
        called: "local cache-aware",
        paper_s: 3.58,
        seeded: false,
    },
    Scheduler { router: "conductor", called: "global cache-aware", paper_s: 3.07, seeded: false },
];

impl Scheduler {
    fn repeats(&self, seeds: u32) -> u32 {
        if self.seeded { seeds } else { 1 }
    }
}

const PRESETS: &[PresetRow] = &[
    PresetRow {
        id: "figure5_random",
        title: "Figure 5: random",
        lesson: "Mooncake's baseline: a random node, so prefixes are everywhere and nowhere.",
        workload: Some("conversation"),
        config: || config("random"),
        mends: None,
    },
    PresetRow {
        id: "figure5_least_requests",
        title: "Figure 5: load balancing",
        lesson: "Balancing the queues alone takes most of the waiting away.",
        workload: Some("conversation"),
        config: || config("least_requests"),
        mends: Some("figure5_random"),
    },
    PresetRow {
        id: "figure5_shortest_ttft",
        title: "Figure 5: local cache-aware",
        lesson: "Weighing what a node has cached against its queue saves prefill too.",
        workload: Some("conversation"),
        config: || config("shortest_ttft"),
        mends: Some("figure5_least_requests"),
    },
    PresetRow {
        id: "figure5_conductor",
        title: "Figure 5: global cache-aware",
        lesson: "Fetching a prefix from the node that has it costs less than computing it again.",
        workload: Some("conversation"),
        config: || config("conductor"),
        mends: Some("figure5_shortest_ttft"),
    },
];

/// The configuration of one of the figure's runs, arrivals as the trace has them.
fn config(router: &str) -> Config {
    let clock = PolicyChoice::new("timed")
        .with("model", ParamValue::Text("llama3-70b".to_owned()))
        .with("hardware", ParamValue::Text("8xa800".to_owned()))
        .with("mfu", ParamValue::Number(MFU))
        .with("fixed_s", ParamValue::Number(FIXED_S));
    Config::default()
        .with("nodes", ParamValue::Number(NODES as f64))
        .with("capacity_blocks", ParamValue::Text(CAPACITY.to_owned()))
        .router(PolicyChoice::new(router))
        .clock(clock)
}

/// For each scheduler the seeds from 1 on with arrivals as logged, then with arrivals spread.
fn cells(seeds: u32) -> Vec<Cell> {
    let runs = |scheduler: &Scheduler| {
        let capacity = ParamValue::Text(CAPACITY.to_owned());
        let as_is = config(scheduler.router).with("capacity_blocks", capacity);
        let mut spread = as_is.clone();
        spread.clock = spread.clock.with("spread_arrivals", ParamValue::Switch(true));
        let seeds = scheduler.repeats(seeds);
        seeded(&as_is, seeds).chain(seeded(&spread, seeds)).collect::<Vec<Config>>()
    };
    SCHEDULERS.iter().flat_map(runs).map(Cell::of).collect()
}

fn conclude(findings: &Findings<'_>) -> Study {
    let (seeds, mut rest) = (findings.seeds, findings.summaries);
    let mut rows = Vec::new();
    for scheduler in &SCHEDULERS {
        let repeats = scheduler.repeats(seeds) as usize;
        let (as_is, after) = rest.split_at(repeats);
        let (spread, after) = after.split_at(repeats);
        rest = after;
        let (mean_s, least_s, most_s) = mean_and_range(as_is);
        let (spread_s, _, _) = mean_and_range(spread);
        let paper_s = scheduler.paper_s;
        let (off, spread_off) = (mean_s / paper_s - 1.0, spread_s / paper_s - 1.0);
        let values = [paper_s, mean_s, least_s, most_s, off, spread_s, spread_off];
        let row = if scheduler.seeded { Row::of_means } else { Row::of };
        rows.push(row(scheduler.called, config(scheduler.router), values.map(Some).to_vec()));
    }
    let verdict = verdict(&rows);
    let title = format!("Mean time to first token; random over {}", counted(seeds.into(), "seed"));
    Study { tables: vec![Table { title, columns: heads(), rows }], facts: facts(seeds), verdict }
}

fn heads() -> Vec<Column> {
    columns([
        ("Scheduler", Unit::Name),
        ("Paper", Unit::Seconds),
        ("Arrivals as logged", Unit::Seconds),
        ("least of the seeds", Unit::Seconds),
        ("most of the seeds", Unit::Seconds),
        ("off the paper's", Unit::Difference),
        ("Arrivals spread", Unit::Seconds),
        ("off the paper's", Unit::Difference),
    ])
}

/// Mean, smallest and largest of the runs' mean TTFT.
fn mean_and_range(runs: &[Summary]) -> (f64, f64, f64) {
    let means = runs.iter().map(|run| run.ttft.map_or(0.0, |ttft| ttft.mean_ttft_s));
    let sum: f64 = means.clone().sum();
    let least = means.clone().fold(f64::INFINITY, f64::min);
    (sum / runs.len() as f64, least, means.fold(f64::NEG_INFINITY, f64::max))
}

/// How far a mean may be off the paper's to be called the same.
const NEAR: f64 = 0.05;
/// Places in a row of the mean with arrivals as logged, and of how far it is off the paper's.
const MEAN: usize = 1;
const OFF: usize = 4;

/// Order and levels, each in words of its own, and first what does not hold.
fn verdict(rows: &[Row]) -> Verdict {
    let ((in_order, order), (near, levels)) = (order(rows), levels(rows));
    let [first, second] = if in_order && !near { [levels, order] } else { [order, levels] };
    Verdict {
        holds: if in_order && near { Holds::Supported } else { Holds::NotSupported },
        sentence: format!("with arrivals as logged {first}; {second}"),
    }
}

/// Whether the means fall from row to row as the paper's do, and in words.
fn order(rows: &[Row]) -> (bool, String) {
    let falls = |pair: &&[Row]| value(&pair[1], MEAN) < value(&pair[0], MEAN);
    match rows.windows(2).find(|pair| !falls(pair)) {
        None => (true, "the order is the paper's".to_owned()),
        Some(pair) => {
            let (above, below) = (&pair[0].name, &pair[1].name);
            (false, format!("the order is not the paper's: {below} is not below {above}"))
        }
    }
}

/// Whether each mean is near the paper's, and in words: all that are not, or the farthest.
fn levels(rows: &[Row]) -> (bool, String) {
    let off = |row: &Row| value(row, OFF).abs();
    let near = figures::percent(NEAR, 0);
    let (far, within): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| NEAR < off(row));
    if far.is_empty() {
        let farthest = within.into_iter().max_by(|one, other| off(one).total_cmp(&off(other)));
        let farthest = farthest.expect("there are schedulers");
        let said = format!("{}, {}", farthest.name, away(farthest));
        return (true, format!("each mean is within {near} of the paper's, the farthest, {said}"));
    }
    let mut said: Vec<String> =
        far.iter().map(|row| format!("{} {}", row.name, away(row))).collect();
    said[0] = format!("{} is {}", far[0].name, away(far[0]));
    (false, format!("not each mean is within {near} of the paper's: {}", said.join(", ")))
}

/// How far above or below the paper's a mean is, in decimals that tell it from [`NEAR`].
fn away(row: &Row) -> String {
    let off = value(row, OFF);
    let written = |decimals: usize| figures::percent(off.abs(), decimals);
    let is_told = |decimals: &usize| written(*decimals) != figures::percent(NEAR, *decimals);
    let decimals = (1..4).find(is_told).unwrap_or(4);
    format!("{} {} it", written(decimals), if off < 0.0 { "below" } else { "above" })
}

fn value(row: &Row, at: usize) -> f64 {
    row.values[at].unwrap_or(f64::NAN)
}

fn facts(seeds: u32) -> Vec<Fact> {
    let fact = |name, value, fitted| Fact { name, value, fitted };
    vec![
        fact("nodes", NODES.to_string(), false),
        fact("cache of a node", "3,000,000 tokens".to_owned(), false),
        fact("model", "LLaMA3-70B, a = 4, b = 22".to_owned(), false),
        fact("hardware", "8 × A800, 312 TFLOP/s each".to_owned(), false),
        fact("link bandwidth", "1e11 bytes/s".to_owned(), false),
        fact("conductor's balance", "2".to_owned(), false),
        fact("MFU", MFU.to_string(), true),
        fact("fixed part of a TTFT", format!("{FIXED_S} s"), true),
        Fact::of_opened(seeds),
    ]
}
