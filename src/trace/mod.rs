//! Traces: what a request is, how one is read, made and written.
//!
//! Reading order: the model here, [`queue`] (parsed requests waiting to be served),
//! [`intern`] (raw ids to dense block ids), [`read`] (files to requests, with [`formats`] and
//! [`report`]), [`mod@write`] (requests to files), then the workloads.

pub mod queue;
pub mod intern;
pub mod read;
pub mod formats;
pub mod report;
pub mod facts;
pub mod write;
pub mod synth;
pub mod arrivals;
pub mod future;

pub use facts::TraceFacts;
pub use formats::{Field, Format, IdScope, RowsAre, SessionsAre, TimeUnit};
pub use intern::{Interner, RawId};
pub use queue::RequestQueue;
pub use read::{ReadOptions, TraceReader};
pub use report::{BadLine, Decided, DecidedBy, HeldAs, ReadReport, Warning, WarningKind};
pub use write::write_line;

use crate::types::BlockId;

/// One request of a trace, without its blocks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Request {
    /// Position in the trace, from 0.
    pub index: u32,
    /// Arrival in seconds, as the trace has it (no rate applied); 0 where it has no time.
    pub arrival_s: f64,
    /// Prompt length in tokens.
    pub input_tokens: u32,
    /// Generated length in tokens; 0 where the trace has none.
    pub output_tokens: u32,
    /// Session, interned densely, or [`Request::NO_SESSION`].
    pub session: u32,
}

impl Request {
    /// The session of a request that names none.
    pub const NO_SESSION: u32 = u32::MAX;
}

/// What is known of a request before it is served: everything but how much it will generate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prompt {
    /// See [`Request::index`].
    pub index: u32,
    /// See [`Request::arrival_s`].
    pub arrival_s: f64,
    /// See [`Request::input_tokens`].
    pub input_tokens: u32,
    /// See [`Request::session`].
    pub session: u32,
}

impl From<&Request> for Prompt {
    fn from(request: &Request) -> Self {
        let Request { index, arrival_s, input_tokens, output_tokens: _, session } = *request;
        Self { index, arrival_s, input_tokens, session }
    }
}

/// A request with its blocks, root first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RequestRef<'a> {
    /// Lengths and time.
    pub request: Request,
    /// Blocks in prefix order; no block twice, because a block's name includes its parent.
    pub blocks: &'a [BlockId],
}

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
