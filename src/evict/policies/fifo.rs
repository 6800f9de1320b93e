//! FIFO: the block inserted first goes first, however often it is used.
//!
//! Source: the notes. Under the tree discipline the oldest inserted block among the eligible
//! goes. Cost: O(1) per access flat, O(log n) tree; memory: 4 bytes a slot and 20 a
//! run of blocks flat, 28 a block tree.
//! Parameters: none. When not to use it: as soon as some blocks are hot it drops them at the
//! same age as the cold ones; it is here as the floor that others must clear.

use std::ops::Range;

use crate::columns::links::assert_same_slots;
use crate::columns::queue::{Places, Queue};
use crate::evict::ranked::{Rank, Ranked};
use crate::evict::{Access, Build, EvictionRow, Formula, Origin, Policy, Slot};

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "fifo",
    title: "FIFO",
    summary: "The block inserted first goes first, however often it is used.",
    formula: Formula::new("victim = least (insertion)"),
    source: "the research notes",
    origin: Origin::Notes,
    params: &[],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(_build: Build<'_>) -> Fifo {
    Fifo::default()
}

/// The order among leaves.
pub fn tree(_build: Build<'_>) -> Ranked<Age> {
    Ranked::new(Age::default())
}

/// Blocks in order of insertion.
#[derive(Clone, Debug, Default)]
pub struct Fifo {
    places: Places,
    queue: Queue,
}

impl Policy for Fifo {
    fn cover(&mut self, slots: u32) {
        self.places.cover(slots);
    }

    fn stand_alone(&mut self) {
        self.places.stand_alone();
    }

    fn on_hit(&mut self, _slot: Slot, _access: &Access) {}

    #[inline(always)]
    fn on_hit_run(&mut self, _slots: Range<Slot>, _first: &Access) {}

    #[inline(always)]
    fn on_miss_run(&mut self, _first: &Access, len: u32) -> u32 {
        len
    }

    #[inline(always)]
    fn victims_before(&mut self, _: &Access, _pending: u32, most: u32) -> Option<Range<Slot>> {
        self.queue.pop_run(&mut self.places, most, |_| true)
    }

    #[inline(always)]
    fn on_insert_run(&mut self, slots: Range<Slot>, _first: &Access) {
        self.queue.push_run(&mut self.places, slots);
    }

    #[inline(always)]
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

    fn validate(&self, resident: &[Slot]) {
        assert_same_slots(self.queue.audit(&self.places), resident);
    }
}

/// Ranks blocks by their insertion, oldest lowest.
#[derive(Clone, Debug, Default)]
pub struct Age {
    inserted: u64,
}

impl Rank for Age {
    type Key = u64;

    fn on_insert(&mut self, _access: &Access) -> u64 {
        self.inserted += 1;
        self.inserted
    }

    fn on_hit(&mut self, key: u64, _access: &Access) -> u64 {
        key
    }
}
