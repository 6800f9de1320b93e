//! Routers: the contract, what they see, and the table of them.
//!
//! A router is one file with one [`RouterRow`], listed once in [`ROUTERS`]. It sees a read-only
//! [`ClusterView`] and returns a [`Route`]; the simulator acts on it.

pub mod signal;
pub mod score;
pub mod random;
pub mod round_robin;
pub mod least_loaded;
pub mod cache_aware;
pub mod enhanced;
pub mod hotspot_migration;
pub mod least_requests;
pub mod shortest_ttft;
pub mod conductor;
pub mod power_of_two;
pub mod loadaware;
pub mod llm_d;
pub mod lmetric;
pub mod infera;
pub mod dynamo_kv;
pub mod sglang_cache_aware;
pub mod sglang_spill;
pub mod aibrix_prefix_cache;
pub mod trtllm_adp;
pub mod preble_e2;
pub mod flexlb_shortest_ttft;
pub mod ring;
pub mod chwbl;
pub mod prefix_hash_bounded;
pub mod session_affinity;
#[cfg(test)]
mod scene;

pub use crate::params::Need;
pub use score::{Decision, Notes, highest, highest_or_any, lowest, lowest_by, lowest_or_any};
pub use signal::{LoadSignal, MatchSignal};

use crate::clock::ServiceModel;
use crate::params::{ParamSpec, Params};
use crate::residency::Residency;
use crate::rng::Stream;
use crate::trace::Request;
use crate::types::{BlockId, NodeId};

/// Every router, in the order menus show them.
pub static ROUTERS: &[&RouterRow] = &[
    &random::ROW,
    &round_robin::ROW,
    &least_loaded::ROW,
    &cache_aware::ROW,
    &enhanced::ROW,
    &hotspot_migration::ROW,
    &least_requests::ROW,
    &shortest_ttft::ROW,
    &conductor::ROW,
    &power_of_two::ROW,
    &loadaware::ROW,
    &llm_d::ROW,
    &lmetric::ROW,
    &infera::ROW,
    &dynamo_kv::ROW,
    &sglang_cache_aware::ROW,
    &sglang_spill::ROW,
    &aibrix_prefix_cache::ROW,
    &trtllm_adp::ROW,
    &preble_e2::ROW,
    &flexlb_shortest_ttft::ROW,
    &chwbl::ROW,
    &prefix_hash_bounded::ROW,
    &session_affinity::ROW,
];

/// The row called `id`.
pub fn find(id: &str) -> Option<&'static RouterRow> {
    ROUTERS.iter().copied().find(|row| row.id == id)
}

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
    /// Blocks of the requests that are generating, prompt and output in full.
    pub decode_blocks: Vec<u64>,
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
            decode_blocks: vec![0; nodes],
        }
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
    pub residency: &'a Residency,
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
    /// Under the logical clock: routers that call it declare [`Need::TimedClock`].
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

/// Where a request goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The node that serves it.
    pub node: NodeId,
    /// Copy the prefix from this node first, up to its whole match.
    pub fetch_from: Option<NodeId>,
}

impl Route {
    /// To `node`, with what it holds.
    pub fn to(node: usize) -> Self {
        Self { node: NodeId::from_index(node), fetch_from: None }
    }
}

/// What became of a routed request, told to the router that placed it.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Where it went.
    pub node: NodeId,
    /// Time to first token in seconds; 0 under the logical clock.
    pub ttft_s: f64,
    /// Blocks it found or fetched.
    pub hit_blocks: u32,
    /// Blocks evicted to make room for it.
    pub evicted_blocks: u32,
}

/// Picks the node for a request.
pub trait Router: Send {
    /// Decides. Must not assume that the decision is carried out: a request may be rejected.
    /// O(nodes), or as the row's file says. `notes` receives the components of the decision.
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route;

    /// Hears what the decision led to. Signals that have an age must not be refreshed from here.
    fn learn(&mut self, _view: &ClusterView<'_>, _outcome: &Outcome) {}
}

/// What a constructor is given.
pub struct RouterBuild<'a> {
    /// Checked values of the row's parameters.
    pub params: &'a Params,
    /// How many nodes.
    pub nodes: usize,
    /// A stream of the router's own.
    pub stream: Stream,
}

/// One router.
pub struct RouterRow {
    /// Name in configurations.
    pub id: &'static str,
    /// Name in menus.
    pub title: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Paper or project.
    pub source: &'static str,
    /// Its parameters, those of its migration rule included.
    pub params: &'static [ParamSpec],
    /// What it needs.
    pub needs: &'static [Need],
    /// Migration rule that comes with it, an id of [`crate::migrate::MIGRATIONS`], which then
    /// takes its parameters from the router's.
    pub migration: Option<&'static str>,
    /// Whether renaming the nodes only renames the results, ties apart.
    pub symmetric: bool,
    /// Makes one.
    pub build: fn(RouterBuild<'_>) -> Box<dyn Router>,
}
