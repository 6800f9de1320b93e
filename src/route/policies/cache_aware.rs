//! Cache aware: matched blocks less a charge for load.
//!
//! score = matched − load_weight × load; highest wins. Source: the notes.
//! Cost: O(nodes). Parameters: `match`, `load_signal`, `window`, `refresh`; `load_weight`
//! (default 10, in [0, 100000]): how many matched blocks a load of 1 outweighs. When not to use
//! it: with no load signal everything that shares a first block lands on one node.

use crate::params::{ParamSpec, Params, Role};
use crate::route::signal::{LOAD_SIGNAL, MATCH, REFRESH, WINDOW};
use crate::route::{
    ClusterView, Formula, LoadSignal, MatchSignal, Notes, Origin, Outcome, Route, Router,
    RouterRow, highest,
};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "cache_aware",
    title: "Cache aware",
    summary: "Matched blocks less a charge for load.",
    formula: Formula::new("score = matched − load_weight × load; highest wins"),
    source: "the research notes",
    origin: Origin::Notes,
    params: &[
        ParamSpec::number("load_weight", 10.0, 0.0, 100_000.0)
            .told(
                "Load weight",
                "How many matched blocks a load of 1 outweighs. The recent signal is 1 on a node \
             that took all of the last W requests.",
            )
            .live()
            .role(Role::Balance),
        MATCH,
        LOAD_SIGNAL,
        WINDOW,
        REFRESH,
    ],
    needs: &[],
    migration: None,
    production: None,
    symmetric: true,
    build: |build| {
        Box::new(CacheAware {
            load_weight: build.params.number("load_weight"),
            matches: MatchSignal::new(build.params),
            loads: LoadSignal::new(build.params, build.all_nodes()),
        })
    },
};

#[derive(Clone)]
struct CacheAware {
    load_weight: f64,
    matches: MatchSignal,
    loads: LoadSignal,
}

impl Router for CacheAware {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let matched = self.matches.read(view);
        let loads = self.loads.read(view);
        let columns = &["matched", "load", "score"];
        let node = highest(view, notes, columns, |node| {
            let (matched, load) = (f64::from(matched[node]), loads[node]);
            [matched, load, matched - self.load_weight * load]
        });
        Route::to(node)
    }

    fn tune(&mut self, params: &Params) {
        self.load_weight = params.number("load_weight");
    }

    fn learn(&mut self, _view: &ClusterView<'_>, outcome: &Outcome) {
        self.loads.assigned(outcome.node.index());
    }
}
