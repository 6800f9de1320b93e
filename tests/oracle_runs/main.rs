//! Whole runs under the timed clock against a slow twin written from docs/metrics.md: every
//! figure of the summary and every pick, with all flags of the clock, one to four nodes.
#![cfg(not(target_arch = "wasm32"))]

mod cache;
#[path = "../common/mod.rs"]
mod common;
mod figures;
mod generate;
mod twin;

use cache::Discipline;
use common::drive::{Trace, run};
use kvscope::config::{Config, PolicyChoice};
use kvscope::model::BlockId;
use kvscope::model::Request;
use kvscope::params::ParamValue;
use kvscope::rng::Stream;
use serde_json::Value;
use twin::{Asked, Settings, Twin, arrivals};

/// What only migrations change; there are none here.
const MIGRATIONS: [&str; 5] =
    ["migrations", "chosen_blocks", "migrated_blocks", "dropped_blocks", "migrated_bytes"];

fn config(settings: &Settings) -> Config {
    let number = ParamValue::Number;
    let switch = ParamValue::Switch;
    let text = |text: &str| ParamValue::Text(text.to_owned());
    let mut router = PolicyChoice::new(settings.router);
    if settings.router == "conductor" {
        router = router.with("balance", number(settings.balance));
    }
    let clock = PolicyChoice::new("timed")
        .with("flops", number(settings.flops))
        .with("fixed_s", number(settings.fixed_s))
        .with("bandwidth_bytes_s", number(settings.bandwidth_bytes_s))
        .with("link_contention", switch(settings.link_contention))
        .with("transfers_wait", switch(settings.transfers_wait))
        .with("spread_arrivals", switch(settings.spread_arrivals))
        .with("rate", number(settings.rate))
        .with("slo_s", number(settings.slo_s))
        .with("enforce_slo", switch(settings.enforce_slo))
        .with("visibility", text(if settings.completion { "completion" } else { "arrival" }));
    let fifo = settings.discipline == Discipline::FlatFifo;
    let tree = settings.discipline == Discipline::TreeLru;
    Config::new(settings.nodes, settings.capacity as u32)
        .router(router)
        .eviction(PolicyChoice::new(if fifo { "fifo" } else { "lru" }))
        .clock(clock)
        .with("insertion", text(if tree { "tree" } else { "flat" }))
        .with("window", number(settings.window as f64))
}

fn as_trace(asked: &[Asked]) -> Trace {
    let request = |(index, asked): (u32, &Asked)| {
        let request = Request {
            index,
            arrival_s: asked.timestamp_s,
            input_tokens: asked.input,
            output_tokens: asked.output,
            session: Request::NO_SESSION,
        };
        (request, asked.blocks.iter().copied().map(BlockId).collect())
    };
    (0..).zip(asked).map(request).collect()
}

/// Counts to the digit, everything else to a relative 1e-9.
fn equal(want: &Value, got: &Value) -> bool {
    match (want, got) {
        (Value::Object(want), Value::Object(got)) => {
            want.len() == got.len() && want.iter().all(|(key, value)| equal(value, &got[key]))
        }
        _ => match (want.as_f64(), got.as_f64()) {
            (Some(want), Some(got)) => (want - got).abs() <= 1e-9 * want.abs(),
            _ => want == got,
        },
    }
}

/// What is different between a run and its twin.
fn differences(settings: &Settings, trace: &[Asked], seen: &mut Seen) -> Vec<String> {
    let mut twin = Twin::new(settings.clone());
    for (at, now_s) in arrivals(settings, trace) {
        twin.serve(&trace[at], now_s);
    }
    twin.store_finished(f64::INFINITY);
    seen.note(&twin);
    let finished = run(&config(settings), &as_trace(trace));
    let mut wrong = Vec::new();
    if finished.nodes() != twin.nodes {
        wrong.push(format!("picks: want {:?}, got {:?}", twin.nodes, finished.nodes()));
    }
    let (want, got) = (twin.summary(), serde_json::to_value(&finished.summary).expect("JSON"));
    for (key, got) in got.as_object().expect("an object") {
        match want.get(key) {
            Some(want) if equal(want, got) => {}
            Some(want) => wrong.push(format!("{key}: want {want}, got {got}")),
            None if MIGRATIONS.contains(&key.as_str()) => assert_eq!(got.as_f64(), Some(0.0)),
            None => assert_eq!((key.as_str(), got.as_array()), ("first_migrations", Some(&vec![]))),
        }
    }
    let told = want.as_object().expect("an object").keys();
    wrong.extend(told.filter(|key| got.get(key).is_none()).map(|key| format!("{key} is missing")));
    wrong
}

/// What happened over all runs, so that nothing is compared that never occurs.
#[derive(Debug, Default)]
struct Seen {
    fetched: usize,
    /// Fetches that were held up, by link_contention and transfers_wait (0 to 3).
    held: [usize; 4],
    rejected: u64,
    rewanted: u64,
    refused: u64,
    stranded: u64,
}

impl Seen {
    fn note(&mut self, twin: &Twin) {
        let (settings, summary) = (&twin.settings, twin.summary());
        let count = |key: &str| summary[key].as_u64().expect("a count");
        let block_s = 512.0 * twin::TOKEN_BYTES / settings.bandwidth_bytes_s;
        for placed in twin.placed.iter().filter(|placed| placed.source.is_some()) {
            self.fetched += 1;
            let alone_s = (placed.prefix - placed.own) as f64 * block_s;
            let flags =
                usize::from(settings.link_contention) + 2 * usize::from(settings.transfers_wait);
            self.held[flags] += usize::from(alone_s * 1.001 < placed.transfer_s);
        }
        self.rejected += twin.rejected;
        self.rewanted += count("rewanted");
        self.refused += count("refused");
        self.stranded += count("stranded");
    }
}

#[test]
fn every_pick_and_every_figure_equals_the_twins() {
    let (mut seen, mut wrong) = (Seen::default(), Vec::new());
    let cases = 4096;
    for case in 0..cases {
        let mut stream = Stream::new(11, "runs", case as u32);
        let settings = generate::settings(case, &mut stream);
        let mut trace = generate::trace(&settings, 1 + stream.below(60) as usize, &mut stream);
        if case % 3 == 0 {
            trace = generate::shuffled(&trace, &mut stream);
        }
        let found = differences(&settings, &trace, &mut seen);
        if !found.is_empty() {
            wrong.push(format!("case {case}, {settings:?}:\n  {}", found.join("\n  ")));
        }
    }
    println!("{cases} runs, {seen:?}");
    let shown = wrong.iter().take(5).cloned().collect::<Vec<_>>().join("\n");
    assert!(wrong.is_empty(), "{} of {cases} differ:\n{shown}", wrong.len());
    let [never, links, blocks, both] = seen.held;
    assert_eq!(never, 0, "nothing holds a transfer up by default");
    let enough = [links, blocks, both, seen.fetched].iter().all(|&count| 50 < count);
    let others = [seen.rejected, seen.rewanted, seen.refused, seen.stranded];
    assert!(enough && others.iter().all(|&count| 50 < count), "{seen:?}");
}
