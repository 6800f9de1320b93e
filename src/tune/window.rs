//! The sums of a detection window, by node.

use crate::model::{NodeId, Tally};

/// What the placements of a window add up to. Memory: 8 bytes a node.
#[derive(Clone, Debug)]
pub(super) struct Sums {
    hit_tokens: u64,
    input_tokens: u64,
    /// Prompt tokens to compute.
    work: Vec<u64>,
}

impl Sums {
    pub(super) fn new(nodes: usize) -> Self {
        Self { hit_tokens: 0, input_tokens: 0, work: vec![0; nodes] }
    }

    #[inline]
    pub(super) fn push(&mut self, node: NodeId, tally: &Tally<u32>) {
        self.hit_tokens += u64::from(tally.hit_tokens);
        self.input_tokens += u64::from(tally.input_tokens);
        self.work[node.index()] += u64::from(tally.input_tokens - tally.hit_tokens);
    }

    /// Hit rate and concentration, and an empty window; `None` where there was no token. O(nodes).
    pub(super) fn take(&mut self, alive: &[bool]) -> Option<(f64, f64)> {
        let living = self.work.iter().zip(alive).filter(|(_, alive)| **alive);
        let work: Vec<u64> = living.map(|(&work, _)| work).collect();
        let (most, all) = (work.iter().copied().max().unwrap_or(0), work.iter().sum::<u64>());
        // A single node shares with nobody.
        let concentration = if all == 0 || work.len() < 2 { 0.0 } else { most as f64 / all as f64 };
        let hit_rate = self.hit_tokens as f64 / self.input_tokens as f64;
        let any = self.input_tokens > 0;
        *self = Self::new(self.work.len());
        any.then_some((hit_rate, concentration))
    }
}
