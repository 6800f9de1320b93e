//! The flat insertion discipline: each block alone.
//!
//! Resident: touch. Not: if the cache is full evict, then insert with count 1. A request may
//! evict its own earlier blocks.

use super::{AUDITS, Adoption, Change, Entry, Lookup, NodeCache, Served, Store};
use crate::evict::{Access, Policy};
use crate::model::BlockId;

/// A cache under the flat discipline, with policy `P`.
#[derive(Clone, Debug)]
pub struct Flat<P> {
    store: Store,
    policy: P,
    touched: Vec<u32>,
}

impl<P: Policy + Clone + 'static> Flat<P> {
    /// An empty cache of `capacity` blocks.
    pub fn boxed(policy: P, capacity: u32) -> Box<dyn NodeCache> {
        Box::new(Self { store: Store::new(capacity), policy, touched: Vec::new() })
    }

    /// Inserts a block that is not resident; `None` if it is not kept.
    #[inline]
    fn admit(
        &mut self,
        access: &Access,
        parent: BlockId,
        evicted: &mut u32,
        changes: &mut Vec<Change>,
    ) -> Option<u32> {
        if !self.policy.on_miss(access) {
            return None;
        }
        if self.store.is_full() {
            for _ in 0..self.policy.victims_at_once().min(self.store.len()) {
                let slot = self.policy.victim(access)?;
                let block = self.store.remove(slot).block;
                changes.push(Change { block, inserted: false });
                *evicted += 1;
            }
        }
        let slot = self.store.insert(access.block, parent, access.depth);
        self.policy.on_insert(slot, access);
        changes.push(Change { block: access.block, inserted: true });
        Some(slot)
    }
}

impl<P: Policy + Clone + 'static> NodeCache for Flat<P> {
    fn serve(&mut self, lookup: &Lookup<'_>, changes: &mut Vec<Change>) -> Served {
        let mut served = Served::default();
        for (depth, &block) in lookup.blocks.iter().enumerate() {
            let access = lookup.access(depth);
            if let Some(slot) = self.store.slot(block) {
                served.hits += 1;
                self.store.touch(slot);
                self.policy.on_hit(slot, &access);
            } else if self
                .admit(&access, lookup.parent(depth), &mut served.evicted, changes)
                .is_some()
            {
                served.inserted += 1;
            } else {
                served.refused += 1;
            }
        }
        if P::RESTAMPS {
            let slots = lookup.blocks.iter().filter_map(|&block| self.store.slot(block));
            self.touched.clear();
            self.touched.extend(slots);
            self.policy.on_request_end(&self.touched);
        }
        served
    }

    fn adopt(&mut self, entry: &Entry, next_use: u32, changes: &mut Vec<Change>) -> Adoption {
        if self.store.slot(entry.block).is_some() {
            return Adoption::Resident;
        }
        let access = Access { block: entry.block, depth: entry.depth, next_use };
        match self.admit(&access, entry.parent, &mut 0, changes) {
            Some(_) => Adoption::Inserted,
            None => Adoption::Dropped,
        }
    }

    fn release(&mut self, block: BlockId) -> Option<Entry> {
        let slot = self.store.slot(block)?;
        self.policy.on_remove(slot);
        Some(self.store.remove(slot))
    }

    fn foresee(&mut self, lookup: &Lookup<'_>) {
        for (slot, access) in lookup.resident(&self.store) {
            self.policy.on_foresight(slot, &access);
        }
    }

    fn clone_box(&self) -> Box<dyn NodeCache> {
        Box::new(self.clone())
    }

    fn store(&self) -> &Store {
        &self.store
    }

    fn validate(&self) {
        if AUDITS {
            self.policy.validate(&self.store.validate());
        }
    }
}
