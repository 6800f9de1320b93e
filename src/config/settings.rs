//! Settings that belong to no policy.

use crate::model::{MAX_NODES, UNLIMITED_BLOCKS};
use crate::params::ParamSpec;
use crate::trace::TimeUnit;

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
        .unit("tokens"),
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
    .told("Time unit", "Unit of the trace's arrival times, where it is to be overruled."),
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
];

/// The unit that a value of `time_unit` names; `None` is what the trace says.
pub(super) fn time_unit(id: &str) -> Option<TimeUnit> {
    match id {
        "seconds" => Some(TimeUnit::Seconds),
        "milliseconds" => Some(TimeUnit::Milliseconds),
        "microseconds" => Some(TimeUnit::Microseconds),
        "nanoseconds" => Some(TimeUnit::Nanoseconds),
        _ => None,
    }
}
