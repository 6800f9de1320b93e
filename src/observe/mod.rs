//! Metrics: counters over events, and the ratios formed from them when read.
//!
//! docs/metrics.md defines each by symbol, formula and unit. This module sees events only; it
//! knows no policy and no cache.

pub mod balance;
pub mod window;
pub mod series;
pub mod hot;
pub mod history;
pub mod tape;

pub use balance::Balance;
pub use history::{History, MigrationRecord};

pub use series::Series;

use crate::columns::Quantiles;
use crate::event::{Event, Routed, Stored};
use hot::HotBlocks;
use serde::Serialize;
use tape::Tape;
use window::Window;

/// Sums over the counted requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sums {
    /// Requests placed.
    pub requests: u64,
    /// Block references.
    pub blocks: u64,
    /// Found resident when their turn came.
    pub block_hits: u64,
    /// Inside the prefix the chosen node started with.
    pub prefix_hits: u64,
    /// Longest prefix on any node.
    pub reachable_hits: u64,
    /// Leading blocks used before in the trace.
    pub ceiling_hits: u64,
    /// Prompt tokens saved.
    pub hit_tokens: u64,
    /// Prompt tokens.
    pub input_tokens: u64,
    /// Generated tokens.
    pub output_tokens: u64,
    /// Prompt tokens an infinite cache would save.
    pub ceiling_tokens: u64,
    /// Blocks evicted.
    pub evictions: u64,
    /// Insertions of blocks the node had evicted before.
    pub rewanted: u64,
    /// Blocks not kept.
    pub refused: u64,
    /// (source, target) pairs of migrations.
    pub migrations: u64,
    /// Blocks named by migration plans.
    pub chosen_blocks: u64,
    /// Blocks that migrations inserted.
    pub migrated_blocks: u64,
    /// Blocks that migrations lost.
    pub dropped_blocks: u64,
    /// Blocks fetched by requests.
    pub transferred_blocks: u64,
    /// Requests turned away.
    pub rejected: u64,
}

/// Sums of one node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NodeSums {
    /// Requests placed here.
    pub requests: u64,
    /// Prompt tokens that had to be computed.
    pub work_tokens: u64,
    /// Prompt tokens saved.
    pub hit_tokens: u64,
    /// Block references.
    pub blocks: u64,
    /// Inside the prefix.
    pub prefix_hits: u64,
    /// Blocks evicted.
    pub evictions: u64,
    /// Requests turned away.
    pub rejected: u64,
}

/// Sums of the time to first token, in seconds.
#[derive(Clone, Debug, Default)]
pub struct Latency {
    /// Requests with a time.
    pub count: u64,
    /// Requests inside the objective.
    pub inside_slo: u64,
    /// Sum of times to first token.
    pub ttft_s: f64,
    /// Sum of waits.
    pub wait_s: f64,
    /// Sum of transfers.
    pub transfer_s: f64,
    /// Sum of prefills.
    pub prefill_s: f64,
    /// Latest end of a prefill; 0 before the first.
    pub last_finish_s: f64,
    /// Earliest arrival.
    pub first_arrival_s: f64,
    /// The distribution of times to first token.
    pub quantiles: Quantiles,
}

/// Everything counted in one run.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// Requests from this number (from 1) on count; earlier ones warm the caches.
    count_from: u64,
    slo_s: f64,
    number: u64,
    /// Requests placed, warm-up included.
    placed: u64,
    sums: Sums,
    nodes: Vec<NodeSums>,
    window: Window,
    series: Series,
    hot: HotBlocks,
    latency: Latency,
    history: History,
    tape: Tape,
}

impl Metrics {
    /// Nothing counted yet; `window` is the sliding window in requests.
    pub fn new(nodes: usize, window: usize, count_from: u64, slo_s: f64) -> Self {
        Self {
            count_from,
            slo_s,
            number: 0,
            placed: 0,
            sums: Sums::default(),
            nodes: vec![NodeSums::default(); nodes],
            window: Window::new(window, nodes),
            series: Series::new(nodes),
            hot: HotBlocks::new(window),
            latency: Latency::default(),
            history: History::default(),
            tape: Tape::default(),
        }
    }

    /// Takes in one event. O(blocks) for a placed request, O(nodes) for a settled one.
    pub fn on(&mut self, event: &Event<'_>) {
        match event {
            Event::Routed(routed) => self.on_routed(routed),
            Event::Stored(node, stored) => self.on_stored(node.index(), stored),
            Event::Rejected(node, _) => {
                self.number += 1;
                if self.counts() {
                    self.sums.rejected += 1;
                    self.nodes[node.index()].rejected += 1;
                }
            }
            Event::Migrated(migrated) => {
                if self.count_from <= migrated.number {
                    self.sums.migrations += 1;
                    self.sums.chosen_blocks += u64::from(migrated.chosen);
                    self.sums.migrated_blocks += u64::from(migrated.moved);
                    self.sums.dropped_blocks += u64::from(migrated.dropped);
                    self.sums.evictions += u64::from(migrated.evicted);
                    let target = &mut self.nodes[migrated.target.index()];
                    target.evictions += u64::from(migrated.evicted);
                }
                self.series.on_migrated(migrated);
                self.history.push(migrated, self.placed, &self.window);
            }
            Event::Settled(resident) => {
                self.series.settle(resident);
                self.history.settle(self.placed, &self.window);
            }
        }
    }

    fn counts(&self) -> bool {
        self.count_from <= self.number
    }

    fn on_routed(&mut self, routed: &Routed<'_>) {
        self.number = routed.number;
        self.placed += 1;
        self.window.push(routed);
        self.hot.push(routed.blocks);
        self.tape.on_routed(routed);
        self.series.on_routed(routed);
        if !self.counts() {
            return;
        }
        let (sums, request) = (&mut self.sums, routed.request);
        let work = request.input_tokens - routed.hit_tokens;
        sums.requests += 1;
        sums.blocks += routed.blocks.len() as u64;
        sums.prefix_hits += u64::from(routed.prefix);
        sums.reachable_hits += u64::from(routed.reachable);
        sums.ceiling_hits += u64::from(routed.ceiling);
        sums.hit_tokens += u64::from(routed.hit_tokens);
        sums.input_tokens += u64::from(request.input_tokens);
        sums.output_tokens += u64::from(request.output_tokens);
        sums.ceiling_tokens += u64::from(routed.ceiling_tokens);
        sums.transferred_blocks += u64::from(routed.fetched);
        let node = &mut self.nodes[routed.node.index()];
        node.requests += 1;
        node.work_tokens += u64::from(work);
        node.hit_tokens += u64::from(routed.hit_tokens);
        node.blocks += routed.blocks.len() as u64;
        node.prefix_hits += u64::from(routed.prefix);
        if let Some(timing) = &routed.timing {
            let latency = &mut self.latency;
            if latency.count == 0 {
                latency.first_arrival_s = timing.arrival_s;
            }
            latency.count += 1;
            latency.inside_slo += u64::from(timing.ttft_s <= self.slo_s);
            latency.ttft_s += timing.ttft_s;
            latency.wait_s += timing.wait_s;
            latency.transfer_s += timing.transfer_s;
            latency.prefill_s += timing.prefill_s;
            latency.last_finish_s = latency.last_finish_s.max(timing.finish_s());
            latency.quantiles.push(timing.ttft_s);
        }
    }

    fn on_stored(&mut self, node: usize, stored: &Stored) {
        self.series.on_stored(stored);
        self.tape.on_stored(stored);
        if self.counts() {
            self.sums.block_hits += u64::from(stored.hits);
            self.sums.evictions += u64::from(stored.evicted);
            self.sums.rewanted += u64::from(stored.rewanted);
            self.sums.refused += u64::from(stored.refused);
            self.nodes[node].evictions += u64::from(stored.evicted);
        }
    }

    /// Sums of the counted requests.
    pub fn sums(&self) -> &Sums {
        &self.sums
    }

    /// Sums of every node.
    pub fn nodes(&self) -> &[NodeSums] {
        &self.nodes
    }

    /// The last `window` requests, warm-up included.
    pub fn window(&self) -> &Window {
        &self.window
    }

    /// The time columns, warm-up included.
    pub fn series(&self) -> &Series {
        &self.series
    }

    /// Blocks that recent requests share.
    pub fn hot(&self) -> &HotBlocks {
        &self.hot
    }

    /// Times to first token; empty under the logical clock.
    pub fn latency(&self) -> &Latency {
        &self.latency
    }

    /// The latest requests.
    pub fn tape(&self) -> &Tape {
        &self.tape
    }

    /// The migrations.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// How requests, by `of`, are spread over the nodes.
    pub fn balance(&self, of: impl Fn(&NodeSums) -> u64) -> Balance {
        Balance::new(self.nodes.iter().map(of))
    }
}
