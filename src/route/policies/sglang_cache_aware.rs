//! SGLang cache aware: best match while the fleet is balanced, least queue while it is not.
//!
//! The fleet is imbalanced while max q − min q > `abs` and max q > `rel` × min q, q being
//! unfinished requests: then the least q wins, for every request. Else, where the best matched
//! share is above `cache_threshold`, the best match wins, else the least q. Ties go to the lowest
//! index, so that an idle fleet sends what it has not seen to its first node. Source: SGLang
//! gateway; held to sglang-router 0.3.2 pick by pick (docs/peers.md). Where it differs: matches
//! are the nodes' real residency, not the gateway's own approximation of it, and among nodes with
//! the same best match its tree has an order of its own. Cost: O(nodes). Parameters:
//! cache_threshold (0.5, in [0, 1]; the command line's default is 0.3), abs (32; 64), rel (1.1;
//! 1.5), the refresh age. When not to use it: where one node is hot for its prefix, affinity is
//! switched off for everybody.

use crate::params::ParamSpec;
use crate::route::signal::REFRESH;
use crate::route::{
    ClusterView, Formula, Need, Notes, Origin, Production, Route, Router, RouterRow, Word, lowest,
};

/// Matched share above which the match decides.
pub(super) const CACHE_THRESHOLD: ParamSpec = ParamSpec::number("cache_threshold", 0.5, 0.0, 1.0)
    .told(
        "Cache threshold",
        "The match decides only where more than this share of the request is matched.",
    );

/// Difference in queues that is tolerated.
pub(super) const ABS: ParamSpec = ParamSpec::integer("abs", 32, 0, 100_000)
    .told("Absolute imbalance", "By how many requests queues may differ.")
    .unit("requests");

/// Ratio of queues that is tolerated.
pub(super) const REL: ParamSpec = ParamSpec::number("rel", 1.1, 1.0, 1000.0)
    .told("Relative imbalance", "By which factor queues may differ.");

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "sglang_cache_aware",
    title: "SGLang cache aware",
    summary: "Best match while the fleet is balanced, least queue for all while it is not.",
    formula: Formula::new(
        "least q where max q − min q > abs and max q > rel × min q; else the longest match \
         where matched / len > cache_threshold; else least q; q = unfinished requests",
    ),
    source: "SGLang gateway, cache_aware (sglang-router 0.3.2)",
    origin: Origin::Engine,
    params: &[CACHE_THRESHOLD, ABS, REL, REFRESH],
    needs: &[Need::TimedClock],
    migration: None,
    production: Some(Production {
        project: "sglang-router 0.3.2, python -m sglang_router.launch_router",
        switch: "--policy cache_aware",
        words: &[
            ("cache_threshold", Word::plain("--cache-threshold {}")),
            ("abs", Word::plain("--balance-abs-threshold {}")),
            ("rel", Word::plain("--balance-rel-threshold {}")),
        ],
    }),
    symmetric: true,
    build: |build| {
        Box::new(SglangCacheAware {
            cache_threshold: build.params.number("cache_threshold"),
            abs: build.params.number("abs"),
            rel: build.params.number("rel"),
        })
    },
};

#[derive(Clone)]
struct SglangCacheAware {
    cache_threshold: f64,
    abs: f64,
    rel: f64,
}

impl Router for SglangCacheAware {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let queues = &view.signals.unfinished;
        let (least, most) = view.unfinished_range();
        let (least, most) = (f64::from(least), f64::from(most));
        let imbalanced = self.abs < most - least && self.rel * least < most;
        let best = view.longest_match();
        let affine = !imbalanced && self.cache_threshold < view.matched_share(best);
        let columns = &["matched share", "unfinished", "cost"];
        let node = lowest(view, notes, columns, |node| {
            let share = view.matched_share(view.matched[node]);
            let unfinished = f64::from(queues[node]);
            [share, unfinished, if affine { -share } else { unfinished }]
        });
        Route::to(node)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::scene::Scene;

    #[test]
    fn a_match_above_the_threshold_wins_while_queues_are_even() {
        let mut scene = Scene::new(10, &[0, 6, 0]);
        scene.signals.unfinished = vec![0, 32, 0];
        assert_eq!(scene.node(&ROW), 1);
        scene.matched = vec![0, 5, 0];
        assert_eq!(scene.node(&ROW), 0, "half is not above half");
    }

    #[test]
    fn one_hot_node_switches_affinity_off_for_requests_of_other_nodes_too() {
        let mut scene = Scene::new(10, &[0, 0, 10]);
        scene.signals.unfinished = vec![33, 0, 1];
        assert_eq!(scene.node(&ROW), 1);
        scene.signals.unfinished = vec![32, 0, 1];
        assert_eq!(scene.node(&ROW), 2);
    }

    #[test]
    fn ties_go_to_the_lowest_index_whatever_was_processed() {
        let mut scene = Scene::new(10, &[0, 0, 0]);
        scene.signals.assigned = vec![5, 4, 4];
        assert_eq!(scene.node(&ROW), 0);
    }

    #[test]
    fn a_queue_that_is_just_the_allowed_multiple_is_no_imbalance() {
        let mut scene = Scene::new(10, &[0, 10]);
        let mut node = |unfinished: [u32; 2]| {
            scene.signals.unfinished = unfinished.to_vec();
            scene.explain(&ROW, &[("abs", "0"), ("rel", "2")]).0
        };
        assert_eq!([node([1, 2]), node([1, 3])], [1, 0]);
    }
}
