//! The account that some routers keep of what they have placed: prompt tokens still to be
//! computed, and prompt blocks in use.
//!
//! A request is booked when it is placed. Its uncached tokens count until its prefill ends, as
//! many as were booked, whatever is evicted or computed meanwhile. The complete blocks of its
//! prompt are in use from then, queued or not, until the request ends; a block that several
//! requests of a node use counts once there. A last block that is not full counts nowhere, nor
//! do outputs. A request that ends at t is finished at t.
//!
//! A block in use is *held* by the one of its users that ends last. Whoever uses a block uses its
//! ancestors as well, so that what a request holds is the end of its path: when it ends, that goes
//! out of use, and no other block of it need be looked at. Nothing is counted by block; only the
//! first block that each request holds is noted, and a new request that ends later takes over what
//! it shares with others, holder by holder.
//!
//! Cost: O(blocks) a booking, O(blocks held) when it ends, and O(log requests that generate) for
//! the order. Memory: 4 bytes a block of every request in flight, a page of notes each, and a bit a
//! node for every block.

#[cfg(test)]
mod tests;

use crate::columns::pages::Near;
use crate::columns::{Kept, Ledger, Sparse};
use crate::model::{At, BlockId, NodeId, Retimed, Signals};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

/// The leading blocks of a prompt of `tokens` tokens that are full.
pub fn complete(blocks: &[BlockId], tokens: u32, block_size: u32) -> &[BlockId] {
    let full = (tokens / block_size) as usize;
    &blocks[..full.min(blocks.len())]
}

/// A request as it is booked.
#[derive(Clone, Copy, Debug)]
pub struct Booking<'a> {
    /// Its number, the last word in every tie.
    pub number: u64,
    /// Where it was placed.
    pub node: NodeId,
    /// The complete blocks of its prompt, root first.
    pub blocks: &'a [BlockId],
    /// Prompt tokens that are not cached there.
    pub tokens: u64,
    /// When its prefill ends, in seconds.
    pub prefilled_s: f64,
    /// When it has generated everything, in seconds.
    pub ended_s: f64,
}

/// What is booked on every node.
#[derive(Clone, Debug)]
pub struct Account {
    queues: Vec<Queue>,
    /// Requests whose prefill has ended, by their own end.
    generating: BinaryHeap<Reverse<(At, u32)>>,
    /// Requests in flight by place, and the places that are free.
    flights: Vec<Flight>,
    free: Vec<u32>,
    active: Ledger,
}

/// One node's part of the account.
#[derive(Clone, Debug, Default)]
struct Queue {
    /// Requests whose prefill has not ended, by its end; it ends in the order of booking, unless
    /// times are made up.
    prefilling: VecDeque<(At, u32)>,
    /// By the first block that a request holds: its place + 1.
    holders: Sparse,
}

/// A request that has not ended.
#[derive(Clone, Debug)]
struct Flight {
    node: NodeId,
    tokens: u64,
    end: At,
    /// The complete blocks of its prompt; none at a place that is free.
    blocks: Vec<BlockId>,
    /// It holds those from this depth on.
    held_from: usize,
}

impl Account {
    /// Nothing booked on `nodes` nodes.
    pub fn new(nodes: usize) -> Self {
        Self {
            queues: vec![Queue::default(); nodes],
            generating: BinaryHeap::new(),
            flights: Vec::new(),
            free: Vec::new(),
            active: Ledger::new(nodes),
        }
    }

    /// Books a request; one that has ended already is struck out by the next
    /// [`Account::advance`].
    pub fn book(&mut self, booking: &Booking<'_>, signals: &mut Signals) {
        let Booking { number, node, blocks, tokens, prefilled_s, ended_s } = *booking;
        let place = self.free.pop().unwrap_or(self.flights.len() as u32);
        if place as usize == self.flights.len() {
            let (end, blocks) = (At(ended_s, number), Vec::new());
            self.flights.push(Flight { node, tokens, end, blocks, held_from: 0 });
        }
        let flight = &mut self.flights[place as usize];
        (flight.node, flight.tokens, flight.end) = (node, tokens, At(ended_s, number));
        flight.blocks.extend_from_slice(blocks);
        let prefilling = &mut self.queues[node.index()].prefilling;
        let prefilled = At(prefilled_s, number);
        if prefilling.back().is_none_or(|last| last.0 < prefilled) {
            prefilling.push_back((prefilled, place));
        } else {
            let at = prefilling.partition_point(|before| before.0 < prefilled);
            prefilling.insert(at, (prefilled, place));
        }
        signals.active_tokens[node.index()] += tokens;
        signals.active_blocks[node.index()] += self.hold(place);
    }

    /// Strikes out what has ended by `now_s`.
    pub fn advance(&mut self, now_s: f64, signals: &mut Signals) {
        for (queue, active_tokens) in self.queues.iter_mut().zip(&mut signals.active_tokens) {
            while let Some(&(At(prefilled_s, _), place)) = queue.prefilling.front()
                && prefilled_s <= now_s
            {
                queue.prefilling.pop_front();
                let flight = &self.flights[place as usize];
                *active_tokens -= flight.tokens;
                self.generating.push(Reverse((flight.end, place)));
            }
        }
        while let Some(&Reverse((At(ended_s, _), place))) = self.generating.peek()
            && ended_s <= now_s
        {
            self.generating.pop();
            let node = self.flights[place as usize].node;
            signals.active_blocks[node.index()] -= self.release(place);
            self.flights[place as usize].blocks.clear();
            self.free.push(place);
        }
    }

    /// Strikes out everything of `gone`, whose signals are cleared by who clears its queue.
    /// O(bookings), and O(blocks) of those of the node.
    pub fn clear(&mut self, gone: NodeId) {
        let waiting = std::mem::take(&mut self.queues[gone.index()].prefilling);
        let mut places: Vec<u32> = waiting.into_iter().map(|(_, place)| place).collect();
        let flights = &self.flights;
        self.generating.retain(|&Reverse((_, place))| {
            let stays = flights[place as usize].node != gone;
            if !stays {
                places.push(place);
            }
            stays
        });
        for place in places {
            self.release(place);
            self.flights[place as usize].blocks.clear();
            self.free.push(place);
        }
    }

    /// Requests end at other times than they were booked with. O(bookings and their blocks).
    pub fn retime(&mut self, all: &[Retimed]) {
        let places: Vec<u32> = self.places().collect();
        for &place in &places {
            self.release(place);
        }
        for queue in &mut self.queues {
            for (prefilled, _) in &mut queue.prefilling {
                let it = Retimed::find(all, prefilled.1);
                prefilled.0 = it.map_or(prefilled.0, |it| it.after.finish_s());
            }
            queue.prefilling.make_contiguous().sort_unstable();
        }
        for &place in &places {
            let end = &mut self.flights[place as usize].end;
            end.0 = Retimed::find(all, end.1).map_or(end.0, |it| it.ended_s);
            self.hold(place);
        }
        let generating = std::mem::take(&mut self.generating).into_iter();
        let flights = &self.flights;
        self.generating = generating
            .map(|Reverse((_, place))| Reverse((flights[place as usize].end, place)))
            .collect();
    }

    /// The places of what is in flight.
    fn places(&self) -> impl Iterator<Item = u32> {
        let prefilling = self.queues.iter().flat_map(|queue| &queue.prefilling);
        let generating = self.generating.iter().map(|&Reverse((_, place))| place);
        prefilling.map(|&(_, place)| place).chain(generating)
    }

    /// The request at `place` takes over the blocks of its path whose users all end before it;
    /// returns how many were not in use.
    fn hold(&mut self, place: u32) -> u64 {
        let Flight { node, end, ref mut blocks, .. } = self.flights[place as usize];
        let blocks = std::mem::take(blocks);
        let in_use = blocks.iter().take_while(|&&block| self.active.contains(block, node)).count();
        let holders = &mut self.queues[node.index()].holders;
        let (mut from, mut near) = (in_use, Near::default());
        while 0 < from {
            // Every block in use has a holder, who holds it and all that follow on its own path.
            let mut first = from - 1;
            while holders.find(blocks[first], &mut near) == 0 {
                first -= 1;
            }
            let holder = holders.find(blocks[first], &mut near) - 1;
            let other = &mut self.flights[holder as usize];
            if end < other.end {
                break;
            }
            // What it does not share with this request stays its own.
            other.held_from = from;
            holders.set(blocks[first], 0);
            if let Some(&rest) = other.blocks.get(from) {
                holders.set(rest, holder + 1);
            }
            (from, near) = (first, Near::default());
        }
        if let Some(&first) = blocks.get(from) {
            holders.set(first, place + 1);
        }
        let new = &blocks[in_use..];
        self.active.cover(new.iter().max().map_or(0, |last| last.0 + 1));
        let (mut active, count) = (self.active.marks(node), new.len() as u64);
        for &block in new {
            active.insert(block);
        }
        let flight = &mut self.flights[place as usize];
        (flight.blocks, flight.held_from) = (blocks, from);
        count
    }

    /// What the request at `place` holds goes out of use; returns how many blocks those are.
    fn release(&mut self, place: u32) -> u64 {
        let Flight { node, ref blocks, held_from, .. } = self.flights[place as usize];
        let held = &blocks[held_from..];
        if let Some(&first) = held.first() {
            self.queues[node.index()].holders.set(first, 0);
        }
        let mut active = self.active.marks(node);
        held.iter().for_each(|&block| active.release(block));
        held.len() as u64
    }

    /// Adds the blocks in use to `kept`.
    pub fn keep_names(&self, kept: &mut Kept) {
        let blocks = self.flights.iter().flat_map(|flight| &flight.blocks);
        blocks.for_each(|&block| kept.keep(block));
    }

    /// Forgets what is not in `kept`, of which nothing is in use.
    pub fn forget(&mut self, kept: &Kept) {
        self.active.forget(kept);
    }

    /// Writes how many of the leading `blocks` are in use on every node. O(blocks + nodes).
    pub fn matches(&self, blocks: &[BlockId], matched: &mut Vec<u32>) {
        self.active.prefix_matches(blocks, matched);
    }
}
