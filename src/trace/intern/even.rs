//! The leading names that keep step with their numbers.
//!
//! Many traces number blocks as names are given, in order of first appearance, so that a name is
//! known from its number; what is left to know is whether the block lies behind the parent it is
//! looked for behind. The parent of a block that follows the one before is that one, and those of
//! the others, a tenth of a Mooncake trace, are close together here where the processor's cache
//! keeps them. At the first block that is out of step this ends, and what was in step stays.

use super::KIND;

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
    /// Memory held, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        (self.parents.capacity() + self.before.capacity()) * size_of::<u32>()
    }

    /// Takes note of the next name; `follows` as the interner has it.
    pub(super) fn append(&mut self, id: u32, key: u32, raw: u64, follows: bool) {
        let ahead = raw.wrapping_sub(u64::from(id));
        if id == 0 {
            self.ahead = ahead;
        }
        if id != self.len || ahead != self.ahead || key & KIND != 0 {
            return;
        }
        if id.is_multiple_of(64) {
            self.before.push(self.parents.len() as u32);
        }
        if !follows {
            self.parents.push(key);
        }
        self.len += 1;
    }

    /// The block with the number `raw` behind `parent`, if it is one of these. O(1).
    #[inline]
    pub(super) fn find(&self, follows: &[u64], parent: u32, raw: u64) -> Option<u32> {
        let id = raw.wrapping_sub(self.ahead);
        if id >= u64::from(self.len) {
            return None;
        }
        let (id, at) = (id as u32, id as usize / 64);
        let (word, bit) = (*follows.get(at)?, 1 << (id % 64));
        let found = if word & bit != 0 {
            id.wrapping_sub(1)
        } else {
            let place = *self.before.get(at)? + (!word & (bit - 1)).count_ones();
            *self.parents.get(place as usize)?
        };
        (found == parent).then_some(id)
    }
}
