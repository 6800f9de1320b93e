//! The tree discipline for a cache that stands alone: paths come and go, and not blocks.
//!
//! What it does is what [`Tree`](super::Tree) does where nobody but requests inserts and removes
//! anything, with runs of neighbours in place of blocks: no count of children, no pins, no order
//! among leaves. That it comes to the same:
//!
//! - A block is inserted only while its parent is there, and of two blocks on one path each order
//!   here drops the deeper one first. So what is resident of a request is its beginning.
//! - A resident child is never wanted longer than its parent: it was last used no later, and is
//!   used next no sooner. So of all blocks that are not the request's the one that the policy would
//!   drop first is a leaf, and no look at leaves changes the order.
//! - The request's own blocks are pinned, or else newer than all others and used next no later than
//!   the one that comes in: they go last, if at all ([`PathPolicy::OWN_LAST_GOES`]).

use super::{AUDITS, Adoption, Lookup, Marks, NodeCache, Served, Store};
use crate::columns::Kept;
use crate::columns::pages::Near;
use crate::evict::{Access, PathPolicy};
use crate::model::{BlockId, Slot};
use std::ops::Range;

/// A cache of whole paths, with policy `P`.
#[derive(Clone, Debug)]
pub struct Paths<P> {
    store: Store,
    policy: P,
    /// The slots that the policy has been told of are below this one.
    covered: u32,
    /// What is resident of the request, root first.
    path: Vec<Range<Slot>>,
}

impl<P: PathPolicy + 'static> Paths<P> {
    /// An empty cache of `capacity` blocks.
    pub fn boxed(policy: P, capacity: u32) -> Box<dyn NodeCache> {
        Box::new(Self { store: Store::new(capacity), policy, covered: 0, path: Vec::new() })
    }

    /// Finds what is resident of a request; returns how many blocks that are.
    fn find(&mut self, lookup: &Lookup<'_>, near: &mut Near) -> usize {
        let mut at = 0;
        self.path.clear();
        while at < lookup.blocks.len()
            && let (Some(slot), len) = lookup.stretch(at, &self.store, near)
        {
            self.store.touch_run(slot, len);
            self.path.push(slot..slot + len);
            at += len as usize;
        }
        at
    }

    /// Inserts the blocks from `at` on, none of which is resident, as far as there is room.
    fn insert(
        &mut self,
        lookup: &Lookup<'_>,
        mut at: usize,
        near: &mut Near,
        marks: &mut Marks<'_>,
    ) -> Served {
        let mut served = Served::default();
        while at < lookup.blocks.len() {
            let (slot, len) = lookup.stretch(at, &self.store, near);
            debug_assert!(slot.is_none(), "a block without its parent");
            let (first, len) = (lookup.blocks[at], lookup.alike(at, len));
            served.evicted += self.make_room(lookup.next_use(at), len, marks);
            let some = len.min(self.store.room());
            if 0 < some {
                let slot = self.store.insert_run(first, some, near);
                if self.covered < slot + some {
                    self.covered = self.store.slots();
                    self.policy.cover(self.covered);
                }
                self.path.push(slot..slot + some);
                served.inserted += some;
                served.rewanted += marks.insert_run(first, some);
                at += some as usize;
            }
            if some < len {
                if P::OWN_LAST_GOES && 0 < served.inserted {
                    self.drop_last(marks);
                    served.evicted += 1;
                }
                break;
            }
        }
        served
    }

    /// Evicts until there is room for `wanted` blocks, or nothing may go; returns how many went.
    fn make_room(&mut self, next_use: u32, wanted: u32, marks: &mut Marks<'_>) -> u32 {
        let mut evicted = 0;
        while self.store.room() < wanted
            && let Some(slots) = self.policy.victims(next_use, wanted - self.store.room())
        {
            let len = slots.len() as u32;
            let block = self.store.remove_run(slots.start, len);
            marks.evict_run(block, len);
            evicted += len;
        }
        evicted
    }

    /// Evicts the last block of the request.
    fn drop_last(&mut self, marks: &mut Marks<'_>) {
        let slots = self.path.last_mut().expect("it has inserted some");
        slots.end -= 1;
        let slot = slots.end;
        if slots.start == slots.end {
            self.path.pop();
        }
        marks.evict(self.store.remove(slot));
    }
}

impl<P: PathPolicy + 'static> NodeCache for Paths<P> {
    fn serve(&mut self, lookup: &Lookup<'_>, marks: &mut Marks<'_>) -> Served {
        let mut near = Near::default();
        let leading = self.find(lookup, &mut near);
        self.policy.begin(&self.path);
        let served = self.insert(lookup, leading, &mut near, marks);
        let mut end: usize = self.path.iter().map(ExactSizeIterator::len).sum();
        for slots in self.path.iter().rev() {
            let start = end - slots.len();
            let next_uses = lookup.next_use.get(start..end).unwrap_or(&[]);
            self.policy.keep(slots.clone(), lookup.blocks[start], next_uses);
            end = start;
        }
        let (hits, all) = (leading as u32, lookup.blocks.len() as u32);
        Served { hits, leading: hits, refused: all - hits - served.inserted, ..served }
    }

    fn adopt(&mut self, access: &Access, _: BlockId, _: &mut Marks<'_>) -> (Adoption, u32) {
        panic!("{access:?} migrates to a cache that stands alone")
    }

    fn release(&mut self, block: BlockId, _: &mut Marks<'_>) -> bool {
        panic!("{block:?} is taken from a cache that stands alone")
    }

    fn foresee(&mut self, _: &Lookup<'_>) {}

    fn keep_names(&self, _: &mut Kept) {}

    fn clone_box(&self) -> Box<dyn NodeCache> {
        Box::new(self.clone())
    }

    fn store(&self) -> &Store {
        &self.store
    }

    fn stand_alone(&mut self) {
        self.store.stand_alone();
    }

    fn count_touches(&mut self) {
        self.store.count_touches();
    }

    fn validate(&self) {
        if AUDITS {
            self.policy.validate(&self.store.validate());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::{CACHES, Constructor};
    use crate::columns::Ledger;
    use crate::model::{NodeId, Request};
    use crate::params::{Build, Params};
    use crate::rng::Stream;
    use crate::trace::Log;

    /// A trace of random paths in a tree in which `branches` blocks continue each.
    fn trace(stream: &mut Stream, requests: u32, branches: u64) -> Log {
        let (mut log, mut tree) = (Log::new(), std::collections::BTreeMap::new());
        for index in 0..requests {
            let (mut blocks, mut parent) = (Vec::new(), BlockId::NONE);
            for _ in 0..stream.below(40) {
                let new = BlockId(tree.len() as u32);
                // Mostly one goes on where another went before.
                let branch = stream.below(branches * 8).saturating_sub(branches * 7);
                parent = *tree.entry((parent.0, branch)).or_insert(new);
                blocks.push(parent);
            }
            let (input_tokens, output_tokens, session) = (1, 0, Request::NO_SESSION);
            log.push(
                Request { index, arrival_s: 0.0, input_tokens, output_tokens, session },
                &blocks,
            );
        }
        log.end();
        log.look_ahead().expect("the whole trace is held");
        log
    }

    struct Side {
        cache: Box<dyn NodeCache>,
        ledger: Ledger,
    }

    impl Side {
        fn new(constructor: Constructor, params: &Params, capacity: u32, alone: bool) -> Self {
            let stream = Stream::new(1, "paths", 0);
            let build = Build { params, nodes: 1, joining: 0, capacity, block_size: 512, stream };
            let (mut cache, mut ledger) = (constructor(build), Ledger::new(1));
            if alone {
                cache.stand_alone();
            }
            ledger.cover(100_000);
            Self { cache, ledger }
        }

        fn serve(&mut self, lookup: &Lookup<'_>) -> Served {
            let served = self.cache.serve(lookup, &mut self.ledger.marks(NodeId(0)));
            self.cache.validate();
            served
        }

        fn blocks(&self) -> Vec<BlockId> {
            let mut blocks: Vec<_> = self.cache.store().resident().map(|it| it.1).collect();
            blocks.sort_unstable();
            blocks
        }
    }

    #[test]
    fn paths_come_and_go_as_blocks_do_that_are_looked_at_one_by_one() {
        let mut stream = Stream::new(5, "paths", 1);
        let mut seen = Served::default();
        for cache in CACHES {
            let (Some(paths), Some(tree)) = (cache.paths, cache.tree) else { continue };
            let params = Params::defaults(cache.policy.params);
            for round in 0..60 {
                let log = trace(&mut stream, 120, 1 + round % 4);
                // Also smaller than a request, and larger than all of them.
                let capacity = [1, 2, 3, 7, 20, 45, 90, 200, 10_000][round as usize % 9];
                let mut ours = Side::new(paths, &params, capacity, round % 2 == 0);
                let mut twin = Side::new(tree, &params, capacity, false);
                for (number, found) in (1..).zip(log.iter()) {
                    let lookup = Lookup {
                        blocks: found.blocks,
                        next_use: found.next_use,
                        rises: round % 3 != 0,
                    };
                    let told = format!("{}, {capacity}, request {number}", cache.policy.id);
                    let (served, want) = (ours.serve(&lookup), twin.serve(&lookup));
                    assert_eq!(served, want, "{told}: {:?}", found.blocks);
                    assert_eq!(ours.blocks(), twin.blocks(), "{told}");
                    seen.evicted += served.evicted;
                    seen.refused += served.refused;
                    seen.rewanted += served.rewanted;
                }
            }
        }
        let Served { evicted, refused, rewanted, .. } = seen;
        assert!(1000 < evicted && 1000 < refused && 1000 < rewanted, "{seen:?}");
    }
}
