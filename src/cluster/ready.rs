//! When blocks that are still being computed or fetched will be ready, for transfers that wait for
//! them.

use crate::columns::{Kept, Numbered, order};
use crate::model::{At, BlockId, NodeId};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Blocks on their way to each node. Memory follows the queues.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ready {
    until: Numbered<f64>,
    order: BinaryHeap<Reverse<(At, BlockId, NodeId)>>,
}

impl Ready {
    /// `node` computes or fetches `blocks` for request `number` and has them at `ready_s`.
    pub(crate) fn expect(&mut self, node: NodeId, blocks: &[BlockId], ready_s: f64, number: u64) {
        for &block in blocks {
            self.until.insert(of(block, node), ready_s);
            self.order.push(Reverse((At(ready_s, number), block, node)));
        }
    }

    /// Forgets what is ready by `now_s`.
    pub(crate) fn advance(&mut self, now_s: f64) {
        while let Some(&Reverse((At(ready_s, _), block, node))) = self.order.peek()
            && ready_s <= now_s
        {
            self.order.pop();
            if self.until.get(of(block, node)).is_some_and(|&until| until <= now_s) {
                self.until.remove(of(block, node));
            }
        }
    }

    /// Adds the blocks on their way to `kept`.
    pub(crate) fn keep_names(&self, kept: &mut Kept) {
        self.order.iter().for_each(|&Reverse((_, block, _))| kept.keep(block));
    }

    /// When the last of `blocks` is ready on `node`; 0 if all are.
    pub(crate) fn at(&self, node: NodeId, blocks: &[BlockId]) -> f64 {
        let until = blocks.iter().filter_map(|&block| self.until.get(of(block, node)));
        until.copied().fold(0.0, f64::max)
    }
}

/// The number of a block on a node.
fn of(block: BlockId, node: NodeId) -> u64 {
    order::pair(block.0, node.0.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_ready_when_their_latest_computation_ends() {
        let (node, other) = (NodeId(0), NodeId(1));
        let blocks = [BlockId(0), BlockId(1)];
        let mut ready = Ready::default();
        ready.expect(node, &blocks, 4.0, 1);
        ready.expect(node, &blocks[1..], 7.0, 2);
        assert_eq!(ready.at(node, &blocks), 7.0);
        assert_eq!(ready.at(node, &blocks[..1]), 4.0);
        assert_eq!(ready.at(other, &blocks), 0.0);
        ready.advance(4.0);
        assert_eq!((ready.at(node, &blocks[..1]), ready.at(node, &blocks)), (0.0, 7.0));
        ready.advance(7.0);
        assert_eq!(ready.at(node, &blocks), 0.0);
        assert!(ready.until.is_empty() && ready.order.is_empty());
    }
}
