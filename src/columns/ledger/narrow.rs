//! Rows for up to 64 nodes: two bits a node.

use super::{Kept, Mark, each_one};
use crate::model::{BlockId, NodeId};

/// Nodes of a word.
const NODES: usize = 8;

/// The bits of a word that say who holds the block; those above say who lost it.
const HELD: u16 = 0xff;

/// Rows of 1, 2, 4 or 8 words, the fewest that have room for every node. A word is of eight nodes,
/// so that a cache finds its node's two bits in one place, the same way for any number of nodes.
#[derive(Clone, Debug)]
pub(super) struct Narrow {
    nodes: usize,
    /// The logarithm of the words of a row.
    width: u32,
    words: Vec<u16>,
}

/// One node's bits in every row.
#[derive(Debug)]
pub(super) struct Bits<'a> {
    words: &'a mut [u16],
    /// The logarithm of the words of a row, and the one with the node's bits.
    width: u32,
    at: usize,
    held: u16,
    lost: u16,
}

/// The row of `block` in rows of `W` words: bit 16·w + n is of node 8·w + n, which holds it.
#[inline(always)]
fn row_of<const W: usize>(words: &[u16], block: BlockId) -> u128 {
    let row = words.as_chunks::<W>().0.get(block.index()).unwrap_or(&[0; W]);
    row.iter().rev().fold(0, |row, &word| row << 16 | u128::from(word))
}

/// Calls `act` with the nodes of the set bits of a row, ascending.
#[inline(always)]
fn each_node(row: u128, mut act: impl FnMut(usize)) {
    let node = |bit: usize| bit / 16 * NODES + bit % 16;
    each_one(row as u64, |bit| act(node(bit)));
    each_one((row >> 64) as u64, |bit| act(node(bit + 64)));
}

impl Narrow {
    pub(super) fn new(nodes: usize) -> Self {
        let width = nodes.div_ceil(NODES).next_power_of_two().ilog2();
        Self { nodes, width, words: Vec::new() }
    }

    pub(super) fn cover(&mut self, blocks: u32) {
        let words = (blocks as usize) << self.width;
        if self.words.len() < words {
            self.words.resize(words, 0);
        }
    }

    #[inline]
    pub(super) fn bits(&mut self, node: NodeId) -> Bits<'_> {
        let held = 1 << (node.index() % NODES);
        let (width, at) = (self.width, node.index() / NODES);
        Bits { words: &mut self.words, width, at, held, lost: held << NODES }
    }

    pub(super) fn mark(&self, block: BlockId, node: NodeId) -> Mark {
        let at = (block.index() << self.width) + node.index() / NODES;
        let bits = self.words.get(at).map_or(0, |word| word >> (node.index() % NODES));
        match (bits & 1, bits >> NODES & 1) {
            (0, 0) => Mark::None,
            (0, _) => Mark::Lost,
            _ => Mark::Held,
        }
    }

    /// The bits of the nodes that hold `block`.
    fn held(&self, block: BlockId) -> u128 {
        let row = match self.width {
            0 => row_of::<1>(&self.words, block),
            1 => row_of::<2>(&self.words, block),
            2 => row_of::<4>(&self.words, block),
            _ => row_of::<8>(&self.words, block),
        };
        row & Self::every_node(8 * NODES)
    }

    /// The bits that say that a block is held, of the first `nodes` nodes.
    fn every_node(nodes: usize) -> u128 {
        let bits = |word: usize| {
            let nodes = nodes.saturating_sub(word * NODES).min(NODES);
            u128::from(HELD >> (NODES - nodes)) << (16 * word)
        };
        (0..8).map(bits).sum()
    }

    pub(super) fn replicas(&self, block: BlockId) -> u32 {
        self.held(block).count_ones()
    }

    /// Blocks that have rows.
    pub(super) fn blocks(&self) -> u32 {
        (self.words.len() >> self.width) as u32
    }

    pub(super) fn is_held(&self, block: BlockId) -> bool {
        let start = block.index() << self.width;
        self.words[start..start + (1 << self.width)].iter().any(|word| word & HELD != 0)
    }

    pub(super) fn forget(&mut self, kept: &Kept) {
        for (block, row) in (0..).map(BlockId).zip(self.words.chunks_exact_mut(1 << self.width)) {
            if !kept.contains(block) {
                debug_assert!(row.iter().all(|word| word & HELD == 0), "{block:?} is held");
                row.fill(0);
            }
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.words.capacity() * size_of::<u16>()
    }

    pub(super) fn each_holder(&self, block: BlockId, act: impl FnMut(usize)) {
        each_node(self.held(block), act);
    }

    pub(super) fn prefix_matches(&self, blocks: &[BlockId], matched: &mut [u32]) {
        match self.width {
            0 => self.matches_in::<1>(blocks, matched),
            1 => self.matches_in::<2>(blocks, matched),
            2 => self.matches_in::<4>(blocks, matched),
            _ => self.matches_in::<8>(blocks, matched),
        }
    }

    fn matches_in<const W: usize>(&self, blocks: &[BlockId], matched: &mut [u32]) {
        let mut alive = Self::every_node(self.nodes);
        for (depth, &block) in (0..).zip(blocks) {
            let kept = alive & row_of::<W>(&self.words, block);
            if kept != alive {
                each_node(alive & !kept, |node| matched[node] = depth);
            }
            alive = kept;
            if alive == 0 {
                return;
            }
        }
        each_node(alive, |node| matched[node] = blocks.len() as u32);
    }

    pub(super) fn total(&self) -> u64 {
        self.words.iter().map(|word| u64::from((word & HELD).count_ones())).sum()
    }

    pub(super) fn validate(&self) {
        for (at, &word) in self.words.iter().enumerate() {
            let block = at >> self.width;
            assert!(word & HELD & word >> NODES == 0, "block {block} held and lost: {word:#x}");
        }
    }

    #[cfg(test)]
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.words)
    }
}

impl Bits<'_> {
    #[inline(always)]
    fn word(&mut self, block: BlockId) -> &mut u16 {
        &mut self.words[(block.index() << self.width) + self.at]
    }

    #[inline(always)]
    pub(super) fn insert(&mut self, block: BlockId) -> bool {
        let (held, lost) = (self.held, self.lost);
        let word = self.word(block);
        let was_lost = *word & lost != 0;
        *word = *word & !lost | held;
        was_lost
    }

    #[inline(always)]
    pub(super) fn evict(&mut self, block: BlockId) {
        let both = self.held | self.lost;
        *self.word(block) ^= both;
    }

    /// The words of `len` blocks from `first` on.
    #[inline(always)]
    fn run(&mut self, first: BlockId, len: u32) -> impl Iterator<Item = &mut u16> {
        let (start, width) = ((first.index() << self.width) + self.at, self.width);
        let end = start + ((len as usize - 1) << width) + 1;
        self.words[start..end].iter_mut().step_by(1 << width)
    }

    pub(super) fn insert_run(&mut self, first: BlockId, len: u32) -> u32 {
        let (held, lost) = (self.held, self.lost);
        let insert = |word: &mut u16| {
            let was_lost = *word & lost != 0;
            *word = *word & !lost | held;
            u32::from(was_lost)
        };
        match self.width {
            // Without steps, so that several are done at once.
            0 => {
                self.words[first.index()..first.index() + len as usize].iter_mut().map(insert).sum()
            }
            _ => self.run(first, len).map(insert).sum(),
        }
    }

    pub(super) fn evict_run(&mut self, first: BlockId, len: u32) {
        let both = self.held | self.lost;
        match self.width {
            0 => self.words[first.index()..first.index() + len as usize]
                .iter_mut()
                .for_each(|word| *word ^= both),
            _ => self.run(first, len).for_each(|word| *word ^= both),
        }
    }

    pub(super) fn release(&mut self, block: BlockId) {
        let held = self.held;
        *self.word(block) &= !held;
    }
}
