//! Clocks: the logical one, where only the order of requests counts, and the timed one, with
//! arrival times, queues and service times.
//!
//! [`preset`] holds models and hardware, [`service`] what a prefill and a transfer take,
//! [`timed`] the queues, [`account`] what routers book on them. The rows of [`CLOCKS`] carry the
//! parameters.

pub mod preset;
pub mod service;
pub mod timed;
pub mod account;

pub use account::Account;
pub use preset::{HARDWARE, MODELS, ModelRow};
pub use service::ServiceModel;
pub use timed::Timed;

use crate::params::{Build, Choice, Formula, Need, ParamSpec, Params, Role};

/// One clock.
pub struct ClockRow {
    /// Name in configurations.
    pub id: &'static str,
    /// Name in menus.
    pub title: &'static str,
    /// One line.
    pub summary: &'static str,
    /// What it does, as a formula.
    pub formula: Formula,
    /// Its parameters, [`MODEL`] among them.
    pub params: &'static [ParamSpec],
    /// Needs of policies that it meets.
    pub meets: &'static [Need],
    /// Makes its settings; `None` where nothing takes time.
    pub build: fn(&Build<'_>) -> Option<TimedConfig>,
}

/// The two clocks.
pub static CLOCKS: &[&ClockRow] = &[
    &ClockRow {
        id: "logical",
        title: "Logical",
        summary: "Only the order of requests counts: no queues, no times.",
        formula: Formula::new("time = how many requests were served"),
        params: LOGICAL,
        meets: &[Need::Future, Need::OutputLengths],
        build: |_| None,
    },
    &ClockRow {
        id: "timed",
        title: "Timed",
        summary: "Requests arrive at their timestamps and wait for one server a node.",
        formula: Formula::new(
            "TTFT = wait + transfer + prefill + fixed; prefill = l × (a × (n² − p²) × d + b × \
             (n − p) × d²) / flops of n prompt tokens with p cached, or as a table says",
        ),
        params: TIMED,
        // Not the future: it is counted in requests of the file, which this one may reorder.
        meets: &[Need::TimedClock, Need::OutputLengths],
        build: |build| Some(TimedConfig::new(build.params, build.block_size)),
    },
];

const MODEL_CHOICES: &[Choice] = &{
    let mut choices = [("", ""); MODELS.len()];
    let mut at = 0;
    while at < MODELS.len() {
        choices[at] = (MODELS[at].id, MODELS[at].title);
        at += 1;
    }
    choices
};

const HARDWARE_CHOICES: &[Choice] = &{
    let mut choices = [("", ""); HARDWARE.len()];
    let mut at = 0;
    while at < HARDWARE.len() {
        choices[at] = (HARDWARE[at].id, HARDWARE[at].title);
        at += 1;
    }
    choices
};

/// Whose KV cache the blocks hold: turns a capacity in GiB into blocks under any clock.
pub const MODEL: ParamSpec = ParamSpec::choice("model", "llama3-70b", MODEL_CHOICES)
    .told("Model", "Sets the size of a token's KV cache, and under the timed clock its cost.")
    .role(Role::Model);

const LOGICAL: &[ParamSpec] = &[MODEL];

const TIMED: &[ParamSpec] = &[
    MODEL,
    ParamSpec::choice("hardware", "8xa800", HARDWARE_CHOICES)
        .told("Node", "Sets the peak FLOP/s of one node.")
        .only_if_number("flops", 0.0),
    ParamSpec::choice(
        "service",
        "formula",
        &[
            ("formula", "formula"),
            ("h100_tp8", "measured, Llama-2-70B on H100 TP8"),
            ("a100_tp8", "measured, Llama-2-70B on A100 TP8"),
        ],
    )
    .told(
        "Prefill time",
        "The formula from model and FLOP/s, or medians measured by Splitwise, interpolated; \
         cached tokens then save what a prompt of just them would take.",
    ),
    ParamSpec::number("mfu", 0.3, 0.001, 1.0)
        .told("MFU", "Share of the peak FLOP/s that prefill reaches.")
        .only_if_number("flops", 0.0),
    ParamSpec::number("flops", 0.0, 1e9, 1e18)
        .told(
            "Effective FLOP/s",
            "Of one node, taken as it is; 0 means peak × MFU of the chosen hardware.",
        )
        .unit("FLOP/s")
        .or_zero()
        .only_if("service", "formula"),
    ParamSpec::number("fixed_s", 0.0, 0.0, 60.0)
        .told("Fixed part", "Added to every TTFT; occupies nothing.")
        .unit("s"),
    ParamSpec::number("bandwidth_bytes_s", 1e11, 1e6, 1e13)
        .told(
            "Link bandwidth",
            "Between nodes, for fetched prefixes; migrations take no time. Effective: 100GbE 1e10, \
             NDR400 4e10, 8×400G RDMA 1.9e11, NVLink 4.5e11 bytes/s.",
        )
        .unit("bytes/s")
        .log(),
    ParamSpec::switch("link_contention", false).told(
        "Link contention",
        "A transfer waits for the links of its source and its target. Off: every transfer has \
         the link to itself.",
    ),
    ParamSpec::switch("transfers_wait", false).told(
        "Transfers wait for blocks",
        "A fetched prefix that its source is still computing or fetching is sent once it is \
         there. Off: a transfer may start on blocks that are still being computed.",
    ),
    ParamSpec::number("rate", 1.0, 0.01, 1000.0)
        .told("Arrival rate", "Multiplies the trace's own: 2 halves every gap.")
        .unit("×")
        .log(),
    ParamSpec::switch("spread_arrivals", false).told(
        "Spread arrivals",
        "Requests that share a timestamp are spread evenly until the next one: traces that log \
         in groups of seconds pile up queues that never were.",
    ),
    ParamSpec::number("slo_s", 30.0, 0.001, 1e6)
        .told("TTFT objective", "Time to first token that a request should stay within.")
        .unit("s")
        .log(),
    ParamSpec::switch("enforce_slo", false).told(
        "Reject over objective",
        "A request whose TTFT on the chosen node would exceed the objective is rejected.",
    ),
    ParamSpec::choice(
        "visibility",
        "arrival",
        &[("arrival", "at arrival"), ("completion", "at completion")],
    )
    .told(
        "Blocks visible",
        "When a request's blocks can be matched on its node: as soon as it is placed there, or \
         once its prefill has finished.",
    ),
    ParamSpec::number("output_token_s", 0.03, 0.0, 10.0)
        .told(
            "Time per output token",
            "How long a request keeps counting as decoding: output length × this. Decoding \
             occupies no prefill server.",
        )
        .unit("s"),
];

/// The row called `id`.
pub fn find(id: &str) -> Option<&'static ClockRow> {
    CLOCKS.iter().copied().find(|row| row.id == id)
}

/// The model that a clock's checked values name.
pub fn model(params: &Params) -> &'static ModelRow {
    let id = params.choice(MODEL.name);
    MODELS.iter().find(|row| row.id == id).expect("a choice made from the table")
}

/// The timed clock's settings, read from the row's parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct TimedConfig {
    /// What work costs.
    pub service: ServiceModel,
    /// Multiplies the arrival rate.
    pub rate: f64,
    /// Whether simultaneous arrivals are spread until the next timestamp.
    pub spread_arrivals: bool,
    /// Objective for the time to first token, in seconds.
    pub slo_s: f64,
    /// Whether requests beyond it are rejected.
    pub enforce_slo: bool,
    /// Whether blocks become visible only when their prefill has finished.
    pub visible_at_completion: bool,
    /// Whether transfers wait for links.
    pub link_contention: bool,
    /// Whether transfers wait until the source has the blocks.
    pub transfers_wait: bool,
}

impl TimedConfig {
    /// From checked values; `block_size` in tokens.
    pub fn new(params: &Params, block_size: u32) -> Self {
        Self {
            service: ServiceModel::new(params, block_size),
            rate: params.number("rate"),
            spread_arrivals: params.switch("spread_arrivals"),
            slo_s: params.number("slo_s"),
            enforce_slo: params.switch("enforce_slo"),
            visible_at_completion: params.choice("visibility") == "completion",
            link_contention: params.switch("link_contention"),
            transfers_wait: params.switch("transfers_wait"),
        }
    }
}
