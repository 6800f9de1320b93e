//! Leaf LFU: of the blocks that no resident block continues, the one used least goes.
//!
//! SGLang's radix cache with its `LFUStrategy` (`python/sglang/srt/mem_cache/evict_policy.py`):
//! ordered by (uses since insertion, the insertion being the first; last use). SGLang's nodes are
//! runs of tokens; here they are blocks. Under the flat discipline nothing is pinned and
//! insertion never stops; under the tree discipline this is `lfu`.
//!
//! Cost: O(log n) per access; memory: 44 bytes a block, and 4 to 8 for each with a child.
//! Parameters: none. When not to use it: growing conversations: a new turn's blocks have one
//! use and go before they get a second.

use super::lfu::Frequency;
use crate::evict::ranked::Ranked;
use crate::evict::{Build, EvictionRow, Formula, Origin};

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "leaf_lfu",
    title: "Leaf LFU",
    summary: "Of the blocks without resident children the one used least goes.",
    formula: Formula::new(
        "victim = least (uses since insertion, last use) of the blocks without a resident child",
    ),
    source: "SGLang's radix cache, lfu",
    origin: Origin::Engine,
    params: &[],
    needs: &[],
};

/// The order among leaves.
pub fn tree(_build: Build<'_>) -> Ranked<Frequency> {
    Ranked::new(Frequency::default())
}
