//! Decisions equal those of the code that runs in production, recorded once by
//! `cargo xtask peers --record`, so that this test needs no foreign build.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use common::seat::Seat;
use kvscope::model::BlockId;
use kvscope::params::ParamValue;
use serde_json::Value;

fn numbers(value: &Value) -> Vec<u64> {
    let list = value.as_array().expect("a list");
    list.iter().map(|number| number.as_u64().expect("a whole number")).collect()
}

fn number(value: &Value) -> u32 {
    value.as_u64().expect("a whole number") as u32
}

/// The nodes that `dynamo_kv` finds cheapest in a recorded state.
fn cheapest(state: &Value) -> Vec<u64> {
    let (block_size, tokens) = (number(&state["block_size"]), number(&state["tokens"]));
    let overlap = numbers(&state["overlap"]);
    let mut seat = Seat::new(overlap.len(), block_size);
    seat.matched = overlap.iter().map(|&blocks| blocks as u32).collect();
    seat.signals.active_tokens = numbers(&state["active_tokens"]);
    seat.signals.active_blocks = numbers(&state["active_blocks"]);
    let additional = numbers(&state["additional_blocks"]);
    seat.active_matched = additional.iter().map(|&b| tokens / block_size - b as u32).collect();
    let given = ["credit", "scale", "credit_decay"]
        .map(|name| (name, ParamValue::Number(state[name].as_f64().expect("a number"))));
    let blocks: Vec<BlockId> = (0..tokens.div_ceil(block_size)).map(BlockId).collect();
    let decided = seat.decide(&mut *seat.router("dynamo_kv", &given), tokens, &blocks);
    decided.minima.iter().map(|&node| node as u64).collect()
}

#[test]
fn dynamo_kv_finds_those_workers_cheapest_that_dynamo_does() {
    let recorded = common::data("dynamo_kv.json");
    let states = recorded["states"].as_array().expect("states");
    let differs = |state: &&Value| cheapest(state) != numbers(&state["minima"]);
    let different: Vec<_> = states.iter().filter(differs).collect();
    assert!(different.is_empty(), "{} of {}: {:#?}", different.len(), states.len(), different);
    let tied = states.iter().filter(|state| 1 < numbers(&state["minima"]).len()).count();
    assert!(24 <= tied, "{tied} of {} states have more than one cheapest worker", states.len());
}
