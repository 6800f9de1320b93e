//! The state of the cluster: caches, and the residency that mirrors them.

use crate::cache::{Adoption, Change, Entry, Lookup, NodeCache};
use crate::columns::Residency;
use crate::config::Checked;
use crate::event::Stored;
use crate::evict::Build;
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
    pub(super) residency: Residency,
    /// Blocks that a node evicted and has not had again.
    lost: Residency,
    pub(super) resident: Vec<u32>,
    /// Next use by block, where the future is known.
    next_use: Vec<u32>,
    changes: Vec<Change>,
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
        Self {
            caches: (0..config.nodes).map(build).collect(),
            residency: Residency::new(config.nodes),
            lost: Residency::new(config.nodes),
            resident: vec![0; config.nodes],
            next_use: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// Touches or inserts a request's blocks on `node`.
    pub(super) fn store(&mut self, node: NodeId, blocks: &[BlockId], next_use: &[u32]) -> Stored {
        self.note_next_uses(blocks, next_use);
        let lookup = Lookup { blocks, next_use };
        let served = self.caches[node.index()].serve(&lookup, &mut self.changes);
        if !next_use.is_empty() {
            self.foresee(node, &lookup);
        }
        let rewanted = self.apply(node);
        Stored {
            hits: served.hits,
            inserted: served.inserted,
            evicted: served.evicted,
            refused: served.refused,
            rewanted,
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
    /// on the target like a miss, unless it is there already.
    ///
    /// # Panics
    /// If the plan names a block that is not resident on the source.
    pub(super) fn transfer(&mut self, transfer: &Transfer) -> Moved {
        let (source, target) = (transfer.source, transfer.target);
        assert_ne!(source, target, "a transfer between two nodes");
        let mut moved = Moved::default();
        for &block in &transfer.blocks {
            let entry = self.take(source, block, transfer.kind);
            let next_use = self.next_use.get(block.index()).copied().unwrap_or(0);
            let cache = &mut self.caches[target.index()];
            match cache.adopt(&entry, next_use, &mut self.changes) {
                Adoption::Inserted => moved.moved += 1,
                Adoption::Dropped => moved.dropped += 1,
                Adoption::Resident => {}
            }
            moved.evicted += self.changes.iter().filter(|change| !change.inserted).count() as u32;
            self.apply(target);
        }
        self.resident[source.index()] = self.caches[source.index()].store().len();
        moved
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
    pub(super) fn stranded(&self, node: usize) -> u32 {
        let mut entries: Vec<Entry> =
            self.caches[node].store().resident().map(|(_, entry)| *entry).collect();
        entries.sort_unstable_by_key(|entry| entry.depth);
        let mut reachable: Vec<BlockId> = Vec::new();
        let (mut level, mut depth) = (Vec::new(), 0);
        let mut stranded = 0;
        for entry in entries {
            if depth < entry.depth {
                // Only a level just above can hold parents.
                reachable =
                    if entry.depth == depth + 1 { std::mem::take(&mut level) } else { vec![] };
                level.clear();
                reachable.sort_unstable();
                depth = entry.depth;
            }
            if entry.parent == BlockId::NONE || reachable.binary_search(&entry.parent).is_ok() {
                level.push(entry.block);
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
    pub(super) fn validate(&self) {
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

impl BlockFacts for Cluster {
    fn coldest(&self, node: NodeId, count: usize) -> Vec<BlockId> {
        let store = self.caches[node.index()].store();
        let mut blocks: Vec<(u32, BlockId)> =
            store.resident().map(|(_, entry)| (entry.touches, entry.block)).collect();
        let count = count.min(blocks.len());
        if 0 < count && count < blocks.len() {
            blocks.select_nth_unstable(count);
        }
        blocks.truncate(count);
        blocks.sort_unstable();
        blocks.into_iter().map(|(_, block)| block).collect()
    }
}
