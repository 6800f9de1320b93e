//! Settings that belong to no policy.

use crate::model::{MAX_NODES, UNLIMITED_BLOCKS};
use crate::params::{Need, ParamSpec, Params, Role};
use crate::trace::{IdScope, Interner, RowsAre, SessionsAre, TimeUnit};

/// As many names as there can be.
const MOST_NAMES: u64 = Interner::MAX_BLOCKS as u64;

/// Settings that belong to no policy.
pub static SETTINGS: &[ParamSpec] = &[
    ParamSpec::integer("nodes", 8, 1, MAX_NODES as u64)
        .told("Nodes", "Prefill nodes, each with its own cache.")
        .log(),
    ParamSpec::integer("capacity_blocks", 5859, 1, UNLIMITED_BLOCKS as u64)
        .told(
            "Cache per node",
            "Blocks one node may hold; 2^30 is unlimited. Or tokens, or MiB, GiB, TiB of the \
             model's KV cache, which become blocks once the trace's block size is known.",
        )
        .unit("blocks")
        .or_text(super::capacity::WORDING)
        .log(),
    ParamSpec::integer("block_size", 0, 0, 65_536)
        .told(
            "Block size",
            "Tokens in a full block; 0 is what the trace says, or 512 where it says nothing.",
        )
        .unit("tokens")
        .role(Role::Reading),
    ParamSpec::choice(
        "time_unit",
        "auto",
        &[
            ("auto", "what the trace says"),
            ("seconds", "seconds"),
            ("milliseconds", "milliseconds"),
            ("microseconds", "microseconds"),
            ("nanoseconds", "nanoseconds"),
        ],
    )
    .told("Time unit", "Unit of the trace's arrival times, where it is to be overruled.")
    .role(Role::Reading),
    ParamSpec::choice(
        "id_scope",
        "auto",
        &[
            ("auto", "what the trace says"),
            ("global", "global: an id means the same everywhere"),
            ("local", "local: an id means something in its play or session only"),
        ],
    )
    .told("Scope of ids", "Whether two sessions that name the same block id mean the same block.")
    .role(Role::Reading),
    ParamSpec::choice(
        "rows",
        "auto",
        &[
            ("auto", "what the format says, else whole prompts"),
            ("whole", "whole prompts"),
            ("delta", "what is new since the session's row before"),
        ],
    )
    .told(
        "Rows of a session",
        "What a later row of a session carries. Deltas are joined: ids in order, lengths added, \
         the earlier output counted.",
    )
    .role(Role::Reading),
    ParamSpec::choice(
        "sessions",
        "auto",
        &[
            ("auto", "what each row says"),
            ("closed", "closed: after the session's row before has finished"),
            ("as_logged", "as logged: when the trace says"),
        ],
    )
    .told(
        "Sessions",
        "Timed clock: when a later row of a session arrives. By default a row with a delay \
         arrives that long after its session's row before has finished.",
    )
    .choice_needs(&[("closed", Need::TimedClock), ("as_logged", Need::TimedClock)])
    .role(Role::Reading),
    ParamSpec::number("shared_prefix", 0.0, 0.0, 1.0)
        .told(
            "Shared prefix",
            "For traces without block ids (BurstGPT, Azure): the share of each prompt that all \
             prompts begin with; the rest of each is its own. 0 makes up nothing, and no hit rate \
             is told.",
        )
        .role(Role::Reading),
    ParamSpec::choice(
        "insertion",
        "flat",
        &[("flat", "flat: each block alone"), ("tree", "tree: leaves only, path pinned")],
    )
    .told(
        "Insertion",
        "Flat: any resident block may go, and a request may evict its own. Tree: what engines \
         do; only blocks without resident children may go, and a request that finds no room \
         stops inserting.",
    ),
    ParamSpec::integer("window", 1000, 1, 1_000_000)
        .told("Window", "Requests that the windowed figures look back on.")
        .unit("requests")
        .log(),
    ParamSpec::number("warmup", 0.0, 0.0, 0.99).told(
        "Warm-up",
        "Share of the requests that fill the caches uncounted. Needs the whole trace first.",
    ),
    ParamSpec::integer("distinct_budget", 0, 0, MOST_NAMES)
        .told(
            "Distinct blocks known",
            "Beyond so many, blocks that nothing remembers are forgotten, so that memory stays \
             flat: hits, evictions and routing stay exact; ceiling, distinct blocks and wanted \
             again become bounds. 0 is no limit on the command line, and 2^25 on the page.",
        )
        .unit("blocks")
        .log(),
    ParamSpec::switch("auto_tuning_enabled", false)
        .told(
            "Auto-tuning",
            "Whether the router's weights of match and load follow what the cluster watches: more \
             balance where one node has too much of the work, more affinity where hits are few.",
        )
        .role(Role::Monitoring),
    ParamSpec::integer("detection_window", 100, 1, 1_000_000)
        .told(
            "Detection window",
            "After so many requests alerts, hot blocks and weights are judged.",
        )
        .unit("requests")
        .role(Role::Monitoring)
        .log(),
    ParamSpec::number("hit_rate_min", 0.3, 0.0, 1.0)
        .told(
            "Least hit rate",
            "An alert is raised after two detection windows with a lower token hit rate.",
        )
        .role(Role::Monitoring),
    ParamSpec::number("concentration_max", 0.7, 0.0, 1.0)
        .told(
            "Most on one node",
            "An alert is raised after two detection windows in which one node had a larger share \
             of the work.",
        )
        .role(Role::Monitoring),
    ParamSpec::number("hot_share", 0.05, 0.0, 1.0)
        .told(
            "Hot share",
            "A block that more than this share of a detection window's requests name is hot.",
        )
        .role(Role::Monitoring),
];

/// When alerts are raised, what is hot, and whether weights follow.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Monitoring {
    /// Weights of the router follow.
    pub tunes: bool,
    /// Requests in a detection window.
    pub window: u64,
    /// Token hit rate below which an alert is due.
    pub hit_rate_min: f64,
    /// Largest share of the work above which one is.
    pub concentration_max: f64,
    /// Share of the requests above which a block is hot.
    pub hot_share: f64,
}

impl Monitoring {
    /// From checked values.
    pub(super) fn new(settings: &Params) -> Self {
        Self {
            tunes: settings.switch("auto_tuning_enabled"),
            window: settings.integer("detection_window"),
            hit_rate_min: settings.number("hit_rate_min"),
            concentration_max: settings.number("concentration_max"),
            hot_share: settings.number("hot_share"),
        }
    }
}

/// How the trace is to be read, where the configuration insists.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Unit of its times.
    pub time_unit: Option<TimeUnit>,
    /// Scope of its ids.
    pub id_scope: Option<IdScope>,
    /// What rows of a session carry.
    pub rows: Option<RowsAre>,
    /// When rows of a session arrive.
    pub sessions: Option<SessionsAre>,
    /// Share of each prompt that all prompts begin with, where the trace has no ids.
    pub shared_prefix: f64,
}

impl Reading {
    /// From checked values.
    pub(super) fn new(settings: &Params) -> Self {
        Self {
            time_unit: TimeUnit::named(settings.choice("time_unit")),
            id_scope: match settings.choice("id_scope") {
                "global" => Some(IdScope::Global),
                "local" => Some(IdScope::Local),
                _ => None,
            },
            rows: match settings.choice("rows") {
                "whole" => Some(RowsAre::Whole),
                "delta" => Some(RowsAre::Delta),
                _ => None,
            },
            sessions: match settings.choice("sessions") {
                "closed" => Some(SessionsAre::Closed),
                "as_logged" => Some(SessionsAre::AsLogged),
                _ => None,
            },
            shared_prefix: settings.number("shared_prefix"),
        }
    }
}
