//! Requests over time, and uses of blocks over the trace.

use crate::analyze::share;
use crate::model::Request;
use crate::trace::Log;
use serde::Serialize;

/// Most bins of time.
const TIME_BINS: f64 = 120.0;

/// Most bins of requests.
const PARTS: u64 = 64;

/// When requests arrive.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Times {
    /// From the first arrival to the last, in seconds; 0 where the trace has no times.
    pub duration_s: f64,
    /// requests / duration_s; 0 where that is 0.
    pub mean_rps: f64,
    /// The busiest bin's requests / bin_s; 0 without bins.
    pub peak_rps: f64,
    /// Runs of requests with one and the same time: arrivals that come in groups have far fewer
    /// than requests.
    pub moments: u64,
    /// Width of a bin, in seconds.
    pub bin_s: f64,
    /// From the first arrival on; empty where the trace has no times.
    pub bins: Vec<TimeBin>,
}

/// What arrives in a span of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TimeBin {
    /// Requests.
    pub requests: u64,
    /// Their prompt tokens.
    pub input_tokens: u64,
    /// Tokens they generate.
    pub output_tokens: u64,
}

/// Times in the making.
#[derive(Clone, Debug)]
pub(super) struct TimesSoFar {
    first_s: f64,
    duration_s: f64,
    bin_s: f64,
    bins: Vec<TimeBin>,
    moments: u64,
    before_s: f64,
}

impl TimesSoFar {
    /// For the requests of `log`. O(requests).
    pub(super) fn new(log: &Log) -> Self {
        let times = || log.iter().map(|found| found.request.arrival_s);
        let first_s = times().fold(f64::INFINITY, f64::min);
        let duration_s = (times().fold(f64::NEG_INFINITY, f64::max) - first_s).max(0.0);
        let bin_s = width(duration_s);
        let count = if duration_s > 0.0 { libm::floor(duration_s / bin_s) as usize + 1 } else { 0 };
        let bins = vec![TimeBin::default(); count];
        Self { first_s, duration_s, bin_s, bins, moments: 0, before_s: f64::NAN }
    }

    pub(super) fn has_times(&self) -> bool {
        self.duration_s > 0.0
    }

    pub(super) fn push(&mut self, request: &Request) {
        self.moments += u64::from(request.arrival_s != self.before_s);
        self.before_s = request.arrival_s;
        let at = libm::floor((request.arrival_s - self.first_s) / self.bin_s) as usize;
        if let Some(bin) = self.bins.get_mut(at) {
            bin.requests += 1;
            bin.input_tokens += u64::from(request.input_tokens);
            bin.output_tokens += u64::from(request.output_tokens);
        }
    }

    pub(super) fn finish(self, requests: u64) -> Times {
        let (duration_s, bin_s) = (self.duration_s, self.bin_s);
        let most = self.bins.iter().map(|bin| bin.requests).max().unwrap_or(0);
        Times {
            duration_s,
            mean_rps: if duration_s > 0.0 { requests as f64 / duration_s } else { 0.0 },
            peak_rps: most as f64 / bin_s,
            moments: self.moments,
            bin_s,
            bins: self.bins,
        }
    }
}

/// The least of 1, 2, 5, 10, … (and 0.5, 0.2, …) seconds of which few enough cover `duration_s`.
fn width(duration_s: f64) -> f64 {
    let decades = (-3..12).map(|decade| libm::pow(10.0, f64::from(decade)));
    let widths = decades.flat_map(|power| [power, 2.0 * power, 5.0 * power]);
    let mut fitting = widths.filter(|width| duration_s < width * TIME_BINS);
    fitting.next().unwrap_or(1e12)
}

/// How blocks come and go in the course of the trace.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Course {
    /// Requests in a part; the last may have fewer.
    pub part_requests: u64,
    /// In order.
    pub parts: Vec<Part>,
}

/// A part of the trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Part {
    /// Block references.
    pub references: u64,
    /// Blocks used here for the first time.
    pub first_uses: u64,
    /// Blocks used here for the last time.
    pub last_uses: u64,
    /// Of the prompt tokens here, what an infinite cache would save; 0 while there are none.
    pub ceiling_token_rate: f64,
}

/// A course in the making.
#[derive(Clone, Debug)]
pub(super) struct CourseSoFar {
    part_requests: u64,
    parts: Vec<Part>,
    /// Prompt tokens of each part, and of those what an infinite cache would save.
    tokens: Vec<[u64; 2]>,
}

impl CourseSoFar {
    pub(super) fn new(requests: u64) -> Self {
        let part_requests = requests.div_ceil(PARTS).max(1);
        let count = requests.div_ceil(part_requests) as usize;
        let (parts, tokens) = (vec![Part::default(); count], vec![[0; 2]; count]);
        Self { part_requests, parts, tokens }
    }

    /// Takes in request `number`, from 1.
    pub(super) fn push(&mut self, number: u32, sums: [u64; 2], tokens: [u64; 2]) {
        let at = (u64::from(number - 1) / self.part_requests) as usize;
        let [references, first_uses] = sums;
        self.parts[at].references += references;
        self.parts[at].first_uses += first_uses;
        self.tokens[at][0] += tokens[0];
        self.tokens[at][1] += tokens[1];
    }

    /// With the number of the request that used each block last; 0 for none.
    pub(super) fn finish(mut self, last: &[u32]) -> Course {
        for number in last.iter().filter_map(|number| number.checked_sub(1)) {
            self.parts[(u64::from(number) / self.part_requests) as usize].last_uses += 1;
        }
        for (part, [all, saved]) in self.parts.iter_mut().zip(self.tokens) {
            part.ceiling_token_rate = share(saved, all);
        }
        Course { part_requests: self.part_requests, parts: self.parts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_of_time_are_few_and_round() {
        for (duration_s, want) in [(3600.0, 50.0), (3537.0, 50.0), (0.5, 0.005), (119.0, 1.0)] {
            assert!((width(duration_s) / want - 1.0).abs() < 1e-12, "{duration_s}");
        }
        assert_eq!(width(1e30), 1e12);
    }
}
