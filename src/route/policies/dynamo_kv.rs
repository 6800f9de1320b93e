//! Dynamo KV: prefill to come, less a credit for overlap, plus blocks in use.
//!
//! cost = scale × max((active tokens + prompt tokens) / block size − credit × overlap, 0) + blocks
//! in use there, this request's own included; smallest wins, ties uniform. Active tokens were not
//! cached when their requests were placed and count until the prefill ends. Blocks in use are the
//! distinct complete prompt blocks of requests that have not ended, queued ones too, and of this
//! one those that are not among them; overlap is of complete blocks. With a temperature T > 0 a
//! node is drawn with probability ∝ exp(−cost / ((max − min) × T)). With a credit decay d > 0 the
//! overlap counts 1 / (1 + d × excess) times, excess being the node's active tokens above the least
//! of all nodes, in units of this request: blocks over ⌈blocks⌉. Source: NVIDIA Dynamo 1.6.1,
//! lib/kv-router. Not modelled: host and disk tiers, the shared cache, the weight of decoding
//! requests (0 there), output blocks and the queue threshold (off there). Cost: O(nodes), and
//! O(blocks) a request for the account. Parameters: credit (1, at least 0), scale (1, in [0, 100]),
//! temperature (0, in [0, 10]), credit decay (0, in [0, 100]), the refresh age of the account's
//! sums. When not to use it: overlap and queue weigh the same by the block, so a long queue
//! outweighs any match.

use crate::params::{ParamSpec, Params};
use crate::rng::Stream;
use crate::route::signal::REFRESH;
use crate::route::{
    ClusterView, Formula, Need, Notes, Origin, Production, Route, Router, RouterRow, Word,
    lowest_or_any,
};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "dynamo_kv",
    title: "Dynamo KV",
    summary: "Least prefill to come after a credit for overlap, plus prompt blocks in use.",
    formula: Formula::new(
        "cost = scale × max((active tokens + prompt tokens) / block size − credit × overlap, 0) \
         + blocks in use with this request's; smallest wins",
    ),
    source: "NVIDIA Dynamo 1.6.1, lib/kv-router",
    origin: Origin::Engine,
    params: &[
        ParamSpec::number("credit", 1.0, 0.0, f64::INFINITY)
            .told("Overlap credit", "How many blocks of prefill one matched block saves.").live(),
        ParamSpec::number("scale", 1.0, 0.0, 100.0)
            .told("Prefill scale", "Weight of prefill to come against blocks in use.").live(),
        ParamSpec::number("temperature", 0.0, 0.0, 10.0).told(
            "Temperature",
            "0 takes the cheapest node; above, nodes are drawn by a softmax of their costs in \
             units of the spread between dearest and cheapest.",
        ).live(),
        ParamSpec::number("credit_decay", 0.0, 0.0, 100.0).told(
            "Credit decay",
            "How fast the credit fades on a node with more prefill queued than the least loaded \
             one: 1 halves it at one request's worth.",
        ).live(),
        REFRESH,
    ],
    needs: &[Need::TimedClock],
    migration: None,
    production: Some(Production {
        project: "NVIDIA Dynamo 1.6.1, python -m dynamo.frontend",
        switch: "--router-mode kv",
        words: &[
            ("credit", Word::plain("--router-kv-overlap-score-credit {}")),
            ("credit_decay", Word::plain("--router-kv-overlap-score-credit-decay {}")),
            ("scale", Word::plain("--router-prefill-load-scale {}")),
            ("temperature", Word::plain("--router-temperature {}")),
        ],
    }),
    symmetric: true,
    build: |build| {
        Box::new(DynamoKv {
            weights: Weights {
                credit: build.params.number("credit"),
                scale: build.params.number("scale"),
                credit_decay: build.params.number("credit_decay"),
            },
            temperature: build.params.number("temperature"),
            costs: vec![0.0; build.all_nodes()],
            stream: build.stream,
        })
    },
};

#[derive(Clone)]
struct DynamoKv {
    weights: Weights,
    temperature: f64,
    costs: Vec<f64>,
    stream: Stream,
}

#[derive(Clone, Copy)]
struct Weights {
    credit: f64,
    scale: f64,
    credit_decay: f64,
}

/// What is the same for every node.
struct Asked {
    /// Complete blocks of the request.
    complete: u32,
    /// The fewest active tokens of any node.
    least: u64,
}

impl Weights {
    /// What an overlapping block is worth on a node with `excess` active tokens above the least.
    fn credit(&self, view: &ClusterView<'_>, excess: u64) -> f64 {
        if self.credit_decay == 0.0 {
            return self.credit;
        }
        let request_blocks = view.request.input_tokens.div_ceil(view.block_size).max(1);
        let excess_blocks = excess as f64 / f64::from(view.block_size);
        let excess = excess_blocks / f64::from(request_blocks);
        self.credit * (1.0 / (1.0 + self.credit_decay * excess))
    }

    /// The parts of a node's cost, and the cost.
    fn components(&self, view: &ClusterView<'_>, node: usize, asked: &Asked) -> [f64; 5] {
        let active = view.signals.active_tokens[node];
        let credit = self.credit(view, active - asked.least);
        let overlap = f64::from(view.matched[node].min(asked.complete));
        let tokens = active + u64::from(view.request.input_tokens);
        let prefill = tokens as f64 / f64::from(view.block_size);
        let own = u64::from(asked.complete - view.active_matched[node]);
        let in_use = (view.signals.active_blocks[node] + own) as f64;
        let cost = self.scale * (prefill - credit * overlap).max(0.0) + in_use;
        [prefill, overlap, credit, in_use, cost]
    }
}

impl Router for DynamoKv {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let Self { weights, temperature, costs, stream } = self;
        let active = view.living().map(|node| view.signals.active_tokens[node]);
        let least = active.min().unwrap_or(0);
        let asked = Asked { complete: view.complete_blocks(), least };
        let columns = &["prefill", "overlap", "credit", "blocks in use", "cost"];
        let cheapest = lowest_or_any(stream, view, notes, columns, |node| {
            let row = weights.components(view, node, &asked);
            costs[node] = row[4];
            row
        });
        if *temperature == 0.0 {
            return Route::to(cheapest);
        }
        Route::to(softmax(view, costs, cheapest, *temperature, stream))
    }

    fn tune(&mut self, params: &Params) {
        self.weights.credit = params.number("credit");
        self.weights.scale = params.number("scale");
        self.weights.credit_decay = params.number("credit_decay");
        self.temperature = params.number("temperature");
    }

    fn keeps_account(&self) -> bool {
        true
    }
}

/// Draws a living node by exp(−cost / ((max − min) × temperature)); all alike where costs are.
fn softmax(
    view: &ClusterView<'_>,
    costs: &[f64],
    cheapest: usize,
    temperature: f64,
    stream: &mut Stream,
) -> usize {
    let least = costs[cheapest];
    let spread = view.living().map(|node| costs[node]).fold(least, f64::max) - least;
    if spread == 0.0 {
        let draw = stream.below(view.living_count() as u64) as usize;
        return view.living_at(draw);
    }
    // One division after the other: spread × temperature may be too small for a double.
    let weight = |node: usize| libm::exp((least - costs[node]) / spread / temperature);
    let mut rest = stream.unit() * view.living().map(weight).sum::<f64>();
    for node in view.living() {
        rest -= weight(node);
        if rest < 0.0 {
            return node;
        }
    }
    cheapest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::scene::Scene;

    /// Two idle nodes with blocks of 16 tokens.
    fn scene() -> Scene {
        let mut scene = Scene::new(0, &[0, 0]);
        scene.block_size = 16;
        scene
    }

    fn costs(scene: &Scene, params: &[(&str, &str)]) -> Vec<f64> {
        scene.explain(&ROW, params).1.column("cost")
    }

    // The cases below were checked against crate dynamo-kv-router 1.6.1.

    #[test]
    fn blocks_of_queued_requests_are_in_use() {
        let mut scene = scene();
        scene.arrive(45, &[0, 1, 2], &[0, 0]);
        scene.book(0, 1.0, 2.0);
        scene.arrive(43, &[0, 1, 3], &[2, 0]);
        // (45 + 43) / 16 − 2 + 2, and 43 / 16 + 2.
        let (node, decision) = scene.explain(&ROW, &[]);
        assert_eq!((node, decision.column("cost")), (1, vec![5.5, 4.6875]));
    }

    #[test]
    fn outputs_and_a_block_that_is_not_full_are_not_in_use() {
        let mut scene = scene();
        scene.arrive(11, &[0], &[0, 0]);
        scene.request.output_tokens = 34;
        scene.book(0, 0.0, 2.0);
        scene.arrive(14, &[1], &[0, 0]);
        assert_eq!(costs(&scene, &[]), [0.875, 0.875]);
        // The same block, not full, is no overlap either.
        scene.arrive(11, &[0], &[1, 0]);
        assert_eq!(costs(&scene, &[]), [0.6875, 0.6875]);
    }

    #[test]
    fn a_block_that_two_requests_use_counts_once() {
        let mut scene = scene();
        scene.arrive(48, &[0, 1, 2], &[0, 0]);
        scene.book(0, 0.0, 2.0);
        scene.book(0, 0.0, 2.0);
        scene.arrive(16, &[9], &[0, 0]);
        assert_eq!(costs(&scene, &[]), [1.0 + 4.0, 1.0 + 1.0]);
    }

    #[test]
    fn of_its_own_blocks_those_not_in_use_there_count() {
        let mut scene = scene();
        scene.arrive(32, &[0, 1], &[0, 0]);
        scene.book(1, 0.0, 2.0);
        scene.arrive(16, &[0], &[0, 1]);
        assert_eq!(costs(&scene, &[]), [2.0, 2.0]);
    }

    #[test]
    fn active_tokens_are_those_not_cached_when_they_were_booked() {
        let mut scene = scene();
        scene.arrive(80, &[0, 1, 2, 3, 4], &[0, 0]);
        scene.book(0, 1.0, 2.0);
        scene.arrive(112, &[10, 11, 12, 13, 14, 15, 16], &[0, 0]);
        scene.book(1, 1.0, 2.0);
        scene.arrive(80, &[0, 1, 2, 23, 24], &[3, 0]);
        scene.book(0, 1.0, 2.0);
        scene.arrive(16, &[30], &[0, 0]);
        assert_eq!(costs(&scene, &[]), [16.0, 16.0]);
        assert_eq!(scene.signals.active_tokens, [80 + 32, 112]);
    }

    #[test]
    fn tokens_are_fractions_of_a_block() {
        let mut scene = scene();
        scene.arrive(5, &[0], &[0, 0]);
        scene.signals.active_tokens = vec![4, 0];
        scene.signals.active_blocks = vec![3, 6];
        // 8 × 9 / 16 + 3, and 8 × 5 / 16 + 6.
        assert_eq!(costs(&scene, &[("credit", "0"), ("scale", "8")]), [7.5, 8.5]);
    }

    #[test]
    fn the_example_of_dynamos_documentation() {
        // Ten request blocks; overlap 2, 5, 8; in use 10, 5, 9: costs 18, 10, 11.
        let mut scene = Scene::new(10, &[2, 5, 8]);
        scene.active_matched = vec![10, 10, 10];
        scene.signals.active_blocks = vec![10, 5, 9];
        let (node, decision) = scene.explain(&ROW, &[]);
        assert_eq!((node, decision.column("cost")), (1, vec![18.0, 10.0, 11.0]));
    }

    #[test]
    fn the_credit_has_no_upper_limit_and_decays_by_the_blocks_of_the_request_rounded_up() {
        let mut scene = scene();
        scene.arrive(40, &[0, 1, 2], &[2, 2]);
        scene.signals.active_tokens = vec![120, 24];
        // 96 tokens above the least are 6 blocks, twice ⌈40 / 16⌉.
        let (_, decision) = scene.explain(&ROW, &[("credit_decay", "0.5"), ("credit", "3")]);
        assert_eq!(decision.column("credit"), [1.5, 3.0]);
        // (120 + 40) / 16 − 1.5 × 2 + 2, and nothing below what is in use.
        assert_eq!(decision.column("cost"), [9.0, 2.0]);
    }

    #[test]
    fn a_temperature_draws_the_cheaper_node_more_often_but_not_always() {
        let scene = Scene::new(10, &[9, 0]);
        let (low, high) = (scene.share_of(&ROW, &[("temperature", "0.1")], 0), 0.731);
        assert!(0.99 < low, "{low}");
        // With T = 1 the odds are 1 : e^−1.
        let warm = scene.share_of(&ROW, &[("temperature", "1")], 0);
        assert!((warm - high).abs() < 0.03, "{warm}");
        assert_eq!(scene.share_of(&ROW, &[("temperature", "5e-324")], 0), 1.0);
    }

    #[test]
    fn who_is_not_alive_is_neither_the_least_loaded_nor_the_dearest() {
        let mut scene = Scene::new(4, &[0; 3]);
        let params = [("temperature", "1"), ("credit_decay", "1")];
        let mut router = scene.router(&ROW, &params);
        scene.signals.active_blocks = vec![0, 10, 1_000_000];
        scene.route(&mut *router);
        (scene.alive[2], scene.signals.active_tokens) = (false, vec![512, 512, 0]);
        let credit = scene.explain(&ROW, &params).1.column("credit");
        assert_eq!(credit[..2], [1.0, 1.0]);
        // The spread between the two is one temperature: 1 / (1 + 1 / e).
        let picked = (0..4000).filter(|_| scene.route(&mut *router) == 0).count();
        let share = picked as f64 / 4000.0;
        assert!((share - 0.731).abs() < 0.04, "{share}");
    }
}
