//! Who holds which block, who lost it, and the prefix match of all nodes in one pass.
//!
//! The ledger has a row for each block: the nodes that hold it, and the nodes that evicted it and
//! have not had it again. A cache keeps its node's [`Marks`] while it serves; everybody else
//! reads. Up to 64 nodes a row is two bits a node (`narrow`), for one node those of neighbours lie
//! together (`single`); beyond, it is a list of nodes while that is short (`wide`).

mod marks;
mod single;
mod narrow;
mod wide;

pub use marks::{Change, Marks};

use super::Kept;
use crate::model::{BlockId, NodeId};
use narrow::Narrow;
use single::Single;
use wide::Wide;

/// Rows by block. Memory a block the ledger covers: two bits for one node, 2 bytes up to 8 nodes,
/// 16 at 64, 8 beyond, and there a quarter of a byte for each node where more than five have or had
/// the block.
#[derive(Clone, Debug)]
pub struct Ledger {
    nodes: usize,
    rows: Rows,
}

#[derive(Clone, Debug)]
enum Rows {
    Single(Single),
    Narrow(Narrow),
    Wide(Wide),
}

/// What a node has to do with a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    /// Nothing.
    None,
    /// It holds the block.
    Held,
    /// It evicted the block and has not had it again.
    Lost,
}

impl Ledger {
    /// Nothing held and nothing lost on `nodes` nodes.
    pub fn new(nodes: usize) -> Self {
        let rows = match nodes {
            1 => Rows::Single(Single::default()),
            0..=64 => Rows::Narrow(Narrow::new(nodes)),
            _ => Rows::Wide(Wide::new(nodes)),
        };
        Self { nodes, rows }
    }

    /// The ledger of nodes that hold the first so many blocks each: for scenes and examples.
    pub fn holding(first: &[u32]) -> Self {
        let mut ledger = Self::new(first.len());
        ledger.cover(first.iter().copied().max().unwrap_or(0));
        for (node, &blocks) in first.iter().enumerate() {
            let mut marks = ledger.marks(NodeId::from_index(node));
            (0..blocks).for_each(|block| assert!(!marks.insert(BlockId(block))));
        }
        ledger
    }

    /// Makes rows for the blocks below `blocks`; accounts need the rows of their blocks.
    pub fn cover(&mut self, blocks: u32) {
        match &mut self.rows {
            Rows::Single(rows) => rows.cover(blocks),
            Rows::Narrow(rows) => rows.cover(blocks),
            Rows::Wide(rows) => rows.cover(blocks),
        }
    }

    /// The ledger as the cache of `node` writes it.
    #[inline]
    pub fn marks(&mut self, node: NodeId) -> Marks<'_> {
        debug_assert!(node.index() < self.nodes, "{node:?} of {}", self.nodes);
        match &mut self.rows {
            Rows::Single(rows) => Marks::of_single(rows),
            Rows::Narrow(rows) => Marks::of_bits(rows.bits(node)),
            Rows::Wide(rows) => Marks::of_lists(rows, node),
        }
    }

    /// Whether `node` holds `block`.
    #[inline]
    pub fn contains(&self, block: BlockId, node: NodeId) -> bool {
        self.mark(block, node) == Mark::Held
    }

    fn mark(&self, block: BlockId, node: NodeId) -> Mark {
        match &self.rows {
            Rows::Single(rows) => rows.mark(block),
            Rows::Narrow(rows) => rows.mark(block, node),
            Rows::Wide(rows) => rows.mark(block, node),
        }
    }

    /// How many nodes hold `block`.
    pub fn replicas(&self, block: BlockId) -> u32 {
        match &self.rows {
            Rows::Single(rows) => u32::from(rows.is_held(block)),
            Rows::Narrow(rows) => rows.replicas(block),
            Rows::Wide(rows) => rows.holders(block).count() as u32,
        }
    }

    /// The nodes that hold `block`, ascending.
    pub fn holders(&self, block: BlockId) -> impl Iterator<Item = NodeId> + '_ {
        (0..self.nodes).map(NodeId::from_index).filter(move |&node| self.contains(block, node))
    }

    /// Writes every node's prefix match of `blocks` into `matched`: the number of leading blocks
    /// it holds. O(blocks + nodes) for up to 64 nodes; beyond, each further 64 cost a word for
    /// each leading block that more than five nodes have or had.
    pub fn prefix_matches(&self, blocks: &[BlockId], matched: &mut Vec<u32>) {
        matched.clear();
        matched.resize(self.nodes, 0);
        match &self.rows {
            Rows::Single(rows) => matched[0] = rows.prefix_match(blocks),
            Rows::Narrow(rows) => rows.prefix_matches(blocks, matched),
            Rows::Wide(rows) => rows.prefix_matches(blocks, matched),
        }
    }

    /// Writes into `matched` how many of `blocks` every node holds, anywhere in the request (the
    /// notes' `any` match). O(blocks × holders).
    pub fn any_matches(&self, blocks: &[BlockId], matched: &mut Vec<u32>) {
        matched.clear();
        matched.resize(self.nodes, 0);
        for &block in blocks {
            match &self.rows {
                Rows::Single(rows) => matched[0] += u32::from(rows.is_held(block)),
                Rows::Narrow(rows) => rows.each_holder(block, |node| matched[node] += 1),
                Rows::Wide(rows) => rows.holders(block).for_each(|node| matched[node] += 1),
            }
        }
    }

    /// How many (block, node) pairs are held. O(distinct blocks).
    pub fn total(&self) -> u64 {
        match &self.rows {
            Rows::Single(rows) => rows.total(),
            Rows::Narrow(rows) => rows.total(),
            Rows::Wide(rows) => rows.total(),
        }
    }

    /// Adds to `kept` the blocks that a node holds. O(blocks covered).
    pub fn keep_held(&self, kept: &mut Kept) {
        let blocks = match &self.rows {
            Rows::Single(rows) => rows.blocks(),
            Rows::Narrow(rows) => rows.blocks(),
            Rows::Wide(rows) => rows.blocks(),
        };
        let held = |&block: &BlockId| match &self.rows {
            Rows::Single(rows) => rows.is_held(block),
            Rows::Narrow(rows) => rows.is_held(block),
            Rows::Wide(rows) => rows.holders(block).next().is_some(),
        };
        (0..blocks).map(BlockId).filter(held).for_each(|block| kept.keep(block));
    }

    /// Forgets who lost the blocks that are not in `kept`, which nobody holds: their rows are as
    /// those of new blocks. O(blocks covered).
    pub fn forget(&mut self, kept: &Kept) {
        match &mut self.rows {
            Rows::Single(rows) => rows.forget(kept),
            Rows::Narrow(rows) => rows.forget(kept),
            Rows::Wide(rows) => rows.forget(kept),
        }
    }

    /// Memory held, in bytes.
    pub fn memory_bytes(&self) -> usize {
        match &self.rows {
            Rows::Single(rows) => rows.memory_bytes(),
            Rows::Narrow(rows) => rows.memory_bytes(),
            Rows::Wide(rows) => rows.memory_bytes(),
        }
    }

    /// Checks every row.
    ///
    /// # Panics
    /// If a node holds a block and has lost it, or a row is not in its form.
    pub fn validate(&self) {
        match &self.rows {
            Rows::Single(rows) => rows.validate(),
            Rows::Narrow(rows) => rows.validate(),
            Rows::Wide(rows) => rows.validate(),
        }
    }
}

/// Calls `act` with the positions of the set bits, ascending.
#[inline]
fn each_one(mut word: u64, mut act: impl FnMut(usize)) {
    while word != 0 {
        act(word.trailing_zeros() as usize);
        word &= word - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;
    use std::collections::BTreeSet;

    /// What every node holds and has lost.
    struct Twin {
        held: Vec<BTreeSet<BlockId>>,
        lost: Vec<BTreeSet<BlockId>>,
    }

    impl Twin {
        fn compare(&self, ledger: &Ledger, blocks: &[BlockId]) {
            let nodes = self.held.len();
            let (mut prefix, mut any) = (vec![7; 3], vec![7; 3]);
            ledger.prefix_matches(blocks, &mut prefix);
            ledger.any_matches(blocks, &mut any);
            assert_eq!((prefix.len(), any.len()), (nodes, nodes));
            for (node, held) in self.held.iter().enumerate() {
                let is_held = |block: &&BlockId| held.contains(block);
                assert_eq!(prefix[node] as usize, blocks.iter().take_while(is_held).count());
                assert_eq!(any[node] as usize, blocks.iter().filter(is_held).count());
            }
            for &block in blocks {
                let holds = |&node: &usize| self.held[node].contains(&block);
                let want: Vec<usize> = (0..nodes).filter(holds).collect();
                assert!(ledger.holders(block).map(NodeId::index).eq(want.iter().copied()));
                assert_eq!(ledger.replicas(block) as usize, want.len());
            }
            let total: usize = self.held.iter().map(BTreeSet::len).sum();
            assert_eq!(ledger.total(), total as u64);
            ledger.validate();
        }
    }

    impl Twin {
        /// The node has all of some blocks next to each other, or loses them all.
        fn run(&mut self, node: usize, first: BlockId, marks: &mut Marks<'_>, covered: u32) {
            let (held, lost) = (&mut self.held[node], &mut self.lost[node]);
            let had = held.contains(&first);
            let all = (first.0..covered).map(BlockId);
            let one_page = |it: &BlockId| it.0 / 16 == first.0 / 16;
            let run: Vec<_> =
                all.take_while(|it| held.contains(it) == had && one_page(it)).collect();
            if had {
                marks.evict_run(first, run.len() as u32);
                held.retain(|block| !run.contains(block));
                lost.extend(run);
            } else {
                let again = run.iter().filter(|it| lost.contains(it)).count();
                assert_eq!(marks.insert_run(first, run.len() as u32) as usize, again);
                lost.retain(|block| !run.contains(block));
                held.extend(run);
            }
        }

        /// Keeps what is held and by chance some more.
        fn forget(&mut self, ledger: &mut Ledger, stream: &mut Stream, covered: u64) {
            let mut kept = Kept::default();
            ledger.keep_held(&mut kept);
            for block in (0..covered as u32).map(BlockId) {
                let held = self.held.iter().any(|held| held.contains(&block));
                assert_eq!(kept.contains(block), held, "{block:?}");
                if stream.below(3) == 0 {
                    kept.keep(block);
                }
            }
            ledger.forget(&kept);
            self.lost.iter_mut().for_each(|lost| lost.retain(|&block| kept.contains(block)));
        }
    }

    /// `rounds` times as many random changes as there are nodes, to `blocks` blocks; of these every
    /// node mostly has the first few, and the others hardly any node.
    fn check(nodes: usize, blocks: u64, rounds: usize) {
        let mut stream = Stream::new(nodes as u64, "ledger", 0);
        let mut ledger = Ledger::new(nodes);
        let empty = vec![BTreeSet::new(); nodes];
        let mut twin = Twin { held: empty.clone(), lost: empty };
        for round in 0..rounds {
            // Rows come as blocks do, so the ledger grows under way and is asked beyond its end.
            let covered = (blocks * round as u64).div_ceil(rounds as u64).max(1);
            ledger.cover(covered as u32);
            for _ in 0..nodes {
                let node = stream.below(nodes as u64) as usize;
                let within = stream.below(covered) + 1;
                let block = BlockId(stream.below(within) as u32);
                let mut marks = ledger.marks(NodeId::from_index(node));
                if stream.below(4) == 0 {
                    twin.run(node, block, &mut marks, covered as u32);
                } else if twin.held[node].remove(&block) {
                    if stream.below(3) == 0 {
                        marks.release(block);
                    } else {
                        marks.evict(block);
                        twin.lost[node].insert(block);
                    }
                } else if stream.below(4) > 0 {
                    assert_eq!(marks.insert(block), twin.lost[node].remove(&block));
                    twin.held[node].insert(block);
                }
            }
            if round % 50 == 49 {
                twin.forget(&mut ledger, &mut stream, covered);
            }
            let from = stream.below(blocks - 4) as u32;
            twin.compare(&ledger, &(from..from + 6).map(BlockId).collect::<Vec<_>>());
        }
        for node in 0..nodes {
            for block in (0..blocks as u32 + 9).map(BlockId) {
                let want =
                    match (twin.held[node].contains(&block), twin.lost[node].contains(&block)) {
                        (true, _) => Mark::Held,
                        (_, true) => Mark::Lost,
                        _ => Mark::None,
                    };
                let mark = ledger.mark(block, NodeId::from_index(node));
                assert_eq!(mark, want, "{block:?} on {node} of {nodes}");
            }
        }
    }

    #[test]
    fn rows_equal_sets_of_blocks_for_every_width() {
        for nodes in [1, 2, 7, 8, 9, 16, 17, 32, 33, 63, 64, 65, 128, 200] {
            check(nodes, 14, 400);
            check(nodes, 40, 100);
        }
    }

    #[test]
    fn rows_equal_sets_of_blocks_for_the_most_nodes() {
        check(1024, 40, 60);
    }

    #[test]
    fn a_list_of_nodes_becomes_a_set_when_a_sixth_comes() {
        let (mut ledger, block) = (Ledger::new(65), BlockId(1));
        ledger.cover(2);
        let nodes = [64, 3, 0, 63, 9].map(NodeId);
        for node in nodes {
            assert!(!ledger.marks(node).insert(block));
        }
        ledger.marks(nodes[1]).evict(block);
        // A node of the list may change its mind without making it longer.
        assert!(ledger.marks(nodes[1]).insert(block));
        assert!(matches!(&ledger.rows, Rows::Wide(rows) if rows.is_list(block)));
        assert!(!ledger.marks(NodeId(5)).insert(block));
        assert!(matches!(&ledger.rows, Rows::Wide(rows) if !rows.is_list(block)));
        let holders: Vec<u16> = ledger.holders(block).map(|node| node.0).collect();
        assert_eq!(holders, [0, 3, 5, 9, 63, 64]);
        ledger.validate();
    }

    #[test]
    fn sets_of_forgotten_blocks_serve_others() {
        let mut ledger = Ledger::new(100);
        for round in 0..50 {
            let block = BlockId(round % 7);
            ledger.cover(block.0 + 1);
            (0..9).for_each(|node| {
                let mut marks = ledger.marks(NodeId(node));
                assert!(!marks.insert(block), "lost in an earlier round");
                marks.evict(block);
            });
            ledger.forget(&Kept::default());
            ledger.validate();
        }
        assert!(matches!(&ledger.rows, Rows::Wide(rows) if rows.sets() == 1));
    }

    #[test]
    fn rows_are_as_small_as_the_nodes_allow() {
        for (nodes, bytes) in
            [(2, 2), (8, 2), (9, 4), (16, 4), (17, 8), (32, 8), (33, 16), (64, 16)]
        {
            let mut ledger = Ledger::new(nodes);
            ledger.cover(100);
            assert!(matches!(&ledger.rows, Rows::Narrow(rows) if rows.bytes() == 100 * bytes));
        }
    }
}
