//! Prefix hash, bounded: the node of the first 256 tokens' hash, else the least loaded.
//!
//! The blocks that hold the first `tokens` tokens hash to a node on a ring. While its load is at
//! most `bound` × (total + 1) / N it takes the request, the load being unfinished requests;
//! else the least loaded node does, the lowest index among equals. Source: the gateway of
//! SGLang (SMG), prefix hash. Where it differs: tokens are known by the block, so up to a block
//! more than 256 tokens is hashed. Cost: O(nodes). Parameters: tokens (256, in [1, 65536]),
//! bound (1.25, in [1, 100]), replicas (256, in [1, 4096]), the refresh age. When not to use
//! it: a hot prefix spills over all nodes, each time to another one.
//!
//! Formula only: held to its description, not to running code (docs/peers.md).

use super::chwbl::{BOUND, REPLICAS, load_limit};
use crate::columns::Kept;
use crate::params::ParamSpec;
use crate::route::ring::{Ring, lead};
use crate::route::signal::REFRESH;
use crate::route::{ClusterView, Need, Notes, Origin, Route, Router, RouterRow, lowest};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "prefix_hash_bounded",
    title: "Prefix hash, bounded load",
    summary: "The node that the first tokens hash to, unless it is loaded; then the least loaded.",
    source: "SGLang gateway (SMG), prefix hash; formula only",
    origin: Origin::Engine,
    params: &[
        ParamSpec::integer("tokens", 256, 1, 65_536)
            .told("Hashed tokens", "The blocks that hold so many leading tokens are hashed.")
            .unit("tokens")
            .log(),
        BOUND,
        REPLICAS,
        REFRESH,
    ],
    needs: &[Need::TimedClock],
    migration: None,
    production: None,
    symmetric: false,
    build: |build| {
        Box::new(PrefixHashBounded {
            tokens: build.params.integer("tokens"),
            bound: build.params.number("bound"),
            ring: Ring::new(build.all_nodes(), build.params.integer("replicas") as u32),
        })
    },
};

#[derive(Clone)]
struct PrefixHashBounded {
    tokens: u64,
    bound: f64,
    ring: Ring,
}

impl Router for PrefixHashBounded {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let limit = load_limit(view, self.bound);
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
    fn more_tokens_than_a_block_hash_more_blocks() {
        let scene = Scene::new(4, &[0; 64]);
        let at = |tokens| scene.explain(&ROW, &[("tokens", tokens)]).0;
        assert_eq!(at("1"), at("512"));
        assert_ne!(at("512"), at("513"));
    }
}
