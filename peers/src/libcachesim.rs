//! Twins of libCacheSim's SLRU and W-TinyLFU in their plainest form, which count its misses where
//! ours differ: each list is ordered by last use, each rule is one that its source has.
//!
//! W-TinyLFU's twin can follow our rules as well, and then counts ours: so the four by which the
//! two sets of rules differ are all that parts the policies.

use kvscope::evict::sketch::Sketch;
use kvscope::model::BlockId;
use std::collections::{BTreeMap, HashMap};

/// Blocks in the order of their last use.
#[derive(Default)]
struct Recency {
    used_at: HashMap<BlockId, u64>,
    order: BTreeMap<u64, BlockId>,
    now: u64,
}

impl Recency {
    fn len(&self) -> usize {
        self.order.len()
    }

    fn push(&mut self, block: BlockId) {
        self.now += 1;
        self.used_at.insert(block, self.now);
        self.order.insert(self.now, block);
    }

    /// Whether it was there.
    fn remove(&mut self, block: BlockId) -> bool {
        let at = self.used_at.remove(&block);
        at.is_some_and(|at| self.order.remove(&at).is_some())
    }

    /// The one used longest ago.
    fn oldest(&self) -> Option<BlockId> {
        self.order.first_key_value().map(|(_, &block)| block)
    }

    /// Takes the one used longest ago.
    fn pop(&mut self) -> Option<BlockId> {
        let (_, block) = self.order.pop_first()?;
        self.used_at.remove(&block);
        Some(block)
    }
}

/// Two segments: blocks used once, and blocks used again.
struct Segments {
    capacity: usize,
    most: [usize; 2],
    lists: [Recency; 2],
    /// Whether a new block enters the upper segment while only that has room.
    fills: bool,
}

impl Segments {
    /// libCacheSim's, 1 : 4.
    fn filling(capacity: usize) -> Self {
        let share = |of: f64| (of / 5.0 * capacity as f64) as usize;
        Self { capacity, most: [share(1.0), share(4.0)], lists: Default::default(), fills: true }
    }

    /// Ours.
    fn ours(capacity: usize) -> Self {
        let protected = (0.8 * capacity as f64) as usize;
        let lists = Default::default();
        Self { capacity, most: [capacity, protected], lists, fills: false }
    }

    fn len(&self) -> usize {
        self.lists[0].len() + self.lists[1].len()
    }

    /// Whether it is there; then it has been used.
    fn hit(&mut self, block: BlockId) -> bool {
        if self.lists[1].remove(block) {
            self.lists[1].push(block);
            return true;
        }
        if !self.lists[0].remove(block) {
            return false;
        }
        self.lists[1].push(block);
        while self.most[1] < self.lists[1].len() {
            let cooled = self.lists[1].pop().expect("it holds too many");
            self.lists[0].push(cooled);
            while self.most[0] < self.lists[0].len() {
                self.lists[0].pop();
            }
        }
        true
    }

    fn lowest(&mut self) -> &mut Recency {
        let lowest = usize::from(self.lists[0].len() == 0);
        &mut self.lists[lowest]
    }

    /// Takes in a new block, and gives up others where there is no room.
    fn insert(&mut self, block: BlockId) {
        let has_room = |&segment: &usize| self.lists[segment].len() < self.most[segment];
        let room = (0..2).find(has_room).filter(|_| self.fills);
        while room.is_none() && self.capacity <= self.len() {
            self.lowest().pop();
        }
        self.lists[room.unwrap_or(0)].push(block);
    }
}

/// Misses of libCacheSim's SLRU of two segments, 1 : 4.
pub(crate) fn slru(blocks: &[BlockId], capacity: u32) -> u64 {
    let mut segments = Segments::filling(capacity as usize);
    let mut misses = 0;
    for &block in blocks {
        if !segments.hit(block) {
            misses += 1;
            segments.insert(block);
        }
    }
    misses
}

/// Whose rules the twin of W-TinyLFU follows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rules {
    /// The window takes everything until the cache is full, and fills main then. Counted are
    /// insertions, uses in main, and once more whatever leaves the window. Main is its SLRU. The
    /// sketch is a counting Bloom filter of ten hashes, halved after 32 uses in main a block of it.
    LibCacheSim,
    /// The window passes on what is over its share. Every access is counted. Main is our SLRU. The
    /// sketch is count-min with 4 bits, halved after ten records a block.
    Ours,
}

/// How often blocks were asked for, roughly.
enum Frequencies {
    Bloom { counters: Vec<u32>, hashes: u32 },
    CountMin(Sketch),
}

impl Frequencies {
    /// A counting Bloom filter for so many blocks and one error in a thousand.
    fn bloom(entries: usize) -> Self {
        let each = -(0.001_f64.ln()) / 0.480_453_013_918_201;
        let hashes = (0.693_147_180_559_945 * each).ceil() as u32;
        let counters = (each * entries as f64).ceil() as usize;
        let counters = if counters < hashes as usize { 2 * hashes as usize } else { counters };
        Self::Bloom { counters: vec![0; counters], hashes }
    }

    fn record(&mut self, block: BlockId) {
        match self {
            Self::Bloom { counters, hashes } => {
                for at in places(block, counters.len() as u32, *hashes) {
                    counters[at] += 1;
                }
            }
            Self::CountMin(sketch) => sketch.record(block),
        }
    }

    fn of(&self, block: BlockId) -> u64 {
        match self {
            Self::Bloom { counters, hashes } => {
                let counts = places(block, counters.len() as u32, *hashes).map(|at| counters[at]);
                u64::from(counts.min().expect("ten hashes"))
            }
            Self::CountMin(sketch) => sketch.frequency(block),
        }
    }

    fn halve(&mut self) {
        if let Self::Bloom { counters, .. } = self {
            counters.iter_mut().for_each(|counter| *counter >>= 1);
        }
    }
}

/// Where the counters of a block are: two hashes stand for as many as are wanted.
fn places(block: BlockId, counters: u32, hashes: u32) -> impl Iterator<Item = usize> {
    // Its name in the files that were written for libCacheSim.
    let name = u64::from(block.0 + 1);
    let [first, step] = [0x1234_5678, 0x1234_4321].map(|seed| xxh64(name, seed) as u32);
    let at = move |hash: u32| first.wrapping_add(hash.wrapping_mul(step)) % counters;
    (0..hashes).map(move |hash| at(hash) as usize)
}

/// XXH64 of one number, little-endian.
fn xxh64(value: u64, seed: u64) -> u64 {
    const PRIMES: [u64; 5] = [
        0x9e37_79b1_85eb_ca87,
        0xc2b2_ae3d_27d4_eb4f,
        0x1656_67b1_9e37_79f9,
        0x85eb_ca77_c2b2_ae63,
        0x27d4_eb2f_1656_67c5,
    ];
    let lane = value.wrapping_mul(PRIMES[1]).rotate_left(31).wrapping_mul(PRIMES[0]);
    let hash = seed.wrapping_add(PRIMES[4]).wrapping_add(8) ^ lane;
    let hash = hash.rotate_left(27).wrapping_mul(PRIMES[0]).wrapping_add(PRIMES[3]);
    let hash = (hash ^ hash >> 33).wrapping_mul(PRIMES[1]);
    let hash = (hash ^ hash >> 29).wrapping_mul(PRIMES[2]);
    hash ^ hash >> 32
}

/// Misses of W-TinyLFU with this share of the capacity as its window.
pub(crate) fn wtinylfu(blocks: &[BlockId], capacity: u32, window: f64, rules: Rules) -> u64 {
    let mut twin = TinyLfu::new(capacity, window, rules);
    blocks.iter().filter(|&&block| !twin.serve(block)).count() as u64
}

struct TinyLfu {
    rules: Rules,
    capacity: usize,
    window_size: usize,
    window: Recency,
    main: Segments,
    frequencies: Frequencies,
    /// Uses in main since the filter was halved.
    uses: usize,
}

impl TinyLfu {
    fn new(capacity: u32, window: f64, rules: Rules) -> Self {
        let window_size = (f64::from(capacity) * window) as usize;
        let (capacity, sample) = (capacity as usize, 10 * u64::from(capacity));
        let (window_size, main, frequencies) = match rules {
            Rules::LibCacheSim => {
                let main = capacity - window_size;
                (window_size, Segments::filling(main), Frequencies::bloom(main))
            }
            Rules::Ours => {
                let window_size = window_size.max(1);
                let sketch = Frequencies::CountMin(Sketch::new(sample));
                (window_size, Segments::ours(capacity - window_size), sketch)
            }
        };
        let window = Recency::default();
        Self { rules, capacity, window_size, window, main, frequencies, uses: 0 }
    }

    /// Whether the block was there.
    fn serve(&mut self, block: BlockId) -> bool {
        let in_window = self.window.remove(block);
        let in_main = !in_window && self.main.hit(block);
        if in_window {
            self.window.push(block);
        }
        if self.rules == Rules::Ours || in_main {
            self.frequencies.record(block);
        }
        if in_main {
            self.uses += 1;
            if self.uses == 32 * self.main.capacity {
                self.uses = 0;
                self.frequencies.halve();
            }
        }
        if in_window || in_main {
            return true;
        }
        if self.capacity <= self.window.len() + self.main.len() {
            self.make_room();
        }
        self.window.push(block);
        match &mut self.frequencies {
            Frequencies::Bloom { .. } => self.frequencies.record(block),
            Frequencies::CountMin(sketch) => {
                if self.window_size < self.window.len() {
                    let passed = self.window.pop().expect("it holds too many");
                    self.main.insert(passed);
                }
                sketch.cover((self.window.len() + self.main.len()) as u32);
            }
        }
        false
    }

    /// What falls out of the window goes, or main's victim where it is asked for less.
    fn make_room(&mut self) {
        let mut is_done = false;
        while !is_done {
            let candidate = self.window.pop().expect("a window is never empty here");
            if self.main.len() < self.main.capacity {
                self.main.insert(candidate);
            } else {
                let victim = self.main.lowest().oldest();
                let frequency = |block| self.frequencies.of(block);
                if victim.is_some_and(|victim| frequency(victim) < frequency(candidate)) {
                    self.main.lowest().pop();
                    self.main.insert(candidate);
                }
                is_done = true;
            }
            if self.rules == Rules::LibCacheSim {
                self.frequencies.record(candidate);
            }
        }
    }
}
