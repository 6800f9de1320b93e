//! What replaying a trace over a cluster costs at the least: a bare loop on plain vectors.
//!
//! It counts what a simulator must (hits, prefix hits, evictions, blocks wanted again) under LRU
//! and two routers, and nothing else: no policy to choose, no series, no window, no request but
//! its blocks. It is the peer that `cargo xtask bench` puts beside the simulator, and its counts
//! must be the simulator's.
//!
//! A cache is laid out in one of two ways, of which the faster counts:
//! - **pages**: a block's slot is its place in a page of 16 neighbours, and slots are linked in
//!   order of use;
//! - **ring**: one last use by block, and a ring of uses in which stale ones are skipped.

#[path = "bare/layout.rs"]
mod layout;

use layout::{Cache, Pages, Ring};

/// Requests as blocks, numbered densely from 0 in order of first use.
#[derive(Clone, Debug, Default)]
pub struct Requests {
    /// All blocks, request after request.
    pub blocks: Vec<u32>,
    /// Where each request ends in `blocks`.
    pub ends: Vec<u32>,
    /// How many blocks there are.
    pub distinct: usize,
}

/// What was counted, in blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Found resident when their turn came.
    pub block_hits: u64,
    /// Inside the leading run that was resident on the node.
    pub prefix_hits: u64,
    /// Evicted.
    pub evictions: u64,
    /// Inserted on a node that had evicted them before.
    pub rewanted: u64,
}

/// Who gets a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Router {
    /// Each node in its turn.
    RoundRobin,
    /// Most matched blocks less a charge for load, as the simulator's defaults have it.
    CacheAware,
}

/// How a cache is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Linked slots in pages of 16 neighbours.
    Pages,
    /// A ring of uses and a last use by block.
    Ring,
}

/// Serves all requests on `nodes` caches (at most 64) of `capacity` blocks each.
pub fn replay(
    requests: &Requests,
    nodes: usize,
    capacity: usize,
    router: Router,
    layout: Layout,
) -> Counts {
    assert!(0 < nodes && nodes <= 64, "{nodes} nodes do not fit in a word");
    let small = nodes <= 8;
    let serve = match (router, layout, small) {
        (Router::RoundRobin, Layout::Pages, true) => round_robin::<Pages, u8>,
        (Router::RoundRobin, Layout::Pages, false) => round_robin::<Pages, u64>,
        (Router::RoundRobin, Layout::Ring, true) => round_robin::<Ring, u8>,
        (Router::RoundRobin, Layout::Ring, false) => round_robin::<Ring, u64>,
        (Router::CacheAware, Layout::Pages, true) => cache_aware::<Pages, u8>,
        (Router::CacheAware, Layout::Pages, false) => cache_aware::<Pages, u64>,
        (Router::CacheAware, Layout::Ring, true) => cache_aware::<Ring, u8>,
        (Router::CacheAware, Layout::Ring, false) => cache_aware::<Ring, u64>,
    };
    serve(requests, nodes, capacity)
}

fn round_robin<C: Cache, W: Word>(requests: &Requests, nodes: usize, capacity: usize) -> Counts {
    let mut cluster = Cluster::<C, W>::new(requests, nodes, capacity);
    let (mut start, mut node) = (0, 0);
    for &end in &requests.ends {
        cluster.serve(node, &requests.blocks[start..end as usize]);
        start = end as usize;
        node = if node + 1 == nodes { 0 } else { node + 1 };
    }
    cluster.counts
}

/// The window of the load, in requests, and what a load of 1 outweighs, in blocks.
const WINDOW: usize = 100;
const LOAD_WEIGHT: f64 = 10.0;

fn cache_aware<C: Cache, W: Word>(requests: &Requests, nodes: usize, capacity: usize) -> Counts {
    let mut cluster = Cluster::<C, W>::new(requests, nodes, capacity);
    let charges: Vec<f64> =
        (0..=WINDOW).map(|count| LOAD_WEIGHT * (count as f64 / WINDOW as f64)).collect();
    let (mut recent, mut counts, mut at) = ([usize::MAX; WINDOW], vec![0_usize; nodes], 0);
    let (mut matched, mut start) = (vec![0_u32; nodes], 0);
    for &end in &requests.ends {
        let blocks = &requests.blocks[start..end as usize];
        start = end as usize;
        cluster.matches(blocks, &mut matched);
        let (mut node, mut best) = (0, f64::NEG_INFINITY);
        for (candidate, (&blocks, &count)) in matched.iter().zip(&counts).enumerate() {
            let score = f64::from(blocks) - charges[count];
            if best < score {
                (node, best) = (candidate, score);
            }
        }
        if let Some(count) = counts.get_mut(recent[at]) {
            *count -= 1;
        }
        recent[at] = node;
        counts[node] += 1;
        at = if at + 1 == WINDOW { 0 } else { at + 1 };
        cluster.serve(node, blocks);
    }
    cluster.counts
}

/// Caches, and by block who holds it and who lost it.
struct Cluster<C, W> {
    caches: Vec<C>,
    /// By block: nodes that hold it, nodes that evicted it and have not had it again.
    rows: Vec<[W; 2]>,
    capacity: usize,
    all: W,
    counts: Counts,
}

impl<C: Cache, W: Word> Cluster<C, W> {
    fn new(requests: &Requests, nodes: usize, capacity: usize) -> Self {
        let cache = || C::new(capacity, requests.distinct);
        Self {
            caches: (0..nodes).map(|_| cache()).collect(),
            rows: vec![[W::NONE; 2]; requests.distinct],
            capacity,
            all: W::first(nodes),
            counts: Counts::default(),
        }
    }

    /// Writes how many leading blocks each node holds.
    #[inline]
    fn matches(&self, blocks: &[u32], matched: &mut [u32]) {
        matched.fill(0);
        let (mut alive, mut depth) = (self.all, 0);
        for &block in blocks {
            let kept = alive.and(self.rows[block as usize][0]);
            alive.without(kept).each(|node| matched[node] = depth);
            alive = kept;
            if alive == W::NONE {
                return;
            }
            depth += 1;
        }
        alive.each(|node| matched[node] = depth);
    }

    #[inline]
    fn serve(&mut self, node: usize, blocks: &[u32]) {
        let bit = W::only(node);
        let cache = &mut self.caches[node];
        // Uses change no residency, so the blocks hit before the first miss are the prefix.
        let (mut hits, mut prefix) = (0, None);
        for (depth, &block) in blocks.iter().enumerate() {
            let row = &mut self.rows[block as usize];
            if row[0].and(bit) != W::NONE {
                hits += 1;
                cache.touch(block);
                continue;
            }
            prefix = prefix.or(Some(depth));
            self.counts.rewanted += u64::from(row[1].and(bit) != W::NONE);
            row[0] = row[0].or(bit);
            row[1] = row[1].without(bit);
            if cache.len() == self.capacity {
                let victim = &mut self.rows[cache.evict() as usize];
                victim[0] = victim[0].without(bit);
                victim[1] = victim[1].or(bit);
                self.counts.evictions += 1;
            }
            cache.insert(block);
        }
        self.counts.block_hits += hits;
        self.counts.prefix_hits += prefix.unwrap_or(blocks.len()) as u64;
    }
}

/// A set of nodes in one word.
trait Word: Copy + PartialEq {
    const NONE: Self;
    fn only(node: usize) -> Self;
    fn first(nodes: usize) -> Self;
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    fn without(self, other: Self) -> Self;
    fn each(self, act: impl FnMut(usize));
}

macro_rules! word {
    ($word:ty) => {
        impl Word for $word {
            const NONE: Self = 0;
            fn only(node: usize) -> Self {
                1 << node
            }
            fn first(nodes: usize) -> Self {
                Self::MAX >> (Self::BITS as usize - nodes)
            }
            fn and(self, other: Self) -> Self {
                self & other
            }
            fn or(self, other: Self) -> Self {
                self | other
            }
            fn without(self, other: Self) -> Self {
                self & !other
            }
            fn each(mut self, mut act: impl FnMut(usize)) {
                while self != 0 {
                    act(self.trailing_zeros() as usize);
                    self &= self - 1;
                }
            }
        }
    };
}

word!(u8);
word!(u64);
