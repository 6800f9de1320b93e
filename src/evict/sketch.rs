//! How often blocks were asked for, resident or not, in a few bits: a count-min sketch.
//!
//! Four rows of 4-bit counters (Cormode and Muthukrishnan 2005; sizes as in Caffeine). A block
//! has one counter in each row; its frequency is the smallest of the four. After `sample`
//! records every counter is halved, so that old popularity fades. The rows double with the
//! number of resident blocks, both halves starting as copies, which changes no estimate; memory
//! therefore follows what is resident: 8 bytes a block, rounded up to a power of two.
//! Cost: O(1) per record and look-up; ageing is O(size) once in `sample` records.

use crate::model::BlockId;

/// Rows, each with a hash of its own.
const SEEDS: [u64; 4] =
    [0xc3a5_c85c_97cb_3127, 0xb492_b66f_be98_f273, 0x9ae1_6a3b_2f90_404f, 0xcbf2_9ce4_8422_2325];

/// Counters of a row for each resident block.
const COUNTERS_PER_BLOCK: usize = 4;

/// Counters in a word.
const PER_WORD: usize = 16;

/// Approximate frequencies up to 15.
#[derive(Clone, Debug)]
pub struct Sketch {
    /// Words of 16 counters; a power of two of them.
    rows: [Vec<u64>; SEEDS.len()],
    sample: u64,
    recorded: u64,
}

impl Sketch {
    /// An empty sketch that ages after `sample` records, `sample` at least 2.
    pub fn new(sample: u64) -> Self {
        Self { rows: std::array::from_fn(|_| vec![0; 1]), sample, recorded: 0 }
    }

    /// Grows it for `blocks` resident blocks.
    pub fn cover(&mut self, blocks: u32) {
        while self.rows[0].len() * PER_WORD < blocks as usize * COUNTERS_PER_BLOCK {
            for row in &mut self.rows {
                row.extend_from_within(..);
            }
        }
    }

    /// Counts a request for `block`.
    pub fn record(&mut self, block: BlockId) {
        for (row, seed) in self.rows.iter_mut().zip(SEEDS) {
            let (word, shift) = place(block, seed, row.len());
            if row[word] >> shift & 15 < 15 {
                row[word] += 1 << shift;
            }
        }
        self.recorded += 1;
        if self.recorded == self.sample {
            self.recorded /= 2;
            for word in self.rows.iter_mut().flatten() {
                *word = *word >> 1 & 0x7777_7777_7777_7777;
            }
        }
    }

    /// How often `block` was recorded lately: in `[0, 15]`, never too low by collision.
    pub fn frequency(&self, block: BlockId) -> u64 {
        let counts = self.rows.iter().zip(SEEDS).map(|(row, seed)| {
            let (word, shift) = place(block, seed, row.len());
            row[word] >> shift & 15
        });
        counts.min().unwrap_or(0)
    }
}

/// The word and the shift of the counter of `block` in a row of `words`. The low bits of the
/// counter's number come first, so that doubling a row leaves every counter's copy in place.
fn place(block: BlockId, seed: u64, words: usize) -> (usize, u32) {
    let mixed = (u64::from(block.0) + 1).wrapping_mul(seed);
    let counter = (mixed ^ mixed >> 32).wrapping_mul(seed) >> 32;
    let word = (counter as usize / PER_WORD) & (words - 1);
    (word, (counter as usize % PER_WORD * 4) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_saturate_halve_and_survive_growth() {
        let (mut sketch, hot, cold) = (Sketch::new(40), BlockId(7), BlockId(8));
        for _ in 0..20 {
            sketch.record(hot);
        }
        assert_eq!(sketch.frequency(hot), 15);
        let before = sketch.frequency(cold);
        sketch.cover(1000);
        assert_eq!(sketch.rows[0].len(), 256);
        assert_eq!((sketch.frequency(hot), sketch.frequency(cold)), (15, before));
        for _ in 20..40 {
            sketch.record(cold);
        }
        assert_eq!((sketch.frequency(hot), sketch.frequency(cold)), (7, 7));
        assert_eq!(sketch.recorded, 20);
    }
}
