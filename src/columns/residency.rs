//! Which nodes hold which block, and the prefix match of all nodes in one pass.

use crate::model::{BlockId, NodeId};

/// A bitset over nodes for every block.
///
/// Rows are `ceil(nodes / 64)` words in one flat column, grown as blocks appear: 8 bytes a
/// distinct block for up to 64 nodes.
#[derive(Clone, Debug)]
pub struct Residency {
    nodes: usize,
    words: usize,
    bits: Vec<u64>,
    alive: Vec<u64>,
}

impl Residency {
    /// Nothing resident on `nodes` nodes.
    pub fn new(nodes: usize) -> Self {
        let words = nodes.div_ceil(64);
        Self { nodes, words, bits: Vec::new(), alive: vec![0; words] }
    }

    /// Whether `node` holds `block`.
    #[inline]
    pub fn contains(&self, block: BlockId, node: NodeId) -> bool {
        let (word, mask) = self.place(block, node);
        self.bits.get(word).is_some_and(|bits| bits & mask != 0)
    }

    /// Notes that `node` now holds `block`.
    #[inline]
    pub fn insert(&mut self, block: BlockId, node: NodeId) {
        let (word, mask) = self.place(block, node);
        if self.bits.len() <= word {
            self.bits.resize((block.index() + 1) * self.words, 0);
        }
        self.bits[word] |= mask;
    }

    /// Notes that `node` no longer holds `block`; returns whether it did.
    #[inline]
    pub fn remove(&mut self, block: BlockId, node: NodeId) -> bool {
        let (word, mask) = self.place(block, node);
        let Some(bits) = self.bits.get_mut(word) else { return false };
        let held = *bits & mask != 0;
        *bits &= !mask;
        held
    }

    /// How many nodes hold `block`.
    pub fn replicas(&self, block: BlockId) -> u32 {
        self.row(block).iter().map(|word| word.count_ones()).sum()
    }

    /// How many (block, node) pairs are held. O(distinct blocks).
    pub fn total(&self) -> u64 {
        self.bits.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The nodes that hold `block`, ascending.
    pub fn holders(&self, block: BlockId) -> impl Iterator<Item = NodeId> + '_ {
        ones(self.row(block)).map(NodeId::from_index)
    }

    /// Writes every node's prefix match of `blocks` into `matched`: the number of leading blocks
    /// it holds. O(blocks + nodes) for up to 64 nodes; each further 64 cost one word a block.
    pub fn prefix_matches(&mut self, blocks: &[BlockId], matched: &mut Vec<u32>) {
        matched.clear();
        matched.resize(self.nodes, 0);
        if self.words == 1 {
            return self.prefix_matches_of_one_word(blocks, matched);
        }
        let full = blocks.len() as u32;
        self.alive.fill(u64::MAX);
        for (depth, block) in blocks.iter().enumerate() {
            let start = block.index() * self.words;
            let row = self.bits.get(start..start + self.words);
            let mut any = 0;
            for word in 0..self.words {
                let kept = self.alive[word] & row.map_or(0, |row| row[word]);
                let mut dropped = self.alive[word] & !kept;
                self.alive[word] = kept;
                any |= kept;
                while depth > 0 && dropped != 0 {
                    let node = word * 64 + dropped.trailing_zeros() as usize;
                    if let Some(matched) = matched.get_mut(node) {
                        *matched = depth as u32;
                    }
                    dropped &= dropped - 1;
                }
            }
            if any == 0 {
                return;
            }
        }
        for node in ones(&self.alive) {
            if let Some(matched) = matched.get_mut(node) {
                *matched = full;
            }
        }
    }

    fn prefix_matches_of_one_word(&self, blocks: &[BlockId], matched: &mut [u32]) {
        let mut depth = 0;
        let mut alive = u64::MAX >> (64 - self.nodes);
        for block in blocks {
            let kept = alive & self.bits.get(block.index()).copied().unwrap_or(0);
            let mut dropped = alive & !kept;
            while depth > 0 && dropped != 0 {
                matched[dropped.trailing_zeros() as usize] = depth;
                dropped &= dropped - 1;
            }
            alive = kept;
            if alive == 0 {
                return;
            }
            depth += 1;
        }
        while alive != 0 {
            matched[alive.trailing_zeros() as usize] = depth;
            alive &= alive - 1;
        }
    }

    /// Writes into `matched` how many of `blocks` every node holds, anywhere in the request (the
    /// notes' `any` match). O(blocks × holders).
    pub fn any_matches(&self, blocks: &[BlockId], matched: &mut Vec<u32>) {
        matched.clear();
        matched.resize(self.nodes, 0);
        for &block in blocks {
            for node in ones(self.row(block)) {
                matched[node] += 1;
            }
        }
    }

    fn row(&self, block: BlockId) -> &[u64] {
        let start = block.index() * self.words;
        self.bits.get(start..start + self.words).unwrap_or(&[])
    }

    #[inline]
    fn place(&self, block: BlockId, node: NodeId) -> (usize, u64) {
        let node = node.index();
        debug_assert!(node < self.nodes, "node {node} of {}", self.nodes);
        (block.index() * self.words + node / 64, 1 << (node % 64))
    }
}

/// The positions of the set bits, ascending.
fn ones(words: &[u64]) -> impl Iterator<Item = usize> + '_ {
    words.iter().enumerate().flat_map(|(at, &word)| {
        let mut rest = word;
        std::iter::from_fn(move || {
            (rest != 0).then(|| {
                let bit = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                at * 64 + bit
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;
    use std::collections::BTreeSet;

    #[test]
    fn matches_equal_those_of_sets_of_blocks_for_any_number_of_nodes() {
        for nodes in [1, 2, 63, 64, 65, 128, 200] {
            let mut stream = Stream::new(nodes as u64, "residency", 0);
            let mut residency = Residency::new(nodes);
            let mut twin = vec![BTreeSet::new(); nodes];
            let (mut prefix, mut any) = (Vec::new(), Vec::new());
            for _ in 0..400 {
                for _ in 0..nodes {
                    let node = stream.below(nodes as u64) as usize;
                    let block = BlockId(stream.below(12) as u32);
                    if stream.below(4) == 0 {
                        let held = residency.remove(block, NodeId::from_index(node));
                        assert_eq!(held, twin[node].remove(&block));
                    } else {
                        residency.insert(block, NodeId::from_index(node));
                        twin[node].insert(block);
                    }
                }
                let from = stream.below(10) as u32;
                let blocks: Vec<BlockId> = (from..from + 6).map(BlockId).collect();
                residency.prefix_matches(&blocks, &mut prefix);
                residency.any_matches(&blocks, &mut any);
                for node in 0..nodes {
                    let held = |block: &&BlockId| twin[node].contains(block);
                    assert_eq!(prefix[node] as usize, blocks.iter().take_while(held).count());
                    assert_eq!(any[node] as usize, blocks.iter().filter(held).count());
                }
                let block = blocks[0];
                let holders: Vec<usize> = residency.holders(block).map(NodeId::index).collect();
                let want: Vec<usize> =
                    (0..nodes).filter(|&node| twin[node].contains(&block)).collect();
                assert_eq!(holders, want);
                assert_eq!(residency.replicas(block) as usize, want.len());
            }
        }
    }
}
