//! A run of a gateway, walked again: our router is asked about every request in the state that
//! the gateway's own picks have led to. Prefixes are where it sent them, nothing is ever dropped,
//! and so many requests are held.

use super::seat::{Decided, Seat, send};
use kvscope::columns::Ledger;
use kvscope::model::{BlockId, NodeId};
use kvscope::params::ParamValue;
use kvscope::route::Router;
use std::collections::{BTreeMap, VecDeque};

/// Tokens of a block, which is one character of a prompt.
const BLOCK_SIZE: u32 = 512;

/// How often a router that draws is asked: of two best matches one may spill and the other not.
const DRAWS: usize = 32;

/// One run of a gateway, and our router for its policy.
pub(crate) struct Run<'a> {
    /// The name of its requests.
    pub(crate) stream: &'a str,
    pub(crate) workers: usize,
    /// How many requests were held, the newest included.
    pub(crate) held: usize,
    /// The worker of every request.
    pub(crate) picks: Vec<usize>,
    pub(crate) router: &'a str,
    pub(crate) params: Vec<(&'a str, f64)>,
}

/// One request of a run, and our router in the gateway's place.
pub(crate) struct Asked<'a> {
    pub(crate) number: usize,
    pub(crate) blocks: &'a [BlockId],
    /// Where the gateway sent it.
    pub(crate) pick: usize,
    pub(crate) seat: Seat,
    router: Box<dyn Router>,
}

impl Asked<'_> {
    /// What our router decides.
    pub(crate) fn decide(&mut self) -> Decided {
        let tokens = self.blocks.len() as u32 * BLOCK_SIZE;
        self.seat.decide(&mut *self.router, tokens, self.blocks)
    }

    /// Whether our router sends it to the very worker.
    pub(crate) fn is_same(&mut self) -> bool {
        self.decide().decision.node as usize == self.pick
    }

    /// Whether the worker is one of those that may cost least: ties are drawn.
    pub(crate) fn is_among_cheapest(&mut self) -> bool {
        (0..DRAWS).any(|_| self.decide().minima.contains(&self.pick))
    }

    /// Likewise, where a prefix has a `home`, which is another one on our ring: the two nodes
    /// change places, and then the decision has to be the same.
    pub(crate) fn is_among_cheapest_at(&mut self, home: usize) -> bool {
        let queues = self.seat.signals.unfinished.clone();
        self.seat.signals.unfinished.fill(0);
        let ours = self.decide().decision.node as usize;
        self.seat.signals.unfinished.copy_from_slice(&queues);
        self.seat.signals.unfinished.swap(ours, home);
        let minima = self.decide().minima;
        self.seat.signals.unfinished.copy_from_slice(&queues);
        let swapped = match self.pick {
            pick if pick == home => ours,
            pick if pick == ours => home,
            pick => pick,
        };
        minima.contains(&swapped)
    }
}

/// Where prefixes are at home on a gateway's ring, by the stream and their last hashed block.
#[derive(Default)]
pub(crate) struct Homes<'a>(BTreeMap<(&'a str, BlockId), usize>);

impl<'a> Homes<'a> {
    /// Where the request is at home: where the stream's first of its prefix went, in the run that
    /// holds one request, which comes first.
    pub(crate) fn of(&mut self, run: &Run<'a>, asked: &Asked<'_>) -> usize {
        let tokens = run.params.iter().find(|(name, _)| *name == "tokens");
        let lead = tokens.expect("so many tokens are hashed").1 as usize / BLOCK_SIZE as usize;
        let blocks = &asked.blocks[..asked.blocks.len().min(lead)];
        let last = *blocks.last().expect("a request has blocks");
        *self.0.entry((run.stream, last)).or_insert(asked.pick)
    }
}

/// Asks about every request of `run`, which had these requests.
pub(crate) fn walk(
    run: &Run<'_>,
    requests: &[impl AsRef<[BlockId]>],
    mut ask: impl FnMut(&mut Asked<'_>),
) {
    let seat = Seat::new(run.workers, BLOCK_SIZE);
    let given = run.params.iter().map(|&(name, value)| (name, ParamValue::Number(value)));
    let router = seat.router(run.router, &given.collect::<Vec<_>>());
    let mut asked = Asked { number: 0, blocks: &[], pick: 0, seat, router };
    let (mut sent, mut unfinished) = (Ledger::new(run.workers), VecDeque::new());
    for (number, (request, &pick)) in requests.iter().zip(&run.picks).enumerate() {
        let blocks = request.as_ref();
        sent.prefix_matches(blocks, &mut asked.seat.matched);
        (asked.number, asked.blocks, asked.pick) = (number, blocks, pick);
        ask(&mut asked);
        send(&mut sent, blocks, NodeId::from_index(pick));
        let Seat { signals, decisions, .. } = &mut asked.seat;
        signals.assigned[pick] += 1;
        signals.unfinished[pick] += 1;
        *decisions += 1;
        unfinished.push_back(pick);
        if run.held <= unfinished.len() {
            let released: usize = unfinished.pop_front().expect("it holds some");
            signals.unfinished[released] -= 1;
        }
    }
}
