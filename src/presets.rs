//! Presets: saved configurations, each with the lesson it shows.
//!
//! Most show a way in which a router fails; its `mends` sibling shows what helps. The tests
//! hold every lesson against the numbers. The single runs of studies come after these.

use crate::config::{Config, PolicyChoice, PresetRow};
use crate::params::ParamValue;
use crate::studies;

/// Every preset, a failure before what mends it, then those of the studies.
pub fn presets() -> impl Iterator<Item = &'static PresetRow> {
    PRESETS.iter().chain(studies::ABOUT.iter().flat_map(|study| study.presets))
}

/// Presets that belong to no study.
static PRESETS: &[PresetRow] = &[
    PresetRow {
        id: "universal_first_block",
        title: "Universal first block",
        lesson: "Every request begins with the same block, so without a load signal the node that \
                 has it gets them all, at any weight.",
        workload: Some("conversation"),
        config: || timed(0.5, "cache_aware", &[("load_signal", Text("none"))]),
        mends: None,
    },
    PresetRow {
        id: "universal_first_block_gated",
        title: "… with a gate on matches",
        lesson: "Where no match above a tenth of the request is to be had none counts, so one \
                 shared block draws nobody.",
        workload: Some("conversation"),
        config: || timed(0.5, "trtllm_adp", &[]),
        mends: Some("universal_first_block"),
    },
    PresetRow {
        id: "universal_first_block_charged",
        title: "… with a charge for recent work",
        lesson: "A node is charged the blocks it had to compute of late, so new prefixes go \
                 elsewhere.",
        workload: Some("conversation"),
        config: || timed(0.5, "infera", &[]),
        mends: Some("universal_first_block"),
    },
    PresetRow {
        id: "fleet_switch",
        title: "Fleet switch",
        lesson: "One long queue turns affinity off for every request, also for those whose \
                 prefix lies on an idle node.",
        workload: Some("toolagent"),
        config: || timed(1.0, "sglang_cache_aware", SMALL_FLEET),
        mends: None,
    },
    PresetRow {
        id: "fleet_switch_mended",
        title: "… request by request",
        lesson: "Only requests for the crowded node spill, and leave a copy of the hot prefix \
                 where they go.",
        workload: Some("toolagent"),
        config: || timed(1.0, "sglang_spill", SMALL_FLEET),
        mends: Some("fleet_switch"),
    },
    PresetRow {
        id: "stale_signals",
        title: "Stale signals",
        lesson: "All requests that arrive between two refreshes see the same shortest queue and \
                 herd onto it.",
        workload: Some("conversation"),
        config: || timed(0.5, "least_requests", &[("refresh", Number(10.0))]),
        mends: None,
    },
    PresetRow {
        id: "stale_signals_drawn",
        title: "… with two random choices",
        lesson: "Comparing only two nodes drawn at random keeps everybody from herding, with \
                 signals just as old.",
        workload: Some("conversation"),
        config: || timed(0.5, "power_of_two", &[("refresh", Number(10.0))]),
        mends: Some("stale_signals"),
    },
    PresetRow {
        id: "deterministic_ties",
        title: "Deterministic ties",
        lesson: "At low load most decisions are ties, and ties that go to the lowest index leave \
                 the highest nodes without work.",
        workload: Some("conversation"),
        config: || sparse("least_requests"),
        mends: None,
    },
    PresetRow {
        id: "deterministic_ties_drawn",
        title: "… drawn instead",
        lesson: "Ties that are drawn give every node its share of an idle day.",
        workload: Some("conversation"),
        config: || sparse("lmetric"),
        mends: Some("deterministic_ties"),
    },
    PresetRow {
        id: "low_load",
        title: "Low load",
        lesson: "While nobody waits the longest match always wins, if only by one shared block, \
                 so one node serves nearly everything and the other caches stay empty.",
        workload: Some("conversation"),
        config: || sparse("shortest_ttft"),
        mends: None,
    },
    PresetRow {
        id: "low_load_charged",
        title: "… with a charge for recent work",
        lesson: "Remembering recent work spreads new prefixes over all caches although no queue \
                 asks for it.",
        workload: Some("conversation"),
        config: || sparse("infera"),
        mends: Some("low_load"),
    },
    PresetRow {
        id: "pinned_sessions",
        title: "Pinned sessions",
        lesson: "A prefix pinned to a saturated node waits there while other nodes idle.",
        workload: Some("toolagent"),
        config: || timed(1.0, "session_affinity", &[]),
        mends: None,
    },
    PresetRow {
        id: "pinned_sessions_bounded",
        title: "… with bounded loads",
        lesson: "The same hash with a bound on the load walks on to the next node before a queue \
                 builds up.",
        workload: Some("toolagent"),
        config: || timed(1.0, "chwbl", &[("lead_blocks", Number(2.0))]),
        mends: Some("pinned_sessions"),
    },
    PresetRow {
        id: "low_weight",
        title: "Too low a weight",
        lesson: "With so low a load weight one shared block outweighs everything: one node does \
                 all the work, and the alert for it is never cleared.",
        workload: Some("conversation"),
        config: || timed(0.5, "cache_aware", &[("load_weight", Number(0.5))]),
        mends: None,
    },
    PresetRow {
        id: "low_weight_tuned",
        title: "… tuned",
        lesson: "The tuner raises the weight until a second node works and the alert is cleared; \
                 it stays within five times what was configured, so it mends a weight and no \
                 mistake.",
        workload: Some("conversation"),
        config: || tuned(timed(0.5, "cache_aware", &[("load_weight", Number(0.5))])),
        mends: Some("low_weight"),
    },
    PresetRow {
        id: "tuned_in_vain",
        title: "Tuned in vain",
        lesson: "Hits are few because little is used again, which no weight changes: the tuner \
                 buys affinity with balance, and waits grow against the same run without it.",
        workload: Some("conversation"),
        config: || {
            let weights = [("alpha", Number(5.0)), ("beta", Number(0.02))];
            tuned(timed(0.5, "enhanced", &weights))
        },
        mends: None,
    },
];

/// The preset called `id`.
pub fn find(id: &str) -> Option<&'static PresetRow> {
    presets().find(|row| row.id == id)
}

use Value::{Number, Text};

/// A parameter's value where a table can hold it.
#[derive(Clone, Copy)]
enum Value {
    Number(f64),
    Text(&'static str),
}

/// Imbalance that shows on eight nodes, whose queues are shorter than a fleet's.
const SMALL_FLEET: &[(&str, Value)] = &[("abs", Number(8.0))];

/// Eight nodes of 8×A800 with the default cache under the timed clock, at a multiple of the
/// trace's arrival rate.
fn timed(rate: f64, router: &str, params: &[(&str, Value)]) -> Config {
    let router = params.iter().fold(PolicyChoice::new(router), |router, (name, value)| {
        let value = match value {
            Number(number) => ParamValue::Number(*number),
            Text(text) => ParamValue::Text((*text).to_owned()),
        };
        router.with(name, value)
    });
    let clock = PolicyChoice::new("timed").with("rate", ParamValue::Number(rate));
    Config::new(8, 5859).router(router).clock(clock)
}

/// The same with weights that follow.
fn tuned(config: Config) -> Config {
    config.with("auto_tuning_enabled", ParamValue::Switch(true))
}

/// The same, with so few requests, one by one, that hardly any waits.
fn sparse(router: &str) -> Config {
    let mut config = timed(0.02, router, &[]);
    config.clock = config.clock.with("spread_arrivals", ParamValue::Switch(true));
    config
}
