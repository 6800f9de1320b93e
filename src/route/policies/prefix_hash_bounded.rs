//! Prefix hash, bounded: the node of the first 256 tokens' hash, else the least loaded.
//!
//! The blocks that hold the first `tokens` tokens hash to a node on a ring. While its load is at
//! most `bound` × mean, or at most mean + `abs`, it takes the request, the load being unfinished
//! requests and the mean (total + 1) / N; else the least loaded node does, the lowest index among
//! equals. Source: the gateway of SGLang (SMG), prefix hash; held to smg 1.13.0 pick by pick but
//! for where on its ring a prefix is at home (docs/peers.md). Where it differs: tokens are known
//! by the block, so up to a block more than 256 tokens is hashed; SMG over plain HTTP hashes a
//! key that the caller sends, and without one takes the least loaded; among equals it has an
//! order of its own. Cost: O(nodes). Parameters: tokens (256, in [1, 65536]), bound (1.25, in [1,
//! 100]), abs (0; the command line's default is 10), replicas (256, in [1, 4096]), the refresh
//! age. When not to use it: a hot prefix spills over all nodes, each time to another one.

use super::chwbl::{BOUND, REPLICAS, load_limit};
use crate::columns::Kept;
use crate::params::ParamSpec;
use crate::route::ring::{Ring, lead};
use crate::route::signal::REFRESH;
use crate::route::{
    ClusterView, Formula, Need, Notes, Origin, Production, Route, Router, RouterRow, Word, lowest,
};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "prefix_hash_bounded",
    title: "Prefix hash, bounded load",
    summary: "The node that the first tokens hash to, unless it is loaded; then the least loaded.",
    formula: Formula::new(
        "home of hash(first tokens) on the ring while its q ≤ max(bound × mean, mean + abs), \
         mean = (Σ q + 1) / N; else least q; q = unfinished requests",
    ),
    source: "SGLang gateway, prefix_hash (SMG 1.13.0)",
    origin: Origin::Engine,
    params: &[
        ParamSpec::integer("tokens", 256, 1, 65_536)
            .told("Hashed tokens", "The blocks that hold so many leading tokens are hashed.")
            .unit("tokens")
            .log(),
        BOUND,
        ParamSpec::integer("abs", 0, 0, 100_000)
            .told("Absolute bound", "A node takes a request up to so many over the mean, too.")
            .unit("requests"),
        REPLICAS,
        REFRESH,
    ],
    needs: &[Need::TimedClock],
    migration: None,
    production: Some(Production {
        project: "SMG 1.13.0, smg launch",
        switch: "--policy prefix_hash",
        words: &[
            ("tokens", Word::plain("--prefix-token-count {}")),
            ("bound", Word::plain("--prefix-hash-load-factor {}")),
            ("abs", Word::plain("--prefix-hash-balance-abs-threshold {}")),
        ],
    }),
    symmetric: false,
    build: |build| {
        Box::new(PrefixHashBounded {
            tokens: build.params.integer("tokens"),
            bound: build.params.number("bound"),
            abs: build.params.number("abs"),
            ring: Ring::new(build.all_nodes(), build.params.integer("replicas") as u32),
        })
    },
};

#[derive(Clone)]
struct PrefixHashBounded {
    tokens: u64,
    bound: f64,
    abs: f64,
    ring: Ring,
}

impl Router for PrefixHashBounded {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let limit = load_limit(view, self.bound).max(load_limit(view, 1.0) + self.abs);
        let blocks = self.tokens.div_ceil(u64::from(view.block_size)) as usize;
        let mut walk = self.ring.walk(lead(view.blocks, blocks));
        let home = walk.find(|&node| view.alive[node]).expect("a node is alive");
        let load = |node: usize| f64::from(view.signals.unfinished[node]);
        let stays = load(home) <= limit;
        let columns = &["hashed here", "unfinished", "limit", "cost"];
        let node = lowest(view, notes, columns, |node| {
            let here = node == home;
            let cost = if here && stays { -1.0 } else { load(node) };
            [f64::from(u8::from(here)), load(node), limit, cost]
        });
        Route::to(node)
    }

    fn keep_names(&self, kept: &mut Kept) {
        // The ring is entered where the number of a block says.
        kept.keep_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::scene::Scene;

    #[test]
    fn a_loaded_home_gives_to_the_least_loaded() {
        let mut scene = Scene::new(4, &[0; 4]);
        let home = scene.node(&ROW);
        scene.signals.unfinished = vec![3; 4];
        scene.signals.unfinished[(home + 1) % 4] = 2;
        // Total 11: the limit is 1.25 × 12 / 4 = 3.75.
        assert_eq!(scene.node(&ROW), home);
        scene.signals.unfinished[home] = 5;
        assert_eq!(scene.node(&ROW), (home + 1) % 4);
    }

    #[test]
    fn an_absolute_bound_keeps_a_request_at_home() {
        let mut scene = Scene::new(4, &[0; 4]);
        let home = scene.node(&ROW);
        scene.signals.unfinished[home] = 5;
        // Total 5: the mean is 6 / 4.
        assert_eq!(scene.explain(&ROW, &[("abs", "3")]).0, usize::from(home == 0));
        assert_eq!(scene.explain(&ROW, &[("abs", "4")]).0, home);
    }

    #[test]
    fn more_tokens_than_a_block_hash_more_blocks() {
        let scene = Scene::new(4, &[0; 64]);
        let at = |tokens| scene.explain(&ROW, &[("tokens", tokens)]).0;
        assert_eq!(at("1"), at("512"));
        assert_ne!(at("512"), at("513"));
    }

    #[test]
    fn a_home_over_the_mean_stays_up_to_the_very_bound() {
        let mut scene = Scene::new(4, &[0; 4]);
        let home = scene.node(&ROW);
        let mut stays = |own, next, others, bound| {
            scene.signals.unfinished = vec![others; 4];
            scene.signals.unfinished[home] = own;
            scene.signals.unfinished[(home + 1) % 4] = next;
            scene.explain(&ROW, &[("bound", bound)]).0 == home
        };
        assert!(stays(4, 2, 3, "1.25"), "4 are over 13 / 4, and not over 1.25 times that");
        assert!(stays(2, 1, 2, "1"), "just at 8 / 4");
    }
}
