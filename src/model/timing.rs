//! Times of requests.

use std::cmp::Ordering;

/// How a request's time to first token is made up, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Timing {
    /// Arrival, on the clock of the run.
    pub arrival_s: f64,
    /// Until the server is free.
    pub wait_s: f64,
    /// Of fetched blocks; holds the server. Waiting for links counts here.
    pub transfer_s: f64,
    /// Of the uncached tokens.
    pub prefill_s: f64,
    /// All of it and the fixed part.
    pub ttft_s: f64,
}

impl Timing {
    /// When the fetched blocks are there.
    pub fn transferred_s(&self) -> f64 {
        self.arrival_s + self.wait_s + self.transfer_s
    }

    /// When the server is free again.
    pub fn finish_s(&self) -> f64 {
        self.arrival_s + self.wait_s + self.transfer_s + self.prefill_s
    }

    /// The same counted from an earlier arrival, at `first_s`: what lies between was waited.
    pub fn since(&self, first_s: f64) -> Self {
        let lost_s = self.arrival_s - first_s;
        let (wait_s, ttft_s) = (lost_s + self.wait_s, lost_s + self.ttft_s);
        Self { arrival_s: first_s, wait_s, ttft_s, ..*self }
    }
}

/// A request whose times have changed after it was queued.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retimed {
    /// Which arrival it was, the last word in every tie.
    pub sequence: u64,
    /// Its times before.
    pub before: Timing,
    /// Its times now.
    pub after: Timing,
    /// When it will have generated everything.
    pub ended_s: f64,
}

impl Retimed {
    /// The one of this sequence among `all`, which stand in that order. O(log all).
    pub fn find(all: &[Self], sequence: u64) -> Option<&Self> {
        all.binary_search_by_key(&sequence, |one| one.sequence).ok().map(|at| &all[at])
    }
}

/// A time with a total order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct At(pub f64, pub u64);

impl Eq for At {}

impl PartialOrd for At {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for At {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0).then(self.1.cmp(&other.1))
    }
}
