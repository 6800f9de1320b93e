//! Segmented LRU: blocks used again are protected from those used once.
//!
//! New blocks enter the probationary segment; a use moves a block to the protected one. When
//! that holds more than its share its least recently used block falls back to the young end of
//! probation. The victim is the least recently used block on probation.
//!
//! Paper: Karedla, Love and Wherry, "Caching Strategies to Improve Disk System Performance"
//! (IEEE Computer 27(3), 1994). libCacheSim's differs in that a new block enters the protected
//! segment as long as that has room.
//! Cost: O(1) per access; memory: 9 bytes a block.
//! Parameters: `protected_share` of the capacity, default 0.8, in [0, 1]; 0 is LRU.
//! Not defined under the tree discipline, where falling back has no order among leaves; see
//! `leaf_slru` for what an engine does instead.
//! When not to use it: working sets that change faster than protection wears off.

use crate::columns::links::{Links, List, assert_same_slots, set};
use crate::evict::{Access, Build, EvictionRow, NO_SLOT, Policy, Slot, blocks_of};
use crate::params::ParamSpec;

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "slru",
    title: "SLRU",
    summary: "LRU in two segments: blocks used again are protected from those used once.",
    source: "Karedla, Love and Wherry 1994",
    params: &[ParamSpec::number("protected_share", 0.8, 0.0, 1.0)
        .told("Protected", "Largest share of the capacity for blocks used again; 0 is LRU.")
        .least_blocks(1)],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(build: Build<'_>) -> Slru {
    let size = blocks_of(build.capacity, build.params.number("protected_share"));
    Slru { segments: Segments::new(size), ..Slru::default() }
}

/// The whole cache as two segments.
#[derive(Clone, Debug, Default)]
pub struct Slru {
    links: Links,
    segments: Segments,
}

/// A probationary and a protected LRU. The caller owns the links, which may thread more lists.
#[derive(Clone, Debug, Default)]
pub struct Segments {
    probation: List,
    protected: List,
    is_protected: Vec<bool>,
    protected_size: u32,
}

impl Segments {
    /// No blocks yet; at most `protected_size` are ever protected.
    pub fn new(protected_size: u32) -> Self {
        Self { protected_size, ..Self::default() }
    }

    /// Adds `slot` as the newest on probation.
    pub fn insert(&mut self, links: &mut Links, slot: Slot) {
        self.probation.push_newest(links, slot);
        set(&mut self.is_protected, slot, false, false);
    }

    /// Protects `slot`, which is used again.
    pub fn hit(&mut self, links: &mut Links, slot: Slot) {
        self.remove(links, slot);
        self.protected.push_newest(links, slot);
        self.is_protected[slot as usize] = true;
        if self.protected_size < self.protected.len()
            && let Some(fallen) = self.protected.pop_oldest(links)
        {
            self.insert(links, fallen);
        }
    }

    /// The slot that goes first, or [`NO_SLOT`].
    pub fn oldest(&self) -> Slot {
        if self.probation.is_empty() { self.protected.oldest() } else { self.probation.oldest() }
    }

    /// Takes `slot` out.
    pub fn remove(&mut self, links: &mut Links, slot: Slot) {
        let is_protected = self.is_protected[slot as usize];
        let list = if is_protected { &mut self.protected } else { &mut self.probation };
        list.remove(links, slot);
    }

    /// The slots, with everything checked.
    ///
    /// # Panics
    /// If a segment is broken or too large.
    pub fn audit(&self, links: &Links) -> Vec<Slot> {
        let (mut slots, protected) = (self.probation.audit(links), self.protected.audit(links));
        assert!(protected.len() <= self.protected_size as usize, "protected in bounds");
        let marked = |&slot: &Slot| self.is_protected[slot as usize];
        assert!(!slots.iter().any(marked) && protected.iter().all(marked), "segment marks");
        slots.extend(protected);
        slots
    }
}

impl Policy for Slru {
    fn on_hit(&mut self, slot: Slot, _access: &Access) {
        self.segments.hit(&mut self.links, slot);
    }

    fn victim(&mut self, _incoming: &Access) -> Option<Slot> {
        let slot = self.segments.oldest();
        if slot == NO_SLOT {
            return None;
        }
        self.segments.remove(&mut self.links, slot);
        Some(slot)
    }

    fn on_insert(&mut self, slot: Slot, _access: &Access) {
        self.segments.insert(&mut self.links, slot);
    }

    fn on_remove(&mut self, slot: Slot) {
        self.segments.remove(&mut self.links, slot);
    }

    fn validate(&self, resident: &[Slot]) {
        assert_same_slots(self.segments.audit(&self.links), resident);
    }
}
