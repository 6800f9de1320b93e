//! Load aware: the matched share less a charge for a queue above the mean.
//!
//! score = matched / len − β × (load − mean) / max(1, mean); highest wins, ties go to the first.
//! The load is unfinished requests. Source: vLLM production-stack, loadaware. Cost: O(nodes).
//! Parameters: β (1, in [0, 100]), the refresh age. When not to use it: on an idle cluster the
//! first node takes everything until its queue is a whole request above the mean.
//!
//! Formula only: held to its description, not to running code (docs/peers.md).

use crate::params::{ParamSpec, Params, Role};
use crate::route::signal::REFRESH;
use crate::route::{ClusterView, Formula, Need, Notes, Origin, Route, Router, RouterRow, highest};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "loadaware",
    title: "Load aware",
    summary: "The matched share less a charge for a queue above the mean.",
    formula: Formula::new(
        "score = matched / len − β × (q − mean q) / max(1, mean q), q = unfinished requests; \
         highest wins",
    ),
    source: "vLLM production-stack, loadaware; formula only",
    origin: Origin::Engine,
    params: &[
        ParamSpec::number("beta", 1.0, 0.0, 100.0)
            .told(
                "β load balance",
                "How much of the request a queue of twice the mean must be matched by.",
            )
            .live()
            .role(Role::Balance),
        REFRESH,
    ],
    needs: &[Need::TimedClock],
    migration: None,
    production: None,
    symmetric: true,
    build: |build| Box::new(LoadAware { beta: build.params.number("beta") }),
};

#[derive(Clone)]
struct LoadAware {
    beta: f64,
}

impl Router for LoadAware {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let queues = &view.signals.unfinished;
        let mean = view.unfinished_total() as f64 / view.living_count() as f64;
        let columns = &["matched share", "unfinished", "charge", "score"];
        let node = highest(view, notes, columns, |node| {
            let share = view.matched_share(view.matched[node]);
            let load = f64::from(queues[node]);
            let charge = self.beta * (load - mean) / mean.max(1.0);
            [share, load, charge, share - charge]
        });
        Route::to(node)
    }

    fn tune(&mut self, params: &Params) {
        self.beta = params.number("beta");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::scene::Scene;

    #[test]
    fn the_charge_is_in_units_of_the_mean_but_at_least_of_one_request() {
        let mut scene = Scene::new(10, &[10, 0]);
        scene.signals.unfinished = vec![6, 2];
        let (node, decision) = scene.explain(&ROW, &[]);
        assert_eq!((node, decision.column("score")), (0, vec![0.5, 0.5]));
        scene.signals.unfinished = vec![1, 0];
        let (_, decision) = scene.explain(&ROW, &[("beta", "2")]);
        assert_eq!(decision.column("charge"), [1.0, -1.0]);
    }
}
