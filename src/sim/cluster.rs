//! The state of the cluster: caches, and the ledger of who holds what.

use crate::cache::{Adoption, Lookup, NodeCache};
use crate::columns::{Ledger, Seen};
use crate::config::Checked;
use crate::event::Stored;
use crate::evict::{Access, Build};
use crate::migrate::{BlockFacts, MoveKind, Transfer};
use crate::model::{BlockId, NodeId};
use crate::rng::Stream;

/// What a transfer of a migration did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Moved {
    pub(super) moved: u32,
    pub(super) dropped: u32,
    pub(super) evicted: u32,
}

/// All caches of the cluster.
#[derive(Clone)]
pub(super) struct Cluster {
    pub(super) caches: Vec<Box<dyn NodeCache>>,
    /// Who holds which block, and who has evicted it; written by the caches.
    pub(super) ledger: Ledger,
    /// Which blocks requests have named, and how they hang together.
    seen: Seen,
    pub(super) resident: Vec<u32>,
    /// Next use by block, where the future is known.
    next_use: Vec<u32>,
}

impl Cluster {
    pub(super) fn new(config: &Checked) -> Self {
        let build = |node: usize| {
            (config.build)(Build {
                params: &config.eviction_params,
                capacity: config.capacity,
                stream: Stream::new(config.seed, "eviction", node as u32),
            })
        };
        let mut cluster = Self {
            caches: (0..config.nodes).map(build).collect(),
            ledger: Ledger::new(config.nodes),
            seen: Seen::default(),
            resident: vec![0; config.nodes],
            next_use: Vec::new(),
        };
        if let [only] = &mut cluster.caches[..] {
            only.stand_alone();
        }
        if config.migration.is_some() {
            cluster.count_touches();
        }
        cluster
    }

    /// From now on touches are counted, for the coldest blocks and for heat. Nothing is resident.
    pub(super) fn count_touches(&mut self) {
        self.caches.iter_mut().for_each(|cache| cache.count_touches());
    }

    /// Takes in that a request names `blocks`; returns how many leading ones had been named
    /// before.
    pub(super) fn name(&mut self, blocks: &[BlockId]) -> u32 {
        let known = self.seen.name(blocks);
        self.ledger.cover(blocks.last().map_or(0, |last| last.0 + 1));
        known
    }

    /// How many blocks have been named.
    pub(super) fn distinct(&self) -> u64 {
        u64::from(self.seen.len())
    }

    /// Touches or inserts a request's blocks, which have been named, on `node`.
    pub(super) fn store(&mut self, node: NodeId, blocks: &[BlockId], next_use: &[u32]) -> Stored {
        self.note_next_uses(blocks, next_use);
        let lookup = Lookup { blocks, next_use };
        let cache = &mut self.caches[node.index()];
        let served = cache.serve(&lookup, &mut self.ledger.account(node));
        self.resident[node.index()] = cache.store().len();
        if !next_use.is_empty() {
            self.foresee(node, &lookup);
        }
        Stored {
            hits: served.hits,
            inserted: served.inserted,
            evicted: served.evicted,
            refused: served.refused,
            rewanted: served.rewanted,
        }
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
    /// on the target like a miss, unless it is there already.
    ///
    /// # Panics
    /// If the plan names a block that is not resident on the source.
    pub(super) fn transfer(&mut self, transfer: &Transfer) -> Moved {
        let (source, target) = (transfer.source, transfer.target);
        assert_ne!(source, target, "a transfer between two nodes");
        let mut moved = Moved::default();
        for &block in &transfer.blocks {
            self.take(source, block, transfer.kind);
            let place = self.seen.place(block);
            let next_use = self.next_use.get(block.index()).copied().unwrap_or(0);
            let access = Access { block, depth: place.depth, next_use };
            let cache = &mut self.caches[target.index()];
            let mut account = self.ledger.account(target);
            let (adoption, evicted) = cache.adopt(&access, place.parent, &mut account);
            match adoption {
                Adoption::Inserted => moved.moved += 1,
                Adoption::Dropped => moved.dropped += 1,
                Adoption::Resident => {}
            }
            moved.evicted += evicted;
        }
        for node in [source.index(), target.index()] {
            self.resident[node] = self.caches[node].store().len();
        }
        moved
    }

    fn take(&mut self, source: NodeId, block: BlockId, kind: MoveKind) {
        let cache = &mut self.caches[source.index()];
        let was_there = match kind {
            MoveKind::Move => cache.release(block, &mut self.ledger.account(source)),
            MoveKind::Copy => cache.store().slot(block).is_some(),
        };
        assert!(was_there, "{block:?} of a plan is not resident on {source:?}");
    }

    /// Resident blocks of `node` that no prefix match can reach, because an ancestor is missing.
    /// O(resident × log resident and log requests).
    pub(super) fn stranded(&self, node: usize) -> u32 {
        let resident = self.caches[node].store().resident();
        let mut blocks: Vec<BlockId> = resident.map(|(_, block)| block).collect();
        // Parents have smaller numbers, so they come first.
        blocks.sort_unstable();
        let mut reached: Vec<BlockId> = Vec::new();
        for &block in &blocks {
            let parent = self.seen.place(block).parent;
            if parent == BlockId::NONE || reached.binary_search(&parent).is_ok() {
                reached.push(block);
            }
        }
        (blocks.len() - reached.len()) as u32
    }

    /// Recounts everything from scratch.
    ///
    /// # Panics
    /// If a cache or the ledger is wrong, or they disagree.
    pub(super) fn validate(&self) {
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

impl BlockFacts for Cluster {
    fn coldest(&self, node: NodeId, count: usize) -> Vec<BlockId> {
        let store = self.caches[node.index()].store();
        debug_assert!(store.counts_touches(), "a cluster with migration counts touches");
        let touches = |(slot, block)| (store.touches(slot), block);
        let mut blocks: Vec<(u32, BlockId)> = store.resident().map(touches).collect();
        let count = count.min(blocks.len());
        if 0 < count && count < blocks.len() {
            blocks.select_nth_unstable(count);
        }
        blocks.truncate(count);
        blocks.sort_unstable();
        blocks.into_iter().map(|(_, block)| block).collect()
    }
}
