//! What routers weigh: how much of a request a node has, and how busy it is.

use super::ClusterView;
use crate::params::{Need, ParamSpec, Params};
use std::collections::VecDeque;

/// How matched blocks are counted.
pub const MATCH: ParamSpec = ParamSpec::choice(
    "match",
    "prefix",
    &[("prefix", "leading run"), ("any", "anywhere in the request")],
)
.told(
    "Match",
    "What counts as matched: the leading run of resident blocks, which is all an engine can \
     use, or any resident block, as the notes counted.",
);

/// Which load signal is weighed.
pub const LOAD_SIGNAL: ParamSpec = ParamSpec::choice(
    "load_signal",
    "recent",
    &[
        ("none", "none"),
        ("recent", "recent assignments"),
        ("outstanding_requests", "unfinished requests"),
        ("outstanding_tokens", "outstanding tokens"),
        ("outstanding_seconds", "seconds of wait"),
    ],
)
.told(
    "Load signal",
    "How busy a node is: nothing (the notes' queue was never drained), its share of the last W \
     assignments, or what is outstanding on it under the timed clock.",
)
.choice_needs(&[
    ("outstanding_requests", Need::TimedClock),
    ("outstanding_tokens", Need::TimedClock),
    ("outstanding_seconds", Need::TimedClock),
]);

/// W of the `recent` signal, where it is one of several.
pub const WINDOW: ParamSpec = WINDOW_ALWAYS.only_if("load_signal", "recent");

/// W of the `recent` signal, where it is the only one.
pub const WINDOW_ALWAYS: ParamSpec = ParamSpec::integer("window", 100, 1, 1_000_000)
    .told("Window W", "How many of the latest assignments the recent signal counts.")
    .unit("requests")
    .log();

/// Age that signals may reach before they are refreshed.
pub const REFRESH: ParamSpec = ParamSpec::number("refresh", 0.0, 0.0, 100_000.0)
    .told(
        "Refresh age",
        "How old the load signals may be: seconds under the timed clock, requests under the \
         logical one. 0 is exact.",
    )
    .unit("s or requests");

/// Matched blocks of every node, by the `match` parameter.
#[derive(Clone, Debug)]
pub struct MatchSignal {
    any: bool,
    scratch: Vec<u32>,
}

impl MatchSignal {
    /// By the row's parameters, which include [`MATCH`].
    pub fn new(params: &Params) -> Self {
        Self { any: params.choice("match") == "any", scratch: Vec::new() }
    }

    /// Matched blocks, one value a node. O(1) for prefixes, O(blocks × holders) for any.
    pub fn read<'a>(&'a mut self, view: &ClusterView<'a>) -> &'a [u32] {
        if !self.any {
            return view.matched;
        }
        view.residency.any_matches(view.blocks, &mut self.scratch);
        &self.scratch
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LoadKind {
    None,
    Recent,
    Requests,
    Tokens,
    Seconds,
}

/// Load of every node, by the `load_signal`, `window` and `refresh` parameters.
#[derive(Clone, Debug)]
pub struct LoadSignal {
    kind: LoadKind,
    recent: Recent,
    loads: Vec<f64>,
}

impl LoadSignal {
    /// By the row's parameters, which include [`LOAD_SIGNAL`] and [`WINDOW`].
    pub fn new(params: &Params, nodes: usize) -> Self {
        let kind = match params.choice("load_signal") {
            "recent" => LoadKind::Recent,
            "outstanding_requests" => LoadKind::Requests,
            "outstanding_tokens" => LoadKind::Tokens,
            "outstanding_seconds" => LoadKind::Seconds,
            _ => LoadKind::None,
        };
        let recent = Recent::new(params.integer("window") as usize, nodes);
        Self { kind, recent, loads: vec![0.0; nodes] }
    }

    /// The loads at the last refresh, one value a node. O(nodes).
    pub fn read(&mut self, view: &ClusterView<'_>) -> &[f64] {
        if view.refreshed {
            let signals = view.signals;
            for (node, load) in self.loads.iter_mut().enumerate() {
                *load = match self.kind {
                    LoadKind::None => 0.0,
                    LoadKind::Recent => self.recent.share(node),
                    LoadKind::Requests => f64::from(signals.unfinished[node]),
                    LoadKind::Tokens => signals.outstanding_tokens[node] as f64,
                    LoadKind::Seconds => signals.wait_s[node],
                };
            }
        }
        &self.loads
    }

    /// Notes that a request went to `node`.
    pub fn assigned(&mut self, node: usize) {
        self.recent.assigned(node);
    }
}

/// How many of the last W assignments went to each node.
#[derive(Clone, Debug)]
pub struct Recent {
    window: usize,
    last: VecDeque<u16>,
    counts: Vec<u32>,
}

impl Recent {
    /// None yet, of a window of `window`.
    pub fn new(window: usize, nodes: usize) -> Self {
        Self { window, last: VecDeque::new(), counts: vec![0; nodes] }
    }

    /// Assignments to `node` among the last W.
    pub fn count(&self, node: usize) -> u32 {
        self.counts[node]
    }

    /// The count divided by W, even while fewer than W exist.
    pub fn share(&self, node: usize) -> f64 {
        f64::from(self.counts[node]) / self.window as f64
    }

    /// Notes that a request went to `node`.
    pub fn assigned(&mut self, node: usize) {
        if self.last.len() == self.window
            && let Some(oldest) = self.last.pop_front()
        {
            self.counts[usize::from(oldest)] -= 1;
        }
        self.last.push_back(node as u16);
        self.counts[node] += 1;
    }
}
