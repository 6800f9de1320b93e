//! Names that nobody knows any more are given back, and their numbers given to other blocks.

use super::even::Even;
use super::text::TextTable;
use super::{Interner, KIND, NONE, Node, ROOTS, TEXT};
use crate::columns::Kept;
use crate::model::BlockId;
use std::ops::Range;

/// Numbers to be given again, the lowest first: neighbours go to the blocks of one request.
#[derive(Clone, Debug, Default)]
pub(super) struct Free {
    /// Descending.
    runs: Vec<Range<u32>>,
    len: usize,
}

impl Free {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The lowest of them.
    #[inline]
    pub(super) fn take(&mut self) -> Option<u32> {
        let run = self.runs.last_mut()?;
        let id = run.start;
        run.start += 1;
        self.len -= 1;
        if run.start == run.end {
            self.runs.pop();
        }
        Some(id)
    }

    /// Adds a number below all others.
    fn add(&mut self, id: u32) {
        self.len += 1;
        match self.runs.last_mut() {
            Some(run) if run.start == id + 1 => run.start = id,
            _ => self.runs.push(id..id + 1),
        }
    }

    fn memory_bytes(&self) -> usize {
        self.runs.capacity() * size_of::<Range<u32>>()
    }
}

/// What stands in the place of a name that was given back: no block behind any is like it.
const GONE: Node = Node { raw: u64::MAX, key: NONE | TEXT, first_child: NONE };

impl Interner {
    /// Memory held, in bytes.
    pub fn memory_bytes(&self) -> usize {
        self.nodes.capacity() * size_of::<Node>()
            + self.follows.capacity() * size_of::<u64>()
            + self.even.memory_bytes()
            + self.slots.capacity() * size_of::<u32>()
            + self.texts.memory_bytes()
            + self.free.memory_bytes()
            + self.roots.as_ref().map_or(0, |roots| roots.memory_bytes())
    }

    /// Adds to `kept` the ancestors of `block`, and itself.
    pub fn keep_path(&self, block: BlockId, kept: &mut Kept) {
        let mut at = block;
        while at != BlockId::NONE && !kept.contains(at) {
            kept.keep(at);
            at = self.parent_of(at);
        }
    }

    /// Gives back the names that are not in `kept`, which has the ancestors of all that are. A
    /// block that comes again is then a new one, and the numbers go to new ones. O(blocks).
    pub fn reclaim(&mut self, kept: &Kept) {
        if kept.is_all() {
            return;
        }
        // Numbers given again are out of step with the ids of a trace.
        let all: Vec<Node> = (0..self.bound() as u32).map(|id| self.named(id)).collect();
        (self.nodes, self.even) = (all, Even::default());
        self.free = Free::default();
        for id in (0..self.nodes.len() as u32).rev() {
            if !kept.contains(BlockId(id)) {
                self.free.add(id);
                self.nodes[id as usize] = GONE;
                self.follows[id as usize / 64] &= !(1 << (id % 64));
            }
        }
        self.reclaim_texts(kept);
        self.find_anew(kept);
    }

    /// Keeps the texts and the roots in scopes of the names in `kept` only.
    fn reclaim_texts(&mut self, kept: &Kept) {
        let (mut texts, mut roots) = (TextTable::default(), Kept::default());
        for (id, node) in (0..).zip(&mut self.nodes) {
            if node.key & KIND != TEXT || (node.raw as i64) < 0 || !kept.contains(BlockId(id)) {
                continue;
            }
            if node.raw < ROOTS {
                node.raw = u64::from(texts.intern(self.texts.get(node.raw as u32)));
            } else if let Some(interner) = &self.roots {
                interner.keep_path(BlockId(node.raw as u32), &mut roots);
            }
        }
        self.texts = texts;
        if let Some(interner) = &mut self.roots {
            interner.reclaim(&roots);
        }
    }

    /// Makes all that the blocks in `kept` are found by.
    fn find_anew(&mut self, kept: &Kept) {
        self.root_child = NONE;
        self.nodes.iter_mut().for_each(|node| node.first_child = NONE);
        self.slots.fill(NONE);
        self.used = 0;
        for id in (0..self.nodes.len() as u32).filter(|&id| kept.contains(BlockId(id))) {
            let Node { raw, key, .. } = self.nodes[id as usize];
            match self.first_child(key & NONE) {
                Some(NONE) => self.set_first_child(key & NONE, id),
                _ => self.enter(id, key, raw),
            }
        }
    }

    /// Recounts everything from scratch and panics at the first contradiction. O(blocks).
    pub fn validate(&self) {
        let mut gone = vec![false; self.bound()];
        for id in self.free.runs.iter().cloned().flatten() {
            assert!(!gone[id as usize], "number {id} is given back twice");
            gone[id as usize] = true;
        }
        assert_eq!(gone.iter().filter(|&&gone| gone).count(), self.free.len, "given back");
        let mut firsts = 0;
        for id in 0..self.bound() as u32 {
            let node = self.named(id);
            let parent = node.key & NONE;
            let bit = self.follows[id as usize / 64] >> (id % 64) & 1;
            if gone[id as usize] {
                assert_eq!(bit, 0, "number {id} follows nobody");
                continue;
            }
            assert!(parent == NONE || !gone[parent as usize], "block {id} has lost {parent}");
            let follows = node.key & KIND == 0 && parent + 1 == id && parent != NONE && {
                let before = self.named(parent);
                before.key & KIND == 0 && node.raw == before.raw.wrapping_add(1)
            };
            assert_eq!(bit == 1, follows, "whether block {id} follows {parent}");
            let even = self.even.find(&self.follows, parent, node.raw);
            if id < self.even.len() {
                assert_eq!(even, Some(id), "block {id} is in step");
                continue;
            }
            assert!(node.key & KIND != 0 || even.is_none(), "block {id} is not in step");
            if self.first_child(parent) == Some(id) {
                firsts += 1;
                continue;
            }
            let mut slot = self.slot_of(node.key, node.raw);
            while self.slots[slot] != id {
                assert_ne!(self.slots[slot], NONE, "block {id} is not in the table");
                slot = (slot + 1) & (self.slots.len() - 1);
            }
        }
        let even = self.even.len() as usize;
        assert_eq!(even + firsts + self.used, self.len(), "each block is found in one way");
        assert!(self.used * 2 <= self.slots.len(), "at most half of the slots are used");
        if let Some(roots) = &self.roots {
            roots.validate();
        }
    }
}
