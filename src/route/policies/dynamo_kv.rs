//! Dynamo KV: prefill blocks to come, less a credit for overlap, plus blocks in decode.
//!
//! cost = scale × max(active prefill blocks + request blocks − credit × overlap, 0) + decode
//! blocks; smallest wins, ties uniform. With a temperature T > 0 a node is drawn with
//! probability ∝ exp(−cost / ((max − min) × T)). With a credit decay d > 0 the overlap counts
//! 1 / (1 + d × excess) times, excess being the node's active prefill blocks over the least of
//! all nodes, in units of the request. Source: NVIDIA Dynamo, lib/kv-router. Where it differs:
//! one tier of cache, and the request's own decode blocks, equal on all nodes, are left out.
//! Cost: O(nodes). Parameters: credit (1, in [0, 1]), scale (1, in [0, 100]), temperature (0,
//! in [0, 10]), credit decay (0, in [0, 100]), the refresh age. When not to use it: overlap and
//! queue weigh the same by the block, so a long queue outweighs any match.

use crate::params::ParamSpec;
use crate::rng::Stream;
use crate::route::signal::REFRESH;
use crate::route::{ClusterView, Need, Notes, Route, Router, RouterRow, lowest_or_any};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "dynamo_kv",
    title: "Dynamo KV",
    summary: "Fewest prefill blocks to come after a credit for overlap, plus decode blocks.",
    source: "NVIDIA Dynamo, lib/kv-router",
    params: &[
        ParamSpec::number("credit", 1.0, 0.0, 1.0)
            .told("Overlap credit", "How many blocks of prefill one matched block saves."),
        ParamSpec::number("scale", 1.0, 0.0, 100.0)
            .told("Prefill scale", "Weight of prefill blocks against decode blocks."),
        ParamSpec::number("temperature", 0.0, 0.0, 10.0).told(
            "Temperature",
            "0 takes the cheapest node; above, nodes are drawn by a softmax of their costs in \
             units of the spread between dearest and cheapest.",
        ),
        ParamSpec::number("credit_decay", 0.0, 0.0, 100.0).told(
            "Credit decay",
            "How fast the credit fades on a node with more prefill queued than the least loaded \
             one: 1 halves it at one request's worth.",
        ),
        REFRESH,
    ],
    needs: &[Need::TimedClock, Need::OutputLengths],
    migration: None,
    symmetric: true,
    build: |build| {
        Box::new(DynamoKv {
            credit: build.params.number("credit"),
            scale: build.params.number("scale"),
            temperature: build.params.number("temperature"),
            credit_decay: build.params.number("credit_decay"),
            costs: vec![0.0; build.nodes],
            stream: build.stream,
        })
    },
};

#[derive(Clone)]
struct DynamoKv {
    credit: f64,
    scale: f64,
    temperature: f64,
    credit_decay: f64,
    costs: Vec<f64>,
    stream: Stream,
}

impl Router for DynamoKv {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let signals = view.signals;
        let request = view.blocks.len() as f64;
        let least = signals.prefill_blocks.iter().copied().min().unwrap_or(0);
        let columns = &["active prefill", "overlap", "credit", "decode blocks", "cost"];
        let stream = &mut self.stream;
        let cheapest = lowest_or_any(stream, view.nodes(), notes, columns, |node| {
            let active = signals.prefill_blocks[node];
            let credit = if self.credit_decay == 0.0 {
                self.credit
            } else {
                let excess = (active - least) as f64 / request.max(1.0);
                self.credit / (1.0 + self.credit_decay * excess)
            };
            let (overlap, active) = (f64::from(view.matched[node]), active as f64);
            let decode = view.outputs().decode_blocks[node] as f64;
            let prefill = (active + request - credit * overlap).max(0.0);
            let cost = self.scale * prefill + decode;
            self.costs[node] = cost;
            [active, overlap, credit, decode, cost]
        });
        if self.temperature == 0.0 {
            return Route::to(cheapest);
        }
        Route::to(softmax(&self.costs, cheapest, self.temperature, &mut self.stream))
    }
}

/// Draws a node by exp(−cost / ((max − min) × temperature)); all alike where costs are.
fn softmax(costs: &[f64], cheapest: usize, temperature: f64, stream: &mut Stream) -> usize {
    let least = costs[cheapest];
    let spread = costs.iter().copied().fold(least, f64::max) - least;
    if spread == 0.0 {
        return stream.below(costs.len() as u64) as usize;
    }
    let weight = |cost: &f64| libm::exp((least - cost) / (spread * temperature));
    let mut rest = stream.unit() * costs.iter().map(weight).sum::<f64>();
    for (node, cost) in costs.iter().enumerate() {
        rest -= weight(cost);
        if rest < 0.0 {
            return node;
        }
    }
    cheapest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Decode;
    use crate::route::scene::Scene;

    #[test]
    fn the_example_of_dynamos_documentation() {
        // Ten request blocks; overlap 2, 5, 8; decode 10, 5, 9: costs 18, 10, 11.
        let mut scene = Scene::new(10, &[2, 5, 8]);
        for (node, blocks) in [10, 5, 9].into_iter().enumerate() {
            scene.signals.begin_decode(node, &Decode { begun_s: 0.0, prompt_blocks: 0, blocks });
        }
        let (node, decision) = scene.explain(&ROW, &[]);
        assert_eq!((node, decision.column("cost")), (1, vec![18.0, 10.0, 11.0]));
    }

    #[test]
    fn the_credit_decays_with_queued_prefill_and_the_cost_never_goes_below_decode() {
        let mut scene = Scene::new(10, &[10, 0]);
        scene.signals.prefill_blocks = vec![10, 0];
        let (_, decision) = scene.explain(&ROW, &[("credit_decay", "1")]);
        assert_eq!(decision.column("credit"), [0.5, 1.0]);
        assert_eq!(decision.column("cost"), [15.0, 10.0]);
    }

    #[test]
    fn a_temperature_draws_the_cheaper_node_more_often_but_not_always() {
        let scene = Scene::new(10, &[9, 0]);
        let (low, high) = (scene.share_of(&ROW, &[("temperature", "0.1")], 0), 0.731);
        assert!(0.99 < low, "{low}");
        // With T = 1 the odds are 1 : e^−1.
        let warm = scene.share_of(&ROW, &[("temperature", "1")], 0);
        assert!((warm - high).abs() < 0.03, "{warm}");
    }
}
