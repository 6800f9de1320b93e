//! Monitoring against a slow twin over random runs, and the laws of the tuner.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../common/mod.rs"]
mod common;
mod twin;

use common::drive::workload_file;
use kvscope::config::{Config, PolicyChoice};
use kvscope::error::Error;
use kvscope::observe::Observe;
use kvscope::params::{ParamKind, ParamSpec, ParamValue, Role, with_role};
use kvscope::rng::Stream;
use kvscope::route::ROUTERS;
use kvscope::session::Session;
use kvscope::sim::{Lane, MonitoringSummary, Summary};
use std::collections::BTreeSet;
use twin::{Outcome, Rules};

const REQUESTS: u32 = 1500;

/// A router, its weights by their names, and which of these is that of the match.
type Tunable = (&'static str, &'static [(&'static str, f64)], Option<usize>);

/// Routers that can be tuned.
const TUNABLE: [Tunable; 6] = [
    ("cache_aware", &[("load_weight", 10.0)], None),
    ("enhanced", &[("alpha", 0.6), ("beta", 0.8)], Some(0)),
    ("hotspot_migration", &[("alpha", 0.6), ("beta", 0.8)], Some(0)),
    ("llm_d", &[("prefix_weight", 3.0), ("queue_weight", 2.0)], Some(0)),
    ("loadaware", &[("beta", 1.0)], None),
    ("trtllm_adp", &[("beta", 1.0)], None),
];

/// A random run and the rules that it should follow.
struct Case {
    config: Config,
    rules: Rules,
    trace: Vec<u8>,
}

impl Case {
    fn random(number: u64) -> Self {
        let mut stream = Stream::new(number, "tune", 0);
        let mut below = |n: u64| stream.below(n);
        let (router, weights, affinity) = TUNABLE[below(6) as usize];
        let timed =
            !matches!(router, "cache_aware" | "enhanced" | "hotspot_migration") || below(2) == 0;
        let tunes = below(5) > 0;
        let window = 5 + below(60) as usize;
        let hit_rate_min = below(10) as f64 / 10.0;
        let concentration_max = 0.15 + below(8) as f64 / 10.0;
        let nodes = 1 + below(6) as usize;
        let mut weights = weights.to_vec();
        let mut choice = PolicyChoice::new(router);
        if below(3) == 0 {
            // So large that the row's own limit holds.
            weights[0].1 = 30.0;
            choice = choice.with(weights[0].0, ParamValue::Number(30.0));
        }
        let number = ParamValue::Number;
        let mut clock = PolicyChoice::new(if timed { "timed" } else { "logical" });
        if timed && below(2) == 0 {
            clock = clock
                .with("slo_s", number(2.0))
                .with("enforce_slo", ParamValue::Switch(true))
                .with("rate", number(4.0));
        }
        let mut config = Config::new(nodes, 50 + below(1500) as u32)
            .router(choice)
            .clock(clock)
            .with("auto_tuning_enabled", ParamValue::Switch(tunes))
            .with("detection_window", number(window as f64))
            .with("hit_rate_min", number(hit_rate_min))
            .with("concentration_max", number(concentration_max));
        if nodes > 1 && below(2) == 0 {
            config.perturb =
                vec!["drain:0@200".to_owned(), "add:1@400".to_owned(), "heal:0@900".to_owned()];
        }
        let set = (below(3) == 0).then(|| (window * (3 + below(9) as usize) + 1, 0, 2.5));
        if let Some((request, which, value)) = set {
            config.perturb.push(format!("set:router.{}={value}@{request}", weights[which].0));
        }
        let weights = if tunes { weights } else { Vec::new() };
        let workload = ["toolagent", "conversation", "extreme", "bursty"][below(4) as usize];
        let trace = workload_file(workload, below(1000), REQUESTS);
        let rules = Rules { window, hit_rate_min, concentration_max, weights, affinity, set };
        Self { config, rules, trace }
    }
}

fn session(config: &Config, trace: &[u8]) -> Session {
    let mut session = Session::read(std::slice::from_ref(config)).expect("it can be run");
    session.keep();
    session.push(trace).expect("a trace");
    session.finish();
    session
}

/// Serves one request after the other, taking down what became of each.
fn outcomes(config: &Config, trace: &[u8]) -> (Vec<Outcome>, Summary) {
    let mut session = session(config, trace);
    let mut all = Vec::new();
    let mut before = session.lanes()[0].metrics().nodes().to_vec();
    while session.step(1).expect("no foresight") > 0 {
        let lane = &session.lanes()[0];
        let nodes = lane.metrics().nodes().to_vec();
        let placed = (0..nodes.len()).find(|&at| before[at].requests < nodes[at].requests);
        let placed = placed.map(|at| {
            let input = nodes[at].input_tokens - before[at].input_tokens;
            (at, input, nodes[at].hit_tokens - before[at].hit_tokens)
        });
        all.push(Outcome { placed, time_s: lane.time_s(), alive: lane.alive().to_vec() });
        before = nodes;
    }
    (all, session.lanes()[0].summary())
}

fn monitoring(summary: &Summary) -> &MonitoringSummary {
    summary.monitoring.as_ref().expect("the run is watched")
}

/// The summary without what only tells that somebody watched or changed something.
fn figures(mut summary: Summary) -> Summary {
    summary.monitoring = None;
    summary.perturbed = None;
    summary
}

#[test]
fn alerts_and_changes_are_those_of_the_slow_twin() {
    let mut seen = BTreeSet::new();
    for number in 0..60 {
        let case = Case::random(number);
        let (outcomes, summary) = outcomes(&case.config, &case.trace);
        let found = monitoring(&summary);
        assert_eq!(found.alerts, twin::alerts(&outcomes, &case.rules), "alerts of case {number}");
        let tuned = twin::tuned(&outcomes, &case.rules);
        assert_eq!(found.tuned, tuned, "changes of case {number}: {:?}", case.rules);
        seen.extend(tuned.into_iter().map(|record| record.reason));
        let alerts = found.alerts.iter();
        seen.extend(alerts.map(|it| format!("{} {}", it.alert, it.cleared.is_some())));
    }
    let all = ["back", "concentration", "concentration false", "concentration true", "hit_rate"];
    let all = all.into_iter().chain(["hit_rate false", "hit_rate true", "undone"]);
    assert_eq!(seen.iter().map(String::as_str).collect::<Vec<_>>(), all.collect::<Vec<_>>());
}

#[test]
fn the_tuner_never_leaves_its_bounds_and_its_log_replays_to_the_same_bytes() {
    let mut changes = 0;
    for number in 0..40 {
        let Case { mut config, rules, trace } = Case::random(number);
        let mut tuned = session(&config, &trace);
        tuned.run().expect("no foresight");
        let summary = tuned.lanes()[0].summary();
        let log = &monitoring(&summary).tuned;
        for record in log {
            for change in &record.changes {
                let which = rules.weights.iter().position(|(name, _)| *name == change.name);
                let which = which.expect("a weight of the router");
                let is_set = rules.set.filter(|it| it.1 == which && it.0 as u64 <= record.request);
                let base = is_set.map_or(rules.weights[which].1, |it| it.2);
                let told = format!("case {number}: {record:?}");
                assert!(0.2 * base <= change.new && change.new <= 5.0 * base, "{told}");
                assert!(change.old != change.new, "{told}");
            }
            changes += 1;
        }
        let windows = log.iter().map(|record| record.window);
        assert!(windows.is_sorted_by(|one, other| one < other), "at most one change a window");
        config.settings.remove("auto_tuning_enabled");
        config.perturb.extend(log.iter().flat_map(|record| record.perturbations()));
        let mut replayed = session(&config, &trace);
        replayed.run().expect("no foresight");
        let (tuned, replayed) = (&tuned.lanes()[0], &replayed.lanes()[0]);
        assert_eq!(figures(tuned.summary()), figures(replayed.summary()), "case {number}");
        let series = |lane: &Lane| {
            let detail = lane.metrics().detail().expect("everything is observed");
            format!("{:?}", detail.series().samples())
        };
        assert!(series(tuned) == series(replayed), "columns of case {number}");
        let alerts = |lane: &Lane| monitoring(&lane.summary()).alerts.clone();
        assert_eq!(alerts(tuned), alerts(replayed), "alerts of case {number}");
    }
    assert!(changes > 300, "only {changes} changes");
}

#[test]
fn steps_seeking_and_keeping_sums_only_change_nothing() {
    let mut stream = Stream::new(3, "steps", 0);
    for number in 0..12 {
        let case = Case::random(number);
        let mut whole = session(&case.config, &case.trace);
        whole.run().expect("no foresight");
        let want = whole.lanes()[0].summary();
        let mut cut = session(&case.config, &case.trace);
        cut.remember(64 << 20);
        while cut.step(1 + stream.below(90)).expect("no foresight") > 0 {
            if stream.below(6) == 0 {
                cut.seek(stream.below(u64::from(REQUESTS))).expect("the trace is kept");
            }
            if stream.below(40) == 0 {
                break;
            }
        }
        cut.run().expect("no foresight");
        assert_eq!(cut.lanes()[0].summary(), want, "case {number}");
        let checked = case.config.check().expect("it can be run");
        let log = whole.log();
        let resolved = checked.with_block_size(log.block_size()).expect("it fits");
        let mut sums = Lane::of(resolved, Observe::Sums);
        sums.run(log).expect("no foresight");
        let found = sums.summary();
        assert_eq!(found.sums, want.sums, "case {number}");
        match &found.monitoring {
            Some(found) => assert_eq!(found.tuned, monitoring(&want).tuned, "case {number}"),
            None => assert!(case.rules.weights.is_empty(), "what is tuned is watched"),
        }
    }
}

/// How many requests had been served when a line of the events came.
fn served(line: &[&str]) -> u64 {
    let request: u64 = line[3].parse().expect("a number");
    if line[0] == "alert" { request } else { request - 1 }
}

#[test]
fn events_as_lines_are_those_of_the_summary_in_their_order() {
    let mut seen = BTreeSet::new();
    for number in 0..40 {
        let case = Case::random(number);
        let mut session = session(&case.config, &case.trace);
        session.run().expect("no foresight");
        let lane = &session.lanes()[0];
        let (csv, summary) = (lane.events_csv(), lane.summary());
        let lines: Vec<Vec<&str>> =
            csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
        assert!(lines.iter().all(|line| line.len() == 8), "{csv}");
        assert!(lines.is_sorted_by_key(|line| served(line)), "case {number}: {csv}");
        seen.extend(lines.iter().map(|line| line[0].to_owned()));
        let of = |event: &str| {
            let its = lines.iter().filter(|line| line[0] == event);
            its.map(|line| line[1..].join(",")).collect::<Vec<_>>()
        };
        let text = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        let alerts = monitoring(&summary).alerts.iter().map(|it| {
            let (cleared, cleared_s) = (text(it.cleared.map(|it| it as f64)), text(it.cleared_s));
            let (raised, value) = (it.raised, it.value);
            format!("{},,{raised},{},{value},{cleared},{cleared_s}", it.alert, it.raised_s)
        });
        assert_eq!(of("alert"), alerts.collect::<Vec<_>>(), "case {number}");
        let tuned = monitoring(&summary).tuned.iter().flat_map(|it| {
            let line = |name: &str, new: f64| {
                format!("{name},{},{},{},{new},,", it.reason, it.request, it.time_s)
            };
            it.changes.iter().map(|turn| line(&turn.name, turn.new)).collect::<Vec<_>>()
        });
        assert_eq!(of("tuned"), tuned.collect::<Vec<_>>(), "case {number}");
        let events = summary.perturbed.iter().flat_map(|found| &found.events).map(|it| {
            let record = &it.record;
            format!("{},,{},{},{},,", it.what, record.request, record.at_s, record.lost_blocks)
        });
        assert_eq!(of("perturbation"), events.collect::<Vec<_>>(), "case {number}");
        let detail = lane.metrics().detail().expect("everything is observed");
        let moved = detail.history().records().iter().map(|it| {
            let way = format!("{} to {},{}", it.source, it.target, it.kind);
            format!("{way},{},{},{},,", it.request, it.time_s, it.moved)
        });
        assert_eq!(of("migration"), moved.collect::<Vec<_>>(), "case {number}");
    }
    assert_eq!(Vec::from_iter(&seen), ["alert", "migration", "perturbation", "tuned"]);
}

#[test]
fn every_weight_that_a_row_names_may_change_and_only_such_rows_are_tuned() {
    for row in ROUTERS {
        for role in [Role::Affinity, Role::Balance] {
            let has = |spec: &&ParamSpec| spec.role == Some(role);
            let specs: Vec<&ParamSpec> = row.params.iter().filter(has).collect();
            assert!(specs.len() < 2, "{} has two weights of one kind", row.id);
            for spec in specs {
                let number = matches!(spec.kind, ParamKind::Number { min: 0.0, .. });
                assert!(spec.live && number, "{}.{}", row.id, spec.name);
            }
        }
        let tunable = with_role(row.params, Role::Balance).is_some();
        assert_eq!(tunable, TUNABLE.iter().any(|it| it.0 == row.id), "{}", row.id);
        let config = Config::new(4, 100)
            .router(PolicyChoice::new(row.id))
            .clock(PolicyChoice::new("timed"))
            .with("auto_tuning_enabled", ParamValue::Switch(true));
        match config.check() {
            Ok(_) => assert!(tunable, "{} was accepted", row.id),
            Err(Error::Config(reasons)) => {
                assert!(!tunable, "{} was refused: {reasons:?}", row.id);
                assert!(reasons[0].to_string().contains("cache_aware, enhanced"), "{reasons:?}");
            }
            Err(other) => panic!("{other}"),
        }
    }
}
