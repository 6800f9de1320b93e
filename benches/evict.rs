//! Cost per block access of every eviction policy, at growing capacities.
//!
//! `cargo bench --bench evict [ID...]`; the figures are nanoseconds of processor time, medians
//! of five. Requests are chains of 16 blocks out of four times the capacity, skewed so that
//! about half are resident; the cache is full before the clock starts. What is constant-time in
//! the structure still grows where the cache outgrows the processor's.

use kvscope::cache::{CACHES, Constructor, Lookup, Marks, NodeCache};
use kvscope::evict::{Build, EvictionRow};
use kvscope::model::BlockId;
use kvscope::params::Params;
use kvscope::rng::Stream;
use std::hint::black_box;
use std::time::Instant;

const CAPACITIES: [u32; 4] = [1_000, 10_000, 100_000, 1_000_000];
/// Blocks of a request.
const CHAIN: u32 = 16;
/// Requests of a measured run, and runs.
const REQUESTS: usize = 16_384;
const RUNS: usize = 5;

/// Chains in order of request, with the number of the next request of the same chain.
struct Requests {
    chains: Vec<u32>,
    next: Vec<u32>,
}

impl Requests {
    fn new(capacity: u32) -> Self {
        let mut stream = Stream::new(1, "bench", capacity);
        let chains = u64::from(capacity * 4 / CHAIN);
        let mut draw = || {
            let within = stream.below(chains) + 1;
            stream.below(within) as u32
        };
        let count = warm_up(capacity) + RUNS * REQUESTS;
        let drawn: Vec<u32> = (0..count).map(|_| draw()).collect();
        let mut next = vec![0; count];
        let mut coming = vec![count as u32 + 1; chains as usize];
        for (at, &chain) in drawn.iter().enumerate().rev() {
            next[at] = std::mem::replace(&mut coming[chain as usize], at as u32 + 1);
        }
        Self { chains: drawn, next }
    }

    fn serve(&self, cache: &mut dyn NodeCache, range: std::ops::Range<usize>) -> u32 {
        let mut hits = 0;
        for at in range {
            let first = self.chains[at] * CHAIN;
            let blocks: [BlockId; CHAIN as usize] =
                std::array::from_fn(|depth| BlockId(first + depth as u32));
            let next_use = [self.next[at]; CHAIN as usize];
            let lookup = Lookup { blocks: &blocks, next_use: &next_use, rises: true };
            hits += black_box(cache.serve(&lookup, &mut Marks::nobody())).hits;
        }
        hits
    }
}

/// Requests that fill a cache of `capacity` and let its order settle.
fn warm_up(capacity: u32) -> usize {
    (capacity * 4 / CHAIN) as usize
}

/// Nanoseconds per access, and the share of hits.
fn measure(
    row: &EvictionRow,
    constructor: Constructor,
    capacity: u32,
    requests: &Requests,
) -> (f64, f64) {
    let params = Params::defaults(row.params);
    let stream = Stream::new(1, row.id, 0);
    let build = Build { params: &params, nodes: 1, joining: 0, capacity, block_size: 512, stream };
    let mut cache = constructor(build);
    let start = warm_up(capacity);
    requests.serve(&mut *cache, 0..start);
    let accesses = (REQUESTS * CHAIN as usize) as f64;
    let mut hits = 0;
    let mut costs: Vec<f64> = (0..RUNS)
        .map(|run| {
            let first = start + run * REQUESTS;
            let began = (Instant::now(), processor_ns());
            hits += requests.serve(&mut *cache, first..first + REQUESTS);
            let elapsed = began.0.elapsed().as_secs_f64() * 1e9;
            let worked = processor_ns().zip(began.1).map(|(end, begin)| (end - begin) as f64);
            worked.unwrap_or(elapsed) / accesses
        })
        .collect();
    costs.sort_by(f64::total_cmp);
    (costs[RUNS / 2], f64::from(hits) / (accesses * RUNS as f64))
}

/// Time this thread has run, where the system tells (Linux): other work on the machine does not
/// count in it.
fn processor_ns() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

fn main() {
    let wanted: Vec<String> =
        std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let all: Vec<Requests> = CAPACITIES.iter().map(|&capacity| Requests::new(capacity)).collect();
    println!("| policy | insertion | 1k | 10k | 100k | 1M | hits at 10k |");
    println!("|---|---|---:|---:|---:|---:|---:|");
    for cache in CACHES {
        let row = cache.policy;
        if !(wanted.is_empty() || wanted.iter().any(|id| id == row.id)) {
            continue;
        }
        for (constructor, insertion) in [(cache.flat, "flat"), (cache.tree, "tree")] {
            let Some(constructor) = constructor else { continue };
            let measured: Vec<(f64, f64)> = CAPACITIES
                .iter()
                .zip(&all)
                .map(|(&capacity, requests)| measure(row, constructor, capacity, requests))
                .collect();
            let costs: Vec<String> = measured.iter().map(|it| format!("{:.0}", it.0)).collect();
            let hits = 100.0 * measured[1].1;
            println!("| {} | {insertion} | {} | {hits:.1} % |", row.id, costs.join(" | "));
        }
    }
}
