//! Figure 5 of Mooncake FAST'25 again: mean time to first token of four schedulers.
//!
//! The conversation trace on 16 nodes of 8×A800 that run LLaMA3-70B, each with 3 M tokens of
//! cache. Two constants that the paper does not publish are fitted to its four means: the share
//! of the peak FLOP/s that prefill reaches, and a part of every TTFT that no queue sees. All
//! else is the paper's or the trace's. The trace logs arrivals in groups of 3 s; the paper does
//! not say how it replays them, so the table has both: as they are, and spread over the group.
//! Random is a mean over seeds: what its 95 % interval leaves open is not decided.

use super::cell::seeded;
use super::table::columns;
use super::{
    About, Cell, Column, Fact, Findings, Holds, Kind, Opening, Row, Study, StudyRow, Table, Told,
    Unit, Verdict,
};
use crate::config::{Config, PolicyChoice, PresetRow};
use crate::figures::{self, counted};
use crate::params::ParamValue;
use crate::sim::Summary;
use crate::sweep::Mean;

/// Nodes of the figure.
const NODES: usize = 16;
/// Cache of a node: 3 M tokens, in whatever blocks the trace has.
const CAPACITY: &str = "3000000tokens";
/// Share of the peak FLOP/s; fitted.
const MFU: f64 = 0.305;
/// Seconds added to every TTFT; fitted.
const FIXED_S: f64 = 1.05;

/// As many as decide the figure on its own trace: random lies near 5 % off, and of fewer seeds the
/// interval reaches over it.
const SEEDS: u32 = 40;

/// What menus and help say.
pub const ABOUT: About = About {
    id: "figure5",
    kind: Kind::Figure,
    title: "Mooncake FAST'25, Figure 5",
    summary: "Mean time to first token of four schedulers on the open trace, beside the paper's.",
    source: "Qin et al., Mooncake, FAST'25, Figure 5",
    workload: "conversation",
    default_seeds: SEEDS,
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

    /// The arrivals are the clock's, which all lanes share.
    fn opens(&self) -> [Opening; 2] {
        let [as_is, spread] = settings(self.router).map(Opening::of);
        let opens = [as_is.setting("as logged"), spread.setting("spread")];
        if self.seeded { opens.map(Opening::of_means) } else { opens }
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

/// With arrivals as logged, and spread over their group.
fn settings(router: &str) -> [Config; 2] {
    let as_is = config(router);
    let mut spread = as_is.clone();
    spread.clock = spread.clock.with("spread_arrivals", ParamValue::Switch(true));
    [as_is, spread]
}

/// For each scheduler the seeds from 1 on with arrivals as logged, then with arrivals spread.
fn cells(seeds: u32) -> Vec<Cell> {
    let runs = |scheduler: &Scheduler| {
        let [as_is, spread] = settings(scheduler.router);
        let seeds = scheduler.repeats(seeds);
        seeded(&as_is, seeds).chain(seeded(&spread, seeds)).collect::<Vec<Config>>()
    };
    SCHEDULERS.iter().flat_map(runs).map(Cell::of).collect()
}

fn conclude(findings: &Findings<'_>) -> Study {
    let (seeds, mut rest) = (findings.seeds, findings.summaries);
    let mut rows = Vec::new();
    let mut measured = Vec::new();
    for scheduler in &SCHEDULERS {
        let repeats = scheduler.repeats(seeds) as usize;
        let (as_is, after) = rest.split_at(repeats);
        let (spread, after) = after.split_at(repeats);
        rest = after;
        let (logged, spread) = (Measured::of(scheduler, as_is), Measured::of(scheduler, spread));
        let Mean { mean, half_width, least, most } = logged.mean;
        let values = [
            Some(scheduler.paper_s),
            Some(mean),
            half_width,
            Some(least),
            Some(most),
            Some(logged.off()),
            Some(spread.mean.mean),
            Some(spread.off()),
        ];
        rows.push(Row::new(scheduler.called, values.to_vec()).opening(scheduler.opens()));
        measured.push(logged);
    }
    let title = format!("Mean time to first token; random over {}", counted(seeds.into(), "seed"));
    let opened = findings.summaries.first().map_or(0.0, mean_s);
    Study {
        tables: vec![Table { title, columns: heads(), rows }],
        facts: facts(seeds, opened),
        verdict: verdict(&measured, seeds),
    }
}

fn heads() -> Vec<Column> {
    columns([
        ("Scheduler", Unit::Name),
        ("Paper", Unit::Seconds),
        ("Arrivals as logged", Unit::Seconds),
        ("±", Unit::Seconds),
        ("least of the seeds", Unit::Seconds),
        ("most of the seeds", Unit::Seconds),
        ("off the paper's", Unit::Difference),
        ("Arrivals spread", Unit::Seconds),
        ("off the paper's", Unit::Difference),
    ])
}

fn mean_s(run: &Summary) -> f64 {
    run.ttft.map_or(0.0, |ttft| ttft.mean_ttft_s)
}

/// How far a mean may be off the paper's to be called the same.
const NEAR: f64 = 0.05;

/// What the runs of a scheduler amount to.
struct Measured<'a> {
    scheduler: &'a Scheduler,
    /// Of the runs' mean TTFT, in seconds.
    mean: Mean,
}

impl<'a> Measured<'a> {
    fn of(scheduler: &'a Scheduler, runs: &[Summary]) -> Self {
        Self { scheduler, mean: Mean::of(&runs.iter().map(mean_s).collect::<Vec<f64>>()) }
    }

    /// How far the mean is off the paper's, as a part of it.
    fn off(&self) -> f64 {
        self.mean.mean / self.scheduler.paper_s - 1.0
    }

    /// Half the width of its 95 % interval; of one seed nothing is known, and no run that chance
    /// has no part in has one.
    fn half_width_s(&self) -> f64 {
        let of_one_run = if self.scheduler.seeded { f64::INFINITY } else { 0.0 };
        self.mean.half_width.unwrap_or(of_one_run)
    }

    /// The same as a part of the paper's mean.
    fn half_width(&self) -> f64 {
        self.half_width_s() / self.scheduler.paper_s
    }

    /// The farthest that the interval is off the paper's.
    fn reach(&self) -> f64 {
        self.off().abs() + self.half_width()
    }

    /// Whether the mean is near the paper's: the whole interval is, or none of it.
    fn is_near(&self) -> Told {
        match () {
            () if self.reach() <= NEAR => Told::Yes,
            () if NEAR < self.off().abs() - self.half_width() => Told::No,
            () => Told::Open,
        }
    }

    /// Whether it is below another whatever is left to chance.
    fn is_below(&self, other: &Self) -> Told {
        let by = other.mean.mean - self.mean.mean;
        let half_width = self.half_width_s() + other.half_width_s();
        match () {
            () if half_width < by => Told::Yes,
            () if by <= -half_width => Told::No,
            () => Told::Open,
        }
    }

    /// How far above or below the paper's it is, in decimals that tell it from [`NEAR`].
    fn away(&self) -> String {
        let off = self.off();
        let written = |decimals: usize| figures::percent(off.abs(), decimals);
        let is_told = |decimals: &usize| written(*decimals) != figures::percent(NEAR, *decimals);
        let decimals = (1..4).find(is_told).unwrap_or(4);
        let side = if off < 0.0 { "below" } else { "above" };
        let interval = match self.half_width() {
            none if none.is_infinite() => " in a single seed".to_owned(),
            0.0 => String::new(),
            half_width => format!(", give or take {}", figures::percent(half_width, decimals)),
        };
        format!("{} {side} it{interval}", written(decimals))
    }
}

/// Order and levels, each in words of its own, and first what does not hold.
fn verdict(measured: &[Measured<'_>], seeds: u32) -> Verdict {
    let mut parts = [order(measured, seeds), levels(measured, seeds)];
    let holds = Holds::of_parts(&[parts[0].0, parts[1].0]);
    if parts[1].0 < parts[0].0 {
        parts.swap(0, 1);
    }
    let [(_, first), (_, second)] = parts;
    Verdict { holds, sentence: format!("with arrivals as logged {first}; {second}") }
}

/// Whether the means fall from row to row as the paper's do, and in words.
fn order(measured: &[Measured<'_>], seeds: u32) -> (Told, String) {
    let falls = |pair: &[Measured<'_>]| pair[1].is_below(&pair[0]);
    let told = measured.windows(2).map(falls).min().unwrap_or(Told::Yes);
    let at = measured.windows(2).find(|pair| falls(pair) == told);
    let [above, below] = at.map_or([""; 2], |pair| [0, 1].map(|at| pair[at].scheduler.called));
    let said = match told {
        Told::Yes => "the order is the paper's".to_owned(),
        Told::No => format!("the order is not the paper's: {below} is not below {above}"),
        Told::Open => {
            let seeds = counted(seeds.into(), "seed");
            format!("{seeds} cannot tell whether {below} is below {above}")
        }
    };
    (told, said)
}

/// Whether each mean is near the paper's, and in words: all that are not, those of which the
/// seeds do not tell, and of the others the farthest.
fn levels(measured: &[Measured<'_>], seeds: u32) -> (Told, String) {
    let near = figures::percent(NEAR, 0);
    let those = |told: Told| measured.iter().filter(move |it| it.is_near() == told);
    let list = |told: Told| -> String {
        let said = those(told).enumerate().map(|(at, it)| {
            let is = if at == 0 { " is" } else { "" };
            format!("{}{is} {}", it.scheduler.called, it.away())
        });
        said.collect::<Vec<String>>().join(", ")
    };
    let told = measured.iter().map(Measured::is_near).min().unwrap_or(Told::Yes);
    let mut said = Vec::new();
    if told == Told::No {
        said.push(format!("not each mean is within {near} of the paper's: {}", list(Told::No)));
    }
    if those(Told::Open).next().is_some() {
        let (seeds, open) = (counted(seeds.into(), "seed"), list(Told::Open));
        said.push(format!(
            "{seeds} cannot tell whether each mean is within {near} of the paper's: {open}"
        ));
    }
    let farthest = those(Told::Yes).max_by(|one, other| one.reach().total_cmp(&other.reach()));
    match (told, farthest) {
        (Told::Yes, Some(it)) => said.push(format!(
            "each mean is within {near} of the paper's, the farthest, {}, {}",
            it.scheduler.called,
            it.away()
        )),
        (Told::Open, Some(_)) => said.push("every other mean is".to_owned()),
        _ => {}
    }
    (told, said.join("; "))
}

fn facts(seeds: u32, opened_s: f64) -> Vec<Fact> {
    let mut opened = Fact::of_opened(seeds);
    opened.value += &format!(": {opened_s:.2} s of random");
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
        opened,
    ]
}
