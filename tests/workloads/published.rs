//! What is published about the traces that the workloads stand for, row by row.

use super::caches::{Policy, flat, tree_lru};
use super::trace::Trace;

/// How far from the published figure a workload may be.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Tolerance {
    Exact,
    /// A share of the published figure.
    Relative(f64),
    /// A difference of two shares.
    Points(f64),
}

/// One published figure and how it is measured on a trace.
pub(crate) struct Row {
    pub(crate) what: &'static str,
    pub(crate) published: f64,
    pub(crate) tolerance: Tolerance,
    pub(crate) measure: fn(&Trace) -> f64,
}

const CLOSE: Tolerance = Tolerance::Relative(0.05);
const POINTS: Tolerance = Tolerance::Points(0.02);

const fn row(
    what: &'static str,
    published: f64,
    tolerance: Tolerance,
    measure: fn(&Trace) -> f64,
) -> Row {
    Row { what, published, tolerance, measure }
}

fn any(trace: &Trace, policy: Policy, capacity: usize) -> f64 {
    flat(trace, capacity, policy).any_rate(trace)
}

fn late_lru(trace: &Trace, capacity: usize) -> f64 {
    tree_lru(trace, capacity).late_token_rate(trace)
}

fn late_fifo(trace: &Trace, capacity: usize) -> f64 {
    flat(trace, capacity, Policy::Fifo).late_token_rate(trace)
}

/// The trace of 23,608 requests that `toolagent` stands for.
pub(crate) const TOOLAGENT: &[Row] = &[
    row("requests", 23_608.0, Tolerance::Exact, |t| t.requests.len() as f64),
    row("duration, s", 3_600.0, CLOSE, Trace::duration_s),
    row("seconds between groups", 3.05, CLOSE, Trace::group_gap_s),
    row("block references", 409_356.0, CLOSE, |t| t.references() as f64),
    row("distinct blocks", 183_166.0, CLOSE, |t| t.distinct() as f64),
    row("input tokens", 202_791_701.0, CLOSE, |t| t.input_tokens() as f64),
    row("mean output tokens", 182.0, CLOSE, Trace::mean_output_tokens),
    row("ceiling, blocks", 0.55255, POINTS, Trace::ceiling_blocks),
    row("ceiling, tokens", 0.57070, POINTS, |t| t.ceiling_tokens().0),
    row("ceiling, tokens, second half", 0.5912, POINTS, |t| t.ceiling_tokens().1),
    row("requests with block 0", 10_938.0, CLOSE, |t| t.uses_of(0)),
    row("requests with block 46", 9_203.0, CLOSE, |t| t.uses_of(46)),
    row("requests with block 57", 9_203.0, CLOSE, |t| t.uses_of(57)),
    row("re-use gap up to 10 requests", 0.592, POINTS, |t| t.reuse_gap_share(|gap| gap <= 10)),
    row("re-use gap beyond 100 requests", 0.383, POINTS, |t| t.reuse_gap_share(|gap| gap > 100)),
    row("LRU any-block, 1,000 blocks", 0.341, POINTS, |t| any(t, Policy::Lru, 1_000)),
    row("LRU any-block, 10,000", 0.460, POINTS, |t| any(t, Policy::Lru, 10_000)),
    row("LRU any-block, 30,000", 0.537, POINTS, |t| any(t, Policy::Lru, 30_000)),
    row("LRU any-block, 50,000", 0.551, POINTS, |t| any(t, Policy::Lru, 50_000)),
    row("LRU any-block, 100,000", 0.552, POINTS, |t| any(t, Policy::Lru, 100_000)),
    row("LRU any-block, unlimited", 0.553, POINTS, |t| any(t, Policy::Lru, usize::MAX)),
    row("LRU tokens, late, 1,000", 0.365, POINTS, |t| late_lru(t, 1_000)),
    row("LRU tokens, late, 3,000", 0.380, POINTS, |t| late_lru(t, 3_000)),
    row("LRU tokens, late, 5,900", 0.432, POINTS, |t| late_lru(t, 5_900)),
    row("LRU tokens, late, 10,000", 0.488, POINTS, |t| late_lru(t, 10_000)),
    row("LRU tokens, late, 30,000", 0.573, POINTS, |t| late_lru(t, 30_000)),
    row("LRU tokens, late, 50,000", 0.588, POINTS, |t| late_lru(t, 50_000)),
    row("FIFO tokens, late, 1,000", 0.354, POINTS, |t| late_fifo(t, 1_000)),
    row("FIFO tokens, late, 3,000", 0.375, POINTS, |t| late_fifo(t, 3_000)),
    row("FIFO tokens, late, 5,900", 0.427, POINTS, |t| late_fifo(t, 5_900)),
    row("FIFO tokens, late, 10,000", 0.462, POINTS, |t| late_fifo(t, 10_000)),
    row("FIFO tokens, late, 30,000", 0.544, POINTS, |t| late_fifo(t, 30_000)),
    row("FIFO tokens, late, 50,000", 0.568, POINTS, |t| late_fifo(t, 50_000)),
    row("LFU any-block, 512", 0.3416, POINTS, |t| any(t, Policy::Lfu, 512)),
    row("LRU any-block, 512", 0.3382, POINTS, |t| any(t, Policy::Lru, 512)),
    row("FIFO any-block, 512", 0.3182, POINTS, |t| any(t, Policy::Fifo, 512)),
    row("LFU evictions, 512", 269_083.0, CLOSE, |t| flat(t, 512, Policy::Lfu).evictions as f64),
];

/// The trace of 12,031 requests that `conversation` stands for.
pub(crate) const CONVERSATION: &[Row] = &[
    row("requests", 12_031.0, Tolerance::Exact, |t| t.requests.len() as f64),
    row("duration, s", 3_537.0, CLOSE, Trace::duration_s),
    row("seconds between groups", 3.0, CLOSE, Trace::group_gap_s),
    row("distinct timestamps", 1_180.0, CLOSE, |t| t.distinct_timestamps() as f64),
    row("block references", 288_500.0, CLOSE, |t| t.references() as f64),
    row("distinct blocks", 182_790.0, CLOSE, |t| t.distinct() as f64),
    row("input tokens", 144_793_823.0, CLOSE, |t| t.input_tokens() as f64),
    row("mean output tokens", 342.6, CLOSE, Trace::mean_output_tokens),
    row("requests with block 0", 12_031.0, Tolerance::Exact, |t| t.uses_of(0)),
    row("uses of the next hottest block", 43.0, CLOSE, Trace::second_hottest),
    row("blocks used once", 0.758, POINTS, Trace::used_once),
    row("ceiling, blocks", 0.36641, POINTS, Trace::ceiling_blocks),
    row("ceiling, tokens", 0.37362, POINTS, |t| t.ceiling_tokens().0),
    row("ceiling, tokens, second half", 0.39811, POINTS, |t| t.ceiling_tokens().1),
    row("FIFO any-block, 1,000 blocks", 0.0435, POINTS, |t| any(t, Policy::Fifo, 1_000)),
    row("FIFO any-block, 10,000", 0.1865, POINTS, |t| any(t, Policy::Fifo, 10_000)),
    row("FIFO any-block, 30,000", 0.3021, POINTS, |t| any(t, Policy::Fifo, 30_000)),
    row("LRU any-block, 1,000", 0.0445, POINTS, |t| any(t, Policy::Lru, 1_000)),
    row("LRU any-block, 10,000", 0.2112, POINTS, |t| any(t, Policy::Lru, 10_000)),
    row("LRU any-block, 30,000", 0.3257, POINTS, |t| any(t, Policy::Lru, 30_000)),
    row("LFU any-block, 1,000", 0.0481, POINTS, |t| any(t, Policy::Lfu, 1_000)),
    row("LFU any-block, 10,000", 0.1318, POINTS, |t| any(t, Policy::Lfu, 10_000)),
    row("LFU any-block, 30,000", 0.2759, POINTS, |t| any(t, Policy::Lfu, 30_000)),
    row("LRU tokens, late, 1,000", 0.0467, POINTS, |t| late_lru(t, 1_000)),
    row("LRU tokens, late, 3,000", 0.0669, POINTS, |t| late_lru(t, 3_000)),
    row("LRU tokens, late, 5,859", 0.1367, POINTS, |t| late_lru(t, 5_859)),
    row("LRU tokens, late, 10,000", 0.2195, POINTS, |t| late_lru(t, 10_000)),
    row("LRU tokens, late, 30,000", 0.3438, POINTS, |t| late_lru(t, 30_000)),
    row("LRU tokens, late, 50,000", 0.3767, POINTS, |t| late_lru(t, 50_000)),
    row("LRU tokens, late, 100,000", 0.3922, POINTS, |t| late_lru(t, 100_000)),
    row("FIFO tokens, late, 1,000", 0.0457, POINTS, |t| late_fifo(t, 1_000)),
    row("FIFO tokens, late, 3,000", 0.0644, POINTS, |t| late_fifo(t, 3_000)),
    row("FIFO tokens, late, 5,859", 0.1283, POINTS, |t| late_fifo(t, 5_859)),
    row("FIFO tokens, late, 10,000", 0.1831, POINTS, |t| late_fifo(t, 10_000)),
    row("FIFO tokens, late, 30,000", 0.3042, POINTS, |t| late_fifo(t, 30_000)),
    row("FIFO tokens, late, 50,000", 0.3483, POINTS, |t| late_fifo(t, 50_000)),
    row("FIFO tokens, late, 100,000", 0.3762, POINTS, |t| late_fifo(t, 100_000)),
];

impl Row {
    /// Whether `ours` is close enough.
    pub(crate) fn accepts(&self, ours: f64) -> bool {
        let distance = (ours - self.published).abs();
        match self.tolerance {
            Tolerance::Exact => distance == 0.0,
            Tolerance::Relative(share) => distance <= share * self.published,
            Tolerance::Points(points) => distance <= points,
        }
    }
}
