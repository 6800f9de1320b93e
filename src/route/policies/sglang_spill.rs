//! SGLang spill: best match, and from a crowded node to the least loaded, request by request.
//!
//! Where the best matched share is above `cache_threshold` the best match is chosen, else the
//! least q, q being unfinished requests. A chosen node with q > `rel` × mean and q > mean +
//! margin spills the request to the least q, which then caches the prefix: hot prefixes
//! replicate. The margin is `abs`, but never more than max(4, ⌈2·√mean⌉): what a queue swings by
//! anyway. Ties: uniform. Source: the newest gateway of SGLang (SMG), without the fleet switch of
//! [`super::sglang_cache_aware`]; held to smg 1.13.0 pick by pick (docs/peers.md). Where it
//! differs: matches as there; where workers report their load, SMG spills by the expected wait
//! and not by q. Cost: O(nodes). Parameters: cache_threshold (0.5, in [0, 1]; the command line's
//! default is 0.3), abs (32; 64), rel (1.1; 1.5), the refresh age. When not to use it: where
//! copies of a hot prefix push out what others need.

use super::sglang_cache_aware::{ABS, CACHE_THRESHOLD, REL};
use crate::rng::Stream;
use crate::route::signal::REFRESH;
use crate::route::{
    ClusterView, Formula, Need, Notes, Origin, Production, Route, Router, RouterRow, Word,
    lowest_or_any,
};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "sglang_spill",
    title: "SGLang spill",
    summary: "Best match; a request for a crowded node spills to the least loaded.",
    formula: Formula::new(
        "the longest match where matched / len > cache_threshold, else least q; but least q \
         where its q > rel × mean q and q > mean q + min(abs, max(4, ⌈2 × √mean q⌉)); q = \
         unfinished requests",
    ),
    source: "SGLang gateway (SMG 1.13.0)",
    origin: Origin::Engine,
    params: &[CACHE_THRESHOLD, ABS, REL, REFRESH],
    needs: &[Need::TimedClock],
    migration: None,
    production: Some(Production {
        project: "SMG 1.13.0, smg launch",
        switch: "--policy cache_aware",
        words: &[
            ("cache_threshold", Word::plain("--cache-threshold {}")),
            ("abs", Word::plain("--balance-abs-threshold {}")),
            ("rel", Word::plain("--balance-rel-threshold {}")),
        ],
    }),
    symmetric: true,
    build: |build| {
        Box::new(SglangSpill {
            cache_threshold: build.params.number("cache_threshold"),
            abs: build.params.number("abs"),
            rel: build.params.number("rel"),
            stream: build.stream,
        })
    },
};

#[derive(Clone)]
struct SglangSpill {
    cache_threshold: f64,
    abs: f64,
    rel: f64,
    stream: Stream,
}

impl Router for SglangSpill {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let queues = &view.signals.unfinished;
        let mean = view.unfinished_total() as f64 / view.living_count() as f64;
        let best = view.longest_match();
        let affine = self.cache_threshold < view.matched_share(best);
        let columns = &["matched share", "unfinished", "cost"];
        let mut choose = |affine: bool| {
            lowest_or_any(&mut self.stream, view, notes, columns, |node| {
                let share = view.matched_share(view.matched[node]);
                let unfinished = f64::from(queues[node]);
                [share, unfinished, if affine { -share } else { unfinished }]
            })
        };
        let node = choose(affine);
        let queue = f64::from(queues[node]);
        let margin = self.abs.min((2.0 * mean.sqrt()).ceil().max(4.0));
        let crowded = self.rel * mean < queue && mean + margin < queue;
        Route::to(if affine && crowded { choose(false) } else { node })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::scene::Scene;

    #[test]
    fn only_requests_for_the_crowded_node_spill() {
        let mut scene = Scene::new(10, &[10, 0, 0, 0]);
        scene.signals.unfinished = vec![48, 1, 0, 3];
        // Mean 13, so 48 is above 13 + min(32, ⌈2·√13⌉).
        assert_eq!(scene.node(&ROW), 2);
        scene.matched = vec![0, 10, 0, 0];
        assert_eq!(scene.node(&ROW), 1, "others keep their affinity");
    }

    #[test]
    fn a_queue_at_the_limit_keeps_its_requests() {
        let mut scene = Scene::new(10, &[10, 0, 0, 0]);
        // Mean 4, so that the margin is 4 and not 32.
        scene.signals.unfinished = vec![8, 3, 2, 3];
        assert_eq!(scene.node(&ROW), 0);
        scene.signals.unfinished = vec![9, 3, 1, 3];
        assert_eq!(scene.node(&ROW), 2);
    }

    #[test]
    fn the_margin_is_the_least_of_abs_and_what_grows_with_the_mean() {
        let spills = |unfinished: [u32; 4], params: &[(&str, &str)]| {
            let mut scene = Scene::new(10, &[10, 0, 0, 0]);
            scene.signals.unfinished = unfinished.to_vec();
            scene.explain(&ROW, params).0 != 0
        };
        assert!(spills([7, 3, 3, 3], &[("abs", "2")]), "7 > 4 + 2");
        assert!(!spills([4, 0, 0, 0], &[]), "a mean of 1 has a margin of 4, not of 2");
        assert!(!spills([10, 4, 3, 3], &[]), "a mean of 5 has one of ⌈4.5⌉");
        assert!(!spills([10, 4, 3, 3], &[("abs", "0"), ("rel", "2")]), "10 are just twice 5");
    }

    #[test]
    fn a_match_of_just_the_threshold_decides_nothing() {
        let mut scene = Scene::new(10, &[5, 0]);
        scene.signals.unfinished = vec![1, 0];
        assert_eq!(scene.node(&ROW), 1);
    }
}
