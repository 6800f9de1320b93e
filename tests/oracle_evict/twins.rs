//! A slow and obvious form of every policy, by the id of its row.

use super::history::{
    Historian, Ranking, age, depth, last_stamp, last_use, next_use, uses, uses_ever,
};
use super::naive::{Rules, Twin};
use super::queues::{Arc, Clock, S3Fifo, Sieve, Slru, TwoQ};
use super::tinylfu::WTinyLfu;
use kvscope::cache::CacheRow;
use kvscope::evict::Access;
use kvscope::model::BlockId;
use kvscope::params::Params;
use kvscope::rng::Stream;

/// Larger keys must come first here.
fn descending(value: u64) -> u64 {
    u64::MAX - value
}

/// The twin of the row `id`, or `None` if it has none yet.
pub(crate) fn twin(
    id: &str,
    params: &Params,
    capacity: u32,
    stream: Stream,
) -> Option<Box<dyn Twin>> {
    let ranked = |ranking: Ranking| Historian::boxed(ranking, |_, _| false);
    let share = |name: &str| (params.number(name) * f64::from(capacity)) as usize;
    let capacity = capacity as usize;
    Some(match id {
        "fifo" => ranked(Box::new(|events, block| [age(events, block), 0, 0])),
        "lru" | "leaf_lru" => ranked(Box::new(|events, block| [last_use(events, block), 0, 0])),
        "lfu" | "leaf_lfu" => {
            ranked(Box::new(|events, block| [uses(events, block), last_use(events, block), 0]))
        }
        "lfu_persistent" => {
            ranked(Box::new(|events, block| [uses_ever(events, block), last_use(events, block), 0]))
        }
        "length_aware" => ranked(Box::new(|events, block| {
            let depth = descending(depth(events, block));
            [uses(events, block), depth, last_use(events, block)]
        })),
        "lru_tail_first" => ranked(Box::new(|events, block| [last_stamp(events, block), 0, 0])),
        "leaf_slru" => {
            let protected = params.integer("protected_uses");
            ranked(Box::new(move |events, block| {
                let is_protected = protected <= uses(events, block);
                [u64::from(is_protected), last_use(events, block), 0]
            }))
        }
        "optimal" => {
            let farthest = |events: &[_], block: BlockId| {
                let (next, depth) = (next_use(events, block), depth(events, block));
                [descending(next), descending(depth), descending(u64::from(block.0))]
            };
            let bypass = params.switch("bypass");
            let rule = if bypass { |new, lowest| new < lowest } else { |_, _| false };
            Historian::boxed(Box::new(farthest), rule)
        }
        "optimal_tree" => {
            let farthest = |events: &[_], block: BlockId| {
                [descending(next_use(events, block)), descending(u64::from(block.0)), 0]
            };
            Historian::boxed(Box::new(farthest), |new, lowest| new[0] <= lowest[0])
        }
        "batch" => {
            let order = params.choice("order").to_owned();
            let ranking = move |events: &[_], block: BlockId| match order.as_str() {
                "fifo" => [age(events, block), 0, 0],
                "lru" => [last_use(events, block), 0, 0],
                _ => [uses(events, block), last_use(events, block), 0],
            };
            Historian::batches(Box::new(ranking), params.integer("batch_size") as usize)
        }
        "clock" => Box::new(Clock::default()),
        "sieve" => Box::new(Sieve::default()),
        "s3fifo" => {
            let ghosts = ((1.0 - params.number("small_share")) * capacity as f64) as usize;
            let small = share("small_share");
            Box::new(S3Fifo::new(small, capacity - small, ghosts))
        }
        "arc" => Box::new(Arc::new(capacity)),
        "two_q" => Box::new(TwoQ::new(share("in_share"), share("out_share"))),
        "slru" => Box::new(Slru::new(share("protected_share"))),
        "wtinylfu" => Box::new(WTinyLfu::new(capacity, share("window_share").max(1))),
        "random" => Box::new(Random { bulk: params.integer("bulk") as usize, stream }),
        _ => return None,
    })
}

/// The discipline of a row's constructors.
pub(crate) fn rules(row: &CacheRow, is_tree: bool) -> Rules {
    match (is_tree, row.leaves) {
        (true, _) => Rules::TREE,
        (false, true) => Rules::LEAVES,
        (false, false) => Rules::FLAT,
    }
}

/// Any of the eligible.
struct Random {
    bulk: usize,
    stream: Stream,
}

impl Twin for Random {
    fn hit(&mut self, _access: &Access) {}

    fn insert(&mut self, _access: &Access) {}

    fn victim(&mut self, eligible: &[BlockId], _incoming: &Access) -> Option<BlockId> {
        Some(eligible[self.stream.below(eligible.len() as u64) as usize])
    }

    fn at_once(&self) -> usize {
        self.bulk
    }

    fn leave(&mut self, _block: BlockId) {}
}
