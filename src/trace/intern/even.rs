//! The leading names that keep step with their numbers.
//!
//! Many traces number blocks as names are given, in order of first appearance, so that a name is
//! known from its number; what is left to know is whether the block lies behind the parent it is
//! looked for behind. The parent of a block that follows the one before is that one, and those of
//! the others, a tenth of a Mooncake trace, are close together here where the processor's cache
//! keeps them. A number just beyond is nobody's yet, and what follows it neither: new blocks are
//! named a run at a time, and nothing is kept of them but a bit. At the first block that is out of
//! step this ends, and what was in step stays.

#[derive(Clone, Debug, Default)]
pub(super) struct Even {
    /// How far numbers are ahead of their names.
    ahead: u64,
    /// How many names keep step.
    len: u32,
    /// The parents of those that do not follow the block before.
    parents: Vec<u32>,
    /// By 64 names, how many parents there are of names before.
    before: Vec<u32>,
}

impl Even {
    /// How many names keep step: those below this one.
    #[inline]
    pub(super) fn len(&self) -> u32 {
        self.len
    }

    /// Memory held, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        (self.parents.capacity() + self.before.capacity()) * size_of::<u32>()
    }

    /// Whether a block with the number `raw` that were named next would keep step.
    #[inline]
    pub(super) fn comes_next(&self, raw: u64) -> bool {
        self.len == 0 || raw.wrapping_sub(self.ahead) == u64::from(self.len)
    }

    /// Names the `count` ≥ 1 blocks `raw`, which comes next, `raw + 1`, … one behind the other, the
    /// first behind `parent`; `follows` as the interner has it. O(count / 64).
    pub(super) fn extend(&mut self, follows: &mut Vec<u64>, parent: u32, raw: u64, count: u32) {
        debug_assert!(self.comes_next(raw) && count > 0, "{raw} and {count} in all");
        if self.len == 0 {
            self.ahead = raw;
        }
        let (first, end) = (self.len, self.len + count);
        let goes_on = first.checked_sub(1) == Some(parent);
        for word in first / 64..=(end - 1) / 64 {
            let (start, stop) = (first.max(64 * word), end.min(64 * word + 64));
            if start.is_multiple_of(64) {
                self.before.push(self.parents.len() as u32);
                follows.push(0);
            }
            let mut bits = u64::MAX >> (64 - (stop - start)) << (start % 64);
            if start == first && !goes_on {
                self.parents.push(parent);
                bits &= bits - 1;
            }
            follows[word as usize] |= bits;
        }
        self.len = end;
    }

    /// The number of `id`, which is one of these.
    #[inline]
    pub(super) fn raw(&self, id: u32) -> u64 {
        self.ahead.wrapping_add(u64::from(id))
    }

    /// The parent of `id`, which is one of these. O(1).
    #[inline]
    pub(super) fn parent(&self, follows: &[u64], id: u32) -> u32 {
        self.find_parent(follows, id).expect("a name that keeps step")
    }

    #[inline]
    fn find_parent(&self, follows: &[u64], id: u32) -> Option<u32> {
        let at = id as usize / 64;
        let (word, bit) = (*follows.get(at)?, 1 << (id % 64));
        if word & bit != 0 {
            return Some(id.wrapping_sub(1));
        }
        let place = *self.before.get(at)? + (!word & (bit - 1)).count_ones();
        self.parents.get(place as usize).copied()
    }

    /// The block with the number `raw` behind `parent`, if it is one of these. O(1).
    #[inline]
    pub(super) fn find(&self, follows: &[u64], parent: u32, raw: u64) -> Option<u32> {
        let id = raw.wrapping_sub(self.ahead);
        if id >= u64::from(self.len) {
            return None;
        }
        let id = id as u32;
        (self.find_parent(follows, id)? == parent).then_some(id)
    }
}
