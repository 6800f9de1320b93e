//! A quantile of the last W values, exactly.

use super::{Last, order};
use std::collections::BTreeMap;

/// Values by their words, with how many there are of each.
#[derive(Clone, Debug, Default)]
struct Bag {
    counts: BTreeMap<u64, u32>,
    size: usize,
}

impl Bag {
    fn add(&mut self, word: u64) {
        *self.counts.entry(word).or_insert(0) += 1;
        self.size += 1;
    }

    fn remove(&mut self, word: u64) {
        let count = self.counts.get_mut(&word).expect("a value that was added");
        *count -= 1;
        if *count == 0 {
            self.counts.remove(&word);
        }
        self.size -= 1;
    }

    fn least(&self) -> Option<u64> {
        self.counts.first_key_value().map(|(&word, _)| word)
    }

    fn most(&self) -> Option<u64> {
        self.counts.last_key_value().map(|(&word, _)| word)
    }
}

/// `sorted[min(n − 1, ⌊q·n⌋)]` of the last `size` values, kept up to date. O(log size) a value.
#[derive(Clone, Debug)]
pub struct Sliding {
    q: f64,
    last: Last<u64>,
    /// Those below the rank asked for, and those from it on.
    lower: Bag,
    upper: Bag,
}

impl Sliding {
    /// Of no value yet; q in [0, 1].
    pub fn new(q: f64, size: usize) -> Self {
        Self { q, last: Last::new(size), lower: Bag::default(), upper: Bag::default() }
    }

    /// Takes in the next value, which is not negative.
    pub fn push(&mut self, value: f64) {
        let word = order::word_of(value);
        if let Some(left) = self.last.push(word) {
            let in_upper = self.upper.least().is_some_and(|least| least <= left);
            if in_upper { self.upper.remove(left) } else { self.lower.remove(left) }
        }
        let in_upper = self.upper.least().is_some_and(|least| least <= word);
        if in_upper {
            self.upper.add(word)
        } else {
            self.lower.add(word)
        }
        let size = self.last.len();
        let rank = (libm::floor(self.q * size as f64) as usize).min(size - 1);
        while self.lower.size < rank {
            let word = self.upper.least().expect("more values than the rank");
            self.upper.remove(word);
            self.lower.add(word);
        }
        while rank < self.lower.size {
            let word = self.lower.most().expect("a value below the rank");
            self.lower.remove(word);
            self.upper.add(word);
        }
    }

    /// The quantile; `None` before the first value.
    pub fn value(&self) -> Option<f64> {
        self.upper.least().map(order::number_of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    #[test]
    fn the_quantile_is_that_of_the_last_values_sorted() {
        let mut stream = Stream::new(1, "sliding", 0);
        for (q, size) in [(0.99, 1), (0.99, 7), (0.5, 10), (0.99, 250), (1.0, 5), (0.0, 5)] {
            let (mut sliding, mut all) = (Sliding::new(q, size), Vec::new());
            assert_eq!(sliding.value(), None);
            for _ in 0..600 {
                // Few enough to be equal often.
                all.push(stream.below(40) as f64 / 8.0);
                sliding.push(all[all.len() - 1]);
                let mut last = all[all.len().saturating_sub(size)..].to_vec();
                last.sort_by(f64::total_cmp);
                let rank = ((q * last.len() as f64) as usize).min(last.len() - 1);
                assert_eq!(sliding.value(), Some(last[rank]), "q {q}, {size} values");
            }
        }
    }
}
