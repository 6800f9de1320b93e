//! The figures of a run, each by its formula in docs/metrics.md, recounted from the list of what
//! was placed.

use super::twin::{BLOCK_TOKENS, Placed, TOKEN_BYTES, Twin};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

/// The balance of one value a node, of those that are alive.
fn balance(all: &[u64], living: &[usize]) -> Value {
    let values: Vec<u64> = living.iter().map(|&node| all[node]).collect();
    let nodes = values.len() as f64;
    let sum = values.iter().sum::<u64>() as f64;
    let largest = values.iter().copied().max().unwrap_or(0);
    if sum == 0.0 {
        return json!({
            "largest_share": 0.0, "largest_node": living.first().unwrap_or(&0), "jain": 1.0,
            "gini": 0.0, "max_over_mean": 0.0,
        });
    }
    let squares: f64 = values.iter().map(|&value| (value * value) as f64).sum();
    let pairs = values.iter().flat_map(|&a| values.iter().map(move |&b| a.abs_diff(b)));
    json!({
        "largest_share": largest as f64 / sum,
        "largest_node": living.iter().find(|&&node| all[node] == largest),
        "jain": sum * sum / (nodes * squares),
        "gini": pairs.sum::<u64>() as f64 / (2.0 * nodes * sum),
        "max_over_mean": largest as f64 / (sum / nodes),
    })
}

impl Twin {
    fn sum(&self, value: impl Fn(&Placed) -> u64) -> u64 {
        self.placed.iter().map(value).sum()
    }

    fn by_node(&self, value: impl Fn(&Placed) -> u64) -> Vec<u64> {
        let of = |node: usize| self.placed.iter().filter(move |placed| placed.node == node);
        (0..self.caches.len()).map(|node| of(node).map(&value).sum()).collect()
    }

    /// Hot blocks, and the nodes that hold one on average.
    fn hot(&self) -> (u64, f64) {
        let recent = self.history.iter().rev().take(self.settings.window);
        let requests = recent.clone().count();
        let mut uses: BTreeMap<u32, usize> = BTreeMap::new();
        for block in recent.flat_map(|(blocks, _)| blocks) {
            *uses.entry(*block).or_default() += 1;
        }
        uses.retain(|_, count| requests < 10 * *count);
        let holders = |&block: &u32| self.caches.iter().filter(|cache| cache.has(block)).count();
        let replicas: usize = uses.keys().map(holders).sum();
        (uses.len() as u64, ratio(replicas as f64, uses.len() as f64))
    }

    /// The whole summary at the end of the trace, but for what only migrations change.
    pub(crate) fn summary(&self) -> Value {
        let mut all = self.counts();
        let times = if self.settings.logical { json!({}) } else { self.latency() };
        let perturbed = if self.settings.perturb.is_empty() { json!({}) } else { self.perturbed() };
        for part in [self.rates(), self.nodes(), times, perturbed] {
            let (all, part) = (all.as_object_mut(), part.as_object().cloned());
            all.expect("an object").extend(part.expect("an object"));
        }
        all
    }

    /// Blocks that went over links, for interrupted requests too.
    fn fetched(&self) -> u64 {
        let fetched = self.sum(|placed| (placed.prefix - placed.own) as u64);
        fetched + self.members.wasted_transfers
    }

    fn counts(&self) -> Value {
        let tokens = |blocks: fn(&Placed) -> usize| {
            self.sum(|placed| self.settings.saved(&placed.asked, blocks(placed)).into())
        };
        let caches =
            |value: fn(&super::cache::Cache) -> u64| -> u64 { self.caches.iter().map(value).sum() };
        json!({
            "requests": self.placed.len(),
            "rejected": self.rejected,
            "blocks": self.sum(|placed| placed.asked.blocks.len() as u64),
            "input_tokens": self.sum(|placed| placed.asked.input.into()),
            "output_tokens": self.sum(|placed| placed.asked.output.into()),
            "prefix_hits": self.sum(|placed| placed.prefix as u64),
            "reachable_hits": self.sum(|placed| placed.reachable as u64),
            "ceiling_hits": self.sum(|placed| placed.ceiling as u64),
            "hit_tokens": tokens(|placed| placed.prefix),
            "ceiling_tokens": tokens(|placed| placed.ceiling),
            "transferred_blocks": self.fetched(),
            "block_hits": caches(|cache| cache.hits),
            "evictions": caches(|cache| cache.evictions),
            "rewanted": caches(|cache| cache.rewanted),
            "refused": caches(|cache| cache.refused),
            "stranded": self.caches.iter().map(|it| it.stranded(&self.parents)).sum::<u64>(),
            "distinct_blocks": self.used.len(),
            "late_arrivals": self.late,
            "block_size": BLOCK_TOKENS,
            "capacity_blocks": self.settings.capacity,
            "capacity_bytes":
                self.settings.capacity as f64 * f64::from(BLOCK_TOKENS) * TOKEN_BYTES,
        })
    }

    fn rates(&self) -> Value {
        let tokens = |blocks: fn(&Placed) -> usize| {
            self.sum(|placed| self.settings.saved(&placed.asked, blocks(placed)).into())
        };
        let input = self.sum(|placed| placed.asked.input.into()) as f64;
        let blocks = self.sum(|placed| placed.asked.blocks.len() as u64) as f64;
        let hits = tokens(|placed| placed.prefix) as f64;
        let ceiling = tokens(|placed| placed.ceiling) as f64;
        let prefix = self.sum(|placed| placed.prefix as u64) as f64;
        let (hot_blocks, replicas) = self.hot();
        json!({
            "token_hit_rate": ratio(hits, input),
            "prefix_hit_rate": ratio(prefix, blocks),
            "ceiling_token_rate": ratio(ceiling, input),
            "ideal_prefill_speedup": 1.0 / (1.0 - ratio(hits, input)),
            "hot_blocks": hot_blocks,
            "replicas_per_hot_block": replicas,
        })
    }

    fn nodes(&self) -> Value {
        let requests = self.by_node(|_| 1);
        let work = self
            .by_node(|it| u64::from(it.asked.input - self.settings.saved(&it.asked, it.prefix)));
        let hits = self.by_node(|placed| placed.prefix as u64);
        let evictions: Vec<u64> = self.caches.iter().map(|cache| cache.evictions).collect();
        let living = self.living();
        let balance = |values: &[u64]| balance(values, &living);
        let resident: Vec<u64> = self.caches.iter().map(|cache| cache.len() as u64).collect();
        json!({
            "balance_requests": balance(&requests), "node_requests": requests,
            "balance_work": balance(&work), "node_work_tokens": work,
            "balance_hits": balance(&hits), "node_prefix_hits": hits,
            "balance_evictions": balance(&evictions), "node_evictions": evictions,
            "balance_resident": balance(&resident), "node_resident": resident,
        })
    }

    /// What was done to the cluster; what each event did is compared by its sums, with time.
    fn perturbed(&self) -> Value {
        let members = &self.members;
        let unfinished = self.placed.iter().filter(|placed| self.now_s < placed.finish_s());
        let event = |&(request, at_s): &(u64, f64)| match self.settings.logical {
            true => json!({ "request": request }),
            false => json!({ "request": request, "at_s": at_s }),
        };
        json!({
            "perturbed": {
                "events": members.came.iter().map(event).collect::<Vec<_>>(),
                "lost_blocks": members.lost_blocks,
                "retried": members.retried,
                "aborted": members.aborted,
                "no_node": members.no_node,
                "queued": unfinished.count(),
                "wasted_blocks": members.wasted_blocks,
                "node_states": members.states,
            },
        })
    }

    fn latency(&self) -> Value {
        let placed = &self.placed;
        let mean =
            |value: fn(&Placed) -> f64| ratio(placed.iter().map(value).sum(), placed.len() as f64);
        let mut sorted: Vec<f64> =
            placed.iter().map(|placed| placed.lost_s + placed.ttft_s).collect();
        sorted.sort_by(f64::total_cmp);
        let quantile = |q: f64| match sorted.len() {
            0 => 0.0,
            n => sorted[((q * n as f64) as usize).min(n - 1)],
        };
        let slo_s = self.settings.slo_s;
        let inside = sorted.iter().filter(|&&ttft_s| ttft_s <= slo_s).count() as f64;
        let first_s = self.members.first_placed_s;
        let last_s = placed.iter().map(Placed::finish_s).fold(first_s, f64::max);
        let fetched = self.fetched() as f64;
        let span_s = if placed.is_empty() { 0.0 } else { last_s - first_s };
        json!({
            "hit_blocks": self.sum(|placed| placed.prefix as u64),
            "mean_ttft_s": mean(|placed| placed.lost_s + placed.ttft_s),
            "mean_wait_s": mean(|placed| placed.lost_s + placed.wait_s),
            "mean_transfer_s": mean(|placed| placed.transfer_s),
            "mean_prefill_s": mean(|placed| placed.prefill_s),
            "p50": quantile(0.5), "p90": quantile(0.9), "p99": quantile(0.99),
            "quantiles_exact": true,
            "slo_s": slo_s,
            "inside_slo_share": ratio(inside, placed.len() as f64),
            "inside_slo_share_of_arrivals": ratio(inside, self.nodes.len() as f64),
            "goodput_rps": ratio(inside, span_s),
            "transferred_bytes": fetched * f64::from(BLOCK_TOKENS) * TOKEN_BYTES,
        })
    }
}
