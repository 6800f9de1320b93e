//! What must hold between policies, whatever they do.

use super::universe::{Op, Trie};
use super::{Case, cases, compare, next_use};
use kvscope::cache::{Lookup, Marks};
use kvscope::model::{BlockId, UNLIMITED_BLOCKS};
use kvscope::params::{ParamSpec, ParamValue};
use kvscope::rng::Stream;

/// Some requests, with some blocks far more popular than others.
fn requests(trie: &Trie, count: usize, stream: &mut Stream) -> Vec<Op> {
    let blocks: Vec<BlockId> = trie.blocks().collect();
    let mut serve = || {
        let within = 1 + stream.below(blocks.len() as u64);
        Op::Serve(blocks[stream.below(within) as usize])
    };
    (0..count).map(|_| serve()).collect()
}

/// How many blocks were resident when their turn came.
fn hits(case: &Case, trie: &Trie, ops: &[Op]) -> u32 {
    let (mut cache, mut hits) = (case.cache(), 0);
    for (at, &op) in ops.iter().enumerate() {
        let Op::Serve(end) = op else { unreachable!("only requests are served") };
        let blocks = trie.path(end);
        let next_use: Vec<u32> =
            blocks.iter().map(|&block| next_use(trie, ops, at, block)).collect();
        let lookup = Lookup { blocks: &blocks, next_use: &next_use, rises: false };
        hits += cache.serve(&lookup, &mut Marks::nobody()).hits;
    }
    cache.validate();
    hits
}

#[test]
fn no_policy_beats_the_optimal_that_may_bypass() {
    let mut stream = Stream::new(2, "laws", 0);
    for round in 0..12 {
        let count = 8 + stream.below(24);
        let trie = match round % 3 {
            0 => Trie::singles(count as usize),
            _ => Trie::random(count, &mut stream),
        };
        let ops = requests(&trie, 250, &mut stream);
        let capacity = 1 + stream.below(count) as u32;
        let bypassing = |spec: &ParamSpec| match spec.name {
            "bypass" => ParamValue::Switch(true),
            _ => spec.default_value(),
        };
        let cases = cases(capacity, bypassing);
        let optimal = cases.iter().find(|case| case.row.id == "optimal").expect("a row");
        let most = hits(optimal, &trie, &ops);
        for case in &cases {
            let found = hits(case, &trie, &ops);
            assert!(found <= most, "{}: {found} hits, optimal {most}", case.told());
        }
    }
}

#[test]
fn every_policy_equals_every_other_without_limit() {
    let mut stream = Stream::new(3, "laws", 0);
    let trie = Trie::random(40, &mut stream);
    let ops = requests(&trie, 200, &mut stream);
    let mut seen = [false; 40];
    let mut again = 0;
    for &op in &ops {
        let Op::Serve(end) = op else { unreachable!("only requests are served") };
        for block in trie.path(end) {
            again += u32::from(std::mem::replace(&mut seen[block.index()], true));
        }
    }
    for case in cases(UNLIMITED_BLOCKS, ParamSpec::default_value) {
        assert_eq!(hits(&case, &trie, &ops), again, "{}", case.told());
    }
}

#[test]
fn a_batch_of_one_is_its_order_and_larger_ones_are_their_twin() {
    let mut stream = Stream::new(4, "laws", 0);
    for order in ["fifo", "lru", "lfu"] {
        for batch_size in [1, 3] {
            let trie = Trie::random(16, &mut stream);
            let ops = requests(&trie, 120, &mut stream);
            let chosen = |spec: &ParamSpec| match spec.name {
                "order" => ParamValue::Text(order.to_owned()),
                "batch_size" => ParamValue::Number(f64::from(batch_size)),
                _ => spec.default_value(),
            };
            let all = cases(6, chosen);
            for batch in all.iter().filter(|case| case.row.id == "batch") {
                compare(batch, &trie, &ops);
                let is_base = |case: &&Case| case.row.id == order && case.is_tree == batch.is_tree;
                let base = all.iter().find(is_base).expect("a row of the same discipline");
                let same = hits(batch, &trie, &ops) == hits(base, &trie, &ops);
                assert!(same || batch_size > 1, "{} differs from {order}", batch.told());
            }
        }
    }
}
