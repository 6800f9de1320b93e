//! A slow model of whole runs under the timed clock, written from docs/metrics.md.
//!
//! It keeps a list of what was placed and works everything else out from it, whenever it is
//! asked: no queue, no heap, no event, nothing that could be stale.

use super::cache::{Cache, Discipline, Parents};
use super::members::{Members, What, When};
use kvscope::model::Wait;
use std::collections::BTreeSet;

/// What a node computes for one layer and token of LLaMA3-70B.
const LAYERS: f64 = 80.0;
const WIDTH: f64 = 8192.0;
const ATTENTION: f64 = 4.0;
const LINEAR: f64 = 22.0;
/// Its KV cache: layers × 2 × width / 8 heads in a group × 2 bytes.
pub(crate) const TOKEN_BYTES: f64 = 327_680.0;
pub(crate) const BLOCK_TOKENS: u32 = 512;

/// A configuration, as far as the twin knows of any.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) nodes: usize,
    pub(crate) capacity: usize,
    pub(crate) router: &'static str,
    pub(crate) discipline: Discipline,
    /// Blocks become visible when their prefill ends.
    pub(crate) completion: bool,
    pub(crate) link_contention: bool,
    pub(crate) transfers_wait: bool,
    pub(crate) spread_arrivals: bool,
    pub(crate) rate: f64,
    pub(crate) enforce_slo: bool,
    pub(crate) slo_s: f64,
    pub(crate) fixed_s: f64,
    pub(crate) output_token_s: f64,
    pub(crate) balance: f64,
    pub(crate) flops: f64,
    pub(crate) bandwidth_bytes_s: f64,
    pub(crate) window: usize,
    /// How many requests that wait for nothing are looked at together, to be sorted.
    pub(crate) room: usize,
    /// No queues and no times: the logical clock.
    pub(crate) logical: bool,
    /// What is done to the cluster, with its moment; in the order of the list.
    pub(crate) perturb: Vec<(When, What)>,
}

/// A request of the trace.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    /// Where it stands in the file, from 0.
    pub(crate) place: usize,
    pub(crate) timestamp_s: f64,
    pub(crate) input: u32,
    pub(crate) output: u32,
    pub(crate) blocks: Vec<u32>,
    /// What it waits for, in a closed loop.
    pub(crate) waits: Vec<Wait>,
}

/// A request that was placed.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) asked: Asked,
    pub(crate) number: u64,
    pub(crate) node: usize,
    pub(crate) source: Option<usize>,
    /// Leading blocks the node had, and those it started with.
    pub(crate) own: usize,
    pub(crate) prefix: usize,
    pub(crate) reachable: usize,
    pub(crate) ceiling: usize,
    pub(crate) arrival_s: f64,
    pub(crate) wait_s: f64,
    pub(crate) transfer_s: f64,
    pub(crate) prefill_s: f64,
    pub(crate) ttft_s: f64,
    /// When it arrived first, and how long ago that was when it was placed.
    pub(crate) first_s: f64,
    pub(crate) lost_s: f64,
    /// Blocks found when it was stored.
    pub(crate) hits: u64,
    stored: bool,
}

impl Placed {
    pub(crate) fn transferred_s(&self) -> f64 {
        self.arrival_s + self.wait_s + self.transfer_s
    }

    pub(crate) fn finish_s(&self) -> f64 {
        self.arrival_s + self.wait_s + self.transfer_s + self.prefill_s
    }
}

impl Settings {
    /// The tokens of a request that so many leading blocks save: with times one is always computed.
    pub(crate) fn saved(&self, asked: &Asked, blocks: usize) -> u32 {
        let most = asked.input.saturating_sub(u32::from(!self.logical));
        (blocks as u32 * BLOCK_TOKENS).min(most)
    }
}

pub(crate) struct Twin {
    pub(crate) settings: Settings,
    pub(crate) caches: Vec<Cache>,
    pub(crate) parents: Parents,
    pub(crate) placed: Vec<Placed>,
    /// The node chosen for every request, rejected ones included; where no node is alive, the one
    /// that was chosen last.
    pub(crate) nodes: Vec<u32>,
    pub(crate) rejected: u64,
    /// Who was turned away, by place in the file, and when.
    pub(super) rejected_s: Vec<(usize, f64)>,
    /// Those that were looked at when their moment was past.
    pub(crate) late: u64,
    pub(crate) used: BTreeSet<u32>,
    pub(super) members: Members,
    /// The latest arrival.
    pub(super) now_s: f64,
    /// Everything that was ever placed, also where it was interrupted: its blocks and its node.
    pub(crate) history: Vec<(Vec<u32>, usize)>,
}

impl Twin {
    pub(crate) fn new(settings: Settings) -> Self {
        let cache = Cache::new(settings.discipline, settings.capacity);
        let members = Members::new(&settings);
        Self {
            caches: vec![cache; members.states.len()],
            members,
            settings,
            parents: Parents::new(),
            placed: Vec::new(),
            nodes: Vec::new(),
            rejected: 0,
            rejected_s: Vec::new(),
            late: 0,
            used: BTreeSet::new(),
            history: Vec::new(),
            now_s: 0.0,
        }
    }

    /// Serves the next request.
    pub(crate) fn serve(&mut self, asked: &Asked, now_s: f64) {
        self.arrive(asked, now_s, None);
        self.nodes.push(self.members.latest_pick);
    }

    /// A request arrives, or arrives again that came first at another time and then found a
    /// ceiling.
    pub(super) fn arrive(&mut self, asked: &Asked, now_s: f64, again: Option<(f64, usize)>) {
        self.members.arrivals += 1;
        self.now_s = now_s;
        for (block, parent) in asked.blocks.iter().skip(1).zip(&asked.blocks) {
            self.parents.insert(*block, *parent);
        }
        self.store_finished(now_s);
        let matched: Vec<usize> =
            self.caches.iter().map(|cache| cache.matched(&asked.blocks)).collect();
        let ceiling = asked.blocks.iter().take_while(|block| self.used.contains(block)).count();
        self.used.extend(&asked.blocks);
        let (first_s, ceiling) = again.unwrap_or((now_s, ceiling));
        let lost_s = now_s - first_s;
        if self.living().is_empty() {
            self.members.no_node += 1;
            return self.reject(asked, now_s, again.is_some());
        }

        let (node, source) = self.route(asked, &matched, now_s);
        self.members.latest_pick = node as u32;
        let own = matched[node];
        let prefix = source.map_or(own, |source| matched[source]);
        let wait_s = self.wait_s(node, now_s);
        let begin_s = now_s + wait_s;
        let mut transfer_s = 0.0;
        if let Some(source) = source {
            transfer_s = self.transfer_s(prefix - own);
            let start_s = self.transfer_start_s(begin_s, node, source, &asked.blocks[own..prefix]);
            if begin_s < start_s {
                transfer_s += start_s - begin_s;
            }
        }
        let prefill_s = self.prefill_s(asked, prefix, node);
        let ttft_s = wait_s + transfer_s + prefill_s + self.settings.fixed_s;
        if self.settings.enforce_slo && self.settings.slo_s < lost_s + ttft_s {
            return self.reject(asked, now_s, again.is_some());
        }
        self.history.push((asked.blocks.clone(), node));
        self.members.first_placed_s = self.members.first_placed_s.min(now_s);
        let completion = self.settings.completion;
        let hits = match completion {
            true => 0,
            false => self.caches[node].serve(&asked.blocks, &self.parents),
        };
        if let Some(source) = source {
            let until_s = now_s + wait_s + transfer_s;
            self.members.links.push((self.members.arrivals, [source, node], until_s));
        }
        self.placed.push(Placed {
            asked: asked.clone(),
            number: self.members.arrivals,
            node,
            source,
            own,
            prefix,
            reachable: matched.iter().copied().max().unwrap_or(0),
            ceiling,
            arrival_s: now_s,
            wait_s,
            transfer_s,
            prefill_s,
            ttft_s,
            first_s,
            lost_s,
            hits,
            stored: !completion,
        });
    }

    fn reject(&mut self, asked: &Asked, now_s: f64, again: bool) {
        self.rejected += 1;
        self.rejected_s.push((asked.place, now_s));
        self.members.aborted += u64::from(again);
    }

    /// Stores the blocks of everything that has finished, by (end, request number).
    pub(crate) fn store_finished(&mut self, now_s: f64) {
        let finished = |placed: &&mut Placed| !placed.stored && placed.finish_s() <= now_s;
        let mut finished: Vec<&mut Placed> = self.placed.iter_mut().filter(finished).collect();
        finished
            .sort_by(|a, b| a.finish_s().total_cmp(&b.finish_s()).then(a.number.cmp(&b.number)));
        for placed in finished {
            placed.hits = self.caches[placed.node].serve(&placed.asked.blocks, &self.parents);
            placed.stored = true;
        }
    }

    pub(super) fn on(&self, node: usize) -> impl Iterator<Item = &Placed> {
        self.placed.iter().filter(move |placed| placed.node == node)
    }

    fn wait_s(&self, node: usize, now_s: f64) -> f64 {
        let free_s = self.on(node).map(Placed::finish_s).fold(0.0, f64::max);
        (free_s - now_s).max(0.0)
    }

    /// Seconds that so many blocks take over a link of their own.
    fn transfer_s(&self, blocks: usize) -> f64 {
        let bytes = blocks as f64 * f64::from(BLOCK_TOKENS) * TOKEN_BYTES;
        bytes / self.settings.bandwidth_bytes_s
    }

    /// What a prefill that starts now takes on a node.
    pub(super) fn prefill_s(&self, asked: &Asked, prefix: usize, node: usize) -> f64 {
        self.expected_s(asked, prefix) * self.members.stretch[node]
    }

    /// What it takes as far as routers know.
    fn expected_s(&self, asked: &Asked, prefix: usize) -> f64 {
        if asked.input == 0 || self.settings.logical {
            return 0.0;
        }
        let (n, c) = (f64::from(asked.input), f64::from(self.settings.saved(asked, prefix)));
        let quadratic = ATTENTION * (n * n - c * c) * WIDTH;
        let linear = LINEAR * (n - c) * (WIDTH * WIDTH);
        LAYERS * (quadratic + linear) / self.settings.flops
    }

    /// When a transfer of `blocks` to `node` starts that could begin at `begin_s`.
    fn transfer_start_s(&self, begin_s: f64, node: usize, source: usize, blocks: &[u32]) -> f64 {
        let mut start_s = begin_s;
        if self.settings.transfers_wait && !self.settings.completion {
            for &block in blocks {
                start_s = start_s.max(self.ready_s(source, block));
            }
        }
        if self.settings.link_contention {
            let busy = [node, source].map(|end| self.link_free_s(end));
            start_s = busy.into_iter().fold(start_s, f64::max);
        }
        start_s
    }

    /// When the latest request that fetched or computed `block` on `node` has it.
    fn ready_s(&self, node: usize, block: u32) -> f64 {
        let has = |placed: &Placed| {
            let place = placed.asked.blocks.iter().position(|&other| other == block)?;
            if place < placed.own {
                None
            } else if place < placed.prefix {
                Some(placed.transferred_s())
            } else {
                Some(placed.finish_s())
            }
        };
        self.on(node).filter_map(has).last().unwrap_or(0.0)
    }

    /// The node chosen, and the node to fetch from.
    fn route(&self, asked: &Asked, matched: &[usize], now_s: f64) -> (usize, Option<usize>) {
        let best = matched.iter().copied().max().unwrap_or(0);
        let living = self.living();
        let source = matched.iter().position(|&own| own == best);
        let fetches = |own: usize| {
            self.settings.router == "conductor"
                && self.settings.balance * (own as f64) < best as f64
        };
        let cost = |node: usize| match self.settings.router {
            "round_robin" => {
                let turn = (self.members.arrivals - 1) as usize % living.len();
                f64::from(u8::from(node != living[turn]))
            }
            "least_requests" => {
                let unfinished = |placed: &&Placed| now_s < placed.finish_s();
                self.on(node).filter(unfinished).count() as f64
            }
            // Without transfers the second term is 0.
            "shortest_ttft" | "conductor" => {
                let (fetched, prefix) = match fetches(matched[node]) {
                    true => (best - matched[node], best),
                    false => (0, matched[node]),
                };
                let wait_s = self.wait_s(node, now_s);
                wait_s + self.transfer_s(fetched) + self.expected_s(asked, prefix)
            }
            "least_loaded" => {
                let latest = self.history.iter().rev().take(100);
                latest.filter(|(_, other)| *other == node).count() as f64
            }
            other => panic!("the twin knows no router {other}"),
        };
        let costs: Vec<f64> = living.iter().map(|&node| cost(node)).collect();
        let lowest = costs.iter().copied().fold(f64::INFINITY, f64::min);
        let node = living[costs.iter().position(|&cost| cost == lowest).expect("a node")];
        (node, source.filter(|_| fetches(matched[node])))
    }
}
