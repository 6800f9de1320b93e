//! Least requests: the node with the fewest unfinished requests.
//!
//! Unfinished means that the prefill has not ended; a request that ends at t is finished at t.
//! Source: Mooncake FAST'25, the "load balancing" of Figure 5. Cost: O(nodes). Parameters: the
//! refresh age. When not to use it: requests of unlike length count the same, and prefixes
//! spread over the cluster.
//!
//! Formula only: held to its paper's text and figure, not to running code (docs/peers.md).

use crate::route::signal::REFRESH;
use crate::route::{ClusterView, Formula, Need, Notes, Origin, Route, Router, RouterRow, lowest};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "least_requests",
    title: "Least requests",
    summary: "The node with the fewest unfinished requests.",
    formula: Formula::new("cost = unfinished requests; smallest wins"),
    source: "Mooncake FAST'25, load balancing of Figure 5; formula only",
    origin: Origin::Paper,
    params: &[REFRESH],
    needs: &[Need::TimedClock],
    migration: None,
    production: None,
    symmetric: true,
    build: |_| Box::new(LeastRequests),
};

#[derive(Clone)]
struct LeastRequests;

impl Router for LeastRequests {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let unfinished = &view.signals.unfinished;
        let node = lowest(view, notes, &["unfinished"], |node| [f64::from(unfinished[node])]);
        Route::to(node)
    }
}
