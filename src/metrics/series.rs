//! Time columns: what strips draw, in bounded memory.
//!
//! Each sample sums `stride` requests. When the columns are full, neighbours are merged and the
//! stride doubles, so any run ends with between half and all of [`MOST_SAMPLES`] and the samples
//! depend on the requests alone, not on how the run was stepped.

use super::quantile::Small;
use crate::event::{Migrated, Routed, Stored};

/// Samples kept.
pub const MOST_SAMPLES: usize = 1024;

/// Sums of one sample.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Requests placed or turned away in it.
    pub requests: u64,
    /// Requests up to its end.
    pub request: u64,
    /// Arrival of its last request, in trace seconds.
    pub time_s: f64,
    /// Block references.
    pub blocks: u64,
    /// Inside the prefix.
    pub prefix_hits: u64,
    /// Prompt tokens.
    pub input_tokens: u64,
    /// Prompt tokens saved.
    pub hit_tokens: u64,
    /// Prompt tokens an infinite cache would save.
    pub ceiling_tokens: u64,
    /// Blocks evicted.
    pub evictions: u64,
    /// Blocks that migrations inserted.
    pub migrated_blocks: u64,
    /// Resident blocks of the fullest node over all resident, at its end.
    pub resident_share: f64,
    /// Requests by node.
    pub node_requests: Vec<u32>,
    /// Prompt tokens to compute, by node.
    pub node_work_tokens: Vec<u64>,
    /// Sum of times to first token, in seconds.
    pub ttft_s: f64,
    /// Requests with a time.
    pub timed: u64,
    /// Distribution of times to first token.
    pub ttft: Small,
    /// Most unfinished requests on one node.
    pub longest_queue: u32,
}

impl Sample {
    fn new(nodes: usize) -> Self {
        Self {
            requests: 0,
            request: 0,
            time_s: 0.0,
            blocks: 0,
            prefix_hits: 0,
            input_tokens: 0,
            hit_tokens: 0,
            ceiling_tokens: 0,
            evictions: 0,
            migrated_blocks: 0,
            resident_share: 0.0,
            node_requests: vec![0; nodes],
            node_work_tokens: vec![0; nodes],
            ttft_s: 0.0,
            timed: 0,
            ttft: Small::default(),
            longest_queue: 0,
        }
    }

    /// Takes in a time to first token.
    fn time(&mut self, ttft_s: f64) {
        self.ttft_s += ttft_s;
        self.timed += 1;
        self.ttft.push(ttft_s);
    }

    /// Takes in the sample that follows.
    fn absorb(&mut self, next: &Self) {
        self.requests += next.requests;
        self.request = next.request;
        self.time_s = next.time_s;
        self.blocks += next.blocks;
        self.prefix_hits += next.prefix_hits;
        self.input_tokens += next.input_tokens;
        self.hit_tokens += next.hit_tokens;
        self.ceiling_tokens += next.ceiling_tokens;
        self.evictions += next.evictions;
        self.migrated_blocks += next.migrated_blocks;
        self.resident_share = next.resident_share;
        for (sum, &next) in self.node_requests.iter_mut().zip(&next.node_requests) {
            *sum += next;
        }
        for (sum, &next) in self.node_work_tokens.iter_mut().zip(&next.node_work_tokens) {
            *sum += next;
        }
        self.ttft_s += next.ttft_s;
        self.timed += next.timed;
        self.ttft.merge(&next.ttft);
        self.longest_queue = self.longest_queue.max(next.longest_queue);
    }
}

/// The samples of a run, the last one perhaps partial.
#[derive(Clone, Debug)]
pub struct Series {
    nodes: usize,
    stride: u64,
    samples: Vec<Sample>,
}

impl Series {
    pub(super) fn new(nodes: usize) -> Self {
        Self { nodes, stride: 1, samples: Vec::new() }
    }

    /// Requests in a full sample.
    pub fn stride(&self) -> u64 {
        self.stride
    }

    /// The samples, oldest first.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    pub(super) fn on_migrated(&mut self, migrated: &Migrated) {
        let sample = self.open();
        sample.migrated_blocks += u64::from(migrated.moved);
        sample.evictions += u64::from(migrated.evicted);
    }

    pub(super) fn on_stored(&mut self, stored: &Stored) {
        // Blocks that become visible at completion are stored between requests.
        let sample = match self.samples.len() {
            0 => self.open(),
            len => &mut self.samples[len - 1],
        };
        sample.evictions += u64::from(stored.evicted);
    }

    pub(super) fn on_routed(&mut self, routed: &Routed<'_>) {
        let request = routed.request;
        let node = routed.node.index();
        let sample = self.open();
        sample.time_s = request.arrival_s;
        sample.blocks += routed.blocks.len() as u64;
        sample.prefix_hits += u64::from(routed.prefix);
        sample.input_tokens += u64::from(request.input_tokens);
        sample.hit_tokens += u64::from(routed.hit_tokens);
        sample.ceiling_tokens += u64::from(routed.ceiling_tokens);
        sample.node_requests[node] += 1;
        sample.node_work_tokens[node] += u64::from(request.input_tokens - routed.hit_tokens);
        sample.longest_queue = sample.longest_queue.max(routed.longest_queue);
        if let Some(timing) = &routed.timing {
            sample.time(timing.ttft_s);
        }
    }

    pub(super) fn settle(&mut self, resident: &[u32]) {
        let total: u64 = resident.iter().map(|&blocks| u64::from(blocks)).sum();
        let largest = resident.iter().copied().max().unwrap_or(0);
        let sample = self.open();
        sample.requests += 1;
        sample.request += 1;
        sample.resident_share = if total == 0 { 0.0 } else { f64::from(largest) / total as f64 };
    }

    /// The sample that takes what happens now.
    fn open(&mut self) -> &mut Sample {
        let full = self.samples.last().is_none_or(|last| last.requests == self.stride);
        if full {
            if self.samples.len() == MOST_SAMPLES {
                self.halve();
            }
            let request = self.samples.last().map_or(0, |last| last.request);
            let time_s = self.samples.last().map_or(0.0, |last| last.time_s);
            self.samples.push(Sample { request, time_s, ..Sample::new(self.nodes) });
        }
        self.samples.last_mut().expect("one was pushed")
    }

    fn halve(&mut self) {
        let mut pairs = std::mem::take(&mut self.samples).into_iter();
        while let Some(mut sample) = pairs.next() {
            if let Some(next) = pairs.next() {
                sample.absorb(&next);
            }
            self.samples.push(sample);
        }
        self.stride *= 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    #[test]
    fn a_samples_p99_is_that_of_its_requests_and_its_mean_is_not_above() {
        for requests in [1, 60, 1024, 1025, 5000, 100_000] {
            let mut stream = Stream::new(requests, "series", 0);
            let mut series = Series::new(1);
            let mut times = Vec::new();
            for _ in 0..requests {
                let ttft_s = libm::exp(4.0 * stream.unit() - 6.0);
                times.push(ttft_s);
                series.open().time(ttft_s);
                series.settle(&[1]);
            }
            let stride = series.stride() as usize;
            assert_eq!(times.chunks(stride).len(), series.samples().len());
            for (sample, times) in series.samples().iter().zip(times.chunks_mut(stride)) {
                times.sort_by(f64::total_cmp);
                let p99 = times[(99 * times.len() / 100).min(times.len() - 1)];
                assert_eq!(sample.ttft.at(0.99), p99, "{requests} requests by {stride}");
                // But for the rounding of a sum of equal times.
                assert!(sample.ttft_s / sample.timed as f64 <= p99 * (1.0 + 1e-12));
            }
        }
    }
}
