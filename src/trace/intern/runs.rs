//! Names that most likely come next: for runs of numbers, which are most of what a trace asks for,
//! and for texts.

use super::{Hex, Interner, NONE, ROOTS, TEXT};
use crate::model::BlockId;
use std::ops::Range;

impl Interner {
    /// Names the `count` blocks `first`, `first + 1`, … one behind the other, appending them to
    /// `path`, whose last block (if any behind `start`) is the parent of the first.
    ///
    /// Same result as [`child`](Self::child) for each. Of a run that was seen before, all but the
    /// first block cost one bit each.
    pub(in crate::trace) fn extend_run(
        &mut self,
        path: &mut Vec<BlockId>,
        start: usize,
        first: u64,
        count: usize,
    ) {
        let parent = path[start..].last().map_or(NONE, |block| block.0);
        self.extend_behind(path, parent, (first, count));
    }

    /// Appends the blocks of a run behind `parent`; returns the last.
    #[inline]
    fn extend_behind(
        &mut self,
        path: &mut Vec<BlockId>,
        mut parent: u32,
        (first, count): (u64, usize),
    ) -> u32 {
        let (mut raw, mut left) = (first, count);
        while left > 0 {
            if let Some(new) = self.name_next(parent, raw, left) {
                path.extend(new.clone().map(BlockId));
                return new.end - 1;
            }
            parent = self.number(parent, raw);
            path.push(BlockId(parent));
            let known = self.run_behind(parent, left - 1);
            path.extend((parent + 1..).take(known).map(BlockId));
            parent += known as u32;
            raw = raw.wrapping_add(1 + known as u64);
            left -= 1 + known;
        }
        parent
    }

    /// Names the `count` blocks of a run behind `parent` if all blocks are in step and these keep
    /// it: then they are new, and in need of no look.
    #[inline(always)]
    pub(super) fn name_next(
        &mut self,
        parent: u32,
        first: u64,
        count: usize,
    ) -> Option<Range<u32>> {
        let keeps_step = self.nodes.is_empty() && self.even.comes_next(first);
        keeps_step.then(|| self.extend_even(parent, first, count))
    }

    /// Out of line: blocks that are known come by far more often.
    #[inline(never)]
    fn extend_even(&mut self, parent: u32, first: u64, count: usize) -> Range<u32> {
        assert!(count <= self.room(), "{} distinct blocks: no room for {count}", self.bound());
        let start = self.even.len();
        self.even.extend(&mut self.follows, parent, first, count as u32);
        start..self.even.len()
    }

    /// The block with the number `raw` behind `parent`, looked for where it most likely is: among
    /// names in step with their numbers; and as the block named next after its parent, for a path
    /// was mostly named in one go when it was first seen.
    #[inline]
    pub(super) fn number(&mut self, parent: u32, raw: u64) -> u32 {
        if let Some(id) = self.even.find(&self.follows, parent, raw) {
            return id;
        }
        match self.node_of(parent.wrapping_add(1)) {
            Some(node) if node.raw == raw && node.key == parent => parent + 1,
            _ => self.node(parent, 0, raw),
        }
    }

    /// The block behind `parent` whose id is this text, which its value stands for.
    #[inline]
    pub(in crate::trace) fn hex(&mut self, parent: u32, hex: Hex) -> u32 {
        let kind = hex.kind();
        match self.node_of(parent.wrapping_add(1)) {
            Some(node) if node.raw == hex.value && node.key == parent | kind => parent + 1,
            _ => self.node(parent, kind, hex.value),
        }
    }

    /// The block with this text behind `parent`, looked for where it most likely is before the text
    /// itself is looked up: as the child seen first, and as the block named next after its parent.
    /// Texts lie in the order in which they came, so that a path that comes again is read as it
    /// was written.
    #[inline]
    pub(super) fn text(&mut self, parent: u32, text: &str) -> u32 {
        let (next, first) = (parent.wrapping_add(1), self.first_child(parent).unwrap_or(NONE));
        for likely in [next, first] {
            if let Some(node) = self.node_of(likely)
                && node.key == parent | TEXT
                && node.raw < ROOTS
                && self.texts.get(node.raw as u32) == text
            {
                return likely;
            }
        }
        let text = self.texts.intern(text);
        self.node(parent, TEXT, u64::from(text))
    }

    /// How many blocks behind `id`, `most` at most, follow one another in number and in id.
    fn run_behind(&self, id: u32, most: usize) -> usize {
        let (mut at, mut run) = (id as usize + 1, 0);
        while run < most
            && let Some(word) = self.follows.get(at / 64)
        {
            let (ones, rest) = ((word >> (at % 64)).trailing_ones() as usize, 64 - at % 64);
            run += ones.min(rest);
            if ones < rest {
                break;
            }
            at += rest;
        }
        run.min(most)
    }
}
