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
//! Cost: O(1) per access amortised; memory: 5 bytes a slot and 20 a run of blocks. Parameters:
//! none. Not defined under
//! the tree discipline: a hand that must step over ineligible blocks is another policy.
//! When not to use it: workloads that drift, where what was once hot holds on for a whole round.

use std::ops::Range;

use crate::columns::links::{assert_same_slots, cover};
use crate::columns::queue::{Places, Queue};
use crate::evict::{Access, Build, EvictionRow, Formula, Origin, Policy, Slot};

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "sieve",
    title: "SIEVE",
    summary: "A hand moves from old to new and drops the first block not used since it passed.",
    formula: Formula::new(
        "the hand goes from tail to head: visited → bit cleared, stays; unvisited → victim, the \
         hand rests on its newer neighbour",
    ),
    source: "Zhang et al., NSDI 2024",
    origin: Origin::Paper,
    params: &[],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(_build: Build<'_>) -> Sieve {
    Sieve::default()
}

/// Blocks by age with their visited bits, and the hand.
#[derive(Clone, Debug, Default)]
pub struct Sieve {
    places: Places,
    queue: Queue,
    visited: Vec<bool>,
    /// Where the next search begins; `None` is the tail.
    hand: Option<Slot>,
}

impl Sieve {
    /// Takes `slot` out; a hand on it moves to its newer neighbour.
    fn detach(&mut self, slot: Slot) {
        if self.hand == Some(slot) {
            self.hand = self.queue.newer(&self.places, slot);
        }
        self.queue.remove(&mut self.places, slot);
    }
}

impl Policy for Sieve {
    fn cover(&mut self, slots: u32) {
        self.places.cover(slots);
        cover(&mut self.visited, slots, false);
    }

    fn stand_alone(&mut self) {
        self.places.stand_alone();
    }

    #[inline(always)]
    fn on_hit(&mut self, slot: Slot, _access: &Access) {
        self.visited[slot as usize] = true;
    }

    #[inline(always)]
    fn on_hit_run(&mut self, slots: Range<Slot>, _first: &Access) {
        self.visited[slots.start as usize..slots.end as usize].fill(true);
    }

    fn victim(&mut self, incoming: &Access) -> Option<Slot> {
        self.victims_before(incoming, 0, 1).map(|slots| slots.start)
    }

    #[inline]
    fn on_insert(&mut self, slot: Slot, _access: &Access) {
        self.queue.push(&mut self.places, slot);
        self.visited[slot as usize] = false;
    }

    #[inline(always)]
    fn on_miss_run(&mut self, _first: &Access, len: u32) -> u32 {
        len
    }

    /// Blocks that come in are the newest, where the hand comes last.
    #[inline]
    fn victims_before(&mut self, _: &Access, pending: u32, most: u32) -> Option<Range<Slot>> {
        loop {
            let slot = self.hand.or_else(|| self.queue.oldest(&self.places))?;
            let newer = self.queue.newer(&self.places, slot);
            if 0 < pending && newer.is_none() {
                return None;
            }
            self.hand = newer;
            if std::mem::take(&mut self.visited[slot as usize]) {
                continue;
            }
            let unvisited = |slot: Slot| !self.visited[slot as usize];
            let mut end = self.queue.following(&self.places, slot, most, unvisited);
            if slot + 1 < end {
                self.hand = self.queue.newer(&self.places, end - 1);
                if self.hand.is_none() {
                    end -= 1;
                    self.hand = Some(end);
                }
            }
            self.queue.remove_run(&mut self.places, slot..end);
            return Some(slot..end);
        }
    }

    #[inline]
    fn on_insert_run(&mut self, slots: Range<Slot>, _first: &Access) {
        self.visited[slots.start as usize..slots.end as usize].fill(false);
        self.queue.push_run(&mut self.places, slots);
    }

    fn on_remove(&mut self, slot: Slot) {
        self.detach(slot);
    }

    fn validate(&self, resident: &[Slot]) {
        let queue = self.queue.audit(&self.places);
        assert!(self.hand.is_none_or(|hand| queue.contains(&hand)), "the hand is on a block");
        assert_same_slots(queue, resident);
    }
}
