//! Hot blocks: those that more than a share of the recent requests use.

use crate::model::BlockId;
use std::collections::VecDeque;

/// How often each block occurs in the last W requests: 4 bytes a distinct block and 4 for each
/// reference in the window.
#[derive(Clone, Debug)]
pub struct HotBlocks {
    window: usize,
    lengths: VecDeque<u32>,
    blocks: VecDeque<BlockId>,
    counts: Vec<u32>,
}

impl HotBlocks {
    /// Empty, for the last `window` requests.
    pub fn new(window: usize) -> Self {
        let (lengths, blocks) = (VecDeque::new(), VecDeque::new());
        Self { window, lengths, blocks, counts: Vec::new() }
    }

    pub(super) fn push(&mut self, blocks: &[BlockId]) {
        if self.lengths.len() == self.window
            && let Some(length) = self.lengths.pop_front()
        {
            for block in self.blocks.drain(..length as usize) {
                self.counts[block.index()] -= 1;
            }
        }
        self.lengths.push_back(blocks.len() as u32);
        self.blocks.extend(blocks);
        for block in blocks {
            if self.counts.len() <= block.index() {
                self.counts.resize(block.index() + 1, 0);
            }
            self.counts[block.index()] += 1;
        }
    }

    /// Blocks that strictly more than `share` of the window's requests use, with their counts,
    /// by id. O(references in the window).
    pub fn over(&self, share: f64) -> Vec<(BlockId, u32)> {
        let least = share * self.lengths.len() as f64;
        let hot = self.blocks.iter().filter(|block| least < f64::from(self.counts[block.index()]));
        let mut hot: Vec<(BlockId, u32)> =
            hot.map(|&block| (block, self.counts[block.index()])).collect();
        hot.sort_unstable();
        hot.dedup();
        hot
    }
}
