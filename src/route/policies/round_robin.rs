//! Round robin: request number mod N, counted from 0; N and the place count living nodes.
//!
//! Source: the notes. Cost: O(nodes). Parameters: none. When not to use it: when prefixes repeat
//! across requests; each then ends up on every node.

use crate::route::{ClusterView, Formula, Notes, Origin, Route, Router, RouterRow};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "round_robin",
    title: "Round robin",
    summary: "Nodes take turns.",
    formula: Formula::new("node = request number mod N, counted from 0, over the living nodes"),
    source: "the research notes",
    origin: Origin::Notes,
    params: &[],
    needs: &[],
    migration: None,
    production: None,
    symmetric: false,
    build: |_| Box::new(RoundRobin),
};

#[derive(Clone)]
struct RoundRobin;

impl Router for RoundRobin {
    fn route(&mut self, view: &ClusterView<'_>, _notes: &mut Notes) -> Route {
        let turn = (view.decisions % view.living_count() as u64) as usize;
        Route::to(view.living_at(turn))
    }
}
