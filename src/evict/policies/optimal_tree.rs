//! Optimal for a prefix tree: of the leaves the one whose next use is farthest goes.
//!
//! Stamped with the number of the next request that uses it, refreshed at every use; ties: the
//! block first seen last in the trace. If no leaf is needed later than the new block, the new
//! block is not kept and insertion stops. What is kept is thus always a tree of prefixes.
//!
//! Source: the PyPI package `kvcache-simulator` 0.1.3 by Mooncake's authors, which it equals hit
//! token for hit token. Farthest-first over leaves is not proven to be the best for prefix hits;
//! it is the best known. On several nodes it looks at the cluster's next use of a block,
//! wherever that will be served.
//! Cost: O(log n) per access; memory: 24 bytes a block. Needs the whole trace in advance.
//! Parameters: none. Only under the tree discipline.
//! When not to use it: as anything but a ceiling.

use crate::evict::ranked::{Rank, Ranked};
use crate::evict::{Access, Build, EvictionRow, Formula, Need, Origin};
use std::cmp::Reverse;

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "optimal_tree",
    title: "Optimal (prefix tree)",
    summary: "Of the leaves the one whose next use is farthest goes, the new block included.",
    formula: Formula::new(
        "victim = greatest (next use, first use in the trace) of the leaves and the new block",
    ),
    source: "kvcache-simulator 0.1.3",
    origin: Origin::Paper,
    params: &[],
    needs: &[Need::Future],
};

/// The order among leaves.
pub fn tree(_build: Build<'_>) -> Ranked<NextUse> {
    Ranked::new(NextUse)
}

/// Ranks blocks by the next request that uses them, farthest lowest, then last seen lowest.
#[derive(Clone, Debug)]
pub struct NextUse;

/// The next request and the block.
type Key = Reverse<(u32, u32)>;

fn key(access: &Access) -> Key {
    Reverse((access.next_use, access.block.0))
}

impl Rank for NextUse {
    type Key = Key;

    fn on_insert(&mut self, access: &Access) -> Key {
        key(access)
    }

    fn on_hit(&mut self, _key: Key, access: &Access) -> Key {
        key(access)
    }

    fn on_foresight(&mut self, _key: Key, access: &Access) -> Key {
        key(access)
    }

    fn is_below(&self, incoming: &Access, Reverse((next_use, _)): Key) -> bool {
        next_use <= incoming.next_use
    }
}
