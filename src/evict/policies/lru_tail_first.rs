//! LRU that drops a request's last block first.
//!
//! A prefix is useless without its beginning, so when a request ends its blocks are stamped
//! again, deepest first: of one request the last block goes before the first. This is the order
//! of vLLM's free queue, into which a finished request's blocks are put in reverse
//! (`vllm/v1/core/kv_cache_manager.py`). vLLM also holds the blocks of running requests; that
//! is what the tree discipline adds here. While a request is served its blocks are stamped in
//! order, as LRU does.
//!
//! Cost: O(1) per access flat, with one more look-up a block at the end of a request; O(log n)
//! tree; memory: 4 bytes a slot and 20 a run of blocks flat, 28 a block tree. Parameters: none.
//! When not to use it: never worse a choice than LRU where requests share prefixes; without
//! shared prefixes it buys nothing.

use super::lru::Recency;
use crate::columns::links::assert_same_slots;
use crate::columns::queue::{Places, Queue};
use crate::evict::ranked::{Rank, Ranked};
use crate::evict::{Access, Build, EvictionRow, Formula, Origin, Policy, Slot};

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "lru_tail_first",
    title: "LRU, tail first",
    summary: "LRU in which a request's deepest block counts as used before its first.",
    formula: Formula::new(
        "victim = least (last use), a request's blocks being stamped once more at its end, the \
         last block first",
    ),
    source: "vLLM's free queue",
    origin: Origin::Engine,
    params: &[],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(_build: Build<'_>) -> LruTailFirst {
    LruTailFirst::default()
}

/// The order among leaves.
pub fn tree(_build: Build<'_>) -> Ranked<TailFirst> {
    Ranked::new(TailFirst::default())
}

/// Blocks in order of last stamp.
#[derive(Clone, Debug, Default)]
pub struct LruTailFirst {
    places: Places,
    queue: Queue,
}

impl Policy for LruTailFirst {
    const RESTAMPS: bool = true;

    fn cover(&mut self, slots: u32) {
        self.places.cover(slots);
    }

    fn on_hit(&mut self, slot: Slot, _access: &Access) {
        self.queue.renew(&mut self.places, slot);
    }

    fn victim(&mut self, _incoming: &Access) -> Option<Slot> {
        self.queue.pop(&mut self.places)
    }

    #[inline]
    fn on_insert(&mut self, slot: Slot, _access: &Access) {
        self.queue.push(&mut self.places, slot);
    }

    fn on_remove(&mut self, slot: Slot) {
        self.queue.remove(&mut self.places, slot);
    }

    fn on_request_end(&mut self, slots: &[Slot]) {
        for &slot in slots.iter().rev() {
            self.queue.renew(&mut self.places, slot);
        }
    }

    fn validate(&self, resident: &[Slot]) {
        assert_same_slots(self.queue.audit(&self.places), resident);
    }
}

/// Ranks blocks by their last stamp, longest ago lowest.
#[derive(Clone, Debug, Default)]
pub struct TailFirst(Recency);

impl Rank for TailFirst {
    type Key = u64;

    const RESTAMPS: bool = true;

    fn on_insert(&mut self, _access: &Access) -> u64 {
        self.0.tick()
    }

    fn on_hit(&mut self, _key: u64, _access: &Access) -> u64 {
        self.0.tick()
    }

    fn at_end(&mut self, _key: u64) -> u64 {
        self.0.tick()
    }
}
