//! The twin of W-TinyLFU, whose sketch is four plain rows of counters.

use super::naive::Twin;
use super::queues::{Slru, renew, take};
use kvscope::evict::Access;
use kvscope::model::BlockId;

pub(crate) struct WTinyLfu {
    window: Vec<BlockId>,
    main: Slru,
    size: usize,
    sketch: Sketch,
}

impl WTinyLfu {
    pub(crate) fn new(capacity: usize, window: usize) -> Self {
        let protected = (0.8 * (capacity - window) as f64) as usize;
        let sketch = Sketch { rows: [const { Vec::new() }; 4], records: 0, limit: 10 * capacity };
        Self { window: vec![], main: Slru::new(protected), size: window, sketch }
    }

    fn len(&self) -> usize {
        self.window.len() + self.main.probation.len() + self.main.protected.len()
    }
}

impl Twin for WTinyLfu {
    fn hit(&mut self, access: &Access) {
        self.sketch.record(access.block);
        if !renew(&mut self.window, access.block) {
            self.main.hit(access);
        }
    }

    fn miss(&mut self, access: &Access) -> bool {
        self.sketch.record(access.block);
        true
    }

    fn insert(&mut self, access: &Access) {
        self.window.push(access.block);
        if self.size < self.window.len() {
            self.main.probation.push(self.window.remove(0));
        }
        self.sketch.grow(self.len());
    }

    fn victim(&mut self, _eligible: &[BlockId], _incoming: &Access) -> Option<BlockId> {
        let candidate = self.window.remove(0);
        match self.main.first() {
            Some(victim) if self.sketch.count(victim) < self.sketch.count(candidate) => {
                self.main.leave(victim);
                self.main.probation.push(candidate);
                Some(victim)
            }
            _ => Some(candidate),
        }
    }

    fn leave(&mut self, block: BlockId) {
        take(&mut self.window, block);
        self.main.leave(block);
    }
}

/// Four rows of counters up to 15; the smallest of a block's four is its count.
struct Sketch {
    rows: [Vec<u8>; 4],
    records: usize,
    limit: usize,
}

impl Sketch {
    /// Where in a row of `width` the counter of `block` is: two rounds of multiplication.
    fn place(row: usize, width: usize, block: BlockId) -> usize {
        let seed: u64 = [
            14_097_894_508_562_428_199,
            13_011_662_864_482_103_923,
            11_160_318_154_034_397_263,
            14_695_981_039_346_656_037,
        ][row];
        let once = (u64::from(block.0) + 1).wrapping_mul(seed);
        let twice = (once ^ (once >> 32)).wrapping_mul(seed);
        (twice >> 32) as usize % width
    }

    fn grow(&mut self, blocks: usize) {
        for row in &mut self.rows {
            while row.len() < 16 || row.len() < 4 * blocks {
                let copy = if row.is_empty() { vec![0; 16] } else { row.clone() };
                row.extend(copy);
            }
        }
    }

    fn record(&mut self, block: BlockId) {
        self.grow(0);
        for (at, row) in self.rows.iter_mut().enumerate() {
            let place = Self::place(at, row.len(), block);
            row[place] = (row[place] + 1).min(15);
        }
        self.records += 1;
        if self.records == self.limit {
            self.records = self.limit / 2;
            self.rows.iter_mut().flatten().for_each(|counter| *counter /= 2);
        }
    }

    fn count(&self, block: BlockId) -> u8 {
        let row = |at: usize| self.rows[at][Self::place(at, self.rows[at].len(), block)];
        (0..4).map(row).min().expect("four rows")
    }
}
