//! What a sample of a trace's blocks says of the whole trace: hits and capacities are the sample's
//! over its rate, with SHARDS' correction (docs/metrics.md).

use super::{Error, Hits, Measured, Reason, Result, Totals, Whole};
use crate::config::Checked;

/// Refuses what a sample of blocks says nothing of.
pub(super) fn check(checked: &[Checked]) -> Result<()> {
    let mut reasons = Vec::new();
    let mut refuse = |path: &str, value: String, expected: &str| {
        let (path, expected) = (path.to_owned(), expected.to_owned());
        reasons.push(Reason { path, value, expected });
    };
    for checked in checked {
        if checked.nodes > 1 {
            let one = "1 for a curve of a sample: routers go by whole requests";
            refuse("nodes", checked.nodes.to_string(), one);
        }
        if checked.warmup > 0.0 {
            let none = "0 for a curve of a sample, which leaves requests out";
            refuse("warmup", checked.warmup.to_string(), none);
        }
    }
    reasons.dedup();
    if reasons.is_empty() { Ok(()) } else { Err(Error::Config(reasons)) }
}

/// The smallest capacity that the sample tells apart from its half: of one sampled block.
pub(super) fn least(whole: &Whole) -> u32 {
    size(whole, 1)
}

/// The capacity that serves the sample as `capacity` does the trace.
pub(super) fn served(whole: &Whole, capacity: u32) -> u32 {
    (libm::round(f64::from(capacity) * whole.rate) as u32).max(1)
}

/// The capacity that serves the trace as `capacity` does the sample.
pub(super) fn size(whole: &Whole, capacity: u32) -> u32 {
    libm::ceil(f64::from(capacity) / whole.rate) as u32
}

/// The hits of the whole trace. What the sample has more or less than its share of all references
/// is taken to lie with hot blocks, which hit at every capacity: it is taken off or added.
pub(super) fn hits(whole: &Whole, measured: &Measured) -> Measured {
    let of = |hits: u64, sampled: u64, all: u64| {
        let missing = all as f64 * whole.rate - sampled as f64;
        let hits = libm::round((hits as f64 + missing) / whole.rate);
        hits.clamp(0.0, all as f64) as u64
    };
    let Measured { hits, blocks, input_tokens } = *measured;
    let hits = Hits {
        prefix_hits: of(hits.prefix_hits, blocks, whole.blocks),
        block_hits: of(hits.block_hits, blocks, whole.blocks),
        hit_tokens: of(hits.hit_tokens, input_tokens, whole.block_tokens),
    };
    Measured { hits, blocks: whole.blocks, input_tokens: whole.input_tokens }
}

/// The sums of the whole trace: those of its length are exact, the others estimated.
pub(super) fn totals(whole: &Whole, sample: &Totals) -> Totals {
    let ceiling = Hits {
        prefix_hits: sample.ceiling_hits,
        block_hits: sample.ceiling_hits,
        hit_tokens: sample.ceiling_tokens,
    };
    let (blocks, input_tokens) = (sample.blocks, sample.input_tokens);
    let ceiling = hits(whole, &Measured { hits: ceiling, blocks, input_tokens }).hits;
    Totals {
        requests: whole.requests,
        blocks: whole.blocks,
        input_tokens: whole.input_tokens,
        ceiling_hits: ceiling.prefix_hits,
        ceiling_tokens: ceiling.hit_tokens,
        distinct_blocks: libm::round(sample.distinct_blocks as f64 / whole.rate) as u64,
        longest_request: whole.longest_request,
    }
}
