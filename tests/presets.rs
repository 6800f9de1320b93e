//! Every preset runs and shows what its lesson says, on the built-in workload it names.
#![cfg(not(target_arch = "wasm32"))]

use kvscope::config::Config;
use kvscope::params::ParamValue;
use kvscope::presets::{self, presets};
use kvscope::session::Session;
use kvscope::sim::Summary;
use kvscope::trace::synth::{self, Workload};
use std::collections::BTreeSet;

/// Runs a preset and prints what its lesson is about.
fn run(id: &str) -> Summary {
    changed(id, |config| config)
}

/// The same with another configuration.
fn changed(id: &str, change: fn(Config) -> Config) -> Summary {
    let row = presets::find(id).expect("a preset");
    let source = synth::find(row.workload.expect("a preset with a workload"));
    let source = source.expect("a built-in workload");
    let workload = Workload::new(source, 1, source.default_requests);
    let mut session =
        Session::workload(&[change((row.config)())], workload).expect("a preset that runs");
    while session.make(4096).expect("it fits") {
        session.run().expect("a run without foresight");
    }
    session.run().expect("a run without foresight");
    let summary = session.lanes()[0].summary();
    println!(
        "{id}: hit rate {:.3}, largest share of requests {:.3}, mean TTFT {:.2} s, requests {:?}",
        summary.token_hit_rate,
        summary.balance_requests.largest_share,
        mean_s(&summary),
        summary.node_requests,
    );
    summary
}

fn mean_s(summary: &Summary) -> f64 {
    summary.ttft.expect("presets are timed").mean_ttft_s
}

/// Nodes that got less than a tenth of their fair share.
fn starved(summary: &Summary) -> usize {
    let fair = summary.sums.requests / summary.node_requests.len() as u64;
    summary.node_requests.iter().filter(|&&requests| requests * 10 < fair).count()
}

#[test]
fn the_table_is_sound() {
    let ids: BTreeSet<&str> = presets().map(|row| row.id).collect();
    assert_eq!(ids.len(), presets().count(), "ids are unique");
    for (at, row) in presets().enumerate() {
        if let Err(error) = (row.config)().check() {
            panic!("{}: {error}", row.id);
        }
        assert!(row.lesson.ends_with('.') && row.lesson.matches(". ").count() == 0, "{}", row.id);
        assert!(row.workload.is_none_or(|id| synth::find(id).is_some()), "{}", row.id);
        let before = presets().take(at).any(|other| Some(other.id) == row.mends);
        assert!(row.mends.is_none() || before, "{} mends one that comes before it", row.id);
    }
}

#[test]
fn a_universal_first_block_draws_everything_until_it_is_gated_or_charged_for() {
    let failed = run("universal_first_block");
    assert_eq!(failed.balance_requests.largest_share, 1.0);
    for mended in ["universal_first_block_gated", "universal_first_block_charged"].map(run) {
        assert!(mended.balance_requests.largest_share < 0.2);
        assert!(failed.token_hit_rate + 0.05 < mended.token_hit_rate);
        assert!(mean_s(&mended) * 100.0 < mean_s(&failed));
    }
}

#[test]
fn a_fleet_switch_loses_hits_for_everybody_and_spilling_keeps_them() {
    let (failed, mended) = (run("fleet_switch"), run("fleet_switch_mended"));
    assert!(failed.token_hit_rate + 0.05 < mended.token_hit_rate);
    assert!(mean_s(&mended) * 2.0 < mean_s(&failed));
}

#[test]
fn stale_signals_herd_and_two_random_choices_do_not() {
    let (failed, mended) = (run("stale_signals"), run("stale_signals_drawn"));
    assert!(mean_s(&mended) * 2.0 < mean_s(&failed));
    assert!(mended.balance_requests.largest_share + 0.05 < failed.balance_requests.largest_share);
}

#[test]
fn deterministic_ties_starve_the_high_indexes_and_drawn_ones_nobody() {
    let (failed, mended) = (run("deterministic_ties"), run("deterministic_ties_drawn"));
    let balance = failed.balance_requests;
    assert!(0.8 < balance.largest_share && balance.largest_node == 0);
    assert_eq!(failed.node_requests.last(), Some(&0));
    assert!(5 <= starved(&failed) && starved(&mended) == 0);
    assert!(mended.balance_requests.largest_share < 0.15);
}

#[test]
fn at_low_load_one_node_gets_nearly_all_unless_recent_work_is_charged() {
    let (failed, mended) = (run("low_load"), run("low_load_charged"));
    assert!(0.8 < failed.balance_requests.largest_share && 5 <= starved(&failed));
    assert!(mended.balance_requests.largest_share < 0.15);
    assert!(failed.token_hit_rate + 0.05 < mended.token_hit_rate);
}

#[test]
fn pinned_prefixes_wait_on_a_saturated_node_and_bounded_loads_walk_on() {
    let (failed, mended) = (run("pinned_sessions"), run("pinned_sessions_bounded"));
    assert!(1.5 < failed.balance_work.max_over_mean && mended.balance_work.max_over_mean < 1.2);
    assert!(mean_s(&mended) * 4.0 < mean_s(&failed));
    // What it costs: prefixes live on more nodes.
    assert!(mended.token_hit_rate < failed.token_hit_rate);
}

#[test]
fn figure_fives_presets_stand_in_the_papers_order() {
    let ids = ["random", "least_requests", "shortest_ttft", "conductor"];
    let means = ids.map(|router| mean_s(&run(&format!("figure5_{router}"))));
    assert!(means.windows(2).all(|pair| pair[1] < pair[0]), "{means:?}");
}

#[test]
fn tuning_mends_a_weight_that_is_too_low_and_harms_where_hits_are_not_to_be_had() {
    let (fixed, tuned) = (run("low_weight"), run("low_weight_tuned"));
    let alert = |summary: &Summary| {
        let alerts = &summary.monitoring.as_ref().expect("the run is watched").alerts;
        let alert = alerts.iter().find(|alert| alert.alert == "concentration");
        alert.expect("it is raised").cleared
    };
    assert!(fixed.balance_work.largest_share > 0.99 && alert(&fixed).is_none());
    assert!(tuned.balance_work.largest_share < 0.6 && alert(&tuned).is_some());
    assert!(fixed.token_hit_rate + 0.05 < tuned.token_hit_rate);
    assert!(mean_s(&tuned) * 2.0 < mean_s(&fixed));
    let off = |config: Config| config.with("auto_tuning_enabled", ParamValue::Switch(false));
    let (vain, fixed) = (run("tuned_in_vain"), changed("tuned_in_vain", off));
    assert!(vain.token_hit_rate < fixed.token_hit_rate);
    assert!(mean_s(&fixed) * 1.5 < mean_s(&vain));
}
