//! When blocks are used again: gaps between uses, and what of it a window holds.

use super::bins::{Bin, STEPS, Steps};
use crate::analyze::share;
use serde::Serialize;

/// The bounds that the research notes mark.
pub const SOON: u64 = 10;
/// See [`SOON`].
pub const LATE: u64 = 100;

/// Gaps between two uses of a block.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Gaps {
    /// Uses of a block but its first.
    pub reuses: u64,
    /// Of those, at most 10 requests after the use before (1: the very next request).
    pub within_10: u64,
    /// within_10 / reuses; 0 while there are none.
    pub within_10_share: f64,
    /// More than 100 requests after it.
    pub beyond_100: u64,
    /// beyond_100 / reuses; 0 while there are none.
    pub beyond_100_share: f64,
    /// Gaps in requests.
    pub requests: Vec<Bin>,
    /// Gaps in milliseconds, rounded up; 0 where times run backwards. Empty where the trace has no
    /// times.
    pub milliseconds: Vec<Bin>,
}

/// Different blocks in the last so many requests.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct WorkingSet {
    /// The window in requests.
    pub window: u64,
    /// Different blocks in it, the mean over the windows that end with each request; the first
    /// windows are cut off at the beginning of the trace.
    pub mean_blocks: f64,
}

/// Gaps in the making.
#[derive(Clone, Debug, Default)]
pub(super) struct GapsSoFar {
    requests: Steps,
    milliseconds: Steps,
}

impl GapsSoFar {
    #[inline]
    pub(super) fn push(&mut self, requests: u32, seconds: f64) {
        self.requests.push(u64::from(requests));
        self.milliseconds.push(libm::ceil(seconds.max(0.0) * 1000.0) as u64);
    }

    pub(super) fn finish(&self, has_times: bool) -> Gaps {
        let (reuses, within_10) = (self.requests.count(), self.requests.upto(SOON));
        let beyond_100 = reuses - self.requests.upto(LATE);
        Gaps {
            reuses,
            within_10,
            within_10_share: share(within_10, reuses),
            beyond_100,
            beyond_100_share: share(beyond_100, reuses),
            requests: self.requests.bins(),
            milliseconds: if has_times { self.milliseconds.bins() } else { Vec::new() },
        }
    }

    /// The working sets of windows of 10, 20, 50, … requests, up to the whole trace. A use stands
    /// for its block until the next use, or until the end of the trace: so many windows of w
    /// requests hold it, and w at most. `tails` is, for each block, the requests from its last use
    /// on.
    pub(super) fn working_sets(&self, tails: &Steps, requests: u64) -> Vec<WorkingSet> {
        let windows = STEPS.iter().copied().filter(|&window| window >= SOON);
        let inside = windows.take_while(|&window| window < requests);
        let of = |window: u64| {
            let held = self.requests.cut_sum(window) + tails.cut_sum(window);
            WorkingSet { window, mean_blocks: share(held, requests) }
        };
        inside.map(of).collect()
    }
}
