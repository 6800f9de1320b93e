//! A column of numbers by block, most of them zero.
//!
//! Blocks are numbered in order of first appearance, so the blocks of a request are neighbours
//! and what a node holds lies in clusters. The column is cut into pages of 64; a page exists
//! while anything on it is not zero. A look-up is two array reads, and the next block of a
//! request is usually on the same cache line, where a hash table would miss once a block.

use crate::model::BlockId;

/// Blocks on a page.
const PAGE: usize = 64;

/// The page that does not exist.
const NO_PAGE: u32 = u32::MAX;

/// Numbers by block. Memory: 4 bytes for each 64 blocks of the trace, and 4 to 256 bytes for
/// each that is not zero, 4 where they are neighbours.
#[derive(Clone, Debug, Default)]
pub struct Sparse {
    /// Which page holds blocks 64·i and on, or [`NO_PAGE`].
    directory: Vec<u32>,
    pages: Vec<Page>,
    free: Vec<u32>,
    /// Numbers that are not zero.
    len: u32,
}

#[derive(Clone, Debug)]
struct Page {
    values: [u32; PAGE],
    /// How many of them are not zero.
    used: u32,
}

impl Sparse {
    /// How many numbers are not zero.
    #[inline]
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether all are zero.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The number of `block`. O(1).
    #[inline]
    pub fn get(&self, block: BlockId) -> u32 {
        match self.directory.get(block.index() / PAGE) {
            Some(&page) if page != NO_PAGE => {
                self.pages[page as usize].values[block.index() % PAGE]
            }
            _ => 0,
        }
    }

    /// Gives `block` the number `value`. O(1) amortised over the blocks of the trace.
    #[inline]
    pub fn set(&mut self, block: BlockId, value: u32) {
        let at = self.page(block);
        let page = &mut self.pages[at as usize];
        let old = std::mem::replace(&mut page.values[block.index() % PAGE], value);
        page.used = page.used + u32::from(value != 0) - u32::from(old != 0);
        self.len = self.len + u32::from(value != 0) - u32::from(old != 0);
        if page.used == 0 {
            self.directory[block.index() / PAGE] = NO_PAGE;
            self.free.push(at);
        }
    }

    /// The page of `block`, made if need be.
    #[inline]
    fn page(&mut self, block: BlockId) -> u32 {
        let at = block.index() / PAGE;
        if self.directory.len() <= at {
            self.directory.resize(at + 1, NO_PAGE);
        }
        if self.directory[at] == NO_PAGE {
            self.directory[at] = self.free.pop().unwrap_or_else(|| {
                self.pages.push(Page { values: [0; PAGE], used: 0 });
                self.pages.len() as u32 - 1
            });
        }
        self.directory[at]
    }

    /// The blocks whose numbers are not zero, with these, in order of block. O(pages).
    pub fn iter(&self) -> impl Iterator<Item = (BlockId, u32)> {
        let pages = (0..).zip(&self.directory).filter(|&(_, &page)| page != NO_PAGE);
        pages.flat_map(|(at, &page)| {
            let first = at * PAGE as u32;
            let values = (first..).map(BlockId).zip(self.pages[page as usize].values);
            values.filter(|&(_, value)| value != 0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;
    use std::collections::BTreeMap;

    #[test]
    fn behaves_like_a_map_without_zeros() {
        let mut stream = Stream::new(5, "sparse", 0);
        let (mut sparse, mut twin) = (Sparse::default(), BTreeMap::new());
        for _ in 0..20_000 {
            let block = BlockId((stream.below(6) * 1000 + stream.below(5)) as u32);
            let value = (stream.below(3) * stream.below(100)) as u32;
            assert_eq!(sparse.get(block), twin.get(&block).copied().unwrap_or(0));
            sparse.set(block, value);
            match value {
                0 => twin.remove(&block),
                value => twin.insert(block, value),
            };
            assert_eq!(sparse.len() as usize, twin.len());
        }
        assert!(sparse.iter().eq(twin));
        assert!(sparse.pages.len() <= 6, "empty pages are used again");
    }

    #[test]
    fn a_page_that_becomes_empty_serves_any_other_blocks() {
        let mut sparse = Sparse::default();
        for page in 0..100 {
            let (first, last) = (BlockId(page * PAGE as u32), BlockId(page * PAGE as u32 + 63));
            sparse.set(first, 1);
            sparse.set(last, 2);
            sparse.set(first, 0);
            assert_eq!((sparse.get(first), sparse.get(last), sparse.len()), (0, 2, 1));
            sparse.set(last, 0);
            assert!(sparse.is_empty());
        }
        assert_eq!(sparse.pages.len(), 1, "one page is enough for all of them");
    }
}
