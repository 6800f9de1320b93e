//! SIEVE: FIFO with a visited bit and a hand that stays where it is.
//!
//! New blocks enter at the head and stay where they are when used; a use sets the visited bit.
//! The hand moves from the tail towards the head, clears the bits it finds set and drops the
//! first block it finds clear, then rests on that block's newer neighbour. Past the head it
//! starts at the tail again. Survivors are not moved, so new blocks are sieved out quickly
//! while old ones that are used stay.
//!
//! Paper: Zhang et al., "SIEVE is Simpler than LRU" (NSDI 2024). Equals libCacheSim's Sieve miss
//! for miss.
//! Cost: O(1) per access amortised; memory: 9 bytes a block. Parameters: none. Not defined under
//! the tree discipline: a hand that must step over ineligible blocks is another policy.
//! When not to use it: workloads that drift, where what was once hot holds on for a whole round.

use crate::columns::links::{Links, List, assert_same_slots, set};
use crate::evict::{Access, Build, EvictionRow, NO_SLOT, Policy, Slot};

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "sieve",
    title: "SIEVE",
    summary: "A hand moves from old to new and drops the first block not used since it passed.",
    source: "Zhang et al., NSDI 2024",
    params: &[],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(_build: Build<'_>) -> Sieve {
    Sieve::default()
}

/// Blocks by age with their visited bits, and the hand.
#[derive(Clone, Debug)]
pub struct Sieve {
    links: Links,
    queue: List,
    visited: Vec<bool>,
    /// Where the next search begins; [`NO_SLOT`] is the tail.
    hand: Slot,
}

impl Default for Sieve {
    fn default() -> Self {
        let (links, queue) = (Links::default(), List::default());
        Self { links, queue, visited: Vec::new(), hand: NO_SLOT }
    }
}

impl Sieve {
    /// Takes `slot` out; a hand on it moves to its newer neighbour.
    fn detach(&mut self, slot: Slot) {
        if self.hand == slot {
            self.hand = self.links.newer(slot);
        }
        self.queue.remove(&mut self.links, slot);
    }
}

impl Policy for Sieve {
    fn on_hit(&mut self, slot: Slot, _access: &Access) {
        self.visited[slot as usize] = true;
    }

    fn victim(&mut self, _incoming: &Access) -> Option<Slot> {
        loop {
            if self.hand == NO_SLOT {
                self.hand = self.queue.oldest();
            }
            let slot = self.hand;
            if slot == NO_SLOT {
                return None;
            }
            if !std::mem::take(&mut self.visited[slot as usize]) {
                self.detach(slot);
                return Some(slot);
            }
            self.hand = self.links.newer(slot);
        }
    }

    fn on_insert(&mut self, slot: Slot, _access: &Access) {
        self.queue.push_newest(&mut self.links, slot);
        set(&mut self.visited, slot, false, false);
    }

    fn on_remove(&mut self, slot: Slot) {
        self.detach(slot);
    }

    fn validate(&self, resident: &[Slot]) {
        let queue = self.queue.audit(&self.links);
        assert!(self.hand == NO_SLOT || queue.contains(&self.hand), "the hand is on a block");
        assert_same_slots(queue, resident);
    }
}
