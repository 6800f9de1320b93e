//! Which blocks were used before: one bit a block.

use crate::model::BlockId;

/// A set of blocks that only grows.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    bits: Vec<u64>,
    len: u64,
}

impl Seen {
    /// How many blocks were used.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether none was.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Marks the blocks as used; returns how many leading ones were before. O(blocks), amortised
    /// over the blocks of the trace.
    pub fn insert_all(&mut self, blocks: &[BlockId]) -> u32 {
        let (mut leading, mut run) = (0, true);
        for block in blocks {
            let (word, mask) = (block.index() / 64, 1 << (block.index() % 64));
            if self.bits.len() <= word {
                self.bits.resize(word + 1, 0);
            }
            let before = self.bits[word] & mask != 0;
            run &= before;
            leading += u32::from(run);
            self.len += u64::from(!before);
            self.bits[word] |= mask;
        }
        leading
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;
    use std::collections::BTreeSet;

    #[test]
    fn counts_like_a_set_in_any_order() {
        let mut stream = Stream::new(2, "seen", 0);
        let (mut seen, mut twin) = (Seen::default(), BTreeSet::new());
        for _ in 0..2000 {
            let blocks: Vec<BlockId> =
                (0..stream.below(9)).map(|_| BlockId(stream.below(900) as u32)).collect();
            let mut distinct: Vec<BlockId> = Vec::new();
            blocks.iter().for_each(|it| {
                if !distinct.contains(it) {
                    distinct.push(*it);
                }
            });
            let want = distinct.iter().take_while(|block| twin.contains(*block)).count();
            assert_eq!(seen.insert_all(&distinct) as usize, want);
            twin.extend(distinct);
            assert_eq!(seen.len(), twin.len() as u64);
        }
    }
}
