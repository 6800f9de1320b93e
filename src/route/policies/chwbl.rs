//! Consistent hashing with bounded loads: the leading blocks' place on a ring, walked on.
//!
//! The leading blocks hash to a point; the walk from there takes the first node whose load is
//! at most `bound` × (total + 1) / N, the load being unfinished requests. Ties: ring order.
//! Source: KubeAI; Mirrokni et al. 2017. Where it differs: KubeAI hashes the first 100
//! characters of the prompt, which lie inside its first block. Cost: O(log points), and the
//! walk, short while `bound` is well above 1; 16 bytes a point. Parameters: lead blocks (1, in
//! [1, 64]), bound (1.25, in [1, 100]), replicas (256 points a node, in [1, 4096]), the refresh
//! age. When not to use it: where one first block is in every request, all start at one point
//! and only the bound spreads them.
//!
//! Formula only: held to its description, not to running code (docs/peers.md).

use crate::columns::Kept;
use crate::params::ParamSpec;
use crate::route::ring::{Ring, lead};
use crate::route::signal::REFRESH;
use crate::route::{
    ClusterView, Formula, Need, Notes, Origin, Production, Route, Router, RouterRow, Word, lowest,
};

/// Load over the mean at which a node is passed by.
pub(super) const BOUND: ParamSpec = ParamSpec::number("bound", 1.25, 1.0, 100.0)
    .told("Load bound", "A node takes a request only up to this many times the mean load.");

/// Points a node has on the ring.
pub(super) const REPLICAS: ParamSpec = ParamSpec::integer("replicas", 256, 1, 4096)
    .told("Ring replicas", "Points a node has on the ring: more spread keys more evenly.")
    .log();

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "chwbl",
    title: "Consistent hashing, bounded load",
    summary: "The leading blocks' place on a ring, walked on past loaded nodes.",
    formula: Formula::new(
        "first node on the ring from hash(leading blocks) on with q ≤ bound × (Σ q + 1) / N, q \
         = unfinished requests",
    ),
    source: "KubeAI; Mirrokni et al. 2017; formula only",
    origin: Origin::Engine,
    params: &[
        ParamSpec::integer("lead_blocks", 1, 1, 64)
            .told("Leading blocks", "How many blocks of the request are hashed.")
            .unit("blocks"),
        BOUND,
        REPLICAS,
        REFRESH,
    ],
    needs: &[Need::TimedClock],
    migration: None,
    production: Some(Production {
        project: "KubeAI, spec.loadBalancing of a Model (of its reference, of no version)",
        switch: "strategy: PrefixHash",
        words: &[
            ("bound", Word::times("prefixHash.meanLoadFactor: {}", 100.0)),
            ("replicas", Word::plain("prefixHash.replication: {}")),
        ],
    }),
    symmetric: false,
    build: |build| {
        Box::new(Chwbl {
            lead_blocks: build.params.integer("lead_blocks") as usize,
            bound: build.params.number("bound"),
            ring: Ring::new(build.all_nodes(), build.params.integer("replicas") as u32),
            steps: vec![f64::INFINITY; build.all_nodes()],
        })
    },
};

#[derive(Clone)]
struct Chwbl {
    lead_blocks: usize,
    bound: f64,
    ring: Ring,
    /// Scratch for the notes: at which step the walk took each node.
    steps: Vec<f64>,
}

/// The load up to which a node takes a request.
pub(super) fn load_limit(view: &ClusterView<'_>, bound: f64) -> f64 {
    bound * (view.unfinished_total() + 1) as f64 / view.living_count() as f64
}

impl Router for Chwbl {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let limit = load_limit(view, self.bound);
        let load = |node: usize| f64::from(view.signals.unfinished[node]);
        self.steps.fill(f64::INFINITY);
        let walk = self.ring.walk(lead(view.blocks, self.lead_blocks));
        for (step, node) in walk.enumerate() {
            if view.alive[node] && load(node) <= limit {
                self.steps[node] = step as f64;
                break;
            }
        }
        let columns = &["unfinished", "limit", "step of the walk"];
        let node = lowest(view, notes, columns, |node| [load(node), limit, self.steps[node]]);
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
    fn the_same_lead_stays_on_its_node_until_that_is_loaded() {
        let mut scene = Scene::new(4, &[0; 4]);
        let home = scene.node(&ROW);
        scene.blocks.truncate(1);
        assert_eq!(scene.node(&ROW), home);
        // Total 4: the limit is 1.25 × 5 / 4.
        scene.signals.unfinished = vec![1; 4];
        assert_eq!(scene.node(&ROW), home);
        scene.signals.unfinished = vec![0; 4];
        scene.signals.unfinished[home] = 4;
        let next = scene.node(&ROW);
        assert_ne!(next, home);
        scene.signals.unfinished[next] = 4;
        let third = scene.node(&ROW);
        assert!(third != home && third != next, "the walk goes on");
    }

    #[test]
    fn a_node_exactly_at_the_limit_takes_the_request() {
        let mut scene = Scene::new(4, &[0; 4]);
        let home = scene.node(&ROW);
        let bound = [("bound", "1")];
        // Total 7: the limit is 1 × 8 / 4.
        scene.signals.unfinished = vec![2; 4];
        scene.signals.unfinished[(home + 1) % 4] = 1;
        assert_eq!(scene.explain(&ROW, &bound).0, home);
        // Total 7 again.
        scene.signals.unfinished = vec![1; 4];
        scene.signals.unfinished[home] = 3;
        scene.signals.unfinished[(home + 1) % 4] = 2;
        assert_ne!(scene.explain(&ROW, &bound).0, home);
    }
}
