//! The caches of all nodes, and what mirrors them.

use crate::cache::{Adoption, Change, Entry, Lookup, NodeCache, Store};
use crate::columns::{Residency, order};
use crate::event::Stored;
use crate::migrate::{BlockFacts, MoveKind, Transfer};
use crate::model::{BlockId, NodeId, Tally};

/// All caches of the cluster.
#[derive(Clone)]
pub struct Caches {
    caches: Vec<Box<dyn NodeCache>>,
    /// Which node holds which block.
    pub residency: Residency,
    /// Blocks that a node evicted and has not had again.
    lost: Residency,
    /// Resident blocks of every node.
    pub resident: Vec<u32>,
    /// Next use by block, where the future is known.
    next_use: Vec<u32>,
    changes: Vec<Change>,
}

impl Caches {
    /// These caches, which are empty.
    pub fn new(caches: Vec<Box<dyn NodeCache>>) -> Self {
        let nodes = caches.len();
        Self {
            caches,
            residency: Residency::new(nodes),
            lost: Residency::new(nodes),
            resident: vec![0; nodes],
            next_use: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// What the cache of a node holds.
    pub fn store_of(&self, node: usize) -> &Store {
        self.caches[node].store()
    }

    /// Touches or inserts a request's blocks on `node`.
    pub fn store(&mut self, node: NodeId, blocks: &[BlockId], next_use: &[u32]) -> Stored {
        self.note_next_uses(blocks, next_use);
        let lookup = Lookup { blocks, next_use };
        let served = self.caches[node.index()].serve(&lookup, &mut self.changes);
        if !next_use.is_empty() {
            self.foresee(node, &lookup);
        }
        let tally = Tally {
            block_hits: served.hits,
            evictions: served.evicted,
            rewanted: self.apply(node),
            refused: served.refused,
            ..Tally::default()
        };
        Stored { node, tally, resident: self.resident[node.index()] }
    }

    /// Tells the other nodes that the use they waited for is past. O(nodes × blocks), and only
    /// where the future is known.
    fn foresee(&mut self, node: NodeId, lookup: &Lookup<'_>) {
        for (other, cache) in self.caches.iter_mut().enumerate() {
            if other != node.index() {
                cache.foresee(lookup);
            }
        }
    }

    fn note_next_uses(&mut self, blocks: &[BlockId], next_use: &[u32]) {
        for (block, &next_use) in blocks.iter().zip(next_use) {
            if self.next_use.len() <= block.index() {
                self.next_use.resize(block.index() + 1, 0);
            }
            self.next_use[block.index()] = next_use;
        }
    }

    /// Mirrors the changes of one cache; returns how many insertions were of lost blocks.
    fn apply(&mut self, node: NodeId) -> u32 {
        let mut rewanted = 0;
        for change in self.changes.drain(..) {
            if change.inserted {
                self.residency.insert(change.block, node);
                rewanted += u32::from(self.lost.remove(change.block, node));
            } else {
                self.residency.remove(change.block, node);
                self.lost.insert(change.block, node);
            }
        }
        self.resident[node.index()] = self.caches[node.index()].store().len();
        rewanted
    }

    /// Carries out one transfer: every block leaves the source (unless copied) and is inserted
    /// on the target like a miss, unless it is there already. Returns what is counted of it.
    ///
    /// # Panics
    /// If the plan names a block that is not resident on the source.
    pub fn transfer(&mut self, transfer: &Transfer) -> Tally<u32> {
        let (source, target) = (transfer.source, transfer.target);
        assert_ne!(source, target, "a transfer between two nodes");
        let chosen_blocks = transfer.blocks.len() as u32;
        let mut tally = Tally { migrations: 1, chosen_blocks, ..Tally::default() };
        for &block in &transfer.blocks {
            let entry = self.take(source, block, transfer.kind);
            let next_use = self.next_use.get(block.index()).copied().unwrap_or(0);
            let cache = &mut self.caches[target.index()];
            match cache.adopt(&entry, next_use, &mut self.changes) {
                Adoption::Inserted => tally.migrated_blocks += 1,
                Adoption::Dropped => tally.dropped_blocks += 1,
                Adoption::Resident => {}
            }
            let evicted = self.changes.iter().filter(|change| !change.inserted).count();
            tally.evictions += evicted as u32;
            self.apply(target);
        }
        self.resident[source.index()] = self.caches[source.index()].store().len();
        tally
    }

    fn take(&mut self, source: NodeId, block: BlockId, kind: MoveKind) -> Entry {
        let cache = &mut self.caches[source.index()];
        let entry = match kind {
            MoveKind::Move => {
                self.residency.remove(block, source);
                cache.release(block)
            }
            MoveKind::Copy => {
                let store = cache.store();
                store.slot(block).map(|slot| *store.entry(slot))
            }
        };
        entry.unwrap_or_else(|| panic!("{block:?} of a plan is not resident on {source:?}"))
    }

    /// Resident blocks of `node` that no prefix match can reach, because an ancestor is missing.
    /// O(resident log resident).
    pub fn stranded(&self, node: usize) -> u32 {
        let entries: Vec<Entry> =
            self.caches[node].store().resident().map(|(_, entry)| *entry).collect();
        let by_depth = |(at, entry): (u32, &Entry)| order::pair(entry.depth, at);
        let mut by_depth: Vec<u64> = (0..).zip(&entries).map(by_depth).collect();
        order::sort(&mut by_depth);
        let mut reachable: Vec<u64> = Vec::new();
        let (mut level, mut depth) = (Vec::new(), 0);
        let mut stranded = 0;
        for place in by_depth {
            let entry = &entries[place as u32 as usize];
            if depth < entry.depth {
                // Only a level just above can hold parents.
                reachable =
                    if entry.depth == depth + 1 { std::mem::take(&mut level) } else { vec![] };
                level.clear();
                order::sort(&mut reachable);
                depth = entry.depth;
            }
            if entry.parent == BlockId::NONE
                || reachable.binary_search(&u64::from(entry.parent.0)).is_ok()
            {
                level.push(u64::from(entry.block.0));
            } else {
                stranded += 1;
            }
        }
        stranded
    }

    /// Recounts everything from scratch.
    ///
    /// # Panics
    /// If a cache is wrong or the residency does not mirror it.
    pub fn validate(&self) {
        for (node, cache) in self.caches.iter().enumerate() {
            cache.validate();
            let store = cache.store();
            assert_eq!(store.len(), self.resident[node], "resident blocks of node {node}");
            for (_, entry) in store.resident() {
                let node = NodeId::from_index(node);
                assert!(self.residency.contains(entry.block, node), "residency of {entry:?}");
            }
        }
        let total: u64 = self.resident.iter().map(|&blocks| u64::from(blocks)).sum();
        assert_eq!(self.residency.total(), total, "bits of the residency");
    }
}

impl BlockFacts for Caches {
    fn coldest(&self, node: NodeId, count: usize) -> Vec<BlockId> {
        let store = self.caches[node.index()].store();
        let mut blocks: Vec<u64> =
            store.resident().map(|(_, entry)| order::pair(entry.touches, entry.block.0)).collect();
        let count = count.min(blocks.len());
        if 0 < count && count < blocks.len() {
            order::nth(&mut blocks, count);
        }
        blocks.truncate(count);
        order::sort(&mut blocks);
        blocks.into_iter().map(|block| BlockId(block as u32)).collect()
    }
}
