//! Going to any request, forwards or back: lanes are kept as they were now and then.
//!
//! A checkpoint is a clone of every lane, taken while the session steps past a multiple of the
//! stride. Going back takes the nearest one at or before the wanted request and serves from there,
//! so the bytes are those of a run from the start. Where the checkpoints grow beyond the budget,
//! every second one goes and the stride doubles.

use crate::sim::Lane;

/// Requests between checkpoints at first.
const STRIDE: u64 = 512;

/// Lanes as they were after so many requests.
#[derive(Default)]
pub(super) struct Checkpoints {
    /// What they may take altogether by [`Lane::bytes`]; none are taken where it is 0.
    budget_bytes: u64,
    stride: u64,
    kept: Vec<Checkpoint>,
}

struct Checkpoint {
    number: u64,
    bytes: u64,
    lanes: Vec<Lane>,
}

impl Checkpoints {
    /// None yet, and room for as much.
    pub(super) fn within(budget_bytes: u64) -> Self {
        Self { budget_bytes, stride: STRIDE, kept: Vec::new() }
    }

    /// How many requests may be served after `number` before the next checkpoint is due.
    pub(super) fn due_after(&self, number: u64) -> u64 {
        if self.budget_bytes == 0 { u64::MAX } else { self.stride - number % self.stride }
    }

    /// Keeps the lanes if one is due after `number` requests and is not there yet. O(lanes' state).
    pub(super) fn take(&mut self, number: u64, lanes: &[Lane]) {
        let due = self.budget_bytes > 0 && number.is_multiple_of(self.stride);
        if !due || self.kept.last().is_some_and(|last| number <= last.number) {
            return;
        }
        let bytes = lanes.iter().map(Lane::bytes).sum();
        self.kept.push(Checkpoint { number, bytes, lanes: lanes.to_vec() });
        while self.budget_bytes < self.kept.iter().map(|it| it.bytes).sum() {
            self.stride *= 2;
            let stride = self.stride;
            self.kept.retain(|checkpoint| checkpoint.number.is_multiple_of(stride));
        }
    }

    /// The lanes after at most `number` requests, and after how many.
    pub(super) fn before(&self, number: u64) -> Option<(u64, &[Lane])> {
        let at = self.kept.partition_point(|checkpoint| checkpoint.number <= number);
        let found = self.kept.get(at.checked_sub(1)?)?;
        Some((found.number, &found.lanes))
    }
}
