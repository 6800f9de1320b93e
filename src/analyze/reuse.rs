//! LRU at every capacity in one pass: stack distances after Mattson, Gecsei, Slutz and Traiger
//! (IBM Systems Journal, 1970).
//!
//! One node. Where a cache of C blocks always holds the first C of one list of blocks, whatever C
//! is, a block is resident iff its position on that list is at most C. One pass then tells what
//! all capacities hit. What is exact, and why:
//!
//! - **flat**: the list is the blocks by last use (`cache/flat.rs` touches or inserts every block
//!   of a request in turn, refuses nothing, and drops what was used longest ago). *Prefix hits* are
//!   counted at arrival: the block at depth j is in the match iff the positions of blocks 0 to j
//!   *at the request's arrival* are all at most C, so its threshold is the largest of them. *Any-
//!   block hits* are counted block by block while the request goes in, so there its own earlier
//!   blocks have moved to the front and may have pushed this one out: the threshold is the
//!   position at the block's own turn. Blocks whose last use was in one request stand next to each
//!   other, deeper ones nearer the front; parents are used whenever their children are. So of the
//!   request's blocks before the one at depth j, those behind it at arrival are those before it in
//!   its run of neighbours, and only they add to its position by moving to the front.
//! - **tree**: the leaf used longest ago goes, which is the block last used by the earliest
//!   request, deepest first, whatever the capacity: the list is that order backwards. The match is
//!   all that is resident of a request, so any-block hits are prefix hits. A request longer than C
//!   ends with its own last block gone and one place empty (see `cache/tree.rs`), unless its first
//!   C blocks filled the cache before; such a cache holds the first C − 1. Whether a place is
//!   empty is one bit for each C below the longest request, which a request longer than C sets and
//!   one that fits and inserts anything clears: then the threshold is one more.
//! - *Hit tokens* grow with the match alone, so each block brings its own tokens at its threshold,
//!   cut off at the prompt's length.
//!
//! Nothing of this holds for FIFO (more capacity may hit less: Belady's anomaly), nor for the
//! policies that count or filter: those are simulated.
//!
//! Cost: O(log blocks) for each run of neighbours and each word of slots, so O(log n) a reference
//! at most. Memory: 4.8 bytes a distinct block, and 16 for each capacity up to the largest
//! distance.

use super::stack::Stack;
use super::totals::Totals;
use crate::model::RequestRef;
use crate::trace::Log;
use serde::{Deserialize, Serialize};

/// How blocks go in and out, as far as LRU differs by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Insertion {
    /// Each block alone.
    Flat,
    /// Leaves only, the path pinned.
    Tree,
}

/// What a cache hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hits {
    /// Leading blocks resident on arrival.
    pub prefix_hits: u64,
    /// Blocks resident when their turn came.
    pub block_hits: u64,
    /// Prompt tokens saved.
    pub hit_tokens: u64,
}

/// One pass over a log, or as much of it as was pushed.
#[derive(Clone, Debug)]
pub struct Reuse {
    insertion: Insertion,
    block_size: u32,
    stack: Stack,
    totals: Totals,
    hits: Columns,
    empty: EmptyPlace,
    /// Positions of the request's blocks that were used before.
    positions: Vec<u32>,
}

/// Hits by the capacity from which on they are.
#[derive(Clone, Debug, Default)]
struct Columns {
    prefix: Vec<u32>,
    any: Vec<u32>,
    tokens: Vec<u64>,
}

impl Columns {
    fn cover(&mut self, capacity: u32) {
        let len = capacity as usize + 1;
        if self.prefix.len() < len {
            self.prefix.resize(len, 0);
            self.any.resize(len, 0);
            self.tokens.resize(len, 0);
        }
    }
}

impl Reuse {
    /// Nothing yet; `block_size` is that of the trace, in tokens.
    pub fn new(insertion: Insertion, block_size: u32) -> Self {
        Self {
            insertion,
            block_size,
            stack: Stack::default(),
            totals: Totals::default(),
            hits: Columns::default(),
            empty: EmptyPlace::default(),
            positions: Vec::new(),
        }
    }

    /// Takes in the next request; one that is not `counted` only warms the caches.
    pub fn push(&mut self, found: &RequestRef<'_>, counted: bool) {
        self.stack.reserve(found.blocks.len());
        self.find(found);
        if counted {
            let new_blocks = found.blocks.len() - self.positions.len();
            self.totals.push(found, self.positions.len() as u32, new_blocks, self.block_size);
            match self.insertion {
                Insertion::Flat => self.count_flat(found),
                Insertion::Tree => self.count_tree(found),
            }
        } else {
            self.totals.distinct_blocks += (found.blocks.len() - self.positions.len()) as u64;
        }
        let blocks = found.blocks.iter().copied();
        match self.insertion {
            Insertion::Flat => self.stack.touch_all(blocks),
            // The deepest goes first, so it stands farthest back.
            Insertion::Tree => {
                self.empty.request(found.blocks.len(), &self.positions);
                self.stack.touch_all(blocks.rev());
            }
        }
    }

    /// Looks up the positions of the blocks that were used before: a leading run, for a block's
    /// name includes its parent. Neighbours on the timeline have neighbouring positions.
    fn find(&mut self, found: &RequestRef<'_>) {
        self.positions.clear();
        let mut before = None;
        for &block in found.blocks {
            let Some(slot) = self.stack.slot(block) else { break };
            let position = match before {
                Some((last, position)) if slot == last + 1 => position - 1,
                Some((last, position)) if slot + 1 == last => position + 1,
                _ => self.stack.position(slot),
            };
            self.positions.push(position);
            before = Some((slot, position));
        }
        let rest = &found.blocks[self.positions.len()..];
        debug_assert!(
            rest.iter().all(|&block| self.stack.slot(block).is_none()),
            "a block that was used before stands behind one that was not"
        );
    }

    fn count_flat(&mut self, found: &RequestRef<'_>) {
        let (mut threshold, mut run) = (0, 0);
        for depth in 0..self.positions.len() {
            let position = self.positions[depth];
            if depth > 0 && position + 1 != self.positions[depth - 1] {
                run = depth;
            }
            threshold = position.max(threshold);
            let in_turn = position + (depth - run) as u32;
            self.count(found, depth, threshold, in_turn);
        }
    }

    fn count_tree(&mut self, found: &RequestRef<'_>) {
        for depth in 0..self.positions.len() {
            let position = self.positions[depth];
            let threshold = position + u32::from(self.empty.is(position as usize));
            self.count(found, depth, threshold, threshold);
        }
    }

    #[inline]
    fn count(&mut self, found: &RequestRef<'_>, depth: usize, threshold: u32, in_turn: u32) {
        let hits = &mut self.hits;
        hits.cover(threshold.max(in_turn));
        hits.prefix[threshold as usize] += 1;
        hits.any[in_turn as usize] += 1;
        let upto = |blocks| {
            let tokens = found.tokens_in(blocks, self.block_size);
            tokens.min(u64::from(found.request.input_tokens))
        };
        hits.tokens[threshold as usize] += upto(depth as u32 + 1) - upto(depth as u32);
    }

    /// The curve of what was pushed. O(largest distance).
    pub fn finish(self) -> ReuseCurve {
        let Columns { mut prefix, mut any, mut tokens } = self.hits;
        for at in 1..prefix.len() {
            prefix[at] += prefix[at - 1];
            any[at] += any[at - 1];
            tokens[at] += tokens[at - 1];
        }
        let (insertion, totals) = (self.insertion, self.totals);
        ReuseCurve { insertion, totals, prefix, any, tokens }
    }
}

/// Exact hits of one LRU cache at every capacity.
#[derive(Clone, Debug)]
pub struct ReuseCurve {
    insertion: Insertion,
    totals: Totals,
    prefix: Vec<u32>,
    any: Vec<u32>,
    tokens: Vec<u64>,
}

impl ReuseCurve {
    /// Of a whole log, the requests before place `warm` uncounted. O(references log blocks).
    pub fn of(log: &Log, insertion: Insertion, warm: u64) -> Self {
        let mut reuse = Reuse::new(insertion, super::block_size(log));
        for (place, found) in (0..).zip(log.iter()) {
            reuse.push(&found, warm <= place);
        }
        reuse.finish()
    }

    /// What a cache of `capacity` ≥ 1 blocks hits. O(1).
    pub fn at(&self, capacity: u32) -> Hits {
        let Some(last) = self.prefix.len().checked_sub(1) else { return Hits::default() };
        let at = (capacity as usize).min(last);
        Hits {
            prefix_hits: u64::from(self.prefix[at]),
            block_hits: u64::from(self.any[at]),
            hit_tokens: self.tokens[at],
        }
    }

    /// The smallest capacity that hits whatever an unlimited one does; at least 1.
    pub fn enough(&self) -> u32 {
        (self.prefix.len() as u32).saturating_sub(1).max(1)
    }

    /// How blocks go in and out.
    pub fn insertion(&self) -> Insertion {
        self.insertion
    }

    /// Sums that do not depend on the cache.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }
}

/// For each capacity below the longest request, whether the tree's cache has one place empty
/// after a request that was longer than it.
#[derive(Clone, Debug, Default)]
struct EmptyPlace {
    bits: Vec<u64>,
}

impl EmptyPlace {
    #[inline]
    fn is(&self, capacity: usize) -> bool {
        self.bits.get(capacity / 64).is_some_and(|word| word >> (capacity % 64) & 1 == 1)
    }

    /// A request of `len` blocks goes in, of which those used before stand at `positions`.
    /// O(longest request / 64).
    fn request(&mut self, len: usize, positions: &[u32]) {
        let Some(deepest) = len.checked_sub(1) else { return };
        // Capacities that the request's first blocks fill alone stay as they are.
        let filled =
            (1..).zip(positions).take_while(|(place, position)| place == *position).count();
        if self.bits.len() <= len / 64 {
            self.bits.resize(len / 64 + 1, 0);
        }
        self.fill(filled + 1..len, true);
        // Where the request fits and inserts something, the place is taken.
        let last = positions.get(deepest).map_or(usize::MAX, |&at| at as usize);
        let end = last.saturating_add(1).min(64 * self.bits.len());
        self.fill(len..end, false);
    }

    fn fill(&mut self, range: std::ops::Range<usize>, value: bool) {
        if range.is_empty() {
            return;
        }
        let (first, last) = (range.start / 64, (range.end - 1) / 64);
        for at in first..=last {
            let mut mask = u64::MAX;
            if at == first {
                mask &= u64::MAX << (range.start % 64);
            }
            if at == last {
                mask &= u64::MAX >> (63 - (range.end - 1) % 64);
            }
            let word = &mut self.bits[at];
            *word = if value { *word | mask } else { *word & !mask };
        }
    }
}
