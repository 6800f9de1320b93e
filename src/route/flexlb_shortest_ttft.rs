//! FlexLB shortest TTFT: among the nodes with the shortest TTFT, the least recently chosen.
//!
//! Nodes are ordered by wait + prefill of the uncached tokens, equals by index; of the best
//! max(1, ⌊share × N⌋) the one chosen longest ago takes the request, never chosen before ever
//! chosen. Source: RTP-LLM FlexLB. Cost: O(nodes). Parameters: share (0.3, in [0, 1]), the
//! refresh age of the waits. When not to use it: with many nodes the pool holds nodes without
//! the prefix, and rotation spreads what affinity would keep together.

use super::signal::REFRESH;
use super::{ClusterView, Need, Notes, Route, Router, RouterRow, lowest};
use crate::params::ParamSpec;

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "flexlb_shortest_ttft",
    title: "FlexLB shortest TTFT",
    summary: "Among the nodes with the shortest TTFT, the least recently chosen.",
    source: "RTP-LLM FlexLB",
    params: &[
        ParamSpec::number("share", 0.3, 0.0, 1.0)
            .told("Pool share", "What share of the nodes, the best first, takes turns."),
        REFRESH,
    ],
    needs: &[Need::TimedClock],
    migration: None,
    symmetric: true,
    build: |build| {
        let pool = libm::floor(build.params.number("share") * build.nodes as f64) as usize;
        Box::new(FlexLb {
            pool: pool.max(1),
            chosen: vec![0; build.nodes],
            costs: Vec::new(),
            order: Vec::new(),
        })
    },
};

struct FlexLb {
    pool: usize,
    /// Number of the decision that chose each node last, from 1; 0 for never.
    chosen: Vec<u64>,
    costs: Vec<[f64; 3]>,
    order: Vec<usize>,
}

impl FlexLb {
    /// Writes [wait, prefill, TTFT] of every node and the nodes' order, the pool in front.
    fn sort(&mut self, view: &ClusterView<'_>) {
        let (service, tokens) = (view.service(), view.request.input_tokens);
        self.costs.clear();
        self.costs.extend((0..view.nodes()).map(|node| {
            let wait = view.signals.wait_s[node];
            let prefill = service.prefill_s(tokens, view.cached_tokens(view.matched[node]));
            [wait, prefill, wait + prefill]
        }));
        self.order.clear();
        self.order.extend(0..view.nodes());
        let costs = &self.costs;
        self.order.select_nth_unstable_by(self.pool - 1, |&a, &b| {
            costs[a][2].total_cmp(&costs[b][2]).then(a.cmp(&b))
        });
    }
}

impl Router for FlexLb {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        self.sort(view);
        // The worst of the pool tells members from others.
        let worst = self.order[self.pool - 1];
        let columns = &["wait s", "prefill s", "TTFT s", "last chosen"];
        let node = lowest(view.nodes(), notes, columns, |node| {
            let [wait, prefill, ttft] = self.costs[node];
            let order = ttft.total_cmp(&self.costs[worst][2]).then(node.cmp(&worst));
            let last = if order.is_le() { self.chosen[node] as f64 } else { f64::INFINITY };
            [wait, prefill, ttft, last]
        });
        self.chosen[node] = view.decisions + 1;
        Route::to(node)
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
            picked.push(scene.route(&mut *router));
        }
        // ⌊0.3 × 7⌋ = 2 of them: nodes 1 and 2.
        assert_eq!(picked, [1, 2, 1, 2, 1]);
        scene.matched = vec![0; 7];
        scene.decisions = 5;
        assert_eq!(scene.route(&mut *router), 2, "the pool is 1 and 2, and 1 was chosen later");
    }
}
