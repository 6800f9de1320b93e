//! The flat insertion discipline: each block alone.
//!
//! Resident: touch. Not: if the cache is full evict, then insert with count 1. A request may
//! evict its own earlier blocks.

use super::{AUDITS, Adoption, Lookup, Marks, NodeCache, Served, Store};
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

    /// Touches or inserts blocks in order, the first of which is at `depth`.
    #[inline(never)]
    fn run(&mut self, lookup: &Lookup<'_>, depth: u32, marks: &mut Marks<'_>) -> Served {
        let (mut served, mut near) = (Served::default(), Near::default());
        let mut leading = lookup.blocks.len();
        for (at, &block) in lookup.blocks.iter().enumerate() {
            let next_use = lookup.next_use(at);
            let access = Access { block, depth: depth + at as u32, next_use };
            if let Some(slot) = self.store.find(block, &mut near) {
                served.hits += 1;
                self.store.touch(slot);
                self.policy.on_hit(slot, &access);
            } else {
                leading = leading.min(at);
                if !self.admit(&access, &mut near, &mut served, marks) {
                    served.refused += 1;
                }
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
        let lookup = Lookup { blocks: &[access.block], next_use: &[access.next_use] };
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
