//! The tree insertion discipline: only blocks without resident children may go.
//!
//! What engines with a prefix tree do. The request's blocks that are resident on arrival are
//! pinned while it inserts; insertion stops at the first block that finds no room or whose
//! parent is not resident. Blocks the request has just inserted are not pinned: a path that
//! fills the cache may push out its own last block, and then its parent is gone and it stops.
//! [`TreeRules`] switches pinning and stopping off for the leaf-only policies under the flat
//! discipline.

use super::{AUDITS, Adoption, Lookup, Marks, NodeCache, Served, Store};
use crate::columns::links::cover;
use crate::columns::pages::Near;
use crate::columns::{Kept, Sparse};
use crate::evict::{Access, TreePolicy};
use crate::model::{BlockId, Slot};

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
    /// By slot, stale where nothing is resident.
    parents: Vec<BlockId>,
    pinned: Vec<bool>,
    pins: Vec<Slot>,
}

impl<P: TreePolicy + 'static> Tree<P> {
    /// An empty cache of `capacity` blocks.
    pub fn boxed(policy: P, capacity: u32, rules: TreeRules) -> Box<dyn NodeCache> {
        Box::new(Self {
            store: Store::new(capacity),
            policy,
            rules,
            children: Sparse::default(),
            parents: Vec::new(),
            pinned: Vec::new(),
            pins: Vec::new(),
        })
    }

    fn has_children(&self, block: BlockId) -> bool {
        self.children.get(block) != 0
    }

    fn is_pinned(&self, slot: Slot) -> bool {
        self.pinned[slot as usize]
    }

    fn is_resident(&self, block: BlockId) -> bool {
        block == BlockId::NONE || self.store.slot(block).is_some()
    }

    fn pin(&mut self, blocks: &[BlockId]) {
        for &block in blocks {
            let Some(slot) = self.store.slot(block) else { continue };
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
            if !self.has_children(self.store.block(slot)) {
                self.policy.on_eligible(slot);
            }
        }
    }

    /// Notes that `parent` has one more resident child.
    #[inline]
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
    #[inline]
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
        served: &mut Served,
        marks: &mut Marks<'_>,
    ) -> bool {
        if !self.policy.on_miss(access) || self.rules.connected && !self.is_resident(parent) {
            return false;
        }
        if self.store.is_full() {
            for _ in 0..self.policy.victims_at_once().min(self.store.len()) {
                let Some(slot) = self.policy.victim(access) else { break };
                let block = self.store.remove(slot);
                self.policy.on_evict(block);
                marks.evict(block);
                self.lose_child(self.parents[slot as usize]);
                served.evicted += 1;
            }
            if self.store.is_full() {
                return false;
            }
            if self.rules.connected && !self.is_resident(parent) {
                return false;
            }
        }
        self.insert(access, parent);
        served.rewanted += u32::from(marks.insert(access.block));
        true
    }

    fn insert(&mut self, access: &Access, parent: BlockId) {
        let mut near = Near::default();
        let before = self.store.find(access.block, &mut near);
        debug_assert!(before.is_none(), "{access:?} is resident");
        let slot = self.store.insert(access.block, &mut near);
        if self.parents.len() <= slot as usize {
            let slots = self.store.slots();
            cover(&mut self.parents, slots, BlockId::NONE);
            cover(&mut self.pinned, slots, false);
            self.policy.cover(slots);
        }
        self.parents[slot as usize] = parent;
        self.policy.on_insert(slot, access);
        if self.has_children(access.block) {
            self.policy.on_ineligible(slot);
        }
        self.gain_child(parent);
    }
}

impl<P: TreePolicy + 'static> NodeCache for Tree<P> {
    fn serve(&mut self, lookup: &Lookup<'_>, marks: &mut Marks<'_>) -> Served {
        let mut served = Served::default();
        let (mut stopped, mut leading) = (false, lookup.blocks.len());
        if self.rules.pin {
            self.pin(lookup.blocks);
        }
        for (depth, &block) in lookup.blocks.iter().enumerate() {
            let access = lookup.access(depth);
            if let Some(slot) = self.store.slot(block) {
                served.hits += 1;
                self.store.touch(slot);
                self.policy.on_hit(slot, &access);
                continue;
            }
            leading = leading.min(depth);
            if !stopped && self.admit(&access, lookup.parent(depth), &mut served, marks) {
                served.inserted += 1;
            } else {
                served.refused += 1;
                stopped = self.rules.connected;
            }
        }
        served.leading = leading as u32;
        self.unpin();
        if P::RESTAMPS {
            let slots = lookup.blocks.iter().filter_map(|&block| self.store.slot(block));
            let slots: Vec<Slot> = slots.collect();
            self.policy.on_request_end(&slots);
        }
        served
    }

    fn adopt(
        &mut self,
        access: &Access,
        parent: BlockId,
        marks: &mut Marks<'_>,
    ) -> (Adoption, u32) {
        if self.store.slot(access.block).is_some() {
            return (Adoption::Resident, 0);
        }
        let mut served = Served::default();
        let kept = self.admit(access, parent, &mut served, marks);
        (if kept { Adoption::Inserted } else { Adoption::Dropped }, served.evicted)
    }

    fn release(&mut self, block: BlockId, marks: &mut Marks<'_>) -> bool {
        let Some(slot) = self.store.slot(block) else { return false };
        self.policy.on_remove(slot);
        self.store.remove(slot);
        self.lose_child(self.parents[slot as usize]);
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
        if !AUDITS {
            return;
        }
        let slots = self.store.validate();
        let mut children = Sparse::default();
        for &slot in &slots {
            let parent = self.parents[slot as usize];
            if parent != BlockId::NONE {
                children.set(parent, children.get(parent) + 1);
            }
        }
        let by_block = |column: &Sparse| {
            let mut numbers: Vec<(BlockId, u32)> = column.iter().collect();
            numbers.sort_unstable();
            numbers
        };
        assert_eq!(by_block(&children), by_block(&self.children), "resident children");
        assert!(self.pins.is_empty(), "pins outlive their request");
        let leaf = |slot: &Slot| !self.has_children(self.store.block(*slot));
        let eligible: Vec<Slot> = slots.into_iter().filter(leaf).collect();
        self.policy.validate(&eligible);
    }
}
