//! Hot blocks: those that more than a share of the recent requests use.

use crate::columns::{Kept, Last, order};
use crate::model::BlockId;
use std::collections::VecDeque;

/// The blocks of the last W requests: 4 bytes for each reference in the window. They are counted
/// when somebody asks.
#[derive(Clone, Debug)]
pub struct HotBlocks {
    lengths: Last<u32>,
    blocks: VecDeque<BlockId>,
}

impl HotBlocks {
    pub(super) fn new(window: usize) -> Self {
        Self { lengths: Last::new(window), blocks: VecDeque::new() }
    }

    #[inline]
    pub(super) fn push(&mut self, blocks: &[BlockId]) {
        if let Some(leaves) = self.lengths.push(blocks.len() as u32) {
            self.blocks.drain(..leaves as usize);
        }
        self.blocks.extend(blocks);
    }

    /// Adds the blocks of the window to `kept`.
    pub(super) fn keep_names(&self, kept: &mut Kept) {
        self.blocks.iter().for_each(|&block| kept.keep(block));
    }

    /// Blocks that strictly more than `share` of the window's requests use, with their counts,
    /// by id. O(r log r) for r references in the window.
    pub fn over(&self, share: f64) -> Vec<(BlockId, u32)> {
        let least = share * self.lengths.len() as f64;
        let mut blocks: Vec<u64> = self.blocks.iter().map(|block| u64::from(block.0)).collect();
        order::sort(&mut blocks);
        let same = blocks.chunk_by(u64::eq);
        let counted = same.map(|same| (BlockId(same[0] as u32), same.len() as u32));
        counted.filter(|&(_, count)| least < f64::from(count)).collect()
    }
}
