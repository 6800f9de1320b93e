//! Single caches held to libCacheSim and kvcache-simulator, miss for miss and token for token.

use crate::common::{self, PlainRequest};
use crate::libcachesim::{self, Rules};
use crate::report::Row;
use crate::streams::{self, BLOCK_SIZE, Stream};
use kvscope::cache::{self, Lookup, Marks, NodeCache, Served};
use kvscope::params::ParamValue;
use std::path::Path;

/// What their program counted in one case.
pub(crate) struct Count {
    stream: String,
    pub(crate) policy: String,
    pub(crate) capacity: u32,
    pub(crate) count: u64,
}

/// Compares with the lines that `python/caches.py libcachesim` printed.
pub(crate) fn libcachesim(trace: Option<&Path>, counted: &str, wanted: &[&str]) -> Vec<Row> {
    let note = |policy: &str| match policy {
        "slru" => SLRU,
        "wtinylfu" => WTINYLFU,
        "random" => RANDOM,
        _ => "misses of one cache",
    };
    compare(trace, counted, wanted, &Peer { measure: &misses, note: &note, twin: &is_explained })
}

/// Compares with the lines that `python/caches.py kvcache-simulator` printed.
pub(crate) fn kvcache_simulator(trace: Option<&Path>, counted: &str, wanted: &[&str]) -> Vec<Row> {
    let note = |policy: &str| match policy {
        "lru" => "hit tokens of the last half; our `lru` under `tree`",
        "optimal" => "hit tokens of the last half; our `optimal_tree`",
        _ => "hit tokens of the last half",
    };
    compare(
        trace,
        counted,
        wanted,
        &Peer { measure: &hit_tokens, note: &note, twin: &|_, _| false },
    )
}

const SLRU: &str = "two segments, 1 : 4; a new block enters its protected segment while that has \
                    room, ours never: with that rule a twin counts its misses in every case";
const WTINYLFU: &str = "its window takes everything until the cache is full; it counts insertions, \
                        uses in main and what leaves the window, ours every access; main is its \
                        SLRU; the sketch is a counting Bloom filter: with these four a twin counts \
                        its misses in every case, without them ours";
const RANDOM: &str = "other draws: equal is within 2 % of the misses";

/// Share of the capacity that W-TinyLFU's window has, in theirs and in ours.
const WINDOW: f64 = 0.01;

/// Whether a difference has the reason that the row's note tells.
fn is_explained(prepared: &Prepared, case: &Count) -> bool {
    let (blocks, capacity) = (prepared.stream.blocks(), case.capacity);
    let tinylfu = |rules| libcachesim::wtinylfu(&blocks, capacity, WINDOW, rules);
    match case.policy.as_str() {
        "slru" => libcachesim::slru(&blocks, capacity) == case.count,
        "wtinylfu" => {
            tinylfu(Rules::LibCacheSim) == case.count
                && tinylfu(Rules::Ours) == misses(prepared, "wtinylfu", capacity)
        }
        _ => false,
    }
}

/// Whether two counts are the same, as far as chance allows.
fn same(policy: &str, ours: u64, theirs: u64) -> bool {
    if policy == "random" {
        return ours.abs_diff(theirs) as f64 <= 0.02 * theirs as f64;
    }
    ours == theirs
}

/// What is known of a peer.
pub(crate) struct Peer<'a> {
    /// What our policy of that name counts at a capacity.
    pub(crate) measure: &'a dyn Fn(&Prepared, &str, u32) -> u64,
    /// What a policy's row says.
    pub(crate) note: &'a dyn Fn(&str) -> &'static str,
    /// Whether a difference has the reason that the note tells: a twin counts as they do.
    pub(crate) twin: &'a dyn Fn(&Prepared, &Count) -> bool,
}

/// A stream with what every case of it needs.
pub(crate) struct Prepared {
    pub(crate) stream: Stream,
    next_uses: Vec<Vec<u32>>,
}

/// Compares with counts of programs: stream, policy, capacity and count, by tabs.
pub(crate) fn compare(
    trace: Option<&Path>,
    counted: &str,
    wanted: &[&str],
    peer: &Peer<'_>,
) -> Vec<Row> {
    let counts: Vec<Count> = counted.lines().map(read).collect();
    let mut rows: Vec<Row> = Vec::new();
    for stream in streams::all(trace) {
        let next_uses = common::next_uses(&stream.requests);
        let prepared = Prepared { stream, next_uses };
        for case in counts.iter().filter(|case| case.stream == prepared.stream.name) {
            let Count { policy, capacity, count, .. } = case;
            if !wanted.is_empty() && !wanted.contains(&policy.as_str()) {
                continue;
            }
            let at = rows.iter().position(|row| row.name == *policy).unwrap_or_else(|| {
                rows.push(Row::new(policy, (peer.note)(policy)));
                rows.len() - 1
            });
            let (row, ours) = (&mut rows[at], (peer.measure)(&prepared, policy, *capacity));
            if !same(policy, ours, *count) && (peer.twin)(&prepared, case) {
                row.explain(ours, *count);
            } else {
                let what = || format!("{} at {capacity}: {ours}, not {count}", case.stream);
                row.count(same(policy, ours, *count), what);
            }
        }
    }
    rows
}

fn read(line: &str) -> Count {
    let fields: Vec<&str> = line.split('\t').collect();
    let [stream, policy, capacity, count] = fields[..] else { panic!("four fields: {line}") };
    let number = |text: &str| text.parse::<u64>().unwrap_or_else(|_| panic!("a number: {line}"));
    Count {
        stream: stream.to_owned(),
        policy: policy.to_owned(),
        capacity: number(capacity) as u32,
        count: number(count),
    }
}

/// Misses of a flat cache: what it inserts, and what it refuses.
fn misses(prepared: &Prepared, policy: &str, capacity: u32) -> u64 {
    let row = cache::find(policy).expect("a row of that name");
    // Their Belady always keeps the new block.
    let bypass = [("bypass", ParamValue::Switch(false))];
    let given = if policy == "optimal" { &bypass[..] } else { &[] };
    let mut cache = common::build(row.policy, row.flat.expect("flat"), capacity, given);
    let mut total = Served::default();
    for (request, next_use) in prepared.stream.requests.iter().zip(&prepared.next_uses) {
        let served =
            cache.serve(&Lookup { blocks: &request.blocks, next_use }, &mut Marks::nobody());
        total.inserted += served.inserted;
        total.refused += served.refused;
    }
    u64::from(total.inserted + total.refused)
}

/// Hit tokens of the last half of the requests.
fn hit_tokens(prepared: &Prepared, policy: &str, capacity: u32) -> u64 {
    let (id, is_tree) = match policy {
        "optimal" => ("optimal_tree", true),
        other => (other, other == "lru"),
    };
    let row = cache::find(id).expect("a row of that name");
    let constructor = if is_tree { row.tree } else { row.flat }.expect("a discipline");
    let mut cache = common::build(row.policy, constructor, capacity, &[]);
    let requests = &prepared.stream.requests;
    let mut tokens = 0;
    for (at, (request, next_use)) in requests.iter().zip(&prepared.next_uses).enumerate() {
        if requests.len() / 2 <= at {
            tokens += matched_tokens(&*cache, request);
        }
        cache.serve(&Lookup { blocks: &request.blocks, next_use }, &mut Marks::nobody());
    }
    tokens
}

fn matched_tokens(cache: &dyn NodeCache, request: &PlainRequest) -> u64 {
    let resident = |&&block: &&_| cache.store().slot(block).is_some();
    let matched = request.blocks.iter().take_while(resident).count() as u64;
    (matched * BLOCK_SIZE).min(request.input_length)
}
