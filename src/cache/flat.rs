//! The flat insertion discipline: each block alone.
//!
//! Resident: touch. Not: if the cache is full evict, then insert with count 1. A request may
//! evict its own earlier blocks.

use super::{AUDITS, Adoption, Lookup, Marks, NodeCache, RUNS, Served, Store};
use crate::columns::Kept;
use crate::columns::pages::Near;
use crate::evict::{Access, Policy};
use crate::model::{BlockId, Slot};

/// A cache under the flat discipline, with policy `P`.
#[derive(Clone, Debug)]
pub struct Flat<P> {
    store: Store,
    policy: P,
    /// The slots that the policy has been told of are below this one.
    covered: u32,
    /// Resident blocks of the request that ends, for policies that restamp.
    stamped: Vec<Slot>,
}

impl<P: Policy + 'static> Flat<P> {
    const RUNS: bool = RUNS || P::RUNS;

    /// An empty cache of `capacity` blocks.
    pub fn boxed(policy: P, capacity: u32) -> Box<dyn NodeCache> {
        Box::new(Self { store: Store::new(capacity), policy, covered: 0, stamped: Vec::new() })
    }

    /// Inserts a block that is not resident; whether it is kept.
    #[inline(always)]
    fn admit(
        &mut self,
        access: &Access,
        near: &mut Near,
        served: &mut Served,
        marks: &mut Marks<'_>,
    ) -> bool {
        if !self.policy.on_miss(access) {
            return false;
        }
        if self.store.is_full() {
            for _ in 0..self.policy.victims_at_once().min(self.store.len()) {
                let Some(slot) = self.policy.victim(access) else { return false };
                let block = self.store.remove(slot);
                self.policy.on_evict(block);
                marks.evict(block);
                served.evicted += 1;
            }
        }
        let slot = self.store.insert(access.block, near);
        if self.covered <= slot {
            self.cover();
        }
        self.policy.on_insert(slot, access);
        served.rewanted += u32::from(marks.insert(access.block));
        true
    }

    /// Inserts `len` blocks that follow each other from `first` on and are not resident, all of
    /// which are kept: as [`Flat::admit`] for each, as many at a time as there is room for.
    #[inline(always)]
    fn admit_run(
        &mut self,
        first: &Access,
        len: u32,
        near: &mut Near,
        served: &mut Served,
        marks: &mut Marks<'_>,
    ) {
        let mut done = 0;
        while done < len {
            let first = first.ahead(done);
            if self.store.is_full() {
                served.evicted += self.make_room(&first, len - done, marks);
            }
            let some = (len - done).min(self.store.room());
            let slot = self.store.insert_run(first.block, some, near);
            if self.covered < slot + some {
                self.cover();
            }
            self.policy.on_insert_run(slot..slot + some, &first);
            served.rewanted += marks.insert_run(first.block, some);
            done += some;
        }
    }

    /// Evicts what goes for `wanted` blocks from `first` on, or for as many of them as it is known
    /// of; returns how many went.
    #[inline(always)]
    fn make_room(&mut self, first: &Access, wanted: u32, marks: &mut Marks<'_>) -> u32 {
        let mut evicted = 0;
        while evicted < wanted
            && let Some(slots) = self.policy.victims_before(first, evicted, wanted - evicted)
        {
            let len = slots.len() as u32;
            let block = self.store.remove_run(slots.start, len);
            self.policy.on_evict_run(block, len);
            marks.evict_run(block, len);
            evicted += len;
        }
        assert!(0 < evicted, "a full cache has a block to drop for one that is kept");
        evicted
    }

    /// Touches or inserts blocks in order, the first of which is at `depth`.
    #[inline(never)]
    fn run(&mut self, lookup: &Lookup<'_>, depth: u32, marks: &mut Marks<'_>) -> Served {
        let (mut served, mut near) = (Served::default(), Near::default());
        let (mut leading, mut at) = (lookup.blocks.len(), 0);
        let access = |at: usize| Access {
            block: lookup.blocks[at],
            depth: depth + at as u32,
            next_use: lookup.next_use(at),
        };
        while at < lookup.blocks.len() {
            // While these are found nothing goes, and while they are not none of them comes but in
            // its turn.
            let (slot, len) = if Self::RUNS {
                lookup.stretch(at, &self.store, &mut near)
            } else {
                (self.store.find(lookup.blocks[at], &mut near), 1)
            };
            let end = at + len as usize;
            if let Some(slot) = slot {
                served.hits += len;
                self.store.touch_run(slot, len);
                if Self::RUNS && lookup.next_use.is_empty() {
                    self.policy.on_hit_run(slot..slot + len, &access(at));
                } else {
                    let all = (slot..slot + len).zip(at..);
                    all.for_each(|(slot, at)| self.policy.on_hit(slot, &access(at)));
                }
                at = end;
                continue;
            }
            leading = leading.min(at);
            while at < end {
                let first = access(at);
                let most = (end - at) as u32;
                let len = if Self::RUNS { self.policy.on_miss_run(&first, most) } else { 0 };
                if 0 < len {
                    self.admit_run(&first, len, &mut near, &mut served, marks);
                } else {
                    let kept = self.admit(&first, &mut near, &mut served, marks);
                    served.refused += u32::from(!kept);
                }
                at += len.max(1) as usize;
            }
        }
        served.leading = leading as u32;
        served.inserted = lookup.blocks.len() as u32 - served.hits - served.refused;
        served
    }

    #[inline(never)]
    fn cover(&mut self) {
        self.covered = self.store.slots();
        self.policy.cover(self.covered);
    }
}

impl<P: Policy + 'static> NodeCache for Flat<P> {
    fn serve(&mut self, lookup: &Lookup<'_>, marks: &mut Marks<'_>) -> Served {
        let served = self.run(lookup, 0, marks);
        if P::RESTAMPS {
            let slots = lookup.blocks.iter().filter_map(|&block| self.store.slot(block));
            self.stamped.clear();
            self.stamped.extend(slots);
            self.policy.on_request_end(&self.stamped);
        }
        served
    }

    fn adopt(
        &mut self,
        access: &Access,
        _parent: BlockId,
        marks: &mut Marks<'_>,
    ) -> (Adoption, u32) {
        if self.store.slot(access.block).is_some() {
            return (Adoption::Resident, 0);
        }
        let lookup = Lookup { blocks: &[access.block], next_use: &[access.next_use], rises: true };
        let served = self.run(&lookup, access.depth, marks);
        let adoption = if served.inserted > 0 { Adoption::Inserted } else { Adoption::Dropped };
        (adoption, served.evicted)
    }

    fn release(&mut self, block: BlockId, marks: &mut Marks<'_>) -> bool {
        let Some(slot) = self.store.slot(block) else { return false };
        self.policy.on_remove(slot);
        self.store.remove(slot);
        marks.release(block);
        true
    }

    fn foresee(&mut self, lookup: &Lookup<'_>) {
        for (slot, access) in lookup.resident(&self.store) {
            self.policy.on_foresight(slot, &access);
        }
    }

    fn keep_names(&self, kept: &mut Kept) {
        self.policy.keep_names(kept);
    }

    fn clone_box(&self) -> Box<dyn NodeCache> {
        Box::new(self.clone())
    }

    fn store(&self) -> &Store {
        &self.store
    }

    fn stand_alone(&mut self) {
        self.store.stand_alone();
        self.policy.stand_alone();
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
