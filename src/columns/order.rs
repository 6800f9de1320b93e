//! One sort and one selection for whatever is put in order, so that there is one of each.
//!
//! The standard library's are compiled anew, some 10 kB at a time, for every type and comparison;
//! in the page that was a tenth of the code. Where many values are ordered they are words here,
//! and go through the standard library's sort of words; where few are, [`sort_by`] is small.

use std::cmp::Ordering;

/// Sorts words ascending. O(n log n).
#[inline(never)]
pub fn sort(words: &mut [u64]) {
    words.sort_unstable();
}

/// The word at `rank` of the sorted words, from 0; those before it are not larger, those behind
/// it not smaller. O(n).
///
/// # Panics
/// If there are no more than `rank` words.
#[inline(never)]
pub fn nth(words: &mut [u64], rank: usize) -> u64 {
    *words.select_nth_unstable(rank).1
}

/// A word that stands among words as `number` stands among numbers by `total_cmp`.
#[inline]
pub fn word_of(number: f64) -> u64 {
    let bits = number.to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

/// The number of a word.
#[inline]
pub fn number_of(word: u64) -> f64 {
    f64::from_bits(if word >> 63 == 1 { word & !(1 << 63) } else { !word })
}

/// Two halves as one word, ordered by the first and then by the second.
#[inline]
pub fn pair(first: u32, second: u32) -> u64 {
    u64::from(first) << 32 | u64::from(second)
}

/// Sorts a few values; equal ones keep their order. O(n log n), and several times slower than the
/// standard library's on many.
pub fn sort_by<T: Copy>(values: &mut [T], order: impl Fn(&T, &T) -> Ordering) {
    let mut merged = values.to_vec();
    let mut width = 1;
    while width < values.len() {
        for (run, out) in values.chunks(2 * width).zip(merged.chunks_mut(2 * width)) {
            let (mut left, mut right) = run.split_at(width.min(run.len()));
            for place in out {
                let from = match (left.first(), right.first()) {
                    (Some(a), Some(b)) if order(b, a) == Ordering::Less => &mut right,
                    (Some(_), _) => &mut left,
                    (None, _) => &mut right,
                };
                *place = from[0];
                *from = &from[1..];
            }
        }
        values.copy_from_slice(&merged);
        width *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(state: &mut u64) -> u64 {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state
    }

    #[test]
    fn few_values_are_sorted_and_equal_ones_keep_their_order() {
        let mut state = 1;
        for len in 0..70_u64 {
            let values: Vec<(u64, u64)> = (0..len).map(|at| (next(&mut state) % 9, at)).collect();
            let (mut ours, mut theirs) = (values.clone(), values);
            sort_by(&mut ours, |a, b| a.0.cmp(&b.0));
            theirs.sort_by_key(|value| value.0);
            assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn numbers_stand_as_their_words_do() {
        let mut numbers = [0.0, -0.0, 1.5, -1.5, f64::MAX, f64::MIN, 5e-324, f64::INFINITY];
        let mut words: Vec<u64> = numbers.iter().copied().map(word_of).collect();
        numbers.sort_by(f64::total_cmp);
        for (rank, number) in numbers.iter().enumerate() {
            assert_eq!(number_of(nth(&mut words, rank)).to_bits(), number.to_bits());
        }
        sort(&mut words);
        let sorted: Vec<u64> = words.iter().map(|&word| number_of(word).to_bits()).collect();
        assert_eq!(sorted, numbers.iter().map(|number| number.to_bits()).collect::<Vec<_>>());
    }

    #[test]
    fn a_pair_is_ordered_by_its_first_half_first() {
        assert!(pair(1, u32::MAX) < pair(2, 0) && pair(2, 0) < pair(2, 1));
    }
}
