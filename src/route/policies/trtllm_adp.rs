//! TensorRT-LLM attention-DP: missed tokens plus a charge for the node's share of active ones.
//!
//! cost = (L − m) + β × L × active / max(Σ active, L), in tokens; smallest wins. Matches count
//! only where the best of them is more than `gate` of L, so a prefix that everybody shares
//! draws nobody. A node with unfinished requests ≥ `fair` × ceil(total / N), this request
//! included in the total, is out. Ties: fewer active tokens, then an order drawn once from the
//! seed. Active tokens are prompt tokens still to be computed. Source: TensorRT-LLM, the
//! KV-cache-aware router of attention data parallelism. Cost: O(nodes). Parameters: β (1, in
//! [0, 100]), gate (0.1, in [0, 1]), fair (2, in [1, 1000]), the refresh age. When not to use
//! it: for short shared prompts of long requests; the gate shuts them out.
//!
//! Formula only: held to its description, not to running code (docs/peers.md).

use crate::params::{ParamSpec, Params, Role};
use crate::rng::Stream;
use crate::route::signal::REFRESH;
use crate::route::{
    ClusterView, Formula, Need, Notes, Origin, Route, Router, RouterRow, lowest_by,
};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "trtllm_adp",
    title: "TensorRT-LLM attention-DP",
    summary: "Missed tokens plus a charge for active ones; small matches do not count.",
    formula: Formula::new(
        "cost = (L − m) + β × L × active / max(Σ active, L), in tokens, m = 0 unless best m > \
         gate × L, over nodes with q < fair × ⌈(Σ q + 1) / N⌉; smallest wins",
    ),
    source: "TensorRT-LLM, KV-cache-aware attention-DP router; formula only",
    origin: Origin::Engine,
    params: &[
        ParamSpec::number("beta", 1.0, 0.0, 100.0)
            .told(
                "β load balance",
                "How many requests' worth of tokens a node with all active tokens is charged.",
            )
            .live()
            .role(Role::Balance),
        ParamSpec::number("gate", 0.1, 0.0, 1.0)
            .told(
                "Match gate",
                "Matches count only where the best is more than this share of the request.",
            )
            .live(),
        ParamSpec::number("fair", 2.0, 1.0, 1000.0)
            .told(
                "Fair share",
                "A node with this many times its fair share of the requests gets no more.",
            )
            .live(),
        REFRESH,
    ],
    needs: &[Need::TimedClock],
    migration: None,
    production: None,
    symmetric: true,
    build: |mut build| {
        Box::new(TrtllmAdp {
            beta: build.params.number("beta"),
            gate: build.params.number("gate"),
            fair: build.params.number("fair"),
            order: shuffled(build.nodes, build.all_nodes(), &mut build.stream),
        })
    },
};

#[derive(Clone)]
struct TrtllmAdp {
    beta: f64,
    gate: f64,
    fair: f64,
    /// Place of every node in the seeded order.
    order: Vec<u32>,
}

/// The first `nodes` of `all` in an order that is drawn; those that join later follow.
fn shuffled(nodes: usize, all: usize, stream: &mut Stream) -> Vec<u32> {
    let mut order: Vec<u32> = (0..all as u32).collect();
    for last in (1..nodes).rev() {
        order.swap(last, stream.below(last as u64 + 1) as usize);
    }
    order
}

impl Router for TrtllmAdp {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let signals = view.signals;
        let length = f64::from(view.request.input_tokens);
        let tokens = |node: usize| {
            let matched = u64::from(view.matched[node]) * u64::from(view.block_size);
            (matched as f64).min(length)
        };
        let best = view.living().map(tokens).fold(0.0, f64::max);
        let counts = self.gate * length < best;
        let active: u64 = view.living().map(|node| signals.outstanding_tokens[node]).sum();
        let scale = (active as f64).max(length).max(1.0);
        let requests = view.unfinished_total();
        let limit = self.fair * (requests + 1).div_ceil(view.living_count() as u64) as f64;
        let columns = &["matched tokens", "unfinished", "order", "active tokens", "cost"];
        let node = lowest_by(3, view, notes, columns, |node| {
            let matched = if counts { tokens(node) } else { 0.0 };
            let active = signals.outstanding_tokens[node] as f64;
            let unfinished = f64::from(signals.unfinished[node]);
            let cost = if unfinished < limit {
                (length - matched) + self.beta * length * active / scale
            } else {
                f64::INFINITY
            };
            [matched, unfinished, f64::from(self.order[node]), active, cost]
        });
        Route::to(node)
    }

    fn tune(&mut self, params: &Params) {
        self.beta = params.number("beta");
        self.gate = params.number("gate");
        self.fair = params.number("fair");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::scene::Scene;

    #[test]
    fn the_cost_is_missed_tokens_plus_the_share_of_active_ones() {
        let mut scene = Scene::new(4, &[4, 2, 0]);
        scene.signals.outstanding_tokens = vec![3000, 1000, 0];
        let (node, decision) = scene.explain(&ROW, &[]);
        // L 2048: 0 + 2048·¾, 1024 + 2048·¼, 2048 + 0.
        // Node 1 has fewer active tokens than node 0 at the same cost.
        assert_eq!((node, decision.column("cost")), (1, vec![1536.0, 1536.0, 2048.0]));
    }

    #[test]
    fn a_small_best_match_counts_for_nobody() {
        let mut scene = Scene::new(40, &[4, 0]);
        scene.signals.outstanding_tokens = vec![1, 0];
        assert_eq!(scene.node(&ROW), 1, "a tenth is not above a tenth");
        scene.matched = vec![5, 0];
        assert_eq!(scene.node(&ROW), 0);
    }

    #[test]
    fn a_node_with_twice_its_fair_share_is_out() {
        let mut scene = Scene::new(4, &[4, 0]);
        scene.signals.unfinished = vec![4, 0];
        // ceil(5 / 2) = 3: 4 is below twice that, not below once.
        assert_eq!(scene.node(&ROW), 0);
        assert_eq!(scene.explain(&ROW, &[("fair", "1")]).0, 1);
    }

    #[test]
    fn a_node_with_just_its_fair_share_is_out_and_no_match_is_longer_than_the_prompt() {
        let mut scene = Scene::new(4, &[4, 0]);
        // ⌈3 / 2⌉ = 2.
        scene.signals.unfinished = vec![2, 0];
        scene.request.input_tokens = 4 * 512 - 100;
        let (node, decision) = scene.explain(&ROW, &[("fair", "1")]);
        assert_eq!((node, decision.column("matched tokens")), (1, vec![1948.0, 0.0]));
    }

    #[test]
    fn matches_and_active_tokens_of_who_is_not_alive_count_for_nobody() {
        let mut scene = Scene::new(40, &[40, 4, 0]);
        scene.alive[0] = false;
        scene.signals.outstanding_tokens = vec![100_000, 100, 0];
        let (node, decision) = scene.explain(&ROW, &[]);
        let length = 40.0 * 512.0;
        assert_eq!((node, &decision.column("matched tokens")[1..]), (2, &[0.0, 0.0][..]));
        assert_eq!(decision.column("cost")[1..], [length + 100.0, length]);
    }

    #[test]
    fn every_order_may_be_drawn() {
        let drawn = |seed| shuffled(2, 3, &mut Stream::new(seed, "order", 0));
        let orders: Vec<_> = (0..20).map(drawn).collect();
        assert!(orders.contains(&vec![0, 1, 2]) && orders.contains(&vec![1, 0, 2]), "{orders:?}");
    }
}
