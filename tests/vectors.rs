//! Whole runs print what an independent model says, exactly: `tests/data/builtin.json` for two
//! built-in workloads, `conversation.json` for the real trace where there is one.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use common::drive::workload_file;
use common::sha256::sha256;
use common::{WORKLOAD_REQUESTS, WORKLOAD_SEED};
use kvscope::config::{Config, PolicyChoice};
use kvscope::params::ParamValue;
use kvscope::session::Session;
use serde_json::Value;

/// The clock of an entry: the vectors give effective FLOP/s, bandwidth and the fixed part.
fn clock(entry: &Value) -> PolicyChoice {
    let Some(flops) = entry["flops"].as_f64() else { return PolicyChoice::new("logical") };
    let number = |key: &str| ParamValue::Number(entry[key].as_f64().expect("a number"));
    PolicyChoice::new("timed")
        .with("flops", ParamValue::Number(flops))
        .with("fixed_s", number("fixed_s"))
        .with("bandwidth_bytes_s", number("bandwidth_bytes_s"))
}

fn config(entry: &Value) -> Config {
    let text = |key: &str| entry[key].as_str().expect("a name");
    let mut router = PolicyChoice::new(text("router"));
    for (name, value) in entry["params"].as_object().into_iter().flatten() {
        let value = serde_json::from_value(value.clone()).expect("a parameter");
        router = router.with(name, value);
    }
    if text("router") == "conductor" {
        router = router.with("balance", ParamValue::Number(entry["balance"].as_f64().unwrap()));
    }
    let whole = |key: &str| entry[key].as_u64().expect("a whole number");
    Config::new(whole("nodes") as usize, whole("capacity") as u32)
        .router(router)
        .eviction(PolicyChoice::new(text("eviction")))
        .clock(clock(entry))
}

fn run(trace: &[u8], entry: &Value) -> Value {
    let mut session = Session::read(&[config(entry)]).expect("a configuration that can be run");
    for chunk in trace.chunks(1 << 16) {
        session.push(chunk).expect("no whole trace is held");
        session.run().expect("no whole trace is held");
    }
    session.finish();
    session.run().expect("no whole trace is held");
    session.lanes()[0].validate();
    serde_json::to_value(session.lanes()[0].summary()).expect("a summary is JSON")
}

/// Whether an entry's value is ours: counts to the digit, times to a relative 1e-9.
fn equal(want: &Value, got: &Value) -> bool {
    match (want.as_f64(), got.as_f64()) {
        (Some(want), Some(got)) if want.fract() != 0.0 => (got - want).abs() <= 1e-9 * want.abs(),
        _ => want == got,
    }
}

/// Runs every entry over `trace` and tells all differences.
fn compare(trace: &[u8], entries: &Value) {
    let mut wrong = Vec::new();
    let entries = entries.as_array().expect("a list of entries");
    for entry in entries {
        let got = run(trace, entry);
        for (key, want) in entry["expect"].as_object().expect("expectations") {
            if !equal(want, &got[key]) {
                let mut name = entry.clone();
                name["expect"] = Value::Null;
                wrong.push(format!("{name}: {key}: want {want}, got {}", got[key]));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    println!("{} entries equal", entries.len());
}

/// The real trace, where there is one.
fn compare_real(test: &str, section: &str) {
    let (Some(path), Some(vectors)) =
        (common::trace_path(test), common::vectors(test, "conversation.json"))
    else {
        return;
    };
    compare(&std::fs::read(path).expect("the trace can be read"), &vectors[section]);
}

#[test]
fn every_logical_entry_is_equal() {
    compare_real("every_logical_entry_is_equal", "logical");
}

#[test]
fn every_timed_entry_is_equal() {
    compare_real("every_timed_entry_is_equal", "timed");
}

/// A built-in workload, which every clone has.
fn compare_builtin(id: &str, section: &str) {
    let vectors = common::data("builtin.json");
    let trace = workload_file(id, WORKLOAD_SEED, WORKLOAD_REQUESTS);
    assert_eq!(sha256(&trace), vectors["_meta"]["sha256"][id], "not the trace that was counted");
    compare(&trace, &vectors[id][section]);
}

#[test]
fn every_logical_entry_of_toolagent_is_equal() {
    compare_builtin("toolagent", "logical");
}

#[test]
fn every_logical_entry_of_conversation_is_equal() {
    compare_builtin("conversation", "logical");
}

#[test]
fn every_timed_entry_of_toolagent_is_equal() {
    compare_builtin("toolagent", "timed");
}

#[test]
fn every_timed_entry_of_conversation_is_equal() {
    compare_builtin("conversation", "timed");
}
