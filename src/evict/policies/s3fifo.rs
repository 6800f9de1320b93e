//! S3-FIFO: a small FIFO that filters, a main FIFO that keeps, and ghosts that bring back.
//!
//! New blocks enter the small queue, remembered ones the main queue. At the small tail a block
//! used at least twice moves to main, another becomes a ghost; at the main tail a used block
//! goes back in at the head with its count, at most 3, lowered by one.
//!
//! Paper: Yang et al., "FIFO queues are all you need for cache eviction" (SOSP 2023). Equals
//! libCacheSim's S3FIFOv0 miss for miss, which is why a block that would fill the whole small
//! queue is not admitted: with fewer than two blocks of small queue nothing is ever kept, and a
//! configuration with so few is refused.
//! Cost: O(1) per access amortised; memory: 5 bytes a slot and 20 a run of blocks, and 4
//! and 20 for ghosts.
//! Parameters: `small_share`, default 0.1, in [0.01, 0.5]; as many ghosts as main has places.
//! Not defined under the tree discipline: three queues over leaves only are another policy.
//! When not to use it: re-use that is mostly recent.

use crate::columns::Kept;
use crate::columns::links::{assert_same_slots, cover};
use crate::columns::queue::{Places, Queue};
use crate::evict::ghost::Ghosts;
use crate::evict::{Access, Build, EvictionRow, Formula, Origin, Policy, Slot, alone, blocks_of};
use crate::model::BlockId;
use crate::params::{ParamSpec, Params};
use std::ops::Range;

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "s3fifo",
    title: "S3-FIFO",
    summary: "A small FIFO lets only blocks used twice, or missed again soon, into the main one.",
    formula: Formula::new(
        "main over its size: its tail goes, but back in with uses − 1 while uses > 0; else the \
         small tail goes and becomes a ghost, but into main with uses ≥ 2; uses ≤ 3; a ghost \
         returns into main",
    ),
    source: "Yang et al., SOSP 2023",
    origin: Origin::Paper,
    params: &[ParamSpec::number("small_share", 0.1, 0.01, 0.5)
        .told(
            "Small queue",
            "Share of the capacity for new blocks. Below two blocks of it nothing is ever kept.",
        )
        .least_blocks(2)],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(build: Build<'_>) -> S3Fifo {
    S3Fifo::new(build.capacity, build.params)
}

/// The two queues, the ghosts, and the state of each block.
#[derive(Clone, Debug)]
pub struct S3Fifo {
    places: Places,
    small: Queue,
    main: Queue,
    ghosts: Ghosts,
    /// Uses of each slot since it entered its queue, at most [`MOST_USES`].
    uses: Vec<u8>,
    small_size: u32,
    main_size: u32,
    ghost_size: u32,
    /// Whether the missed block was a ghost.
    returns: bool,
    /// Whether the last victim becomes one.
    remembered: bool,
    /// Whether the search for a victim waits for blocks that come in.
    searching: bool,
}

/// What the queues are called.
const SMALL: u32 = 0;
const MAIN: u32 = 1;

/// More uses make no difference.
const MOST_USES: u8 = 3;

impl S3Fifo {
    fn new(capacity: u32, params: &Params) -> Self {
        let share = params.number("small_share");
        let small_size = blocks_of(capacity, share);
        Self {
            places: Places::default(),
            small: Queue::called(SMALL),
            main: Queue::called(MAIN),
            ghosts: Ghosts::default(),
            uses: Vec::new(),
            small_size,
            main_size: capacity - small_size,
            ghost_size: blocks_of(capacity, 1.0 - share),
            returns: false,
            remembered: false,
            searching: false,
        }
    }

    /// Drops a block of the small queue, moving those used twice to main on the way, and those that
    /// go next, at most `most` in all.
    fn evict_small(&mut self, most: u32) -> Option<Range<Slot>> {
        while let Some(slot) = self.small.oldest(&self.places) {
            if self.uses[slot as usize] < 2 {
                self.remembered = 0 < self.ghost_size;
                // The next one is main's where that has become too large, and no ghost makes room
                // for one of the same time.
                let is_main_over = self.main_size < self.main.len();
                let most = if is_main_over { 1 } else { most.min(self.ghost_size.max(1)) };
                let unused = |slot: Slot| self.uses[slot as usize] < 2;
                return self.small.pop_run(&mut self.places, most, unused);
            }
            self.small.pop(&mut self.places);
            self.uses[slot as usize] = 0;
            self.main.push(&mut self.places, slot);
        }
        None
    }

    /// Drops one block of the main queue, letting used ones pass.
    fn evict_main(&mut self) -> Option<Slot> {
        loop {
            let slot = self.main.pop(&mut self.places)?;
            let uses = &mut self.uses[slot as usize];
            if *uses == 0 {
                return Some(slot);
            }
            *uses -= 1;
            self.main.push(&mut self.places, slot);
        }
    }
}

impl Policy for S3Fifo {
    fn cover(&mut self, slots: u32) {
        self.places.cover(slots);
        cover(&mut self.uses, slots, 0);
    }

    fn stand_alone(&mut self) {
        self.places.stand_alone();
        self.ghosts.stand_alone();
    }

    #[inline]
    fn on_hit(&mut self, slot: Slot, _access: &Access) {
        let uses = &mut self.uses[slot as usize];
        *uses = (*uses + 1).min(MOST_USES);
    }

    #[inline]
    fn on_hit_run(&mut self, slots: Range<Slot>, _first: &Access) {
        for uses in &mut self.uses[slots.start as usize..slots.end as usize] {
            *uses = (*uses + 1).min(MOST_USES);
        }
    }

    fn on_miss(&mut self, access: &Access) -> bool {
        self.returns = self.ghosts.remove(access.block);
        self.returns || 1 < self.small_size
    }

    #[inline]
    fn on_miss_run(&mut self, first: &Access, len: u32) -> u32 {
        self.returns = false;
        if 1 < self.small_size { self.ghosts.lack(first.block, len) } else { 0 }
    }

    #[inline]
    fn victim(&mut self, incoming: &Access) -> Option<Slot> {
        self.victims_before(incoming, 0, 1).map(|slots| slots.start)
    }

    /// Blocks that come in are the last of the small queue. Where that ends before them, what has
    /// moved to main stays there, and the search goes on with them.
    #[inline]
    fn victims_before(&mut self, _: &Access, pending: u32, most: u32) -> Option<Range<Slot>> {
        self.remembered = false;
        if self.main_size < self.main.len() && !std::mem::take(&mut self.searching) {
            return self.evict_main().map(alone);
        }
        let slots = self.evict_small(most);
        self.searching = slots.is_none() && 0 < pending;
        if self.searching { None } else { slots.or_else(|| self.evict_main().map(alone)) }
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
    fn on_insert_run(&mut self, slots: Range<Slot>, _first: &Access) {
        self.uses[slots.start as usize..slots.end as usize].fill(0);
        self.small.push_run(&mut self.places, slots);
    }

    #[inline]
    fn on_insert(&mut self, slot: Slot, access: &Access) {
        debug_assert!(!self.ghosts.contains(access.block), "its own ghost: {:?}", access.block);
        self.uses[slot as usize] = 0;
        let queue = if self.returns { &mut self.main } else { &mut self.small };
        queue.push(&mut self.places, slot);
    }

    fn keep_names(&self, kept: &mut Kept) {
        self.ghosts.keep_names(kept);
    }

    #[inline]
    fn on_remove(&mut self, slot: Slot) {
        let queue = if self.places.home(slot) == MAIN { &mut self.main } else { &mut self.small };
        queue.remove(&mut self.places, slot);
    }

    fn validate(&self, resident: &[Slot]) {
        let queues = [&self.small, &self.main].into_iter();
        let slots = queues.flat_map(|queue| queue.audit(&self.places)).collect();
        assert!(self.uses.iter().all(|&uses| uses <= MOST_USES), "uses in bounds");
        assert!(self.ghosts.len() <= self.ghost_size, "ghosts in bounds");
        self.ghosts.audit();
        assert_same_slots(slots, resident);
    }
}
