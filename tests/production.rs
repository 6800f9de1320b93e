//! Decisions equal those of the code that runs in production, recorded once by
//! `cargo xtask peers --record`, so that this test needs no foreign build.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use common::gateway::{self, Homes, Run};
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

/// Which requests of a recorded run our router would not have sent where the gateway did, in the
/// state that the gateway's own picks have led to.
fn differences<'a>(run: &'a Value, homes: &mut Homes<'a>) -> Vec<usize> {
    let text = |name: &str| run[name].as_str().unwrap_or_else(|| panic!("{name} is a text"));
    let params = run["params"].as_object().expect("parameters").iter();
    let params = params.map(|(name, value)| (name.as_str(), value.as_f64().expect("a number")));
    let run = Run {
        stream: text("workload"),
        workers: number(&run["workers"]) as usize,
        held: number(&run["held"]) as usize,
        picks: text("picks").bytes().map(|digit| usize::from(digit - b'0')).collect(),
        router: text("router"),
        params: params.collect(),
    };
    let mut different = Vec::new();
    gateway::walk(&run, &common::workload_requests(run.stream), |asked| {
        let is_same = match run.router {
            "sglang_spill" => asked.is_among_cheapest(),
            "prefix_hash_bounded" => asked.is_among_cheapest_at(homes.of(&run, asked)),
            _ => asked.is_same(),
        };
        if !is_same {
            different.push(asked.number);
        }
    });
    different
}

/// Holds every run of a file; `told` is how many picks may differ for the reason in docs/peers.md.
fn hold(file: &str, told: usize) {
    let recorded = common::data(file);
    let runs = recorded["runs"].as_array().expect("runs");
    assert!(12 <= runs.len(), "{} runs", runs.len());
    let (mut different, mut homes) = (0, Homes::default());
    for run in runs {
        let found = differences(run, &mut homes);
        different += found.len();
        let (workload, policy) = (&run["workload"], &run["policy"]);
        println!("{workload} {policy} held {}: {found:?}", run["held"]);
        assert_eq!(run["picks"].as_str().expect("picks").len(), 2000);
    }
    assert_eq!(different, told, "picks of {file} that differ");
}

#[test]
fn sglang_cache_aware_and_round_robin_pick_as_sglang_router_does() {
    // Among workers with the same best match its tree has an order of its own.
    hold("sglang-router.json", 5);
}

#[test]
fn sglang_spill_prefix_hash_bounded_and_round_robin_pick_as_smg_does() {
    hold("smg.json", 0);
}
