//! The facts of one node's cache: which block lives in which slot and how often it was touched.

use crate::columns::Sparse;
use crate::model::{BlockId, UNLIMITED_BLOCKS};

/// Buckets of the heat histogram: bucket b counts blocks touched [2^b, 2^(b+1)) times since
/// their insertion, the last one everything above.
pub const HEAT_BUCKETS: usize = 12;

/// A resident block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which block.
    pub block: BlockId,
    /// The block before it in its requests, or [`BlockId::NONE`].
    pub parent: BlockId,
    /// Position in its requests, from 0.
    pub depth: u32,
    /// Uses since its insertion on this node; the insertion is the first. Stays at its maximum.
    pub touches: u32,
}

/// Blocks by slot and slots by block. Memory follows what is resident: 16 bytes a slot and
/// mostly 4 to 8 of index (see [`Sparse`]); an unlimited capacity allocates nothing.
#[derive(Clone, Debug)]
pub struct Store {
    capacity: u32,
    entries: Vec<Entry>,
    free: Vec<u32>,
    /// One more than the slot of each resident block.
    index: Sparse,
    heat: [u32; HEAT_BUCKETS],
}

impl Store {
    /// An empty store for `capacity` blocks.
    pub fn new(capacity: u32) -> Self {
        let (entries, free) = (Vec::new(), Vec::new());
        Self { capacity, entries, free, index: Sparse::default(), heat: [0; HEAT_BUCKETS] }
    }

    /// Most blocks it may hold; [`UNLIMITED_BLOCKS`] or more never fills.
    pub fn capacity(&self) -> u32 {
        self.capacity
    }

    /// How many blocks are resident.
    #[inline]
    pub fn len(&self) -> u32 {
        self.index.len()
    }

    /// Whether no block is resident.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// Whether an insertion must be paid for with an eviction.
    #[inline]
    pub fn is_full(&self) -> bool {
        self.capacity < UNLIMITED_BLOCKS && self.len() >= self.capacity
    }

    /// Where `block` lives.
    #[inline]
    pub fn slot(&self, block: BlockId) -> Option<u32> {
        self.index.get(block).checked_sub(1)
    }

    /// What lives in an occupied `slot`.
    #[inline]
    pub fn entry(&self, slot: u32) -> &Entry {
        &self.entries[slot as usize]
    }

    /// Resident blocks by touches: see [`HEAT_BUCKETS`].
    pub fn heat(&self) -> &[u32; HEAT_BUCKETS] {
        &self.heat
    }

    /// The resident blocks in order of slot. O(slots).
    pub fn resident(&self) -> impl Iterator<Item = (u32, &Entry)> {
        let occupied = |(_, entry): &(u32, &Entry)| entry.touches > 0;
        (0..).zip(&self.entries).filter(occupied)
    }

    /// Counts a use of the block in an occupied `slot`.
    #[inline]
    pub(super) fn touch(&mut self, slot: u32) {
        let entry = &mut self.entries[slot as usize];
        let before = entry.touches;
        entry.touches = before.saturating_add(1);
        if entry.touches.is_power_of_two() {
            let touches = entry.touches;
            self.heat[bucket(before)] -= 1;
            self.heat[bucket(touches)] += 1;
        }
    }

    /// Gives `block`, which is not resident, a slot.
    #[inline]
    pub(super) fn insert(&mut self, block: BlockId, parent: BlockId, depth: u32) -> u32 {
        let entry = Entry { block, parent, depth, touches: 1 };
        let slot = match self.free.pop() {
            Some(slot) => {
                self.entries[slot as usize] = entry;
                slot
            }
            None => {
                self.entries.push(entry);
                self.entries.len() as u32 - 1
            }
        };
        self.index.set(block, slot + 1);
        self.heat[0] += 1;
        slot
    }

    /// Empties an occupied `slot`.
    #[inline]
    pub(super) fn remove(&mut self, slot: u32) -> Entry {
        let entry = self.entries[slot as usize];
        self.entries[slot as usize].touches = 0;
        self.index.set(entry.block, 0);
        self.free.push(slot);
        self.heat[bucket(entry.touches)] -= 1;
        entry
    }

    /// Recounts from scratch; returns the occupied slots, ascending.
    ///
    /// # Panics
    /// If slots, index and histogram disagree or the capacity is exceeded.
    pub(super) fn validate(&self) -> Vec<u32> {
        let mut heat = [0; HEAT_BUCKETS];
        let mut slots = Vec::new();
        for (slot, entry) in self.resident() {
            assert_eq!(self.slot(entry.block), Some(slot), "index of {:?}", entry.block);
            heat[bucket(entry.touches)] += 1;
            slots.push(slot);
        }
        assert_eq!(slots.len(), self.index.len() as usize, "occupied slots");
        assert_eq!(slots.len() + self.free.len(), self.entries.len(), "free slots");
        assert_eq!(heat, self.heat, "heat histogram");
        assert!(self.len() <= self.capacity, "{} in {}", self.len(), self.capacity);
        slots
    }
}

#[inline]
fn bucket(touches: u32) -> usize {
    (touches.ilog2() as usize).min(HEAT_BUCKETS - 1)
}
