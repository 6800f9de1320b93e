//! LFU that remembers: the frequency of a block outlives its eviction.
//!
//! The block with the fewest uses on this node since the run began goes first; among equals the
//! one used longest ago. Also called perfect LFU (Breslau et al., "Web Caching and Zipf-like
//! Distributions", INFOCOM 1999), where the in-cache LFU is `lfu` here.
//!
//! Cost: O(log n) per access; memory: 44 bytes a block, and mostly 4 to 8 for every one this node
//! has ever seen, which is why no engine does it. Parameters: none. Under the tree discipline the
//! same order holds among the eligible.
//! When not to use it: changing workloads, where yesterday's hot blocks never leave.
//!
//! Formula only: held to its definition, not to running code (docs/peers.md).

use crate::columns::{Kept, Sparse};
use crate::evict::ranked::{Rank, Ranked};
use crate::evict::{Access, Build, EvictionRow, Formula, Origin};

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "lfu_persistent",
    title: "LFU, persistent",
    summary: "The block used least since the run began goes first; evictions forget nothing.",
    formula: Formula::new("victim = least (uses on this node since the run began, last use)"),
    source: "Breslau et al., INFOCOM 1999 (perfect LFU); formula only",
    origin: Origin::Paper,
    params: &[],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(_build: Build<'_>) -> Ranked<PersistentFrequency> {
    Ranked::new(PersistentFrequency::default())
}

/// The order among leaves.
pub fn tree(_build: Build<'_>) -> Ranked<PersistentFrequency> {
    Ranked::new(PersistentFrequency::default())
}

/// Ranks blocks by their uses on this node, then by the last one.
#[derive(Clone, Debug, Default)]
pub struct PersistentFrequency {
    counts: Sparse,
    uses: u64,
}

impl Rank for PersistentFrequency {
    type Key = (u32, u64);

    fn on_insert(&mut self, access: &Access) -> (u32, u64) {
        self.uses += 1;
        let count = self.counts.get(access.block).saturating_add(1);
        self.counts.set(access.block, count);
        (count, self.uses)
    }

    fn keep_names(&self, kept: &mut Kept) {
        kept.keep_all();
    }

    fn on_hit(&mut self, _key: (u32, u64), access: &Access) -> (u32, u64) {
        self.on_insert(access)
    }
}
