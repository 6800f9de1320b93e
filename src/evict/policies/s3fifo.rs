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
//! Cost: O(1) per access amortised; memory: 16 bytes a block and about 22 a ghost.
//! Parameters: `small_share`, default 0.1, in [0.01, 0.5]; as many ghosts as main has places.
//! Not defined under the tree discipline: three queues over leaves only are another policy.
//! When not to use it: re-use that is mostly recent.

use crate::columns::links::{Links, List, assert_same_slots, set};
use crate::evict::ghost::Ghosts;
use crate::evict::{Access, Build, EvictionRow, Policy, Slot, blocks_of};
use crate::model::BlockId;
use crate::params::{ParamSpec, Params};

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "s3fifo",
    title: "S3-FIFO",
    summary: "A small FIFO lets only blocks used twice, or missed again soon, into the main one.",
    source: "Yang et al., SOSP 2023",
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

/// The two queues, the ghosts, and for each block its uses since it entered its queue.
#[derive(Clone, Debug)]
pub struct S3Fifo {
    links: Links,
    small: List,
    main: List,
    ghosts: Ghosts,
    blocks: Vec<Block>,
    small_size: u32,
    main_size: u32,
    ghost_size: u32,
    /// Whether the missed block was a ghost.
    returns: bool,
}

#[derive(Clone, Copy, Debug)]
struct Block {
    id: BlockId,
    uses: u8,
    in_main: bool,
}

impl S3Fifo {
    fn new(capacity: u32, params: &Params) -> Self {
        let share = params.number("small_share");
        let small_size = blocks_of(capacity, share);
        Self {
            links: Links::default(),
            small: List::default(),
            main: List::default(),
            ghosts: Ghosts::default(),
            blocks: Vec::new(),
            small_size,
            main_size: capacity - small_size,
            ghost_size: blocks_of(capacity, 1.0 - share),
            returns: false,
        }
    }

    /// Drops one block of the small queue, moving those used twice to main on the way.
    fn evict_small(&mut self) -> Option<Slot> {
        while let Some(slot) = self.small.pop_oldest(&mut self.links) {
            let block = &mut self.blocks[slot as usize];
            if block.uses < 2 {
                self.ghosts.trim(self.ghost_size.saturating_sub(1));
                if 0 < self.ghost_size {
                    self.ghosts.push(block.id);
                }
                return Some(slot);
            }
            (block.uses, block.in_main) = (0, true);
            self.main.push_newest(&mut self.links, slot);
        }
        None
    }

    /// Drops one block of the main queue, letting used ones pass.
    fn evict_main(&mut self) -> Option<Slot> {
        loop {
            let slot = self.main.pop_oldest(&mut self.links)?;
            let uses = &mut self.blocks[slot as usize].uses;
            if *uses == 0 {
                return Some(slot);
            }
            *uses = (*uses).min(3) - 1;
            self.main.push_newest(&mut self.links, slot);
        }
    }
}

impl Policy for S3Fifo {
    fn on_hit(&mut self, slot: Slot, _access: &Access) {
        let uses = &mut self.blocks[slot as usize].uses;
        *uses = uses.saturating_add(1);
    }

    fn on_miss(&mut self, access: &Access) -> bool {
        self.returns = self.ghosts.remove(access.block);
        self.returns || 1 < self.small_size
    }

    fn victim(&mut self, _incoming: &Access) -> Option<Slot> {
        if self.main_size < self.main.len() {
            return self.evict_main();
        }
        self.evict_small().or_else(|| self.evict_main())
    }

    fn on_insert(&mut self, slot: Slot, access: &Access) {
        let block = Block { id: access.block, uses: 0, in_main: self.returns };
        set(&mut self.blocks, slot, block, block);
        let queue = if block.in_main { &mut self.main } else { &mut self.small };
        queue.push_newest(&mut self.links, slot);
    }

    fn on_remove(&mut self, slot: Slot) {
        let in_main = self.blocks[slot as usize].in_main;
        let queue = if in_main { &mut self.main } else { &mut self.small };
        queue.remove(&mut self.links, slot);
    }

    fn validate(&self, resident: &[Slot]) {
        let mut slots = Vec::new();
        for (queue, in_main) in [(&self.small, false), (&self.main, true)] {
            for slot in queue.audit(&self.links) {
                let block = self.blocks[slot as usize];
                assert_eq!(block.in_main, in_main, "queue of slot {slot}");
                assert!(!self.ghosts.contains(block.id), "{:?} is its own ghost", block.id);
                slots.push(slot);
            }
        }
        assert!(self.ghosts.len() <= self.ghost_size, "ghosts in bounds");
        self.ghosts.audit();
        assert_same_slots(slots, resident);
    }
}
