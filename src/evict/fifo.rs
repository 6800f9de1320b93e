//! FIFO: the block inserted first goes first, however often it is used.
//!
//! Source: the notes. Under the tree discipline the oldest inserted block among the eligible
//! goes. Cost: O(1) per access flat, O(log n) tree; memory: 8 bytes a block flat, 28 tree.
//! Parameters: none. When not to use it: as soon as some blocks are hot it drops them at the
//! same age as the cold ones; it is here as the floor that others must clear.

use super::list::{Links, List, assert_same_slots};
use super::ranked::{Rank, Ranked};
use super::{Access, Build, EvictionRow, Flat, Policy, Slot, Tree, TreeRules};

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "fifo",
    title: "FIFO",
    summary: "The block inserted first goes first, however often it is used.",
    source: "the research notes",
    params: &[],
    needs: &[],
    flat: Some(|build: Build<'_>| Flat::boxed(Fifo::default(), build.capacity)),
    tree: Some(|build: Build<'_>| {
        Tree::boxed(Ranked::new(Age::default()), build.capacity, TreeRules::TREE)
    }),
};

/// Blocks in order of insertion.
#[derive(Clone, Debug, Default)]
pub struct Fifo {
    links: Links,
    queue: List,
}

impl Policy for Fifo {
    fn on_hit(&mut self, _slot: Slot, _access: &Access) {}

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
