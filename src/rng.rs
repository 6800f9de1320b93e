//! Randomness: one seed, named streams.
//!
//! Every consumer draws from a stream of its own, so that a policy that draws more does not
//! change what another one sees. The generator is PCG-64 (XSL RR 128/64), whose output is
//! specified, so a link with a seed restores the same run everywhere.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64;

/// A seeded stream of random numbers.
#[derive(Clone, Debug)]
pub struct Stream(Pcg64);

impl Stream {
    /// The stream called `name` (with an index, such as the node's) of a run's seed.
    pub fn new(seed: u64, name: &str, index: u32) -> Self {
        // FNV-1a over the name and the index: any injective-enough mix will do, but it must
        // never change, since links carry seeds.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for byte in name.bytes().chain(index.to_le_bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8..16].copy_from_slice(&hash.to_le_bytes());
        bytes[16..24].copy_from_slice(&seed.rotate_left(32).to_le_bytes());
        bytes[24..].copy_from_slice(&(hash ^ seed).to_le_bytes());
        Self(Pcg64::from_seed(bytes))
    }

    /// A uniform whole number in `[0, below)`, without bias.
    ///
    /// # Panics
    /// If `below` is 0.
    pub fn below(&mut self, below: u64) -> u64 {
        assert!(below > 0, "a draw from nothing");
        // Lemire's multiply-shift with rejection of the short residue, which is below `below`: the
        // division is needed only where the low half is too.
        loop {
            let wide = u128::from(self.0.next_u64()) * u128::from(below);
            let low = wide as u64;
            if below <= low || below.wrapping_neg() % below <= low {
                return (wide >> 64) as u64;
            }
        }
    }

    /// A uniform number in `[0, 1)` with 53 bits.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_of_other_names_and_indexes_differ_and_repeat() {
        let draw = |name, index| {
            let mut stream = Stream::new(7, name, index);
            [stream.below(1 << 40), stream.below(1 << 40)]
        };
        assert_eq!(draw("router", 0), draw("router", 0));
        assert_ne!(draw("router", 0), draw("router", 1));
        assert_ne!(draw("router", 0), draw("eviction", 0));
    }

    #[test]
    fn draws_stay_below_and_reach_every_value() {
        let mut stream = Stream::new(1, "test", 0);
        let mut seen = [0_u32; 5];
        for _ in 0..5_000 {
            seen[stream.below(5) as usize] += 1;
            assert!((0.0..1.0).contains(&stream.unit()));
        }
        assert!(seen.iter().all(|&count| 800 < count && count < 1200), "{seen:?}");
    }
}
