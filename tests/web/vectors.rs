//! A spread of the expected results on the real trace, through the facade.

use wasm_bindgen_test::wasm_bindgen_test;

#[cfg(not(kvscope_vectors))]
#[wasm_bindgen_test]
#[ignore = "no trace or vectors: set KVSCOPE_TRACES and KVSCOPE_VECTORS to their directories"]
fn a_spread_of_vectors_is_equal_through_the_facade() {}

#[cfg(kvscope_vectors)]
#[wasm_bindgen_test]
fn a_spread_of_vectors_is_equal_through_the_facade() {
    use super::builtin::{compare, config};
    use super::{run, simulator};
    use serde_json::Value;

    const TRACE: &[u8] = include_bytes!(env!("KVSCOPE_TRACE_FILE"));
    const VECTORS: &str = include_str!(env!("KVSCOPE_VECTOR_FILE"));

    let vectors: Value = serde_json::from_str(VECTORS).expect("the vectors are JSON");
    let entries = |section: &str| vectors[section].as_array().expect("a list").clone();
    let spread = entries("logical").into_iter().step_by(7).chain(entries("timed"));
    let mut compared = 0;
    for entry in spread {
        compare(&entry, &run(&mut simulator(&config(&entry)), TRACE, 1 << 20, 1000));
        compared += 1;
    }
    assert!(12 <= compared, "a spread of at least 12");
}
