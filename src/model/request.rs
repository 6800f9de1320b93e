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

/// Something that a request waits for before it arrives, where sessions are closed loops.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wait {
    /// The request that must have finished: its index, which is below that of the one that waits.
    pub after: u32,
    /// How long after that, in seconds.
    pub delay_s: f64,
    /// And not before this, in seconds as the trace has it; −∞ where nothing is said.
    pub not_before_s: f64,
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
    /// For each block the tokens of the prompt up to its end; empty where all blocks but the last
    /// are of one size.
    pub token_ends: &'a [u32],
    /// What it waits for, in a closed loop.
    pub waits: &'a [Wait],
}

impl RequestRef<'_> {
    /// Tokens in the first `blocks` blocks, where a full one has `block_size`.
    pub fn tokens_in(&self, blocks: u32, block_size: u32) -> u64 {
        tokens_in(self.token_ends, blocks, block_size)
    }
}

/// Tokens in the first `blocks` blocks of a request whose blocks end at these tokens, or are all
/// of one size.
pub fn tokens_in(token_ends: &[u32], blocks: u32, block_size: u32) -> u64 {
    let own = blocks.checked_sub(1).and_then(|last| token_ends.get(last as usize));
    own.map_or_else(|| u64::from(blocks) * u64::from(block_size), |&end| u64::from(end))
}
