//! One slab of doubly linked lists over slots, shared by every queue policy.
//!
//! Links are u32 columns indexed by slot, so a node costs 8 bytes and no allocation of its own.
//! Any number of [`List`]s may thread the same [`Links`], each slot being in at most one.

use crate::model::{NO_SLOT, Slot};

/// The links of all slots; 8 bytes a slot, grown on first use of one.
#[derive(Clone, Debug, Default)]
pub struct Links {
    older: Vec<Slot>,
    newer: Vec<Slot>,
}

/// Ends of one list: `oldest` leaves first in a queue, `newest` was added last.
#[derive(Clone, Copy, Debug)]
pub struct List {
    oldest: Slot,
    newest: Slot,
    len: u32,
}

impl Default for List {
    fn default() -> Self {
        Self { oldest: NO_SLOT, newest: NO_SLOT, len: 0 }
    }
}

impl List {
    /// The slot at the old end, or [`NO_SLOT`].
    #[inline]
    pub fn oldest(&self) -> Slot {
        self.oldest
    }

    /// The slot at the new end, or [`NO_SLOT`].
    #[inline]
    pub fn newest(&self) -> Slot {
        self.newest
    }

    /// How many slots are in it.
    #[inline]
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether none is.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds `slot`, which is in no list, at the new end. O(1).
    #[inline]
    pub fn push_newest(&mut self, links: &mut Links, slot: Slot) {
        links.cover(slot);
        links.older[slot as usize] = self.newest;
        links.newer[slot as usize] = NO_SLOT;
        match self.newest {
            NO_SLOT => self.oldest = slot,
            newest => links.newer[newest as usize] = slot,
        }
        self.newest = slot;
        self.len += 1;
    }

    /// Adds `slot`, which is in no list, at the old end. O(1).
    #[inline]
    pub fn push_oldest(&mut self, links: &mut Links, slot: Slot) {
        links.cover(slot);
        links.newer[slot as usize] = self.oldest;
        links.older[slot as usize] = NO_SLOT;
        match self.oldest {
            NO_SLOT => self.newest = slot,
            oldest => links.older[oldest as usize] = slot,
        }
        self.oldest = slot;
        self.len += 1;
    }

    /// Adds `slot`, which is in no list, just newer than `at`, which is in this one. O(1).
    #[inline]
    pub fn insert_newer(&mut self, links: &mut Links, slot: Slot, at: Slot) {
        let next = links.newer[at as usize];
        if next == NO_SLOT {
            return self.push_newest(links, slot);
        }
        links.cover(slot);
        links.older[slot as usize] = at;
        links.newer[slot as usize] = next;
        links.newer[at as usize] = slot;
        links.older[next as usize] = slot;
        self.len += 1;
    }

    /// Takes `slot`, which is in this list, out of it. O(1).
    #[inline]
    pub fn remove(&mut self, links: &mut Links, slot: Slot) {
        let (older, newer) = (links.older[slot as usize], links.newer[slot as usize]);
        match older {
            NO_SLOT => self.oldest = newer,
            older => links.newer[older as usize] = newer,
        }
        match newer {
            NO_SLOT => self.newest = older,
            newer => links.older[newer as usize] = older,
        }
        self.len -= 1;
    }

    /// Takes the slot at the old end out. O(1).
    #[inline]
    pub fn pop_oldest(&mut self, links: &mut Links) -> Option<Slot> {
        let slot = self.oldest;
        if slot == NO_SLOT {
            return None;
        }
        self.remove(links, slot);
        Some(slot)
    }

    /// Moves `slot`, which is in this list, to the new end. O(1).
    #[inline]
    pub fn move_newest(&mut self, links: &mut Links, slot: Slot) {
        if self.newest != slot {
            self.remove(links, slot);
            self.push_newest(links, slot);
        }
    }

    /// The slots from the old end to the new one.
    pub fn iter<'a>(&self, links: &'a Links) -> impl Iterator<Item = Slot> + 'a {
        let mut at = self.oldest;
        std::iter::from_fn(move || {
            let slot = at;
            (slot != NO_SLOT).then(|| {
                at = links.newer[slot as usize];
                slot
            })
        })
    }

    /// The slots from the old end to the new one, with every link checked both ways.
    ///
    /// # Panics
    /// If a link or the count is wrong.
    pub fn audit(&self, links: &Links) -> Vec<Slot> {
        let slots: Vec<Slot> = self.iter(links).take(self.len as usize + 1).collect();
        assert_eq!(slots.len(), self.len as usize, "list length");
        let mut older = NO_SLOT;
        for &slot in &slots {
            assert_eq!(links.older[slot as usize], older, "older link of slot {slot}");
            older = slot;
        }
        assert_eq!(self.newest, older, "new end");
        slots
    }
}

impl Links {
    /// The slot just older than `slot`, or [`NO_SLOT`].
    #[inline]
    pub fn older(&self, slot: Slot) -> Slot {
        self.older[slot as usize]
    }

    /// The slot just newer than `slot`, or [`NO_SLOT`].
    #[inline]
    pub fn newer(&self, slot: Slot) -> Slot {
        self.newer[slot as usize]
    }

    #[inline]
    fn cover(&mut self, slot: Slot) {
        if self.older.len() <= slot as usize {
            self.older.resize(slot as usize + 1, NO_SLOT);
            self.newer.resize(slot as usize + 1, NO_SLOT);
        }
    }
}

/// Writes `value` at `slot`, growing the column by `fill` where it is too short.
#[inline]
pub fn set<T: Copy>(column: &mut Vec<T>, slot: Slot, fill: T, value: T) {
    if column.len() <= slot as usize {
        column.resize(slot as usize + 1, fill);
    }
    column[slot as usize] = value;
}

/// Asserts that `listed`, in any order, are just the `resident` slots.
///
/// # Panics
/// If they are not.
pub fn assert_same_slots(mut listed: Vec<Slot>, resident: &[Slot]) {
    listed.sort_unstable();
    assert_eq!(listed, resident, "the policy's slots and the resident ones");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;
    use std::collections::VecDeque;

    #[test]
    fn two_lists_over_one_slab_behave_like_two_deques() {
        let mut stream = Stream::new(3, "list", 0);
        let mut links = Links::default();
        let (mut lists, mut twins) = ([List::default(); 2], [VecDeque::new(), VecDeque::new()]);
        for _ in 0..20_000 {
            let slot = stream.below(12) as Slot;
            let home = (0..2).find(|&which| twins[which].contains(&slot));
            let which = stream.below(2) as usize;
            match home {
                None if stream.below(2) == 0 && !twins[which].is_empty() => {
                    let at = stream.below(twins[which].len() as u64) as usize;
                    lists[which].insert_newer(&mut links, slot, twins[which][at]);
                    twins[which].insert(at + 1, slot);
                }
                None if stream.below(2) == 0 => {
                    lists[which].push_oldest(&mut links, slot);
                    twins[which].push_front(slot);
                }
                None => {
                    lists[which].push_newest(&mut links, slot);
                    twins[which].push_back(slot);
                }
                Some(home) => match stream.below(3) {
                    0 => {
                        lists[home].move_newest(&mut links, slot);
                        twins[home].retain(|&other| other != slot);
                        twins[home].push_back(slot);
                    }
                    1 => {
                        lists[home].remove(&mut links, slot);
                        twins[home].retain(|&other| other != slot);
                    }
                    _ => {
                        assert_eq!(lists[home].pop_oldest(&mut links), twins[home].pop_front());
                    }
                },
            }
            for which in 0..2 {
                assert_eq!(lists[which].audit(&links), Vec::from(twins[which].clone()));
            }
        }
    }
}
