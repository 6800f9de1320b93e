//! Rows for one node: two bits a block, those of 64 neighbours in two words.

use super::{Kept, Mark};
use crate::columns::bits::each_word;
use crate::model::BlockId;

/// Blocks of a word.
const SIZE: usize = 64;

/// What the node holds, and what it has lost.
#[derive(Clone, Debug, Default)]
pub(super) struct Single {
    blocks: u32,
    words: Vec<Words>,
}

/// A bit for each of 64 neighbours.
#[derive(Clone, Copy, Debug, Default)]
struct Words {
    held: u64,
    lost: u64,
}

impl Single {
    #[inline]
    pub(super) fn cover(&mut self, blocks: u32) {
        if self.blocks < blocks {
            self.blocks = blocks;
            let words = (blocks as usize).div_ceil(SIZE);
            if self.words.len() < words {
                self.words.resize(words, Words::default());
            }
        }
    }

    /// The blocks are held now; returns how many of them were lost.
    #[inline(always)]
    pub(super) fn insert_run(&mut self, first: BlockId, len: u32) -> u32 {
        let mut again = 0;
        each_word(first, len, |at, bits| {
            let words = &mut self.words[at];
            words.held |= bits;
            // Most come for the first time.
            if words.lost & bits != 0 {
                again += (words.lost & bits).count_ones();
                words.lost &= !bits;
            }
        });
        again
    }

    /// The blocks, which were held, are lost.
    #[inline(always)]
    pub(super) fn evict_run(&mut self, first: BlockId, len: u32) {
        each_word(first, len, |at, bits| {
            let words = &mut self.words[at];
            words.held &= !bits;
            words.lost |= bits;
        });
    }

    pub(super) fn release(&mut self, block: BlockId) {
        each_word(block, 1, |at, bits| self.words[at].held &= !bits);
    }

    pub(super) fn mark(&self, block: BlockId) -> Mark {
        let words = self.words.get(block.index() / SIZE).copied().unwrap_or_default();
        let is_in = |word: u64| word >> (block.index() % SIZE) & 1 == 1;
        match (is_in(words.held), is_in(words.lost)) {
            (true, _) => Mark::Held,
            (_, true) => Mark::Lost,
            _ => Mark::None,
        }
    }

    pub(super) fn is_held(&self, block: BlockId) -> bool {
        self.mark(block) == Mark::Held
    }

    /// Blocks that have rows.
    pub(super) fn blocks(&self) -> u32 {
        self.blocks
    }

    pub(super) fn prefix_match(&self, blocks: &[BlockId]) -> u32 {
        blocks.iter().take_while(|&&block| self.is_held(block)).count() as u32
    }

    pub(super) fn forget(&mut self, kept: &Kept) {
        for block in (0..self.blocks).map(BlockId).filter(|&block| !kept.contains(block)) {
            debug_assert!(!self.is_held(block), "{block:?} is held");
            each_word(block, 1, |at, bits| self.words[at].lost &= !bits);
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.words.capacity() * size_of::<Words>()
    }

    pub(super) fn total(&self) -> u64 {
        self.words.iter().map(|words| u64::from(words.held.count_ones())).sum()
    }

    pub(super) fn validate(&self) {
        for (at, words) in self.words.iter().enumerate() {
            assert!(words.held & words.lost == 0, "a block of word {at} held and lost: {words:?}");
        }
    }
}
