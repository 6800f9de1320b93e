//! Ghosts: blocks that were evicted and are remembered by name, oldest first.
//!
//! Cost: O(1) per operation; memory: 16 bytes an entry and mostly 4 to 8 of index.

use crate::columns::Sparse;
use crate::columns::links::{Links, List, set};
use crate::model::{BlockId, Slot};

/// A queue of block names with look-up.
#[derive(Clone, Debug, Default)]
pub struct Ghosts {
    blocks: Vec<BlockId>,
    free: Vec<Slot>,
    /// One more than the place of each.
    places: Sparse,
    links: Links,
    queue: List,
}

impl Ghosts {
    /// How many are remembered.
    pub fn len(&self) -> u32 {
        self.queue.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Whether `block` is remembered.
    pub fn contains(&self, block: BlockId) -> bool {
        self.places.get(block) != 0
    }

    /// Remembers `block`, which is not remembered yet, as the newest.
    pub fn push(&mut self, block: BlockId) {
        let place = self.free.pop().unwrap_or(self.blocks.len() as Slot);
        set(&mut self.blocks, place, block, block);
        self.queue.push_newest(&mut self.links, place);
        debug_assert_eq!(self.places.get(block), 0, "{block:?} is remembered twice");
        self.places.set(block, place + 1);
    }

    /// Forgets `block`; whether it was remembered.
    pub fn remove(&mut self, block: BlockId) -> bool {
        let Some(place) = self.places.get(block).checked_sub(1) else { return false };
        self.places.set(block, 0);
        self.queue.remove(&mut self.links, place);
        self.free.push(place);
        true
    }

    /// Forgets the oldest until at most `limit` are left.
    pub fn trim(&mut self, limit: u32) {
        while limit < self.len() {
            self.remove(self.blocks[self.queue.oldest() as usize]);
        }
    }

    /// Checks links, index and free places.
    ///
    /// # Panics
    /// If they disagree.
    pub fn audit(&self) {
        let queue = self.queue.audit(&self.links);
        for &place in &queue {
            let block = self.blocks[place as usize];
            assert_eq!(self.places.get(block), place + 1, "place of ghost {block:?}");
        }
        assert_eq!(queue.len(), self.places.len() as usize, "ghosts in the index");
        assert_eq!(queue.len() + self.free.len(), self.blocks.len(), "free ghosts");
    }
}
