//! Every eviction policy against a slow and obvious form of it: the same blocks come and go in
//! the same order, over all short sequences of small universes and over long random ones.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../common/mod.rs"]
mod common;
mod hand;
mod history;
mod laws;
mod naive;
mod queues;
mod tinylfu;
mod twins;
mod universe;

use kvscope::cache::{self, CACHES, Change, Constructor, Lookup, Marks, NodeCache};
use kvscope::evict::{Access, Build, EvictionRow};
use kvscope::model::BlockId;
use kvscope::params::{Need, ParamKind, ParamSpec, ParamValue, Params};
use kvscope::rng::Stream;
use naive::{NaiveCache, Resident};
use std::collections::BTreeMap;
use universe::{Op, Trie, every_sequence};

/// A constructor of a row, with everything it is given.
struct Case {
    row: &'static EvictionRow,
    constructor: Constructor,
    is_tree: bool,
    params: Params,
    capacity: u32,
    /// Whether it is the only cache of its run.
    alone: bool,
}

impl Case {
    fn told(&self) -> String {
        let discipline = if self.is_tree { "tree" } else { "flat" };
        let params: Vec<_> = self.params.values().collect();
        format!("{} {discipline}, capacity {}, {params:?}", self.row.id, self.capacity)
    }

    fn stream(&self) -> Stream {
        Stream::new(common::SEED, self.row.id, 0)
    }

    fn cache(&self) -> Box<dyn NodeCache> {
        let (params, capacity, stream) = (&self.params, self.capacity, self.stream());
        let build = Build { params, nodes: 1, joining: 0, capacity, block_size: 512, stream };
        let mut cache = (self.constructor)(build);
        if self.alone {
            cache.stand_alone();
        }
        cache.count_touches();
        cache
    }

    fn naive(&self) -> NaiveCache {
        let id = self.row.id;
        let twin = twins::twin(id, &self.params, self.capacity, self.stream());
        let twin = twin.unwrap_or_else(|| panic!("the row {id} has no twin"));
        let row = cache::find(id).expect("a row of the caches' table");
        NaiveCache::new(twin, self.capacity, twins::rules(row, self.is_tree))
    }
}

/// Every row under every discipline it is defined for, with parameters that `choose` gives.
fn cases(capacity: u32, mut choose: impl FnMut(&ParamSpec) -> ParamValue) -> Vec<Case> {
    let mut cases = Vec::new();
    for cache in CACHES {
        let row = cache.policy;
        for (constructor, is_tree) in [(cache.flat, false), (cache.tree, true)] {
            let Some(constructor) = constructor else { continue };
            let given: BTreeMap<_, _> =
                row.params.iter().map(|spec| (spec.name.to_owned(), choose(spec))).collect();
            let mut reasons = Vec::new();
            let params = Params::resolve(row.params, &given, row.id, &mut reasons);
            assert!(reasons.is_empty(), "{reasons:?}");
            cases.push(Case { row, constructor, is_tree, params, capacity, alone: false });
        }
    }
    cases
}

/// Small caches make most shares nothing: the largest value, but of counts the smallest but one; of
/// choices the second.
fn extreme(spec: &ParamSpec) -> ParamValue {
    match spec.kind {
        ParamKind::Number { max, .. } => ParamValue::Number(max),
        ParamKind::Integer { min, .. } => ParamValue::Number(min as f64 + 1.0),
        ParamKind::Switch { default } => ParamValue::Switch(!default),
        ParamKind::Choice { choices, .. } => ParamValue::Text(choices[1].0.to_owned()),
    }
}

/// The number (from 1) of the next request after operation `at` that uses `block`, or one more
/// than there are.
fn next_use(trie: &Trie, ops: &[Op], at: usize, block: BlockId) -> u32 {
    let uses = |op: &Op| match *op {
        Op::Serve(end) | Op::ServeElsewhere(end) => trie.path(end).contains(&block),
        Op::Adopt(_) | Op::Release(_) => false,
    };
    let next = ops[at + 1..].iter().position(uses);
    next.map_or(ops.len() + 1, |ahead| at + 1 + ahead + 1) as u32
}

/// Does `ops` to the cache and to its twin and compares all that can be seen after each.
fn compare(case: &Case, trie: &Trie, ops: &[Op]) {
    let (mut cache, mut twin) = (case.cache(), case.naive());
    let mut changes = Vec::new();
    let needs_future = case.row.needs.contains(&Need::Future);
    for (at, &op) in ops.iter().enumerate() {
        let told = || format!("{} after {:?} of {trie:?}", case.told(), &ops[..=at]);
        if at == ops.len() / 2 {
            // A copy goes on as the original would.
            cache = cache.clone();
        }
        changes.clear();
        twin.changes.clear();
        let mut marks = Marks::changes(&mut changes);
        let next = |&block: &BlockId| next_use(trie, ops, at, block);
        match op {
            Op::Serve(end) | Op::ServeElsewhere(end) => {
                let blocks = &*trie.path(end);
                // As in a run, only those are told the future who need it.
                let told_blocks = if needs_future { blocks } else { &[] };
                let next_use = &*told_blocks.iter().map(next).collect::<Vec<_>>();
                let lookup = Lookup { blocks, next_use, rises: blocks.is_sorted() };
                if op == Op::Serve(end) {
                    let served = cache.serve(&lookup, &mut marks);
                    assert_eq!(served, twin.serve(&lookup), "{}", told());
                    let handled = served.hits + served.inserted + served.refused;
                    assert_eq!(handled as usize, blocks.len(), "{}", told());
                } else {
                    cache.foresee(&lookup);
                    twin.foresee(&lookup);
                }
            }
            Op::Adopt(block) => {
                let depth = trie.path(block).len() as u32 - 1;
                let parent = trie.parent(block);
                let access = Access { block, depth, next_use: next(&block) };
                let (adoption, evicted) = cache.adopt(&access, parent, &mut marks);
                assert_eq!(adoption, twin.adopt(&access, parent), "{}", told());
                let gone = twin.changes.iter().filter(|change| !change.inserted).count();
                assert_eq!(evicted as usize, gone, "{}", told());
            }
            Op::Release(block) => {
                let was_there = cache.release(block, &mut marks);
                assert_eq!(was_there, twin.release(block), "{}", told());
            }
        }
        assert_eq!(in_order(&changes), in_order(&twin.changes), "{}", told());
        assert_eq!(residents(&*cache), residents_of(&twin), "{}", told());
        cache.validate();
    }
}

/// The blocks that went and those that came, each in their order. Which went before which came is
/// nobody's business: room for several is made at once.
fn in_order(changes: &[Change]) -> [Vec<BlockId>; 2] {
    [false, true].map(|inserted| {
        let these = changes.iter().filter(|change| change.inserted == inserted);
        these.map(|change| change.block).collect()
    })
}

/// Resident blocks and their touches.
fn residents(cache: &dyn NodeCache) -> Vec<(BlockId, u32)> {
    let store = cache.store();
    let mut residents: Vec<_> =
        store.resident().map(|(slot, block)| (block, store.touches(slot))).collect();
    residents.sort();
    residents
}

fn residents_of(twin: &NaiveCache) -> Vec<(BlockId, u32)> {
    let resident = |resident: &Resident| (resident.block, resident.touches);
    let mut residents: Vec<_> = twin.residents.iter().map(resident).collect();
    residents.sort();
    residents
}

fn every_case(capacity: u32, mut run: impl FnMut(&Case)) {
    cases(capacity, ParamSpec::default_value).iter().for_each(&mut run);
    let changed = cases(capacity, extreme);
    changed.iter().filter(|case| !case.row.params.is_empty()).for_each(run);
}

fn serves(trie: &Trie) -> Vec<Op> {
    trie.blocks().map(Op::Serve).collect()
}

#[test]
fn all_sequences_of_three_blocks_in_two_places() {
    let trie = Trie::singles(3);
    every_case(2, |case| {
        every_sequence(&serves(&trie), 7, |ops| compare(case, &trie, ops));
    });
}

#[test]
fn all_sequences_of_five_blocks_in_four_places() {
    let trie = Trie::singles(5);
    every_case(4, |case| {
        let ops = |tail: &[Op]| [&serves(&trie)[..4], tail].concat();
        every_sequence(&serves(&trie), 5, |tail| compare(case, &trie, &ops(tail)));
    });
}

#[test]
fn all_sequences_with_migrations() {
    let trie = Trie::singles(3);
    let (a, b) = (BlockId(0), BlockId(1));
    let moves = [Op::Release(a), Op::Release(b), Op::Adopt(b), Op::ServeElsewhere(a)];
    every_case(2, |case| {
        every_sequence(&[&serves(&trie)[..], &moves].concat(), 4, |ops| compare(case, &trie, ops));
    });
}

#[test]
fn all_sequences_of_a_small_trie() {
    // 0 ─ 1 ─ 2, 0 ─ 3, and 4 by itself.
    let trie = Trie::new(&[None, Some(0), Some(1), Some(0), None]);
    for capacity in [2, 3] {
        every_case(capacity, |case| {
            every_sequence(&serves(&trie), 5, |ops| compare(case, &trie, ops));
        });
    }
}

#[test]
fn all_sequences_of_a_small_trie_with_migrations() {
    let trie = Trie::new(&[None, Some(0), Some(1)]);
    let (root, middle) = (BlockId(0), BlockId(1));
    let moves = [Op::Release(root), Op::Release(middle), Op::Adopt(middle)];
    every_case(2, |case| {
        every_sequence(&[&serves(&trie)[..], &moves].concat(), 5, |ops| compare(case, &trie, ops));
    });
}

#[test]
fn long_streams_with_hot_blocks() {
    // Hot blocks are used often enough for counters to saturate and for targets to move.
    let mut stream = Stream::new(4, "oracle", 0);
    for capacity in [4, 7, 24] {
        let trie = Trie::singles(2 * capacity as usize);
        let mut serve = || {
            let within = stream.below(2 * u64::from(capacity)) + 1;
            Op::Serve(BlockId(stream.below(within) as u32))
        };
        let ops: Vec<Op> = (0..400).map(|_| serve()).collect();
        every_case(capacity, |case| compare(case, &trie, &ops));
    }
}

#[test]
fn long_requests_whose_blocks_follow_each_other() {
    let mut stream = Stream::new(6, "oracle", 0);
    for round in 0..8 {
        let trie = Trie::chains(90, &mut stream);
        let ops = trie.random_ops(120, &mut stream);
        let capacity = 1 + stream.below(60) as u32;
        for mut case in cases(capacity, ParamSpec::default_value) {
            case.alone = round % 2 == 0;
            compare(&case, &trie, &ops);
        }
    }
}

#[test]
fn random_operations() {
    let mut stream = Stream::new(1, "oracle", 0);
    for round in 0..16 {
        let trie = Trie::random(6 + stream.below(12), &mut stream);
        let ops = trie.random_ops(160, &mut stream);
        let mut draws = Stream::new(stream.below(1 << 40), "parameters", 0);
        let choose = |spec: &ParamSpec| match spec.kind {
            _ if draws.below(3) == 0 => spec.default_value(),
            ParamKind::Number { min, max, .. } => {
                ParamValue::Number(min + (max - min) * draws.unit())
            }
            ParamKind::Integer { min, max, .. } => {
                ParamValue::Number((min + draws.below((max - min).min(5) + 1)) as f64)
            }
            ParamKind::Switch { .. } => ParamValue::Switch(draws.below(2) == 0),
            ParamKind::Choice { choices, .. } => {
                let choice = choices[draws.below(choices.len() as u64) as usize];
                ParamValue::Text(choice.0.to_owned())
            }
        };
        let capacity = 1 + stream.below(12) as u32;
        for mut case in cases(capacity, choose) {
            case.alone = round % 2 == 0;
            compare(&case, &trie, &ops);
        }
    }
}
