//! The LRU stack of blocks: where each stands when they are ordered by their last use.
//!
//! Every use takes the next slot of a timeline; a block stands at the slot of its last use. A
//! block's position is how many blocks stand at its slot or later. Slots are bits, counted by a
//! Fenwick tree over words of 64, so that a position is one walk of log₂(slots / 64) steps. When
//! the timeline is used up, the blocks that stand on it close ranks.
//!
//! Memory: 4 bytes a block for its slot, and at most 0.8 for the timeline, which has never more
//! than four slots a block.

use crate::model::BlockId;

/// The slot of a block that was never used.
const NEVER: u32 = u32::MAX;

/// Slots of a new timeline.
const FIRST_SLOTS: usize = 1 << 12;

/// Blocks in the order of their last use.
#[derive(Clone, Debug, Default)]
pub(super) struct Stack {
    /// The slot of each block's last use, or [`NEVER`].
    slots: Vec<u32>,
    /// One bit a slot: a block stands there.
    words: Vec<u64>,
    /// Fenwick tree over the bits of `words`; entry 0 is not used.
    tree: Vec<u32>,
    /// The slot of the next use.
    next: u32,
    /// Blocks that stand somewhere.
    len: u32,
}

impl Stack {
    /// The slot of the block's last use; a later use has a larger one. `None` before its first.
    #[inline]
    pub(super) fn slot(&self, block: BlockId) -> Option<u32> {
        self.slots.get(block.index()).copied().filter(|&slot| slot != NEVER)
    }

    /// The position of what stands at `slot`: 1 for the block used last. O(log blocks).
    #[inline]
    pub(super) fn position(&self, slot: u32) -> u32 {
        let (word, bit) = (slot as usize / 64, slot % 64);
        let mut before = (self.words[word] & (u64::MAX >> (63 - bit))).count_ones();
        let mut at = word;
        while at > 0 {
            before += self.tree[at];
            at &= at - 1;
        }
        self.len - before + 1
    }

    /// Makes room for so many uses, after which no slot moves until they have been taken.
    /// O(uses) amortised.
    pub(super) fn reserve(&mut self, uses: usize) {
        if 64 * self.words.len() < self.next as usize + uses {
            self.close_ranks(uses);
        }
    }

    /// Takes down uses of different blocks, the first one first; there must be room for them.
    pub(super) fn touch_all(&mut self, blocks: impl Iterator<Item = BlockId>) {
        let (mut left, mut taken) = (Batch::default(), Batch::default());
        for block in blocks {
            if self.slots.len() <= block.index() {
                self.slots.resize(block.index() + 1, NEVER);
            }
            let old = std::mem::replace(&mut self.slots[block.index()], self.next);
            if old == NEVER {
                self.len += 1;
            } else {
                self.words[old as usize / 64] &= !(1 << (old % 64));
                left.count(old, &mut self.tree, u32::wrapping_sub);
            }
            self.words[self.next as usize / 64] |= 1 << (self.next % 64);
            taken.count(self.next, &mut self.tree, u32::wrapping_add);
            self.next += 1;
        }
        left.settle(&mut self.tree, u32::wrapping_sub);
        taken.settle(&mut self.tree, u32::wrapping_add);
    }

    /// Gives the blocks the first slots, in their order, on a timeline with room for as many
    /// again and for `uses`. O(blocks).
    fn close_ranks(&mut self, uses: usize) {
        let mut below = Vec::with_capacity(self.words.len());
        let mut sum = 0;
        for word in &self.words {
            below.push(sum);
            sum += word.count_ones();
        }
        for slot in self.slots.iter_mut().filter(|slot| **slot != NEVER) {
            let (word, bit) = (*slot as usize / 64, *slot % 64);
            let own = self.words[word] & !(u64::MAX << bit);
            *slot = below[word] + own.count_ones();
        }
        let len = self.len as usize;
        let room = (2 * len + uses).max(FIRST_SLOTS).div_ceil(64);
        self.words.clear();
        self.words.resize(room, 0);
        self.words[..len / 64].fill(u64::MAX);
        if !len.is_multiple_of(64) {
            self.words[len / 64] = !(u64::MAX << (len % 64));
        }
        self.next = self.len;
        self.count_anew();
    }

    fn count_anew(&mut self) {
        self.tree.clear();
        self.tree.push(0);
        self.tree.extend(self.words.iter().map(|word| word.count_ones()));
        for at in 1..self.tree.len() {
            let parent = at + (at & at.wrapping_neg());
            if parent < self.tree.len() {
                self.tree[parent] += self.tree[at];
            }
        }
    }
}

/// Changes to neighbouring slots, of which the tree hears once a word.
#[derive(Default)]
struct Batch {
    word: usize,
    slots: u32,
}

impl Batch {
    #[inline]
    fn count(&mut self, slot: u32, tree: &mut [u32], change: fn(u32, u32) -> u32) {
        let word = slot as usize / 64;
        if self.word != word {
            self.settle(tree, change);
            self.word = word;
        }
        self.slots += 1;
    }

    fn settle(&mut self, tree: &mut [u32], change: fn(u32, u32) -> u32) {
        if self.slots == 0 {
            return;
        }
        let mut at = self.word + 1;
        while at < tree.len() {
            tree[at] = change(tree[at], self.slots);
            at += at & at.wrapping_neg();
        }
        self.slots = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    #[test]
    fn positions_are_those_of_a_list_that_is_moved_to_the_front() {
        let mut stream = Stream::new(3, "stack", 0);
        let (mut stack, mut twin): (Stack, Vec<BlockId>) = (Stack::default(), Vec::new());
        for round in 0..6000 {
            // Ever more blocks, so that the timeline is used up while it is full and while not.
            let most = 10 + round / 2;
            let mut used: Vec<BlockId> =
                (0..stream.below(9)).map(|_| BlockId(stream.below(most) as u32)).collect();
            used.sort_unstable();
            used.dedup();
            stack.reserve(used.len());
            for &block in &used {
                let found = stack.slot(block).map(|slot| stack.position(slot) as usize);
                let want = twin.iter().rev().position(|&it| it == block).map(|at| at + 1);
                assert_eq!(found, want, "{block:?} in round {round}");
            }
            stack.touch_all(used.iter().copied());
            twin.retain(|block| !used.contains(block));
            twin.extend(&used);
            assert_eq!(stack.len as usize, twin.len());
        }
        assert!(stack.words.len() * 64 <= 4 * twin.len().max(FIRST_SLOTS), "it closes ranks");
    }
}
