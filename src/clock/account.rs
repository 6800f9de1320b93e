//! The account that some routers keep of what they have placed: prompt tokens still to be
//! computed, and prompt blocks in use.
//!
//! A request is booked when it is placed. Its uncached tokens count until its prefill ends, as
//! many as were booked, whatever is evicted or computed meanwhile. The complete blocks of its
//! prompt are in use from then, queued or not, until the request ends; a block that several
//! requests of a node use counts once there. A last block that is not full counts nowhere, nor
//! do outputs. A request that ends at t is finished at t.
//!
//! Cost: O(blocks) a booking and again when it ends, O(log requests) for the order. Memory:
//! 4 bytes a block of every request in flight, and a bit a node and about 4 to 8 bytes for every
//! block in use.

use crate::columns::pages::Near;
use crate::columns::{Kept, Ledger, Sparse};
use crate::model::{At, BlockId, NodeId, Signals};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

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
    prefills: BinaryHeap<Reverse<(At, NodeId, u64)>>,
    requests: BinaryHeap<Reverse<(At, NodeId, usize)>>,
    /// Blocks of the requests in flight, by the place that `requests` names, and free places.
    paths: Vec<Vec<BlockId>>,
    free: Vec<usize>,
    /// How many requests of each node use a block.
    uses: Vec<Sparse>,
    active: Ledger,
}

impl Account {
    /// Nothing booked on `nodes` nodes.
    pub fn new(nodes: usize) -> Self {
        Self {
            prefills: BinaryHeap::new(),
            requests: BinaryHeap::new(),
            paths: Vec::new(),
            free: Vec::new(),
            uses: vec![Sparse::default(); nodes],
            active: Ledger::new(nodes),
        }
    }

    /// Books a request; one that has ended already is struck out by the next
    /// [`Account::advance`].
    pub fn book(&mut self, booking: &Booking<'_>, signals: &mut Signals) {
        let Booking { number, node, blocks, tokens, prefilled_s, ended_s } = *booking;
        signals.active_tokens[node.index()] += tokens;
        self.prefills.push(Reverse((At(prefilled_s, number), node, tokens)));
        let bound = blocks.iter().max().map_or(0, |last| last.0 + 1);
        self.active.cover(bound);
        let (uses, mut active) = (&mut self.uses[node.index()], self.active.marks(node));
        let mut near = Near::default();
        for &block in blocks {
            if uses.change(block, &mut near, |uses| uses + 1) == 1 {
                active.insert(block);
                signals.active_blocks[node.index()] += 1;
            }
        }
        let place = self.free.pop().unwrap_or(self.paths.len());
        if place == self.paths.len() {
            self.paths.push(Vec::new());
        }
        self.paths[place].extend_from_slice(blocks);
        self.requests.push(Reverse((At(ended_s, number), node, place)));
    }

    /// Strikes out what has ended by `now_s`.
    pub fn advance(&mut self, now_s: f64, signals: &mut Signals) {
        while let Some(&Reverse((At(prefilled_s, _), node, tokens))) = self.prefills.peek()
            && prefilled_s <= now_s
        {
            self.prefills.pop();
            signals.active_tokens[node.index()] -= tokens;
        }
        while let Some(&Reverse((At(ended_s, _), node, place))) = self.requests.peek()
            && ended_s <= now_s
        {
            self.requests.pop();
            let (uses, mut active) = (&mut self.uses[node.index()], self.active.marks(node));
            let mut near = Near::default();
            for block in self.paths[place].drain(..) {
                if uses.change(block, &mut near, |uses| uses - 1) == 0 {
                    active.release(block);
                    signals.active_blocks[node.index()] -= 1;
                }
            }
            self.free.push(place);
        }
    }

    /// Adds the blocks in use to `kept`.
    pub fn keep_names(&self, kept: &mut Kept) {
        let blocks = self.paths.iter().flatten();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;
    use std::collections::BTreeSet;

    /// A booking as a list would hold it.
    struct Entry {
        node: usize,
        blocks: Vec<BlockId>,
        tokens: u64,
        prefilled_s: f64,
        ended_s: f64,
    }

    /// The obvious form: every node's entries are looked through again each time.
    fn twin(entries: &[Entry], nodes: usize, now_s: f64, asked: &[BlockId]) -> Vec<[u64; 3]> {
        let told = |node: usize| {
            let own = || entries.iter().filter(move |entry| entry.node == node);
            let prefilling = own().filter(|entry| now_s < entry.prefilled_s);
            let used: BTreeSet<BlockId> = own()
                .filter(|entry| now_s < entry.ended_s)
                .flat_map(|entry| entry.blocks.iter().copied())
                .collect();
            let leading = asked.iter().take_while(|&block| used.contains(block)).count();
            [prefilling.map(|entry| entry.tokens).sum(), used.len() as u64, leading as u64]
        };
        (0..nodes).map(told).collect()
    }

    #[test]
    fn the_account_equals_a_list_of_what_is_booked() {
        for nodes in [1, 3, 70] {
            let mut stream = Stream::new(nodes as u64, "account", 0);
            let (mut account, mut signals) = (Account::new(nodes), Signals::new(nodes));
            let (mut entries, mut now_s) = (Vec::<Entry>::new(), 0.0);
            for number in 0..1200 {
                now_s += stream.below(3) as f64;
                account.advance(now_s, &mut signals);
                // Paths of a small tree, so that many are shared.
                let (branch, depth) = (stream.below(3) as u32, stream.below(6) as u32);
                let blocks: Vec<BlockId> = (0..depth).map(|at| BlockId(at * 3 + branch)).collect();
                let mut matched = Vec::new();
                account.matches(&blocks, &mut matched);
                let got: Vec<[u64; 3]> = (0..nodes)
                    .map(|node| {
                        let (tokens, blocks) =
                            (signals.active_tokens[node], signals.active_blocks[node]);
                        [tokens, blocks, u64::from(matched[node])]
                    })
                    .collect();
                assert_eq!(got, twin(&entries, nodes, now_s, &blocks));
                let node = stream.below(nodes as u64) as usize;
                let prefilled_s = now_s + stream.below(6) as f64;
                let ended_s = prefilled_s + stream.below(9) as f64;
                let tokens = stream.below(100);
                let at = NodeId::from_index(node);
                let booking =
                    Booking { number, node: at, blocks: &blocks, tokens, prefilled_s, ended_s };
                account.book(&booking, &mut signals);
                entries.push(Entry { node, blocks, tokens, prefilled_s, ended_s });
            }
            account.advance(f64::INFINITY, &mut signals);
            assert!(account.uses.iter().all(Sparse::is_empty) && account.active.total() == 0);
            assert!(signals.active_tokens.iter().chain(&signals.active_blocks).all(|&n| n == 0));
        }
    }
}
