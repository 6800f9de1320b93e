//! Optimal for independent blocks: the block whose next use is farthest goes.
//!
//! Belady's MIN over single blocks, in the order in which requests list them: of two blocks
//! next used by the same request the deeper one goes. With `bypass` the new block may be the one
//! not kept, and no policy on one node has more any-block hits. It is no bound on prefix hits,
//! since it keeps blocks behind gaps; `optimal_tree` is the other one.
//!
//! Paper: Belady, "A study of replacement algorithms for a virtual-storage computer" (1966).
//! Equals libCacheSim's Belady miss for miss. On several nodes it looks at the cluster's next use
//! of a block, wherever that will be served.
//! Cost: O(log n) per access; memory: 32 bytes a block. Needs the whole trace in advance.
//! Parameters: `bypass`, default off. Not defined under the tree discipline.
//! When not to use it: as anything but a ceiling.

use crate::evict::ranked::{Rank, Ranked};
use crate::evict::{Access, Build, EvictionRow, Formula, Need, Origin};
use crate::params::ParamSpec;
use std::cmp::Reverse;

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "optimal",
    title: "Optimal (blocks)",
    summary: "The block whose next use is farthest goes: a ceiling for any-block hits.",
    formula: Formula::new(
        "victim = greatest (next use, depth in that request), the new block among them with bypass",
    ),
    source: "Belady 1966 (MIN)",
    origin: Origin::Paper,
    params: &[ParamSpec::switch("bypass", false)
        .told("Bypass", "Whether the new block may be the one not kept.")],
    needs: &[Need::Future],
};

/// The order under the flat discipline.
pub fn flat(build: Build<'_>) -> Ranked<NextUse> {
    Ranked::new(NextUse { bypass: build.params.switch("bypass") })
}

/// Ranks blocks by their next use, farthest lowest.
#[derive(Clone, Debug)]
pub struct NextUse {
    bypass: bool,
}

/// The next request, the position in it, and the block, so that keys differ at the end of time.
type Key = Reverse<(u32, u32, u32)>;

fn key(access: &Access) -> Key {
    Reverse((access.next_use, access.depth, access.block.0))
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

    fn is_below(&self, incoming: &Access, Reverse(lowest): Key) -> bool {
        self.bypass && lowest <= (incoming.next_use, incoming.depth, incoming.block.0)
    }
}
