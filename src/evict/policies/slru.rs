//! Segmented LRU: blocks used again are protected from those used once.
//!
//! New blocks enter the probationary segment; a use moves a block to the protected one. When
//! that holds more than its share its least recently used block falls back to the young end of
//! probation. The victim is the least recently used block on probation.
//!
//! Paper: Karedla, Love and Wherry, "Caching Strategies to Improve Disk System Performance"
//! (IEEE Computer 27(3), 1994). libCacheSim's differs in that a new block enters the protected
//! segment as long as that has room.
//! Cost: O(1) per access; memory: 4 bytes a slot and 20 a run of blocks.
//! Parameters: `protected_share` of the capacity, default 0.8, in [0, 1]; 0 is LRU.
//! Not defined under the tree discipline, where falling back has no order among leaves; see
//! `leaf_slru` for what an engine does instead.
//! When not to use it: working sets that change faster than protection wears off.

use crate::columns::links::assert_same_slots;
use crate::columns::queue::{Places, Queue};
use crate::evict::{Access, Build, EvictionRow, Formula, Origin, Policy, Slot, alone, blocks_of};
use crate::params::ParamSpec;
use std::ops::Range;

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "slru",
    title: "SLRU",
    summary: "LRU in two segments: blocks used again are protected from those used once.",
    formula: Formula::new(
        "victim = LRU on probation, else LRU of the protected; a use protects, and above \
         protected_share × capacity the protected LRU falls back",
    ),
    source: "Karedla, Love and Wherry 1994",
    origin: Origin::Paper,
    params: &[ParamSpec::number("protected_share", 0.8, 0.0, 1.0)
        .told("Protected", "Largest share of the capacity for blocks used again; 0 is LRU.")
        .least_blocks(1)],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(build: Build<'_>) -> Slru {
    let size = blocks_of(build.capacity, build.params.number("protected_share"));
    Slru { places: Places::default(), segments: Segments::new(size) }
}

/// The whole cache as two segments.
#[derive(Clone, Debug)]
pub struct Slru {
    places: Places,
    segments: Segments,
}

/// A probationary and a protected LRU. The caller owns the places, which may be of more queues.
#[derive(Clone, Debug)]
pub struct Segments {
    probation: Queue,
    protected: Queue,
    protected_size: u32,
}

/// What the queues are called.
const PROBATION: u32 = 0;
const PROTECTED: u32 = 1;

impl Segments {
    /// No blocks yet; at most `protected_size` are ever protected.
    pub fn new(protected_size: u32) -> Self {
        let (probation, protected) = (Queue::called(PROBATION), Queue::called(PROTECTED));
        Self { probation, protected, protected_size }
    }

    /// Adds `slot` as the newest on probation.
    pub fn insert(&mut self, places: &mut Places, slot: Slot) {
        self.probation.push(places, slot);
    }

    /// Protects `slot`, which is used again.
    #[inline]
    pub fn hit(&mut self, places: &mut Places, slot: Slot) {
        self.remove(places, slot);
        self.protected.push(places, slot);
        if self.protected_size < self.protected.len()
            && let Some(fallen) = self.protected.pop(places)
        {
            self.insert(places, fallen);
        }
    }

    /// As [`Segments::hit`] for each of `slots`.
    #[inline]
    pub fn hit_run(&mut self, places: &mut Places, mut slots: Range<Slot>) {
        while !slots.is_empty() {
            let (alike, home) = places.together(&mut slots);
            let list = if home == PROTECTED { &mut self.protected } else { &mut self.probation };
            list.remove_run(places, alike.clone());
            self.protected.push_run(places, alike);
            // The same fall, in the same order, as if each made room for itself.
            while self.protected_size < self.protected.len()
                && let Some(fallen) = self.protected.pop(places)
            {
                self.insert(places, fallen);
            }
        }
    }

    /// The slot that goes first.
    pub fn oldest(&self, places: &Places) -> Option<Slot> {
        self.probation.oldest(places).or_else(|| self.protected.oldest(places))
    }

    /// Takes `slot` out.
    pub fn remove(&mut self, places: &mut Places, slot: Slot) {
        let list =
            if places.home(slot) == PROTECTED { &mut self.protected } else { &mut self.probation };
        list.remove(places, slot);
    }

    /// The slots, with everything checked.
    ///
    /// # Panics
    /// If a segment is broken or too large.
    pub fn audit(&self, places: &Places) -> Vec<Slot> {
        let (mut slots, protected) = (self.probation.audit(places), self.protected.audit(places));
        assert!(protected.len() <= self.protected_size as usize, "protected in bounds");
        slots.extend(protected);
        slots
    }
}

impl Policy for Slru {
    fn cover(&mut self, slots: u32) {
        self.places.cover(slots);
    }

    fn stand_alone(&mut self) {
        self.places.stand_alone();
    }

    #[inline]
    fn on_hit(&mut self, slot: Slot, _access: &Access) {
        self.segments.hit(&mut self.places, slot);
    }

    #[inline]
    fn on_hit_run(&mut self, slots: Range<Slot>, _first: &Access) {
        self.segments.hit_run(&mut self.places, slots);
    }

    #[inline]
    fn victim(&mut self, _incoming: &Access) -> Option<Slot> {
        let slot = self.segments.oldest(&self.places)?;
        self.segments.remove(&mut self.places, slot);
        Some(slot)
    }

    #[inline(always)]
    fn on_miss_run(&mut self, _first: &Access, len: u32) -> u32 {
        len
    }

    /// Blocks that come in are the last on probation.
    #[inline]
    fn victims_before(
        &mut self,
        incoming: &Access,
        pending: u32,
        most: u32,
    ) -> Option<Range<Slot>> {
        match self.segments.probation.pop_run(&mut self.places, most, |_| true) {
            None if pending == 0 => self.victim(incoming).map(alone),
            slots => slots,
        }
    }

    #[inline]
    fn on_insert(&mut self, slot: Slot, _access: &Access) {
        self.segments.insert(&mut self.places, slot);
    }

    #[inline]
    fn on_insert_run(&mut self, slots: Range<Slot>, _first: &Access) {
        self.segments.probation.push_run(&mut self.places, slots);
    }

    #[inline]
    fn on_remove(&mut self, slot: Slot) {
        self.segments.remove(&mut self.places, slot);
    }

    fn validate(&self, resident: &[Slot]) {
        assert_same_slots(self.segments.audit(&self.places), resident);
    }
}
