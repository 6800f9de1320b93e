//! W-TinyLFU: a small window for new blocks, and a main cache that admits by frequency.
//!
//! New blocks enter the window, an LRU. What falls out of it takes the place of main's victim
//! only if a sketch of recent requests has seen it more often; otherwise it goes itself. Main is
//! a segmented LRU, 80 % of it protected.
//!
//! Paper: Einziger, Friedman and Manes, "TinyLFU: A Highly Efficient Cache Admission Policy" (ACM
//! TOS 13(4), 2017). As in Caffeine there is no doorkeeper and the sketch ages after ten records
//! a block of capacity; unlike it the window does not adapt and ties go against the newcomer
//! (no random admission). libCacheSim's counts up to 4.2 % more or fewer misses, by four rules:
//! its window takes everything until the cache is full; it counts insertions, uses in main and
//! once more what leaves the window, and no use in the window; its main is its SLRU; its sketch
//! is a counting Bloom filter of ten hashes, halved after 32 uses in main a block. With these a
//! twin counts its misses, without them ours (docs/peers.md).
//! Cost: O(1) per access amortised; memory: 12 bytes a slot, 20 a run of blocks and 8
//! to 16 a block of sketch.
//! Parameters: `window_share`, default 0.01, in [0.001, 0.9]; the window has at least one place.
//! Not defined under the tree discipline: the contest is between two given blocks.
//! When not to use it: bursts of recency; widen the window then.

use super::slru::Segments;
use crate::columns::Kept;
use crate::columns::links::{assert_same_slots, cover};
use crate::columns::queue::{Places, Queue};
use crate::evict::sketch::Sketch;
use crate::evict::{Access, Build, EvictionRow, Formula, Origin, Policy, Slot, blocks_of};
use crate::model::{BlockId, UNLIMITED_BLOCKS};
use crate::params::ParamSpec;

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "wtinylfu",
    title: "W-TinyLFU",
    summary: "A block leaving a small window must have been asked for more than main's victim.",
    formula: Formula::new(
        "victim = SLRU victim of main where frequency(window's LRU) > frequency(it), and that \
         LRU takes its place; else the window's LRU",
    ),
    source: "Einziger, Friedman and Manes 2017",
    origin: Origin::Paper,
    params: &[ParamSpec::number("window_share", 0.01, 0.001, 0.9)
        .told("Window", "Share of the capacity where new blocks live unconditionally.")],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(build: Build<'_>) -> WTinyLfu {
    WTinyLfu::new(build.capacity, build.params.number("window_share"))
}

/// Share of main that may be protected.
const PROTECTED_SHARE: f64 = 0.8;

/// Requests the sketch remembers, for each block of capacity.
const RECORDS_PER_BLOCK: u64 = 10;

/// The window, main and the sketch.
#[derive(Clone, Debug)]
pub struct WTinyLfu {
    places: Places,
    window: Queue,
    main: Segments,
    /// `None` where nothing is ever evicted.
    sketch: Option<Sketch>,
    blocks: Vec<Block>,
    window_size: u32,
    resident: u32,
}

#[derive(Clone, Copy, Debug)]
struct Block {
    id: BlockId,
    in_main: bool,
}

impl Block {
    const NONE: Self = Self { id: BlockId::NONE, in_main: false };
}

/// What the window's queue is called, beside main's two.
const WINDOW: u32 = 2;

impl WTinyLfu {
    fn new(capacity: u32, window_share: f64) -> Self {
        let window_size = blocks_of(capacity, window_share).max(1);
        let sample = RECORDS_PER_BLOCK * u64::from(capacity);
        Self {
            places: Places::default(),
            window: Queue::called(WINDOW),
            main: Segments::new(blocks_of(capacity - window_size, PROTECTED_SHARE)),
            sketch: (capacity < UNLIMITED_BLOCKS).then(|| Sketch::new(sample)),
            blocks: Vec::new(),
            window_size,
            resident: 0,
        }
    }

    fn record(&mut self, block: BlockId) {
        if let Some(sketch) = &mut self.sketch {
            sketch.record(block);
        }
    }

    /// Whether the window's oldest was asked for more often than main's victim.
    fn is_admitted(&self, candidate: Slot, victim: Slot) -> bool {
        let id = |slot: Slot| self.blocks[slot as usize].id;
        let sketch = self.sketch.as_ref();
        sketch.is_some_and(|sketch| sketch.frequency(id(victim)) < sketch.frequency(id(candidate)))
    }

    /// Moves the window's oldest to main.
    fn pass_on(&mut self) {
        if let Some(slot) = self.window.pop(&mut self.places) {
            self.blocks[slot as usize].in_main = true;
            self.main.insert(&mut self.places, slot);
        }
    }

    fn detach(&mut self, slot: Slot) {
        self.resident -= 1;
        if self.blocks[slot as usize].in_main {
            self.main.remove(&mut self.places, slot);
        } else {
            self.window.remove(&mut self.places, slot);
        }
    }
}

impl Policy for WTinyLfu {
    fn cover(&mut self, slots: u32) {
        self.places.cover(slots);
        cover(&mut self.blocks, slots, Block::NONE);
    }

    #[inline]
    fn on_hit(&mut self, slot: Slot, access: &Access) {
        self.record(access.block);
        if self.blocks[slot as usize].in_main {
            self.main.hit(&mut self.places, slot);
        } else {
            self.window.renew(&mut self.places, slot);
        }
    }

    fn on_miss(&mut self, access: &Access) -> bool {
        self.record(access.block);
        true
    }

    #[inline]
    fn victim(&mut self, _incoming: &Access) -> Option<Slot> {
        // A full cache has a full window: main never holds more than the rest.
        let candidate = self.window.oldest(&self.places)?;
        let victim =
            self.main.oldest(&self.places).filter(|&victim| self.is_admitted(candidate, victim));
        if victim.is_some() {
            self.pass_on();
        }
        let goes = victim.unwrap_or(candidate);
        self.detach(goes);
        Some(goes)
    }

    #[inline]
    fn on_insert(&mut self, slot: Slot, access: &Access) {
        let block = Block { id: access.block, in_main: false };
        self.blocks[slot as usize] = block;
        self.window.push(&mut self.places, slot);
        if self.window_size < self.window.len() {
            self.pass_on();
        }
        self.resident += 1;
        if let Some(sketch) = &mut self.sketch {
            sketch.cover(self.resident);
        }
    }

    fn keep_names(&self, kept: &mut Kept) {
        // The sketch knows all blocks by hashes of their numbers.
        if self.sketch.is_some() {
            kept.keep_all();
        }
    }

    #[inline]
    fn on_remove(&mut self, slot: Slot) {
        self.detach(slot);
    }

    fn validate(&self, resident: &[Slot]) {
        let (mut slots, main) = (self.window.audit(&self.places), self.main.audit(&self.places));
        let marked = |&slot: &Slot| self.blocks[slot as usize].in_main;
        assert!(!slots.iter().any(marked) && main.iter().all(marked), "segment marks");
        assert!(slots.len() <= self.window_size as usize, "window in bounds");
        assert_eq!(self.resident as usize, slots.len() + main.len(), "resident blocks");
        slots.extend(main);
        assert_same_slots(slots, resident);
    }
}
