//! Sets of blocks as bits, a word for each 64, and runs of neighbours in them.

use crate::model::BlockId;

/// Blocks of a word.
const SIZE: u32 = u64::BITS;

/// A set of blocks: an eighth of a byte for each up to the largest.
#[derive(Clone, Debug, Default)]
pub struct Bits {
    words: Vec<u64>,
}

/// Calls `act` with the words of `len` ≥ 1 blocks from `first` on, each with the bits that are
/// theirs.
#[inline(always)]
pub(super) fn each_word(first: BlockId, len: u32, mut act: impl FnMut(usize, u64)) {
    let (mut at, place) = ((first.0 / SIZE) as usize, first.0 % SIZE);
    let some = len.min(SIZE - place);
    act(at, (u64::MAX >> (SIZE - some)) << place);
    let mut left = len - some;
    while 0 < left {
        at += 1;
        let some = left.min(SIZE);
        act(at, u64::MAX >> (SIZE - some));
        left -= some;
    }
}

impl Bits {
    /// Makes room for the blocks below `blocks`.
    #[inline]
    pub fn cover(&mut self, blocks: u32) {
        let words = blocks.div_ceil(SIZE) as usize;
        if self.words.len() < words {
            self.words.resize(words, 0);
        }
    }

    /// The blocks below this one have room.
    #[inline]
    pub fn covered(&self) -> u32 {
        self.words.len() as u32 * SIZE
    }

    /// Whether `block` is in the set.
    #[inline(always)]
    pub fn contains(&self, block: BlockId) -> bool {
        self.words
            .get((block.0 / SIZE) as usize)
            .is_some_and(|word| word >> (block.0 % SIZE) & 1 == 1)
    }

    /// Whether `block` is in the set, and how many blocks from it on, at most `most`, are if it is,
    /// and are not if it is not. O(words).
    #[inline(always)]
    pub fn stretch(&self, block: BlockId, most: u32) -> (bool, u32) {
        let (mut at, place) = ((block.0 / SIZE) as usize, block.0 % SIZE);
        let word = |at: usize| self.words.get(at).copied().unwrap_or(0);
        let first = word(at) >> place;
        let is_in = first & 1 == 1;
        // What is shifted in at the end is not alike, or is not asked for.
        let alike = |word: u64| if is_in { word.trailing_ones() } else { word.trailing_zeros() };
        let mut len = alike(first).min(SIZE - place);
        let mut end = SIZE - place;
        while len == end && len < most {
            at += 1;
            end += SIZE;
            len += alike(word(at));
        }
        (is_in, len.min(most))
    }

    /// Adds `len` ≥ 1 blocks from `first` on, which have room.
    #[inline(always)]
    pub fn insert_run(&mut self, first: BlockId, len: u32) {
        each_word(first, len, |at, bits| self.words[at] |= bits);
    }

    /// Takes `len` ≥ 1 blocks from `first` on, which have room, out.
    #[inline(always)]
    pub fn remove_run(&mut self, first: BlockId, len: u32) {
        each_word(first, len, |at, bits| self.words[at] &= !bits);
    }

    /// The blocks of the set, ascending. O(words).
    pub fn iter(&self) -> impl Iterator<Item = BlockId> {
        (0..).zip(&self.words).flat_map(|(at, &word)| {
            let places = (0..SIZE).filter(move |place| word >> place & 1 == 1);
            places.map(move |place| BlockId(at * SIZE + place))
        })
    }

    /// How many blocks are in the set. O(words).
    pub fn count(&self) -> u64 {
        self.words.iter().map(|word| u64::from(word.count_ones())).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;
    use std::collections::BTreeSet;

    #[test]
    fn runs_come_and_go_as_in_a_set_of_blocks() {
        let mut stream = Stream::new(1, "bits", 0);
        let (mut bits, mut twin) = (Bits::default(), BTreeSet::new());
        for _ in 0..20_000 {
            let first = stream.below(300) as u32;
            let len = 1 + stream.below(150) as u32;
            let run = || (first..first + len).map(BlockId);
            let same = |block: &BlockId| twin.contains(block) == twin.contains(&BlockId(first));
            let alike = run().take_while(same).count() as u32;
            assert_eq!(bits.stretch(BlockId(first), len), (twin.contains(&BlockId(first)), alike));
            assert_eq!(bits.contains(BlockId(first)), twin.contains(&BlockId(first)));
            bits.cover(first + len);
            assert!(first + len <= bits.covered());
            if stream.below(2) == 0 {
                bits.insert_run(BlockId(first), len);
                twin.extend(run());
            } else {
                bits.remove_run(BlockId(first), len);
                twin.retain(|block| !run().any(|it| it == *block));
            }
            assert_eq!(bits.count() as usize, twin.len());
            assert!(bits.iter().eq(twin.iter().copied()));
        }
    }
}
