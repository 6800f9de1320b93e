//! One slab of doubly linked lists over slots, shared by every queue policy.
//!
//! Links lie in one column by slot, so a node costs 8 bytes and no allocation of its own.
//! Any number of [`List`]s may thread the same [`Links`], each slot being in at most one.

use crate::model::{NO_SLOT, Slot};

/// The links of all slots; 8 bytes a slot.
#[derive(Clone, Debug, Default)]
pub struct Links {
    links: Vec<Link>,
}

/// The neighbours of a slot in its list.
#[derive(Clone, Copy, Debug)]
struct Link {
    older: Slot,
    newer: Slot,
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
    #[inline(always)]
    pub fn push_newest(&mut self, links: &mut Links, slot: Slot) {
        *links.of(slot) = Link { older: self.newest, newer: NO_SLOT };
        match self.newest {
            NO_SLOT => self.oldest = slot,
            newest => links.of(newest).newer = slot,
        }
        self.newest = slot;
        self.len += 1;
    }

    /// Adds `slot`, which is in no list, at the old end. O(1).
    #[inline]
    pub fn push_oldest(&mut self, links: &mut Links, slot: Slot) {
        *links.of(slot) = Link { older: NO_SLOT, newer: self.oldest };
        match self.oldest {
            NO_SLOT => self.newest = slot,
            oldest => links.of(oldest).older = slot,
        }
        self.oldest = slot;
        self.len += 1;
    }

    /// Adds `slot`, which is in no list, just newer than `at`, which is in this one. O(1).
    #[inline]
    pub fn insert_newer(&mut self, links: &mut Links, slot: Slot, at: Slot) {
        let next = links.newer(at);
        if next == NO_SLOT {
            return self.push_newest(links, slot);
        }
        *links.of(slot) = Link { older: at, newer: next };
        links.of(at).newer = slot;
        links.of(next).older = slot;
        self.len += 1;
    }

    /// Takes `slot`, which is in this list, out of it. O(1).
    #[inline(always)]
    pub fn remove(&mut self, links: &mut Links, slot: Slot) {
        let Link { older, newer } = *links.of(slot);
        match older {
            NO_SLOT => self.oldest = newer,
            older => links.of(older).newer = newer,
        }
        match newer {
            NO_SLOT => self.newest = older,
            newer => links.of(newer).older = older,
        }
        self.len -= 1;
    }

    /// Takes the slot at the old end out. O(1).
    #[inline(always)]
    pub fn pop_oldest(&mut self, links: &mut Links) -> Option<Slot> {
        let slot = self.oldest;
        if slot == NO_SLOT {
            return None;
        }
        self.remove(links, slot);
        Some(slot)
    }

    /// Moves `slot`, which is in this list, to the new end. O(1).
    #[inline(always)]
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
                at = links.newer(slot);
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
            assert_eq!(links.older(slot), older, "older link of slot {slot}");
            older = slot;
        }
        assert_eq!(self.newest, older, "new end");
        slots
    }
}

impl Links {
    /// Makes links for the slots below `slots`.
    pub fn cover(&mut self, slots: u32) {
        cover(&mut self.links, slots, Link { older: NO_SLOT, newer: NO_SLOT });
    }

    /// The slot just older than `slot`, or [`NO_SLOT`].
    #[inline]
    pub fn older(&self, slot: Slot) -> Slot {
        self.links[slot as usize].older
    }

    /// The slot just newer than `slot`, or [`NO_SLOT`].
    #[inline]
    pub fn newer(&self, slot: Slot) -> Slot {
        self.links[slot as usize].newer
    }

    #[inline(always)]
    fn of(&mut self, slot: Slot) -> &mut Link {
        &mut self.links[slot as usize]
    }
}

/// Makes `column` as long as there are slots, with `fill`; never shortens it.
pub fn cover<T: Clone>(column: &mut Vec<T>, slots: u32, fill: T) {
    if column.len() < slots as usize {
        column.resize(slots as usize, fill);
    }
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
        links.cover(12);
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
