//! Cases worked out by hand that no published vector pins down.

use crate::trace::{Run, by_hand, choice, lane, run};
use kvscope::config::Config;
use kvscope::model::BlockId;
use kvscope::params::ParamValue;
use kvscope::sim::Summary;
use kvscope::trace::order::REORDER_WINDOW;

/// Prefill seconds of one block of 512 tokens on the measured H100.
const BLOCK_S: f64 = 0.054;

/// One configuration under the timed clock with measured prefill times.
fn timed(nodes: usize, router: &str, router_params: &[(&str, &str)]) -> Config {
    Config::new(nodes, 100)
        .router(choice(router, router_params))
        .clock(choice("timed", &[("service", "h100_tp8")]))
}

/// Requests placed and rejected, and prefix hits.
fn told(summary: &Summary) -> (u64, u64, u64) {
    let sums = summary.sums;
    (sums.requests, sums.rejected, sums.prefix_hits)
}

fn with_clock(mut config: Config, name: &str, value: &str) -> Config {
    config.clock = config.clock.with(name, ParamValue::parse(value));
    config
}

/// The node of every request.
fn nodes(lane: &mut Run) -> Vec<u32> {
    lane.explain(true).expect("everything is observed");
    let mut nodes = Vec::new();
    while lane.step(1).expect("no foresight") == 1 {
        nodes.push(lane.decision().expect("explained").node);
    }
    nodes
}

#[test]
fn the_fixed_part_is_added_to_every_ttft_and_occupies_nothing() {
    let config = with_clock(timed(1, "round_robin", &[]), "fixed_s", "1");
    let trace = by_hand(&[(0.0, &[0]), (0.0, &[1])]);
    let ttft = run(&config, &trace).ttft.expect("timed");
    assert_eq!(ttft.mean_wait_s, BLOCK_S / 2.0);
    assert_eq!(ttft.mean_ttft_s, ((BLOCK_S + 1.0) + (BLOCK_S + BLOCK_S + 1.0)) / 2.0);
}

#[test]
fn blocks_visible_at_completion_are_matched_from_that_very_moment() {
    let config = timed(1, "round_robin", &[]);
    let late = with_clock(config.clone(), "visibility", "completion");
    let before = by_hand(&[(0.0, &[0]), (BLOCK_S - 1e-9, &[0])]);
    let at = by_hand(&[(0.0, &[0]), (BLOCK_S, &[0])]);
    let hits = |config, trace| run(config, trace).sums.prefix_hits;
    assert_eq!([hits(&config, &before), hits(&late, &before), hits(&late, &at)], [1, 0, 1]);
    // Both store block 0 in the end; the second finds it there.
    assert_eq!(run(&late, &before).sums.block_hits, 1);
    assert_eq!(run(&late, &before).node_resident, [1]);
}

#[test]
fn an_old_signal_herds_requests_until_it_is_refreshed() {
    // 32,768 tokens take 2.936 s.
    let blocks: Vec<Vec<u32>> = (0..5).map(|at| (at * 64..(at + 1) * 64).collect()).collect();
    let times = [0.0, 1.0, 2.0, 9.99, 10.0];
    let requests: Vec<(f64, &[u32])> =
        times.into_iter().zip(blocks.iter().map(Vec::as_slice)).collect();
    let trace = by_hand(&requests);
    let fresh = nodes(&mut lane(&timed(2, "least_requests", &[]), &trace));
    let old = timed(2, "least_requests", &[("refresh", "10")]);
    let old = nodes(&mut lane(&old, &trace));
    assert_eq!(fresh, [0, 1, 0, 0, 1]);
    assert_eq!(old, [0, 0, 0, 0, 1], "at 10 s the fourth is unfinished on node 0");
}

#[test]
fn a_group_longer_than_the_window_ends_before_the_next_timestamp() {
    let group = vec![(10.0, &[0][..]); 4096];
    let trace = by_hand(&[vec![(0.0, &[0][..])], group, vec![(11.0, &[1])]].concat());
    let config = with_clock(timed(1, "round_robin", &[]), "spread_arrivals", "true");
    let held_whole = config.clone().with("warmup", ParamValue::Number(0.5));
    for config in [config, held_whole] {
        let mut lane = lane(&config, &trace);
        lane.run().expect("it fits");
        assert_eq!(lane.metrics().latency().last_finish_s, 11.0 + BLOCK_S);
        assert_eq!(lane.summary().late_arrivals, 0);
    }
}

#[test]
fn under_the_logical_clock_the_age_is_in_requests() {
    let config = |refresh| Config::new(2, 10).router(choice("least_loaded", &[refresh]));
    let trace = by_hand(&[(0.0, &[0][..]); 7]);
    let fresh = nodes(&mut lane(&config(("refresh", "0")), &trace));
    let old = nodes(&mut lane(&config(("refresh", "3")), &trace));
    assert_eq!(fresh, [0, 1, 0, 1, 0, 1, 0]);
    assert_eq!(old, [0, 0, 0, 1, 1, 1, 0]);
}

#[test]
fn dynamic_weights_hold_while_one_node_has_more_than_four_fifths() {
    let scores = |dynamic| {
        let params =
            [("dynamic_weights", dynamic), ("threshold", "1"), ("beta", "0.3"), ("window", "1")];
        let config = Config::new(2, 10).router(choice("hotspot_migration", &params));
        let trace = by_hand(&[(0.0, &[0, 1]), (0.0, &[0, 1])]);
        let mut lane = lane(&config, &trace);
        let nodes = nodes(&mut lane);
        (nodes, lane.decision().expect("explained").column("score"))
    };
    assert_eq!(scores("false"), (vec![0, 0], vec![0.6 - 0.3, 0.0]));
    assert_eq!(scores("true"), (vec![0, 1], vec![0.6 * 0.3 - 0.3 * 1.5, 0.0]));
}

#[test]
fn distinct_blocks_count_when_they_are_used_whatever_their_place_in_the_file() {
    // Numbered in the order of the file, used in that of arrival: 3, then 2, 0, then 0 and 1.
    let trace = by_hand(&[(9.0, &[0, 1]), (5.0, &[2]), (5.0, &[0]), (0.0, &[3])]);
    let mut lane = lane(&timed(1, "round_robin", &[]), &trace);
    let mut distinct = Vec::new();
    while lane.step(1).expect("no foresight") == 1 {
        distinct.push(lane.distinct_blocks());
    }
    assert_eq!(distinct, [1, 2, 3, 4]);
    // Of all that came only block 0 had been used before.
    assert_eq!(lane.metrics().sums().ceiling_hits, 1);
}

/// Three requests that leave blocks 0, 1, 2 with 3, 2, 1 touches on node 0; before the fourth
/// all of them move to node 1; the fourth starts with block 0 there and inserts block 9.
fn moving(insertion: &str) -> Run {
    let router = choice("cache_aware", &[("load_signal", "none")]);
    let mut config = Config::new(2, 3)
        .router(router)
        .eviction(choice("fifo", &[]))
        .with("insertion", ParamValue::Text(insertion.to_owned()));
    config.migration = choice("cold_first", &[("interval", "4"), ("fraction", "1")]);
    let trace = by_hand(&[(0.0, &[0, 1, 2]), (0.0, &[0, 1]), (0.0, &[0]), (0.0, &[0, 9])]);
    let mut lane = lane(&config, &trace);
    lane.run().expect("no foresight");
    lane.validate();
    lane
}

#[test]
fn moved_blocks_are_inserted_coldest_first() {
    let lane = moving("flat");
    // Inserted as 2, 1, 0, so that FIFO drops 2 for 9.
    let has = |id| lane.cache(1).slot(BlockId(id)).is_some();
    assert_eq!([0, 1, 2, 9].map(has), [true, true, false, true]);
    let summary = lane.summary();
    assert_eq!(summary.first_migrations, Some(vec![[4, 0, 1, 3, 3]]));
    assert_eq!((summary.sums.evictions, summary.stranded), (1, 0));
    assert_eq!(summary.node_resident, [0, 3]);
}

#[test]
fn under_the_tree_discipline_a_moved_block_without_its_parent_is_dropped_and_counted() {
    let lane = moving("tree");
    // 2 and 1 come before their parents and are lost; 0 is a root.
    let has = |id| lane.cache(1).slot(BlockId(id)).is_some();
    assert_eq!([0, 1, 2, 9].map(has), [true, false, false, true]);
    let summary = lane.summary();
    assert_eq!((summary.sums.migrated_blocks, summary.sums.dropped_blocks), (1, 2));
    assert_eq!(summary.stranded, 0);
}

#[test]
fn a_rule_goes_by_what_its_parameters_were_set_to() {
    let moved = |set: Option<&str>| {
        let router = choice("cache_aware", &[("load_signal", "none")]);
        let mut config = Config::new(2, 10).router(router);
        config.migration = choice("cold_first", &[("interval", "4")]);
        config.perturb = set.into_iter().map(str::to_owned).collect();
        run(&config, &by_hand(&[(0.0, &[0, 1, 2][..]); 4])).first_migrations
    };
    // Node 0 has all three blocks and gives a fifth of them: none, but one at least.
    assert_eq!(moved(None), Some(vec![[4, 0, 1, 1, 1]]));
    assert_eq!(moved(Some("set:migration.fraction=1@2")), Some(vec![[4, 0, 1, 3, 3]]));
    assert_eq!(moved(Some("set:migration.threshold=1@2")), Some(vec![]), "not over all of them");
}

#[test]
fn a_request_over_the_enforced_objective_is_turned_away_and_leaves_nothing() {
    let trace = by_hand(&[(0.0, &[0]), (0.0, &[1]), (0.06, &[1])]);
    let config = with_clock(timed(1, "round_robin", &[]), "slo_s", "0.1");
    let reported = run(&config, &trace);
    assert_eq!(told(&reported), (3, 0, 1));
    let enforced = run(&with_clock(config, "enforce_slo", "true"), &trace);
    // The second would take 0.108 s; the third finds an idle node without block 1.
    assert_eq!(told(&enforced), (2, 1, 0));
    assert_eq!(enforced.ttft.expect("timed").inside_slo_share, 1.0);
    let config = with_clock(timed(1, "round_robin", &[]), "slo_s", "0.108");
    let exact = run(&with_clock(config, "enforce_slo", "true"), &trace);
    assert_eq!(exact.sums.rejected, 0, "an objective that is just met is met");
}

#[test]
fn a_hot_prefix_is_copied_and_then_served_by_two_nodes() {
    let mut config = timed(2, "shortest_ttft", &[]);
    config.migration = choice("heat_window", &[("rate", "0.3")]);
    let requests = [(0.0, &[0, 1][..]), (1.0, &[0, 1]), (2.0, &[0, 1]), (3.0, &[5]), (3.0, &[0])];
    let mut lane = lane(&config, &by_hand(&requests));
    // Node 0 holds it, and nobody waits; before the fourth it is copied; the fourth keeps
    // node 0 busy, and the fifth hits on node 1.
    assert_eq!(nodes(&mut lane), [0, 0, 0, 0, 1]);
    let summary = lane.summary();
    assert_eq!(summary.first_migrations, Some(vec![[4, 0, 1, 2, 2]]));
    assert_eq!(summary.sums.prefix_hits, 2 + 2 + 1);
    let detail = lane.metrics().detail().expect("everything is observed");
    assert_eq!(detail.history().records()[0].kind, "copy");
}

/// The configuration with this done to the cluster.
fn perturbed(mut config: Config, all: &[&str]) -> Config {
    config.perturb = all.iter().map(|&one| one.to_owned()).collect();
    config
}

#[test]
fn what_waits_behind_a_slow_prefill_is_in_use_for_as_long_as_that_takes() {
    let trace = by_hand(&[(0.0, &[0]), (0.0, &[1]), (0.3, &[2])]);
    let active = |all: &[&str]| {
        let mut lane = lane(&perturbed(timed(1, "infera", &[]), all), &trace);
        nodes(&mut lane);
        lane.decision().expect("explained").column("active")
    };
    assert_eq!(active(&[]), [0.0], "both end before 0.3 s");
    // The second starts at 0.054 s and takes 0.54 s.
    assert_eq!(active(&["slow:0:10@0.01s"]), [1.0]);
}

#[test]
fn the_time_told_of_the_node_that_was_picked_is_that_with_what_it_fetches() {
    let blocks: Vec<u32> = (0..64).collect();
    let trace = by_hand(&[(0.0, &blocks[..]), (0.0, &blocks)]);
    let mut lane = lane(&timed(2, "conductor", &[]), &trace);
    assert_eq!(nodes(&mut lane), [0, 1]);
    let decision = lane.decision().expect("explained");
    assert_eq!(decision.ttft_s[1], decision.column("TTFT s")[1]);
    assert!(decision.ttft_s[1] < 2.9, "without the fetch it would take 2.936 s");
}

#[test]
fn what_is_listed_in_any_order_is_done_in_that_of_time() {
    let all = ["slow:0:5@0.2s", "slow:0:2@0.1s"];
    let mut lane =
        lane(&perturbed(timed(1, "round_robin", &[]), &all), &by_hand(&[(0.0, &[0]), (1.0, &[1])]));
    lane.run().expect("no foresight");
    assert_eq!(lane.slow_of(0), 5.0);
}

/// Blocks are numbered by the file, whatever comes first: the third row does before the second.
#[test]
fn a_block_is_forgotten_although_earlier_ones_have_not_come() {
    let trace = by_hand(&[(0.0, &[0]), (9.0, &[1]), (1.0, &[2]), (2.0, &[2])]);
    let config = timed(1, "round_robin", &[]);
    assert_eq!(run(&config, &trace).sums.prefix_hits, 1);
    let summary = run(&perturbed(config, &["forget:2@1.5s"]), &trace);
    let lost_blocks = summary.perturbed.expect("something was done").lost_blocks;
    assert_eq!((summary.sums.prefix_hits, lost_blocks), (0, 1));
}

/// The window of the order is full of rows at 10 s when it comes to the one at 1 s, which therefore
/// arrives with the second of these; from then on gaps are half as long.
#[test]
fn what_is_done_at_a_late_arrival_is_done_when_it_comes() {
    let mut requests = vec![(10.0, &[][..]); REORDER_WINDOW - 1];
    requests.extend([(14.0, &[][..]), (1.0, &[])]);
    let all = ["rate:2@2", &format!("rate:1@{}", requests.len())];
    let summary = run(&perturbed(timed(1, "round_robin", &[]), &all), &by_hand(&requests));
    assert_eq!(summary.late_arrivals, 1);
    let events = summary.perturbed.expect("something was done").events;
    let at_s: Vec<f64> = events.iter().map(|event| event.record.at_s).collect();
    assert_eq!(at_s, [0.0, 2.0]);
}

#[test]
fn without_time_seconds_count_from_the_traces_first_request() {
    let trace = by_hand(&[(100.0, &[0]), (104.0, &[1]), (106.0, &[2])]);
    let config = perturbed(Config::new(2, 10), &["drain:0@5s"]);
    let config = config.router(choice("round_robin", &[]));
    assert_eq!(nodes(&mut lane(&config, &trace)), [0, 1, 1]);
}
