//! A request of a trace.

use super::BlockId;

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

/// A request with its blocks, root first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RequestRef<'a> {
    /// Lengths and time.
    pub request: &'a Request,
    /// Blocks in prefix order; no block twice, because a block's name includes its parent.
    pub blocks: &'a [BlockId],
    /// For each block the number from 1 of the next request that uses it, requests + 1 if none
    /// does; empty where nobody looked ahead.
    pub next_use: &'a [u32],
}
