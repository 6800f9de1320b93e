//! LRU: the block used longest ago goes first.
//!
//! Source: the notes; every engine's default. Under the tree discipline the eligible block used
//! longest ago goes; a parent left without children competes with the stamp it has. Cost: O(1)
//! per access flat, O(log n) tree, O(1) a run of blocks by whole paths; memory: 4 bytes a slot
//! and 20 a run of blocks flat, 28 a block tree, 4 by paths and 24 a run. Parameters: none.
//! When not to use it: caches far smaller than the re-use distance, where one scan of new blocks
//! drops everything worth keeping.

use std::collections::VecDeque;
use std::ops::Range;

use crate::columns::links::{assert_same_slots, cover};
use crate::columns::queue::{Places, Queue};
use crate::evict::ranked::{Rank, Ranked};
use crate::evict::{Access, Build, EvictionRow, Formula, Origin, PathPolicy, Policy, Slot};
use crate::model::BlockId;

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "lru",
    title: "LRU",
    summary: "The block used longest ago goes first.",
    formula: Formula::new("victim = least (last use)"),
    source: "the research notes; the default of most engines",
    origin: Origin::Notes,
    params: &[],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(_build: Build<'_>) -> Lru {
    Lru::default()
}

/// The order among leaves.
pub fn tree(_build: Build<'_>) -> Ranked<Recency> {
    Ranked::new(Recency::default())
}

/// The order of whole paths.
pub fn paths(_build: Build<'_>) -> Latest {
    Latest::default()
}

/// Blocks in order of last use.
#[derive(Clone, Debug, Default)]
pub struct Lru {
    places: Places,
    queue: Queue,
}

impl Policy for Lru {
    /// What most runs of the page are under.
    const RUNS: bool = true;

    fn cover(&mut self, slots: u32) {
        self.places.cover(slots);
    }

    fn stand_alone(&mut self) {
        self.places.stand_alone();
    }

    #[inline(always)]
    fn on_hit(&mut self, slot: Slot, _access: &Access) {
        self.queue.renew(&mut self.places, slot);
    }

    #[inline(always)]
    fn on_hit_run(&mut self, slots: Range<Slot>, _first: &Access) {
        self.queue.renew_run(&mut self.places, slots);
    }

    #[inline(always)]
    fn on_miss_run(&mut self, _first: &Access, len: u32) -> u32 {
        len
    }

    #[inline(always)]
    fn victims_before(&mut self, _: &Access, _pending: u32, most: u32) -> Option<Range<Slot>> {
        self.queue.pop_run(&mut self.places, most, |_| true)
    }

    #[inline(always)]
    fn on_insert_run(&mut self, slots: Range<Slot>, _first: &Access) {
        self.queue.push_run(&mut self.places, slots);
    }

    #[inline(always)]
    fn victim(&mut self, _incoming: &Access) -> Option<Slot> {
        self.queue.pop(&mut self.places)
    }

    #[inline]
    fn on_insert(&mut self, slot: Slot, _access: &Access) {
        self.queue.push(&mut self.places, slot);
    }

    fn on_remove(&mut self, slot: Slot) {
        self.queue.remove(&mut self.places, slot);
    }

    fn validate(&self, resident: &[Slot]) {
        assert_same_slots(self.queue.audit(&self.places), resident);
    }
}

/// Ranks blocks by their last use, longest ago lowest.
#[derive(Clone, Debug, Default)]
pub struct Recency {
    uses: u64,
}

impl Recency {
    /// The key of a block used now.
    pub fn tick(&mut self) -> u64 {
        self.uses += 1;
        self.uses
    }
}

impl Rank for Recency {
    type Key = u64;

    fn on_insert(&mut self, _access: &Access) -> u64 {
        self.tick()
    }

    fn on_hit(&mut self, _key: u64, _access: &Access) -> u64 {
        self.tick()
    }
}

/// Whole paths by the request that used them last, longest ago first, each from its end.
#[derive(Clone, Debug, Default)]
pub struct Latest {
    /// The request in which a block was used last, by slot, stale where nothing is resident.
    used: Vec<u32>,
    /// The number of the request.
    request: u32,
    /// The oldest request's first, of each the deepest first. Of one that was used again since,
    /// what is left is its end.
    pieces: VecDeque<Piece>,
    /// Pieces at which those are dropped of which nothing is left.
    most: usize,
}

/// Blocks next to each other on the path of a request.
#[derive(Clone, Copy, Debug)]
struct Piece {
    start: Slot,
    end: Slot,
    request: u32,
}

/// Pieces that are looked at for the first time.
const FEW: usize = 1024;

impl Latest {
    /// How many of the last blocks of a piece, at most so many, no later request has used.
    #[inline]
    fn left(used: &[u32], piece: &Piece, most: usize) -> u32 {
        let own = used[piece.start as usize..piece.end as usize].iter().rev().take(most);
        own.take_while(|&&request| request == piece.request).count() as u32
    }
}

impl PathPolicy for Latest {
    const OWN_LAST_GOES: bool = true;

    fn cover(&mut self, slots: u32) {
        cover(&mut self.used, slots, 0);
    }

    fn begin(&mut self, resident: &[Range<Slot>]) {
        self.request += 1;
        for slots in resident {
            self.used[slots.start as usize..slots.end as usize].fill(self.request);
        }
    }

    fn victims(&mut self, _next_use: u32, most: u32) -> Option<Range<Slot>> {
        loop {
            let piece = self.pieces.front_mut()?;
            let left = Self::left(&self.used, piece, most as usize);
            let slots = piece.end - left..piece.end;
            piece.end = slots.start;
            if left < most || piece.start == piece.end {
                self.pieces.pop_front();
            }
            if 0 < left {
                return Some(slots);
            }
        }
    }

    fn keep(&mut self, slots: Range<Slot>, _first: BlockId, _next_uses: &[u32]) {
        let Range { start, end } = slots;
        self.used[start as usize..end as usize].fill(self.request);
        if self.most <= self.pieces.len() {
            self.pieces.retain(|piece| 0 < Self::left(&self.used, piece, 1));
            self.most = FEW.max(2 * self.pieces.len());
        }
        self.pieces.push_back(Piece { start, end, request: self.request });
    }

    fn validate(&self, resident: &[Slot]) {
        let left = |piece: &Piece| piece.end - Self::left(&self.used, piece, usize::MAX)..piece.end;
        assert_same_slots(self.pieces.iter().flat_map(left).collect(), resident);
    }
}
