//! Parsed requests that wait to be served: first in, first out, without a box per request.

use super::{Request, RequestRef};
use crate::types::BlockId;
use std::collections::VecDeque;

/// Served blocks are dropped from the front once this many lie there, so memory follows what
/// waits and not what has passed, at an amortised cost of one copy per block.
const COMPACT_AT: usize = 1 << 14;

/// A queue of requests with their blocks in one flat column.
#[derive(Clone, Debug, Default)]
pub struct RequestQueue {
    waiting: VecDeque<(Request, u32)>,
    blocks: Vec<BlockId>,
    head: usize,
}

impl RequestQueue {
    /// An empty queue.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a request. Amortised O(blocks).
    pub fn push(&mut self, request: Request, blocks: &[BlockId]) {
        self.blocks.extend_from_slice(blocks);
        self.waiting.push_back((request, blocks.len() as u32));
    }

    /// Appends a request whose blocks `fill` appends to the column it is given. It must not
    /// touch what is there already.
    pub(super) fn push_with(&mut self, request: Request, fill: impl FnOnce(&mut Vec<BlockId>)) {
        let start = self.blocks.len();
        fill(&mut self.blocks);
        let len = self.blocks.len().checked_sub(start).expect("blocks are only appended");
        self.waiting.push_back((request, len as u32));
    }

    /// The request pushed last, with its blocks.
    pub(super) fn last_mut(&mut self) -> Option<(&mut Request, &[BlockId])> {
        let (request, len) = self.waiting.back_mut()?;
        Some((request, &self.blocks[self.blocks.len() - *len as usize..]))
    }

    /// How many requests wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether no request waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The request served next.
    pub fn front(&self) -> Option<RequestRef<'_>> {
        let &(request, len) = self.waiting.front()?;
        let blocks = &self.blocks[self.head..self.head + len as usize];
        Some(RequestRef { request, blocks })
    }

    /// Takes the front request away, moving its blocks into `into` (cleared first).
    pub fn pop_into(&mut self, into: &mut Vec<BlockId>) -> Option<Request> {
        into.clear();
        let (request, len) = self.waiting.pop_front()?;
        let end = self.head + len as usize;
        into.extend_from_slice(&self.blocks[self.head..end]);
        self.head = end;
        if self.waiting.is_empty() {
            self.blocks.clear();
            self.head = 0;
        } else if self.head >= COMPACT_AT && self.head * 2 >= self.blocks.len() {
            self.blocks.drain(..self.head);
            self.head = 0;
        }
        Some(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(index: u32) -> Request {
        Request {
            index,
            arrival_s: 0.0,
            input_tokens: 1,
            output_tokens: 0,
            session: Request::NO_SESSION,
        }
    }

    #[test]
    fn requests_come_out_in_order_with_their_own_blocks_across_compaction() {
        let mut queue = RequestQueue::new();
        let mut out = Vec::new();
        let mut popped = 0_u32;
        for index in 0..5_000_u32 {
            let blocks: Vec<BlockId> = (0..index % 17).map(|k| BlockId(index + k)).collect();
            queue.push(request(index), &blocks);
            if index % 3 != 0 {
                assert_eq!(queue.pop_into(&mut out).map(|r| r.index), Some(popped));
                assert_eq!(out.len() as u32, popped % 17);
                assert!(out.iter().zip(popped..).all(|(block, id)| block.0 == id));
                popped += 1;
            }
        }
        assert_eq!(queue.len() as u32, 5_000 - popped);
    }
}
