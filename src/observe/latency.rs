//! Times to first token of the counted requests.

use crate::columns::Quantiles;
use crate::model::Timing;

/// Sums of the time to first token and its parts, in seconds, and its distribution.
#[derive(Clone, Debug)]
pub struct Latency {
    slo_s: f64,
    /// Whether there was a first arrival.
    begun: bool,
    /// Requests with a time.
    pub count: u64,
    /// Requests inside the objective.
    pub inside_slo: u64,
    /// Sum of times to first token.
    pub ttft_s: f64,
    /// Sum of waits.
    pub wait_s: f64,
    /// Sum of transfers.
    pub transfer_s: f64,
    /// Sum of prefills.
    pub prefill_s: f64,
    /// Latest end of a prefill; 0 before the first.
    pub last_finish_s: f64,
    /// Arrival of the first request that was placed.
    pub first_arrival_s: f64,
    /// The distribution of times to first token.
    pub quantiles: Quantiles,
}

impl Latency {
    pub(super) fn new(slo_s: f64, drawn: bool) -> Self {
        Self {
            slo_s,
            begun: false,
            count: 0,
            inside_slo: 0,
            ttft_s: 0.0,
            wait_s: 0.0,
            transfer_s: 0.0,
            prefill_s: 0.0,
            last_finish_s: 0.0,
            first_arrival_s: 0.0,
            quantiles: Quantiles::new(drawn),
        }
    }

    pub(super) fn push(&mut self, timing: &Timing) {
        if !self.begun {
            (self.begun, self.first_arrival_s) = (true, timing.arrival_s);
        }
        self.count += 1;
        self.inside_slo += u64::from(timing.ttft_s <= self.slo_s);
        self.ttft_s += timing.ttft_s;
        self.wait_s += timing.wait_s;
        self.transfer_s += timing.transfer_s;
        self.prefill_s += timing.prefill_s;
        self.last_finish_s = self.last_finish_s.max(timing.finish_s());
        self.quantiles.push(timing.ttft_s);
    }

    /// Takes a request back that was never served; the latest end of the others is
    /// `last_finish_s`. O(requests).
    pub(super) fn take_back(&mut self, timing: &Timing, last_finish_s: f64) {
        self.count -= 1;
        self.inside_slo -= u64::from(timing.ttft_s <= self.slo_s);
        self.ttft_s -= timing.ttft_s;
        self.wait_s -= timing.wait_s;
        self.transfer_s -= timing.transfer_s;
        self.prefill_s -= timing.prefill_s;
        self.last_finish_s = self.last_finish_s.min(last_finish_s);
        self.quantiles.take_back(timing.ttft_s);
    }
}
