//! LFU: the block with the fewest touches since its insertion goes first; among equals the one
//! that reached that count first. The count is forgotten on eviction.
//!
//! Source: the notes; the constant-time structure is that of Shah, Mitra and Matani, "An O(1)
//! algorithm for implementing the LFU cache eviction scheme" (2010), with the frequency classes
//! threaded through one slab: blocks lie in one list ordered by (count, order of arrival at
//! that count), and each class keeps its newest member.
//! Under the tree discipline the same order holds among the eligible.
//! Cost: O(1) per access flat, O(log n) tree; memory: 12 bytes a block and 12 a class in use
//! flat, 44 a block tree. Parameters: none.
//! When not to use it: large caches, where blocks that were hot an hour ago never leave.

use crate::columns::links::{Links, List, assert_same_slots, set};
use crate::evict::ranked::{Rank, Ranked};
use crate::evict::{Access, Build, EvictionRow, NO_SLOT, Policy, Slot};

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "lfu",
    title: "LFU",
    summary: "The block touched least since its insertion goes first; the count is then forgotten.",
    source: "the research notes",
    params: &[],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(_build: Build<'_>) -> Lfu {
    Lfu::default()
}

/// The order among leaves.
pub fn tree(_build: Build<'_>) -> Ranked<Frequency> {
    Ranked::new(Frequency::default())
}

/// Blocks ordered by (count, order of arrival at that count).
#[derive(Clone, Debug, Default)]
pub struct Lfu {
    links: Links,
    order: List,
    class_of: Vec<u32>,
    classes: Vec<Class>,
    free: Vec<u32>,
}

/// The blocks of one count: a run of the order that ends at `newest`.
#[derive(Clone, Copy, Debug)]
struct Class {
    count: u32,
    newest: Slot,
    members: u32,
}

impl Lfu {
    /// Takes `slot` out. Returns its count and the newest slot of that count or, if there is
    /// none left, of the next lower one.
    fn detach(&mut self, slot: Slot) -> (u32, Slot) {
        let at = self.class_of[slot as usize];
        let older = self.links.older(slot);
        self.order.remove(&mut self.links, slot);
        let class = &mut self.classes[at as usize];
        class.members -= 1;
        if class.newest == slot {
            class.newest = older;
        }
        if class.members == 0 {
            self.free.push(at);
        }
        (class.count, class.newest)
    }

    /// Puts `slot` at the new end of the class `count`; `below` is the newest slot of a lower
    /// count with no other count between, or [`NO_SLOT`].
    fn attach(&mut self, slot: Slot, count: u32, below: Slot) {
        let next = match below {
            NO_SLOT => self.order.oldest(),
            below => self.links.newer(below),
        };
        let class = (next != NO_SLOT)
            .then(|| self.class_of[next as usize])
            .filter(|&at| self.classes[at as usize].count == count);
        let at = match class {
            Some(at) => {
                let class = &mut self.classes[at as usize];
                self.order.insert_newer(&mut self.links, slot, class.newest);
                class.newest = slot;
                class.members += 1;
                at
            }
            None => {
                match below {
                    NO_SLOT => self.order.push_oldest(&mut self.links, slot),
                    below => self.order.insert_newer(&mut self.links, slot, below),
                }
                let class = Class { count, newest: slot, members: 1 };
                let at = self.free.pop().unwrap_or(self.classes.len() as u32);
                set(&mut self.classes, at, class, class);
                at
            }
        };
        set(&mut self.class_of, slot, 0, at);
    }
}

impl Policy for Lfu {
    fn on_hit(&mut self, slot: Slot, _access: &Access) {
        let (count, below) = self.detach(slot);
        self.attach(slot, count.saturating_add(1), below);
    }

    fn victim(&mut self, _incoming: &Access) -> Option<Slot> {
        let slot = self.order.oldest();
        if slot == NO_SLOT {
            return None;
        }
        self.detach(slot);
        Some(slot)
    }

    fn on_insert(&mut self, slot: Slot, _access: &Access) {
        self.attach(slot, 1, NO_SLOT);
    }

    fn on_remove(&mut self, slot: Slot) {
        self.detach(slot);
    }

    fn validate(&self, resident: &[Slot]) {
        let order = self.order.audit(&self.links);
        let mut members = vec![0; self.classes.len()];
        let mut count = 0;
        for &slot in &order {
            let at = self.class_of[slot as usize];
            let class = self.classes[at as usize];
            assert!(count <= class.count, "counts descend at slot {slot}");
            count = class.count;
            members[at as usize] += 1;
            if members[at as usize] == class.members {
                assert_eq!(class.newest, slot, "newest of count {count}");
            }
        }
        for (at, class) in self.classes.iter().enumerate() {
            assert_eq!(members[at], class.members, "members of count {}", class.count);
        }
        assert_same_slots(order, resident);
    }
}

/// Ranks blocks by their uses since insertion, then by the last use, which is when they reached
/// that count.
#[derive(Clone, Debug, Default)]
pub struct Frequency {
    uses: u64,
}

impl Rank for Frequency {
    type Key = (u32, u64);

    fn on_insert(&mut self, _access: &Access) -> (u32, u64) {
        self.uses += 1;
        (1, self.uses)
    }

    fn on_hit(&mut self, (count, _): (u32, u64), _access: &Access) -> (u32, u64) {
        self.uses += 1;
        (count.saturating_add(1), self.uses)
    }
}
