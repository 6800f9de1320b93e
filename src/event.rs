//! What happened: the only thing that observers see.
//!
//! A request makes one event when it is placed or turned away, a transfer of a migration one of
//! its own. Whatever can be counted stands in a [`Tally`] on the node where it happened, so that
//! an observer only adds and nothing is counted twice.

use crate::model::{AlertKind, BlockId, Decision, NodeId, Reading, Retuning, Tally, Timing};

/// A request was placed on a node.
#[derive(Clone, Copy, Debug)]
pub struct Routed<'a> {
    /// Its number from 1.
    pub number: u64,
    /// Its arrival in trace seconds.
    pub time_s: f64,
    /// Where it went.
    pub node: NodeId,
    /// Its blocks, root first.
    pub blocks: &'a [BlockId],
    /// The node that blocks were fetched from first.
    pub fetched_from: Option<NodeId>,
    /// What it adds on its node; what it stored there too, unless that is still to come.
    pub tally: Tally<u32>,
    /// Resident blocks of its node afterwards.
    pub resident: u32,
    /// Under the timed clock.
    pub timing: Option<Timing>,
    /// Unfinished requests of every node, this one included; zeros under the logical clock.
    pub queues: &'a [u32],
}

/// Blocks became visible on a node later than their request was placed.
#[derive(Clone, Copy, Debug)]
pub struct Stored {
    /// Which node.
    pub node: NodeId,
    /// Hits, evictions, re-wanted and refused blocks.
    pub tally: Tally<u32>,
    /// Resident blocks of the node afterwards.
    pub resident: u32,
}

/// A request was turned away.
#[derive(Clone, Copy, Debug)]
pub struct Rejected {
    /// Its number from 1.
    pub number: u64,
    /// Its arrival, in trace seconds after the first.
    pub time_s: f64,
    /// The node it would have gone to; `None` where no node was alive.
    pub node: Option<NodeId>,
    /// It had been placed before, on a node that was killed.
    pub again: bool,
}

/// A node was killed before a request that was placed there had its prefill. It arrives again next.
#[derive(Clone, Copy, Debug)]
pub struct Interrupted {
    /// Its number from 1.
    pub number: u64,
    /// Where it was.
    pub node: NodeId,
    /// What was counted of it.
    pub tally: Tally<u32>,
    /// Blocks that it had stored or been refused there.
    pub wasted_blocks: u32,
    /// Its times as they were counted.
    pub timing: Timing,
    /// The latest end of a prefill among the requests that are left.
    pub last_finish_s: f64,
}

/// A request that waits on a node has other times than were told.
#[derive(Clone, Copy, Debug)]
pub struct Postponed {
    /// Its number from 1.
    pub number: u64,
    /// Its times as they were counted.
    pub before: Timing,
    /// Its times as they count now.
    pub after: Timing,
    /// The latest end of a prefill among all requests, by the new times.
    pub last_finish_s: f64,
}

/// Something was done to the cluster.
#[derive(Clone, Copy, Debug)]
pub struct Perturbed<'a> {
    /// Its place in the configuration's list.
    pub index: usize,
    /// Number of the next request, from 1.
    pub number: u64,
    /// Its moment, in seconds after the first arrival: without time, of the trace's.
    pub at_s: f64,
    /// Whether there is time.
    pub timed: bool,
    /// Resident blocks of every node afterwards.
    pub resident: &'a [u32],
    /// Blocks that left caches for it.
    pub lost_blocks: u32,
}

/// Blocks went from one node to another by a migration rule.
#[derive(Clone, Copy, Debug)]
pub struct Migrated<'a> {
    /// Number of the request before which it ran, from 1.
    pub number: u64,
    /// Arrival of that request in trace seconds.
    pub time_s: f64,
    /// Where they were.
    pub source: NodeId,
    /// Where they went.
    pub target: NodeId,
    /// `move` or `copy`.
    pub kind: &'static str,
    /// The blocks that were chosen.
    pub blocks: &'a [BlockId],
    /// What it adds on the target: one migration, its blocks and what the target evicted.
    pub tally: Tally<u32>,
    /// Resident blocks of the source and of the target afterwards.
    pub resident: [u32; 2],
    /// Largest share of resident blocks just before the plan of which it is a part.
    pub share_before: f64,
}

/// A detection window ended.
#[derive(Clone, Copy, Debug)]
pub struct Watched {
    /// Number of its last request, from 1.
    pub number: u64,
    /// Arrival of that request in trace seconds.
    pub time_s: f64,
    /// What the window amounts to.
    pub reading: Reading,
}

/// An alert was raised or cleared at the end of a window.
#[derive(Clone, Copy, Debug)]
pub struct Alerted {
    /// What it is about.
    pub kind: AlertKind,
    /// Raised, not cleared.
    pub raised: bool,
    /// The window.
    pub watched: Watched,
}

/// Weights of the router have other values from the next request on.
#[derive(Clone, Copy, Debug)]
pub struct Tuned<'a> {
    /// Number of that request, from 1.
    pub number: u64,
    /// Arrival of the request before it in trace seconds.
    pub time_s: f64,
    /// What changes, and why.
    pub retuning: &'a Retuning,
}

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A decision was taken down; the request is placed or turned away next.
    Decided(&'a Decision),
    /// A request was placed.
    Routed(Routed<'a>),
    /// Its blocks were stored, if that was not at once.
    Stored(Stored),
    /// A request was turned away.
    Rejected(Rejected),
    /// Blocks moved.
    Migrated(Migrated<'a>),
    /// Something was done to the cluster.
    Perturbed(Perturbed<'a>),
    /// A request was interrupted by it.
    Interrupted(Interrupted),
    /// A request comes later, or earlier, than was told.
    Postponed(Postponed),
    /// A detection window ended.
    Watched(Watched),
    /// An alert was raised or cleared by it.
    Alerted(Alerted),
    /// Weights of the router change.
    Tuned(Tuned<'a>),
}
