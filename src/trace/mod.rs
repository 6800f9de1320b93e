//! Traces: what a request is, how one is read, made and written.
//!
//! Reading order: [`log`] (requests that were read), [`order`] (how a reader takes them),
//! [`intern`] (raw ids to dense block ids), [`read`] (files to requests, with [`formats`] and
//! [`report`]), [`mod@write`] (requests to files), the workloads, and what a log is made into:
//! [`pack`] (one buffer) and [`thin`] (a sample of its blocks).

pub mod log;
pub mod intern;
pub mod read;
pub mod formats;
pub mod report;
pub mod facts;
pub mod write;
pub mod synth;
pub mod order;
pub mod pack;
pub mod thin;

pub use facts::{FactLine, TraceFacts};
pub use formats::{Field, Format, IdScope, RowsAre, SessionsAre, TimeUnit};
pub use intern::{Hex, Interner, RawId};
pub use log::Log;
pub use read::{ReadOptions, TraceReader};
pub use report::{BadLine, Decided, DecidedBy, HeldAs, ReadReport, Warning, WarningKind};
pub use write::write_line;

/// A request before interning: what a workload makes and a trace file says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RawRequest {
    /// Arrival in milliseconds.
    pub timestamp_ms: u64,
    /// Prompt length in tokens.
    pub input_tokens: u32,
    /// Generated length in tokens.
    pub output_tokens: u32,
    /// Ids in prefix order, `ceil(input_tokens / block_size)` of them.
    pub hash_ids: Vec<u64>,
}
