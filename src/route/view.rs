//! What a router sees: the request, the nodes, and how busy they were when last told.
//!
//! Nothing here tells how long an output will be, except [`Outputs`], which a view has only for
//! a row, or a choice of its parameters, that declares [`Need::OutputLengths`]. The column behind
//! it is private to this file, so that no router can read it by another way.
//!
//! [`Need::OutputLengths`]: crate::params::Need::OutputLengths

use crate::clock::ServiceModel;
use crate::clock::account::complete;
use crate::residency::Residency;
use crate::trace::{Prompt, Request};
use crate::types::BlockId;

/// What a router may know of every node besides its blocks, as last published.
///
/// Under a refresh age the values are those of the last refresh; otherwise those of this
/// moment. All columns are one value a node; under the logical clock, where nothing waits, all
/// but `assigned` stay 0.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    /// Requests assigned so far.
    pub assigned: Vec<u64>,
    /// Requests whose prefill has not finished.
    pub unfinished: Vec<u32>,
    /// Prompt tokens still to be computed for them: input minus cached, whole until finished.
    pub outstanding_tokens: Vec<u64>,
    /// Blocks of the unfinished requests, cached ones included.
    pub prefill_blocks: Vec<u64>,
    /// Seconds until the server is free.
    pub wait_s: Vec<f64>,
    /// Requests that finished prefill and are generating.
    pub decoding: Vec<u32>,
    /// Blocks of their prompts.
    pub decode_prompt_blocks: Vec<u64>,
    /// Sum of the moments at which they began to, in seconds; 0 where none is generating.
    pub decode_begun_s: Vec<f64>,
    /// Prompt tokens booked as not cached, until the prefills end: the router's [`Account`].
    ///
    /// [`Account`]: crate::clock::Account
    pub active_tokens: Vec<u64>,
    /// Distinct complete prompt blocks of all requests that have not ended: likewise.
    pub active_blocks: Vec<u64>,
    /// The moment all this was true, in seconds.
    pub taken_s: f64,
    /// Blocks of the requests that are generating, prompt and output in full: [`Outputs`].
    decode_blocks: Vec<u64>,
}

impl Signals {
    /// Zeros for `nodes` nodes.
    pub fn new(nodes: usize) -> Self {
        Self {
            assigned: vec![0; nodes],
            unfinished: vec![0; nodes],
            outstanding_tokens: vec![0; nodes],
            prefill_blocks: vec![0; nodes],
            wait_s: vec![0.0; nodes],
            decoding: vec![0; nodes],
            decode_prompt_blocks: vec![0; nodes],
            decode_begun_s: vec![0.0; nodes],
            active_tokens: vec![0; nodes],
            active_blocks: vec![0; nodes],
            taken_s: 0.0,
            decode_blocks: vec![0; nodes],
        }
    }

    /// A request on `node` begins to generate.
    pub fn begin_decode(&mut self, node: usize, decode: &Decode) {
        self.decoding[node] += 1;
        self.decode_prompt_blocks[node] += decode.prompt_blocks;
        self.decode_begun_s[node] += decode.begun_s;
        self.decode_blocks[node] += decode.blocks;
    }

    /// It has generated everything.
    pub fn end_decode(&mut self, node: usize, decode: &Decode) {
        self.decoding[node] -= 1;
        self.decode_prompt_blocks[node] -= decode.prompt_blocks;
        self.decode_begun_s[node] -= decode.begun_s;
        self.decode_blocks[node] -= decode.blocks;
        if self.decoding[node] == 0 {
            // What subtraction left behind must not tell idle nodes apart.
            self.decode_begun_s[node] = 0.0;
        }
    }

    /// The true output lengths, `request`'s and those of the requests that are generating; for
    /// the views of rows that declare the need.
    pub fn outputs(&self, request: &Request) -> Outputs<'_> {
        Outputs { tokens: request.output_tokens, decode_blocks: &self.decode_blocks }
    }

    /// Fewest and most unfinished requests of any node. O(nodes).
    pub fn unfinished_range(&self) -> (u32, u32) {
        let widen = |(least, most): (u32, u32), &count: &u32| (least.min(count), most.max(count));
        self.unfinished.iter().fold((u32::MAX, 0), widen)
    }

    /// Unfinished requests of all nodes together. O(nodes).
    pub fn unfinished_total(&self) -> u64 {
        self.unfinished.iter().map(|&count| u64::from(count)).sum()
    }
}

/// A request that generates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decode {
    /// When its prefill ended.
    pub begun_s: f64,
    /// Blocks of its prompt.
    pub prompt_blocks: u64,
    /// Blocks of prompt and output in full.
    pub blocks: u64,
}

/// Knowledge of the future: how long outputs will be in the end.
#[derive(Clone, Copy, Debug)]
pub struct Outputs<'a> {
    /// Tokens that the request to place will generate.
    pub tokens: u32,
    /// Blocks of the requests that are generating, prompt and output in full, one value a node.
    pub decode_blocks: &'a [u64],
}

/// The cluster as a router sees it at one decision.
#[derive(Clone, Copy)]
pub struct ClusterView<'a> {
    /// The request to place.
    pub request: Prompt,
    /// Its blocks, root first.
    pub blocks: &'a [BlockId],
    /// How many decisions came before this one.
    pub decisions: u64,
    /// Its arrival in seconds; the request's number under the logical clock.
    pub now_s: f64,
    /// Tokens in a full block.
    pub block_size: u32,
    /// Capacity of a node in blocks.
    pub capacity: u32,
    /// Prefix match of every node, in blocks, exact.
    pub matched: &'a [u32],
    /// How many leading complete blocks of the request are in use on every node, exact; empty
    /// unless the router [keeps an account](super::Router::keeps_account).
    pub active_matched: &'a [u32],
    /// Resident blocks of every node, exact.
    pub resident: &'a [u32],
    /// Which node holds which block, exact.
    pub residency: &'a Residency,
    /// Everything else, as old as the router's refresh age allows.
    pub signals: &'a Signals,
    /// Whether the signals were refreshed for this decision.
    pub refreshed: bool,
    /// The service model under the timed clock.
    pub service: Option<&'a ServiceModel>,
    /// The true output lengths, where the router declares that it needs them.
    pub outputs: Option<Outputs<'a>>,
}

impl ClusterView<'_> {
    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.matched.len()
    }

    /// The service model.
    ///
    /// # Panics
    /// Under the logical clock: routers that call it declare [`Need::TimedClock`].
    ///
    /// [`Need::TimedClock`]: crate::params::Need::TimedClock
    pub fn service(&self) -> &ServiceModel {
        self.service.expect("a router that declares the timed clock")
    }

    /// How many blocks of the request are full: all but the last, or all.
    pub fn complete_blocks(&self) -> u32 {
        complete(self.blocks, self.request.input_tokens, self.block_size).len() as u32
    }

    /// The true output lengths.
    ///
    /// # Panics
    /// Without the need: routers that call it declare [`Need::OutputLengths`].
    ///
    /// [`Need::OutputLengths`]: crate::params::Need::OutputLengths
    pub fn outputs(&self) -> &Outputs<'_> {
        self.outputs.as_ref().expect("a router that declares output lengths")
    }

    /// Tokens that the requests generating on `node` had produced when the signals were taken,
    /// fractions included: what an engine reports of its outputs, and nothing of what is to come.
    pub fn generated_tokens(&self, node: usize) -> f64 {
        let signals = self.signals;
        if signals.decoding[node] == 0 {
            return 0.0;
        }
        let moments = f64::from(signals.decoding[node]) * signals.taken_s;
        (moments - signals.decode_begun_s[node]).max(0.0) / self.service().output_token_s
    }

    /// Matched share of the request's blocks, in [0, 1]; 0 for a request without blocks.
    pub fn matched_share(&self, matched: u32) -> f64 {
        if self.blocks.is_empty() { 0.0 } else { f64::from(matched) / self.blocks.len() as f64 }
    }

    /// Tokens of the request that a match of `matched` blocks saves on the timed clock: at least
    /// one token is always computed.
    pub fn cached_tokens(&self, matched: u32) -> u32 {
        let tokens = u64::from(matched) * u64::from(self.block_size);
        tokens.min(u64::from(self.request.input_tokens.saturating_sub(1))) as u32
    }
}
