//! Laws of every row of `ROUTERS` and `MIGRATIONS` under both clocks and both insertion
//! disciplines, with evictions that take turns.

use crate::trace::{Trace, choice, lane, random};
use kvscope::cache::CACHES;
use kvscope::clock::CLOCKS;
use kvscope::config::Config;
use kvscope::migrate::MIGRATIONS;
use kvscope::model::BlockId;
use kvscope::params::{Need, ParamValue};
use kvscope::rng::Stream;
use kvscope::route::{Decision, ROUTERS, RouterRow};
use kvscope::sim::{Lane, Summary};
use std::collections::BTreeSet;

const NODES: usize = 5;
const CAPACITY: u32 = 30;
const REQUESTS: u32 = 250;

/// Routers that pick without weighing nodes, so that there is nothing to explain.
const UNEXPLAINED: [&str; 2] = ["random", "round_robin"];

/// Every combination that a router can be in, with a word for messages.
fn configurations(row: &RouterRow) -> Vec<(String, Config)> {
    let mut all = Vec::new();
    let rules = ["auto", "none"].into_iter().chain(MIGRATIONS.iter().map(|rule| rule.id));
    let rules: Vec<&str> = rules.collect();
    let mut turn = ROUTERS.iter().position(|other| other.id == row.id).expect("a row");
    for clock in CLOCKS {
        for insertion in ["flat", "tree"] {
            for rule in &rules {
                turn += 1;
                for eviction in ["lru", evictions(insertion)[turn % evictions(insertion).len()]] {
                    let mut config = Config::new(NODES, CAPACITY)
                        .router(choice(row.id, &[]))
                        .eviction(choice(eviction, &[]))
                        .clock(choice(clock.id, &[]))
                        .with("insertion", ParamValue::Text(insertion.to_owned()))
                        .seed(turn as u64);
                    config.migration = match *rule {
                        "cold_first" => choice(rule, &[("interval", "20"), ("threshold", "0.3")]),
                        "heat_window" => choice(rule, &[("rate", "0.4"), ("replicas", "3")]),
                        "ttft_doubling" => choice(rule, &[("window_s", "8"), ("growth", "1.2")]),
                        other => choice(other, &[]),
                    };
                    if clock.id == "timed" && *rule == "none" {
                        let visible = if insertion == "tree" { "completion" } else { "arrival" };
                        let params = [("enforce_slo", "true"), ("slo_s", "1")];
                        config.clock = choice("timed", &params)
                            .with("visibility", ParamValue::Text(visible.to_owned()));
                    }
                    let told = [row.id, clock.id, insertion, rule, eviction].join(" ");
                    all.push((told, config));
                }
            }
        }
    }
    all
}

fn evictions(insertion: &str) -> Vec<&'static str> {
    let defined = CACHES.iter().filter(|row| match insertion {
        "flat" => row.flat.is_some(),
        _ => row.tree.is_some(),
    });
    let policies = defined.map(|row| row.policy);
    policies.filter(|row| row.needs.is_empty()).map(|row| row.id).collect()
}

#[test]
fn every_router_and_every_rule_keep_the_laws() {
    let trace = random(1, REQUESTS);
    let (mut runs, mut refused, mut seen) = (0, 0, Seen::default());
    for row in ROUTERS {
        for (told, config) in configurations(row) {
            let needs_time = row.needs.contains(&Need::TimedClock)
                || kvscope::migrate::find(&config.migration.id)
                    .is_some_and(|rule| rule.needs.contains(&Need::TimedClock));
            if needs_time && config.clock.id == "logical" {
                let refusal = config.check().err().expect("a refusal").to_string();
                assert!(refusal.contains("set clock to timed"), "{told}: {refusal}");
                refused += 1;
                continue;
            }
            let stepped = step_by_step(&told, &config, &trace, &mut seen);
            assert_eq!(stepped, in_leaps(&config, &trace), "{told}: steps that split otherwise");
            runs += 1;
        }
    }
    println!("{runs} runs, {refused} refused configurations, {seen:?}");
    assert!(20 < seen.moves && 100 < seen.copies && 100 < seen.rejected, "{seen:?}");
}

/// What the laws were held against.
#[derive(Debug, Default)]
struct Seen {
    moves: u32,
    copies: u32,
    rejected: u64,
}

/// Runs one request at a time, looking at everything after each; the summary as bytes.
fn step_by_step(told: &str, config: &Config, trace: &Trace, seen: &mut Seen) -> String {
    let mut lane = lane(config, trace);
    lane.explain(true).expect("everything is observed");
    let (mut time_s, mut records) = (f64::NEG_INFINITY, 0);
    let mut before = Contents::of(&lane);
    while lane.step(1).expect("no foresight") == 1 {
        lane.validate();
        if config.clock.id == "timed" {
            assert!(time_s <= lane.time_s(), "{told}: time went back");
            time_s = lane.time_s();
        }
        for node in 0..NODES {
            assert!(lane.cache(node).len() <= CAPACITY, "{told}: capacity exceeded");
        }
        let decision = lane.decision().expect("an explained decision");
        consistent(told, config, decision);
        let after = Contents::of(&lane);
        let detail = lane.metrics().detail().expect("everything is observed");
        let history = detail.history().records();
        if let [record] = &history[records..] {
            let (source, target) = (record.source as usize, record.target as usize);
            if decision.node as usize != source && decision.node as usize != target {
                let copied = record.kind == "copy";
                let counts = (record.chosen as usize, record.moved as usize);
                before.moved(&after, told, (source, target), counts, copied);
                *(if copied { &mut seen.copies } else { &mut seen.moves }) += 1;
            }
        }
        records = history.len();
        before = after;
        let done = lane.metrics().sums();
        let sum = done.requests + done.rejected + lane.waiting();
        assert_eq!(sum, trace.len() as u64, "{told}: requests in");
    }
    conserved(told, &lane);
    seen.rejected += lane.metrics().sums().rejected;
    bytes(&lane.summary())
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

/// The components are there, and the node picked is extreme in what was compared.
fn consistent(told: &str, config: &Config, decision: &Decision) {
    if UNEXPLAINED.contains(&config.router.id.as_str()) {
        return;
    }
    assert_eq!(decision.values.len(), decision.columns.len() * NODES, "{told}: components");
    let compared = decision.column(decision.columns.last().expect("a column"));
    let picked = compared[decision.node as usize];
    let lowest = compared.iter().all(|&value| picked <= value);
    let highest = compared.iter().all(|&value| value <= picked);
    assert!(lowest || highest, "{told}: {decision:?}");
}

/// Sums over the whole run.
fn conserved(told: &str, lane: &Lane) {
    let summary = lane.summary();
    let detail = lane.metrics().detail().expect("everything is observed");
    let moves = detail.history().records().iter();
    let given: u64 =
        moves.filter(|record| record.kind == "move").map(|record| u64::from(record.chosen)).sum();
    // Every lookup is a hit, an insertion or a refusal; every insertion is resident, evicted or
    // given away.
    let resident: u64 = summary.node_resident.iter().map(|&blocks| u64::from(blocks)).sum();
    let inserted = resident + summary.sums.evictions + given - summary.sums.migrated_blocks;
    let lookups = summary.sums.block_hits + inserted + summary.sums.refused;
    assert_eq!(lookups, summary.sums.blocks, "{told}: lookups");
    let by_node: u64 = summary.node_prefix_hits.iter().sum();
    assert_eq!(by_node, summary.sums.prefix_hits, "{told}: prefix hits by node");
    assert_eq!(
        summary.node_requests.iter().sum::<u64>(),
        summary.sums.requests,
        "{told}: requests"
    );
    assert!(summary.sums.ceiling_hits <= summary.sums.blocks, "{told}: the ceiling");
    assert!(
        summary.sums.hit_tokens <= summary.sums.ceiling_tokens,
        "{told}: the ceiling in tokens"
    );
}

/// What every node holds.
struct Contents(Vec<BTreeSet<BlockId>>);

impl Contents {
    fn of(lane: &Lane) -> Self {
        let blocks = |node| lane.cache(node).resident().map(|(_, block)| block);
        Self((0..NODES).map(|node| blocks(node).collect()).collect())
    }

    /// Looks at one transfer between two nodes that the request itself left alone.
    fn moved(
        &self,
        after: &Self,
        told: &str,
        (source, target): (usize, usize),
        (chosen, moved): (usize, usize),
        copied: bool,
    ) {
        let left: BTreeSet<_> = self.0[source].difference(&after.0[source]).collect();
        let came: BTreeSet<_> = after.0[target].difference(&self.0[target]).collect();
        assert_eq!(left.len(), if copied { 0 } else { chosen }, "{told}: blocks that left");
        assert!(after.0[source].is_subset(&self.0[source]), "{told}: the source gained");
        assert!(came.len() <= moved, "{told}: more came than were moved");
        assert!(came.iter().all(|block| self.0[source].contains(block)), "{told}: from nowhere");
        if !copied {
            assert!(came.is_subset(&left), "{told}: a moved block stayed");
        }
    }
}
