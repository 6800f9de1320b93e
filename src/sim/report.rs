//! What a run says of itself: the summary that the command line prints and the page exports.

use super::monitored::MonitoringSummary;
use super::{Bounds, Lane};
use crate::clock::Timed;
use crate::columns::order;
use crate::model::{BlockId, Tally};
use crate::observe::{Balance, Detail, MigrationRecord, PerturbationRecord};
use serde::{Deserialize, Serialize};

/// Everything worth having of a run at this moment. Keys are those of docs/metrics.md.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// Sums over the counted requests.
    #[serde(flatten)]
    pub sums: Tally,
    /// hit_tokens / input_tokens.
    pub token_hit_rate: f64,
    /// prefix_hits / blocks.
    pub prefix_hit_rate: f64,
    /// ceiling_tokens / input_tokens.
    pub ceiling_token_rate: f64,
    /// 1 / (1 − token_hit_rate): what prefill alone would gain if it were linear; `None`, so
    /// unbounded, where every token was a hit.
    pub ideal_prefill_speedup: Option<f64>,
    /// Distinct blocks the trace has used.
    pub distinct_blocks: u64,
    /// Since when the ceiling, distinct blocks and what was wanted again are bounds. Absent while
    /// they are exact.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<Bounds>,
    /// Tokens in a full block.
    pub block_size: u32,
    /// Blocks that a node may hold; 2^30 is unlimited.
    pub capacity_blocks: u32,
    /// The same in bytes of the model's KV cache; `None` where it is unlimited.
    pub capacity_bytes: Option<f64>,
    /// Resident blocks behind a gap.
    pub stranded: u64,
    /// Blocks that more than a tenth of the window's requests use, and the nodes that hold one
    /// of them, on average. Absent where only sums are observed.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub hot: Option<HotSummary>,
    /// Requests that came too late to be sorted by time.
    pub late_arrivals: u64,
    /// Requests by node.
    pub node_requests: Vec<u64>,
    /// Resident blocks by node.
    pub node_resident: Vec<u32>,
    /// Prompt tokens to compute, by node.
    pub node_work_tokens: Vec<u64>,
    /// Prefix hits by node.
    pub node_prefix_hits: Vec<u64>,
    /// Evictions by node.
    pub node_evictions: Vec<u64>,
    /// Spread of requests, work, prefix hits, evictions and resident blocks over the nodes.
    pub balance_requests: Balance,
    /// See `balance_requests`.
    pub balance_work: Balance,
    /// See `balance_requests`.
    pub balance_hits: Balance,
    /// See `balance_requests`.
    pub balance_evictions: Balance,
    /// See `balance_requests`.
    pub balance_resident: Balance,
    /// The first five migrations: [request, source, target, chosen, moved]. Absent where only
    /// sums are observed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_migrations: Option<Vec<[u64; 5]>>,
    /// Under the timed clock.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub ttft: Option<TtftSummary>,
    /// What was done to the cluster, where anything was to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub perturbed: Option<PerturbedSummary>,
    /// Alerts and changes of weights, where the cluster was watched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monitoring: Option<MonitoringSummary>,
}

/// What was done to the cluster, and what it cost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PerturbedSummary {
    /// What came, in the order in which it did.
    pub events: Vec<PerturbedEvent>,
    /// What is listed and did not come, because the trace ended before.
    pub not_reached: Vec<String>,
    /// Blocks that left caches for all of it.
    pub lost_blocks: u64,
    /// Requests that arrived again because their node was killed before their first token.
    pub retried: u64,
    /// Of those, the ones that were then turned away; they are among `rejected`.
    pub aborted: u64,
    /// Requests turned away because no node was alive; they are among `rejected`.
    pub no_node: u64,
    /// Requests whose prefill has not ended.
    pub queued: u64,
    /// Blocks that interrupted requests had stored, or been refused.
    pub wasted_blocks: u64,
    /// What every node is by now: `alive`, `draining`, `dead`, or `absent` while it has not joined.
    pub node_states: Vec<String>,
}

/// One perturbation that came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PerturbedEvent {
    /// As the configuration says it.
    pub what: String,
    /// What came of it.
    #[serde(flatten)]
    pub record: PerturbationRecord,
}

/// The hot blocks of a summary.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HotSummary {
    /// How many there are.
    pub hot_blocks: u64,
    /// Nodes that hold one of them, on average; 0 if there is none.
    pub replicas_per_hot_block: f64,
}

/// A block that many requests of the window use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct HotBlock {
    /// Its number, in order of first appearance from 0.
    pub block: u32,
    /// Requests of the window that use it.
    pub requests: u32,
    /// Nodes that hold it.
    pub holders: u32,
}

/// The timed part of a summary, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TtftSummary {
    /// Mean time to first token.
    pub mean_ttft_s: f64,
    /// `sorted[min(n − 1, ⌊0.5·n⌋)]`.
    pub p50: f64,
    /// Likewise.
    pub p90: f64,
    /// Likewise.
    pub p99: f64,
    /// Whether the percentiles are exact.
    pub quantiles_exact: bool,
    /// Mean wait for the server.
    pub mean_wait_s: f64,
    /// Mean transfer of fetched blocks.
    pub mean_transfer_s: f64,
    /// Mean prefill.
    pub mean_prefill_s: f64,
    /// The objective.
    pub slo_s: f64,
    /// Requests inside it over those placed; 0 while none is.
    pub inside_slo_share: f64,
    /// Requests inside it over all that came, the rejected ones included; 0 while none did.
    pub inside_slo_share_of_arrivals: f64,
    /// Requests inside it for each second from the first arrival to the last end of a prefill.
    pub goodput_rps: f64,
    /// Blocks the chosen nodes started with: prefix_hits under its other name.
    pub hit_blocks: u64,
    /// KV cache fetched by requests, in bytes of the configured model.
    pub transferred_bytes: f64,
    /// KV cache moved by migrations, likewise.
    pub migrated_bytes: f64,
}

/// The share of the window's requests above which a block is hot.
const HOT_SHARE: f64 = 0.1;

fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

impl Lane {
    /// The run so far. O(resident + requests).
    pub fn summary(&self) -> Summary {
        let (metrics, sums) = (self.metrics(), self.metrics().sums());
        let (nodes, alive) = (metrics.nodes(), self.alive());
        let token_hit_rate = ratio(sums.hit_tokens, sums.input_tokens);
        let detail = metrics.detail();
        let migrations = |detail: &Detail| {
            detail.history().records().iter().take(5).map(migration_row).collect()
        };
        Summary {
            sums,
            token_hit_rate,
            prefix_hit_rate: ratio(sums.prefix_hits, sums.blocks),
            ceiling_token_rate: ratio(sums.ceiling_tokens, sums.input_tokens),
            ideal_prefill_speedup: (token_hit_rate < 1.0).then(|| 1.0 / (1.0 - token_hit_rate)),
            distinct_blocks: self.distinct_blocks(),
            bounds: self.bounds(),
            block_size: self.config.block_size,
            capacity_blocks: self.config.capacity,
            capacity_bytes: self.config.capacity_bytes(),
            stranded: self.stranded(),
            hot: detail.map(|detail| self.hot(detail)),
            late_arrivals: self.order.late(),
            node_requests: nodes.iter().map(|node| node.requests).collect(),
            node_resident: self.cluster.resident().to_vec(),
            node_work_tokens: nodes.iter().map(Tally::work_tokens).collect(),
            node_prefix_hits: nodes.iter().map(|node| node.prefix_hits).collect(),
            node_evictions: nodes.iter().map(|node| node.evictions).collect(),
            balance_requests: metrics.balance(alive, |node| node.requests),
            balance_work: metrics.balance(alive, Tally::work_tokens),
            balance_hits: metrics.balance(alive, |node| node.prefix_hits),
            balance_evictions: metrics.balance(alive, |node| node.evictions),
            balance_resident: self.balance_resident(),
            first_migrations: detail.map(migrations),
            ttft: self.ttft_summary(),
            perturbed: self.perturbed(),
            monitoring: metrics.watched().map(MonitoringSummary::new),
        }
    }

    /// How resident blocks are spread over the living nodes.
    pub fn balance_resident(&self) -> Balance {
        Balance::of_living(
            self.alive(),
            self.cluster.resident().iter().map(|&blocks| u64::from(blocks)),
        )
    }

    /// Resident blocks that no prefix match can reach. O(resident + requests).
    pub fn stranded(&self) -> u64 {
        let nodes = 0..self.config.checked.all_nodes();
        nodes.map(|node| u64::from(self.cluster.caches().stranded(node))).sum()
    }

    /// What was done to the cluster so far; `None` where nothing is to be.
    pub fn perturbed(&self) -> Option<PerturbedSummary> {
        let perturbed = self.metrics().perturbed()?;
        let listed = &self.config.checked.perturb;
        let event = |record: &PerturbationRecord| PerturbedEvent {
            what: listed[record.index as usize].to_string(),
            record: record.clone(),
        };
        let missed = listed.iter().zip(perturbed.came()).filter(|(_, came)| !**came);
        let lost = perturbed.records().iter().map(|record| u64::from(record.lost_blocks));
        Some(PerturbedSummary {
            events: perturbed.records().iter().map(event).collect(),
            not_reached: missed.map(|(one, _)| one.to_string()).collect(),
            lost_blocks: lost.sum(),
            retried: perturbed.retried(),
            aborted: perturbed.aborted(),
            no_node: perturbed.no_node(),
            queued: self.cluster.timed().map_or(0, Timed::queued),
            wasted_blocks: perturbed.wasted_blocks(),
            node_states: self.states().iter().map(|state| state.id().to_owned()).collect(),
        })
    }

    /// The most used blocks of the window, each with the requests that use it and the nodes that
    /// hold it: at most so many, the most used first, then by number. O(r log r) for r references.
    pub fn hottest(&self, most: usize) -> Vec<HotBlock> {
        let Some(detail) = self.metrics().detail() else { return Vec::new() };
        let mut hot = detail.hot().over(0.0);
        order::sort_by(&mut hot, |one, other| other.1.cmp(&one.1).then(one.0.0.cmp(&other.0.0)));
        let holders = |block| self.cluster.residency().replicas(block);
        let told = |&(block, requests): &(BlockId, u32)| HotBlock {
            block: block.0,
            requests,
            holders: holders(block),
        };
        hot.iter().take(most).map(told).collect()
    }

    fn hot(&self, detail: &Detail) -> HotSummary {
        let hot = detail.hot().over(HOT_SHARE);
        let replicas = hot.iter().map(|(block, _)| self.cluster.residency().replicas(*block));
        let replicas: u64 = replicas.map(u64::from).sum();
        let hot_blocks = hot.len() as u64;
        HotSummary { hot_blocks, replicas_per_hot_block: ratio(replicas, hot_blocks) }
    }

    /// The timed part; `None` under the logical clock.
    pub fn ttft_summary(&self) -> Option<TtftSummary> {
        let config = self.cluster.timed()?.config();
        let latency = self.metrics.latency();
        let mean = |sum: f64| if latency.count == 0 { 0.0 } else { sum / latency.count as f64 };
        let [p50, p90, p99] = latency.quantiles.at([0.5, 0.9, 0.99]);
        let span_s = latency.last_finish_s - latency.first_arrival_s;
        let inside = latency.inside_slo as f64;
        let sums = self.metrics.sums();
        let arrivals = latency.count + sums.rejected;
        let bytes = |blocks: u64| blocks as f64 * config.service.block_bytes();
        Some(TtftSummary {
            mean_ttft_s: mean(latency.ttft_s),
            p50,
            p90,
            p99,
            quantiles_exact: latency.quantiles.is_exact(),
            mean_wait_s: mean(latency.wait_s),
            mean_transfer_s: mean(latency.transfer_s),
            mean_prefill_s: mean(latency.prefill_s),
            slo_s: config.slo_s,
            inside_slo_share: ratio(latency.inside_slo, latency.count),
            inside_slo_share_of_arrivals: ratio(latency.inside_slo, arrivals),
            goodput_rps: if span_s > 0.0 { inside / span_s } else { 0.0 },
            hit_blocks: sums.prefix_hits,
            transferred_bytes: bytes(sums.transferred_blocks),
            migrated_bytes: bytes(sums.migrated_blocks),
        })
    }
}

fn migration_row(record: &MigrationRecord) -> [u64; 5] {
    [
        record.request,
        u64::from(record.source),
        u64::from(record.target),
        u64::from(record.chosen),
        u64::from(record.moved),
    ]
}
