//! Preble E2: exploit the prefix while it outweighs what is new, else explore the cheapest node.
//!
//! Where the tokens to compute are fewer than those the best match reuses, only nodes with that
//! match are candidates, else all. cost = load + evictions + this request's prefill; smallest
//! wins, ties to the lowest index. The load is the prefill seconds missed by the node's requests
//! of the last `window`, plus `decode` seconds for each that is generating; evictions are the
//! prefill of the tokens that must go, times the node's hit share in the window. While the
//! heaviest load > `rebalance` × the lightest, what would go to the heaviest goes to the
//! lightest. Copies: [`crate::migrate::rules::ttft_doubling`]. Source: Preble (ICLR'25). Where it
//! differs: Preble profiles decode times and knows which blocks would go; a router here may
//! not. Cost: O(nodes); 48 bytes a request of the window. Parameters: window_s (180, in [1,
//! 86400]), rebalance (1.5, in [1, 1000]), decode (1 s, in [0, 100]), growth (2), hot_share
//! (0.1), the refresh age of the decode counts. When not to use it: where load changes within
//! the window; it balances what was, not what waits.
//!
//! Formula only: held to its description, not to running code (docs/peers.md).

use crate::params::ParamSpec;
use crate::route::moving::{GROWTH, HOT_SHARE, WINDOW};
use crate::route::signal::REFRESH;
use crate::route::{
    ClusterView, Formula, Need, Notes, Origin, Outcome, Route, Router, RouterRow, lowest,
};
use std::collections::VecDeque;

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "preble_e2",
    title: "Preble E2",
    summary: "The cheapest holder of the prefix where that outweighs what is new, else any node.",
    formula: Formula::new(
        "cost = prefill seconds missed in the window + decode × generating + prefill of evicted \
         tokens × hit share + own prefill, over holders of the longest match where that exceeds \
         half the prompt, else over all; smallest wins, but lightest for heaviest where its \
         load > rebalance × the lightest's",
    ),
    source: "Preble, ICLR'25; formula only",
    origin: Origin::Paper,
    params: &[
        WINDOW,
        ParamSpec::number("rebalance", 1.5, 1.0, 1000.0).told(
            "Rebalance above",
            "Requests for the heaviest node go to the lightest while it has more than this many \
             times its load.",
        ),
        ParamSpec::number("decode", 1.0, 0.0, 100.0)
            .told("Decode charge", "Seconds of load for every request that is generating.")
            .unit("s"),
        GROWTH,
        HOT_SHARE,
        REFRESH,
    ],
    needs: &[Need::TimedClock],
    migration: Some("ttft_doubling"),
    production: None,
    symmetric: true,
    build: |build| {
        Box::new(PrebleE2 {
            window_s: build.params.number("window_s"),
            rebalance: build.params.number("rebalance"),
            decode_s: build.params.number("decode"),
            served: VecDeque::new(),
            past: vec![Past::default(); build.all_nodes()],
        })
    },
};

/// A request of the window.
#[derive(Clone, Copy)]
struct Served {
    at_s: f64,
    node: usize,
    work: Past,
}

/// What a node's requests of the window amount to. Whole numbers, so that adding and taking
/// away leaves nothing behind.
#[derive(Clone, Copy, Default)]
struct Past {
    /// A prompt of 2^32 tokens takes more nanoseconds on one node than 64 bits hold; on the
    /// slowest that a configuration may have, 2^32 of the largest model fit into 128.
    missed_ns: u128,
    hit_blocks: u64,
    blocks: u64,
}

#[derive(Clone)]
struct PrebleE2 {
    window_s: f64,
    rebalance: f64,
    decode_s: f64,
    served: VecDeque<Served>,
    past: Vec<Past>,
}

impl PrebleE2 {
    fn forget(&mut self, now_s: f64) {
        while let Some(oldest) = self.served.front()
            && self.window_s <= now_s - oldest.at_s
        {
            let past = &mut self.past[oldest.node];
            past.missed_ns -= oldest.work.missed_ns;
            past.hit_blocks -= oldest.work.hit_blocks;
            past.blocks -= oldest.work.blocks;
            self.served.pop_front();
        }
    }

    fn load_s(&self, view: &ClusterView<'_>, node: usize) -> f64 {
        let missed_s = self.past[node].missed_ns as f64 * 1e-9;
        missed_s + self.decode_s * f64::from(view.signals.decoding[node])
    }

    /// Seconds of prefill that evicting for the request is expected to cost later.
    fn eviction_s(&self, view: &ClusterView<'_>, node: usize) -> f64 {
        let missed = view.blocks.len() as u64 - u64::from(view.matched[node]);
        let over = u64::from(view.resident[node]) + missed;
        let past = &self.past[node];
        if over <= u64::from(view.capacity) {
            return 0.0;
        }
        let tokens = (over - u64::from(view.capacity)) * u64::from(view.block_size);
        let hit_share = past.hit_blocks as f64 / past.blocks.max(1) as f64;
        view.service().prefill_s(u32::try_from(tokens).unwrap_or(u32::MAX), 0) * hit_share
    }

    /// Matched blocks, the parts of the cost, and the cost where the node is a candidate.
    fn components(&self, view: &ClusterView<'_>, node: usize, candidate: bool) -> [f64; 5] {
        let matched = view.matched[node];
        let (load, eviction) = (self.load_s(view, node), self.eviction_s(view, node));
        let cached = view.cached_tokens(matched);
        let prefill = view.service().prefill_s(view.request.input_tokens, cached);
        let cost = if candidate { load + eviction + prefill } else { f64::INFINITY };
        [f64::from(matched), load, eviction, prefill, cost]
    }
}

impl Router for PrebleE2 {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        self.forget(view.now_s);
        let best = view.longest_match();
        let reused = view.cached_tokens(best);
        let exploits = view.request.input_tokens - reused < reused;
        let columns = &["matched", "load s", "eviction s", "prefill s", "cost"];
        let (mut heaviest, mut lightest) = ((0, f64::NEG_INFINITY), (0, f64::INFINITY));
        let node = lowest(view, notes, columns, |node| {
            let candidate = !exploits || view.matched[node] == best;
            let row = self.components(view, node, candidate);
            let load = row[1];
            if heaviest.1 < load {
                heaviest = (node, load);
            }
            if load < lightest.1 {
                lightest = (node, load);
            }
            row
        });
        if node != heaviest.0 || heaviest.1 <= self.rebalance * lightest.1 {
            return Route::to(node);
        }
        notes.start(columns);
        notes.rows(view, |node| self.components(view, node, node == lightest.0));
        Route::to(lightest.0)
    }

    fn learn(&mut self, view: &ClusterView<'_>, outcome: &Outcome) {
        let (node, cached) = (outcome.node.index(), view.cached_tokens(outcome.hit_blocks));
        let missed_s = view.service().prefill_s(view.request.input_tokens, cached);
        let work = Past {
            missed_ns: (missed_s * 1e9) as u128,
            hit_blocks: u64::from(outcome.hit_blocks),
            blocks: view.blocks.len() as u64,
        };
        let past = &mut self.past[node];
        past.missed_ns += work.missed_ns;
        past.hit_blocks += work.hit_blocks;
        past.blocks += work.blocks;
        self.served.push_back(Served { at_s: view.now_s, node, work });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::scene::Scene;

    #[test]
    fn a_long_match_is_exploited_and_a_short_one_explored_until_the_window_forgets() {
        let mut scene = Scene::new(10, &[0, 0, 0]);
        let mut router = scene.router(&ROW, &[("rebalance", "1000")]);
        let mut serve = |matched, now_s| {
            scene.matched = vec![matched, 0, 0];
            scene.now_s = now_s;
            scene.serve(&mut *router)
        };
        assert_eq!([serve(0, 0.0), serve(0, 0.0), serve(0, 0.0)], [0, 1, 2]);
        assert_eq!([serve(6, 0.0), serve(6, 0.0)], [0, 0], "6 reused, 4 new: the holder");
        assert_eq!(serve(5, 0.0), 1, "5 reused, 5 new: node 0 has more load than that saves");
        assert_eq!(serve(5, 180.0), 0, "the window is empty again");
    }

    #[test]
    fn the_heaviest_node_gives_to_the_lightest() {
        let mut scene = Scene::new(10, &[10, 0]);
        let mut router = scene.router(&ROW, &[]);
        scene.matched = vec![0, 0];
        assert_eq!(scene.serve(&mut *router), 0);
        scene.matched = vec![10, 0];
        assert_eq!(scene.serve(&mut *router), 1, "node 0 has all the load");
        assert_eq!(scene.serve(&mut *router), 0, "now both have as much");
    }

    #[test]
    fn a_full_node_whose_blocks_are_hit_is_charged_for_evicting() {
        let mut scene = Scene::new(10, &[10, 10]);
        let mut router = scene.router(&ROW, &[]);
        scene.serve(&mut *router);
        scene.matched = vec![0, 0];
        scene.resident = vec![1000, 0];
        let mut notes = Notes::new(true);
        router.route(&scene.view(), &mut notes);
        let eviction = notes.decision(1, 0).column("eviction s");
        assert!(0.0 < eviction[0] && eviction[1] == 0.0, "{eviction:?}");
    }

    #[test]
    fn a_request_counts_until_it_is_as_old_as_the_window() {
        let mut scene = Scene::new(10, &[0, 0]);
        let mut load_s = |now_s| {
            let mut router = scene.router(&ROW, &[("window_s", "180")]);
            scene.now_s = 0.0;
            scene.serve(&mut *router);
            scene.now_s = now_s;
            let mut notes = Notes::new(true);
            router.route(&scene.view(), &mut notes);
            notes.decision(1, 0).column("load s")[0]
        };
        assert!(0.0 < load_s(179.999));
        assert_eq!(load_s(180.0), 0.0);
    }

    #[test]
    fn a_load_that_is_just_the_allowed_multiple_stays() {
        let mut scene = Scene::new(10, &[10, 0]);
        let mut node = |decoding: [u32; 2]| {
            scene.signals.decoding = decoding.to_vec();
            scene.route(&mut *scene.router(&ROW, &[("rebalance", "1.5")]))
        };
        assert_eq!([node([3, 2]), node([4, 2])], [0, 1]);
    }

    #[test]
    fn only_blocks_beyond_the_capacity_are_charged_for() {
        let eviction_s = |resident| {
            let mut scene = Scene::new(10, &[10, 10]);
            let mut router = scene.router(&ROW, &[]);
            scene.serve(&mut *router);
            scene.matched = vec![4, 0];
            scene.resident = vec![resident, 0];
            let mut notes = Notes::new(true);
            router.route(&scene.view(), &mut notes);
            notes.decision(1, 0).column("eviction s")[0]
        };
        let block_s = Scene::new(1, &[0]).view().service().prefill_s(512, 0);
        assert_eq!([eviction_s(994), eviction_s(995)], [0.0, block_s]);
    }

    #[test]
    fn what_the_window_forgets_is_in_no_hit_share() {
        let mut scene = Scene::new(10, &[10, 0]);
        let mut router = scene.router(&ROW, &[("window_s", "180")]);
        assert_eq!(scene.serve(&mut *router), 0);
        (scene.now_s, scene.matched) = (180.0, vec![5, 0]);
        assert_eq!(scene.serve(&mut *router), 0);
        (scene.matched, scene.resident) = (vec![0, 0], vec![1000, 0]);
        let mut notes = Notes::new(true);
        router.route(&scene.view(), &mut notes);
        // Of ten blocks five were hit; of the first ten nothing is known any more.
        let ten_s = scene.view().service().prefill_s(10 * 512, 0);
        assert_eq!(notes.decision(3, 0).column("eviction s"), [ten_s * 0.5, 0.0]);
    }

    /// The node for a request of ten blocks, where so many generate and seconds count alike.
    fn node(matched: &[u32], decoding: &[u32], rebalance: &str) -> usize {
        let mut scene = Scene::new(10, matched);
        scene.signals.decoding = decoding.to_vec();
        scene.route(&mut *scene.router(&ROW, &[("rebalance", rebalance)]))
    }

    #[test]
    fn only_who_has_the_longest_match_is_exploited() {
        assert_eq!(node(&[10, 9, 0], &[5, 1, 1], "1000"), 0, "the next best is idler");
    }

    #[test]
    fn the_first_of_the_heaviest_gives_to_the_first_of_the_lightest_and_no_other_gives() {
        assert_eq!(node(&[10, 0, 0, 0], &[5, 5, 1, 1], "1.5"), 2);
        assert_eq!(node(&[0, 10, 0, 0], &[6, 5, 1, 1], "1.5"), 1, "it is not the heaviest");
    }
}
