//! The ledger as one cache writes it.

use super::narrow::Bits;
use super::single::Single;
use super::wide::Wide;
use crate::model::{BlockId, NodeId};

/// Where a cache notes which blocks come and go: its node's place in every row of a ledger.
#[derive(Debug)]
pub struct Marks<'a>(To<'a>);

#[derive(Debug)]
enum To<'a> {
    Single(&'a mut Single),
    Bits(Bits<'a>),
    Lists(&'a mut Wide, NodeId),
    Nobody,
    Changes(&'a mut Vec<Change>),
}

/// A block that came or was evicted, in the order in which it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which block.
    pub block: BlockId,
    /// Inserted, or evicted.
    pub inserted: bool,
}

impl<'a> Marks<'a> {
    #[inline]
    pub(super) fn of_bits(bits: Bits<'a>) -> Self {
        Self(To::Bits(bits))
    }

    #[inline]
    pub(super) fn of_single(rows: &'a mut Single) -> Self {
        Self(To::Single(rows))
    }

    pub(super) fn of_lists(rows: &'a mut Wide, node: NodeId) -> Self {
        Self(To::Lists(rows, node))
    }

    /// For a cache that stands alone: nothing is noted, and nothing is known to have been lost.
    pub fn nobody() -> Self {
        Self(To::Nobody)
    }

    /// For whoever wants to see the blocks come and go.
    pub fn changes(changes: &'a mut Vec<Change>) -> Self {
        Self(To::Changes(changes))
    }

    /// The node now holds `block`, which it did not; returns whether it had lost it.
    #[inline(always)]
    pub fn insert(&mut self, block: BlockId) -> bool {
        match &mut self.0 {
            To::Single(rows) => rows.insert_run(block, 1) == 1,
            To::Bits(bits) => bits.insert(block),
            other => other.insert(block),
        }
    }

    /// The node evicted `block`, which it held.
    #[inline(always)]
    pub fn evict(&mut self, block: BlockId) {
        match &mut self.0 {
            To::Single(rows) => rows.evict_run(block, 1),
            To::Bits(bits) => bits.evict(block),
            other => other.evict(block),
        }
    }

    /// The node now holds `len` blocks from `first` on, which it did not; returns how many of them
    /// it had lost.
    #[inline(always)]
    pub fn insert_run(&mut self, first: BlockId, len: u32) -> u32 {
        match &mut self.0 {
            To::Single(rows) => rows.insert_run(first, len),
            To::Bits(bits) => bits.insert_run(first, len),
            other => run(first, len).map(|block| u32::from(other.insert(block))).sum(),
        }
    }

    /// The node evicted `len` blocks from `first` on, which it held.
    #[inline(always)]
    pub fn evict_run(&mut self, first: BlockId, len: u32) {
        match &mut self.0 {
            To::Single(rows) => rows.evict_run(first, len),
            To::Bits(bits) => bits.evict_run(first, len),
            other => run(first, len).for_each(|block| other.evict(block)),
        }
    }

    /// The node gave `block`, which it held, away: not an eviction.
    pub fn release(&mut self, block: BlockId) {
        match &mut self.0 {
            To::Single(rows) => rows.release(block),
            To::Bits(bits) => bits.release(block),
            To::Lists(rows, node) => rows.release(block, *node),
            To::Nobody | To::Changes(_) => {}
        }
    }
}

/// Blocks next to each other.
fn run(first: BlockId, len: u32) -> impl Iterator<Item = BlockId> {
    (first.0..first.0 + len).map(BlockId)
}

/// All but bits, which are for the loop over blocks.
impl To<'_> {
    #[inline(never)]
    fn insert(&mut self, block: BlockId) -> bool {
        match self {
            Self::Single(rows) => rows.insert_run(block, 1) == 1,
            Self::Bits(bits) => bits.insert(block),
            Self::Lists(rows, node) => rows.insert(block, *node),
            Self::Nobody => false,
            Self::Changes(changes) => {
                changes.push(Change { block, inserted: true });
                false
            }
        }
    }

    #[inline(never)]
    fn evict(&mut self, block: BlockId) {
        match self {
            Self::Single(rows) => rows.evict_run(block, 1),
            Self::Bits(bits) => bits.evict(block),
            Self::Lists(rows, node) => rows.evict(block, *node),
            Self::Nobody => {}
            Self::Changes(changes) => changes.push(Change { block, inserted: false }),
        }
    }
}
