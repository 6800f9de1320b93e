//! Which blocks are resident, in which slots, and how often each was used since it came.

use crate::columns::Pages;
use crate::columns::links::cover;
use crate::columns::pages::Near;
use crate::model::{BlockId, Slot, UNLIMITED_BLOCKS};

/// Bands of blocks by their uses since they came: once, twice, 3 to 4, 5 to 8, 9 times and more.
pub const USE_BANDS: usize = 5;

/// Blocks by slot and slots by block. Memory follows what is resident (see [`Pages`]), and 4 bytes
/// a slot where touches are counted; an unlimited capacity allocates nothing.
#[derive(Clone, Debug)]
pub struct Store {
    capacity: u32,
    /// The same, or more than can be resident if it never fills.
    limit: u32,
    pages: Pages,
    counts_touches: bool,
    /// Uses since insertion by slot, stale where nothing is resident; empty unless they are
    /// counted.
    touches: Vec<u32>,
}

impl Store {
    /// An empty store for `capacity` blocks.
    pub fn new(capacity: u32) -> Self {
        let limit = if capacity < UNLIMITED_BLOCKS { capacity } else { u32::MAX };
        let pages = Pages::default();
        Self { capacity, limit, pages, counts_touches: false, touches: Vec::new() }
    }

    /// Most blocks it may hold; [`UNLIMITED_BLOCKS`] or more never fills.
    pub fn capacity(&self) -> u32 {
        self.capacity
    }

    /// How many blocks are resident.
    #[inline]
    pub fn len(&self) -> u32 {
        self.pages.len()
    }

    /// Whether no block is resident.
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// Whether an insertion must be paid for with an eviction.
    #[inline(always)]
    pub fn is_full(&self) -> bool {
        self.limit <= self.len()
    }

    /// Where `block` lives.
    #[inline(always)]
    pub fn slot(&self, block: BlockId) -> Option<Slot> {
        self.pages.slot(block)
    }

    /// Where `block` lives, looked for where the last one was.
    #[inline(always)]
    pub(super) fn find(&self, block: BlockId, near: &mut Near) -> Option<Slot> {
        self.pages.find(block, near)
    }

    /// Where the blocks from `first` on live, or that they do not: see [`Pages::stretch`].
    #[inline(always)]
    pub(super) fn stretch(
        &self,
        first: BlockId,
        most: u32,
        near: &mut Near,
    ) -> (Option<Slot>, u32) {
        self.pages.stretch(first, most, near)
    }

    /// How many insertions need not be paid for.
    #[inline(always)]
    pub(super) fn room(&self) -> u32 {
        self.limit - self.len()
    }

    /// What lives in an occupied `slot`.
    #[inline]
    pub fn block(&self, slot: Slot) -> BlockId {
        self.pages.block(slot)
    }

    /// All slots used so far are below this one.
    #[inline]
    pub(super) fn slots(&self) -> u32 {
        self.pages.slots()
    }

    /// The resident blocks in order of slot. O(slots).
    pub fn resident(&self) -> impl Iterator<Item = (Slot, BlockId)> {
        self.pages.iter()
    }

    /// Whether touches are counted.
    pub fn counts_touches(&self) -> bool {
        self.counts_touches
    }

    /// Uses of the block in an occupied `slot` since its insertion on this node; the insertion is
    /// the first. Stays at its maximum; 0 unless touches are counted.
    pub fn touches(&self, slot: Slot) -> u32 {
        if self.counts_touches { self.touches[slot as usize] } else { 0 }
    }

    /// The band of the block in an occupied `slot`, of [`USE_BANDS`]; touches are counted.
    #[inline]
    pub fn band(&self, slot: Slot) -> usize {
        let doublings = u32::BITS - (self.touches(slot) - 1).leading_zeros();
        (doublings as usize).min(USE_BANDS - 1)
    }

    /// From now on touches are counted. The store is empty.
    pub(super) fn count_touches(&mut self) {
        debug_assert!(self.is_empty(), "uses before now are not known");
        self.counts_touches = true;
    }

    /// From now on what is kept by block may follow the trace. The store is empty.
    pub(super) fn stand_alone(&mut self) {
        debug_assert!(self.is_empty(), "before anything else");
        self.pages = Pages::dense();
    }

    /// Counts a use of the block in an occupied `slot`.
    #[inline(always)]
    pub(super) fn touch(&mut self, slot: Slot) {
        self.touch_run(slot, 1);
    }

    /// Counts a use of each of `len` blocks in occupied slots from `first` on.
    #[inline(always)]
    pub(super) fn touch_run(&mut self, first: Slot, len: u32) {
        if self.counts_touches {
            let all = &mut self.touches[first as usize..(first + len) as usize];
            all.iter_mut().for_each(|touches| *touches = touches.saturating_add(1));
        }
    }

    /// Gives `block`, which was just looked for and is not resident, a slot.
    #[inline(always)]
    pub(super) fn insert(&mut self, block: BlockId, near: &mut Near) -> Slot {
        self.insert_run(block, 1, near)
    }

    /// The same for `len` blocks from `first` on, of a [stretch](Store::stretch); returns the first
    /// of their slots.
    #[inline(always)]
    pub(super) fn insert_run(&mut self, first: BlockId, len: u32, near: &mut Near) -> Slot {
        let slot = self.pages.insert_run(first, len, near);
        if self.counts_touches {
            cover(&mut self.touches, self.pages.slots(), 0);
            self.touches[slot as usize..(slot + len) as usize].fill(1);
        }
        slot
    }

    /// Empties an occupied `slot`; returns who lived there.
    #[inline(always)]
    pub(super) fn remove(&mut self, slot: Slot) -> BlockId {
        self.remove_run(slot, 1)
    }

    /// Empties `len` occupied slots from `first` on, which are of one page if there are pages;
    /// returns who lived in the first.
    #[inline(always)]
    pub(super) fn remove_run(&mut self, first: Slot, len: u32) -> BlockId {
        self.pages.remove_run(first, len)
    }

    /// Recounts from scratch; returns the occupied slots, ascending.
    ///
    /// # Panics
    /// If slots and blocks disagree or the capacity is exceeded.
    pub(super) fn validate(&self) -> Vec<Slot> {
        self.pages.validate();
        assert!(self.len() <= self.capacity, "{} in {}", self.len(), self.capacity);
        let slots: Vec<Slot> = self.resident().map(|(slot, _)| slot).collect();
        let counted = |&slot: &Slot| self.touches(slot) > 0 || !self.counts_touches();
        assert!(slots.iter().all(counted), "a resident block without a touch");
        slots
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::Lookup;
    use crate::rng::Stream;
    use std::collections::BTreeMap;

    #[test]
    fn stretches_are_as_far_as_a_page_if_there_are_any_and_as_blocks_are_alike() {
        for (alone, rises) in [(false, false), (false, true), (true, false), (true, true)] {
            let mut store = Store::new(UNLIMITED_BLOCKS);
            if alone {
                store.stand_alone();
            }
            let mut stream = Stream::new(8, "stretches", 0);
            let mut twin = BTreeMap::new();
            for _ in 0..5_000 {
                let mut blocks: Vec<BlockId> = Vec::new();
                let mut block = stream.below(60) as u32;
                for _ in 0..1 + stream.below(30) {
                    blocks.push(BlockId(block));
                    // Numbers of names that were forgotten are given anew, and need not rise.
                    block = match stream.below(8) {
                        0 => block + 2,
                        1 if !rises => stream.below(60) as u32,
                        _ => block + 1,
                    };
                }
                let mut near = Near::default();
                let lookup = Lookup { blocks: &blocks, next_use: &[], rises };
                let (slot, len) = lookup.stretch(0, &store, &mut near);
                let place = |block: &BlockId| twin.get(block).copied();
                assert_eq!(slot, place(&blocks[0]));
                let alike = blocks.iter().zip(blocks[0].0..).take_while(|&(block, number)| {
                    let same_page = alone || block.0 / 16 == blocks[0].0 / 16;
                    block.0 == number && same_page && place(block).is_some() == slot.is_some()
                });
                assert_eq!(len as usize, alike.count(), "{blocks:?}");
                let some = 1 + stream.below(u64::from(len)) as u32;
                match slot {
                    Some(slot) => {
                        assert_eq!(store.remove_run(slot, some), blocks[0]);
                        (0..some).for_each(|ahead| {
                            assert_eq!(twin.remove(&blocks[ahead as usize]), Some(slot + ahead));
                        });
                    }
                    None => {
                        let slot = store.insert_run(blocks[0], some, &mut near);
                        let run = blocks[..some as usize].iter().copied().zip(slot..);
                        twin.extend(run);
                    }
                }
                assert_eq!(store.len() as usize, twin.len());
                store.validate();
                let mut slots: Vec<_> = twin.iter().map(|(&block, &slot)| (slot, block)).collect();
                slots.sort_unstable();
                assert!(store.resident().eq(slots));
            }
        }
    }

    #[test]
    fn bands_double_from_one_use_on_and_the_last_is_open() {
        let mut store = Store::new(1);
        store.count_touches();
        let (block, mut near) = (BlockId(7), Near::default());
        assert_eq!(store.find(block, &mut near), None);
        let slot = store.insert(block, &mut near);
        let mut bands = vec![store.band(slot)];
        for _ in 1..20 {
            store.touch(slot);
            bands.push(store.band(slot));
        }
        let sizes = [0, 1, 2, 3, 4].map(|band| bands.iter().filter(|&&it| it == band).count());
        assert_eq!((sizes, bands.is_sorted()), ([1, 1, 2, 4, 12], true));
    }
}
