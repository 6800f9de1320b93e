//! Time columns: what strips draw, in bounded memory.
//!
//! Each sample sums `stride` requests. When the columns are full, neighbours are merged and the
//! stride doubles, so any run ends with between half and all of [`MOST_SAMPLES`] and the samples
//! depend on the requests alone, not on how the run was stepped.

use crate::columns::Small;
use crate::event::{Migrated, Perturbed, Rejected, Routed, Stored};
use crate::model::{NodeId, Tally};

/// Samples kept.
pub const MOST_SAMPLES: usize = 1024;

/// One sample.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Everything counted in it.
    pub tally: Tally,
    /// Requests up to its end.
    pub request: u64,
    /// Arrival of its last request, in trace seconds.
    pub time_s: f64,
    /// Resident blocks of the fullest node, and of all, after its last request.
    pub resident: (u32, u64),
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
            tally: Tally::default(),
            request: 0,
            time_s: 0.0,
            resident: (0, 0),
            node_requests: vec![0; nodes],
            node_work_tokens: vec![0; nodes],
            ttft_s: 0.0,
            timed: 0,
            ttft: Small::default(),
            longest_queue: 0,
        }
    }

    /// Mean time to first token in seconds; not a number while none has a time.
    pub fn mean_ttft_s(&self) -> f64 {
        if self.timed == 0 { f64::NAN } else { self.ttft_s / self.timed as f64 }
    }

    /// Takes in a time to first token.
    fn time(&mut self, ttft_s: f64) {
        self.ttft_s += ttft_s;
        self.timed += 1;
        self.ttft.push(ttft_s);
    }

    /// Requests placed or turned away in it.
    pub fn requests(&self) -> u64 {
        self.tally.requests + self.tally.rejected
    }

    /// Resident blocks of the fullest node over all resident, after its last request; 0 while
    /// there are none.
    pub fn resident_share(&self) -> f64 {
        let (largest, total) = self.resident;
        if total == 0 { 0.0 } else { f64::from(largest) / total as f64 }
    }

    /// Takes in the sample that follows.
    fn absorb(&mut self, next: &Self) {
        self.tally += next.tally;
        self.request = next.request;
        self.time_s = next.time_s;
        self.resident = next.resident;
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

/// Resident blocks of every node, followed event by event.
#[derive(Clone, Debug)]
struct Fill {
    nodes: Vec<u32>,
    total: u64,
    largest: u32,
}

impl Fill {
    fn new(nodes: usize) -> Self {
        Self { nodes: vec![0; nodes], total: 0, largest: 0 }
    }

    /// Node `node` holds `now` blocks. O(1), or O(nodes) where the fullest node has lost some.
    #[inline]
    fn set(&mut self, node: NodeId, now: u32) {
        let before = std::mem::replace(&mut self.nodes[node.index()], now);
        self.total = self.total + u64::from(now) - u64::from(before);
        if self.largest <= now {
            self.largest = now;
        } else if before == self.largest {
            self.largest = self.nodes.iter().copied().max().unwrap_or(0);
        }
    }
}

/// The samples of a run, the last one perhaps partial.
#[derive(Clone, Debug)]
pub struct Series {
    nodes: usize,
    stride: u64,
    samples: Vec<Sample>,
    fill: Fill,
}

impl Series {
    pub(super) fn new(nodes: usize) -> Self {
        Self { nodes, stride: 1, samples: Vec::new(), fill: Fill::new(nodes) }
    }

    /// How many nodes a sample tells apart.
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// Whether any request has a time to first token.
    pub fn is_timed(&self) -> bool {
        self.samples.iter().any(|sample| sample.timed > 0)
    }

    /// Requests in a full sample.
    pub fn stride(&self) -> u64 {
        self.stride
    }

    /// The samples, oldest first.
    pub fn samples(&self) -> &[Sample] {
        &self.samples
    }

    pub(super) fn on_migrated(&mut self, migrated: &Migrated<'_>) {
        let [source, target] = migrated.resident;
        self.fill.set(migrated.source, source);
        self.fill.set(migrated.target, target);
        self.open().tally += migrated.tally;
    }

    pub(super) fn on_stored(&mut self, stored: &Stored) {
        self.fill.set(stored.node, stored.resident);
        // Blocks that become visible at completion are stored between requests.
        let sample = match self.samples.len() {
            0 => self.open(),
            len => &mut self.samples[len - 1],
        };
        sample.tally += stored.tally;
    }

    pub(super) fn on_routed(&mut self, routed: &Routed<'_>) {
        let node = routed.node.index();
        self.fill.set(routed.node, routed.resident);
        let resident = (self.fill.largest, self.fill.total);
        let sample = self.open();
        // Between two requests queues only get shorter, so that after the first request of a
        // sample the longest can only be the one it joins.
        let longest = match sample.tally.requests {
            0 => routed.queues.iter().copied().max().unwrap_or(0),
            _ => routed.queues[node],
        };
        sample.longest_queue = sample.longest_queue.max(longest);
        sample.tally += routed.tally;
        sample.request += 1;
        sample.time_s = routed.time_s;
        sample.resident = resident;
        sample.node_requests[node] += 1;
        let work = routed.tally.input_tokens - routed.tally.hit_tokens;
        sample.node_work_tokens[node] += u64::from(work);
        if let Some(timing) = &routed.timing {
            sample.time(timing.ttft_s);
        }
    }

    pub(super) fn on_rejected(&mut self, rejected: &Rejected) {
        let resident = (self.fill.largest, self.fill.total);
        let sample = self.open();
        sample.tally.rejected += 1;
        sample.request += 1;
        sample.time_s = rejected.time_s;
        sample.resident = resident;
    }

    pub(super) fn on_perturbed(&mut self, perturbed: &Perturbed<'_>) {
        for (node, &resident) in perturbed.resident.iter().enumerate() {
            self.fill.set(NodeId::from_index(node), resident);
        }
    }

    /// # Panics
    /// If the columns do not hold every request once, or nodes hold something else than the
    /// events said.
    pub(super) fn validate(&self, resident: &[u32]) {
        assert_eq!(self.fill.nodes, resident, "resident blocks as events told them");
        assert_eq!(self.fill.largest, resident.iter().copied().max().unwrap_or(0), "fullest node");
        let requests: u64 = self.samples.iter().map(Sample::requests).sum();
        let last = self.samples.last().map_or(0, |last| last.request);
        assert_eq!(requests, last, "requests of all samples");
    }

    /// The sample that takes what happens now.
    fn open(&mut self) -> &mut Sample {
        let full = self.samples.last().is_none_or(|last| last.requests() == self.stride);
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
                let sample = series.open();
                sample.time(ttft_s);
                sample.tally.requests += 1;
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

    #[test]
    fn a_samples_longest_queue_is_the_longest_at_any_of_its_requests() {
        let mut stream = Stream::new(3, "queues", 0);
        let (mut series, mut queues, mut longest) = (Series::new(3), [0_u32; 3], Vec::new());
        for number in 1..=5000 {
            // Between two requests queues only get shorter; then one of them is joined.
            for queue in &mut queues {
                *queue = queue.saturating_sub(stream.below(4) as u32 / 2);
            }
            let node = stream.below(3) as usize;
            queues[node] += 1 + stream.below(2) as u32;
            longest.push(queues.into_iter().max().unwrap_or(0));
            series.on_routed(&Routed {
                number,
                time_s: 0.0,
                node: NodeId::from_index(node),
                blocks: &[],
                fetched_from: None,
                tally: Tally { requests: 1, ..Tally::default() },
                resident: 0,
                timing: None,
                queues: &queues,
            });
        }
        let stride = series.stride() as usize;
        assert_eq!((stride, longest.chunks(stride).len()), (8, series.samples().len()));
        for (sample, longest) in series.samples().iter().zip(longest.chunks(stride)) {
            assert_eq!(Some(&sample.longest_queue), longest.iter().max());
        }
    }
}
