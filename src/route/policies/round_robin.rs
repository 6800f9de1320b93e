//! Round robin: request number mod N, counted from 0.
//!
//! Source: the notes. Cost: O(1). Parameters: none. When not to use it: when prefixes repeat
//! across requests; each then ends up on every node.

use crate::route::{ClusterView, Notes, Route, Router, RouterRow};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "round_robin",
    title: "Round robin",
    summary: "Nodes take turns.",
    source: "the research notes",
    params: &[],
    needs: &[],
    migration: None,
    symmetric: false,
    build: |_| Box::new(RoundRobin),
};

#[derive(Clone)]
struct RoundRobin;

impl Router for RoundRobin {
    fn route(&mut self, view: &ClusterView<'_>, _notes: &mut Notes) -> Route {
        Route::to((view.decisions % view.nodes() as u64) as usize)
    }
}
