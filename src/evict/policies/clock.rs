//! Clock: FIFO in which a block used since the hand last passed gets a second chance.
//!
//! Each block has a reference bit, 0 at insertion and set by a use. The hand takes blocks from
//! the old end; a set bit is cleared and the block goes back in at the young end, a clear one
//! goes.
//!
//! Paper: Corbató, "A Paging Experiment with the Multics System" (1968); with one bit it is what
//! libCacheSim calls Clock, and equals it miss for miss.
//! Cost: O(1) per access amortised; memory: 5 bytes a slot and 20 a run of blocks. Parameters:
//! none. Not defined under
//! the tree discipline: a hand that must step over ineligible blocks is another policy.
//! When not to use it: small caches under scans, like LRU, which it approximates.

use std::ops::Range;

use crate::columns::links::{assert_same_slots, cover};
use crate::columns::queue::{Places, Queue};
use crate::evict::{Access, Build, EvictionRow, Formula, Origin, Policy, Slot};

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "clock",
    title: "Clock",
    summary: "FIFO in which a block used since the hand last passed gets a second chance.",
    formula: Formula::new(
        "the hand goes from the oldest on: used → bit cleared, back in as the youngest; unused \
         → victim",
    ),
    source: "Corbató 1968; libCacheSim's Clock with one bit",
    origin: Origin::Paper,
    params: &[],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(_build: Build<'_>) -> Clock {
    Clock::default()
}

/// Blocks from the hand's position on, with their reference bits.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    places: Places,
    queue: Queue,
    used: Vec<bool>,
}

impl Policy for Clock {
    fn cover(&mut self, slots: u32) {
        self.places.cover(slots);
        cover(&mut self.used, slots, false);
    }

    #[inline(always)]
    fn on_hit(&mut self, slot: Slot, _access: &Access) {
        self.used[slot as usize] = true;
    }

    #[inline(always)]
    fn on_hit_run(&mut self, slots: Range<Slot>, _first: &Access) {
        self.used[slots.start as usize..slots.end as usize].fill(true);
    }

    fn victim(&mut self, _incoming: &Access) -> Option<Slot> {
        loop {
            let slot = self.queue.pop(&mut self.places)?;
            if !std::mem::take(&mut self.used[slot as usize]) {
                return Some(slot);
            }
            self.queue.push(&mut self.places, slot);
        }
    }

    #[inline]
    fn on_insert(&mut self, slot: Slot, _access: &Access) {
        self.queue.push(&mut self.places, slot);
        self.used[slot as usize] = false;
    }

    fn on_remove(&mut self, slot: Slot) {
        self.queue.remove(&mut self.places, slot);
    }

    fn validate(&self, resident: &[Slot]) {
        assert_same_slots(self.queue.audit(&self.places), resident);
    }
}
