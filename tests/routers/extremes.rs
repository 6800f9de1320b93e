//! The largest numbers a trace and a configuration may hold: nothing overflows, and what is
//! compared stays a number.

use crate::trace::{BLOCK_TOKENS, Trace, by_hand, choice, lane, run};
use kvscope::cache::CACHES;
use kvscope::clock;
use kvscope::config::{Config, PolicyChoice};
use kvscope::migrate::MIGRATIONS;
use kvscope::model::BlockId;
use kvscope::model::Request;
use kvscope::params::{ParamKind, ParamSpec, ParamValue};
use kvscope::rng::Stream;
use kvscope::route::{Decision, ROUTERS};
use kvscope::sim::Lane;
use serde_json::Value;
use std::collections::BTreeMap;

const NODES: usize = 3;
const CAPACITY: u32 = 8;

/// Effective FLOP/s of a node: the least and the most that a configuration takes.
const FLOPS: [&str; 2] = ["1e9", "1e18"];

/// Prompts of 2^32 − 1 tokens in one block and in many, beside ordinary and empty ones, three
/// at a time; the times grow until nothing can still be waiting.
fn extreme() -> Trace {
    let paths: [(u32, &[u32]); 6] = [
        (u32::MAX, &[0]),
        (u32::MAX, &[1]),
        (3 * BLOCK_TOKENS, &[2, 3, 4]),
        (0, &[]),
        (1, &[0]),
        (u32::MAX, &[2, 3, 5, 6, 7, 8, 9, 10, 11, 12]),
    ];
    let times = [0.0, 0.0, 1.0, 1.0, 1e3, 1e6, 1e9, 1e12, 1e15, 1e18];
    let request = |(index, arrival_s): (u32, f64)| {
        let (input_tokens, blocks) = paths[index as usize % paths.len()];
        let output_tokens = if index.is_multiple_of(2) { u32::MAX } else { 0 };
        let session = Request::NO_SESSION;
        let request = Request { index, arrival_s, input_tokens, output_tokens, session };
        (request, blocks.iter().copied().map(BlockId).collect())
    };
    let times = times.into_iter().flat_map(|time| [time; 3]);
    (0..).zip(times).map(request).collect()
}

/// Both ends of what the parameter takes, and 0 where that stands apart.
fn ends(spec: &ParamSpec) -> Vec<ParamValue> {
    match spec.kind {
        ParamKind::Number { min, max, .. } => {
            let zero = spec.or_zero.then_some(0.0);
            let most = max.min(f64::MAX);
            zero.into_iter().chain([min, most]).map(ParamValue::Number).collect()
        }
        ParamKind::Integer { min, max, .. } => {
            [min, max].map(|end| ParamValue::Number(end as f64)).to_vec()
        }
        ParamKind::Switch { .. } => [false, true].map(ParamValue::Switch).to_vec(),
        ParamKind::Choice { choices, .. } => {
            choices.iter().map(|choice| ParamValue::Text(choice.0.to_owned())).collect()
        }
    }
}

fn spec_of<'a>(specs: &'a [ParamSpec], name: &str) -> &'a ParamSpec {
    specs.iter().find(|spec| spec.name == name).expect("a parameter of the row")
}

/// Whether the parameter counts, given these values and defaults for the rest.
fn counts(spec: &ParamSpec, specs: &[ParamSpec], choice: &PolicyChoice) -> bool {
    spec.only_if.is_none_or(|(other, wanted)| {
        let other = spec_of(specs, other);
        let value = choice.params.get(other.name).cloned();
        let value = value.unwrap_or_else(|| other.default_value());
        value == wanted.value() && counts(other, specs, choice)
    })
}

/// A policy with its defaults, and with each parameter at each end of its range while what it
/// depends on has the value that makes it count.
pub(crate) fn varied(id: &str, specs: &[ParamSpec]) -> Vec<PolicyChoice> {
    let at_ends = |spec: &ParamSpec| {
        let (name, mut plain, mut depends) = (spec.name, choice(id, &[]), spec.only_if);
        while let Some((other, value)) = depends {
            plain = plain.with(other, value.value());
            depends = spec_of(specs, other).only_if;
        }
        ends(spec).into_iter().map(move |end| plain.clone().with(name, end))
    };
    std::iter::once(choice(id, &[])).chain(specs.iter().flat_map(at_ends)).collect()
}

/// Every router and every rule, one parameter at an end at a time.
fn configurations() -> Vec<Config> {
    let plain = Config::new(NODES, CAPACITY);
    let routers = ROUTERS.iter().flat_map(|row| varied(row.id, row.params));
    let rules = MIGRATIONS.iter().flat_map(|row| varied(row.id, row.params));
    let with_rule = |rule| Config { migration: rule, ..plain.clone() };
    routers.map(|router| plain.clone().router(router)).chain(rules.map(with_rule)).collect()
}

/// What was compared is a number on every node, and a finite one on the node picked: an infinite
/// cost says that a node is out.
fn comparable(told: &str, decision: &Decision) {
    let Some(last) = decision.columns.last() else { return };
    let compared = decision.column(last);
    assert!(!decision.values.iter().any(|value| value.is_nan()), "{told}: {decision:?}");
    assert!(compared[decision.node as usize].is_finite(), "{told}: {decision:?}");
}

/// Paths of the summary's values that are not numbers: JSON has no word for them but `null`.
fn missing(value: &Value, path: &str, into: &mut Vec<String>) {
    match value {
        Value::Null => into.push(path.to_owned()),
        Value::Array(values) => values.iter().for_each(|value| missing(value, path, into)),
        Value::Object(values) => values.iter().for_each(|(key, value)| missing(value, key, into)),
        _ => {}
    }
}

/// Every figure of the run so far is a number; only the speed-up of a perfect cache is not.
fn finite(told: &str, lane: &Lane) {
    let summary = serde_json::to_value(lane.summary()).expect("a summary is JSON");
    let mut null = Vec::new();
    missing(&summary, "", &mut null);
    // So few requests are no detection window.
    let unknown = ["ideal_prefill_speedup", "hit_rate", "concentration"];
    null.retain(|path| !unknown.contains(&path.as_str()));
    assert!(null.is_empty(), "{told}: {null:?} are not finite in {summary}");
    let detail = lane.metrics().detail().expect("everything is observed");
    for sample in detail.series().samples() {
        let times = [sample.time_s, sample.ttft_s, sample.ttft.at(0.99)];
        assert!(times.iter().all(|time| time.is_finite()), "{told}: {times:?} in a column");
    }
}

#[test]
fn routers_and_rules_decide_by_numbers_whatever_the_tokens_and_the_flops() {
    let trace = extreme();
    let (mut runs, mut refused) = (0, 0);
    for config in configurations() {
        let clocks = FLOPS.map(|flops| choice("timed", &[("flops", flops)]));
        for clock in clocks.into_iter().chain([choice("logical", &[])]) {
            let config = config.clone().clock(clock);
            let told = format!("{:?} {:?} {:?}", config.router, config.migration, config.clock);
            if config.check().is_err() {
                assert_eq!(config.clock.id, "logical", "{told} is refused");
                refused += 1;
                continue;
            }
            let mut lane = lane(&config, &trace);
            lane.explain(true).expect("everything is observed");
            while lane.step(1).expect("no foresight") == 1 {
                comparable(&told, lane.decision().expect("explained"));
            }
            finite(&told, &lane);
            runs += 1;
        }
    }
    println!("{runs} runs, {refused} refused under the logical clock");
}

#[test]
fn an_eviction_policy_that_is_accepted_keeps_something_at_the_smallest_capacity() {
    let trace = by_hand(&[(0.0, &[0][..]), (0.0, &[0])]);
    let mut refused = BTreeMap::new();
    for cache in CACHES {
        let row = cache.policy;
        let insertion = if cache.flat.is_some() { "flat" } else { "tree" };
        for eviction in varied(row.id, row.params) {
            for capacity in 1..30 {
                let config = Config::new(1, capacity)
                    .eviction(eviction.clone())
                    .with("insertion", ParamValue::Text(insertion.to_owned()));
                if config.check().is_err() {
                    *refused.entry(row.id).or_insert(0) += 1;
                    continue;
                }
                let summary = run(&config, &trace);
                assert_eq!(summary.sums.prefix_hits, 1, "{eviction:?} of {capacity} blocks");
            }
        }
    }
    println!("refused capacities: {refused:?}");
    assert_eq!(refused.keys().collect::<Vec<_>>(), [&"s3fifo", &"slru", &"two_q"]);
}

/// Every parameter of the timed clock that counts at an end, each choice among them; `turn` says
/// which.
fn all_at_ends(turn: u64) -> PolicyChoice {
    let mut stream = Stream::new(turn, "ends", 0);
    let row = clock::find("timed").expect("a row");
    let mut all = row.params.iter().fold(choice("timed", &[]), |clock, spec| {
        let ends = ends(spec);
        let end = match turn {
            0 => 0,
            1 => ends.len() - 1,
            _ => stream.below(ends.len() as u64) as usize,
        };
        clock.with(spec.name, ends[end].clone())
    });
    let chosen = all.clone();
    all.params.retain(|name, _| counts(spec_of(row.params, name), row.params, &chosen));
    all
}

#[test]
fn every_figure_is_finite_at_the_ends_of_what_clock_and_service_take() {
    let trace = extreme();
    let row = clock::find("timed").expect("a row");
    let clocks = varied("timed", row.params).into_iter().chain((0..300).map(all_at_ends));
    let mut runs = 0;
    for clock in clocks {
        // The router that also fetches, and the one that adds times up.
        for router in ["conductor", "preble_e2"] {
            for block_size in [1.0, 65_536.0] {
                let config = Config::new(NODES, CAPACITY)
                    .router(choice(router, &[]))
                    .clock(clock.clone())
                    .with("block_size", ParamValue::Number(block_size));
                let told = format!("{router} {block_size} {clock:?}");
                let mut lane = lane(&config, &trace);
                lane.run().expect("no foresight");
                finite(&told, &lane);
                runs += 1;
            }
        }
    }
    println!("{runs} runs");
}

#[test]
fn flops_that_no_node_has_are_refused_with_what_may_stand_there() {
    for flops in ["1e-300", "0.001", "999999999"] {
        let config = Config::new(1, 1).clock(choice("timed", &[("flops", flops)]));
        let refusal = config.check().err().expect("a refusal").to_string();
        let want = format!("found {flops}, expected 0, or a number in [1000000000, ");
        assert!(refusal.contains(&want), "{refusal}");
    }
    for flops in ["0", "1e9"] {
        let config = Config::new(1, 1).clock(choice("timed", &[("flops", flops)]));
        assert!(config.check().is_ok(), "{flops}");
    }
}
