//! LMetric: new prefill tokens times batch size.
//!
//! cost = prompt tokens the node would have to compute × requests it has, unfinished or
//! generating; smallest wins, ties uniform. Source: arXiv 2603.15202. Cost: O(nodes).
//! Parameters: `count_itself` (off): whether the request counts in the batch it would join; the
//! refresh age. When not to use it: an idle node costs 0 whatever it lacks, so at low load
//! matches are forgotten; `count_itself` mends that.
//!
//! Formula only: held to its description, not to running code (docs/peers.md).

use crate::params::ParamSpec;
use crate::rng::Stream;
use crate::route::signal::REFRESH;
use crate::route::{
    ClusterView, Formula, Need, Notes, Origin, Route, Router, RouterRow, lowest_or_any,
};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "lmetric",
    title: "LMetric",
    summary: "New prefill tokens times batch size.",
    formula: Formula::new(
        "cost = uncached prompt tokens × (requests unfinished or generating, + 1 with \
         count_itself); smallest wins",
    ),
    source: "arXiv 2603.15202; formula only",
    origin: Origin::Paper,
    params: &[
        ParamSpec::switch("count_itself", false).told(
            "Count itself",
            "The batch includes the request itself, so that an idle node's matches count.",
        ),
        REFRESH,
    ],
    needs: &[Need::TimedClock],
    migration: None,
    production: None,
    symmetric: true,
    build: |build| {
        let itself = f64::from(u8::from(build.params.switch("count_itself")));
        Box::new(LMetric { itself, stream: build.stream })
    },
};

#[derive(Clone)]
struct LMetric {
    itself: f64,
    stream: Stream,
}

impl Router for LMetric {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let (signals, input) = (view.signals, view.request.input_tokens);
        let columns = &["new tokens", "batch", "cost"];
        let node = lowest_or_any(&mut self.stream, view, notes, columns, |node| {
            let tokens = f64::from(input - view.cached_tokens(view.matched[node]));
            let batch = f64::from(signals.unfinished[node] + signals.decoding[node]) + self.itself;
            [tokens, batch, tokens * batch]
        });
        Route::to(node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::scene::Scene;

    #[test]
    fn the_cost_is_the_product() {
        let mut scene = Scene::new(4, &[3, 0, 2]);
        scene.signals.unfinished = vec![2, 1, 0];
        scene.signals.decoding = vec![4, 0, 3];
        let (node, decision) = scene.explain(&ROW, &[]);
        assert_eq!((node, decision.column("cost")), (1, vec![3072.0, 2048.0, 3072.0]));
    }

    #[test]
    fn idle_nodes_are_all_alike_unless_the_request_counts() {
        let scene = Scene::new(4, &[3, 0]);
        let share = scene.share_of(&ROW, &[], 1);
        assert!((share - 0.5).abs() < 0.04, "{share}");
        assert_eq!(scene.share_of(&ROW, &[("count_itself", "true")], 0), 1.0);
    }
}
