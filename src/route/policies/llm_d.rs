//! llm-d: a weighted sum of an empty queue, free KV memory and the matched share.
//!
//! score = queue weight × (max q − q) / (max q − min q) + kv weight × (1 − use) + prefix weight
//! × matched share; highest wins, ties uniform. q is unfinished requests (the term is 1 while
//! all are equal); use is the share of the node's blocks that unfinished and generating
//! requests hold, at most 1: cached blocks of nobody can be evicted and do not count. The engine
//! reports its use, so of an output only what is generated so far counts, as tokens / block
//! size. Source: the llm-d router (Gateway API Inference Extension). Cost: O(nodes). Parameters:
//! the three weights (2, 2, 3, in [0, 100]), `outputs`, the refresh age. When not to use it: the
//! queue term has no scale, so one request of difference weighs as much as a hundred.
//!
//! Formula only: held to its description, not to running code (docs/peers.md).

use crate::params::{ParamSpec, Params, Role};
use crate::rng::Stream;
use crate::route::signal::{EXPECTED_OUTPUT_TOKENS, OUTPUTS, OutputBlocks, REFRESH};
use crate::route::{
    ClusterView, Formula, Need, Notes, Origin, Production, Route, Router, RouterRow, Word,
    highest_or_any,
};

/// The table row.
pub static ROW: RouterRow = RouterRow {
    id: "llm_d",
    title: "llm-d",
    summary: "A weighted sum of short queue, free KV memory and matched share.",
    formula: Formula::new(
        "score = queue_weight × (max q − q) / (max q − min q) + kv_weight × (1 − use) + \
         prefix_weight × matched / len, q = unfinished requests; highest wins",
    ),
    source: "llm-d router, Gateway API Inference Extension; formula only",
    origin: Origin::Engine,
    params: &[
        ParamSpec::number("queue_weight", 2.0, 0.0, 100.0)
            .told("Queue weight", "Of the queue's place between the shortest and the longest.")
            .live()
            .role(Role::Balance),
        ParamSpec::number("kv_weight", 2.0, 0.0, 100.0)
            .told("KV weight", "Of the share of blocks that no running request holds.")
            .live(),
        ParamSpec::number("prefix_weight", 3.0, 0.0, 100.0)
            .told("Prefix weight", "Of the matched share of the request.")
            .live()
            .role(Role::Affinity),
        OUTPUTS,
        EXPECTED_OUTPUT_TOKENS,
        REFRESH,
    ],
    needs: &[Need::TimedClock],
    migration: None,
    production: Some(Production {
        project: "llm-d router, EndpointPickerConfig (of its documentation, of no version)",
        switch: "pluginRef: max-score-picker",
        words: &[
            ("queue_weight", Word::plain("pluginRef: queue-scorer, weight: {}")),
            ("kv_weight", Word::plain("pluginRef: kv-cache-utilization-scorer, weight: {}")),
            ("prefix_weight", Word::plain("pluginRef: prefix-cache-scorer, weight: {}")),
        ],
    }),
    symmetric: true,
    build: |build| {
        Box::new(LlmD {
            queue_weight: build.params.number("queue_weight"),
            kv_weight: build.params.number("kv_weight"),
            prefix_weight: build.params.number("prefix_weight"),
            outputs: OutputBlocks::new(build.params),
            stream: build.stream,
        })
    },
};

#[derive(Clone)]
struct LlmD {
    queue_weight: f64,
    kv_weight: f64,
    prefix_weight: f64,
    outputs: OutputBlocks,
    stream: Stream,
}

impl Router for LlmD {
    fn route(&mut self, view: &ClusterView<'_>, notes: &mut Notes) -> Route {
        let signals = view.signals;
        let (least, most) = view.unfinished_range();
        let columns = &["queue", "free KV", "matched share", "score"];
        let node = highest_or_any(&mut self.stream, view, notes, columns, |node| {
            let queue = if least == most {
                1.0
            } else {
                f64::from(most - signals.unfinished[node]) / f64::from(most - least)
            };
            let decode = self.outputs.decode_blocks(view, node);
            let held = signals.prefill_blocks[node] as f64 + decode;
            let free = 1.0 - (held / f64::from(view.capacity)).min(1.0);
            let share = view.matched_share(view.matched[node]);
            let score =
                self.queue_weight * queue + self.kv_weight * free + self.prefix_weight * share;
            [queue, free, share, score]
        });
        Route::to(node)
    }

    fn tune(&mut self, params: &Params) {
        self.queue_weight = params.number("queue_weight");
        self.kv_weight = params.number("kv_weight");
        self.prefix_weight = params.number("prefix_weight");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Decode;
    use crate::route::scene::Scene;

    /// Three nodes; on the third a prompt of 200 blocks has been generating for 15 s, 500 tokens
    /// by now, and will fill 300 blocks; on the first, one of 10.
    fn generating() -> Scene {
        let mut scene = Scene::new(10, &[10, 5, 0]);
        scene.capacity = 512;
        scene.signals.unfinished = vec![4, 2, 0];
        scene.signals.prefill_blocks = vec![246, 128, 0];
        scene.signals.taken_s = 15.0;
        let mut begin = |node, begun_s, prompt_blocks, blocks| {
            scene.signals.begin_decode(node, &Decode { begun_s, prompt_blocks, blocks });
        };
        begin(0, 15.0, 10, 10);
        begin(2, 0.0, 200, 300);
        scene
    }

    fn free(params: &[(&str, &str)]) -> Vec<f64> {
        generating().explain(&ROW, params).1.column("free KV")
    }

    #[test]
    fn the_score_is_the_weighted_sum() {
        let (node, decision) = generating().explain(&ROW, &[("kv_weight", "4")]);
        let held = 200.0 + 500.0 / 512.0;
        // 0 + 4·0.5 + 3, 2·0.5 + 4·0.75 + 3·0.5, 2 + 4·(1 − held / 512) + 0.
        let want = vec![5.0, 5.5, 2.0 + 4.0 * (1.0 - held / 512.0)];
        assert_eq!((node, decision.column("score")), (1, want));
    }

    #[test]
    fn of_an_output_counts_what_is_there_what_is_expected_or_what_will_be() {
        let so_far = 1.0 - (200.0 + 500.0 / 512.0) / 512.0;
        assert_eq!(free(&[]), [0.5, 0.75, so_far]);
        let expected = [("outputs", "expected"), ("expected_output_tokens", "1024")];
        assert_eq!(free(&expected), [1.0 - 258.0 / 512.0, 0.75, 1.0 - 202.0 / 512.0]);
        assert_eq!(free(&[("outputs", "in_full")]), [0.5, 0.75, 1.0 - 300.0 / 512.0]);
    }

    #[test]
    fn equals_are_drawn() {
        let share = Scene::new(10, &[0, 0, 0, 0]).share_of(&ROW, &[], 3);
        assert!((share - 0.25).abs() < 0.04, "{share}");
    }

    #[test]
    fn a_node_that_holds_more_than_it_can_has_nothing_free() {
        let mut scene = generating();
        scene.signals.prefill_blocks[1] = 513;
        assert_eq!(scene.explain(&ROW, &[]).1.column("free KV")[1], 0.0);
    }
}
