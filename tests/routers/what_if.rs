//! Laws of every router under every migration rule and both clocks while nodes are killed, drained,
//! healed, slowed and added, blocks forgotten and the rate changed, at random moments.

use crate::trace::{Trace, choice, lane, random, run};
use kvscope::clock::CLOCKS;
use kvscope::config::Config;
use kvscope::migrate::MIGRATIONS;
use kvscope::model::NodeState;
use kvscope::params::{Need, ParamKind, ParamValue};
use kvscope::rng::Stream;
use kvscope::route::{ROUTERS, RouterRow};
use kvscope::sim::{Lane, PerturbedSummary, Summary};

const NODES: usize = 4;
const REQUESTS: u32 = 200;

/// Perturbations that are possible one after the other, at random moments.
fn perturbations(stream: &mut Stream, timed: bool) -> Vec<String> {
    let mut states = vec![NodeState::Alive; NODES];
    let (mut all, mut number, in_seconds) = (Vec::new(), 1, timed && stream.below(2) == 0);
    for _ in 0..9 {
        number += stream.below(30);
        let node = stream.below(states.len() as u64) as usize;
        let (word, next) = match (states[node], stream.below(4)) {
            (NodeState::Alive, 0) => ("drain", NodeState::Draining),
            (NodeState::Alive | NodeState::Draining, 1 | 2) => ("kill", NodeState::Dead),
            (NodeState::Draining | NodeState::Dead, _) => ("heal", NodeState::Alive),
            (_, 3) if states.len() < NODES + 2 => {
                states.push(NodeState::Alive);
                ("add", states[node])
            }
            _ => continue,
        };
        states[node] = next;
        // The trace has about eleven requests a second.
        let moment = match in_seconds {
            true => format!("{}s", number as f64 / 12.0),
            false => number.to_string(),
        };
        let what = if word == "add" { 1 } else { node };
        all.push(format!("{word}:{what}@{moment}"));
        match stream.below(4) {
            0 => all.push(format!("forget:{}@{moment}", stream.below(40))),
            1 if timed => all.push(format!("slow:{node}:{}@{moment}", 1 + stream.below(9))),
            2 if timed => all.push(format!("rate:{}@{moment}", 1 + stream.below(3))),
            _ => {}
        }
    }
    all
}

/// Every rule under every clock that the router can be under, with perturbations.
fn configurations(row: &RouterRow) -> Vec<(String, Config)> {
    let rules = ["auto", "none"].into_iter().chain(MIGRATIONS.iter().map(|rule| rule.id));
    let mut stream = Stream::new(7, row.id, 0);
    let mut all = Vec::new();
    for rule in rules {
        for clock in CLOCKS {
            let needs = kvscope::migrate::find(rule).map_or(&[][..], |rule| rule.needs);
            let timed = clock.id == "timed";
            if !timed && row.needs.iter().chain(needs).any(|need| *need == Need::TimedClock) {
                continue;
            }
            let mut config = Config::new(NODES, 30)
                .router(choice(row.id, &[]))
                .eviction(choice(["lru", "s3fifo", "arc"][stream.below(3) as usize], &[]))
                .clock(choice(clock.id, &[]))
                .seed(stream.below(100));
            if timed && stream.below(2) == 0 {
                let params = [("visibility", "completion"), ("transfers_wait", "true")];
                config.clock = choice("timed", &params);
            } else if timed && stream.below(2) == 0 {
                let params = [("enforce_slo", "true"), ("slo_s", "1"), ("link_contention", "true")];
                config.clock = choice("timed", &params);
            }
            if timed {
                // Queues that a kill finds full.
                config.clock = config.clock.with("mfu", ParamValue::Number(0.02));
            }
            config.migration = match rule {
                "cold_first" => choice(rule, &[("interval", "20"), ("threshold", "0.3")]),
                "heat_window" => choice(rule, &[("rate", "0.4"), ("replicas", "3")]),
                "ttft_doubling" => choice(rule, &[("window_s", "8"), ("growth", "1.2")]),
                other => choice(other, &[]),
            };
            config.perturb = perturbations(&mut stream, timed);
            all.push((format!("{} {rule} {} {:?}", row.id, clock.id, config.perturb), config));
        }
    }
    all
}

#[test]
fn every_router_and_every_rule_keep_the_laws_while_nodes_come_and_go() {
    let trace = random(1, REQUESTS);
    let mut seen = Seen::default();
    let mut runs = 0;
    for row in ROUTERS {
        for (told, config) in configurations(row) {
            let stepped = step_by_step(&told, &config, &trace, &mut seen);
            assert_eq!(stepped, in_leaps(&config, &trace), "{told}: steps that split otherwise");
            runs += 1;
        }
    }
    println!("{runs} runs, {seen:?}");
    let counts = [seen.lost, seen.retried, seen.aborted, seen.no_node, seen.returned, seen.joined];
    assert!(counts.iter().all(|&count| 20 < count), "{seen:?}");
}

/// What the laws were held against.
#[derive(Debug, Default)]
struct Seen {
    lost: u64,
    retried: u64,
    aborted: u64,
    no_node: u64,
    /// Requests on nodes that had been dead or draining.
    returned: u64,
    /// Requests on nodes that joined.
    joined: u64,
}

fn step_by_step(told: &str, config: &Config, trace: &Trace, seen: &mut Seen) -> String {
    let mut lane = lane(config, trace);
    let mut healed = vec![false; lane.states().len()];
    lane.explain(true).expect("everything is observed");
    let mut before = 0;
    while lane.step(1).expect("no foresight") == 1 {
        lane.validate();
        let (sums, queued) = (lane.metrics().sums(), told_of(&lane).queued);
        assert_eq!(sums.requests + sums.rejected, lane.number(), "{told}: requests in");
        assert!(queued <= sums.requests, "{told}: more queued than placed");
        for (node, state) in lane.states().iter().enumerate() {
            let gone = matches!(state, NodeState::Dead | NodeState::Absent);
            assert!(!gone || lane.cache(node).is_empty(), "{told}: blocks on node {node}");
            healed[node] |= matches!(state, NodeState::Dead | NodeState::Draining);
        }
        if before < sums.requests
            && let Some(decision) = lane.decision()
        {
            let node = decision.node as usize;
            assert_eq!(lane.states()[node], NodeState::Alive, "{told}: node {node}");
            seen.returned += u64::from(healed[node]);
            seen.joined += u64::from(NODES <= node);
        }
        before = sums.requests;
    }
    let summary = lane.summary();
    conserved(told, &lane, &summary);
    let perturbed = told_of(&lane);
    seen.lost += perturbed.lost_blocks;
    seen.retried += perturbed.retried;
    seen.aborted += perturbed.aborted;
    seen.no_node += perturbed.no_node;
    bytes(&summary)
}

fn told_of(lane: &Lane) -> PerturbedSummary {
    lane.summary().perturbed.expect("perturbations are listed")
}

fn in_leaps(config: &Config, trace: &Trace) -> String {
    let mut stream = Stream::new(3, "leaps", 0);
    let mut lane = lane(config, trace);
    while lane.step(1 + stream.below(90)).expect("no foresight") > 0 {}
    bytes(&lane.summary())
}

fn bytes(summary: &Summary) -> String {
    serde_json::to_string(summary).expect("a summary is JSON")
}

/// Every lookup is a hit, an insertion or a refusal; every insertion is resident, evicted, given
/// away or lost.
fn conserved(told: &str, lane: &Lane, summary: &Summary) {
    let (sums, perturbed) = (&summary.sums, summary.perturbed.as_ref().expect("it was perturbed"));
    let detail = lane.metrics().detail().expect("everything is observed");
    let moves = detail.history().records().iter();
    let given: u64 =
        moves.filter(|record| record.kind == "move").map(|record| u64::from(record.chosen)).sum();
    let resident: u64 = summary.node_resident.iter().map(|&blocks| u64::from(blocks)).sum();
    let gone = sums.evictions + given + perturbed.lost_blocks;
    let inserted = resident + gone - sums.migrated_blocks;
    let lookups = sums.block_hits + inserted + sums.refused;
    // Where blocks become visible later, those of interrupted requests never came.
    assert_eq!(lookups, sums.blocks + perturbed.wasted_blocks, "{told}: blocks");
    let by_event: u64 = perturbed.events.iter().map(|it| u64::from(it.record.lost_blocks)).sum();
    assert_eq!(by_event, perturbed.lost_blocks, "{told}: lost blocks");
    let listed = lane.config().checked.perturb.len();
    assert_eq!(perturbed.events.len() + perturbed.not_reached.len(), listed, "{told}: events");
}

#[test]
fn until_something_happens_nothing_is_different() {
    let trace = random(2, REQUESTS);
    for row in ROUTERS {
        let plain = Config::new(NODES, 30)
            .router(choice(row.id, &[]))
            .clock(choice("timed", &[("mfu", "0.02")]))
            .seed(3);
        let changes = ["kill:1@120", "add:2@121", "drain:0@122", "heal:1@123"];
        let perturbed = Config { perturb: changes.map(str::to_owned).to_vec(), ..plain.clone() };
        let picks = |config: &Config| {
            let mut lane = lane(config, &trace);
            lane.explain(true).expect("everything is observed");
            let pick = |lane: &mut crate::trace::Run| {
                lane.step(1).expect("no foresight");
                lane.decision().expect("it is explained").node
            };
            (0..119).map(|_| pick(&mut lane)).collect::<Vec<_>>()
        };
        assert_eq!(picks(&plain), picks(&perturbed), "{}", row.id);
    }
}

#[test]
fn what_never_comes_changes_no_figure() {
    let trace = random(3, REQUESTS);
    let plain = Config::new(NODES, 30).router(choice("conductor", &[])).clock(choice("timed", &[]));
    let never = ["kill:1@100000".to_owned(), "drain:0@1e9s".to_owned()];
    let perturbed = Config { perturb: never.to_vec(), ..plain.clone() };
    let mut summary = run(&perturbed, &trace);
    let told = summary.perturbed.take().expect("it is listed");
    assert_eq!((told.events.len(), told.not_reached.len()), (0, 2));
    assert_eq!(bytes(&summary), bytes(&run(&plain, &trace)));
}

#[test]
fn a_parameter_set_before_the_first_request_is_that_of_the_configuration() {
    let trace = random(4, 400);
    let mut told = Vec::new();
    for row in ROUTERS {
        for spec in row.params.iter().filter(|spec| spec.live) {
            let ParamKind::Number { default, min, max, .. } = spec.kind else {
                panic!("{}.{}: only numbers are tried here", row.id, spec.name);
            };
            let config = |params: &[(&str, &str)]| {
                let clock = choice("timed", &[("mfu", "0.05")]);
                Config::new(NODES, 20).router(choice(row.id, params)).clock(clock).seed(5)
            };
            let left = bytes(&run(&config(&[]), &trace));
            let mut differs = false;
            // Where one value has no bearing on this trace, another may have.
            let others = [default * 0.25, default * 3.0, default + 1.0];
            for other in others.map(|other| other.clamp(min, max)) {
                let value = other.to_string();
                let from_the_start = run(&config(&[(spec.name, &value)]), &trace);
                let mut late = config(&[]);
                late.perturb = vec![format!("set:router.{}={value}@1", spec.name)];
                let mut set = run(&late, &trace);
                let perturbed = set.perturbed.take().expect("it is listed");
                assert_eq!(perturbed.events.len(), 1);
                assert_eq!(bytes(&set), bytes(&from_the_start), "{}.{}", row.id, spec.name);
                differs |= bytes(&set) != left;
            }
            told.push(differs);
        }
    }
    // A few have no bearing on this trace; most must, or nothing was compared.
    let differ = told.iter().filter(|differs| **differs).count();
    assert!(2 * told.len() < 3 * differ, "{differ} of {} change anything", told.len());
}
