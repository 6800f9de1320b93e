//! A spread of the expected results, through the facade.

use wasm_bindgen_test::wasm_bindgen_test;

#[cfg(not(kvscope_vectors))]
#[wasm_bindgen_test]
#[ignore = "no trace or vectors: set KVSCOPE_TRACES and KVSCOPE_VECTORS to their directories"]
fn a_spread_of_vectors_is_equal_through_the_facade() {}

#[cfg(kvscope_vectors)]
#[wasm_bindgen_test]
fn a_spread_of_vectors_is_equal_through_the_facade() {
    use super::{run, simulator};
    use serde_json::{Map, Value, json};

    const TRACE: &[u8] = include_bytes!(env!("KVSCOPE_TRACE_FILE"));
    const VECTORS: &str = include_str!(env!("KVSCOPE_VECTOR_FILE"));

    let vectors: Value = serde_json::from_str(VECTORS).expect("the vectors are JSON");
    let entries = |section: &str| vectors[section].as_array().expect("a list").clone();
    let spread = entries("logical").into_iter().step_by(7).chain(entries("timed"));
    let mut compared = 0;
    for entry in spread {
        let mut params = entry["params"].as_object().cloned().unwrap_or_default();
        let mut clock = Map::new();
        for name in ["flops", "fixed_s", "bandwidth_bytes_s"] {
            entry.get(name).map(|value| clock.insert(name.to_owned(), value.clone()));
        }
        if entry["router"] == "conductor" {
            params.insert("balance".to_owned(), entry["balance"].clone());
        }
        let timed = if clock.is_empty() { "logical" } else { "timed" };
        let config = json!({
            "nodes": entry["nodes"], "capacity_blocks": entry["capacity"],
            "router": {"id": entry["router"], "params": params},
            "eviction": {"id": entry["eviction"]},
            "clock": {"id": timed, "params": clock},
        });
        let got = run(&mut simulator(&config), TRACE, 1 << 20, 1000);
        for (key, want) in entry["expect"].as_object().expect("expectations") {
            let near = |want: f64, got: f64| (got - want).abs() <= 1e-9 * want.abs();
            let equal = match (want.as_f64(), got[key].as_f64()) {
                (Some(want), Some(got)) if want.fract() != 0.0 => near(want, got),
                (Some(want), Some(got)) => want == got,
                _ => *want == got[key],
            };
            assert!(equal, "{key} of {config}: want {want}, got {}", got[key]);
        }
        compared += 1;
    }
    assert!(12 <= compared, "a spread of at least 12");
}
