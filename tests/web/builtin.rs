//! What an independent model says of two built-in workloads, through the facade.

use super::{rust, serve, simulator};
use serde_json::{Map, Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

/// The same entries are compared natively by tests/vectors.rs.
const VECTORS: &str = include_str!("../data/builtin.json");

/// Of the workloads, as everywhere under tests/data.
const SEED: &str = "7";
const REQUESTS: u32 = 3000;

/// The configuration of an entry.
pub(crate) fn config(entry: &Value) -> Value {
    let mut params = entry["params"].as_object().cloned().unwrap_or_default();
    let mut clock = Map::new();
    for name in ["flops", "fixed_s", "bandwidth_bytes_s"] {
        entry.get(name).map(|value| clock.insert(name.to_owned(), value.clone()));
    }
    if entry["router"] == "conductor" {
        params.insert("balance".to_owned(), entry["balance"].clone());
    }
    let timed = if clock.is_empty() { "logical" } else { "timed" };
    json!({
        "nodes": entry["nodes"], "capacity_blocks": entry["capacity"],
        "router": {"id": entry["router"], "params": params},
        "eviction": {"id": entry["eviction"]},
        "clock": {"id": timed, "params": clock},
    })
}

/// Panics unless counts are equal to the digit, and times to a relative 1e-9.
pub(crate) fn compare(entry: &Value, got: &Value) {
    for (key, want) in entry["expect"].as_object().expect("expectations") {
        let near = |want: f64, got: f64| (got - want).abs() <= 1e-9 * want.abs();
        let equal = match (want.as_f64(), got[key].as_f64()) {
            (Some(want), Some(got)) if want.fract() != 0.0 => near(want, got),
            (Some(want), Some(got)) => want == got,
            _ => *want == got[key],
        };
        assert!(equal, "{key} of {}: want {want}, got {}", config(entry), got[key]);
    }
}

/// Compares every entry of a section over the workload.
fn every_entry(workload: &str, section: &str, expected: usize) {
    let vectors: Value = serde_json::from_str(VECTORS).expect("the vectors are JSON");
    let entries = vectors[workload][section].as_array().expect("a list");
    assert_eq!(entries.len(), expected);
    for entry in entries {
        let mut simulator = simulator(&config(entry));
        let (id, seed) = (JsValue::from(workload), JsValue::from(SEED));
        let (total, some) = (JsValue::from(REQUESTS), JsValue::from(500));
        while simulator
            .synthesize(id.clone(), seed.clone(), total.clone(), some.clone())
            .expect("a workload")
        {
            while serve(&mut simulator, 500) > 0 {}
        }
        while serve(&mut simulator, 500) > 0 {}
        compare(entry, &rust(&simulator.summary().expect("a summary")));
    }
}

#[wasm_bindgen_test]
fn every_logical_entry_of_toolagent_is_equal_in_a_browser() {
    every_entry("toolagent", "logical", 100);
}

#[wasm_bindgen_test]
fn every_logical_entry_of_conversation_is_equal_in_a_browser() {
    every_entry("conversation", "logical", 100);
}

#[wasm_bindgen_test]
fn every_timed_entry_of_the_workloads_is_equal_in_a_browser() {
    every_entry("toolagent", "timed", 4);
    every_entry("conversation", "timed", 4);
}
