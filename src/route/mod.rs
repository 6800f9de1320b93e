//! Routers: the contract, what they see, and the table of them.
//!
//! A router is one file with one [`RouterRow`], listed once in [`ROUTERS`]. It sees a read-only
//! [`ClusterView`] and returns a [`Route`]; the simulator acts on it.

pub mod view;
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
pub use view::{ClusterView, Outputs, Signals};

use crate::params::{ParamSpec, Params};
use crate::rng::Stream;
use crate::types::NodeId;

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
