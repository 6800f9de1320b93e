//! Rows for up to 64 nodes: two words, each a bit a node.

use super::{Mark, each_one};
use crate::model::{BlockId, NodeId};

/// Rows of two words, held and lost, of 1, 2, 4 or 8 bytes each: the fewest that have a bit for
/// every node. In bytes, so that a cache finds its node's bit in any of them the same way.
#[derive(Clone, Debug)]
pub(super) struct Narrow {
    nodes: usize,
    /// The logarithm of the bytes in a word.
    width: u32,
    bytes: Vec<u8>,
}

/// One node's bits in every row.
#[derive(Debug)]
pub(super) struct Bits<'a> {
    bytes: &'a mut [u8],
    /// The logarithm of the bytes in a row.
    row: u32,
    /// Where in a row the node's bits are.
    held: usize,
    lost: usize,
    mask: u8,
}

/// The first word of the row of `block`, in rows of `R` bytes.
#[inline]
fn held_in<const R: usize>(bytes: &[u8], block: BlockId) -> u64 {
    let row = bytes.as_chunks::<R>().0.get(block.index());
    row.map_or(0, |row| {
        let mut word = [0; 8];
        word[..R / 2].copy_from_slice(&row[..R / 2]);
        u64::from_le_bytes(word)
    })
}

impl Narrow {
    pub(super) fn new(nodes: usize) -> Self {
        let width = nodes.div_ceil(8).next_power_of_two().ilog2();
        Self { nodes, width, bytes: Vec::new() }
    }

    pub(super) fn cover(&mut self, blocks: u32) {
        let bytes = (blocks as usize) << (self.width + 1);
        if self.bytes.len() < bytes {
            self.bytes.resize(bytes, 0);
        }
    }

    #[inline]
    pub(super) fn bits(&mut self, node: NodeId) -> Bits<'_> {
        let held = node.index() / 8;
        Bits {
            row: self.width + 1,
            held,
            lost: held + (1 << self.width),
            mask: 1 << (node.index() % 8),
            bytes: &mut self.bytes,
        }
    }

    pub(super) fn mark(&self, block: BlockId, node: NodeId) -> Mark {
        let (at, mask) = (block.index() << (self.width + 1), 1 << (node.index() % 8));
        let at = at + node.index() / 8;
        let set = |at: usize| self.bytes.get(at).is_some_and(|byte| byte & mask != 0);
        match (set(at), set(at + (1 << self.width))) {
            (true, _) => Mark::Held,
            (_, true) => Mark::Lost,
            _ => Mark::None,
        }
    }

    /// A bit for each node that holds `block`.
    pub(super) fn held(&self, block: BlockId) -> u64 {
        match self.width {
            0 => held_in::<2>(&self.bytes, block),
            1 => held_in::<4>(&self.bytes, block),
            2 => held_in::<8>(&self.bytes, block),
            _ => held_in::<16>(&self.bytes, block),
        }
    }

    pub(super) fn prefix_matches(&self, blocks: &[BlockId], matched: &mut [u32]) {
        match self.width {
            0 => self.matches_in::<2>(blocks, matched),
            1 => self.matches_in::<4>(blocks, matched),
            2 => self.matches_in::<8>(blocks, matched),
            _ => self.matches_in::<16>(blocks, matched),
        }
    }

    fn matches_in<const R: usize>(&self, blocks: &[BlockId], matched: &mut [u32]) {
        let mut alive = u64::MAX >> (64 - self.nodes);
        for (depth, &block) in (0..).zip(blocks) {
            let kept = alive & held_in::<R>(&self.bytes, block);
            each_one(alive & !kept, |node| matched[node] = depth);
            alive = kept;
            if alive == 0 {
                return;
            }
        }
        each_one(alive, |node| matched[node] = blocks.len() as u32);
    }

    pub(super) fn total(&self) -> u64 {
        let blocks = (0..(self.bytes.len() >> (self.width + 1)) as u32).map(BlockId);
        blocks.map(|block| u64::from(self.held(block).count_ones())).sum()
    }

    pub(super) fn validate(&self) {
        for (at, row) in self.bytes.chunks_exact(2 << self.width).enumerate() {
            let (held, lost) = row.split_at(1 << self.width);
            let both = held.iter().zip(lost).any(|(held, lost)| held & lost != 0);
            assert!(!both, "block {at} is held and lost by one node: {held:?} and {lost:?}");
        }
    }
}

#[cfg(test)]
impl Narrow {
    pub(super) fn bytes(&self) -> usize {
        self.bytes.len()
    }
}

impl Bits<'_> {
    #[inline]
    pub(super) fn insert(&mut self, block: BlockId) -> bool {
        let row = block.index() << self.row;
        self.bytes[row + self.held] |= self.mask;
        let lost = &mut self.bytes[row + self.lost];
        let was_lost = *lost & self.mask != 0;
        *lost &= !self.mask;
        was_lost
    }

    #[inline]
    pub(super) fn evict(&mut self, block: BlockId) {
        let row = block.index() << self.row;
        self.bytes[row + self.held] &= !self.mask;
        self.bytes[row + self.lost] |= self.mask;
    }

    pub(super) fn release(&mut self, block: BlockId) {
        self.bytes[(block.index() << self.row) + self.held] &= !self.mask;
    }
}
