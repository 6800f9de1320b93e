//! Queues of slots: in at one end, out at the other, or from the middle.
//!
//! A queue is a ring of slots in which one that leaves from the middle leaves a hole. Each slot
//! knows its place in the ring, so it is found without a search, and what leaves in order lies in
//! order. When the ring is full the holes are closed; it grows when they are less than half of
//! it. Any number of [`Queue`]s may share the same [`Places`], each slot being in at most one.

use super::Pages;
use super::links::cover;
use crate::model::{NO_SLOT, Slot};
use std::ops::Range;

/// Where each slot is in its queue: 4 bytes a slot, and what else is to lie on the same line.
#[derive(Clone, Debug, Default)]
pub struct Places<T = ()> {
    by_slot: Vec<(u32, T)>,
}

impl<T: Copy + Default> Places<T> {
    /// Makes places for the slots below `slots`.
    pub fn cover(&mut self, slots: u32) {
        cover(&mut self.by_slot, slots, (0, T::default()));
    }

    /// What else is known of `slot`.
    #[inline]
    pub fn note(&self, slot: Slot) -> T {
        self.by_slot[slot as usize].1
    }

    /// Makes the same note of `slots`.
    #[inline]
    pub fn set_notes(&mut self, slots: Range<Slot>, note: T) {
        let of = &mut self.by_slot[slots.start as usize..slots.end as usize];
        of.iter_mut().for_each(|(_, it)| *it = note);
    }

    /// How many of `slots`, from the first on, have the note of the first.
    #[inline]
    pub fn alike(&self, slots: Range<Slot>) -> u32
    where
        T: PartialEq,
    {
        let of = &self.by_slot[slots.start as usize..slots.end as usize];
        of.iter().take_while(|(_, note)| *note == of[0].1).count() as u32
    }

    /// Makes a note of `slot`.
    #[inline]
    pub fn set_note(&mut self, slot: Slot, note: T) {
        self.by_slot[slot as usize].1 = note;
    }
}

/// A queue of slots: 8 to 16 bytes for each.
#[derive(Clone, Debug)]
pub struct Queue {
    /// A power of two of places; a place number counts on past the end and wraps. Holes are
    /// [`NO_SLOT`].
    ring: Vec<Slot>,
    /// The oldest place that may be taken, and the one after the newest.
    head: u32,
    tail: u32,
    len: u32,
}

/// The places of an empty queue.
const FEWEST: usize = 16;

impl Default for Queue {
    fn default() -> Self {
        Self { ring: vec![NO_SLOT; FEWEST], head: 0, tail: 0, len: 0 }
    }
}

impl Queue {
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

    /// Adds `slot`, which is in no queue, at the new end. Amortised O(1).
    #[inline(always)]
    pub fn push<T>(&mut self, places: &mut Places<T>, slot: Slot) {
        if self.tail.wrapping_sub(self.head) as usize == self.ring.len() {
            self.make_room(places, 1);
        }
        let (tail, at) = (self.tail, self.at(self.tail));
        self.tail = tail.wrapping_add(1);
        self.len += 1;
        self.ring[at] = slot;
        places.by_slot[slot as usize].0 = tail;
    }

    /// Adds `slots`, which are in no queue, at the new end, one after the other. Amortised
    /// O(slots).
    #[inline(always)]
    pub fn push_run<T>(&mut self, places: &mut Places<T>, slots: Range<Slot>) {
        let len = slots.len();
        while self.ring.len() - (self.tail.wrapping_sub(self.head) as usize) < len {
            self.make_room(places, len);
        }
        let (tail, at) = (self.tail, self.at(self.tail));
        self.tail = tail.wrapping_add(len as u32);
        self.len += len as u32;
        // Some may stand at the end of the ring and the others at its beginning.
        let first = len.min(self.ring.len() - at);
        number(&mut self.ring[at..at + first], slots.start);
        number(&mut self.ring[..len - first], slots.start + first as Slot);
        let by_slot = &mut places.by_slot[slots.start as usize..slots.end as usize];
        for (ahead, (place, _)) in (0..).zip(by_slot) {
            *place = tail.wrapping_add(ahead);
        }
    }

    /// Takes `slots`, which are in this queue, out of it. O(slots).
    #[inline(always)]
    pub fn remove_run<T>(&mut self, places: &Places<T>, slots: Range<Slot>) {
        let mask = self.ring.len() - 1;
        for (place, _) in &places.by_slot[slots.start as usize..slots.end as usize] {
            self.ring[*place as usize & mask] = NO_SLOT;
        }
        self.len -= slots.len() as u32;
    }

    /// Takes `slot`, which is in this queue, out of it. O(1).
    #[inline(always)]
    pub fn remove<T>(&mut self, places: &Places<T>, slot: Slot) {
        let at = self.at(places.by_slot[slot as usize].0);
        debug_assert_eq!(self.ring[at], slot, "the slot at its place");
        self.ring[at] = NO_SLOT;
        self.len -= 1;
    }

    /// Takes the slot at the old end out. Amortised O(1).
    #[inline(always)]
    pub fn pop(&mut self) -> Option<Slot> {
        while self.head != self.tail {
            let slot = self.ring[self.at(self.head)];
            self.head = self.head.wrapping_add(1);
            if slot != NO_SLOT {
                self.len -= 1;
                return Some(slot);
            }
        }
        None
    }

    /// Takes the slot at the old end out, and as many of those after it as follow each other on its
    /// page and are `alike`, at most `most` in all. Amortised O(slots).
    #[inline(always)]
    pub fn pop_run(&mut self, most: u32, alike: impl Fn(Slot) -> bool) -> Option<Range<Slot>> {
        let start = self.oldest()?;
        let end = self.run(self.head, start, most, alike);
        self.head = self.head.wrapping_add(end - start);
        self.len -= end - start;
        Some(start..end)
    }

    /// The end of the slots from `start` on, which is in this queue, that are each just newer than
    /// the one before, on its page and `alike`, at most `most` with the first.
    #[inline(always)]
    pub fn following<T>(
        &self,
        places: &Places<T>,
        start: Slot,
        most: u32,
        alike: impl Fn(Slot) -> bool,
    ) -> Slot {
        self.run(places.by_slot[start as usize].0, start, most, alike)
    }

    #[inline(always)]
    fn run(&self, place: u32, start: Slot, most: u32, alike: impl Fn(Slot) -> bool) -> Slot {
        let most = most.min(Pages::rest(start)).min(self.tail.wrapping_sub(place)) as usize;
        // What stands at the beginning of the ring is left for the next time.
        let ring = &self.ring[self.at(place)..];
        let after = ring.iter().zip(start..).take(most).skip(1);
        let run = after.take_while(|&(&slot, next)| slot == next && alike(next));
        start + 1 + run.count() as Slot
    }

    /// The slot at the old end. Amortised O(1).
    #[inline(always)]
    pub fn oldest(&mut self) -> Option<Slot> {
        while self.head != self.tail {
            let slot = self.ring[self.at(self.head)];
            if slot != NO_SLOT {
                return Some(slot);
            }
            self.head = self.head.wrapping_add(1);
        }
        None
    }

    /// The slot just newer than `slot`, which is in this queue. O(1), and the holes between.
    #[inline]
    pub fn newer<T>(&self, places: &Places<T>, slot: Slot) -> Option<Slot> {
        let mut place = places.by_slot[slot as usize].0.wrapping_add(1);
        while place != self.tail {
            let slot = self.ring[self.at(place)];
            if slot != NO_SLOT {
                return Some(slot);
            }
            place = place.wrapping_add(1);
        }
        None
    }

    /// Moves `slots`, which are in this queue, to the new end, one after the other. Amortised
    /// O(slots).
    #[inline(always)]
    pub fn renew_run<T>(&mut self, places: &mut Places<T>, slots: Range<Slot>) {
        self.remove_run(places, slots.clone());
        self.push_run(places, slots);
    }

    /// Moves `slot`, which is in this queue, to the new end. Amortised O(1).
    #[inline(always)]
    pub fn renew<T>(&mut self, places: &mut Places<T>, slot: Slot) {
        self.remove(places, slot);
        self.push(places, slot);
    }

    /// Takes everything out. A long ring is given up.
    pub fn clear(&mut self) {
        if FEWEST < self.ring.len() {
            self.ring = vec![NO_SLOT; FEWEST];
        }
        (self.head, self.tail, self.len) = (0, 0, 0);
    }

    /// The slots from the old end to the new one.
    pub fn iter(&self) -> impl Iterator<Item = Slot> {
        let places = 0..self.tail.wrapping_sub(self.head);
        let slots = places.map(|ahead| self.ring[self.at(self.head.wrapping_add(ahead))]);
        slots.filter(|&slot| slot != NO_SLOT)
    }

    /// The slots from the old end to the new one, with every place checked.
    ///
    /// # Panics
    /// If a place or the count is wrong.
    pub fn audit<T>(&self, places: &Places<T>) -> Vec<Slot> {
        let slots: Vec<Slot> = self.iter().collect();
        assert_eq!(slots.len(), self.len as usize, "queue length");
        for &slot in &slots {
            let place = places.by_slot[slot as usize].0;
            assert_eq!(self.ring[self.at(place)], slot, "place of slot {slot}");
        }
        slots
    }

    #[inline(always)]
    fn at(&self, place: u32) -> usize {
        place as usize & (self.ring.len() - 1)
    }

    /// Closes the holes of a ring without room for `wanted` more, which becomes twice as large if
    /// they are less than half of it, or too few.
    #[cold]
    #[inline(never)]
    fn make_room<T>(&mut self, places: &mut Places<T>, wanted: usize) {
        let (before, len) = (self.ring.len(), self.len as usize);
        if before < 2 * len || before < len + wanted {
            self.ring.resize(2 * before, NO_SLOT);
        }
        // What moves goes to a place that was read already, or that is new.
        let mut to = self.head;
        for ahead in 0..self.tail.wrapping_sub(self.head) {
            let slot = self.ring[self.head.wrapping_add(ahead) as usize & (before - 1)];
            if slot != NO_SLOT {
                let at = self.at(to);
                self.ring[at] = slot;
                places.by_slot[slot as usize].0 = to;
                to = to.wrapping_add(1);
            }
        }
        self.tail = to;
    }
}

/// Writes slots that follow each other, from `start` on.
#[inline(always)]
fn number(ring: &mut [Slot], start: Slot) {
    for (ahead, slot) in (0..).zip(ring) {
        *slot = start + ahead;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;
    use std::collections::VecDeque;

    /// Takes as many out as go together, and as many of the twin.
    fn pop_run(queue: &mut Queue, twin: &mut VecDeque<Slot>, most: u32) {
        let slots = queue.pop_run(most, |slot| slot % 7 != 3).expect("there is one");
        let len = slots.len() as u32;
        assert!(twin.drain(..len as usize).eq(slots.clone()) && len <= most);
        assert!(slots.clone().skip(1).all(|it| it % 16 != 0 && it % 7 != 3), "{slots:?}");
        // It stops at a hole, and where the ring begins anew.
        let (end, at) = (slots.end, queue.at(queue.head));
        let next = queue.head != queue.tail && queue.ring[at] == end && at != 0;
        assert!(!next || len == most || end % 16 == 0 || end % 7 == 3, "{slots:?}");
    }

    #[test]
    fn two_queues_over_the_same_slots_behave_like_two_deques() {
        let mut stream = Stream::new(4, "queue", 0);
        let mut places = Places::<()>::default();
        places.cover(40);
        let mut queues = [Queue::default(), Queue::default()];
        // The places wrap on the way.
        (queues[0].head, queues[0].tail) = (u32::MAX - 500, u32::MAX - 500);
        let mut twins = [VecDeque::new(), VecDeque::new()];
        for round in 0..20_000 {
            // Now few slots, now many, so that rings grow and are mostly holes by turns.
            let slot = stream.below(if round % 2_000 < 1_000 { 40 } else { 4 }) as Slot;
            let home = (0..2).find(|&which| twins[which].contains(&slot));
            match home {
                None => {
                    let which = stream.below(2) as usize;
                    let free = |slot: &Slot| !twins.iter().any(|twin| twin.contains(slot));
                    let most = 1 + stream.below(30) as Slot;
                    let run = slot..(slot + most).min(40);
                    let len = run.clone().take_while(free).count() as Slot;
                    let run = slot..slot + len;
                    match round % 2 {
                        0 => queues[which].push_run(&mut places, run.clone()),
                        _ => run.clone().for_each(|it| queues[which].push(&mut places, it)),
                    }
                    twins[which].extend(run);
                }
                Some(home) => {
                    let (queue, twin) = (&mut queues[home], &mut twins[home]);
                    match stream.below(if round % 100 == 0 { 8 } else { 7 }) {
                        0 => assert_eq!(queue.pop(), twin.pop_front()),
                        5 => pop_run(queue, twin, 1 + stream.below(20) as u32),
                        6 => {
                            let most = 1 + stream.below(20) as u32;
                            let end = queue.following(&places, slot, most, |it| it % 5 != 1);
                            assert!(slot < end && end - slot <= most);
                            assert!((slot + 1..end).all(|next| {
                                let newer = queue.newer(&places, next - 1);
                                newer == Some(next) && next % 16 != 0 && next % 5 != 1
                            }));
                        }
                        7 => {
                            queue.clear();
                            twin.clear();
                        }
                        3 => {
                            let len = (slot..40).take_while(|it| twin.contains(it)).count();
                            let run = slot..slot + len as Slot;
                            queue.renew_run(&mut places, run.clone());
                            twin.retain(|other| !run.contains(other));
                            twin.extend(run);
                        }
                        _ => {
                            queue.renew(&mut places, slot);
                            twin.retain(|&other| other != slot);
                            twin.push_back(slot);
                        }
                    }
                }
            }
            for (queue, twin) in queues.iter().zip(&twins) {
                assert_eq!(queue.audit(&places), Vec::from(twin.clone()));
                assert!(queue.ring.len() <= 128, "{} places", queue.ring.len());
            }
        }
        assert_eq!(Queue::default().pop(), None);
    }
}
