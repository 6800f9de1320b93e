//! LRU: the block used longest ago goes first.
//!
//! Source: the notes; every engine's default. Cost: O(1) per access flat; memory: 8 bytes a
//! block flat. Parameters: none. When not to use it: caches far smaller than the re-use
//! distance, where one scan of new blocks drops everything worth keeping.

use super::list::{Links, List, assert_same_slots};
use super::{Access, Build, EvictionRow, Flat, Policy, Slot};

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "lru",
    title: "LRU",
    summary: "The block used longest ago goes first.",
    source: "the research notes; the default of most engines",
    params: &[],
    needs: &[],
    flat: Some(|build: Build<'_>| Flat::boxed(Lru::default(), build.capacity)),
    tree: None,
};

/// Blocks in order of last use.
#[derive(Clone, Debug, Default)]
pub struct Lru {
    links: Links,
    queue: List,
}

impl Policy for Lru {
    fn on_hit(&mut self, slot: Slot, _access: &Access) {
        self.queue.move_newest(&mut self.links, slot);
    }

    fn victim(&mut self, _incoming: &Access) -> Option<Slot> {
        self.queue.pop_oldest(&mut self.links)
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
