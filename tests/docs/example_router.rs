//! Roomiest: the node with the fewest resident blocks, charged for what it would recompute.
//!
//! score = matched − crowd_weight × resident / capacity; highest wins. Cost: O(nodes).
//! Parameters: crowd_weight (default 8, in [0, 10000]). When not to use it: once all caches are
//! full it only matches.

use kvscope::params::ParamSpec;
use kvscope::route::{ClusterView, Formula, Notes, Origin, Route, Router, RouterRow, highest};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "roomiest",
    title: "Roomiest",
    summary: "Matched blocks less a charge for how full the node is.",
    formula: Formula::new("score = matched − crowd_weight × resident / capacity; highest wins"),
    source: "an example",
    origin: Origin::Paper,
    params: &[ParamSpec::number("crowd_weight", 8.0, 0.0, 10_000.0)
        .told("Crowd weight", "How many matched blocks a full cache outweighs.")],
    needs: &[],
    migration: None,
    production: None,
    symmetric: true,
    build: |build| Box::new(Roomiest { crowd_weight: build.params.number("crowd_weight") }),
};

#[derive(Clone)]
struct Roomiest {
    crowd_weight: f64,
}

impl Router for Roomiest {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let columns = &["matched", "fill", "score"];
        let node = highest(view, notes, columns, |node| {
            let matched = f64::from(view.matched[node]);
            let fill = f64::from(view.resident[node]) / f64::from(view.capacity);
            [matched, fill, matched - self.crowd_weight * fill]
        });
        Route::to(node)
    }
}
