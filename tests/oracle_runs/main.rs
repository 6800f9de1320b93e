//! Whole runs under the timed clock against a slow twin written from docs/metrics.md: every
//! figure of the summary and every pick, with all flags of the clock, one to four nodes, in open
//! traces and in closed loops.
#![cfg(not(target_arch = "wasm32"))]

mod cache;
mod closed;
#[path = "../common/mod.rs"]
mod common;
mod figures;
mod generate;
mod members;
mod order;
mod twin;

use cache::Discipline;
use closed::Opening;
use common::drive::serve_log;
use kvscope::config::{Config, PolicyChoice};
use kvscope::model::BlockId;
use kvscope::model::Request;
use kvscope::params::ParamValue;
use kvscope::rng::Stream;
use kvscope::trace::Log;
use serde_json::Value;
use std::rc::Rc;
use twin::{Asked, Settings, Twin};

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
        .with("output_token_s", number(settings.output_token_s))
        .with("bandwidth_bytes_s", number(settings.bandwidth_bytes_s))
        .with("link_contention", switch(settings.link_contention))
        .with("transfers_wait", switch(settings.transfers_wait))
        .with("spread_arrivals", switch(settings.spread_arrivals))
        .with("rate", number(settings.rate))
        .with("slo_s", number(settings.slo_s))
        .with("enforce_slo", switch(settings.enforce_slo))
        .with("visibility", text(if settings.completion { "completion" } else { "arrival" }));
    let clock = if settings.logical { PolicyChoice::new("logical") } else { clock };
    let fifo = settings.discipline == Discipline::FlatFifo;
    let tree = settings.discipline == Discipline::TreeLru;
    let mut config = Config::new(settings.nodes, settings.capacity as u32);
    config.perturb = settings.perturb.iter().map(|(when, what)| format!("{what}{when}")).collect();
    config
        .router(router)
        .eviction(PolicyChoice::new(if fifo { "fifo" } else { "lru" }))
        .clock(clock)
        .with("insertion", text(if tree { "tree" } else { "flat" }))
        .with("window", number(settings.window as f64))
}

/// A trace in which nothing waits, with the names its blocks have.
fn open_log(trace: &[Asked]) -> Log {
    let mut log = Log::new();
    for (index, asked) in (0..).zip(trace) {
        let request = Request {
            index,
            arrival_s: asked.timestamp_s,
            input_tokens: asked.input,
            output_tokens: asked.output,
            session: Request::NO_SESSION,
        };
        let blocks: Vec<BlockId> = asked.blocks.iter().copied().map(BlockId).collect();
        log.push(request, &blocks);
    }
    log.end();
    log.look_ahead().expect("a whole trace");
    log
}

/// Counts to the digit, everything else to a relative 1e-9.
fn equal(want: &Value, got: &Value) -> bool {
    match (want, got) {
        (Value::Object(want), Value::Object(got)) => {
            want.iter().all(|(key, value)| equal(value, &got[key]))
        }
        (Value::Array(want), Value::Array(got)) => {
            want.len() == got.len() && want.iter().zip(got).all(|(want, got)| equal(want, got))
        }
        _ => match (want.as_f64(), got.as_f64()) {
            // What is taken back of a sum leaves a rounding behind.
            (Some(want), Some(got)) => (want - got).abs() <= 1e-9 * want.abs() + 1e-12,
            _ => want == got,
        },
    }
}

/// One run: the trace as the simulator has it, and its twin, which has served it; or all of it but
/// what is there to fill the order's window.
struct Case {
    log: Rc<Log>,
    twin: Twin,
}

impl Case {
    fn new(settings: Settings, trace: &[Asked], log: &Rc<Log>) -> Self {
        let mut twin = Twin::new(settings);
        twin.run(trace);
        if trace.len() as u64 == log.len() {
            twin.store_finished(f64::INFINITY);
        }
        Self { log: Rc::clone(log), twin }
    }

    fn open(settings: Settings, trace: &[Asked]) -> Self {
        Self::new(settings, trace, &Rc::new(open_log(trace)))
    }

    /// The twin's summary, and what is different from it in the simulator's run.
    fn differences(&self) -> (Value, Vec<String>) {
        let twin = &self.twin;
        let finished = serve_log(&config(&twin.settings), &self.log, twin.nodes.len());
        let mut wrong = Vec::new();
        if finished.nodes() != twin.nodes {
            wrong.push(format!("picks: want {:?}, got {:?}", twin.nodes, finished.nodes()));
        }
        let (want, got) = (twin.summary(), serde_json::to_value(&finished.summary).expect("JSON"));
        for (key, got) in got.as_object().expect("an object") {
            match want.get(key) {
                Some(want) if equal(want, got) => {}
                Some(want) => wrong.push(format!("{key}: want {want}, got {got}")),
                // Alerts have a twin of their own, in tests/tune.
                None if key == "monitoring" => {}
                None if MIGRATIONS.contains(&key.as_str()) => assert_eq!(got.as_f64(), Some(0.0)),
                None => {
                    assert_eq!((key.as_str(), got.as_array()), ("first_migrations", Some(&vec![])));
                }
            }
        }
        let told = want.as_object().expect("an object").keys();
        let missing = told.filter(|key| got.get(key).is_none());
        wrong.extend(missing.map(|key| format!("{key} is missing")));
        (want, wrong)
    }
}

/// What happened over all runs, so that nothing is compared that never occurs.
#[derive(Debug, Default)]
struct Seen {
    fetched: usize,
    /// Fetches that were held up, by link_contention and transfers_wait (0 to 3).
    held: [usize; 4],
    rejected: u64,
    /// Retried, aborted and without a node; lost blocks; postponed.
    came: [u64; 5],
    rewanted: u64,
    refused: u64,
    stranded: u64,
}

impl Seen {
    fn note(&mut self, twin: &Twin, summary: &Value) {
        let settings = &twin.settings;
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
        let members = &twin.members;
        let came = [
            members.retried,
            members.aborted,
            members.no_node,
            members.lost_blocks,
            members.postponed,
        ];
        self.came.iter_mut().zip(came).for_each(|(sum, count)| *sum += count);
        self.rewanted += count("rewanted");
        self.refused += count("refused");
        self.stranded += count("stranded");
    }
}

/// Compares runs that `make` makes of so many numbers with their twins.
fn compare(numbers: u64, make: impl Fn(u64, &mut Stream) -> Vec<Case>) -> Seen {
    let (mut seen, mut wrong) = (Seen::default(), Vec::new());
    for number in 0..numbers {
        for case in make(number, &mut Stream::new(11, "runs", number as u32)) {
            let (summary, found) = case.differences();
            seen.note(&case.twin, &summary);
            if !found.is_empty() {
                let (settings, found) = (&case.twin.settings, found.join("\n  "));
                wrong.push((case.log.len(), format!("{number}, {settings:?}:\n  {found}")));
            }
        }
    }
    println!("{seen:?}");
    wrong.sort();
    let shortest: Vec<&str> = wrong.iter().take(5).map(|(_, told)| &told[..]).collect();
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), shortest.join("\n"));
    seen
}

#[test]
fn every_pick_and_every_figure_equals_the_twins() {
    let seen = compare(4096, |number, stream| {
        let settings = generate::settings(number, stream);
        let mut trace = generate::trace(&settings, 1 + stream.below(60) as usize, stream);
        if number % 3 == 0 {
            trace = generate::shuffled(&trace, stream);
        }
        vec![Case::open(settings, &trace)]
    });
    let [never, links, blocks, both] = seen.held;
    assert_eq!(never, 0, "nothing holds a transfer up by default");
    let enough = [links, blocks, both, seen.fetched].iter().all(|&count| 50 < count);
    let others = [seen.rejected, seen.rewanted, seen.refused, seen.stranded];
    assert!(enough && others.iter().all(|&count| 50 < count), "{seen:?}");
}

#[test]
fn so_they_do_while_things_are_done_to_the_cluster() {
    let seen = compare(4096, |number, stream| {
        let mut settings = generate::settings(number, stream);
        let trace = generate::trace(&settings, 2 + stream.below(60) as usize, stream);
        let moments_s = generate::moments_s(&settings, &trace);
        generate::perturb(&mut settings, trace.len(), &moments_s, stream);
        vec![Case::open(settings, &trace)]
    });
    assert!(seen.came.iter().all(|&count| 50 < count), "{seen:?}");
}

#[test]
fn and_without_time_too() {
    let seen = compare(2048, |number, stream| {
        let settings = generate::settings(number, stream);
        let trace = generate::trace(&settings, 2 + stream.below(60) as usize, stream);
        let mut settings = generate::without_time(settings, stream);
        let moments_s = generate::moments_s(&settings, &trace);
        generate::perturb(&mut settings, trace.len(), &moments_s, stream);
        vec![Case::open(settings, &trace)]
    });
    let [retried, aborted, no_node, lost, _] = seen.came;
    assert!(retried == 0 && aborted == 0 && 50 < no_node && 50 < lost, "{seen:?}");
}

/// The same trace twice: alone, and with perturbations at moments of that run.
#[test]
fn and_where_requests_wait_for_others() {
    let full_window = [true, false].map(Opening::full_window);
    let seen = compare(4096, |number, stream| {
        let mut settings = generate::settings(number, stream);
        settings.output_token_s = generate::one(stream, &[0.0, 0.03, 0.2]);
        let mut trace = generate::trace(&settings, 2 + stream.below(24) as usize, stream);
        if number % 3 == 0 {
            trace = generate::shuffled(&trace, stream);
        }
        let named = number % 5 < 3;
        let opening = match number % 9 {
            // In order, and without a group to spread before what comes last.
            1 if !settings.spread_arrivals => {
                settings.room = 1;
                trace.iter_mut().for_each(|asked| asked.timestamp_s += 2.0);
                full_window[usize::from(!named)].clone()
            }
            2 | 3 => Opening::header(named, true),
            _ => Opening::header(named, false),
        };
        let log = Rc::new(closed::close(&mut trace, opening, stream));
        let alone = Case::new(settings.clone(), &trace, &log);
        generate::perturb(&mut settings, trace.len(), &alone.twin.moments_s(), stream);
        vec![alone, Case::new(settings, &trace, &log)]
    });
    let others = [seen.rejected, seen.rewanted, seen.refused, seen.stranded];
    assert!(others.iter().chain(&seen.came).all(|&count| 50 < count), "{seen:?}");
}
