//! Optimal for a prefix tree: of the leaves the one whose next use is farthest goes.
//!
//! Stamped with the number of the next request that uses it, refreshed at every use; ties: the
//! block first seen last in the trace. If no leaf is needed later than the new block, the new
//! block is not kept and insertion stops. What is kept is thus always a tree of prefixes.
//!
//! Source: the PyPI package `kvcache-simulator` 0.1.3 by Mooncake's authors, which it equals hit
//! token for hit token. Farthest-first over leaves is not proven to be the best for prefix hits;
//! it is the best known. On several nodes it looks at the cluster's next use of a block,
//! wherever that will be served.
//! Cost: O(log n) per access, by whole paths O(log n) a run of blocks; memory: 24 bytes a block, by
//! paths 32 a run. Needs the whole trace in advance.
//! Parameters: none. Only under the tree discipline.
//! When not to use it: as anything but a ceiling.

use crate::columns::links::assert_same_slots;
use crate::evict::ranked::{Rank, Ranked};
use crate::evict::{Access, Build, EvictionRow, Formula, Need, Origin, PathPolicy, Slot};
use crate::model::BlockId;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::ops::Range;

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "optimal_tree",
    title: "Optimal (prefix tree)",
    summary: "Of the leaves the one whose next use is farthest goes, the new block included.",
    formula: Formula::new(
        "victim = greatest (next use, first use in the trace) of the leaves and the new block",
    ),
    source: "kvcache-simulator 0.1.3",
    origin: Origin::Paper,
    params: &[],
    needs: &[Need::Future],
};

/// The order among leaves.
pub fn tree(_build: Build<'_>) -> Ranked<NextUse> {
    Ranked::new(NextUse)
}

/// The order of whole paths.
pub fn paths(_build: Build<'_>) -> Foreseen {
    Foreseen::default()
}

/// Ranks blocks by the next request that uses them, farthest lowest, then last seen lowest.
#[derive(Clone, Debug)]
pub struct NextUse;

/// The next request and the block.
type Key = Reverse<(u32, u32)>;

fn key(access: &Access) -> Key {
    Reverse((access.next_use, access.block.0))
}

impl Rank for NextUse {
    type Key = Key;

    fn on_insert(&mut self, access: &Access) -> Key {
        key(access)
    }

    fn on_hit(&mut self, _key: Key, access: &Access) -> Key {
        key(access)
    }

    fn on_foresight(&mut self, _key: Key, access: &Access) -> Key {
        key(access)
    }

    fn is_below(&self, incoming: &Access, Reverse((next_use, _)): Key) -> bool {
        next_use <= incoming.next_use
    }
}

/// Whole paths by the request that uses them next, the farthest first, then by block, the last
/// first, which on a path is the deepest.
#[derive(Clone, Debug, Default)]
pub struct Foreseen {
    /// The number of the request.
    request: u32,
    /// What the next requests use, and some that requests have found.
    pieces: BinaryHeap<Piece>,
    /// Pieces at which those are dropped that were found.
    most: usize,
}

/// Blocks next to each other on a path, all with the same next use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Piece {
    next_use: u32,
    /// The block behind the last.
    behind: u32,
    start: Slot,
    end: Slot,
}

/// Pieces that are looked at for the first time.
const FEW: usize = 1024;

impl PathPolicy for Foreseen {
    /// It is used next no later than the one that comes in.
    const OWN_LAST_GOES: bool = false;

    fn cover(&mut self, _slots: u32) {}

    /// What the request finds are the blocks that it is the next to use: with its number nothing
    /// is chosen any more.
    fn begin(&mut self, _resident: &[Range<Slot>]) {
        self.request += 1;
        if self.most <= self.pieces.len() {
            let request = self.request;
            self.pieces.retain(|piece| request < piece.next_use);
            self.most = FEW.max(2 * self.pieces.len());
        }
    }

    fn victims(&mut self, next_use: u32, most: u32) -> Option<Range<Slot>> {
        let mut piece = self.pieces.peek_mut().filter(|piece| next_use < piece.next_use)?;
        let len = most.min(piece.end - piece.start);
        let slots = piece.end - len..piece.end;
        if slots.start == piece.start {
            PeekMut::pop(piece);
        } else {
            piece.end -= len;
            piece.behind -= len;
        }
        Some(slots)
    }

    fn keep(&mut self, slots: Range<Slot>, first: BlockId, next_uses: &[u32]) {
        let (mut end, mut uses) = (slots.end, next_uses);
        while let Some(&next_use) = uses.last() {
            let len = uses.iter().rev().take_while(|&&other| other == next_use).count() as u32;
            let (start, behind) = (end - len, first.0 + uses.len() as u32);
            self.pieces.push(Piece { next_use, behind, start, end });
            uses = &uses[..uses.len() - len as usize];
            end = start;
        }
    }

    fn validate(&self, resident: &[Slot]) {
        let waiting = self.pieces.iter().filter(|piece| self.request < piece.next_use);
        assert_same_slots(waiting.flat_map(|piece| piece.start..piece.end).collect(), resident);
    }
}
