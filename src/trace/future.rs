//! A whole trace held in memory, for runs that must know what comes.

use super::RequestQueue;
use crate::model::{BlockId, Request};

/// Most block references that may be held: 8 bytes each, so 1.6 GB.
pub const MOST_HELD_BLOCKS: usize = 200_000_000;

/// The requests of a trace with, for every block reference, the next request that uses it.
#[derive(Clone, Debug, Default)]
pub struct Future {
    requests: Vec<Request>,
    starts: Vec<usize>,
    blocks: Vec<BlockId>,
    next_use: Vec<u32>,
    served: usize,
}

impl Future {
    /// Takes over everything that waits in `queue`. Returns whether it still fits into
    /// [`MOST_HELD_BLOCKS`]; what does not is left in the queue.
    pub fn hold(&mut self, queue: &mut RequestQueue) -> bool {
        let mut blocks = Vec::new();
        while let Some(front) = queue.front() {
            if self.blocks.len() + front.blocks.len() > MOST_HELD_BLOCKS {
                return false;
            }
            let request = queue.pop_into(&mut blocks).expect("a front was there");
            self.requests.push(request);
            self.starts.push(self.blocks.len());
            self.blocks.extend_from_slice(&blocks);
        }
        true
    }

    /// Fills the column of next uses, backwards in one pass: the number from 1 of the next
    /// request, or requests + 1. O(references).
    pub fn look_ahead(&mut self) {
        let never = self.requests.len() as u32 + 1;
        let distinct = self.blocks.iter().map(|block| block.index() + 1).max().unwrap_or(0);
        let mut next = vec![never; distinct];
        self.next_use = vec![never; self.blocks.len()];
        for at in (0..self.requests.len()).rev() {
            let range = self.starts[at]..self.end(at);
            for position in range.clone() {
                self.next_use[position] = next[self.blocks[position].index()];
            }
            for position in range {
                next[self.blocks[position].index()] = at as u32 + 1;
            }
        }
    }

    /// How many requests are held.
    pub fn len(&self) -> usize {
        self.requests.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    /// How many of them have not been taken.
    pub fn waiting(&self) -> usize {
        self.requests.len() - self.served
    }

    /// Takes the next request: its blocks into `blocks`, their next uses, if they were looked
    /// up, into `next_use`.
    pub fn pop_into(
        &mut self,
        blocks: &mut Vec<BlockId>,
        next_use: &mut Vec<u32>,
    ) -> Option<Request> {
        let request = *self.requests.get(self.served)?;
        let range = self.starts[self.served]..self.end(self.served);
        blocks.clear();
        blocks.extend_from_slice(&self.blocks[range.clone()]);
        next_use.clear();
        if let Some(column) = self.next_use.get(range) {
            next_use.extend_from_slice(column);
        }
        self.served += 1;
        Some(request)
    }

    fn end(&self, at: usize) -> usize {
        self.starts.get(at + 1).copied().unwrap_or(self.blocks.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reference_names_the_next_request_that_uses_its_block() {
        let mut queue = RequestQueue::new();
        for (index, blocks) in [[0_u32, 1], [2, 1], [0, 2]].iter().enumerate() {
            let session = Request::NO_SESSION;
            let (index, arrival_s) = (index as u32, 0.0);
            let request = Request { index, arrival_s, input_tokens: 2, output_tokens: 0, session };
            queue.push(request, &blocks.map(BlockId));
        }
        let mut future = Future::default();
        assert!(future.hold(&mut queue));
        future.look_ahead();
        let (mut blocks, mut next_use) = (Vec::new(), Vec::new());
        let mut column = Vec::new();
        while future.pop_into(&mut blocks, &mut next_use).is_some() {
            column.extend_from_slice(&next_use);
        }
        assert_eq!(column, [3, 2, 3, 4, 4, 4]);
    }
}
