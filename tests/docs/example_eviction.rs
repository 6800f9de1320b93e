//! MRU: the block used most recently goes first.
//!
//! Good for loops longer than the cache, where LRU hits nothing. Cost: O(1) per access; memory:
//! 8 bytes a block. Parameters: none. When not to use it: nearly always.

use kvscope::columns::links::{Links, List, assert_same_slots};
use kvscope::evict::{Access, Build, EvictionRow, Formula, Origin, Policy, Slot};

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "mru",
    title: "MRU",
    summary: "The block used most recently goes first.",
    formula: Formula::new("victim = greatest (last use)"),
    source: "an example",
    origin: Origin::Paper,
    params: &[],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(_build: Build<'_>) -> Mru {
    Mru::default()
}

/// Blocks in order of use.
#[derive(Clone, Debug, Default)]
pub struct Mru {
    links: Links,
    queue: List,
}

impl Policy for Mru {
    fn cover(&mut self, slots: u32) {
        self.links.cover(slots);
    }

    fn on_hit(&mut self, slot: Slot, _access: &Access) {
        self.queue.move_newest(&mut self.links, slot);
    }

    fn victim(&mut self, _incoming: &Access) -> Option<Slot> {
        let newest = self.queue.newest();
        self.queue.remove(&mut self.links, newest);
        Some(newest)
    }

    fn on_insert(&mut self, slot: Slot, _access: &Access) {
        self.queue.push_newest(&mut self.links, slot);
    }

    fn on_remove(&mut self, slot: Slot) {
        self.queue.remove(&mut self.links, slot);
    }

    fn validate(&self, resident: &[Slot]) {
        assert_same_slots(self.queue.audit(&self.links), resident);
    }
}
