//! Decisions equal those of the code that runs in production, recorded once by
//! `cargo xtask peers --record`, so that this test needs no foreign build.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use common::seat::{Seat, send};
use kvscope::columns::Ledger;
use kvscope::model::{BlockId, NodeId};
use kvscope::params::ParamValue;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};

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
fn differences(run: &Value) -> Vec<usize> {
    let router = run["router"].as_str().expect("a router");
    let picks = run["picks"].as_str().expect("picks").bytes().map(|digit| digit - b'0');
    let (workers, held) = (number(&run["workers"]) as usize, number(&run["held"]) as usize);
    let requests = common::workload_requests(run["workload"].as_str().expect("a workload"));
    let mut seat = Seat::new(workers, 512);
    let given: Vec<(&str, ParamValue)> = run["params"]
        .as_object()
        .expect("parameters")
        .iter()
        .map(|(name, value)| (name.as_str(), ParamValue::Number(value.as_f64().expect("a number"))))
        .collect();
    let mut policy = seat.router(router, &given);
    let (mut sent, mut unfinished) = (Ledger::new(workers), VecDeque::new());
    let mut different = Vec::new();
    for (number, (request, pick)) in requests.iter().zip(picks.map(usize::from)).enumerate() {
        let blocks = &request.blocks;
        sent.prefix_matches(blocks, &mut seat.matched);
        let tokens = blocks.len() as u32 * 512;
        let decided = seat.decide(&mut *policy, tokens, blocks);
        let is_same = match router {
            // Ties are drawn, and of two best matches one may spill and the other not.
            "sglang_spill" => (0..32).any(|draw| match draw {
                0 => decided.minima.contains(&pick),
                _ => seat.decide(&mut *policy, tokens, blocks).minima.contains(&pick),
            }),
            _ => decided.decision.node as usize == pick,
        };
        if !is_same {
            different.push(number);
        }
        send(&mut sent, blocks, NodeId::from_index(pick));
        seat.signals.assigned[pick] += 1;
        seat.signals.unfinished[pick] += 1;
        seat.decisions += 1;
        unfinished.push_back(pick);
        if held <= unfinished.len() {
            let released = unfinished.pop_front().expect("it holds some");
            seat.signals.unfinished[released] -= 1;
        }
    }
    different
}

/// Where prefixes are at home on a gateway's ring, by the workload and their last hashed block.
type Homes<'a> = BTreeMap<(&'a str, BlockId), usize>;

/// Likewise for a router that sends each prefix to its home while that is not loaded, else to one
/// of those least loaded. Which worker is home is a matter of the gateway's own ring, and seen in
/// the run that holds one request, which comes first: from then on its home and ours change places,
/// and the decision has to be the same.
fn differences_from_home<'a>(run: &'a Value, homes: &mut Homes<'a>) -> Vec<usize> {
    let workload = run["workload"].as_str().expect("a workload");
    let picks = run["picks"].as_str().expect("picks").bytes().map(|digit| digit - b'0');
    let (workers, held) = (number(&run["workers"]) as usize, number(&run["held"]) as usize);
    let requests = common::workload_requests(workload);
    let mut seat = Seat::new(workers, 512);
    let params = &run["params"];
    let given = ["tokens", "abs"]
        .map(|name| (name, ParamValue::Number(params[name].as_f64().expect("a number"))));
    let lead = params["tokens"].as_f64().expect("a number") as usize / 512;
    let mut policy = seat.router("prefix_hash_bounded", &given);
    let (mut different, mut unfinished) = (Vec::new(), VecDeque::new());
    for (number, (request, pick)) in requests.iter().zip(picks.map(usize::from)).enumerate() {
        let blocks = &request.blocks;
        let last = blocks[..blocks.len().min(lead)].last().expect("a request has blocks");
        let home = *homes.entry((workload, *last)).or_insert(pick);
        let tokens = blocks.len() as u32 * 512;
        let queues = seat.signals.unfinished.clone();
        seat.signals.unfinished.fill(0);
        let ours = seat.decide(&mut *policy, tokens, blocks).decision.node as usize;
        seat.signals.unfinished.copy_from_slice(&queues);
        seat.signals.unfinished.swap(ours, home);
        let minima = seat.decide(&mut *policy, tokens, blocks).minima;
        let swapped = match pick {
            _ if pick == home => ours,
            _ if pick == ours => home,
            other => other,
        };
        if !minima.contains(&swapped) {
            different.push(number);
        }
        seat.signals.unfinished.copy_from_slice(&queues);
        seat.signals.unfinished[pick] += 1;
        unfinished.push_back(pick);
        if held <= unfinished.len() {
            let released = unfinished.pop_front().expect("it holds some");
            seat.signals.unfinished[released] -= 1;
        }
    }
    different
}

/// Holds every run of a file; `told` is how many picks may differ for the reason in docs/peers.md.
fn hold(file: &str, told: usize) {
    let recorded = common::data(file);
    let runs = recorded["runs"].as_array().expect("runs");
    assert!(12 <= runs.len(), "{} runs", runs.len());
    let (mut different, mut homes) = (0, Homes::new());
    for run in runs {
        let found = match run["router"].as_str() {
            Some("prefix_hash_bounded") => differences_from_home(run, &mut homes),
            _ => differences(run),
        };
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
