//! What other projects count on the same requests: libCacheSim and kvcache-simulator beside this
//! model.
//!
//! Their counts were taken once, by scripts/reference-counts.py, on the first 3,000 requests of the
//! built-in `toolagent` with seed 7; they are not on the open trace, which these projects have not
//! seen. libCacheSim counts misses of blocks one by one, kvcache-simulator the tokens that a prefix
//! tree saves. `cargo xtask peers` (docs/peers.md) asks the living projects; this is what a page
//! can show. Nothing depends on chance.

use super::claims::fact;
use super::table::columns;
use super::{
    About, Cell, Findings, Holds, Kind, Opening, Row, Serves, Study, StudyRow, Table, Unit, Verdict,
};
use crate::config::{Config, PolicyChoice};
use crate::figures;
use crate::params::ParamValue;
use crate::sim::Summary;

const WORKLOAD: &str = "toolagent";
const SEED: u64 = 7;
const REQUESTS: u32 = 3000;
/// What the peers counted, whatever trace is open.
const SERVES: Serves = Serves::Workload { id: WORKLOAD, seed: SEED, requests: REQUESTS };

/// A policy, as tables and as people call it, with what a peer counts at each capacity in blocks.
type Counted = (&'static str, &'static str, [(u32, u64); 3]);

/// libCacheSim's misses.
const MISSES: [Counted; 9] = [
    ("fifo", "FIFO", [(100, 45_873), (1000, 41_948), (10_000, 35_896)]),
    ("lru", "LRU", [(100, 43_842), (1000, 41_255), (10_000, 35_651)]),
    ("lfu", "LFU", [(100, 41_255), (1000, 41_255), (10_000, 35_818)]),
    ("clock", "Clock", [(100, 43_032), (1000, 41_255), (10_000, 35_511)]),
    ("sieve", "SIEVE", [(100, 41_255), (1000, 41_255), (10_000, 35_818)]),
    ("s3fifo", "S3-FIFO", [(100, 41_255), (1000, 41_250), (10_000, 35_792)]),
    ("arc", "ARC", [(100, 41_255), (1000, 41_255), (10_000, 35_897)]),
    ("two_q", "2Q", [(100, 41_283), (1000, 41_273), (10_000, 35_978)]),
    ("optimal", "Belady", [(100, 40_356), (1000, 36_058), (10_000, 31_132)]),
];

/// kvcache-simulator's hit tokens.
const HIT_TOKENS: [Counted; 2] = [
    ("lru", "LRU", [(30, 2_819_584), (1000, 4_519_424), (10_000, 6_320_640)]),
    ("optimal_tree", "Optimal", [(30, 4_558_848), (1000, 6_095_872), (10_000, 8_281_600)]),
];

/// What menus and help say.
pub const ABOUT: About = About {
    id: "peers",
    kind: Kind::Peers,
    title: "Counts of libCacheSim and kvcache-simulator",
    summary: "Two other projects count the same on the same requests.",
    source: "libCacheSim; kvcache-simulator 0.1.3",
    workload: WORKLOAD,
    default_seeds: 1,
    presets: &[],
};

/// The table row.
pub static ROW: StudyRow = StudyRow { about: ABOUT, cells, conclude };

fn config(eviction: &str, insertion: &str, capacity: u32) -> Config {
    let mut choice = PolicyChoice::new(eviction);
    if eviction == "optimal" {
        choice = choice.with("bypass", ParamValue::Switch(false));
    }
    // kvcache-simulator counts the second half of its requests, with caches that are warm by then.
    let warmup = if insertion == "tree" { 0.5 } else { 0.0 };
    Config::new(1, capacity)
        .with("insertion", ParamValue::Text(insertion.to_owned()))
        .with("warmup", ParamValue::Number(warmup))
        .router(PolicyChoice::new("round_robin"))
        .eviction(choice)
}

/// Policy by policy and capacity by capacity: blocks one by one, then the prefix tree.
fn runs() -> impl Iterator<Item = Run> {
    let flat = MISSES.iter().map(|it| (it, "flat"));
    let tree = HIT_TOKENS.iter().map(|it| (it, "tree"));
    flat.chain(tree).flat_map(|(&(id, called, counts), insertion)| {
        counts.map(|(capacity, counted)| Run {
            called,
            capacity,
            counted,
            insertion,
            config: config(id, insertion, capacity),
        })
    })
}

struct Run {
    called: &'static str,
    capacity: u32,
    counted: u64,
    insertion: &'static str,
    config: Config,
}

impl Run {
    /// What this model counts of the same.
    fn found(&self, run: &Summary) -> u64 {
        match self.insertion {
            "flat" => run.sums.blocks - run.sums.block_hits,
            _ => run.sums.hit_tokens,
        }
    }
}

fn cells(_seeds: u32) -> Vec<Cell> {
    runs().map(|run| Cell { config: run.config, serves: SERVES }).collect()
}

fn conclude(findings: &Findings<'_>) -> Study {
    let (mut flat, mut tree) = (Vec::new(), Vec::new());
    let (mut equal, mut all) = (0, 0);
    let mut off = String::new();
    for (run, summary) in runs().zip(findings.summaries) {
        let found = run.found(summary);
        all += 1;
        if found == run.counted {
            equal += 1;
        } else if off.is_empty() {
            let Run { called, capacity, counted, .. } = &run;
            off = format!(
                "; {called} at {}: {} there, {} here",
                figures::counted((*capacity).into(), "block"),
                figures::grouped(*counted),
                figures::grouped(found)
            );
        }
        let values = [run.counted, found].map(|count| Some(count as f64)).to_vec();
        let row = Row::new(
            format!("{}, {}", run.called, figures::counted(run.capacity.into(), "block")),
            values,
        );
        let row = row.opening([Opening::of(run.config).serving(SERVES)]);
        if run.insertion == "flat" { flat.push(row) } else { tree.push(row) }
    }
    let table = |title: &str, peer: &'static str, rows| Table {
        title: title.to_owned(),
        columns: columns([("Policy", Unit::Name), (peer, Unit::Count), ("kvscope", Unit::Count)]),
        rows,
    };
    Study {
        tables: vec![
            table("Misses, block by block", "libCacheSim", flat),
            table(
                "Hit tokens of a prefix tree, second half of the requests",
                "kvcache-simulator",
                tree,
            ),
        ],
        facts: vec![
            fact("requests", format!("{REQUESTS} of {WORKLOAD}, seed {SEED}")),
            fact("caches", "one, which serves all requests"),
        ],
        verdict: Verdict {
            holds: if equal == all { Holds::Supported } else { Holds::NotSupported },
            sentence: format!("{equal} of {all} counts are equal, to the last one{off}"),
        },
    }
}
