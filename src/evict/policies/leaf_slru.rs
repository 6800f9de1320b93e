//! Leaf SLRU: among the blocks that no resident block continues, those used once go first.
//!
//! SGLang's radix cache with its `SLRUStrategy` (`python/sglang/srt/mem_cache/evict_policy.py`):
//! a block with fewer than `protected_uses` uses (the insertion is the first) is on probation;
//! ordered by (protected, last use). Unlike in the published SLRU (`slru`) nothing ever falls
//! back to probation. SGLang's nodes are runs of tokens; here they are blocks. Under the flat
//! discipline nothing is pinned and insertion never stops.
//!
//! Cost: O(log n) per access; memory: 44 bytes a block, and 4 to 8 for each with a child.
//! Parameters: `protected_uses`, default 2, in [1, 1000]; 1 is `leaf_lru`.
//! When not to use it: once most blocks are protected it is LRU again.

use super::lru::Recency;
use crate::evict::ranked::{Rank, Ranked};
use crate::evict::{Access, Build, EvictionRow, Formula, Origin};
use crate::params::{ParamSpec, Params};

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "leaf_slru",
    title: "Leaf SLRU",
    summary: "Of the blocks without resident children those used once go first, then by LRU.",
    formula: Formula::new(
        "victim = least (uses ≥ protected_uses, last use) of the blocks without a resident child",
    ),
    source: "SGLang's radix cache, slru",
    origin: Origin::Engine,
    params: &[ParamSpec::integer("protected_uses", 2, 1, 1000)
        .told("Protected from", "Uses, the insertion included, from which a block is protected.")],
    needs: &[],
};

/// The order among leaves.
pub fn tree(build: Build<'_>) -> Ranked<Protection> {
    Ranked::new(Protection::new(build.params))
}

/// Ranks blocks on probation below protected ones, then by the last use.
#[derive(Clone, Debug)]
pub struct Protection {
    recency: Recency,
    protected_uses: u32,
}

/// Protected or not, last use, uses since insertion (never compared: ticks differ).
type Key = (bool, u64, u32);

impl Protection {
    fn new(params: &Params) -> Self {
        let protected_uses = params.integer("protected_uses") as u32;
        Self { recency: Recency::default(), protected_uses }
    }

    fn key(&mut self, uses: u32) -> Key {
        (self.protected_uses <= uses, self.recency.tick(), uses)
    }
}

impl Rank for Protection {
    type Key = Key;

    fn on_insert(&mut self, _access: &Access) -> Key {
        self.key(1)
    }

    fn on_hit(&mut self, (_, _, uses): Key, _access: &Access) -> Key {
        self.key(uses.saturating_add(1))
    }
}
