//! What was done to the cluster, and what came of it.

use super::course::Course;
use crate::columns::{Last, Sliding};
use crate::event::{Event, Routed};
use serde::{Deserialize, Serialize};

/// One perturbation that came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PerturbationRecord {
    /// Its place in the configuration's list.
    pub index: u32,
    /// Number of the request before which it came, from 1.
    pub request: u64,
    /// When, in seconds after the first arrival: without time, of the trace's.
    pub at_s: f64,
    /// Blocks that left caches for it.
    pub lost_blocks: u32,
    /// Requests that it interrupted, and that arrived again.
    pub retried: u32,
    /// Of those, the ones that were then turned away.
    pub aborted: u32,
    /// The token hit rate of the window.
    pub hit_rate: Course,
    /// The p99 of its times to first token, in seconds; `None` without time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p99_ttft_s: Option<Course>,
}

/// All that came, in the order in which it did.
#[derive(Clone, Debug)]
pub struct Perturbations {
    records: Vec<PerturbationRecord>,
    /// By place in the configuration's list, whether it came.
    came: Vec<bool>,
    no_node: u64,
    wasted_blocks: u64,
    recent: Recent,
    /// Requests placed so far, and before each record.
    placed: u64,
    placed_before: Vec<u64>,
}

/// The last W placed requests.
#[derive(Clone, Debug)]
struct Recent {
    tokens: Last<(u32, u32)>,
    hit_tokens: u64,
    input_tokens: u64,
    ttft: Sliding,
}

impl Recent {
    fn push(&mut self, routed: &Routed<'_>) {
        let (hits, input) = (routed.tally.hit_tokens, routed.tally.input_tokens);
        self.hit_tokens += u64::from(hits);
        self.input_tokens += u64::from(input);
        if let Some((hits, input)) = self.tokens.push((hits, input)) {
            self.hit_tokens -= u64::from(hits);
            self.input_tokens -= u64::from(input);
        }
        if let Some(timing) = &routed.timing {
            self.ttft.push(timing.ttft_s);
        }
    }

    /// `None` while there is no token.
    fn hit_rate(&self) -> Option<f64> {
        let rate = self.hit_tokens as f64 / self.input_tokens as f64;
        (self.input_tokens > 0).then_some(rate)
    }
}

impl Perturbations {
    /// Of so many that are listed, looked at through windows of `window` requests.
    pub(super) fn new(listed: usize, window: usize) -> Self {
        Self {
            records: Vec::new(),
            came: vec![false; listed],
            no_node: 0,
            wasted_blocks: 0,
            recent: Recent {
                tokens: Last::new(window),
                hit_tokens: 0,
                input_tokens: 0,
                ttft: Sliding::new(0.99, window),
            },
            placed: 0,
            placed_before: Vec::new(),
        }
    }

    /// Those that came.
    pub fn records(&self) -> &[PerturbationRecord] {
        &self.records
    }

    /// By place in the configuration's list, whether it came.
    pub fn came(&self) -> &[bool] {
        &self.came
    }

    /// Requests that arrived again because their node was killed.
    pub fn retried(&self) -> u64 {
        self.records.iter().map(|record| u64::from(record.retried)).sum()
    }

    /// Requests that were turned away when they arrived again.
    pub fn aborted(&self) -> u64 {
        self.records.iter().map(|record| u64::from(record.aborted)).sum()
    }

    /// Requests turned away because no node was alive.
    pub fn no_node(&self) -> u64 {
        self.no_node
    }

    /// Blocks that interrupted requests had stored, or been refused, by the time their node was
    /// killed.
    pub fn wasted_blocks(&self) -> u64 {
        self.wasted_blocks
    }

    pub(super) fn on(&mut self, event: &Event<'_>) {
        match event {
            Event::Perturbed(it) => {
                self.came[it.index] = true;
                self.records.push(PerturbationRecord {
                    index: it.index as u32,
                    request: it.number,
                    at_s: it.at_s,
                    lost_blocks: it.lost_blocks,
                    retried: 0,
                    aborted: 0,
                    hit_rate: Course::new(self.recent.hit_rate()),
                    p99_ttft_s: it.timed.then(|| Course::new(self.recent.ttft.value())),
                });
                self.placed_before.push(self.placed);
            }
            Event::Interrupted(it) => {
                self.wasted_blocks += u64::from(it.wasted_blocks);
                self.latest().retried += 1;
            }
            Event::Rejected(it) => {
                self.no_node += u64::from(it.node.is_none());
                if it.again {
                    self.latest().aborted += 1;
                }
            }
            Event::Routed(routed) => self.follow(routed),
            _ => {}
        }
    }

    /// O(perturbations that came).
    fn follow(&mut self, routed: &Routed<'_>) {
        self.recent.push(routed);
        self.placed += 1;
        let window = self.recent.tokens.size() as u64;
        for (record, before) in self.records.iter_mut().zip(&self.placed_before) {
            let placed = self.placed - before;
            let since = (placed, window <= placed);
            let since_s = routed.timing.map(|timing| (timing.arrival_s - record.at_s).max(0.0));
            if let Some(rate) = self.recent.hit_rate() {
                record.hit_rate.follow(rate, true, since, since_s);
            }
            if let (Some(course), Some(p99)) = (&mut record.p99_ttft_s, self.recent.ttft.value()) {
                course.follow(p99, false, since, since_s);
            }
        }
    }

    /// The one that came last: what is interrupted arrives again before another comes.
    fn latest(&mut self) -> &mut PerturbationRecord {
        self.records.last_mut().expect("something came before")
    }
}
