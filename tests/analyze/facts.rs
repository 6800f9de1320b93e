//! Facts of traces against a slow twin that looks at everything anew for each, and of traces whose
//! answer is known.

use super::{bushy, log_of, real, workload};
use kvscope::analyze::Facts;
use kvscope::analyze::facts::{Collector, SOURCES, beside};
use kvscope::model::{BlockId, Request};
use kvscope::rng::Stream;
use kvscope::trace::{Log, pack};
use std::collections::{BTreeMap, BTreeSet};

/// The requests of a log as lists of blocks.
fn requests(log: &Log) -> Vec<Vec<u32>> {
    log.iter().map(|found| found.blocks.iter().map(|block| block.0).collect()).collect()
}

/// The requests that use each block, by number from 1.
fn uses(requests: &[Vec<u32>]) -> BTreeMap<u32, Vec<u64>> {
    let mut uses: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
    for (number, blocks) in (1..).zip(requests) {
        blocks.iter().for_each(|&block| uses.entry(block).or_default().push(number));
    }
    uses
}

fn check(log: &Log) {
    let (facts, requests) = (Facts::of(log), requests(log));
    let uses = uses(&requests);
    check_sums(&facts, log, &uses);
    check_gaps(&facts, log, &uses);
    check_working_sets(&facts, &requests);
    check_tree(&facts, &requests, &uses);
    check_families(&facts, log, &requests);
    check_hot_set(&facts, &requests);
}

fn check_sums(facts: &Facts, log: &Log, uses: &BTreeMap<u32, Vec<u64>>) {
    let references: usize = uses.values().map(Vec::len).sum();
    assert_eq!(facts.totals.blocks, references as u64);
    assert_eq!(facts.totals.distinct_blocks, uses.len() as u64);
    let lengths: Vec<u64> = log.iter().map(|it| u64::from(it.request.input_tokens)).collect();
    let spread = &facts.input_tokens;
    assert_eq!((spread.sum, spread.count), (lengths.iter().sum(), lengths.len() as u64));
    assert_eq!(spread.most, lengths.iter().copied().max().unwrap_or(0));
    assert_eq!(spread.least, lengths.iter().copied().min().unwrap_or(0));
    let parts = &facts.course.parts;
    let per_part = facts.course.part_requests;
    for (at, part) in (0..).zip(parts) {
        let inside = |number: &u64| (number - 1) / per_part == at;
        let here = |of: fn(&Vec<u64>) -> u64| uses.values().map(of).filter(inside).count() as u64;
        assert_eq!(part.first_uses, here(|numbers| numbers[0]));
        assert_eq!(part.last_uses, here(|numbers| numbers[numbers.len() - 1]));
        let all = uses.values().flatten().filter(|it| inside(it)).count() as u64;
        assert_eq!(part.references, all);
    }
    let in_bins: u64 = facts.times.bins.iter().map(|bin| bin.requests).sum();
    assert_eq!(in_bins, if facts.times.duration_s > 0.0 { log.len() } else { 0 });
}

fn check_gaps(facts: &Facts, log: &Log, uses: &BTreeMap<u32, Vec<u64>>) {
    let at_s = |number: u64| log.get(number - 1).request.arrival_s;
    let pairs = || uses.values().flat_map(|numbers| numbers.windows(2));
    let gaps: Vec<u64> = pairs().map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(facts.gaps.reuses, gaps.len() as u64);
    assert_eq!(facts.gaps.within_10, gaps.iter().filter(|&&gap| gap <= 10).count() as u64);
    assert_eq!(facts.gaps.beyond_100, gaps.iter().filter(|&&gap| gap > 100).count() as u64);
    let seconds = pairs().map(|pair| (at_s(pair[1]) - at_s(pair[0])).max(0.0));
    let ms: Vec<f64> = seconds.map(|seconds| seconds * 1000.0).collect();
    let mut below = 0;
    for bin in &facts.gaps.milliseconds {
        let upto = ms.iter().filter(|&&ms| ms <= bin.upto as f64).count() as u64;
        assert_eq!(bin.count, upto - below, "up to {} ms", bin.upto);
        below = upto;
    }
}

fn check_working_sets(facts: &Facts, requests: &[Vec<u32>]) {
    for found in &facts.working_sets {
        let window = found.window as usize;
        let held = |end: usize| {
            let blocks = requests[(end + 1).saturating_sub(window)..=end].iter().flatten();
            blocks.collect::<BTreeSet<_>>().len()
        };
        let sum: usize = (0..requests.len()).map(held).sum();
        let mean = sum as f64 / requests.len() as f64;
        assert!((found.mean_blocks - mean).abs() < 1e-9, "{found:?}: {mean}");
    }
}

fn check_tree(facts: &Facts, requests: &[Vec<u32>], uses: &BTreeMap<u32, Vec<u64>>) {
    let edges: BTreeSet<(u32, u32)> =
        requests.iter().flat_map(|it| it.windows(2)).map(|pair| (pair[0], pair[1])).collect();
    let children = |block: u32| edges.iter().filter(|edge| edge.0 == block).count();
    let count = |of: &dyn Fn(u32) -> bool| uses.keys().filter(|&&it| of(it)).count() as u64;
    let tree = &facts.tree;
    assert_eq!(tree.leaves, count(&|block| children(block) == 0));
    assert_eq!(tree.branching, count(&|block| children(block) >= 2));
    assert_eq!(tree.roots, count(&|block| edges.iter().all(|edge| edge.1 != block)));
    assert_eq!(tree.depth, requests.iter().map(Vec::len).max().unwrap_or(0) as u64);
    let in_bins: u64 = tree.depths.iter().map(|bin| bin.count).sum();
    assert_eq!(in_bins, uses.len() as u64);
}

/// The definition of docs/metrics.md, path by path.
fn check_families(facts: &Facts, log: &Log, requests: &[Vec<u32>]) {
    let entering = |path: &[u32]| requests.iter().filter(|it| it.starts_with(path)).count() as u64;
    let paths: BTreeSet<&[u32]> =
        requests.iter().flat_map(|it| (1..=it.len()).map(move |len| &it[..len])).collect();
    let all = requests.len() as u64;
    let tokens: u64 = log.iter().map(|it| u64::from(it.request.input_tokens)).sum();
    let mut families = 0;
    for path in paths {
        let (own, last) = (entering(path), path.len() - 1);
        let apart = last == 0 || 2 * own <= entering(&path[..last]);
        if !apart || 100 * own < all {
            continue;
        }
        families += 1;
        let Some(found) = facts.tree.largest.iter().find(|it| it.block.0 == path[last]) else {
            assert_eq!(facts.tree.largest.len(), 32, "{path:?} is not listed");
            continue;
        };
        assert_eq!((found.requests, found.above), (own, last as u64));
        let inside = || log.iter().zip(requests).filter(|(_, it)| it.starts_with(path));
        let own_tokens: u64 = inside().map(|(it, _)| u64::from(it.request.input_tokens)).sum();
        assert_eq!(found.input_tokens, own_tokens);
        assert!((found.token_share * tokens as f64 - own_tokens as f64).abs() < 1e-3);
        // The longest run of leading blocks that more than half begin with.
        let longest = inside().flat_map(|(_, it)| (path.len()..=it.len()).map(|len| &it[..len]));
        let longest = longest.filter(|run| 2 * entering(run) > own).max_by_key(|run| run.len());
        let prefix = longest.expect("all begin with the family's root");
        assert_eq!(found.prefix_blocks, prefix.len() as u64, "{path:?}");
        let example = requests.iter().position(|it| it.starts_with(prefix)).expect("one does");
        assert_eq!(found.example_request, example as u64 + 1);
        let example = log.get(example as u64).request.input_tokens;
        assert_eq!(found.prefix_tokens, (512 * prefix.len() as u64).min(u64::from(example)));
    }
    assert_eq!(facts.tree.families, families);
}

fn check_hot_set(facts: &Facts, requests: &[Vec<u32>]) {
    let size = facts.hot_set.window_requests as usize;
    assert_eq!(facts.hot_set.windows.len(), requests.len().div_ceil(size));
    let mut before: Option<Vec<u32>> = None;
    for (window, found) in requests.chunks(size).zip(&facts.hot_set.windows) {
        let uses = uses(window);
        let mut parents = BTreeMap::new();
        window.iter().flat_map(|it| it.windows(2)).for_each(|it| {
            parents.insert(it[1], it[0]);
        });
        let len = |block: &u32| uses[block].len();
        let alone = |block: &&u32| parents.get(*block).is_none_or(|it| len(it) != len(block));
        let mut hot: Vec<u32> = uses.keys().filter(alone).copied().collect();
        hot.sort_by_key(|block| (usize::MAX - len(block), *block));
        hot.truncate(10);
        let listed: Vec<u32> = found.hot.iter().map(|it| it.block.0).collect();
        assert_eq!(listed, hot);
        assert!(found.hot.iter().all(|it| it.requests == len(&it.block.0) as u64));
        let new = before.map_or(0, |before| hot.iter().filter(|it| !before.contains(it)).count());
        assert_eq!(found.changed, new as u64);
        before = Some(hot);
    }
}

#[test]
fn facts_equal_their_twin() {
    let mut stream = Stream::new(31, "facts", 0);
    for requests in [1, 2, 40, 150, 500, 900] {
        for children in [2, 5, 40] {
            let depth = 1 + stream.below(12);
            check(&bushy(&mut stream, requests, depth, children));
        }
    }
    for id in ["toolagent", "conversation", "extreme"] {
        check(&workload(id, 6, 400));
    }
}

#[test]
fn of_nothing_everything_is_zero() {
    for log in [log_of([]), log_of([vec![], vec![]])] {
        let facts = Facts::of(&log);
        check(&log);
        assert_eq!((facts.ceiling_token_rate, facts.popularity.gini), (0.0, 0.0));
        assert!(facts.popularity.zipf.is_none() && facts.sessions.is_none());
        assert_eq!(facts.tree.families, 0);
    }
}

/// Two thirds of the requests begin with blocks 0 to 3, of those a fourth with 0 to 5; the others
/// have nothing in common.
#[test]
fn families_are_those_that_were_built_in() {
    let request = |at: u32| match at % 12 {
        0..6 => vec![0, 1, 2, 3, 1000 + at],
        6..8 => vec![0, 1, 2, 3, 4, 5, 5000 + at],
        _ => vec![9000 + at],
    };
    let blocks = |at: u32| request(at).into_iter().map(BlockId).collect();
    let facts = Facts::of(&log_of((0..1200).map(blocks)));
    let told: Vec<_> = facts
        .tree
        .largest
        .iter()
        .map(|it| (it.block.0, it.requests, it.prefix_blocks, it.example_request, it.within))
        .collect();
    assert_eq!(told, [(0, 800, 4, 1, None), (4, 200, 6, 7, Some(BlockId(0)))]);
    assert_eq!(facts.tree.families, 2);
}

#[test]
fn times_and_sessions_are_those_that_were_built_in() {
    let mut log = Log::new();
    for index in 0..600_u32 {
        // Twice as fast in the second half; three sessions in turn, one request of ten without.
        let arrival_s = f64::from(if index < 300 { 2 * index } else { 300 + index });
        let session = if index % 10 == 9 { Request::NO_SESSION } else { index % 3 };
        let request = Request { index, arrival_s, input_tokens: 10, output_tokens: index, session };
        log.push(request, &[]);
    }
    log.end();
    let facts = Facts::of(&log);
    let times = &facts.times;
    assert_eq!((times.duration_s, times.bin_s, times.moments), (899.0, 10.0, 600));
    assert_eq!((times.peak_rps, times.mean_rps), (1.0, 600.0 / 899.0));
    let first: Vec<u64> = times.bins[..2].iter().map(|bin| bin.requests).collect();
    assert_eq!((first, times.bins.len()), (vec![5, 5], 90));
    let sessions = facts.sessions.expect("there are some");
    assert_eq!((sessions.sessions, sessions.requests, sessions.waiting), (3, 540, 0));
    assert_eq!((sessions.turns.least, sessions.turns.most, sessions.turns.p50), (180, 180, 180.0));
    assert_eq!((sessions.gaps_ms.least, sessions.gaps_ms.count), (3000, 537));
    assert_eq!((facts.output_tokens.p90, facts.output_tokens.most), (540.0, 599));
}

/// Parts, and a packed log, give the same.
#[test]
fn facts_do_not_depend_on_how_they_are_collected() {
    let log = workload("toolagent", 8, 700);
    let want = Facts::of(&log);
    let unpacked = pack::unpack(&pack::pack(&log).expect("a whole log")).expect("a packed log");
    assert_eq!(Facts::of(&unpacked), want);
    let mut collector = Collector::new(&log);
    while collector.number() < log.len() {
        let place = collector.number();
        (place..log.len().min(place + 97)).for_each(|place| collector.push(&log.get(place)));
        collector = collector.clone();
    }
    assert_eq!(collector.finish(&log), want);
}

/// What tests/workloads finds with measures of its own: the published figures stand beside.
#[test]
fn a_workload_stands_beside_what_was_published() {
    for (id, rows) in [("toolagent", 12), ("conversation", 11)] {
        let row = kvscope::trace::synth::find(id).expect("a workload");
        let facts = Facts::of(&workload(id, 7, row.default_requests));
        let beside = beside::find(id).expect("a source").beside(&facts);
        assert_eq!(beside.len(), rows);
        for it in beside {
            let apart = (it.here - it.published).abs();
            let most = if it.is_share { 0.03 } else { 0.05 * it.published };
            assert!(apart <= most, "{id}: {it:?}");
        }
    }
    assert_eq!(SOURCES[0].id, "notes");
}

#[test]
fn real_trace_has_its_published_figures() {
    let Some(log) = real("analyze::facts::real_trace") else { return };
    let facts = Facts::of(&log);
    let beside = beside::find("conversation").expect("a source").beside(&facts);
    for it in &beside {
        let digits = if it.is_share { 6e-4 } else { 2e-4 * it.published };
        assert!((it.here - it.published).abs() <= digits, "{it:?}");
    }
    assert_eq!(facts.tree.largest[0].requests, 12_031);
}
