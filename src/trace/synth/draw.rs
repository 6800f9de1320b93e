//! Seeded draws: distributions given by their quantiles, and decks.
//!
//! Only the four basic operations touch a float here, so every platform draws the same bits.

use crate::rng::Stream;

/// A distribution as (share of the draws below, value) knots, linear in between.
///
/// Shares rise from 0 to 1; equal neighbouring values make a constant stretch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quantiles(pub(super) &'static [(f64, f64)]);

impl Quantiles {
    /// The value at share `unit` in [0, 1].
    pub(super) fn at(self, unit: f64) -> f64 {
        let mut low = self.0[0];
        for &high in &self.0[1..] {
            if unit < high.0 {
                return low.1 + (high.1 - low.1) * ((unit - low.0) / (high.0 - low.0));
            }
            low = high;
        }
        low.1
    }

    /// The value at share `unit`, which is not negative, rounded down to a whole number.
    pub(super) fn whole_at(self, unit: f64) -> u32 {
        self.at(unit) as u32
    }
}

/// How many draws a deck deals before it is shuffled anew.
const DECK: u32 = 1024;

/// Irrational steps (fractions of the roots of 2, 3, 5 and 7) that fill the cube evenly.
const STEPS: [f64; 4] = [
    0.414_213_562_373_095_1,
    0.732_050_807_568_877_3,
    0.236_067_977_499_789_7,
    0.645_751_311_064_590_6,
];

/// Points of the unit cube of `D` <= 4 dimensions, dealt like cards.
///
/// Each deck holds 1,024 evenly spread points (a randomly shifted Kronecker lattice) in random
/// order. A stretch of the workload therefore has the intended shares almost exactly, jointly in
/// all dimensions, and totals hardly depend on the seed while the order does: an hour of
/// heavy-tailed sessions drawn independently would miss its published totals by several per
/// cent.
#[derive(Clone, Debug)]
pub(super) struct Deck<const D: usize> {
    stream: Stream,
    shift: [f64; D],
    order: Vec<u32>,
}

impl<const D: usize> Deck<D> {
    pub(super) fn new(seed: u64, name: &str) -> Self {
        Self {
            stream: Stream::new(seed, name, 0),
            shift: [0.0; D],
            order: Vec::with_capacity(DECK as usize),
        }
    }

    /// The next point.
    pub(super) fn deal(&mut self) -> [f64; D] {
        if self.order.is_empty() {
            self.order.extend(0..DECK);
            for last in (1..self.order.len()).rev() {
                let other = self.stream.below(last as u64 + 1) as usize;
                self.order.swap(last, other);
            }
            for shift in &mut self.shift {
                *shift = self.stream.unit();
            }
        }
        let card = f64::from(self.order.pop().unwrap_or(0));
        std::array::from_fn(|axis| {
            let place = self.shift[axis] + card * STEPS[axis];
            // `place` is small and positive: cutting it to an integer is its floor.
            place - f64::from(place as u32)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_linear_between_knots_and_clamp_at_the_ends() {
        let table = Quantiles(&[(0.0, 10.0), (0.5, 20.0), (0.5, 30.0), (1.0, 50.0)]);
        assert_eq!(table.at(0.0), 10.0);
        assert_eq!(table.at(0.25), 15.0);
        assert_eq!(table.at(0.5), 30.0, "a jump belongs to the upper side");
        assert_eq!(table.at(0.75), 40.0);
        assert_eq!(table.at(1.0), 50.0);
    }

    #[test]
    fn a_deck_spreads_its_points_evenly_in_every_dimension() {
        let mut deck = Deck::<3>::new(5, "test");
        for _ in 0..4 {
            let mut counts = [[0_u32; 8]; 3];
            for _ in 0..DECK {
                for (axis, unit) in deck.deal().into_iter().enumerate() {
                    assert!((0.0..1.0).contains(&unit));
                    counts[axis][(unit * 8.0) as usize] += 1;
                }
            }
            assert!(counts.iter().flatten().all(|count| (124..=132).contains(count)), "{counts:?}");
        }
    }
}
