//! Batch: FIFO, LRU or LFU that drops several blocks at once, the first ones of its order.
//!
//! Source: the notes' production file, whose `eviction_batch_size` is 50. A miss in a full cache
//! drops `batch_size` blocks (as many as there are, if fewer; among leaves, until none may go), and
//! the next misses find room. With 1 it drops what its order of that name drops. Cost: O(log n) per
//! access; memory: 44 bytes a slot. Parameters: `order` (lfu), `batch_size` (50, in [1, 10000]).
//! When not to use it: small caches, which are emptied again and again; a batch saves an engine
//! locks and calls, which cost nothing here, so that only its price in hits is shown.
//!
//! Formula only: held to its description, not to running code (docs/peers.md).

use crate::evict::ranked::{Rank, Ranked};
use crate::evict::{Access, Build, EvictionRow, Formula, Origin};
use crate::params::{ParamSpec, Role};

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "batch",
    title: "Batch",
    summary: "FIFO, LRU or LFU that drops several blocks at once.",
    formula: Formula::new("victims = the first batch_size blocks of the order (FIFO, LRU or LFU)"),
    source: "the research notes; formula only",
    origin: Origin::Notes,
    params: &[
        ParamSpec::choice(
            "order",
            "lfu",
            &[
                ("lfu", "LFU: fewest touches first"),
                ("lru", "LRU: least recently used first"),
                ("fifo", "FIFO: first inserted first"),
            ],
        )
        .told("Order", "Which blocks go first."),
        ParamSpec::integer("batch_size", 50, 1, 10_000)
            .told("Batch size", "How many blocks go when the cache is full.")
            .unit("blocks")
            .role(Role::Batch)
            .log(),
    ],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(build: Build<'_>) -> Ranked<Batch> {
    Ranked::new(Batch::new(&build))
}

/// The order among leaves.
pub fn tree(build: Build<'_>) -> Ranked<Batch> {
    Ranked::new(Batch::new(&build))
}

/// Ranks blocks by touches, where those count, then by the moment that counts.
#[derive(Clone, Debug)]
pub struct Batch {
    batch_size: u32,
    /// Whether touches count, and whether a use is a new moment.
    counts: bool,
    renews: bool,
    moment: u64,
}

impl Batch {
    fn new(build: &Build<'_>) -> Self {
        let order = build.params.choice("order");
        let batch_size = build.params.integer("batch_size") as u32;
        Self { batch_size, counts: order == "lfu", renews: order != "fifo", moment: 0 }
    }
}

impl Rank for Batch {
    type Key = (u32, u64);

    fn at_once(&self) -> u32 {
        self.batch_size
    }

    fn on_insert(&mut self, _access: &Access) -> (u32, u64) {
        self.moment += 1;
        (0, self.moment)
    }

    fn on_hit(&mut self, (touches, moment): (u32, u64), _access: &Access) -> (u32, u64) {
        self.moment += 1;
        let touches = if self.counts { touches.saturating_add(1) } else { touches };
        (touches, if self.renews { self.moment } else { moment })
    }
}
