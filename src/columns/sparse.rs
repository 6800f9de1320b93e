//! A column of numbers by block, most of them zero.

use super::Pages;
use super::links::cover;
use super::pages::Near;
use crate::model::BlockId;

/// Numbers by block. Memory: that of [`Pages`], and 64 bytes for each page on which a number is
/// not zero.
#[derive(Clone, Debug, Default)]
pub struct Sparse {
    /// The blocks whose numbers are not zero.
    pages: Pages,
    /// Their numbers by slot.
    values: Vec<u32>,
}

impl Sparse {
    /// How many numbers are not zero.
    #[inline]
    pub fn len(&self) -> u32 {
        self.pages.len()
    }

    /// Whether all are zero.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }

    /// The number of `block`. O(1).
    #[inline]
    pub fn get(&self, block: BlockId) -> u32 {
        self.pages.slot(block).map_or(0, |slot| self.values[slot as usize])
    }

    /// The number of `block`, which is looked for where the last one was; none may be given while
    /// `near` is in use. O(1).
    #[inline]
    pub fn find(&self, block: BlockId, near: &mut Near) -> u32 {
        self.pages.find(block, near).map_or(0, |slot| self.values[slot as usize])
    }

    /// Gives `block` the number `value`. O(1) amortised over the blocks of the trace.
    #[inline]
    pub fn set(&mut self, block: BlockId, value: u32) {
        let mut near = Near::default();
        match self.pages.find(block, &mut near) {
            Some(slot) if value == 0 => {
                self.pages.remove(slot);
            }
            Some(slot) => self.values[slot as usize] = value,
            None if value == 0 => {}
            None => {
                let slot = self.pages.insert(block, &mut near);
                cover(&mut self.values, self.pages.slots(), 0);
                self.values[slot as usize] = value;
            }
        }
    }

    /// The blocks whose numbers are not zero, with these, in no meaningful but a defined order.
    /// O(pages).
    pub fn iter(&self) -> impl Iterator<Item = (BlockId, u32)> {
        self.pages.iter().map(|(slot, block)| (block, self.values[slot as usize]))
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
        let mut near = Near::default();
        for round in 0..20_000 {
            let block = BlockId((stream.below(6) * 1000 + stream.below(5)) as u32);
            let value = (stream.below(3) * stream.below(100)) as u32;
            let before = twin.get(&block).copied().unwrap_or(0);
            assert_eq!((sparse.get(block), sparse.find(block, &mut near)), (before, before));
            if round % 3 > 0 {
                continue;
            }
            sparse.set(block, value);
            near = Near::default();
            match value {
                0 => twin.remove(&block),
                value => twin.insert(block, value),
            };
            assert_eq!(sparse.pages.len() as usize, twin.len());
        }
        assert_eq!(sparse.iter().collect::<BTreeMap<_, _>>(), twin);
    }

    #[test]
    fn a_page_that_becomes_empty_serves_any_other_blocks() {
        let mut sparse = Sparse::default();
        for page in 0..100 {
            let (first, last) = (BlockId(page * 16), BlockId(page * 16 + 15));
            sparse.set(first, 1);
            sparse.set(last, 2);
            sparse.set(first, 0);
            assert_eq!((sparse.get(first), sparse.get(last), sparse.len()), (0, 2, 1));
            sparse.set(last, 0);
            assert!(sparse.is_empty());
        }
        assert_eq!(sparse.pages.slots(), 2 * 16, "one page, and the one that stays empty");
    }
}
