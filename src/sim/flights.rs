//! Requests whose prefill has not ended, kept while a node may still be killed: what it has not
//! finished arrives again, and what was counted of it is taken back.

use super::serve::Arrival;
use crate::model::{NodeId, Tally, Timing};
use std::collections::VecDeque;

/// A request on a node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flight {
    /// Its number from 1.
    pub(super) number: u64,
    /// Where it was placed.
    pub(super) node: NodeId,
    /// Its place in the log.
    pub(super) place: u64,
    /// It has arrived again.
    pub(super) again: bool,
    /// Its first arrival, on the clock of the run.
    pub(super) first_s: f64,
    /// Leading blocks that the trace had used before it came first.
    pub(super) ceiling: u32,
    /// Which arrival it was.
    pub(super) sequence: u64,
    /// Its times since then, as its node has them.
    pub(super) queued: Timing,
    /// Its prompt, and what of it is cached: tokens.
    pub(super) tokens: (u32, u32),
    /// What was counted of it.
    pub(super) tally: Tally<u32>,
    /// Blocks that it stored or was refused, if that was at once.
    pub(super) wasted_blocks: u32,
    /// Its times as they were counted.
    pub(super) timing: Timing,
}

impl Flight {
    /// It arrives again.
    pub(super) fn again(&self) -> Arrival {
        Arrival { number: self.number, again: Some((self.first_s, self.ceiling)) }
    }
}

/// The requests of every node in the order they were placed, which is that of their ends. Those
/// that have ended leave when somebody looks.
#[derive(Clone, Debug)]
pub(super) struct Flights {
    nodes: Vec<VecDeque<Flight>>,
    /// The latest end by node of those that have left.
    ended_s: Vec<f64>,
}

impl Flights {
    pub(super) fn new(nodes: usize) -> Self {
        Self { nodes: vec![VecDeque::new(); nodes], ended_s: vec![0.0; nodes] }
    }

    /// Amortised O(1).
    pub(super) fn push(&mut self, flight: Flight, now_s: f64) {
        self.forget(flight.node, now_s);
        self.nodes[flight.node.index()].push_back(flight);
    }

    /// What `node` has not finished at `now_s`, in the order it was placed; nothing is left there.
    pub(super) fn take(&mut self, node: NodeId, now_s: f64) -> VecDeque<Flight> {
        self.forget(node, now_s);
        std::mem::take(&mut self.nodes[node.index()])
    }

    /// The first place in the log that may be asked for again after `now_s`. O(flights).
    pub(super) fn oldest(&self, now_s: f64) -> Option<u64> {
        let unfinished =
            self.nodes.iter().flatten().filter(|flight| now_s < flight.queued.finish_s());
        unfinished.map(|flight| flight.place).min()
    }

    /// The latest end of a prefill among all that were placed and not taken. O(nodes).
    pub(super) fn last_finish_s(&self) -> f64 {
        let last =
            self.nodes.iter().filter_map(VecDeque::back).map(|flight| flight.queued.finish_s());
        last.chain(self.ended_s.iter().copied()).fold(0.0, f64::max)
    }

    /// Prefills on `node` that start at `now_s` or later take what `prefill_s` says of a prompt and
    /// what is cached; what waits behind them follows. Returns who has other times: before, after.
    pub(super) fn retime(
        &mut self,
        node: NodeId,
        now_s: f64,
        (prefill_s, fixed_s): (impl Fn(u32, u32) -> f64, f64),
    ) -> Vec<(Flight, Flight)> {
        self.forget(node, now_s);
        let (mut free_s, mut retimed) = (None, Vec::new());
        for flight in &mut self.nodes[node.index()] {
            let Timing { arrival_s, wait_s, transfer_s, .. } = flight.queued;
            if arrival_s + wait_s < now_s {
                continue;
            }
            let before = *flight;
            let wait_s = free_s.map_or(wait_s, |free_s: f64| (free_s - arrival_s).max(0.0));
            let prefill_s = prefill_s(flight.tokens.0, flight.tokens.1);
            let ttft_s = wait_s + transfer_s + prefill_s + fixed_s;
            flight.queued = Timing { arrival_s, wait_s, transfer_s, prefill_s, ttft_s };
            flight.timing = match flight.again {
                true => flight.queued.since(flight.first_s),
                false => flight.queued,
            };
            free_s = Some(flight.queued.finish_s());
            retimed.push((before, *flight));
        }
        retimed
    }

    fn forget(&mut self, node: NodeId, now_s: f64) {
        let (flights, ended_s) = (&mut self.nodes[node.index()], &mut self.ended_s[node.index()]);
        while let Some(flight) = flights.front()
            && flight.queued.finish_s() <= now_s
        {
            *ended_s = ended_s.max(flight.queued.finish_s());
            flights.pop_front();
        }
    }
}
