//! 2Q: a FIFO for new blocks, an LRU for those asked for again after leaving it.
//!
//! New blocks enter A1in, a FIFO, and stay in order whatever happens to them there; what leaves
//! it is remembered in A1out. A block found in A1out enters Am, an LRU. Correlated uses
//! (several within a short time) therefore count as one.
//!
//! Paper: Johnson and Shasha, "2Q: A Low Overhead High Performance Buffer Management Replacement
//! Algorithm" (VLDB 1994), full version. Equals libCacheSim's TwoQ miss for miss; like that it
//! keeps nothing when A1in has no place, and a configuration whose shares round to none is refused.
//! Cost: O(1) per access; memory: 4 bytes a slot and 20 a run of blocks, and the same for
//! ghosts.
//! Parameters: `in_share`, default 0.25, and `out_share`, default 0.5, both in [0.01, 0.99] of
//! the capacity. Not defined under the tree discipline: its queues order all blocks.
//! When not to use it: re-use that is all recent.

use crate::columns::Kept;
use crate::columns::links::assert_same_slots;
use crate::columns::queue::{Places, Queue};
use crate::evict::ghost::Ghosts;
use crate::evict::{Access, Build, EvictionRow, Formula, Origin, Policy, Slot, alone, blocks_of};
use crate::model::BlockId;
use crate::params::{ParamSpec, Params};
use std::ops::Range;

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "two_q",
    title: "2Q",
    summary: "A FIFO for new blocks; those missed again after it enter an LRU.",
    formula: Formula::new(
        "victim = oldest of A1in where |A1in| > in_share × capacity, remembered in A1out, else \
         LRU of Am; what A1out remembers enters Am",
    ),
    source: "Johnson and Shasha, VLDB 1994",
    origin: Origin::Paper,
    params: &[
        ParamSpec::number("in_share", 0.25, 0.01, 0.99)
            .told("Kin", "Share of the capacity for new blocks, in order of insertion.")
            .least_blocks(1),
        ParamSpec::number("out_share", 0.5, 0.01, 0.99)
            .told("Kout", "How many blocks that left are remembered, as a share of the capacity.")
            .least_blocks(1),
    ],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(build: Build<'_>) -> TwoQ {
    TwoQ::new(build.capacity, build.params)
}

/// A1in, Am and A1out.
#[derive(Clone, Debug)]
pub struct TwoQ {
    places: Places,
    new: Queue,
    main: Queue,
    ghosts: Ghosts,
    new_size: u32,
    ghost_size: u32,
    /// Whether the missed block was a ghost.
    returns: bool,
    /// Whether the last victim becomes one.
    remembered: bool,
}

/// What the queues are called.
const NEW: u32 = 0;
const MAIN: u32 = 1;

impl TwoQ {
    fn new(capacity: u32, params: &Params) -> Self {
        Self {
            places: Places::default(),
            new: Queue::called(NEW),
            main: Queue::called(MAIN),
            ghosts: Ghosts::default(),
            new_size: blocks_of(capacity, params.number("in_share")),
            ghost_size: blocks_of(capacity, params.number("out_share")),
            returns: false,
            remembered: false,
        }
    }
}

impl Policy for TwoQ {
    fn cover(&mut self, slots: u32) {
        self.places.cover(slots);
    }

    fn stand_alone(&mut self) {
        self.places.stand_alone();
        self.ghosts.stand_alone();
    }

    #[inline]
    fn on_hit(&mut self, slot: Slot, _access: &Access) {
        if self.places.home(slot) == MAIN {
            self.main.renew(&mut self.places, slot);
        }
    }

    #[inline]
    fn on_hit_run(&mut self, mut slots: Range<Slot>, _first: &Access) {
        while !slots.is_empty() {
            let (alike, home) = self.places.together(&mut slots);
            if home == MAIN {
                self.main.renew_run(&mut self.places, alike);
            }
        }
    }

    fn on_miss(&mut self, access: &Access) -> bool {
        self.returns = self.ghosts.remove(access.block);
        0 < self.new_size
    }

    #[inline]
    fn on_miss_run(&mut self, first: &Access, len: u32) -> u32 {
        self.returns = false;
        if 0 < self.new_size { self.ghosts.lack(first.block, len) } else { 0 }
    }

    #[inline]
    fn victim(&mut self, incoming: &Access) -> Option<Slot> {
        self.victims_before(incoming, 0, 1).map(|slots| slots.start)
    }

    /// Blocks that come in are the last of the new ones.
    #[inline]
    fn victims_before(&mut self, _: &Access, pending: u32, most: u32) -> Option<Range<Slot>> {
        let new = self.new.len() + pending;
        let from_main = new <= self.new_size && !self.main.is_empty();
        self.remembered = !from_main && 0 < self.ghost_size;
        if from_main {
            return self.main.pop(&mut self.places).map(alone);
        }
        // For each that goes one comes in, and no ghost makes room for one of the same time.
        let most = if self.remembered { most.min(self.ghost_size) } else { most };
        self.new.pop_run(&mut self.places, most, |_| true)
    }

    #[inline]
    fn on_insert_run(&mut self, slots: Range<Slot>, _first: &Access) {
        self.new.push_run(&mut self.places, slots);
    }

    fn on_evict(&mut self, block: BlockId) {
        self.on_evict_run(block, 1);
    }

    #[inline]
    fn on_evict_run(&mut self, first: BlockId, len: u32) {
        if self.remembered {
            self.ghosts.trim(self.ghost_size - len);
            self.ghosts.push_run(first, len);
        }
    }

    #[inline]
    fn on_insert(&mut self, slot: Slot, access: &Access) {
        debug_assert!(!self.ghosts.contains(access.block), "its own ghost: {:?}", access.block);
        let queue = if self.returns { &mut self.main } else { &mut self.new };
        queue.push(&mut self.places, slot);
    }

    fn keep_names(&self, kept: &mut Kept) {
        self.ghosts.keep_names(kept);
    }

    #[inline]
    fn on_remove(&mut self, slot: Slot) {
        let queue = if self.places.home(slot) == MAIN { &mut self.main } else { &mut self.new };
        queue.remove(&mut self.places, slot);
    }

    fn validate(&self, resident: &[Slot]) {
        let queues = [&self.new, &self.main].into_iter();
        let slots = queues.flat_map(|queue| queue.audit(&self.places)).collect();
        assert!(self.ghosts.len() <= self.ghost_size, "ghosts in bounds");
        self.ghosts.audit();
        assert_same_slots(slots, resident);
    }
}
