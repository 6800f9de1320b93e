//! Blocks that become visible when their prefill finishes.

use crate::columns::{Kept, Numbered};
use crate::model::{At, BlockId, NodeId};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What a finished request stores.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    pub(crate) node: NodeId,
    pub(crate) blocks: Vec<BlockId>,
    pub(crate) next_use: Vec<u32>,
}

/// Requests in service, ordered by (finish, request number).
#[derive(Clone, Debug, Default)]
pub(crate) struct Pending {
    order: BinaryHeap<Reverse<At>>,
    finished: Numbered<Finished>,
}

impl Pending {
    /// Stores `finished` of request `number` at `finish_s`.
    pub(crate) fn push(&mut self, finish_s: f64, number: u64, finished: Finished) {
        self.order.push(Reverse(At(finish_s, number)));
        self.finished.insert(number, finished);
    }

    /// Adds the blocks of all of them to `kept`.
    pub(crate) fn keep_names(&self, kept: &mut Kept) {
        let blocks = self.finished.values().flat_map(|finished| &finished.blocks);
        blocks.for_each(|&block| kept.keep(block));
    }

    /// The next one that has finished by `now_s`.
    pub(crate) fn pop(&mut self, now_s: f64) -> Option<Finished> {
        let &Reverse(At(finish_s, number)) = self.order.peek()?;
        if now_s < finish_s {
            return None;
        }
        self.order.pop();
        self.finished.remove(number)
    }
}
