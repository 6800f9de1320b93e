//! The hot set over time: which of the most used prefixes changes when.
//!
//! In each window the ten blocks that most of its requests use. Blocks that always come together
//! there, such as those of one system prompt, are shown by the first of them: a block stands for
//! itself only where it is used less often than its parent.

use crate::analyze::share;
use crate::columns::order;
use crate::model::BlockId;
use serde::Serialize;

/// Places of the hot set.
const PLACES: usize = 10;

/// Windows of a trace, and requests of one, at least.
const WINDOWS: u64 = 32;
const FEWEST: u64 = 100;

/// The hot set of each window.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HotSet {
    /// Requests in a window; the last may have fewer.
    pub window_requests: u64,
    /// In order.
    pub windows: Vec<HotWindow>,
}

/// The hot set of one window.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct HotWindow {
    /// Number of its first request, from 1.
    pub from_request: u64,
    /// At most ten, hottest first; ties: the one first seen earliest.
    pub hot: Vec<HotBlock>,
    /// Of those, not in the hot set of the window before; 0 in the first.
    pub changed: u64,
}

/// A block of a hot set.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct HotBlock {
    /// Which: the number of the block in order of first appearance.
    pub block: BlockId,
    /// Requests of the window that use it.
    pub requests: u64,
    /// Of the window's requests.
    pub share: f64,
}

/// The hot set in the making.
#[derive(Clone, Debug)]
pub(super) struct HotSoFar {
    window_requests: u64,
    requests: u64,
    windows: Vec<HotWindow>,
    /// Uses in this window, by block; zeros elsewhere.
    uses: Vec<u32>,
    /// Blocks used in this window.
    used: Vec<BlockId>,
}

impl HotSoFar {
    pub(super) fn new(requests: u64) -> Self {
        let window_requests = requests.div_ceil(WINDOWS).max(FEWEST);
        let (windows, uses, used) = (Vec::new(), Vec::new(), Vec::new());
        Self { window_requests, requests: 0, windows, uses, used }
    }

    /// Takes in the blocks of the next request; `parents` is the parent of each block so far.
    pub(super) fn push(&mut self, blocks: &[BlockId], parents: &[BlockId]) {
        if self.uses.len() < parents.len() {
            self.uses.resize(parents.len(), 0);
        }
        for &block in blocks {
            let uses = &mut self.uses[block.index()];
            if *uses == 0 {
                self.used.push(block);
            }
            *uses += 1;
        }
        self.requests += 1;
        if self.requests.is_multiple_of(self.window_requests) {
            self.close(parents);
        }
    }

    /// Ends the window. O(blocks in it).
    fn close(&mut self, parents: &[BlockId]) {
        let requests = (self.requests - 1) % self.window_requests + 1;
        let of = |block: BlockId| self.uses.get(block.index()).copied().unwrap_or(0);
        let alone = |block: &&BlockId| of(parents[block.index()]) != of(**block);
        // Words that grow with fewer uses, then with a later first appearance.
        let key = |block: &BlockId| order::pair(u32::MAX - of(*block), block.0);
        let mut keys: Vec<u64> = self.used.iter().filter(alone).map(key).collect();
        if PLACES < keys.len() {
            order::nth(&mut keys, PLACES - 1);
            keys.truncate(PLACES);
        }
        order::sort(&mut keys);
        let hot: Vec<HotBlock> = keys
            .into_iter()
            .map(|key| {
                let uses = u64::from(u32::MAX - (key >> 32) as u32);
                HotBlock {
                    block: BlockId(key as u32),
                    requests: uses,
                    share: share(uses, requests),
                }
            })
            .collect();
        let changed = self.windows.last().map_or(0, |before| {
            let new = |it: &&HotBlock| before.hot.iter().all(|other| other.block != it.block);
            hot.iter().filter(new).count() as u64
        });
        let from_request = self.requests - requests + 1;
        self.windows.push(HotWindow { from_request, hot, changed });
        for block in self.used.drain(..) {
            self.uses[block.index()] = 0;
        }
    }

    /// The hot set, and its column of zeros by block, to be used again.
    pub(super) fn finish(mut self, parents: &[BlockId]) -> (HotSet, Vec<u32>) {
        if !self.requests.is_multiple_of(self.window_requests) {
            self.close(parents);
        }
        self.uses.resize(parents.len(), 0);
        let hot = HotSet { window_requests: self.window_requests, windows: self.windows };
        (hot, self.uses)
    }
}
