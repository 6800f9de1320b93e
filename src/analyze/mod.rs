//! Analyses of a whole trace: what is in it, and what a cache is worth.
//!
//! Plain functions over a [`Log`] that return serialisable values. Each can be taken in parts, so
//! that a worker can stop in between: [`Reuse`] and [`facts::Collector`] request by request.
//! docs/metrics.md defines every figure.

mod stack;
mod totals;
pub mod explain;
pub mod decisions;
pub mod facts;
pub mod reuse;
pub mod curve;
pub mod points;

pub use curve::{Curve, Plan};
pub use explain::{Explained, Told};
pub use facts::Facts;
pub use reuse::{Hits, Insertion, Reuse, ReuseCurve};
pub use totals::Totals;

use crate::model::{DEFAULT_BLOCK_SIZE, RequestRef};
use crate::trace::Log;

/// Tokens in a full block of a trace that has ended.
pub fn block_size(log: &Log) -> u32 {
    log.block_size().unwrap_or(DEFAULT_BLOCK_SIZE)
}

/// Hands at most `n` requests of a whole log from `place` on to `push`; returns the place behind
/// them. So a pass is taken in parts.
pub fn walk(log: &Log, place: u64, n: u64, push: impl FnMut(RequestRef<'_>)) -> u64 {
    let end = place.saturating_add(n).min(log.len());
    (place..end).map(|place| log.get(place)).for_each(push);
    end
}

/// A part as a share of the whole; 0 where there is nothing.
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
