//! What every constructor of a table row is given.

use super::Params;
use crate::rng::Stream;

/// What a row makes a policy of: the same for evictions, routers, migration rules and clocks.
pub struct Build<'a> {
    /// Checked values of the row's parameters.
    pub params: &'a Params,
    /// How many nodes there are at first.
    pub nodes: usize,
    /// How many join later; until then they are not alive.
    pub joining: usize,
    /// Capacity of a node in blocks, in `[1, 2^30]`.
    pub capacity: u32,
    /// Tokens in a full block.
    pub block_size: u32,
    /// A stream of the policy's own; each node's cache has one.
    pub stream: Stream,
}

impl Build<'_> {
    /// How many nodes there will have been, and so the length of a column over nodes.
    pub fn all_nodes(&self) -> usize {
        self.nodes + self.joining
    }
}
