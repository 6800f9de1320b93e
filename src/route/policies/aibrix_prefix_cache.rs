//! AIBrix prefix cache: best match among the nodes that are not far above the mean.
//!
//! While max − min running requests > `abs`: least running. Else the best match among the nodes
//! with running ≤ mean + k × σ; where none of those matches anything: least running. Ties:
//! uniform. Running is unfinished requests; σ is the standard deviation over the nodes. Source:
//! AIBrix gateway, prefix-cache. Cost: O(nodes). Parameters: abs (8), k (1, in [0, 10]), the
//! refresh age. When not to use it: with long queues 8 requests are little, and it becomes
//! least requests.
//!
//! Formula only: held to its description, not to running code (docs/peers.md).

use crate::params::{ParamSpec, Params};
use crate::rng::Stream;
use crate::route::signal::REFRESH;
use crate::route::{
    ClusterView, Formula, Need, Notes, Origin, Production, Route, Router, RouterRow, Word,
    lowest_or_any,
};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "aibrix_prefix_cache",
    title: "AIBrix prefix cache",
    summary: "Best match among nodes near the mean; least requests while queues differ much.",
    formula: Formula::new(
        "least q where max q − min q > abs; else the longest match over nodes with q ≤ mean q + \
         k × σ(q); least q where none of those matches; q = unfinished requests",
    ),
    source: "AIBrix gateway, prefix-cache; formula only",
    origin: Origin::Engine,
    params: &[
        ParamSpec::integer("abs", 8, 0, 100_000)
            .told("Absolute imbalance", "By how many requests queues may differ.")
            .unit("requests"),
        ParamSpec::number("k", 1.0, 0.0, 10.0)
            .told(
                "Standard deviations",
                "How far above the mean a node's queue may be for its match to count.",
            )
            .live(),
        REFRESH,
    ],
    needs: &[Need::TimedClock],
    migration: None,
    production: Some(Production {
        project: "AIBrix gateway plugins, environment (of its documentation, of no version)",
        switch: "routing-strategy: prefix-cache   (a header of each request)",
        words: &[
            ("abs", Word::plain("AIBRIX_PREFIX_CACHE_POD_RUNNING_REQUEST_IMBALANCE_ABS_COUNT={}")),
            ("k", Word::plain("AIBRIX_PREFIX_CACHE_STANDARD_DEVIATION_FACTOR={}")),
        ],
    }),
    symmetric: true,
    build: |build| {
        Box::new(AibrixPrefixCache {
            abs: build.params.integer("abs"),
            k: build.params.number("k"),
            stream: build.stream,
        })
    },
};

#[derive(Clone)]
struct AibrixPrefixCache {
    abs: u64,
    k: f64,
    stream: Stream,
}

impl Router for AibrixPrefixCache {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let running = &view.signals.unfinished;
        let nodes = view.living_count() as f64;
        let (least, most) = view.unfinished_range();
        let mean = view.unfinished_total() as f64 / nodes;
        let above = view.living().map(|node| f64::from(running[node]) - mean);
        let deviation = (above.map(|above| above * above).sum::<f64>() / nodes).sqrt();
        let limit = mean + self.k * deviation;
        let near = |node: usize| f64::from(running[node]) <= limit;
        let matches = |node: usize| near(node) && 0 < view.matched[node];
        let affine = u64::from(most - least) <= self.abs && view.living().any(matches);
        let columns = &["matched", "unfinished", "limit", "cost"];
        let node = lowest_or_any(&mut self.stream, view, notes, columns, |node| {
            let (matched, count) = (f64::from(view.matched[node]), f64::from(running[node]));
            let cost = match affine {
                true if near(node) => -matched,
                true => f64::INFINITY,
                false => count,
            };
            [matched, count, limit, cost]
        });
        Route::to(node)
    }

    fn tune(&mut self, params: &Params) {
        self.k = params.number("k");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::scene::Scene;

    #[test]
    fn a_node_far_above_the_mean_loses_its_matches_to_the_next_best() {
        let mut scene = Scene::new(10, &[10, 4, 0, 0]);
        // Mean 2.5, σ 2.6: 7 is above 5.1.
        scene.signals.unfinished = vec![7, 1, 1, 1];
        assert_eq!(scene.node(&ROW), 1);
        scene.signals.unfinished = vec![1, 1, 1, 1];
        assert_eq!(scene.node(&ROW), 0);
    }

    #[test]
    fn a_large_difference_or_no_match_leaves_the_least_requests() {
        let mut scene = Scene::new(10, &[0, 10, 10, 10]);
        scene.signals.unfinished = vec![0, 9, 9, 9];
        assert_eq!(scene.node(&ROW), 0);
        scene.matched = vec![0; 4];
        scene.signals.unfinished = vec![3, 2, 1, 2];
        assert_eq!(scene.node(&ROW), 2);
    }

    #[test]
    fn a_queue_just_at_the_limit_and_a_difference_just_allowed_leave_the_match() {
        let mut scene = Scene::new(10, &[10, 0]);
        // Mean 4, σ 4: the limit is 8, which is also how far the queues are apart.
        scene.signals.unfinished = vec![8, 0];
        assert_eq!(scene.explain(&ROW, &[]).1.column("cost"), [-10.0, 0.0]);
    }
}
