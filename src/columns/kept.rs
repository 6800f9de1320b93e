//! Which blocks somebody still knows by name.

use crate::model::BlockId;
use std::ops::Range;

/// The names that must not be given to other blocks: everybody who remembers blocks from one
/// request to the next is asked once, and adds his.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// A bit for each name.
    words: Vec<u64>,
    all: bool,
}

impl Kept {
    /// Keeps `block`.
    #[inline]
    pub fn keep(&mut self, block: BlockId) {
        let word = block.index() / 64;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << (block.0 % 64);
    }

    /// Keeps every name, for whoever has them in a form that does not tell which, or reads what
    /// number a block has.
    pub fn keep_all(&mut self) {
        self.all = true;
    }

    /// Whether every name is kept.
    pub fn is_all(&self) -> bool {
        self.all
    }

    /// Whether `block` is kept.
    #[inline]
    pub fn contains(&self, block: BlockId) -> bool {
        let word = self.words.get(block.index() / 64).copied().unwrap_or(0);
        self.all || word >> (block.0 % 64) & 1 == 1
    }

    /// Keeps the blocks of a range of numbers.
    pub(super) fn keep_range(&mut self, range: Range<u32>) {
        range.for_each(|block| self.keep(BlockId(block)));
    }

    /// Keeps the blocks whose bits are set, and those below `below`.
    pub(super) fn keep_words(&mut self, words: &[u64], below: u32) {
        let full = below.div_ceil(64) as usize;
        self.words.resize(self.words.len().max(words.len()).max(full), 0);
        for (kept, word) in self.words.iter_mut().zip(words) {
            *kept |= word;
        }
        self.words[..below as usize / 64].fill(u64::MAX);
        self.keep_range(below / 64 * 64..below);
    }

    /// The last kept block of a range of numbers.
    pub(super) fn last_in(&self, range: Range<u32>) -> Option<BlockId> {
        let known = (self.words.len() * 64).min(range.end as usize) as u32;
        let (mut at, start) = (known, range.start);
        while start < at {
            let (word, bits) = ((at - 1) as usize / 64, (at - 1) % 64 + 1);
            let below = self.words[word] & (u64::MAX >> (64 - bits));
            if below != 0 {
                let last = word as u32 * 64 + below.ilog2();
                return (start <= last).then_some(BlockId(last));
            }
            at -= bits;
        }
        None
    }

    /// The blocks that are kept one by one, ascending.
    pub fn blocks(&self) -> impl Iterator<Item = BlockId> + '_ {
        let held = |(at, &word): (u32, &u64)| {
            let bits = (0..64).filter(move |bit| word >> bit & 1 == 1);
            bits.map(move |bit| BlockId(at * 64 + bit))
        };
        (0..).zip(&self.words).flat_map(held)
    }

    /// The words, a bit for each name.
    pub(super) fn words(&self) -> &[u64] {
        &self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;
    use std::collections::BTreeSet;

    #[test]
    fn behaves_like_a_set() {
        let mut stream = Stream::new(3, "kept", 0);
        for _ in 0..50 {
            let (mut kept, mut twin) = (Kept::default(), BTreeSet::new());
            for _ in 0..stream.below(40) {
                let block = stream.below(400) as u32;
                kept.keep(BlockId(block));
                twin.insert(block);
            }
            let (from, more) = (stream.below(300) as u32, stream.below(100) as u32);
            assert_eq!(
                kept.last_in(from..from + more).map(|block| block.0),
                twin.range(from..from + more).next_back().copied()
            );
            let (words, below) = ([5, 1 << 63, 0], stream.below(200) as u32);
            kept.keep_words(&words, below);
            twin.extend([0, 2, 127].into_iter().chain(0..below));
            let found = (0..500).filter(|&block| kept.contains(BlockId(block)));
            assert!(found.eq(twin.iter().copied()));
            assert!(!kept.is_all());
            kept.keep_all();
            assert!(kept.contains(BlockId(9999)));
        }
    }
}
