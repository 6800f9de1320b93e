//! A whole workload in memory, and its plain statistics.

use kvscope::trace::{Log, RawRequest};
use std::collections::BTreeSet;

pub(crate) const BLOCK_TOKENS: u64 = 512;

#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) timestamp_ms: u64,
    pub(crate) input_tokens: u64,
    pub(crate) output_tokens: u64,
    pub(crate) blocks: Vec<u32>,
}

#[derive(Clone, Debug)]
pub(crate) struct Trace {
    pub(crate) requests: Vec<Request>,
    /// References of each block, by id.
    pub(crate) uses: Vec<u32>,
}

impl Trace {
    /// Holds the requests, whose ids must be numbered in order of first appearance.
    pub(crate) fn new(requests: Vec<Request>) -> Self {
        let mut uses: Vec<u32> = Vec::new();
        for &block in requests.iter().flat_map(|request| &request.blocks) {
            let id = block as usize;
            assert!(id <= uses.len(), "block {id} appears before block {}", uses.len());
            if id == uses.len() {
                uses.push(0);
            }
            uses[id] += 1;
        }
        Self { requests, uses }
    }

    pub(crate) fn from_raw(requests: impl Iterator<Item = RawRequest>) -> Self {
        let plain = |raw: RawRequest| Request {
            timestamp_ms: raw.timestamp_ms,
            input_tokens: raw.input_tokens.into(),
            output_tokens: raw.output_tokens.into(),
            blocks: raw.hash_ids.iter().map(|&id| id as u32).collect(),
        };
        Self::new(requests.map(plain).collect())
    }

    /// The requests of a trace that was read.
    pub(crate) fn of_log(log: &Log) -> Self {
        let requests = log.iter().map(|found| Request {
            timestamp_ms: (found.request.arrival_s * 1_000.0).round() as u64,
            input_tokens: found.request.input_tokens.into(),
            output_tokens: found.request.output_tokens.into(),
            blocks: found.blocks.iter().map(|block| block.0).collect(),
        });
        Self::new(requests.collect())
    }

    pub(crate) fn references(&self) -> u64 {
        self.uses.iter().map(|&uses| u64::from(uses)).sum()
    }

    pub(crate) fn distinct(&self) -> usize {
        self.uses.len()
    }

    pub(crate) fn input_tokens(&self) -> u64 {
        self.requests.iter().map(|request| request.input_tokens).sum()
    }

    pub(crate) fn mean_output_tokens(&self) -> f64 {
        let tokens: u64 = self.requests.iter().map(|request| request.output_tokens).sum();
        tokens as f64 / self.requests.len() as f64
    }

    /// Input tokens of the second half of the requests.
    pub(crate) fn late_tokens(&self) -> u64 {
        let half = self.requests.len() / 2;
        self.requests[half..].iter().map(|request| request.input_tokens).sum()
    }

    /// Tokens that a leading run of `blocks` saves request `index`; 0 in the first half.
    pub(crate) fn late_tokens_of(&self, index: usize, blocks: usize) -> u64 {
        if index < self.requests.len() / 2 {
            return 0;
        }
        self.requests[index].input_tokens.min(blocks as u64 * BLOCK_TOKENS)
    }

    /// The share of references that an infinite cache serves.
    pub(crate) fn ceiling_blocks(&self) -> f64 {
        1.0 - self.distinct() as f64 / self.references() as f64
    }

    /// The share of input tokens that an infinite cache serves: (whole trace, second half).
    pub(crate) fn ceiling_tokens(&self) -> (f64, f64) {
        let (mut all, mut late, mut seen) = (0, 0, 0);
        for (index, request) in self.requests.iter().enumerate() {
            let run = request.blocks.iter().take_while(|&&block| block < seen).count();
            all += request.input_tokens.min(run as u64 * BLOCK_TOKENS);
            late += self.late_tokens_of(index, run);
            seen = seen.max(request.blocks.iter().max().map_or(0, |last| last + 1));
        }
        let share = |hits: u64, tokens: u64| hits as f64 / tokens as f64;
        (share(all, self.input_tokens()), share(late, self.late_tokens()))
    }

    /// Seconds from the first arrival to the last.
    pub(crate) fn duration_s(&self) -> f64 {
        let last = self.requests.last().map_or(0, |request| request.timestamp_ms);
        (last - self.requests[0].timestamp_ms) as f64 / 1000.0
    }

    pub(crate) fn distinct_timestamps(&self) -> usize {
        self.requests.iter().map(|request| request.timestamp_ms).collect::<BTreeSet<_>>().len()
    }

    /// Mean seconds between one group of simultaneous arrivals and the next.
    pub(crate) fn group_gap_s(&self) -> f64 {
        self.duration_s() / (self.distinct_timestamps() - 1) as f64
    }

    /// Requests whose blocks include `block`.
    pub(crate) fn uses_of(&self, block: u32) -> f64 {
        f64::from(self.uses[block as usize])
    }

    /// Uses of the hottest block but block 0.
    pub(crate) fn second_hottest(&self) -> f64 {
        f64::from(self.uses[1..].iter().copied().max().unwrap_or(0))
    }

    /// The share of blocks used exactly once.
    pub(crate) fn used_once(&self) -> f64 {
        self.uses.iter().filter(|&&uses| uses == 1).count() as f64 / self.distinct() as f64
    }

    /// The share of re-uses for which `keep` holds of the gap: how many requests after its
    /// previous use the block is used again (1: by the very next request).
    pub(crate) fn reuse_gap_share(&self, keep: impl Fn(usize) -> bool) -> f64 {
        let mut previous = vec![None; self.distinct()];
        let (mut kept, mut all) = (0_u64, 0_u64);
        for (index, request) in self.requests.iter().enumerate() {
            for &block in &request.blocks {
                if let Some(before) = previous[block as usize].replace(index) {
                    all += 1;
                    kept += u64::from(keep(index - before));
                }
            }
        }
        kept as f64 / all as f64
    }
}
