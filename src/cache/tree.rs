//! The tree insertion discipline: only blocks without resident children may go.
//!
//! What engines with a prefix tree do. The request's blocks that are resident on arrival are
//! pinned while it inserts; insertion stops at the first block that finds no room or whose
//! parent is not resident. Blocks the request has just inserted are not pinned: a path that
//! fills the cache may push out its own last block, and then its parent is gone and it stops.
//! [`TreeRules`] switches pinning and stopping off for the leaf-only policies under the flat
//! discipline.

use super::{AUDITS, Adoption, Change, Entry, Lookup, NodeCache, Served, Store};
use crate::columns::Sparse;
use crate::evict::{Access, TreePolicy};
use crate::model::BlockId;

/// Which parts of the discipline hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TreeRules {
    /// Blocks resident on arrival are not evicted by their own request.
    pub pin: bool,
    /// Insertion needs a resident parent and stops where it fails.
    pub connected: bool,
}

impl TreeRules {
    /// The tree discipline.
    pub const TREE: Self = Self { pin: true, connected: true };
    /// Leaves only, otherwise as under the flat discipline.
    pub const LEAVES: Self = Self { pin: false, connected: false };
}

/// A cache in which only leaves are evicted, with policy `P`.
#[derive(Clone, Debug)]
pub struct Tree<P> {
    store: Store,
    policy: P,
    rules: TreeRules,
    /// Resident children of a block, whether it is resident itself or not.
    children: Sparse,
    pinned: Vec<bool>,
    pins: Vec<u32>,
}

impl<P: TreePolicy + Clone + 'static> Tree<P> {
    /// An empty cache of `capacity` blocks.
    pub fn boxed(policy: P, capacity: u32, rules: TreeRules) -> Box<dyn NodeCache> {
        let (store, children) = (Store::new(capacity), Sparse::default());
        Box::new(Self { store, policy, rules, children, pinned: Vec::new(), pins: Vec::new() })
    }

    fn has_children(&self, block: BlockId) -> bool {
        self.children.get(block) != 0
    }

    fn is_pinned(&self, slot: u32) -> bool {
        self.pinned.get(slot as usize).is_some_and(|&pinned| pinned)
    }

    fn is_resident(&self, block: BlockId) -> bool {
        block == BlockId::NONE || self.store.slot(block).is_some()
    }

    fn pin(&mut self, blocks: &[BlockId]) {
        for &block in blocks {
            let Some(slot) = self.store.slot(block) else { continue };
            if self.pinned.len() <= slot as usize {
                self.pinned.resize(slot as usize + 1, false);
            }
            if !self.has_children(block) {
                self.policy.on_ineligible(slot);
            }
            self.pinned[slot as usize] = true;
            self.pins.push(slot);
        }
    }

    fn unpin(&mut self) {
        while let Some(slot) = self.pins.pop() {
            self.pinned[slot as usize] = false;
            if !self.has_children(self.store.entry(slot).block) {
                self.policy.on_eligible(slot);
            }
        }
    }

    /// Notes that `parent` has one more resident child.
    fn gain_child(&mut self, parent: BlockId) {
        if parent == BlockId::NONE {
            return;
        }
        let count = self.children.get(parent) + 1;
        self.children.set(parent, count);
        if count == 1 {
            match self.store.slot(parent) {
                Some(slot) if !self.is_pinned(slot) => self.policy.on_ineligible(slot),
                _ => {}
            }
        }
    }

    /// Notes that `parent` has one resident child less.
    fn lose_child(&mut self, parent: BlockId) {
        if parent == BlockId::NONE {
            return;
        }
        let count = self.children.get(parent) - 1;
        self.children.set(parent, count);
        if count == 0 {
            match self.store.slot(parent) {
                Some(slot) if !self.is_pinned(slot) => self.policy.on_eligible(slot),
                _ => {}
            }
        }
    }

    /// Inserts a block that is not resident, if a victim is to be had and its parent stays.
    fn admit(
        &mut self,
        access: &Access,
        parent: BlockId,
        evicted: &mut u32,
        changes: &mut Vec<Change>,
    ) -> bool {
        if self.rules.connected && !self.is_resident(parent) {
            return false;
        }
        if self.store.is_full() {
            for _ in 0..self.policy.victims_at_once().min(self.store.len()) {
                let Some(slot) = self.policy.victim(access) else { break };
                let gone = self.store.remove(slot);
                self.lose_child(gone.parent);
                changes.push(Change { block: gone.block, inserted: false });
                *evicted += 1;
            }
            if self.store.is_full() {
                return false;
            }
            if self.rules.connected && !self.is_resident(parent) {
                return false;
            }
        }
        let slot = self.store.insert(access.block, parent, access.depth);
        self.policy.on_insert(slot, access);
        if self.has_children(access.block) {
            self.policy.on_ineligible(slot);
        }
        self.gain_child(parent);
        changes.push(Change { block: access.block, inserted: true });
        true
    }
}

impl<P: TreePolicy + Clone + 'static> NodeCache for Tree<P> {
    fn serve(&mut self, lookup: &Lookup<'_>, changes: &mut Vec<Change>) -> Served {
        let mut served = Served::default();
        let mut stopped = false;
        if self.rules.pin {
            self.pin(lookup.blocks);
        }
        for (depth, &block) in lookup.blocks.iter().enumerate() {
            let access = lookup.access(depth);
            if let Some(slot) = self.store.slot(block) {
                served.hits += 1;
                self.store.touch(slot);
                self.policy.on_hit(slot, &access);
            } else if !stopped
                && self.admit(&access, lookup.parent(depth), &mut served.evicted, changes)
            {
                served.inserted += 1;
            } else {
                served.refused += 1;
                stopped = self.rules.connected;
            }
        }
        self.unpin();
        if P::RESTAMPS {
            let slots = lookup.blocks.iter().filter_map(|&block| self.store.slot(block));
            let slots: Vec<u32> = slots.collect();
            self.policy.on_request_end(&slots);
        }
        served
    }

    fn adopt(&mut self, entry: &Entry, next_use: u32, changes: &mut Vec<Change>) -> Adoption {
        if self.store.slot(entry.block).is_some() {
            return Adoption::Resident;
        }
        let access = Access { block: entry.block, depth: entry.depth, next_use };
        if self.admit(&access, entry.parent, &mut 0, changes) {
            Adoption::Inserted
        } else {
            Adoption::Dropped
        }
    }

    fn release(&mut self, block: BlockId) -> Option<Entry> {
        let slot = self.store.slot(block)?;
        self.policy.on_remove(slot);
        let entry = self.store.remove(slot);
        self.lose_child(entry.parent);
        Some(entry)
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
        if !AUDITS {
            return;
        }
        let slots = self.store.validate();
        let mut children = Sparse::default();
        for &slot in &slots {
            let entry = self.store.entry(slot);
            if entry.parent != BlockId::NONE {
                children.set(entry.parent, children.get(entry.parent) + 1);
            }
        }
        assert!(children.iter().eq(self.children.iter()), "resident children");
        assert!(self.pins.is_empty(), "pins outlive their request");
        let leaf = |slot: &u32| !self.has_children(self.store.entry(*slot).block);
        let eligible: Vec<u32> = slots.into_iter().filter(leaf).collect();
        self.policy.validate(&eligible);
    }
}
