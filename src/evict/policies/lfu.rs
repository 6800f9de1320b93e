//! LFU: the block with the fewest touches since its insertion goes first; among equals the one
//! that reached that count first. The count is forgotten on eviction.
//!
//! Source: the notes; the constant-time structure is that of Shah, Mitra and Matani, "An O(1)
//! algorithm for implementing the LFU cache eviction scheme" (2010): a queue for each count in
//! use, linked in order of count. A block alone at its count takes the count along.
//! Under the tree discipline the same order holds among the eligible.
//! Cost: O(1) per access flat, O(log n) tree; memory: 4 bytes a slot, 20 a run of blocks and 32 a
//! count in use flat, 44 a slot tree. Parameters: none.
//! When not to use it: large caches, where blocks that were hot an hour ago never leave.

use std::ops::Range;

use crate::columns::links::assert_same_slots;
use crate::columns::queue::{Places, Queue};
use crate::evict::ranked::{Rank, Ranked};
use crate::evict::{Access, Build, EvictionRow, Formula, Origin, Policy, Slot, alone};

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "lfu",
    title: "LFU",
    summary: "The block touched least since its insertion goes first; the count is then forgotten.",
    formula: Formula::new("victim = least (touches since insertion, when that count was reached)"),
    source: "the research notes",
    origin: Origin::Notes,
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

/// A queue of blocks for each count.
#[derive(Clone, Debug)]
pub struct Lfu {
    /// Places; a queue is called what its class is.
    places: Places,
    classes: Vec<Class>,
    free: Vec<u32>,
    /// The class of the lowest count, or [`NO_CLASS`].
    lowest: u32,
}

/// The blocks of one count, in the order in which they reached it.
#[derive(Clone, Debug)]
struct Class {
    count: u32,
    queue: Queue,
    /// The classes of the next counts in use, or [`NO_CLASS`].
    lower: u32,
    higher: u32,
}

const NO_CLASS: u32 = u32::MAX;

impl Default for Lfu {
    fn default() -> Self {
        let (places, classes, free) = (Places::default(), Vec::new(), Vec::new());
        Self { places, classes, free, lowest: NO_CLASS }
    }
}

impl Lfu {
    /// Puts `slot`, which is in no class, into the class `at` as the last to reach its count.
    fn join(&mut self, at: u32, slot: Slot) {
        self.classes[at as usize].queue.push(&mut self.places, slot);
    }

    /// The same for slots next to each other.
    fn join_run(&mut self, at: u32, slots: Range<Slot>) {
        self.classes[at as usize].queue.push_run(&mut self.places, slots);
    }

    /// The class of `count`, made if need be; its neighbours in use are `lower` and `higher`.
    fn class(&mut self, count: u32, lower: u32, higher: u32) -> u32 {
        if let Some(class) = self.classes.get(higher as usize)
            && class.count == count
        {
            return higher;
        }
        let at = self.free.pop().unwrap_or_else(|| {
            let at = self.classes.len() as u32;
            let queue = Queue::called(at);
            self.classes.push(Class { count, queue, lower, higher });
            at
        });
        let class = &mut self.classes[at as usize];
        (class.count, class.lower, class.higher) = (count, lower, higher);
        self.link(lower, at);
        self.link(at, higher);
        at
    }

    /// Makes two classes neighbours; one of them may be none.
    fn link(&mut self, lower: u32, higher: u32) {
        match self.classes.get_mut(lower as usize) {
            Some(class) => class.higher = higher,
            None => self.lowest = higher,
        }
        if let Some(class) = self.classes.get_mut(higher as usize) {
            class.lower = lower;
        }
    }

    /// Gives the class `at` up if it has become empty.
    fn leave(&mut self, at: u32) {
        let class = &mut self.classes[at as usize];
        if class.queue.is_empty() {
            let (lower, higher) = (class.lower, class.higher);
            self.link(lower, higher);
            self.free.push(at);
        }
    }
}

impl Policy for Lfu {
    fn cover(&mut self, slots: u32) {
        self.places.cover(slots);
    }

    fn stand_alone(&mut self) {
        self.places.stand_alone();
    }

    #[inline]
    fn on_hit(&mut self, slot: Slot, _access: &Access) {
        let at = self.places.home(slot);
        let class = &self.classes[at as usize];
        let (count, higher) = (class.count.saturating_add(1), class.higher);
        let next = self.classes.get(higher as usize);
        if class.queue.len() == 1 && next.is_none_or(|next| next.count != count) {
            self.classes[at as usize].count = count;
            return;
        }
        self.classes[at as usize].queue.remove(&mut self.places, slot);
        // A count at its maximum stays there.
        let to = if count == self.classes[at as usize].count {
            at
        } else {
            self.class(count, at, higher)
        };
        self.join(to, slot);
        self.leave(at);
    }

    /// As many at a time as have the same count, which they all leave for the next.
    #[inline]
    fn on_hit_run(&mut self, mut slots: Range<Slot>, _first: &Access) {
        while !slots.is_empty() {
            let (alike, at) = self.places.together(&mut slots);
            let Class { count, higher, ref mut queue, .. } = self.classes[at as usize];
            queue.remove_run(&mut self.places, alike.clone());
            // A count at its maximum stays there.
            let to = match count.checked_add(1) {
                Some(count) => self.class(count, at, higher),
                None => at,
            };
            self.join_run(to, alike);
            self.leave(at);
        }
    }

    #[inline(always)]
    fn on_miss_run(&mut self, _first: &Access, len: u32) -> u32 {
        len
    }

    /// Blocks that come in are the last of those used once.
    #[inline]
    fn victims_before(
        &mut self,
        incoming: &Access,
        pending: u32,
        most: u32,
    ) -> Option<Range<Slot>> {
        let at = self.lowest;
        let lowest = self.classes.get_mut(at as usize)?;
        if 1 < lowest.count {
            return if 0 < pending { None } else { self.victim(incoming).map(alone) };
        }
        let slots = lowest.queue.pop_run(&mut self.places, most, |_| true);
        self.leave(at);
        slots
    }

    #[inline]
    fn on_insert_run(&mut self, slots: Range<Slot>, _first: &Access) {
        let at = self.class(1, NO_CLASS, self.lowest);
        self.join_run(at, slots);
    }

    #[inline]
    fn victim(&mut self, _incoming: &Access) -> Option<Slot> {
        let at = self.lowest;
        let slot = self.classes.get_mut(at as usize)?.queue.pop(&mut self.places);
        self.leave(at);
        slot
    }

    #[inline]
    fn on_insert(&mut self, slot: Slot, _access: &Access) {
        let at = self.class(1, NO_CLASS, self.lowest);
        self.join(at, slot);
    }

    #[inline]
    fn on_remove(&mut self, slot: Slot) {
        let at = self.places.home(slot);
        self.classes[at as usize].queue.remove(&mut self.places, slot);
        self.leave(at);
    }

    fn validate(&self, resident: &[Slot]) {
        let (mut slots, mut at, mut lower, mut in_use) = (Vec::new(), self.lowest, NO_CLASS, 0);
        while let Some(class) = self.classes.get(at as usize) {
            assert_eq!(class.lower, lower, "the class below count {}", class.count);
            let below = self.classes.get(lower as usize).map_or(0, |lower| lower.count);
            assert!(below < class.count, "count {} follows {below}", class.count);
            let members = class.queue.audit(&self.places);
            assert!(!members.is_empty(), "nothing has count {}", class.count);
            slots.extend(members);
            (lower, at, in_use) = (at, class.higher, in_use + 1);
        }
        assert_eq!(in_use + self.free.len(), self.classes.len(), "free classes");
        assert_same_slots(slots, resident);
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
