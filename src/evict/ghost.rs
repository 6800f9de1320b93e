//! Ghosts: blocks that were evicted and are remembered by name, oldest first.
//!
//! Cost: O(1) per operation; memory: 8 bytes an entry, and a page of 16 neighbours is paid for as
//! a whole.

use crate::columns::Pages;
use crate::columns::links::{Links, List};
use crate::model::BlockId;

/// A queue of block names with look-up.
#[derive(Clone, Debug, Default)]
pub struct Ghosts {
    pages: Pages,
    links: Links,
    queue: List,
}

impl Ghosts {
    /// How many are remembered.
    #[inline]
    pub fn len(&self) -> u32 {
        self.queue.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Whether `block` is remembered.
    pub fn contains(&self, block: BlockId) -> bool {
        self.pages.slot(block).is_some()
    }

    /// Remembers `block`, which is not remembered yet, as the newest.
    pub fn push(&mut self, block: BlockId) {
        debug_assert!(!self.contains(block), "{block:?} is remembered twice");
        let slot = self.pages.insert(block);
        self.links.cover(self.pages.slots());
        self.queue.push_newest(&mut self.links, slot);
    }

    /// Forgets `block`; whether it was remembered.
    #[inline]
    pub fn remove(&mut self, block: BlockId) -> bool {
        let Some(slot) = self.pages.slot(block) else { return false };
        self.pages.remove(slot);
        self.queue.remove(&mut self.links, slot);
        true
    }

    /// Forgets the oldest until at most `limit` are left.
    #[inline]
    pub fn trim(&mut self, limit: u32) {
        while limit < self.len()
            && let Some(slot) = self.queue.pop_oldest(&mut self.links)
        {
            self.pages.remove(slot);
        }
    }

    /// Checks links and names.
    ///
    /// # Panics
    /// If they disagree.
    pub fn audit(&self) {
        self.pages.validate();
        let mut queue = self.queue.audit(&self.links);
        queue.sort_unstable();
        assert!(self.pages.iter().map(|(slot, _)| slot).eq(queue), "ghosts in the queue");
    }
}
