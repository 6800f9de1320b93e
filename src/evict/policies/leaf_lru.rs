//! Leaf LRU: of the blocks that no resident block continues, the one used longest ago goes.
//!
//! What SGLang's radix cache does by default (`LRUStrategy` over the evictable leaves of
//! `python/sglang/srt/mem_cache/radix_cache.py`; Zheng et al., "SGLang", arXiv 2312.07104).
//! SGLang's nodes are runs of tokens and share one stamp a request; here they are blocks,
//! stamped root to leaf. Under the flat discipline nothing is pinned and insertion never stops;
//! under the tree discipline this is `lru`.
//!
//! Cost: O(log n) per access; memory: 28 bytes a block, and 4 to 8 for each with a child.
//! Parameters: none. When not to use it: deep conversations that end: their tails go block by
//! block, and the cold trunk stays until then.

use super::lru::Recency;
use crate::evict::ranked::Ranked;
use crate::evict::{Build, EvictionRow, Formula, Origin};

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "leaf_lru",
    title: "Leaf LRU",
    summary: "Of the blocks without resident children the one used longest ago goes.",
    formula: Formula::new("victim = least (last use) of the blocks without a resident child"),
    source: "SGLang's radix cache, lru",
    origin: Origin::Engine,
    params: &[],
    needs: &[],
};

/// The order among leaves.
pub fn tree(_build: Build<'_>) -> Ranked<Recency> {
    Ranked::new(Recency::default())
}
