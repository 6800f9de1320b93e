//! Slots for blocks: neighbours get neighbouring slots.
//!
//! Blocks are numbered in order of first appearance, so the blocks of a request are neighbours
//! and what a node holds lies in clusters. Sixteen neighbours share a page, and a block's slot is
//! its place there: from a slot to its block and back takes no column of its own, and what is
//! kept by slot lies for the blocks of a request on a few cache lines. A page exists while one of
//! its blocks has a slot; pages are found through chunks of sixteen, which exist while one of
//! their pages does.

use super::bits::Bits;
use crate::model::{BlockId, Slot};

/// Blocks of a page, and pages of a chunk.
const SIZE: usize = 16;

/// A set of blocks that gives each of them a slot. Memory: 4 bytes for each 256 blocks of the
/// trace, 12 for each page and 64 for each chunk that exists. Or, if it is dense, a bit for each
/// block of the trace, and slots are as many as these: found sooner, and neighbours have
/// neighbouring slots without end, for whoever has one of these and not one a node.
#[derive(Clone, Debug)]
pub struct Pages {
    /// Each block has the slot of its own number, and there are no pages.
    dense: Option<Bits>,
    /// By 256 blocks: their chunk, or the one that stays empty.
    directory: Vec<u32>,
    chunks: Vec<Chunk>,
    pages: Vec<Page>,
    free_chunks: Vec<u32>,
    free_pages: Vec<u32>,
    len: u32,
}

/// Where the last look-up ended: the next one is mostly on the same page. It stays good whatever
/// is removed, and while only blocks it was asked for are inserted.
#[derive(Clone, Copy, Debug)]
pub struct Near {
    group: u32,
    page: u32,
}

impl Default for Near {
    #[inline]
    fn default() -> Self {
        Self { group: NO_GROUP, page: EMPTY }
    }
}

/// Slots that are made at a time where they are dense: whoever keeps columns by slot covers them
/// all at once.
const DENSE_STEP: u32 = 1024;

/// The group of the page without blocks.
const NO_GROUP: u32 = u32::MAX;

/// The chunk without pages and the page without blocks: a look-up that ends there needs no
/// branch on its way.
const EMPTY: u32 = 0;

/// By 16 blocks: their page, or the one that stays empty. One cache line.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Chunk([u32; SIZE]);

#[derive(Clone, Copy, Debug)]
struct Page {
    /// Its blocks are 16·group and on.
    group: u32,
    /// A bit for each that has a slot. As wide as the word it is read with: the processor waits
    /// when it reads what it has just written in another width.
    held: u32,
}

impl Default for Page {
    fn default() -> Self {
        Self { group: NO_GROUP, held: 0 }
    }
}

impl Chunk {
    #[inline]
    fn is_empty(&self) -> bool {
        self.0.iter().fold(0, |all, page| all | page) == EMPTY
    }
}

impl Default for Pages {
    fn default() -> Self {
        Self {
            dense: None,
            directory: Vec::new(),
            chunks: vec![Chunk::default()],
            pages: vec![Page::default()],
            free_chunks: Vec::new(),
            free_pages: Vec::new(),
            len: 0,
        }
    }
}

impl Pages {
    /// Without blocks, and dense.
    pub fn dense() -> Self {
        Self { dense: Some(Bits::default()), ..Self::default() }
    }

    /// How many blocks have a slot.
    #[inline(always)]
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether none has.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// All slots given so far are below this one.
    #[inline]
    pub fn slots(&self) -> u32 {
        self.dense.as_ref().map_or((self.pages.len() * SIZE) as u32, Bits::covered)
    }

    /// The slot of `block`. O(1).
    #[inline(always)]
    pub fn slot(&self, block: BlockId) -> Option<Slot> {
        self.find(block, &mut Near::default())
    }

    /// The slot of `block`, looked for where the last one was. O(1).
    #[inline(always)]
    pub fn find(&self, block: BlockId, near: &mut Near) -> Option<Slot> {
        if let Some(dense) = &self.dense {
            return dense.contains(block).then_some(block.0);
        }
        let (group, at) = (block.0 / SIZE as u32, block.0 % SIZE as u32);
        if near.group != group {
            *near = Near { group, page: self.page(group) };
        }
        // The page may have gone and come back for others since.
        let page = self.pages[near.page as usize];
        let has_slot = page.group == group && page.held >> at & 1 == 1;
        has_slot.then_some(near.page * SIZE as u32 + at)
    }

    /// How the blocks from `first` on stand: as many of them, at most `most` and of one page if
    /// there are pages, as all have slots, then with that of the first, or all have none. Looked
    /// for where the last one was. O(1) for a page, and for 64.
    #[inline(always)]
    pub fn stretch(&self, first: BlockId, most: u32, near: &mut Near) -> (Option<Slot>, u32) {
        if let Some(dense) = &self.dense {
            let (has_slots, len) = dense.stretch(first, most);
            return (has_slots.then_some(first.0), len);
        }
        let (group, at) = (first.0 / SIZE as u32, first.0 % SIZE as u32);
        if near.group != group {
            *near = Near { group, page: self.page(group) };
        }
        let page = self.pages[near.page as usize];
        let held = if page.group == group { page.held >> at } else { 0 };
        let has_slots = held & 1 == 1;
        let alike = if has_slots { held.trailing_ones() } else { held.trailing_zeros() };
        let slot = has_slots.then_some(near.page * SIZE as u32 + at);
        (slot, alike.min(SIZE as u32 - at).min(most))
    }

    /// How many of `len` ≥ 1 blocks from `first` on, which are of one page if there are pages, have
    /// no slot before the first that has.
    #[inline(always)]
    pub fn lack(&self, first: BlockId, len: u32) -> u32 {
        if let Some(dense) = &self.dense {
            let (has_slot, len) = dense.stretch(first, len);
            return if has_slot { 0 } else { len };
        }
        let (group, at) = (first.0 / SIZE as u32, first.0 % SIZE as u32);
        let page = self.pages[self.page(group) as usize];
        let held = if page.group == group { page.held >> at } else { 0 };
        held.trailing_zeros().min(len)
    }

    /// The block that has `slot`, or had it last.
    #[inline(always)]
    pub fn block(&self, slot: Slot) -> BlockId {
        if self.dense.is_some() {
            return BlockId(slot);
        }
        BlockId(self.pages[slot as usize / SIZE].group * SIZE as u32 + slot % SIZE as u32)
    }

    /// Gives `block`, which was just looked for and has none, a slot. O(1) amortised over the
    /// blocks of the trace.
    #[inline(always)]
    pub fn insert(&mut self, block: BlockId, near: &mut Near) -> Slot {
        self.insert_run(block, 1, near)
    }

    /// The same for `len` blocks from `first` on, which are of one page if there are pages; returns
    /// the first of their slots.
    #[inline(always)]
    pub fn insert_run(&mut self, first: BlockId, len: u32, near: &mut Near) -> Slot {
        self.len += len;
        if let Some(dense) = &mut self.dense {
            if dense.covered() < first.0 + len {
                dense.cover((first.0 + len).next_multiple_of(DENSE_STEP));
            }
            dense.insert_run(first, len);
            return first.0;
        }
        let (group, at) = (first.0 / SIZE as u32, first.0 % SIZE as u32);
        debug_assert_eq!(near.group, group, "the block that was looked for");
        let page = self.pages[near.page as usize];
        if page.group != group || page.held == 0 {
            near.page = self.add_page(group);
        }
        self.pages[near.page as usize].held |= ones(len) << at;
        near.page * SIZE as u32 + at
    }

    /// Takes `slot` from its block, which is returned. O(1).
    #[inline(always)]
    pub fn remove(&mut self, slot: Slot) -> BlockId {
        self.remove_run(slot, 1)
    }

    /// The same for `len` slots from `first` on, which are of one page if there are pages; returns
    /// the first of their blocks.
    #[inline(always)]
    pub fn remove_run(&mut self, first: Slot, len: u32) -> BlockId {
        self.len -= len;
        if let Some(dense) = &mut self.dense {
            dense.remove_run(BlockId(first), len);
            return BlockId(first);
        }
        let page = &mut self.pages[first as usize / SIZE];
        let block = BlockId(page.group * SIZE as u32 + first % SIZE as u32);
        page.held &= !(ones(len) << (first as usize % SIZE));
        if page.held == 0 {
            self.drop_page(first / SIZE as u32);
        }
        block
    }

    /// Whether `slot` is the first of a page, where there are pages.
    #[inline(always)]
    pub fn begins_page(slot: Slot) -> bool {
        slot.is_multiple_of(SIZE as u32)
    }

    /// The slots that are taken, ascending, with their blocks. O(pages).
    pub fn iter(&self) -> impl Iterator<Item = (Slot, BlockId)> {
        let dense = self.dense.iter().flat_map(|dense| dense.iter().map(|it| (it.0, it)));
        let paged = (0..).zip(&self.pages).flat_map(|(number, page)| {
            let places = (0..SIZE as u32).filter(|at| page.held >> at & 1 == 1);
            places.map(move |at| {
                let block = BlockId(page.group * SIZE as u32 + at);
                (number * SIZE as u32 + at, block)
            })
        });
        dense.chain(paged)
    }

    /// The page of the blocks 16·group and on, or [`EMPTY`].
    #[inline(always)]
    fn page(&self, group: u32) -> u32 {
        let group = group as usize;
        let chunk = self.directory.get(group / SIZE).copied().unwrap_or(EMPTY);
        self.chunks[chunk as usize].0[group % SIZE]
    }

    #[inline(never)]
    fn add_page(&mut self, group: u32) -> u32 {
        let above = group as usize / SIZE;
        if self.directory.len() <= above {
            self.directory.resize(above + 1, EMPTY);
        }
        if self.directory[above] == EMPTY {
            self.directory[above] = take(&mut self.free_chunks, &mut self.chunks);
        }
        let page = take(&mut self.free_pages, &mut self.pages);
        self.pages[page as usize].group = group;
        self.chunks[self.directory[above] as usize].0[group as usize % SIZE] = page;
        page
    }

    #[inline(never)]
    fn drop_page(&mut self, page: u32) {
        let group = self.pages[page as usize].group as usize;
        self.free_pages.push(page);
        let number = self.directory[group / SIZE];
        let chunk = &mut self.chunks[number as usize];
        // Before it is written to: reading more than was written would wait for the writing.
        let pages = chunk.0.iter().filter(|&&page| page != EMPTY).count();
        chunk.0[group % SIZE] = EMPTY;
        if pages == 1 {
            self.directory[group / SIZE] = EMPTY;
            self.free_chunks.push(number);
        }
    }

    /// Recounts from scratch.
    ///
    /// # Panics
    /// If pages, chunks and counts disagree.
    pub fn validate(&self) {
        assert!(self.pages[0].held == 0 && self.chunks[0].is_empty(), "what is to stay empty");
        let mut held = 0;
        for (number, page) in (0..).zip(&self.pages).filter(|(_, page)| page.held != 0) {
            assert_eq!(self.page(page.group), number, "the page of {}", page.group * SIZE as u32);
            held += page.held.count_ones();
        }
        held += self.dense.as_ref().map_or(0, |dense| dense.count() as u32);
        assert_eq!(held, self.len, "taken slots");
        let empty = self.pages.iter().filter(|page| page.held == 0).count();
        assert_eq!(self.free_pages.len() + 1, empty, "free pages");
        let empty = self.chunks.iter().filter(|chunk| chunk.is_empty()).count();
        assert_eq!(self.free_chunks.len() + 1, empty, "free chunks");
    }
}

/// The lowest `len` bits, at most 31.
#[inline(always)]
fn ones(len: u32) -> u32 {
    (1 << len) - 1
}

/// A free number, or that of a new item.
fn take<T: Default>(free: &mut Vec<u32>, items: &mut Vec<T>) -> u32 {
    free.pop().unwrap_or_else(|| {
        items.push(T::default());
        items.len() as u32 - 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;
    use std::collections::BTreeMap;

    #[test]
    fn behaves_like_a_map_in_which_every_slot_is_taken_once() {
        let pages = check(Pages::default());
        // 4 stretches of 40 blocks lie on at most 4 pages each.
        assert!(pages.pages.len() <= 1 + 16, "{} pages", pages.pages.len());
        check(Pages::dense());
    }

    fn check(mut pages: Pages) -> Pages {
        let mut stream = Stream::new(7, "pages", 0);
        let (mut twin, mut near) = (BTreeMap::new(), Near::default());
        for round in 0..20_000 {
            let block = BlockId((stream.below(4) * 1000 + stream.below(40)) as u32);
            assert_eq!(pages.slot(block), twin.get(&block).copied());
            match twin.remove(&block) {
                Some(slot) => assert_eq!(pages.remove(slot), block),
                None => {
                    assert_eq!(pages.find(block, &mut near), None);
                    // Its neighbours may leave before it comes.
                    let neighbour = BlockId(block.0 ^ 1);
                    if round % 3 == 0
                        && let Some(slot) = twin.remove(&neighbour)
                    {
                        assert_eq!(pages.remove(slot), neighbour);
                    }
                    let slot = pages.insert(block, &mut near);
                    assert!(slot < pages.slots() && pages.block(slot) == block);
                    assert!(twin.values().all(|&taken| taken != slot), "slot {slot} twice");
                    twin.insert(block, slot);
                }
            }
            assert_eq!(pages.len() as usize, twin.len());
            if round % 64 == 0 {
                pages.validate();
                let mut slots: Vec<_> = twin.iter().map(|(&block, &slot)| (slot, block)).collect();
                slots.sort_unstable();
                assert!(pages.iter().eq(slots));
            }
        }
        pages
    }
}
