//! Length-aware LFU: among the least frequent, the block deepest in its requests goes first.
//!
//! A block can only be used after all before it, so a deep one is worth less than a shallow one
//! used as often. Among blocks of one count and depth the one that reached the count first goes.
//!
//! Paper: Qin et al., "Mooncake" (arXiv 2407.00079), LengthAwareCache of its Table 1, described
//! there in one sentence ("similar to LFU but prioritizing cache blocks occurring later in
//! requests"); that the count is forgotten on eviction and the last tie rule are ours.
//! Cost: O(log n) per access; memory: 44 bytes a block. Parameters: none. Under the tree
//! discipline the same order holds among the eligible.
//! When not to use it: where LFU fails; the paper finds it no better than LRU anywhere.
//!
//! Formula only: held to its paper's sentence, not to running code (docs/peers.md).

use crate::evict::ranked::{Rank, Ranked};
use crate::evict::{Access, Build, EvictionRow, Formula, Origin};
use std::cmp::Reverse;

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "length_aware",
    title: "LengthAware",
    summary: "LFU; among equals the block deepest in its requests goes first.",
    formula: Formula::new(
        "victim = least (touches since insertion, −depth in its requests, when that count was \
         reached)",
    ),
    source: "Mooncake, arXiv 2407.00079; formula only",
    origin: Origin::Paper,
    params: &[],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(_build: Build<'_>) -> Ranked<DepthFrequency> {
    Ranked::new(DepthFrequency::default())
}

/// The order among leaves.
pub fn tree(_build: Build<'_>) -> Ranked<DepthFrequency> {
    Ranked::new(DepthFrequency::default())
}

/// Ranks blocks by their uses since insertion, then deepest first, then by the last use.
#[derive(Clone, Debug, Default)]
pub struct DepthFrequency {
    uses: u64,
}

impl Rank for DepthFrequency {
    type Key = (u32, Reverse<u32>, u64);

    fn on_insert(&mut self, access: &Access) -> Self::Key {
        self.uses += 1;
        (1, Reverse(access.depth), self.uses)
    }

    fn on_hit(&mut self, (count, depth, _): Self::Key, _access: &Access) -> Self::Key {
        self.uses += 1;
        (count.saturating_add(1), depth, self.uses)
    }
}
