//! Queues under the timed clock: one server a node, first come first served.
//!
//! Times are seconds as doubles, computed in the order docs/metrics.md writes them. Ties never
//! depend on a heap's mood: prefills of a node finish in the order they started, and everything
//! else is ordered by (time, sequence number), the number being that of the request. A request
//! that ends at t is finished at t.

use super::TimedConfig;
use crate::model::{At, Decode, NodeId, Signals, Timing};
use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};

/// A prefix to fetch before the prefill.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fetch {
    /// The node that has it.
    pub source: NodeId,
    /// How many whole blocks.
    pub blocks: u32,
    /// When the source has computed the last of them; 0 where transfers do not wait.
    pub ready_s: f64,
}

/// Work as the queues count it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Request number, the last word in every tie.
    pub sequence: u64,
    /// Prompt tokens to be computed.
    pub tokens: u64,
    /// Blocks of the prompt, cached ones included.
    pub blocks: u64,
    /// Tokens to be generated.
    pub output_tokens: u32,
    /// Blocks of prompt and output together.
    pub decode_blocks: u64,
}

#[derive(Clone, Debug, Default)]
struct Queue {
    free_at: f64,
    link_free_at: f64,
    prefilling: VecDeque<(f64, Work)>,
    decoding: BinaryHeap<Reverse<Generating>>,
}

/// A request that generates, ordered by its end.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Generating {
    end: At,
    decode: Decode,
}

impl Eq for Generating {}

impl PartialOrd for Generating {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Generating {
    fn cmp(&self, other: &Self) -> Ordering {
        self.end.cmp(&other.end)
    }
}

/// The queues of all nodes.
#[derive(Clone, Debug)]
pub struct Timed {
    config: TimedConfig,
    now_s: f64,
    queues: Vec<Queue>,
}

impl Timed {
    /// Idle queues for `nodes` nodes.
    pub fn new(config: TimedConfig, nodes: usize) -> Self {
        Self { config, now_s: f64::NEG_INFINITY, queues: vec![Queue::default(); nodes] }
    }

    /// The settings.
    pub fn config(&self) -> &TimedConfig {
        &self.config
    }

    /// Moves on to `now_s` (never back) and brings `signals` up to it: amortised O(1) for each
    /// request that ends, and O(nodes).
    pub fn advance(&mut self, now_s: f64, signals: &mut Signals) {
        self.now_s = now_s.max(self.now_s);
        let now_s = self.now_s;
        signals.taken_s = now_s;
        for (node, queue) in self.queues.iter_mut().enumerate() {
            while let Some((finish, work)) = queue.prefilling.front().copied()
                && finish <= now_s
            {
                queue.prefilling.pop_front();
                signals.unfinished[node] -= 1;
                signals.outstanding_tokens[node] -= work.tokens;
                signals.prefill_blocks[node] -= work.blocks;
                let output_s = f64::from(work.output_tokens) * self.config.service.output_token_s;
                let (prompt_blocks, blocks) = (work.blocks, work.decode_blocks);
                let decode = Decode { begun_s: finish, prompt_blocks, blocks };
                signals.begin_decode(node, &decode);
                let end = At(finish + output_s, work.sequence);
                queue.decoding.push(Reverse(Generating { end, decode }));
            }
            while let Some(&Reverse(Generating { end: At(end, _), decode })) = queue.decoding.peek()
                && end <= now_s
            {
                queue.decoding.pop();
                signals.end_decode(node, &decode);
            }
            signals.wait_s[node] = (queue.free_at - now_s).max(0.0);
        }
    }

    /// What serving on `node` now would take; a prefix may have to be fetched first.
    pub fn estimate(
        &self,
        node: NodeId,
        tokens: u32,
        cached: u32,
        fetched: Option<Fetch>,
    ) -> Timing {
        let (service, now_s) = (&self.config.service, self.now_s);
        let wait_s = (self.queues[node.index()].free_at - now_s).max(0.0);
        let transfer_s = match fetched {
            None => 0.0,
            Some(fetch) => {
                let begin = now_s + wait_s;
                let mut start = begin.max(fetch.ready_s);
                if self.config.link_contention {
                    let free = |node: NodeId| self.queues[node.index()].link_free_at;
                    start = start.max(free(fetch.source)).max(free(node));
                }
                // Added only where something holds the transfer up, so that nothing is rounded
                // where nothing does.
                let held_s = if begin < start { start - begin } else { 0.0 };
                held_s + service.transfer_s(fetch.blocks)
            }
        };
        let prefill_s = service.prefill_s(tokens, cached);
        let ttft_s = wait_s + transfer_s + prefill_s + service.fixed_s;
        Timing { arrival_s: now_s, wait_s, transfer_s, prefill_s, ttft_s }
    }

    /// Queues the request on `node` with the timing just estimated for it.
    pub fn accept(
        &mut self,
        node: NodeId,
        timing: &Timing,
        source: Option<NodeId>,
        work: Work,
        signals: &mut Signals,
    ) {
        let queue = &mut self.queues[node.index()];
        let finish = timing.finish_s();
        queue.free_at = finish;
        queue.prefilling.push_back((finish, work));
        let at = node.index();
        signals.unfinished[at] += 1;
        signals.outstanding_tokens[at] += work.tokens;
        signals.prefill_blocks[at] += work.blocks;
        signals.wait_s[at] = (finish - self.now_s).max(0.0);
        if let Some(source) = source {
            let busy_until = timing.arrival_s + timing.wait_s + timing.transfer_s;
            for end in [source, node] {
                let link = &mut self.queues[end.index()].link_free_at;
                *link = link.max(busy_until);
            }
        }
    }

    /// The moment reached, in seconds.
    pub fn now_s(&self) -> f64 {
        self.now_s
    }
}
