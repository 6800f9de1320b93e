//! Rows for more than 64 nodes: a list of nodes while it is short, then a bit a node.
//!
//! Most blocks are had by few of many nodes, so a row is one word: up to five entries, each a
//! node and whether it holds or has lost the block, or the number of a set in a pool.

use super::{Kept, Mark, each_one};
use crate::model::{BlockId, MAX_NODES, NodeId};

/// Entries of a row, and bits of an entry: one more than twice the node, odd where it holds the
/// block; 0 is no entry. Entries fill a row from its low end.
const ENTRIES: usize = 5;
const ENTRY_BITS: usize = 12;
const ENTRY: u64 = (1 << ENTRY_BITS) - 1;

/// Marks a row that is the number of a set.
const IS_SET: u64 = 1 << 63;

/// The most words of one bit a node.
const MOST_WORDS: usize = MAX_NODES.div_ceil(64);

const _: () = assert!(2 * MAX_NODES < 1 << ENTRY_BITS && ENTRIES * ENTRY_BITS < 63);

#[derive(Clone, Debug)]
pub(super) struct Wide {
    nodes: usize,
    /// Words that have a bit for every node.
    words: usize,
    rows: Vec<u64>,
    /// Two times as many words a set: nodes that hold the block, nodes that lost it.
    sets: Vec<u64>,
    /// Sets whose blocks were forgotten.
    free: Vec<u32>,
}

/// A row as it is to be read.
enum Row<'a> {
    List(u64),
    Set { held: &'a [u64], lost: &'a [u64] },
}

/// The entries of a list, each a node and whether it holds the block.
fn entries(row: u64) -> impl Iterator<Item = (usize, bool)> {
    let fields = (0..ENTRIES).map(move |at| row >> (at * ENTRY_BITS) & ENTRY);
    fields.take_while(|&entry| entry != 0).map(|entry| ((entry - 1) as usize / 2, entry % 2 == 1))
}

fn entry(node: NodeId, mark: Mark) -> u64 {
    match mark {
        Mark::None => 0,
        Mark::Held => 2 * node.index() as u64 + 1,
        Mark::Lost => 2 * node.index() as u64 + 2,
    }
}

impl Wide {
    pub(super) fn new(nodes: usize) -> Self {
        Self {
            nodes,
            words: nodes.div_ceil(64),
            rows: Vec::new(),
            sets: Vec::new(),
            free: Vec::new(),
        }
    }

    pub(super) fn cover(&mut self, blocks: u32) {
        if self.rows.len() < blocks as usize {
            self.rows.resize(blocks as usize, 0);
        }
    }

    fn row(&self, block: BlockId) -> Row<'_> {
        match self.rows.get(block.index()).copied().unwrap_or(0) {
            row if row & IS_SET == 0 => Row::List(row),
            row => {
                let start = (row & !IS_SET) as usize * 2 * self.words;
                let (held, lost) = self.sets[start..start + 2 * self.words].split_at(self.words);
                Row::Set { held, lost }
            }
        }
    }

    pub(super) fn mark(&self, block: BlockId, node: NodeId) -> Mark {
        match self.row(block) {
            Row::List(row) => match entries(row).find(|entry| entry.0 == node.index()) {
                Some((_, true)) => Mark::Held,
                Some((_, false)) => Mark::Lost,
                None => Mark::None,
            },
            Row::Set { held, .. } if has(held, node.index()) => Mark::Held,
            Row::Set { lost, .. } if has(lost, node.index()) => Mark::Lost,
            Row::Set { .. } => Mark::None,
        }
    }

    /// Writes what `node` has to do with `block`; returns what it had.
    fn set(&mut self, block: BlockId, node: NodeId, mark: Mark) -> Mark {
        let before = self.mark(block, node);
        let row = self.rows[block.index()];
        if row & IS_SET == 0 {
            // Closes the gap of the old entry and puts the new one at the end.
            let others = entries(row).filter(|entry| entry.0 != node.index());
            let marks = |held| if held { Mark::Held } else { Mark::Lost };
            let others = others.map(|(node, held)| entry(NodeId::from_index(node), marks(held)));
            let all = others.chain(Some(entry(node, mark)).filter(|&entry| entry != 0));
            let (mut list, mut shift) = (0, 0);
            for entry in all {
                if shift == ENTRIES * ENTRY_BITS {
                    self.spread(block);
                    self.set_bits(block, node, mark);
                    return before;
                }
                list |= entry << shift;
                shift += ENTRY_BITS;
            }
            self.rows[block.index()] = list;
        } else {
            self.set_bits(block, node, mark);
        }
        before
    }

    /// Makes the list of `block` a set.
    #[cold]
    fn spread(&mut self, block: BlockId) {
        let list = self.rows[block.index()];
        let size = 2 * self.words;
        let start = self.free.pop().map_or(self.sets.len(), |set| set as usize * size);
        self.sets.resize(self.sets.len().max(start + size), 0);
        for (node, held) in entries(list) {
            let word = start + node / 64 + if held { 0 } else { self.words };
            self.sets[word] |= 1 << (node % 64);
        }
        self.rows[block.index()] = IS_SET | (start / size) as u64;
    }

    /// Blocks that have rows.
    pub(super) fn blocks(&self) -> u32 {
        self.rows.len() as u32
    }

    pub(super) fn forget(&mut self, kept: &Kept) {
        for (block, row) in (0..).map(BlockId).zip(&mut self.rows) {
            if kept.contains(block) {
                continue;
            }
            if *row & IS_SET != 0 {
                let (set, size) = ((*row & !IS_SET) as usize, 2 * self.words);
                self.sets[set * size..(set + 1) * size].fill(0);
                self.free.push(set as u32);
            }
            *row = 0;
        }
    }

    pub(super) fn memory_bytes(&self) -> usize {
        (self.rows.capacity() + self.sets.capacity()) * size_of::<u64>()
            + self.free.capacity() * size_of::<u32>()
    }

    fn set_bits(&mut self, block: BlockId, node: NodeId, mark: Mark) {
        let start = (self.rows[block.index()] & !IS_SET) as usize * 2 * self.words;
        let (held, bit) = (start + node.index() / 64, 1 << (node.index() % 64));
        for (word, set) in [(held, mark == Mark::Held), (held + self.words, mark == Mark::Lost)] {
            self.sets[word] = self.sets[word] & !bit | if set { bit } else { 0 };
        }
    }

    pub(super) fn insert(&mut self, block: BlockId, node: NodeId) -> bool {
        self.set(block, node, Mark::Held) == Mark::Lost
    }

    pub(super) fn evict(&mut self, block: BlockId, node: NodeId) {
        self.set(block, node, Mark::Lost);
    }

    pub(super) fn release(&mut self, block: BlockId, node: NodeId) {
        self.set(block, node, Mark::None);
    }

    /// The nodes that hold `block`, in no meaningful but a defined order.
    pub(super) fn holders(&self, block: BlockId) -> impl Iterator<Item = usize> + '_ {
        let (list, held) = match self.row(block) {
            Row::List(row) => (row, &[][..]),
            Row::Set { held, .. } => (0, held),
        };
        let listed = entries(list).filter(|entry| entry.1).map(|entry| entry.0);
        let held = held.iter().enumerate();
        listed.chain(held.flat_map(|(at, &word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit)
        }))
    }

    /// Sets are intersected word by word; from the first list on only the nodes on it are left,
    /// and those are followed one by one.
    pub(super) fn prefix_matches(&self, blocks: &[BlockId], matched: &mut [u32]) {
        let mut alive = [u64::MAX; MOST_WORDS];
        for (depth, &block) in (0..).zip(blocks) {
            let mut listed = [0; MOST_WORDS];
            let (held, is_list) = match self.row(block) {
                Row::Set { held, .. } => (held, false),
                Row::List(row) => {
                    let held = entries(row).filter(|entry| entry.1);
                    held.for_each(|(node, _)| listed[node / 64] |= 1 << (node % 64));
                    (&listed[..self.words], true)
                }
            };
            let mut any = 0;
            for (at, (alive, held)) in alive.iter_mut().zip(held).enumerate() {
                if depth > 0 {
                    each_one(*alive & !held, |bit| matched[at * 64 + bit] = depth);
                }
                *alive &= held;
                any |= *alive;
            }
            if any == 0 {
                return;
            }
            if is_list || depth as usize + 1 == blocks.len() {
                return self.follow(&blocks[depth as usize + 1..], &alive, depth + 1, matched);
            }
        }
    }

    /// Goes on from `depth` with each node of `alive` by itself.
    fn follow(
        &self,
        blocks: &[BlockId],
        alive: &[u64; MOST_WORDS],
        depth: u32,
        matched: &mut [u32],
    ) {
        for (at, &word) in alive[..self.words].iter().enumerate() {
            each_one(word, |bit| {
                let node = NodeId::from_index(at * 64 + bit);
                let held = blocks.iter().take_while(|&&it| self.mark(it, node) == Mark::Held);
                matched[node.index()] = depth + held.count() as u32;
            });
        }
    }

    pub(super) fn total(&self) -> u64 {
        let blocks = (0..self.rows.len() as u32).map(BlockId);
        blocks.map(|block| self.holders(block).count() as u64).sum()
    }

    pub(super) fn validate(&self) {
        for block in (0..self.rows.len() as u32).map(BlockId) {
            match self.row(block) {
                Row::List(row) => {
                    let mut nodes: Vec<usize> = entries(row).map(|entry| entry.0).collect();
                    let count = nodes.len();
                    assert_eq!(row >> (count * ENTRY_BITS), 0, "a gap in the list of {block:?}");
                    nodes.sort_unstable();
                    nodes.dedup();
                    assert_eq!(nodes.len(), count, "{block:?} lists a node twice");
                    assert!(nodes.iter().all(|&node| node < self.nodes), "nodes of {block:?}");
                }
                Row::Set { held, lost } => {
                    let both = held.iter().zip(lost).any(|(held, lost)| held & lost != 0);
                    assert!(!both, "{block:?} is held and lost by one node");
                }
            }
        }
    }
}

#[cfg(test)]
impl Wide {
    pub(super) fn sets(&self) -> usize {
        self.sets.len() / (2 * self.words)
    }

    pub(super) fn is_list(&self, block: BlockId) -> bool {
        matches!(self.row(block), Row::List(_))
    }
}

fn has(words: &[u64], node: usize) -> bool {
    words[node / 64] >> (node % 64) & 1 == 1
}
