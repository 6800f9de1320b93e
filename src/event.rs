//! What happened: the only thing that metrics see.

use crate::model::Request;
use crate::model::Timing;
use crate::model::{BlockId, NodeId};

/// A request was placed on a node. Counts are in blocks.
#[derive(Clone, Copy, Debug)]
pub struct Routed<'a> {
    /// Its number from 1.
    pub number: u64,
    /// Lengths and trace time.
    pub request: &'a Request,
    /// Its blocks, root first.
    pub blocks: &'a [BlockId],
    /// Where it went.
    pub node: NodeId,
    /// Prefix it starts with there, fetched blocks included.
    pub prefix: u32,
    /// How many of those were fetched from another node.
    pub fetched: u32,
    /// Longest prefix match on any node.
    pub reachable: u32,
    /// Leading blocks that the trace had used before.
    pub ceiling: u32,
    /// Prompt tokens the prefix saves.
    pub hit_tokens: u32,
    /// Prompt tokens an infinite cache would have saved.
    pub ceiling_tokens: u32,
    /// Under the timed clock.
    pub timing: Option<Timing>,
    /// Unfinished requests on the fullest queue, this one included; 0 under the logical clock.
    pub longest_queue: u32,
}

/// A request's blocks were touched or inserted on its node. Counts are in blocks.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stored {
    /// Found resident when their turn came.
    pub hits: u32,
    /// Inserted.
    pub inserted: u32,
    /// Evicted to make room.
    pub evicted: u32,
    /// Not kept.
    pub refused: u32,
    /// Inserted although this node had evicted them before.
    pub rewanted: u32,
}

/// Blocks went from one node to another by a migration rule.
#[derive(Clone, Copy, Debug)]
pub struct Migrated {
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
    /// Blocks named by the plan.
    pub chosen: u32,
    /// Blocks inserted on the target.
    pub moved: u32,
    /// Blocks that the target did not keep.
    pub dropped: u32,
    /// Blocks the target evicted for them.
    pub evicted: u32,
    /// Largest share of resident blocks just before.
    pub share_before: f64,
}

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A request was placed.
    Routed(Routed<'a>),
    /// Its blocks were stored on the node.
    Stored(NodeId, Stored),
    /// A request was turned away, on the node it would have gone to.
    Rejected(NodeId, &'a Request),
    /// Blocks moved.
    Migrated(Migrated),
    /// The request is over; resident blocks of every node.
    Settled(&'a [u32]),
}
