//! The caches of all nodes, and the ledger of who holds what.

use crate::cache::{Adoption, Lookup, NodeCache, Served, Store};
use crate::columns::{Kept, Ledger, Seen, order};
use crate::event::Stored;
use crate::evict::Access;
use crate::migrate::{BlockFacts, MoveKind, Transfer};
use crate::model::{BlockId, NodeId, Tally};

/// All caches of the cluster.
#[derive(Clone)]
pub struct Caches {
    caches: Vec<Box<dyn NodeCache>>,
    /// Somebody asks for the uses of resident blocks.
    asks_for_touches: bool,
    /// Who holds which block, and who has evicted it; written by the caches.
    pub ledger: Ledger,
    /// Which blocks requests have named, and how they hang together.
    seen: Seen,
    /// Resident blocks of every node.
    pub resident: Vec<u32>,
    /// Next use by block, where the future is known.
    next_use: Vec<u32>,
}

impl Caches {
    /// These caches, which are empty; with the uses of their blocks, for heat and the coldest, if
    /// somebody `asks_for_touches`.
    pub fn new(mut caches: Vec<Box<dyn NodeCache>>, asks_for_touches: bool) -> Self {
        let nodes = caches.len();
        let stands_alone = nodes == 1;
        caches.iter_mut().for_each(|cache| prepare(cache, stands_alone, asks_for_touches));
        Self {
            caches,
            asks_for_touches,
            ledger: Ledger::new(nodes),
            seen: Seen::default(),
            resident: vec![0; nodes],
            next_use: Vec::new(),
        }
    }

    /// What the cache of a node holds.
    pub fn store_of(&self, node: usize) -> &Store {
        self.caches[node].store()
    }

    /// Takes in that a request names `blocks`; returns how many leading ones had been named
    /// before.
    pub fn name(&mut self, blocks: &[BlockId]) -> u32 {
        let known = self.seen.name(blocks);
        self.ledger.cover(self.seen.bound());
        known
    }

    /// How many blocks have been named; one that was forgotten and comes again counts again.
    pub fn distinct(&self) -> u64 {
        self.seen.named()
    }

    /// How many blocks have been named and not forgotten.
    #[inline]
    pub fn known(&self) -> u32 {
        self.seen.len()
    }

    /// Adds to `kept` what has been named and not forgotten.
    pub fn keep_named(&self, kept: &mut Kept) {
        self.seen.keep_named(kept);
    }

    /// Adds to `kept` the blocks that are resident, or that an eviction policy remembers.
    pub fn keep_names(&self, kept: &mut Kept) {
        self.caches.iter().for_each(|cache| cache.keep_names(kept));
        if !kept.is_all() {
            self.ledger.keep_held(kept);
        }
    }

    /// Forgets what is neither in `kept` nor an ancestor of what is, which is then in it too.
    pub fn forget(&mut self, kept: &mut Kept) {
        self.seen.keep_ancestors(kept);
        self.seen.forget(kept);
        self.ledger.forget(kept);
    }

    /// Memory held by what is kept of every block that is known, in bytes.
    pub fn memory_bytes(&self) -> usize {
        self.seen.memory_bytes() + self.ledger.memory_bytes()
    }

    /// Touches or inserts a request's blocks, which have been named, on `node`; as an event.
    pub fn store(&mut self, node: NodeId, blocks: &[BlockId], next_use: &[u32]) -> Stored {
        let served = self.serve(node, blocks, next_use);
        Stored { node, tally: tally_of(&served), resident: self.resident[node.index()] }
    }

    /// Touches or inserts a request's blocks, which have been named, on `node`.
    pub fn serve(&mut self, node: NodeId, blocks: &[BlockId], next_use: &[u32]) -> Served {
        self.note_next_uses(blocks, next_use);
        let lookup = Lookup { blocks, next_use, rises: self.seen.rises() };
        let cache = &mut self.caches[node.index()];
        let served = cache.serve(&lookup, &mut self.ledger.marks(node));
        self.resident[node.index()] = cache.store().len();
        if !next_use.is_empty() {
            self.foresee(node, &lookup);
        }
        served
    }

    /// Node `node` loses all it holds, its policy's memory with it, and has the empty cache `fresh`
    /// from now on; returns how many blocks were lost. No eviction is counted. O(resident).
    pub fn lose(&mut self, node: NodeId, mut fresh: Box<dyn NodeCache>) -> u32 {
        let old = &mut self.caches[node.index()];
        let blocks: Vec<BlockId> = old.store().resident().map(|(_, block)| block).collect();
        let mut marks = self.ledger.marks(node);
        for &block in &blocks {
            old.release(block, &mut marks);
        }
        prepare(&mut fresh, self.caches.len() == 1, self.asks_for_touches);
        self.caches[node.index()] = fresh;
        self.resident[node.index()] = 0;
        blocks.len() as u32
    }

    /// `block` leaves every cache that holds it; returns how many did, and no eviction is counted.
    pub fn drop_block(&mut self, block: BlockId) -> u32 {
        // The ledger has no row of a block that never came.
        if !self.seen.contains(block) {
            return 0;
        }
        let holders: Vec<NodeId> = self.ledger.holders(block).collect();
        let lost = holders.len() as u32;
        for node in holders {
            let cache = &mut self.caches[node.index()];
            cache.release(block, &mut self.ledger.marks(node));
            self.resident[node.index()] = cache.store().len();
        }
        lost
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
            self.take(source, block, transfer.kind);
            let place = self.seen.place(block);
            let next_use = self.next_use.get(block.index()).copied().unwrap_or(0);
            let access = Access { block, depth: place.depth, next_use };
            let cache = &mut self.caches[target.index()];
            let mut marks = self.ledger.marks(target);
            let (adoption, evicted) = cache.adopt(&access, place.parent, &mut marks);
            match adoption {
                Adoption::Inserted => tally.migrated_blocks += 1,
                Adoption::Dropped => tally.dropped_blocks += 1,
                Adoption::Resident => {}
            }
            tally.evictions += evicted;
        }
        for node in [source.index(), target.index()] {
            self.resident[node] = self.caches[node].store().len();
        }
        tally
    }

    fn take(&mut self, source: NodeId, block: BlockId, kind: MoveKind) {
        let cache = &mut self.caches[source.index()];
        let was_there = match kind {
            MoveKind::Move => cache.release(block, &mut self.ledger.marks(source)),
            MoveKind::Copy => cache.store().slot(block).is_some(),
        };
        assert!(was_there, "{block:?} of a plan is not resident on {source:?}");
    }

    /// Resident blocks of `node` that no prefix match can reach, because an ancestor is missing.
    /// See [`Seen::reached`] for what it costs.
    pub fn stranded(&self, node: usize) -> u32 {
        let (store, mut held) = (self.caches[node].store(), Kept::default());
        store.resident().for_each(|(_, block)| held.keep(block));
        store.len() - self.seen.reached(&held)
    }

    /// Recounts everything from scratch.
    ///
    /// # Panics
    /// If a cache or the ledger is wrong, or they disagree.
    pub fn validate(&self) {
        for (node, cache) in self.caches.iter().enumerate() {
            cache.validate();
            let store = cache.store();
            assert_eq!(store.len(), self.resident[node], "resident blocks of node {node}");
            for (_, block) in store.resident() {
                let node = NodeId::from_index(node);
                assert!(self.ledger.contains(block, node), "{block:?} on {node:?}");
            }
        }
        self.ledger.validate();
        let total: u64 = self.resident.iter().map(|&blocks| u64::from(blocks)).sum();
        assert_eq!(self.ledger.total(), total, "blocks held, in the ledger and in the caches");
    }
}

/// What is counted of serving a request, beside the request itself.
fn tally_of(served: &Served) -> Tally<u32> {
    Tally {
        block_hits: served.hits,
        evictions: served.evicted,
        rewanted: served.rewanted,
        refused: served.refused,
        ..Tally::default()
    }
}

/// Readies an empty cache for a cluster.
fn prepare(cache: &mut Box<dyn NodeCache>, stands_alone: bool, asks_for_touches: bool) {
    if stands_alone {
        cache.stand_alone();
    }
    if asks_for_touches {
        cache.count_touches();
    }
}

impl BlockFacts for Caches {
    fn coldest(&self, node: NodeId, count: usize) -> Vec<BlockId> {
        let store = self.caches[node.index()].store();
        debug_assert!(store.counts_touches(), "a cluster with migration counts touches");
        let touches = |(slot, block): (_, BlockId)| order::pair(store.touches(slot), block.0);
        let mut blocks: Vec<u64> = store.resident().map(touches).collect();
        let count = count.min(blocks.len());
        if 0 < count && count < blocks.len() {
            order::nth(&mut blocks, count);
        }
        blocks.truncate(count);
        order::sort(&mut blocks);
        blocks.into_iter().map(|block| BlockId(block as u32)).collect()
    }
}
