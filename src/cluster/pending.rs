//! Blocks that become visible when their prefill finishes.

use crate::model::At;
use crate::model::{BlockId, NodeId, Retimed};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

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
    finished: BTreeMap<u64, Finished>,
}

impl Pending {
    /// Stores `finished` of request `number` at `finish_s`.
    pub(crate) fn push(&mut self, finish_s: f64, number: u64, finished: Finished) {
        self.order.push(Reverse(At(finish_s, number)));
        self.finished.insert(number, finished);
    }

    /// Drops those of `gone`. O(pending).
    pub(crate) fn clear(&mut self, gone: NodeId) {
        self.finished.retain(|_, finished| finished.node != gone);
        let finished = &self.finished;
        self.order.retain(|Reverse(At(_, number))| finished.contains_key(number));
    }

    /// Requests finish at other times than was said. O(pending).
    pub(crate) fn retime(&mut self, all: &[Retimed]) {
        let order = std::mem::take(&mut self.order).into_iter();
        self.order = order
            .map(|Reverse(At(at_s, number))| {
                let at_s = Retimed::find(all, number).map_or(at_s, |it| it.after.finish_s());
                Reverse(At(at_s, number))
            })
            .collect();
    }

    /// The next one that has finished by `now_s`.
    pub(crate) fn pop(&mut self, now_s: f64) -> Option<Finished> {
        let &Reverse(At(finish_s, number)) = self.order.peek()?;
        if now_s < finish_s {
            return None;
        }
        self.order.pop();
        self.finished.remove(&number)
    }
}
