//! The wasm facade in a real browser: `wasm-pack test --headless --firefox`.
#![cfg(target_arch = "wasm32")]

mod arguments;
mod builtin;
mod vectors;

use js_sys::{Reflect, Uint8Array};
use kvscope::wasm::Simulator;
use serde_json::{Value, json};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The same digest is asserted natively by tests/determinism.rs.
const TOOLAGENT_DIGEST: &str = include_str!("../data/toolagent.digest");

fn js(value: &Value) -> JsValue {
    js_sys::JSON::parse(&value.to_string()).expect("JSON of our own")
}

fn rust(value: &JsValue) -> Value {
    let text = js_sys::JSON::stringify(value).expect("a plain object");
    serde_json::from_str(&String::from(text)).expect("JSON of the browser's own")
}

fn simulator(config: &Value) -> Simulator {
    Simulator::new(js(config)).expect("a configuration that can be run")
}

/// Writes a chunk where the page would, and commits it.
fn feed(simulator: &mut Simulator, chunk: &[u8]) {
    let at = simulator.reserve(JsValue::from(chunk.len())).expect("it reads a file");
    let memory: js_sys::WebAssembly::Memory = wasm_bindgen::memory().unchecked_into();
    let (at, length) = (at as u32, chunk.len() as u32);
    Uint8Array::new_with_byte_offset_and_length(&memory.buffer(), at, length).copy_from(chunk);
    simulator.commit(JsValue::from(chunk.len())).expect("room was reserved");
}

fn serve(simulator: &mut Simulator, n: usize) -> usize {
    simulator.step(JsValue::from(n)).expect("no whole trace") as usize
}

fn run(simulator: &mut Simulator, trace: &[u8], chunk: usize, step: usize) -> Value {
    for chunk in trace.chunks(chunk) {
        feed(simulator, chunk);
        while serve(simulator, step) > 0 {}
    }
    simulator.finish();
    while serve(simulator, step) > 0 {}
    rust(&simulator.summary().expect("a summary"))
}

/// FNV-1a of a text, in hexadecimal.
fn digest(text: &str) -> String {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
}

fn small_trace() -> String {
    let line = |at: u32| {
        let id = |k: u32| if k == 0 { 0 } else { at % 7 * 10 + k };
        let ids: Vec<u32> = (0..1 + at % 5).map(id).collect();
        let tokens = 512 * ids.len();
        let lengths = format!("\"input_length\": {tokens}, \"output_length\": 1");
        format!("{{\"timestamp\": {at}, {lengths}, \"hash_ids\": {ids:?}}}\n")
    };
    (0..400).map(line).collect()
}

#[wasm_bindgen_test]
fn any_chunking_and_any_step_split_give_the_same_summary() {
    let trace = small_trace();
    let config = json!({"nodes": 3, "capacity_blocks": 9, "router": {"id": "cache_aware"}});
    let whole = run(&mut simulator(&config), trace.as_bytes(), trace.len(), 4096);
    assert_eq!(whole["requests"], 400);
    for (chunk, step) in [(1, 1), (7, 3), (1 << 16, 50)] {
        assert_eq!(run(&mut simulator(&config), trace.as_bytes(), chunk, step), whole);
    }
}

#[wasm_bindgen_test]
fn a_workload_gives_the_digest_that_it_gives_natively() {
    let config = json!({
        "nodes": 8, "capacity_blocks": 500, "seed": "7",
        "router": {"id": "hotspot_migration", "params": {"threshold": 0.13, "interval": 10}},
        "eviction": {"id": "lfu"},
        "clock": {"id": "timed", "params": {"spread_arrivals": true}},
    });
    let mut simulator = simulator(&config);
    let more = |simulator: &mut Simulator| {
        let [id, seed] = ["toolagent", "7"].map(JsValue::from);
        let [total, requests] = [3000, 100].map(JsValue::from);
        simulator.synthesize(id, seed, total, requests).expect("a workload")
    };
    while more(&mut simulator) {
        while serve(&mut simulator, 64) > 0 {}
    }
    while serve(&mut simulator, 64) > 0 {}
    let columns = ["requests", "hit_tokens", "evictions", "mean_ttft_s", "p99", "migrated_blocks"];
    let summary = rust(&simulator.summary().expect("a summary"));
    let told: Vec<String> = columns.iter().map(|key| format!("{key}={}", summary[key])).collect();
    let found = format!("{} {}", told.join(" "), digest(&summary["node_requests"].to_string()));
    assert_eq!(found, TOOLAGENT_DIGEST.trim());
}

#[wasm_bindgen_test]
fn a_bad_configuration_throws_every_reason_at_once() {
    let config = json!({
        "nodes": 0, "router": {"id": "nobody"}, "eviction": {"id": "lru", "params": {"x": 1}},
    });
    let thrown = Simulator::new(js(&config)).err().expect("it cannot be run");
    let kind = Reflect::get(&thrown, &"kind".into()).expect("an object");
    assert_eq!(kind.as_string().as_deref(), Some("config"));
    let reasons = rust(&Reflect::get(&thrown, &"reasons".into()).expect("an object"));
    let paths: Vec<&str> =
        reasons.as_array().expect("a list").iter().filter_map(|it| it["path"].as_str()).collect();
    assert_eq!(paths, ["settings.nodes", "router.id", "eviction.params.x"]);
}

#[wasm_bindgen_test]
fn bad_lines_are_counted_and_told() {
    let mut simulator = simulator(&json!({"nodes": 2}));
    let trace = format!("{}\nnot json\n{{\"input_length\": -1}}\n", small_trace());
    run(&mut simulator, trace.as_bytes(), 100, 100);
    let report = rust(&simulator.report().expect("a report"));
    assert_eq!((&report["requests"], &report["bad_lines_total"]), (&json!(400), &json!(2)));
    assert_eq!(report["bad_lines"][0]["line"], 402);
}

#[wasm_bindgen_test]
fn a_frame_has_a_value_for_every_node_and_sample() {
    let mut simulator = simulator(&json!({"nodes": 5, "capacity_blocks": 20}));
    run(&mut simulator, small_trace().as_bytes(), 1000, 10);
    let frame = simulator.frame(JsValue::TRUE).expect("a frame");
    let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).expect("an object");
    let length = |object: &JsValue, name: &str| {
        get(&get(object, name), "length").as_f64().expect("a column")
    };
    let (nodes, series) = (get(&frame, "nodes"), get(&frame, "series"));
    assert_eq!(get(&frame, "done").as_bool(), Some(true));
    assert_eq!(length(&nodes, "requests"), 5.0);
    let bands = get(&nodes, "heat_bands").as_f64().expect("one");
    assert_eq!(length(&nodes, "heat"), 5.0 * 8.0 * bands);
    let samples = get(&series, "samples").as_f64().expect("a number");
    assert_eq!(samples, 400.0);
    assert_eq!(length(&series, "request"), samples);
    assert_eq!(length(&series, "node_work_tokens"), 5.0 * samples);
    let again = simulator.frame(JsValue::TRUE).expect("a frame");
    assert!(get(&again, "series").is_undefined(), "nothing changed since");
    assert_eq!(length(&get(&again, "recent"), "node"), 0.0);
}

#[wasm_bindgen_test]
fn the_tables_are_those_of_the_core() {
    let tables = rust(&kvscope::wasm::policies().expect("tables"));
    let core = serde_json::to_value(kvscope::catalog::tables()).expect("JSON");
    // By way of JavaScript, which has one kind of number: 8.0 there is 8.
    assert!(tables == rust(&js(&core)), "the facade's tables differ from the core's");
}

#[wasm_bindgen_test]
fn seeds_nobody_has_chosen_differ() {
    let seed = || kvscope::wasm::new_seed().expect("randomness");
    assert_ne!(seed(), seed());
}
