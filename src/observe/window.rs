//! Sums over the last W requests.

use crate::columns::Last;
use crate::model::{NodeId, Tally};

/// The last W placed requests, each with what it brought when it was placed: 80 bytes a request.
/// What was stored later than that is in no window.
#[derive(Clone, Debug)]
pub struct Window {
    last: Last<(NodeId, Tally<u32>)>,
    nodes: Vec<Tally>,
}

impl Window {
    pub(super) fn new(size: usize, nodes: usize) -> Self {
        Self { last: Last::new(size), nodes: vec![Tally::default(); nodes] }
    }

    /// W.
    pub fn size(&self) -> usize {
        self.last.size()
    }

    /// Over all nodes. O(nodes).
    pub fn total(&self) -> Tally {
        Tally::sum(&self.nodes)
    }

    /// By node.
    pub fn nodes(&self) -> &[Tally] {
        &self.nodes
    }

    #[inline]
    pub(super) fn push(&mut self, node: NodeId, tally: Tally<u32>) {
        self.nodes[node.index()] += tally;
        if let Some((node, tally)) = self.last.push((node, tally)) {
            self.nodes[node.index()] -= tally;
        }
    }

    /// # Panics
    /// If the sums are not those of the requests.
    pub(super) fn validate(&self) {
        let mut nodes = vec![Tally::default(); self.nodes.len()];
        self.last.iter().for_each(|&(node, tally)| nodes[node.index()] += tally);
        assert_eq!(nodes, self.nodes, "sums of the window");
    }
}
