//! FlexLB shortest TTFT: among the nodes with the shortest TTFT, the least recently chosen.
//!
//! Nodes are ordered by wait + prefill of the uncached tokens, equals by index; of the best
//! max(1, ⌊share × N⌋) the one chosen longest ago takes the request, never chosen before ever
//! chosen. Source: RTP-LLM FlexLB. Cost: O(nodes). Parameters: share (0.3, in [0, 1]), the
//! refresh age of the waits. When not to use it: with many nodes the pool holds nodes without
//! the prefix, and rotation spreads what affinity would keep together.
//!
//! Formula only: held to its description, not to running code (docs/peers.md).

use crate::columns::order;
use crate::params::{ParamSpec, Params};
use crate::route::signal::REFRESH;
use crate::route::{ClusterView, Formula, Need, Notes, Origin, Outcome, Route, Router, RouterRow};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "flexlb_shortest_ttft",
    title: "FlexLB shortest TTFT",
    summary: "Among the nodes with the shortest TTFT, the least recently chosen.",
    formula: Formula::new(
        "of the max(1, ⌊share × N⌋) nodes with the smallest wait + prefill the one chosen \
         longest ago",
    ),
    source: "RTP-LLM FlexLB; formula only",
    origin: Origin::Engine,
    params: &[
        ParamSpec::number("share", 0.3, 0.0, 1.0)
            .told("Pool share", "What share of the nodes, the best first, takes turns.")
            .live(),
        REFRESH,
    ],
    needs: &[Need::TimedClock],
    migration: None,
    production: None,
    symmetric: true,
    build: |build| {
        Box::new(FlexLb {
            share: build.params.number("share"),
            chosen: vec![0; build.all_nodes()],
            bits: Vec::new(),
            order: Vec::new(),
        })
    },
};

#[derive(Clone)]
struct FlexLb {
    share: f64,
    /// Number of the decision that chose each node last, from 1; 0 for never.
    chosen: Vec<u64>,
    /// Scratch: bits of the TTFTs by node, and in an order in which the pool is in front.
    bits: Vec<u64>,
    order: Vec<u64>,
}

impl Router for FlexLb {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let (service, tokens) = (view.service(), view.request.input_tokens);
        let ttft_s = |node: usize| {
            let cached = view.cached_tokens(view.matched[node]);
            view.signals.wait_s[node] + service.prefill_s(tokens, cached)
        };
        // The bits of numbers that are not negative stand in the order of the numbers.
        self.bits.clear();
        self.bits.extend((0..view.nodes()).map(|node| ttft_s(node).to_bits()));
        self.order.clear();
        self.order.extend(view.living().map(|node| self.bits[node]));
        let pool = libm::floor(self.share * self.order.len() as f64).max(1.0) as usize;
        let longest = order::nth(&mut self.order, pool - 1);
        // Of the nodes that take just as long, the first ones fill the pool.
        let shorter = self.order[..pool].iter().filter(|&&bits| bits < longest).count();
        let mut equal = view.living().filter(|&node| self.bits[node] == longest);
        let worst = (longest, equal.nth(pool - shorter - 1));
        let in_pool = |&node: &usize| (self.bits[node], Some(node)) <= worst;
        let pool = view.living().filter(in_pool);
        let node = pool.min_by_key(|&node| self.chosen[node]).expect("one of the living");
        notes.start(&["wait s", "TTFT s", "last chosen"]);
        notes.rows(view, |node| {
            let ttft = ttft_s(node);
            let last = if in_pool(&node) { self.chosen[node] as f64 } else { f64::INFINITY };
            [view.signals.wait_s[node], ttft, last]
        });
        Route::to(node)
    }

    fn tune(&mut self, params: &Params) {
        self.share = params.number("share");
    }

    fn learn(&mut self, view: &ClusterView<'_>, outcome: &Outcome) {
        self.chosen[outcome.node.index()] = view.decisions + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::scene::Scene;

    #[test]
    fn the_best_third_takes_turns() {
        let mut scene = Scene::new(10, &[10, 9, 8, 0, 0, 0, 0]);
        scene.signals.wait_s[0] = 100.0;
        let mut router = scene.router(&ROW, &[]);
        let mut picked = Vec::new();
        for decisions in 0..5 {
            scene.decisions = decisions;
            picked.push(scene.serve(&mut *router));
        }
        // ⌊0.3 × 7⌋ = 2 of them: nodes 1 and 2.
        assert_eq!(picked, [1, 2, 1, 2, 1]);
        scene.matched = vec![0; 7];
        scene.decisions = 5;
        assert_eq!(scene.serve(&mut *router), 2, "the pool is 1 and 2, and 1 was chosen later");
    }

    #[test]
    fn the_pool_is_a_share_of_the_living() {
        let mut scene = Scene::new(10, &[10, 9, 8, 0, 0, 0, 0]);
        scene.alive[3..].fill(false);
        let mut router = scene.router(&ROW, &[("share", "0.5")]);
        let mut serve = |decisions| {
            scene.decisions = decisions;
            scene.serve(&mut *router)
        };
        assert_eq!([serve(0), serve(1)], [0, 0], "⌊0.5 × 3⌋ = 1");
    }
}
