//! Enhanced: the matched share against the load in units of the mean.
//!
//! score = α × (matched / len) − β × (load / mean load); highest wins; the second term is 0
//! while the mean is 0. Source: the notes. Cost: O(nodes). Parameters: α (default 0.6), β
//! (0.8), both in [0, 100]; `match`, `load_signal`, `window`, `refresh`. When not to use it:
//! β weighs up to N × β on one busy node, so on larger clusters the match is only a
//! tie-breaker.

use crate::params::{ParamSpec, Params, Role};
use crate::route::signal::{LOAD_SIGNAL, MATCH, REFRESH, WINDOW};
use crate::route::{
    ClusterView, Formula, LoadSignal, MatchSignal, Notes, Origin, Outcome, Route, Router,
    RouterRow, highest,
};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "enhanced",
    title: "Enhanced",
    summary: "The matched share against the load in units of the mean load.",
    formula: Formula::new(
        "score = α × (matched / len) − β × (load / mean load), the second term 0 while the mean \
         is 0; highest wins",
    ),
    source: "the research notes",
    origin: Origin::Notes,
    params: &[
        ParamSpec::number("alpha", 0.6, 0.0, 100.0)
            .told("α cache affinity", "Weight of the matched share of the request.")
            .live()
            .role(Role::Affinity),
        ParamSpec::number("beta", 0.8, 0.0, 100.0)
            .told(
                "β load balance",
                "Weight of the load over the mean load. One node that takes everything is charged \
             N × β, so with many nodes the match only breaks ties.",
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
        Box::new(Enhanced {
            alpha: build.params.number("alpha"),
            beta: build.params.number("beta"),
            matches: MatchSignal::new(build.params),
            loads: LoadSignal::new(build.params, build.all_nodes()),
        })
    },
};

#[derive(Clone)]
struct Enhanced {
    alpha: f64,
    beta: f64,
    matches: MatchSignal,
    loads: LoadSignal,
}

impl Router for Enhanced {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let matched = self.matches.read(view);
        let loads = self.loads.read(view);
        let total = view.living().map(|node| loads[node]).sum::<f64>();
        let mean = total / view.living_count() as f64;
        let columns = &["matched share", "load / mean", "score"];
        let node = highest(view, notes, columns, |node| {
            let share = view.matched_share(matched[node]);
            let load = if mean == 0.0 { 0.0 } else { loads[node] / mean };
            [share, load, self.alpha * share - self.beta * load]
        });
        Route::to(node)
    }

    fn tune(&mut self, params: &Params) {
        self.alpha = params.number("alpha");
        self.beta = params.number("beta");
    }

    fn learn(&mut self, _view: &ClusterView<'_>, outcome: &Outcome) {
        self.loads.assigned(outcome.node.index());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::scene::Scene;

    #[test]
    fn the_mean_load_is_that_of_the_living() {
        let mut scene = Scene::new(10, &[0, 0, 0]);
        (scene.signals.unfinished, scene.alive[2]) = (vec![1, 3, 8], false);
        let (_, decision) = scene.explain(&ROW, &[("load_signal", "outstanding_requests")]);
        assert_eq!(decision.column("load / mean")[..2], [0.5, 1.5]);
    }
}
