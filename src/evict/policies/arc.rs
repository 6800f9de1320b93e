//! ARC: recency and frequency, with the split between them learnt from misses.
//!
//! T1 holds blocks used once since they came, T2 those used again, both by last use; B1 and B2
//! are ghosts of what left them. A miss found in B1 enlarges the target of T1, one in B2
//! lowers it; the victim comes from whichever of T1 and T2 is over its target.
//!
//! Paper: Megiddo and Modha, "ARC: A Self-Tuning, Low Overhead Replacement Cache" (FAST 2003).
//! Equals libCacheSim's ARC miss for miss (the target is a double there as well). Where blocks
//! migrate away the ghost lists are cut to the paper's bounds at the next insertion.
//! Cost: O(1) per access; memory: 4 bytes a slot and 20 a run of blocks, and the same
//! for ghosts, up to as many as blocks.
//! Parameters: none. Not defined under the tree discipline: its lists order all blocks.
//! When not to use it: loops longer than the cache, where both ghosts mislead it.

use crate::columns::Kept;
use crate::columns::links::assert_same_slots;
use crate::columns::queue::{Places, Queue};
use crate::evict::ghost::Ghosts;
use crate::evict::{Access, Build, EvictionRow, Formula, Origin, Policy, Slot};
use crate::model::BlockId;
use std::ops::Range;

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "arc",
    title: "ARC",
    summary: "Balances recent against frequent blocks by which of them it misses.",
    formula: Formula::new(
        "victim = LRU of T1 where |T1| > target (≥ after a ghost of B2), else of T2; target + \
         max(1, |B2| / |B1|) on a ghost of B1, − max(1, |B1| / |B2|) on one of B2",
    ),
    source: "Megiddo and Modha, FAST 2003",
    origin: Origin::Paper,
    params: &[],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(build: Build<'_>) -> Arc {
    Arc::new(build.capacity)
}

/// The four lists and the target.
#[derive(Clone, Debug)]
pub struct Arc {
    places: Places,
    recent: Queue,
    frequent: Queue,
    recent_ghosts: Ghosts,
    frequent_ghosts: Ghosts,
    capacity: u32,
    /// Blocks that T1 should hold, in `[0, capacity]`.
    target: f64,
    missed: Missed,
    /// Which ghosts the last victim joins.
    joins: Option<Segment>,
}

/// What the queues are called.
const RECENT: u32 = 0;
const FREQUENT: u32 = 1;

/// Where a block belongs, or its ghost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Segment {
    Recent,
    Frequent,
}

/// Where the missed block was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missed {
    Nowhere,
    RecentGhosts,
    FrequentGhosts,
}

impl Arc {
    fn new(capacity: u32) -> Self {
        Self {
            places: Places::default(),
            recent: Queue::called(RECENT),
            frequent: Queue::called(FREQUENT),
            recent_ghosts: Ghosts::default(),
            frequent_ghosts: Ghosts::default(),
            capacity,
            target: 0.0,
            missed: Missed::Nowhere,
            joins: None,
        }
    }

    /// The paper's REPLACE: the oldest of T1, which will have `pending` more, or of T2 becomes a
    /// ghost; and as many as follow it, at most `most` in all, while each that goes brings another
    /// into T1.
    fn replace(&mut self, pending: u32, most: u32) -> Option<Range<Slot>> {
        let held = f64::from(self.recent.len() + pending);
        let over =
            self.target < held || self.target == held && self.missed == Missed::FrequentGhosts;
        let from_recent = over && !self.recent.is_empty() || self.frequent.is_empty();
        self.joins = Some(if from_recent { Segment::Recent } else { Segment::Frequent });
        if from_recent {
            return self.recent.pop_run(&mut self.places, most, |_| true);
        }
        let until_over = (self.target - held) as u32 + 1;
        self.frequent.pop_run(&mut self.places, most.min(until_over), |_| true)
    }

    fn listed(&self) -> u64 {
        let ghosts = u64::from(self.recent_ghosts.len()) + u64::from(self.frequent_ghosts.len());
        u64::from(self.recent.len()) + u64::from(self.frequent.len()) + ghosts
    }

    /// Cuts nothing unless blocks migrated away: `victim` keeps these bounds.
    fn trim(&mut self) {
        self.recent_ghosts.trim(self.capacity - self.recent.len());
        let excess = self.listed().saturating_sub(2 * u64::from(self.capacity)) as u32;
        self.frequent_ghosts.trim(self.frequent_ghosts.len() - excess);
    }
}

impl Policy for Arc {
    fn cover(&mut self, slots: u32) {
        self.places.cover(slots);
    }

    fn stand_alone(&mut self) {
        self.places.stand_alone();
        self.recent_ghosts.stand_alone();
        self.frequent_ghosts.stand_alone();
    }

    #[inline]
    fn on_hit(&mut self, slot: Slot, _access: &Access) {
        if self.places.home(slot) == FREQUENT {
            self.frequent.renew(&mut self.places, slot);
        } else {
            self.recent.remove(&mut self.places, slot);
            self.frequent.push(&mut self.places, slot);
        }
    }

    #[inline]
    fn on_hit_run(&mut self, mut slots: Range<Slot>, _first: &Access) {
        while !slots.is_empty() {
            let (alike, home) = self.places.together(&mut slots);
            if home == FREQUENT {
                self.frequent.renew_run(&mut self.places, alike);
            } else {
                self.recent.remove_run(&mut self.places, alike.clone());
                self.frequent.push_run(&mut self.places, alike);
            }
        }
    }

    fn on_miss(&mut self, access: &Access) -> bool {
        let recent = f64::from(self.recent_ghosts.len());
        let frequent = f64::from(self.frequent_ghosts.len());
        self.missed = if self.recent_ghosts.remove(access.block) {
            let raised = self.target + (frequent / recent).max(1.0);
            self.target = raised.min(f64::from(self.capacity));
            Missed::RecentGhosts
        } else if self.frequent_ghosts.remove(access.block) {
            self.target = (self.target - (recent / frequent).max(1.0)).max(0.0);
            Missed::FrequentGhosts
        } else {
            Missed::Nowhere
        };
        true
    }

    #[inline]
    fn on_miss_run(&mut self, first: &Access, len: u32) -> u32 {
        self.missed = Missed::Nowhere;
        self.frequent_ghosts.lack(first.block, self.recent_ghosts.lack(first.block, len))
    }

    #[inline]
    fn victim(&mut self, incoming: &Access) -> Option<Slot> {
        self.victims_before(incoming, 0, 1).map(|slots| slots.start)
    }

    /// Blocks that come in are the last of T1.
    #[inline]
    fn victims_before(&mut self, _: &Access, pending: u32, most: u32) -> Option<Range<Slot>> {
        if self.missed != Missed::Nowhere {
            return self.replace(pending, 1);
        }
        if 0 < pending && self.recent.is_empty() {
            return None;
        }
        // Without one in T1 the next victim may be one that has yet to come in.
        let most = if self.recent.is_empty() { 1 } else { most };
        let (ghosts, frequent) = (self.recent_ghosts.len(), self.frequent_ghosts.len());
        // Both grow by one with each that goes, unless a ghost goes as well.
        let room = self.capacity.saturating_sub(self.recent.len() + pending + ghosts);
        let listed = self.listed() + u64::from(pending);
        let unlisted = (2 * u64::from(self.capacity)).saturating_sub(listed) as u32;
        if room == 0 {
            if ghosts == 0 {
                self.joins = None;
                return self.recent.pop_run(&mut self.places, most, |_| true);
            }
            let slots = self.replace(pending, most.min(ghosts))?;
            self.recent_ghosts.trim(ghosts - slots.len() as u32);
            Some(slots)
        } else if unlisted == 0 {
            let slots = self.replace(pending, most.min(room).min(frequent.max(1)))?;
            self.frequent_ghosts.trim(frequent.saturating_sub(slots.len() as u32));
            Some(slots)
        } else {
            self.replace(pending, most.min(room).min(unlisted))
        }
    }

    fn on_evict(&mut self, block: BlockId) {
        self.on_evict_run(block, 1);
    }

    #[inline]
    fn on_evict_run(&mut self, first: BlockId, len: u32) {
        match self.joins {
            Some(Segment::Recent) => self.recent_ghosts.push_run(first, len),
            Some(Segment::Frequent) => self.frequent_ghosts.push_run(first, len),
            None => {}
        }
    }

    #[inline]
    fn on_insert(&mut self, slot: Slot, access: &Access) {
        debug_assert!(!self.recent_ghosts.contains(access.block), "its own ghost");
        debug_assert!(!self.frequent_ghosts.contains(access.block), "its own ghost");
        let is_frequent = self.missed != Missed::Nowhere;
        let queue = if is_frequent { &mut self.frequent } else { &mut self.recent };
        queue.push(&mut self.places, slot);
        self.trim();
    }

    #[inline]
    fn on_insert_run(&mut self, slots: Range<Slot>, _first: &Access) {
        self.recent.push_run(&mut self.places, slots);
        self.trim();
    }

    fn keep_names(&self, kept: &mut Kept) {
        self.recent_ghosts.keep_names(kept);
        self.frequent_ghosts.keep_names(kept);
    }

    #[inline]
    fn on_remove(&mut self, slot: Slot) {
        let is_frequent = self.places.home(slot) == FREQUENT;
        let queue = if is_frequent { &mut self.frequent } else { &mut self.recent };
        queue.remove(&mut self.places, slot);
    }

    fn validate(&self, resident: &[Slot]) {
        let queues = [&self.recent, &self.frequent].into_iter();
        let slots = queues.flat_map(|queue| queue.audit(&self.places)).collect();
        self.recent_ghosts.audit();
        self.frequent_ghosts.audit();
        assert!(self.recent.len() + self.recent_ghosts.len() <= self.capacity, "T1 and B1");
        assert!(self.listed() <= 2 * u64::from(self.capacity), "all four lists");
        assert!((0.0..=f64::from(self.capacity)).contains(&self.target), "target in range");
        assert_same_slots(slots, resident);
    }
}
