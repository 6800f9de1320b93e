//! Parameters of migration rules that come with a router, which declares them in its own row.

use crate::params::{ParamSpec, Role};

/// Share of all resident blocks above which a node gives some away.
pub const THRESHOLD: ParamSpec = ParamSpec::number("threshold", 0.7, 0.0, 1.0)
    .told(
        "Migrate above share",
        "A node with more than this share of all resident blocks gives some away, to nodes with \
         less than half of it. Once all caches are full the shares are near 1/N.",
    )
    .live()
    .role(Role::Threshold);

/// How often shares are looked at.
pub const INTERVAL: ParamSpec = ParamSpec::integer("interval", 100, 1, 1_000_000)
    .told("Check every", "Shares are looked at whenever so many requests have passed.")
    .unit("requests")
    .log()
    .role(Role::Rule);

/// How much a crowded node gives.
pub const FRACTION: ParamSpec = ParamSpec::number("fraction", 0.2, 0.0, 1.0)
    .told("Fraction moved", "What share of its blocks a crowded node gives, the coldest first.")
    .live()
    .role(Role::Rule);

/// How far back requests count.
pub const WINDOW: ParamSpec = ParamSpec::number("window_s", 180.0, 1.0, 86_400.0)
    .told("Window", "How far back a node's requests count.")
    .unit("s")
    .log();

/// What counts as having become slow.
pub const GROWTH: ParamSpec = ParamSpec::number("growth", 2.0, 1.0, 100.0)
    .told("TTFT growth", "Mean TTFT of the newer half of the window over that of the older.")
    .role(Role::Rule);

/// Which leading blocks are copied.
pub const HOT_SHARE: ParamSpec = ParamSpec::number("hot_share", 0.1, 0.0, 1.0)
    .told("Hot share", "Share of the node's newer requests that must use a block to copy it.")
    .role(Role::Rule);
