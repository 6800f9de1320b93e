//! Tests of the account.

use super::*;
use crate::model::Timing;
use crate::rng::Stream;
use std::collections::{BTreeMap, BTreeSet};

/// A booking as a list would hold it.
struct Entry {
    number: u64,
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

/// A path of a small tree, so that many share their beginnings.
fn path(stream: &mut Stream, names: &mut BTreeMap<(u32, u64), u32>) -> Vec<BlockId> {
    let mut parent = u32::MAX;
    let depths = 0..stream.below(7);
    depths
        .map(|_| {
            let (next, child) = (names.len() as u32, stream.below(2));
            parent = *names.entry((parent, child)).or_insert(next);
            BlockId(parent)
        })
        .collect()
}

/// Those of `entries` on `node` whose prefill has not ended get other times, as when a node is
/// slowed.
fn retimed(entries: &mut [Entry], node: usize, now_s: f64, later_s: f64) -> Vec<Retimed> {
    let waiting = |entry: &&mut Entry| entry.node == node && now_s < entry.prefilled_s;
    let times = |arrival_s: f64| Timing { arrival_s, ..Timing::default() };
    let moved = entries.iter_mut().filter(waiting).map(|entry| {
        let before = times(entry.prefilled_s);
        // Some then end before others that they ended after.
        entry.prefilled_s += later_s;
        entry.ended_s = entry.prefilled_s + (entry.number % 7) as f64;
        let (after, ended_s) = (times(entry.prefilled_s), entry.ended_s);
        Retimed { sequence: entry.number, before, after, ended_s }
    });
    moved.collect()
}

#[test]
fn the_account_equals_a_list_of_what_is_booked() {
    for nodes in [1, 3, 70] {
        let mut stream = Stream::new(nodes as u64, "account", 0);
        let (mut account, mut signals) = (Account::new(nodes), Signals::new(nodes));
        let (mut entries, mut now_s) = (Vec::<Entry>::new(), 0.0);
        let mut names = BTreeMap::new();
        for number in 0..1200 {
            now_s += stream.below(3) as f64;
            account.advance(now_s, &mut signals);
            let node = stream.below(nodes as u64) as usize;
            let at = NodeId::from_index(node);
            match stream.below(40) {
                0 => {
                    account.clear(at);
                    signals.clear(node);
                    entries.retain(|entry| entry.node != node);
                }
                1 => {
                    let later_s = stream.below(9) as f64;
                    account.retime(&retimed(&mut entries, node, now_s, later_s));
                }
                _ => {}
            }
            let blocks = path(&mut stream, &mut names);
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
            // By turns in the order of booking, as on a server, and in any.
            let mut prefilled_s = now_s + stream.below(6) as f64;
            if number % 200 < 100 {
                let own = entries.iter().filter(|entry| entry.node == node);
                prefilled_s = own.map(|entry| entry.prefilled_s).fold(prefilled_s, f64::max);
            }
            let ended_s = prefilled_s + stream.below(9) as f64;
            let tokens = stream.below(100);
            let booking =
                Booking { number, node: at, blocks: &blocks, tokens, prefilled_s, ended_s };
            account.book(&booking, &mut signals);
            entries.push(Entry { number, node, blocks, tokens, prefilled_s, ended_s });
        }
        account.advance(f64::INFINITY, &mut signals);
        assert!(account.queues.iter().all(|queue| queue.holders.is_empty()));
        assert_eq!((account.active.total(), account.places().count()), (0, 0));
        assert!(signals.active_tokens.iter().chain(&signals.active_blocks).all(|&n| n == 0));
    }
}

/// A booking on the only node, or the first of several.
fn booking(number: u64, blocks: &[BlockId], tokens: u64, times: (f64, f64)) -> Booking<'_> {
    let (prefilled_s, ended_s) = times;
    Booking { number, node: NodeId(0), blocks, tokens, prefilled_s, ended_s }
}

#[test]
fn who_ends_sooner_than_was_said_leaves_what_is_shared_to_who_ends_later() {
    let (mut account, mut signals) = (Account::new(1), Signals::new(1));
    let blocks = [0, 1, 2].map(BlockId);
    account.book(&booking(1, &blocks[..2], 10, (10.0, 20.0)), &mut signals);
    account.book(&booking(2, &blocks, 100, (11.0, 30.0)), &mut signals);
    let times = |arrival_s| Timing { arrival_s, ..Timing::default() };
    let (before, after) = (times(11.0), times(5.0));
    account.retime(&[Retimed { sequence: 2, before, after, ended_s: 12.0 }]);
    let told = |now_s| {
        account.advance(now_s, &mut signals);
        (signals.active_tokens[0], signals.active_blocks[0])
    };
    // The second is computed before the first now; at 12 its last block goes, and no other.
    assert_eq!([5.0, 10.0, 12.0, 20.0].map(told), [(10, 3), (0, 3), (0, 2), (0, 0)]);
}

#[test]
fn places_of_requests_that_have_ended_or_were_cleared_are_taken_again() {
    let (mut account, mut signals) = (Account::new(1), Signals::new(1));
    for number in 0..20 {
        let now_s = number as f64;
        account.book(&booking(number, &[BlockId(7)], 1, (now_s, now_s)), &mut signals);
        if number % 2 == 0 {
            account.advance(now_s, &mut signals);
        } else {
            account.clear(NodeId(0));
            signals.clear(0);
        }
        assert_eq!(account.flights.len(), 1);
    }
}
