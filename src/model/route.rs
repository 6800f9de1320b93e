//! A routing decision.

use super::NodeId;

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The node that serves it.
    pub node: NodeId,
    /// Copy the prefix from this node first, up to its whole match.
    pub fetch_from: Option<NodeId>,
}

impl Route {
    /// To `node`, with what it holds.
    pub fn to(node: usize) -> Self {
        Self { node: NodeId::from_index(node), fetch_from: None }
    }
}
