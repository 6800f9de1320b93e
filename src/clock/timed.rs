//! Queues under the timed clock: one server a node, first come first served.
//!
//! Times are seconds as doubles, computed in the order docs/metrics.md writes them. Ties never
//! depend on a heap's mood: prefills of a node finish in the order they started, and everything
//! else is ordered by (time, sequence number), the number being that of the request. A request
//! that ends at t is finished at t.

use super::TimedConfig;
use crate::model::{At, Decode, NodeId, Retimed, Signals, Timing};
use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};

/// A prefix to fetch before the prefill.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fetch {
    /// The node that has it.
    pub source: NodeId,
    /// How many whole blocks.
    pub blocks: u32,
    /// When the source has the last of them; 0 where transfers do not wait.
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
    /// By what prefills that start now are stretched, where they are.
    stretch: Option<f64>,
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
                let end = self.config.service.ends_at(finish, work.output_tokens);
                let (prompt_blocks, blocks) = (work.blocks, work.decode_blocks);
                let decode = Decode { begun_s: finish, prompt_blocks, blocks };
                signals.begin_decode(node, &decode);
                let end = At(end, work.sequence);
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
        let prefill_s = self.prefill_s(node, tokens, cached);
        let ttft_s = wait_s + transfer_s + prefill_s + service.fixed_s;
        Timing { arrival_s: now_s, wait_s, transfer_s, prefill_s, ttft_s }
    }

    /// Seconds that a prefill takes on `node` if it starts now.
    pub fn prefill_s(&self, node: NodeId, tokens: u32, cached: u32) -> f64 {
        let prefill_s = self.config.service.prefill_s(tokens, cached);
        match self.queues[node.index()].stretch {
            None => prefill_s,
            Some(factor) => prefill_s * factor,
        }
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
            let busy_until = timing.transferred_s();
            for end in [source, node] {
                let link = &mut self.queues[end.index()].link_free_at;
                *link = link.max(busy_until);
            }
        }
    }

    /// Empties the queue of `node`, which is idle from now on; whoever was generating there has
    /// left.
    pub fn clear(&mut self, node: NodeId, signals: &mut Signals) {
        let queue = &mut self.queues[node.index()];
        *queue = Queue { stretch: queue.stretch, ..Queue::default() };
        signals.clear(node.index());
    }

    /// Requests whose prefill has not ended. O(them).
    pub fn queued(&self) -> u64 {
        let waits = |queue: &Queue| {
            queue.prefilling.iter().filter(|(finish, _)| self.now_s < *finish).count() as u64
        };
        self.queues.iter().map(waits).sum()
    }

    /// Prefills that start on `node` from now on take `factor` times as long; 1 is as it was.
    pub fn slow(&mut self, node: NodeId, factor: f64) {
        self.queues[node.index()].stretch = (factor != 1.0).then_some(factor);
    }

    /// How many times as long the prefills take that start on a node now.
    pub fn slow_of(&self, node: usize) -> f64 {
        self.queues[node].stretch.unwrap_or(1.0)
    }

    /// Requests that wait on `node`, the last of its queue among them, have other times. O(queue).
    pub fn retime(&mut self, node: NodeId, all: &[Retimed], signals: &mut Signals) {
        let queue = &mut self.queues[node.index()];
        for (finish, work) in &mut queue.prefilling {
            if let Some(retimed) = Retimed::find(all, work.sequence) {
                *finish = retimed.after.finish_s();
                queue.free_at = *finish;
            }
        }
        signals.wait_s[node.index()] = (queue.free_at - self.now_s).max(0.0);
    }

    /// The moment reached, in seconds.
    pub fn now_s(&self) -> f64 {
        self.now_s
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;
    use crate::model::Request;
    use crate::params::{ParamValue, Params};

    /// Prefill seconds of one block of 512 tokens on the measured H100.
    const BLOCK_S: f64 = 0.054;
    /// Seconds that a block of 160 MiB takes over a link, with the bandwidth of [`queues`].
    const TRANSFER_S: f64 = 2.0;

    fn queues(nodes: usize, switched_on: &[&str]) -> (Timed, Signals) {
        let row = clock::find("timed").expect("a row");
        let bandwidth = (160 << 20).to_string();
        let given = [("service", "h100_tp8"), ("bandwidth_bytes_s", &bandwidth)];
        let given = given.into_iter().chain(switched_on.iter().map(|&name| (name, "true")));
        let given = given.map(|(name, value)| (name.to_owned(), ParamValue::parse(value)));
        let mut reasons = Vec::new();
        let params = Params::resolve(row.params, &given.collect(), "clock", &mut reasons);
        assert!(reasons.is_empty(), "{reasons:?}");
        (Timed::new(TimedConfig::new(&params, 512), nodes), Signals::new(nodes))
    }

    /// Serves one block of 512 tokens, fetched ones before it.
    fn serve(
        (timed, signals): &mut (Timed, Signals),
        node: u16,
        fetch: Option<Fetch>,
        output_tokens: u32,
    ) -> Timing {
        let node = NodeId(node);
        let timing = timed.estimate(node, 512, 0, fetch);
        let work = Work { sequence: 1, tokens: 512, blocks: 3, output_tokens, decode_blocks: 4 };
        timed.accept(node, &timing, fetch.map(|fetch| fetch.source), work, signals);
        timing
    }

    fn fetch(source: u16, ready_s: f64) -> Option<Fetch> {
        Some(Fetch { source: NodeId(source), blocks: 2, ready_s })
    }

    /// A request, of which only true output lengths are read.
    fn request() -> Request {
        let session = Request::NO_SESSION;
        Request { index: 0, arrival_s: 0.0, input_tokens: 0, output_tokens: 0, session }
    }

    /// The double just below.
    fn before(time_s: f64) -> f64 {
        time_s.next_down()
    }

    #[test]
    fn what_ends_at_a_moment_is_finished_at_that_moment() {
        let mut both = queues(2, &[]);
        both.0.advance(0.0, &mut both.1);
        let timing = serve(&mut both, 1, None, 100);
        let (prefilled_s, decoded_s) = (timing.finish_s(), timing.finish_s() + 100.0 * 0.03);
        let mut told = |now_s| {
            let (timed, signals) = &mut both;
            timed.advance(now_s, signals);
            assert_eq!((timed.now_s(), signals.taken_s, signals.unfinished[0]), (now_s, now_s, 0));
            let prefilling = (signals.unfinished[1], signals.outstanding_tokens[1]);

            let in_full = signals.outputs(&request()).decode_blocks[1];
            let blocks = (signals.prefill_blocks[1], in_full);
            (prefilling, blocks, signals.decoding[1], signals.wait_s[1])
        };
        let almost = before(prefilled_s);
        assert_eq!(told(almost), ((1, 512), (3, 0), 0, prefilled_s - almost));
        assert_eq!(told(prefilled_s), ((0, 0), (0, 4), 1, 0.0));
        assert_eq!(told(before(decoded_s)), ((0, 0), (0, 4), 1, 0.0));
        assert_eq!(told(decoded_s), ((0, 0), (0, 0), 0, 0.0));
    }

    #[test]
    fn time_never_goes_back() {
        let (mut timed, mut signals) = queues(1, &[]);
        timed.advance(5.0, &mut signals);
        timed.advance(3.0, &mut signals);
        assert_eq!(timed.now_s(), 5.0);
        assert_eq!(timed.estimate(NodeId(0), 512, 0, None).arrival_s, 5.0);
    }

    #[test]
    fn the_server_is_held_by_wait_transfer_and_prefill_but_not_by_the_fixed_part() {
        let mut both = queues(2, &[]);
        both.0.advance(1.0, &mut both.1);
        both.0.config.service.fixed_s = 7.0;
        let first = serve(&mut both, 0, fetch(1, 0.0), 0);
        assert_eq!((first.wait_s, first.transfer_s, first.prefill_s), (0.0, TRANSFER_S, BLOCK_S));
        assert_eq!(first.ttft_s, TRANSFER_S + BLOCK_S + 7.0);
        assert_eq!(both.1.wait_s, [(1.0 + TRANSFER_S + BLOCK_S) - 1.0, 0.0]);
        let second = serve(&mut both, 0, None, 0);
        assert_eq!(second.wait_s, (1.0 + TRANSFER_S + BLOCK_S) - 1.0);
    }

    #[test]
    fn a_transfer_waits_for_both_its_links_until_the_very_moment_they_are_free() {
        for contention in [true, false] {
            let switched_on = if contention { &["link_contention"][..] } else { &[] };
            let transfer_s = |node, source, at_s| {
                let mut both = queues(4, switched_on);
                both.0.advance(0.0, &mut both.1);
                // From node 1 to node 0: their links are busy until 2.
                serve(&mut both, 0, fetch(1, 0.0), 0);
                both.0.advance(at_s, &mut both.1);
                serve(&mut both, node, fetch(source, 0.0), 0).transfer_s
            };
            let held = |held_s: f64| if contention { held_s + TRANSFER_S } else { TRANSFER_S };
            assert_eq!(transfer_s(2, 1, 0.5), held(1.5), "the source sends already");
            assert_eq!(transfer_s(1, 2, 0.5), held(1.5), "the target sends");
            assert_eq!(transfer_s(2, 0, 0.5), held(1.5), "the source receives");
            assert_eq!(transfer_s(2, 3, 0.5), TRANSFER_S, "two others");
            assert_eq!(transfer_s(2, 1, 2.0), TRANSFER_S, "it ends at 2");
        }
    }

    #[test]
    fn a_later_shorter_transfer_does_not_free_a_link_early() {
        let mut both = queues(3, &[]);
        both.0.advance(0.0, &mut both.1);
        serve(&mut both, 0, fetch(1, 10.0), 0);
        serve(&mut both, 2, fetch(1, 0.0), 0);
        let links: Vec<f64> = both.0.queues.iter().map(|queue| queue.link_free_at).collect();
        assert_eq!(links, [12.0, 12.0, 2.0]);
    }

    #[test]
    fn a_transfer_waits_for_its_blocks_behind_the_wait_for_the_server() {
        let mut both = queues(2, &[]);
        both.0.advance(0.0, &mut both.1);
        assert_eq!(serve(&mut both, 0, fetch(1, 1.5), 0).transfer_s, 1.5 + TRANSFER_S);
        let free_s = 1.5 + TRANSFER_S + BLOCK_S;
        let timing = serve(&mut both, 0, fetch(1, free_s), 0);
        assert_eq!((timing.wait_s, timing.transfer_s), (free_s, TRANSFER_S));
    }
}
