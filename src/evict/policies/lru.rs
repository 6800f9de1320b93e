//! LRU: the block used longest ago goes first.
//!
//! Source: the notes; every engine's default. Under the tree discipline the eligible block used
//! longest ago goes; a parent left without children competes with the stamp it has. Cost: O(1)
//! per access flat, O(log n) tree; memory: 8 bytes a block flat, 28 tree. Parameters: none.
//! When not to use it: caches far smaller than the re-use distance, where one scan of new blocks
//! drops everything worth keeping.

use std::ops::Range;

use crate::columns::links::assert_same_slots;
use crate::columns::queue::{Places, Queue};
use crate::evict::ranked::{Rank, Ranked};
use crate::evict::{Access, Build, EvictionRow, Formula, Origin, Policy, Slot};

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "lru",
    title: "LRU",
    summary: "The block used longest ago goes first.",
    formula: Formula::new("victim = least (last use)"),
    source: "the research notes; the default of most engines",
    origin: Origin::Notes,
    params: &[],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(_build: Build<'_>) -> Lru {
    Lru::default()
}

/// The order among leaves.
pub fn tree(_build: Build<'_>) -> Ranked<Recency> {
    Ranked::new(Recency::default())
}

/// Blocks in order of last use.
#[derive(Clone, Debug, Default)]
pub struct Lru {
    places: Places,
    queue: Queue,
}

impl Policy for Lru {
    fn cover(&mut self, slots: u32) {
        self.places.cover(slots);
    }

    #[inline(always)]
    fn on_hit(&mut self, slot: Slot, _access: &Access) {
        self.queue.renew(&mut self.places, slot);
    }

    #[inline(always)]
    fn on_hit_run(&mut self, slots: Range<Slot>, _first: &Access) {
        self.queue.renew_run(&mut self.places, slots);
    }

    #[inline(always)]
    fn on_miss_run(&mut self, _first: &Access, len: u32) -> u32 {
        len
    }

    #[inline(always)]
    fn victim_before(&mut self, _incoming: &Access, _pending: u32) -> Option<Slot> {
        self.queue.pop()
    }

    #[inline(always)]
    fn on_insert_run(&mut self, slots: Range<Slot>, _first: &Access) {
        self.queue.push_run(&mut self.places, slots);
    }

    #[inline(always)]
    fn victim(&mut self, _incoming: &Access) -> Option<Slot> {
        self.queue.pop()
    }

    #[inline]
    fn on_insert(&mut self, slot: Slot, _access: &Access) {
        self.queue.push(&mut self.places, slot);
    }

    fn on_remove(&mut self, slot: Slot) {
        self.queue.remove(&self.places, slot);
    }

    fn validate(&self, resident: &[Slot]) {
        assert_same_slots(self.queue.audit(&self.places), resident);
    }
}

/// Ranks blocks by their last use, longest ago lowest.
#[derive(Clone, Debug, Default)]
pub struct Recency {
    uses: u64,
}

impl Recency {
    /// The key of a block used now.
    pub fn tick(&mut self) -> u64 {
        self.uses += 1;
        self.uses
    }
}

impl Rank for Recency {
    type Key = u64;

    fn on_insert(&mut self, _access: &Access) -> u64 {
        self.tick()
    }

    fn on_hit(&mut self, _key: u64, _access: &Access) -> u64 {
        self.tick()
    }
}
