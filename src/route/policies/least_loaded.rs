//! Least loaded: the node with the fewest of the last W assignments.
//!
//! Source: the notes. Cost: O(nodes); 2 bytes for each of the last W requests. Parameters: W
//! (`window`, default 100, in [1, 1000000]) and the refresh age. When not to use it: when
//! prefixes repeat; it spreads every prefix over the cluster, and requests of unlike length
//! count the same.

use crate::route::signal::{REFRESH, Recent, WINDOW_ALWAYS};
use crate::route::{
    ClusterView, Formula, Notes, Origin, Outcome, Route, Router, RouterRow, highest,
};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "least_loaded",
    title: "Least loaded",
    summary: "The node with the fewest of the last W assignments.",
    formula: Formula::new("score = −(count in the last W); highest wins"),
    source: "the research notes",
    origin: Origin::Notes,
    params: &[WINDOW_ALWAYS, REFRESH],
    needs: &[],
    migration: None,
    production: None,
    symmetric: true,
    build: |build| {
        let recent = Recent::new(build.params.integer("window") as usize, build.all_nodes());
        Box::new(LeastLoaded { recent, published: vec![0; build.all_nodes()] })
    },
};

#[derive(Clone)]
struct LeastLoaded {
    recent: Recent,
    published: Vec<u32>,
}

impl Router for LeastLoaded {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        if view.refreshed {
            for (node, count) in self.published.iter_mut().enumerate() {
                *count = self.recent.count(node);
            }
        }
        let columns = &["recent", "score"];
        let node = highest(view, notes, columns, |node| {
            let count = f64::from(self.published[node]);
            [count, -count]
        });
        Route::to(node)
    }

    fn learn(&mut self, _view: &ClusterView<'_>, outcome: &Outcome) {
        self.recent.assigned(outcome.node.index());
    }
}
