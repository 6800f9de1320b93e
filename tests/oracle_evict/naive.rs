//! The two insertion disciplines, written from the design's words with nothing but lists.

use kvscope::cache::{Adoption, Change, Lookup, Served};
use kvscope::evict::Access;
use kvscope::model::BlockId;

/// A policy in its slow and obvious form.
pub(crate) trait Twin {
    /// A resident block is used again.
    fn hit(&mut self, access: &Access);

    /// A block that is not resident is asked for; whether it may be kept at all.
    fn miss(&mut self, _access: &Access) -> bool {
        true
    }

    /// The block of the last `miss` comes in.
    fn insert(&mut self, access: &Access);

    /// Which of the `eligible` goes, and is forgotten; `None`: the incoming block does.
    fn victim(&mut self, eligible: &[BlockId], incoming: &Access) -> Option<BlockId>;

    /// How many go at once.
    fn at_once(&self) -> usize {
        1
    }

    /// A block migrated away.
    fn leave(&mut self, block: BlockId);

    /// A request is over; its resident blocks, root first.
    fn end(&mut self, _blocks: &[BlockId]) {}

    /// A resident block was used on another node.
    fn used_elsewhere(&mut self, _access: &Access) {}
}

/// Which blocks may go, and whether insertion needs a resident parent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    pub(crate) only_leaves: bool,
    pub(crate) pins: bool,
    pub(crate) needs_parent: bool,
}

impl Rules {
    pub(crate) const FLAT: Self = Self { only_leaves: false, pins: false, needs_parent: false };
    pub(crate) const LEAVES: Self = Self { only_leaves: true, pins: false, needs_parent: false };
    pub(crate) const TREE: Self = Self { only_leaves: true, pins: true, needs_parent: true };
}

/// A resident block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Resident {
    pub(crate) block: BlockId,
    pub(crate) parent: BlockId,
    pub(crate) touches: u32,
}

/// One node's cache.
pub(crate) struct NaiveCache {
    pub(crate) residents: Vec<Resident>,
    pub(crate) changes: Vec<Change>,
    /// Those that may go, in the order in which they became so, except that the last one takes
    /// the place of one that ceases to be.
    eligible: Vec<BlockId>,
    pinned: Vec<BlockId>,
    twin: Box<dyn Twin>,
    capacity: usize,
    rules: Rules,
}

impl NaiveCache {
    pub(crate) fn new(twin: Box<dyn Twin>, capacity: u32, rules: Rules) -> Self {
        Self {
            residents: Vec::new(),
            changes: Vec::new(),
            eligible: Vec::new(),
            pinned: Vec::new(),
            twin,
            capacity: capacity as usize,
            rules,
        }
    }

    pub(crate) fn serve(&mut self, lookup: &Lookup<'_>) -> Served {
        let mut served = Served::default();
        let leading = lookup.blocks.iter().take_while(|&&block| self.holds(block));
        served.leading = leading.count() as u32;
        if self.rules.pins {
            for &block in lookup.blocks {
                if self.holds(block) {
                    self.pinned.push(block);
                    self.drop_ineligible();
                }
            }
        }
        let mut stopped = false;
        for depth in 0..lookup.blocks.len() {
            let access = lookup.access(depth);
            let known = self.residents.iter_mut().find(|known| known.block == access.block);
            if let Some(known) = known {
                known.touches += 1;
                self.twin.hit(&access);
                served.hits += 1;
            } else if !stopped && self.admit(&access, lookup.parent(depth), &mut served.evicted) {
                served.inserted += 1;
            } else {
                served.refused += 1;
                stopped = self.rules.needs_parent;
            }
        }
        while self.pinned.pop().is_some() {
            self.add_eligible();
        }
        let blocks = lookup.blocks.iter().copied();
        let resident: Vec<BlockId> = blocks.filter(|&block| self.holds(block)).collect();
        self.twin.end(&resident);
        served
    }

    pub(crate) fn adopt(&mut self, access: &Access, parent: BlockId) -> Adoption {
        if self.holds(access.block) {
            Adoption::Resident
        } else if self.admit(access, parent, &mut 0) {
            Adoption::Inserted
        } else {
            Adoption::Dropped
        }
    }

    pub(crate) fn release(&mut self, block: BlockId) -> bool {
        let held = self.holds(block);
        if held {
            self.twin.leave(block);
            self.forget(block);
        }
        held
    }

    pub(crate) fn foresee(&mut self, lookup: &Lookup<'_>) {
        for depth in 0..lookup.blocks.len() {
            if self.holds(lookup.blocks[depth]) {
                self.twin.used_elsewhere(&lookup.access(depth));
            }
        }
    }

    fn admit(&mut self, access: &Access, parent: BlockId, evicted: &mut u32) -> bool {
        let has_parent = |cache: &Self| {
            !cache.rules.needs_parent || parent == BlockId::NONE || cache.holds(parent)
        };
        if !self.twin.miss(access) || !has_parent(self) {
            return false;
        }
        if self.residents.len() == self.capacity {
            for _ in 0..self.twin.at_once() {
                if self.eligible.is_empty() {
                    break;
                }
                let Some(victim) = self.twin.victim(&self.eligible, access) else { break };
                self.forget(victim);
                self.changes.push(Change { block: victim, inserted: false });
                *evicted += 1;
            }
        }
        if self.residents.len() == self.capacity || !has_parent(self) {
            return false;
        }
        self.residents.push(Resident { block: access.block, parent, touches: 1 });
        self.twin.insert(access);
        self.add_eligible();
        self.drop_ineligible();
        self.changes.push(Change { block: access.block, inserted: true });
        true
    }

    fn holds(&self, block: BlockId) -> bool {
        self.residents.iter().any(|known| known.block == block)
    }

    fn forget(&mut self, block: BlockId) {
        self.residents.retain(|known| known.block != block);
        self.drop_ineligible();
        self.add_eligible();
    }

    fn may_go(&self, block: BlockId) -> bool {
        let is_parent = self.residents.iter().any(|known| known.parent == block);
        let is_free = !is_parent && !self.pinned.contains(&block);
        self.holds(block) && (!self.rules.only_leaves || is_free)
    }

    fn add_eligible(&mut self) {
        for at in 0..self.residents.len() {
            let block = self.residents[at].block;
            if self.may_go(block) && !self.eligible.contains(&block) {
                self.eligible.push(block);
            }
        }
    }

    fn drop_ineligible(&mut self) {
        let may_not = |cache: &Self| cache.eligible.iter().position(|&block| !cache.may_go(block));
        while let Some(at) = may_not(self) {
            self.eligible.swap_remove(at);
        }
    }
}
