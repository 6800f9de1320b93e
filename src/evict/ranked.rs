//! Policies that rank every block and drop the eligible one ranked lowest.
//!
//! A [`Rank`] gives a block its key at insertion and a new one at each use; [`Ranked`] keeps the
//! eligible blocks in a heap by key and serves both disciplines with it. Keys must differ from
//! block to block, so that no order is left to the heap: a tick, a block id or a depth decides.
//! Cost: O(log n) per access, O(1) where a key grows past all others and for blocks that are not
//! eligible; memory: 8 bytes a block, twice the key, and padding.

use super::{Access, NO_SLOT, Policy, Slot, TreePolicy};
use crate::columns::Kept;
use crate::columns::links::{assert_same_slots, cover};

/// How a policy ranks a block: the lowest key goes first.
pub trait Rank: Clone + Send {
    /// What is compared. No two resident blocks may have equal keys.
    type Key: Copy + Default + Ord + Send;

    /// Whether [`Rank::at_end`] is wanted.
    const RESTAMPS: bool = false;

    /// The key of a block that has just been inserted.
    fn on_insert(&mut self, access: &Access) -> Self::Key;

    /// The key, until now `key`, of a block that is used again.
    fn on_hit(&mut self, key: Self::Key, access: &Access) -> Self::Key;

    /// The key, until now `key`, of a resident block of the request that ends; asked from the
    /// deepest to the root.
    fn at_end(&mut self, key: Self::Key) -> Self::Key {
        key
    }

    /// The key, until now `key`, of a block that another node used.
    fn on_foresight(&mut self, key: Self::Key, _access: &Access) -> Self::Key {
        key
    }

    /// As [`Policy::victims_at_once`].
    fn at_once(&self) -> u32 {
        1
    }

    /// As [`Policy::keep_names`].
    fn keep_names(&self, _kept: &mut Kept) {}

    /// Whether `incoming` goes rather than the block ranked `lowest`.
    fn is_below(&self, _incoming: &Access, _lowest: Self::Key) -> bool {
        false
    }
}

/// A policy that drops the eligible block ranked lowest by `R`.
#[derive(Clone, Debug)]
pub struct Ranked<R: Rank> {
    rank: R,
    /// Keys by slot, of the eligible and the others; stale where nothing is resident.
    keys: Vec<R::Key>,
    eligible: Heap<R::Key>,
}

impl<R: Rank> Ranked<R> {
    /// No blocks yet.
    pub fn new(rank: R) -> Self {
        let eligible = Heap { entries: Vec::new(), place: Vec::new() };
        Self { rank, keys: Vec::new(), eligible }
    }

    #[inline]
    fn rerank(&mut self, slot: Slot, key: R::Key) {
        self.keys[slot as usize] = key;
        if self.eligible.contains(slot) {
            self.eligible.remove(slot);
            self.eligible.insert(slot, key);
        }
    }
}

impl<R: Rank> Policy for Ranked<R> {
    const RESTAMPS: bool = R::RESTAMPS;

    fn cover(&mut self, slots: u32) {
        cover(&mut self.keys, slots, R::Key::default());
        cover(&mut self.eligible.place, slots, NO_SLOT);
    }

    fn on_hit(&mut self, slot: Slot, access: &Access) {
        let key = self.rank.on_hit(self.keys[slot as usize], access);
        self.rerank(slot, key);
    }

    fn victim(&mut self, incoming: &Access) -> Option<Slot> {
        let &(key, slot) = self.eligible.entries.first()?;
        if self.rank.is_below(incoming, key) {
            return None;
        }
        self.eligible.remove(slot);
        Some(slot)
    }

    #[inline]
    fn victims_at_once(&self) -> u32 {
        self.rank.at_once()
    }

    fn on_insert(&mut self, slot: Slot, access: &Access) {
        let key = self.rank.on_insert(access);
        self.keys[slot as usize] = key;
        self.eligible.insert(slot, key);
    }

    fn on_remove(&mut self, slot: Slot) {
        if self.eligible.contains(slot) {
            self.eligible.remove(slot);
        }
    }

    fn on_request_end(&mut self, slots: &[Slot]) {
        for &slot in slots.iter().rev() {
            let key = self.rank.at_end(self.keys[slot as usize]);
            self.rerank(slot, key);
        }
    }

    fn keep_names(&self, kept: &mut Kept) {
        self.rank.keep_names(kept);
    }

    fn on_foresight(&mut self, slot: Slot, access: &Access) {
        let key = self.rank.on_foresight(self.keys[slot as usize], access);
        self.rerank(slot, key);
    }

    fn validate(&self, slots: &[Slot]) {
        for &(key, slot) in &self.eligible.entries {
            assert!(key == self.keys[slot as usize], "key of slot {slot}");
        }
        assert_same_slots(self.eligible.audit(), slots);
    }
}

impl<R: Rank> TreePolicy for Ranked<R> {
    fn on_eligible(&mut self, slot: Slot) {
        self.eligible.insert(slot, self.keys[slot as usize]);
    }

    fn on_ineligible(&mut self, slot: Slot) {
        self.eligible.remove(slot);
    }
}

/// Children of a heap entry: four share a cache line or two, and halve the depth.
const ARITY: usize = 4;

/// Slots by key, the lowest first, each findable by its slot.
#[derive(Clone, Debug)]
struct Heap<K> {
    entries: Vec<(K, Slot)>,
    /// Where in `entries` a slot is, or [`NO_SLOT`].
    place: Vec<u32>,
}

impl<K: Copy + Ord> Heap<K> {
    #[inline]
    fn contains(&self, slot: Slot) -> bool {
        self.place[slot as usize] != NO_SLOT
    }

    #[inline]
    fn insert(&mut self, slot: Slot, key: K) {
        self.entries.push((key, slot));
        self.rise(self.entries.len() - 1);
    }

    fn remove(&mut self, slot: Slot) {
        let at = self.place[slot as usize] as usize;
        self.place[slot as usize] = NO_SLOT;
        self.entries.swap_remove(at);
        if at < self.entries.len() {
            let at = self.sink(at);
            self.rise(at);
        }
    }

    /// Moves the entry at `at` up to where its key belongs.
    #[inline]
    fn rise(&mut self, mut at: usize) {
        let entry = self.entries[at];
        while 0 < at {
            let above = (at - 1) / ARITY;
            if self.entries[above].0 <= entry.0 {
                break;
            }
            self.write(at, self.entries[above]);
            at = above;
        }
        self.write(at, entry);
    }

    /// Moves the entry at `at` down to where its key belongs; returns that place.
    fn sink(&mut self, mut at: usize) -> usize {
        let entry = self.entries[at];
        loop {
            let first = at * ARITY + 1;
            let last = (first + ARITY).min(self.entries.len());
            let below = (first..last).min_by_key(|&child| self.entries[child].0);
            match below {
                Some(below) if self.entries[below].0 < entry.0 => {
                    self.write(at, self.entries[below]);
                    at = below;
                }
                _ => break,
            }
        }
        self.write(at, entry);
        at
    }

    #[inline(always)]
    fn write(&mut self, at: usize, entry: (K, Slot)) {
        self.entries[at] = entry;
        self.place[entry.1 as usize] = at as u32;
    }

    /// The slots, with order and places checked.
    fn audit(&self) -> Vec<Slot> {
        for (at, &(key, slot)) in self.entries.iter().enumerate() {
            assert_eq!(self.place[slot as usize] as usize, at, "place of slot {slot}");
            assert!(at == 0 || self.entries[(at - 1) / ARITY].0 < key, "keys rise from {at}");
        }
        let placed = self.place.iter().filter(|&&at| at != NO_SLOT).count();
        assert_eq!(placed, self.entries.len(), "placed slots");
        self.entries.iter().map(|entry| entry.1).collect()
    }
}
