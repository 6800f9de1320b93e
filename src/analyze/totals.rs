//! Sums over a trace that depend on no cache.

use crate::model::RequestRef;
use serde::Serialize;

/// Sums over the counted requests that depend on no cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Requests.
    pub requests: u64,
    /// Block references.
    pub blocks: u64,
    /// Prompt tokens.
    pub input_tokens: u64,
    /// Leading blocks that an earlier request used.
    pub ceiling_hits: u64,
    /// Prompt tokens an infinite cache would save.
    pub ceiling_tokens: u64,
    /// Different blocks, those of requests that are not counted included.
    pub distinct_blocks: u64,
    /// Blocks of the longest request.
    pub longest_request: u32,
}

impl Totals {
    /// Takes in a request of whose blocks `known` leading ones were used before and `new_blocks`
    /// were never.
    pub(super) fn push(
        &mut self,
        found: &RequestRef<'_>,
        known: u32,
        new_blocks: usize,
        block_size: u32,
    ) {
        let (input_tokens, len) = (u64::from(found.request.input_tokens), found.blocks.len());
        self.requests += 1;
        self.blocks += len as u64;
        self.input_tokens += input_tokens;
        self.ceiling_hits += u64::from(known);
        self.ceiling_tokens += found.tokens_in(known, block_size).min(input_tokens);
        self.distinct_blocks += new_blocks as u64;
        self.longest_request = self.longest_request.max(len as u32);
    }

    /// ceiling_tokens / input_tokens; 0 while there are none.
    pub fn ceiling_token_rate(&self) -> f64 {
        super::share(self.ceiling_tokens, self.input_tokens)
    }

    /// ceiling_hits / blocks; 0 while there are none.
    pub fn ceiling_rate(&self) -> f64 {
        super::share(self.ceiling_hits, self.blocks)
    }
}
