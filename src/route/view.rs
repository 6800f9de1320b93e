//! The cluster as routers see it.

use crate::clock::ServiceModel;
use crate::columns::Ledger;
use crate::model::{BlockId, Request, Signals};

/// The cluster as a router sees it at one decision.
#[derive(Clone, Copy)]
pub struct ClusterView<'a> {
    /// The request to place.
    pub request: &'a Request,
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
    /// Resident blocks of every node, exact.
    pub resident: &'a [u32],
    /// Which node holds which block, exact.
    pub residency: &'a Ledger,
    /// Everything else, as old as the router's refresh age allows.
    pub signals: &'a Signals,
    /// Whether the signals were refreshed for this decision.
    pub refreshed: bool,
    /// The service model under the timed clock.
    pub service: Option<&'a ServiceModel>,
}

impl ClusterView<'_> {
    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.matched.len()
    }

    /// The service model.
    ///
    /// # Panics
    /// Under the logical clock: routers that call it declare that they need the timed one.
    pub fn service(&self) -> &ServiceModel {
        self.service.expect("a router that declares the timed clock")
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
