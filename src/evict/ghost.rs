//! Ghosts: blocks that were evicted and are remembered by name, oldest first.
//!
//! Cost: O(1) per operation; memory: 16 bytes an entry and about 18 of index.

use super::list::{Links, List, set};
use super::{BlockMap, Slot};
use crate::types::BlockId;

/// A queue of block names with look-up.
#[derive(Clone, Debug, Default)]
pub struct Ghosts {
    blocks: Vec<BlockId>,
    free: Vec<Slot>,
    places: BlockMap<Slot>,
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
        self.places.contains_key(&block)
    }

    /// Remembers `block`, which is not remembered yet, as the newest.
    pub fn push(&mut self, block: BlockId) {
        let place = self.free.pop().unwrap_or(self.blocks.len() as Slot);
        set(&mut self.blocks, place, block, block);
        self.queue.push_newest(&mut self.links, place);
        let before = self.places.insert(block, place);
        debug_assert_eq!(before, None, "{block:?} is remembered twice");
    }

    /// Forgets `block`; whether it was remembered.
    pub fn remove(&mut self, block: BlockId) -> bool {
        let Some(place) = self.places.remove(&block) else { return false };
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
            assert_eq!(self.places.get(&block), Some(&place), "place of ghost {block:?}");
        }
        assert_eq!(queue.len(), self.places.len(), "ghosts in the index");
        assert_eq!(queue.len() + self.free.len(), self.blocks.len(), "free ghosts");
    }
}
