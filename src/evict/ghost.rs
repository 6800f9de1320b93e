//! Ghosts: blocks that were evicted and are remembered by name, oldest first.
//!
//! Cost: O(1) per operation; memory: 4 bytes a slot and 20 a run of neighbours.

use crate::columns::pages::Near;
use crate::columns::queue::{Places, Queue};
use crate::columns::{Kept, Pages};
use crate::model::BlockId;

/// A queue of block names with look-up.
#[derive(Clone, Debug, Default)]
pub struct Ghosts {
    pages: Pages,
    places: Places,
    queue: Queue,
}

impl Ghosts {
    /// From now on what is kept by block may follow the trace. Nothing is remembered yet.
    pub fn stand_alone(&mut self) {
        self.pages = Pages::dense();
        self.places.stand_alone();
    }

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

    /// How many of `len` blocks from `first` on, of one page if there are pages, are not
    /// remembered before the
    /// first that is.
    #[inline]
    pub fn lack(&self, first: BlockId, len: u32) -> u32 {
        self.pages.lack(first, len)
    }

    /// Remembers `len` blocks from `first` on, of one page if there are pages and none remembered
    /// yet, as the
    /// newest, one after the other.
    #[inline]
    pub fn push_run(&mut self, first: BlockId, len: u32) {
        let mut near = Near::default();
        let before = self.pages.find(first, &mut near);
        debug_assert!(before.is_none(), "{first:?} is remembered twice");
        let slot = self.pages.insert_run(first, len, &mut near);
        self.places.cover(self.pages.slots());
        self.queue.push_run(&mut self.places, slot..slot + len);
    }

    /// Forgets `block`; whether it was remembered.
    #[inline]
    pub fn remove(&mut self, block: BlockId) -> bool {
        let Some(slot) = self.pages.slot(block) else { return false };
        self.pages.remove(slot);
        self.queue.remove(&mut self.places, slot);
        true
    }

    /// Forgets the oldest until at most `limit` are left.
    #[inline]
    pub fn trim(&mut self, limit: u32) {
        while let excess = self.len().saturating_sub(limit)
            && 0 < excess
            && let Some(slots) = self.queue.pop_run(&mut self.places, excess, |_| true)
        {
            self.pages.remove_run(slots.start, slots.len() as u32);
        }
    }

    /// Adds those remembered to `kept`. O(pages).
    pub fn keep_names(&self, kept: &mut Kept) {
        self.pages.iter().for_each(|(_, block)| kept.keep(block));
    }

    /// Checks links and names.
    ///
    /// # Panics
    /// If they disagree.
    pub fn audit(&self) {
        self.pages.validate();
        let mut queue = self.queue.audit(&self.places);
        queue.sort_unstable();
        assert!(self.pages.iter().map(|(slot, _)| slot).eq(queue), "ghosts in the queue");
    }
}
