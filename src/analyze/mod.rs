//! Analyses of a whole trace: what is in it, and what a cache is worth.
//!
//! Plain functions over a [`Log`] that return serialisable values. Each can be taken in parts, so
//! that a worker can stop in between: [`Reuse`] and [`facts::Collector`] request by request.
//! docs/metrics.md defines every figure.

mod stack;
mod totals;
pub mod explain;
pub mod facts;
pub mod reuse;

pub use explain::{Explained, Told};
pub use facts::Facts;
pub use reuse::{Hits, Insertion, Reuse, ReuseCurve};
pub use totals::Totals;

use crate::model::DEFAULT_BLOCK_SIZE;
use crate::trace::Log;

/// Tokens in a full block of a trace that has ended.
pub fn block_size(log: &Log) -> u32 {
    log.block_size().unwrap_or(DEFAULT_BLOCK_SIZE)
}

/// A part as a share of the whole; 0 where there is nothing.
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
