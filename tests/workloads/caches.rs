//! Single caches, written to be obviously right: ordered sets, no shared structure with the core.

use super::trace::Trace;
use std::collections::{BTreeSet, HashSet};

/// Which block goes first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Policy {
    Fifo,
    Lru,
    Lfu,
}

/// What one cache did over a trace.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Outcome {
    /// Block references that found their block, wherever in the request.
    pub(crate) any_hits: u64,
    pub(crate) evictions: u64,
    /// Tokens of leading hits, counted at arrival, over the second half of the requests.
    pub(crate) late_hit_tokens: u64,
}

impl Outcome {
    pub(crate) fn any_rate(&self, trace: &Trace) -> f64 {
        self.any_hits as f64 / trace.references() as f64
    }

    pub(crate) fn late_token_rate(&self, trace: &Trace) -> f64 {
        self.late_hit_tokens as f64 / trace.late_tokens() as f64
    }
}

/// Every block alone, as in the core's `flat` discipline.
pub(crate) fn flat(trace: &Trace, capacity: usize, policy: Policy) -> Outcome {
    let mut outcome = Outcome::default();
    // The victim is the smallest (touches, tick, block).
    let mut order: BTreeSet<(u64, u64, u32)> = BTreeSet::new();
    let mut held: Vec<Option<(u64, u64)>> = vec![None; trace.distinct()];
    let mut tick = 0;
    for (index, request) in trace.requests.iter().enumerate() {
        let run = request.blocks.iter().take_while(|&&block| held[block as usize].is_some());
        outcome.late_hit_tokens += trace.late_tokens_of(index, run.count());
        for &block in &request.blocks {
            tick += 1;
            let place = &mut held[block as usize];
            if let Some((touches, stamp)) = *place {
                outcome.any_hits += 1;
                let now = match policy {
                    Policy::Fifo => continue,
                    Policy::Lru => (0, tick),
                    Policy::Lfu => (touches + 1, tick),
                };
                order.remove(&(touches, stamp, block));
                order.insert((now.0, now.1, block));
                *place = Some(now);
                continue;
            }
            *place = Some((0, tick));
            if order.len() == capacity {
                let (_, _, victim) = order.pop_first().expect("a full cache has a victim");
                held[victim as usize] = None;
                outcome.evictions += 1;
            }
            order.insert((0, tick, block));
        }
    }
    outcome
}

/// LRU over a prefix tree: only blocks without resident children go, and what the request found
/// on arrival stays while it inserts. Only `late_hit_tokens` is counted.
pub(crate) fn tree_lru(trace: &Trace, capacity: usize) -> Outcome {
    let mut outcome = Outcome::default();
    let mut stamp = vec![0_u64; trace.distinct()];
    let mut children = vec![0_u32; trace.distinct()];
    let mut parent = vec![u32::MAX; trace.distinct()];
    let mut held = vec![false; trace.distinct()];
    let mut leaves: BTreeSet<(u64, u32)> = BTreeSet::new();
    let (mut tick, mut resident) = (0, 0);
    for (index, request) in trace.requests.iter().enumerate() {
        let run = request.blocks.iter().take_while(|&&block| held[block as usize]).count();
        outcome.late_hit_tokens += trace.late_tokens_of(index, run);
        let (found, missing) = request.blocks.split_at(run);
        let pinned: HashSet<u32> = found.iter().copied().collect();
        for &block in found {
            tick += 1;
            if leaves.remove(&(stamp[block as usize], block)) {
                leaves.insert((tick, block));
            }
            stamp[block as usize] = tick;
        }
        let mut above = found.last().copied();
        for &block in missing {
            if resident == capacity {
                let victim = leaves.iter().find(|(_, leaf)| !pinned.contains(leaf)).copied();
                let Some((when, victim)) = victim else { break };
                leaves.remove(&(when, victim));
                held[victim as usize] = false;
                outcome.evictions += 1;
                resident -= 1;
                let up = parent[victim as usize];
                if up != u32::MAX {
                    children[up as usize] -= 1;
                    if children[up as usize] == 0 {
                        leaves.insert((stamp[up as usize], up));
                    }
                }
            }
            if above.is_some_and(|above| !held[above as usize]) {
                break;
            }
            tick += 1;
            if let Some(above) = above {
                children[above as usize] += 1;
                leaves.remove(&(stamp[above as usize], above));
                parent[block as usize] = above;
            }
            stamp[block as usize] = tick;
            held[block as usize] = true;
            leaves.insert((tick, block));
            resident += 1;
            above = Some(block);
        }
    }
    outcome
}
