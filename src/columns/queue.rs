//! Queues of slots: in at one end, out at the other, or from the middle.
//!
//! A queue is a list of runs: slots that follow each other and came in that order, of one page
//! where there are [`Pages`]. Blocks of a
//! request are neighbours and come and go together, so there are far fewer runs than slots, and to
//! add, move or drop as many as are in one is O(1), but for noting of each slot in which run it is.
//! One that leaves from the middle parts its run. Any number of [`Queue`]s may share the same
//! [`Places`], each slot being in at most one.

mod places;

pub use places::Places;

use super::Pages;
use crate::model::Slot;
use places::{NONE, Run};
use std::ops::Range;

/// A queue of slots.
#[derive(Clone, Debug)]
pub struct Queue {
    home: u32,
    oldest: u32,
    newest: u32,
    len: u32,
}

impl Default for Queue {
    fn default() -> Self {
        Self::called(0)
    }
}

impl Queue {
    /// Without slots; queues that share places are told apart by what they are called.
    pub fn called(home: u32) -> Self {
        Self { home, oldest: NONE, newest: NONE, len: 0 }
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

    /// Adds `slot`, which is in no queue, at the new end. Amortised O(1).
    #[inline(always)]
    pub fn push(&mut self, places: &mut Places, slot: Slot) {
        self.push_run(places, slot..slot + 1);
    }

    /// Adds `slots`, which are in no queue, at the new end, one after the other. Amortised
    /// O(slots).
    #[inline(always)]
    pub fn push_run(&mut self, places: &mut Places, slots: Range<Slot>) {
        self.len += slots.len() as u32;
        let run = match places.runs.get_mut(self.newest as usize) {
            Some(run)
                if run.end == slots.start && (places.dense || !Pages::begins_page(slots.start)) =>
            {
                run.end = slots.end;
                self.newest
            }
            _ => {
                let Range { start, end } = slots;
                let (older, newer, home) = (self.newest, NONE, self.home);
                let run = places.take(Run { start, end, older, newer, home });
                self.join(places, older, run);
                self.newest = run;
                run
            }
        };
        places.note(slots, run);
    }

    /// Takes `slot`, which is in this queue, out of it. O(1) for an end of its run.
    #[inline(always)]
    pub fn remove(&mut self, places: &mut Places, slot: Slot) {
        self.remove_run(places, slot..slot + 1);
    }

    /// Takes `slots`, which are in this queue, out of it. O(runs), and O(slots) for runs that are
    /// parted.
    #[inline(always)]
    pub fn remove_run(&mut self, places: &mut Places, mut slots: Range<Slot>) {
        self.len -= slots.len() as u32;
        while !slots.is_empty() {
            let at = places.by_slot[slots.start as usize];
            let run = &mut places.runs[at as usize];
            debug_assert!(run.home == self.home && run.start <= slots.start, "{slots:?}, {run:?}");
            let end = slots.end.min(run.end);
            match (run.start == slots.start, run.end == end) {
                (true, true) => self.unlink(places, at),
                (true, false) => run.start = end,
                (false, true) => run.end = slots.start,
                (false, false) => self.part(places, at, slots.start..end),
            }
            slots.start = end;
        }
    }

    /// Takes the slot at the old end out. O(1).
    #[inline(always)]
    pub fn pop(&mut self, places: &mut Places) -> Option<Slot> {
        self.pop_run(places, 1, |_| true).map(|slots| slots.start)
    }

    /// Takes the slot at the old end out, and as many of those after it as are in its run and
    /// `alike`, at most `most` in all. O(slots asked about).
    #[inline(always)]
    pub fn pop_run(
        &mut self,
        places: &mut Places,
        most: u32,
        alike: impl Fn(Slot) -> bool,
    ) -> Option<Range<Slot>> {
        let at = self.oldest;
        let run = places.runs.get_mut(at as usize)?;
        let slots = run.start..end_of(run, run.start, most, alike);
        self.len -= slots.len() as u32;
        if slots.end < run.end {
            run.start = slots.end;
        } else {
            self.unlink(places, at);
        }
        Some(slots)
    }

    /// The end of the slots from `start` on, which is in this queue, that are each just newer than
    /// the one before, in its run and `alike`, at most `most` with the first.
    #[inline(always)]
    pub fn following(
        &self,
        places: &Places,
        start: Slot,
        most: u32,
        alike: impl Fn(Slot) -> bool,
    ) -> Slot {
        let run = &places.runs[places.by_slot[start as usize] as usize];
        end_of(run, start, most, alike)
    }

    /// The slot at the old end. O(1).
    #[inline(always)]
    pub fn oldest(&self, places: &Places) -> Option<Slot> {
        places.runs.get(self.oldest as usize).map(|run| run.start)
    }

    /// The slot just newer than `slot`, which is in this queue. O(1).
    #[inline]
    pub fn newer(&self, places: &Places, slot: Slot) -> Option<Slot> {
        let run = &places.runs[places.by_slot[slot as usize] as usize];
        if slot + 1 < run.end {
            return Some(slot + 1);
        }
        places.runs.get(run.newer as usize).map(|run| run.start)
    }

    /// Moves `slots`, which are in this queue, to the new end, one after the other. Amortised
    /// O(slots).
    #[inline(always)]
    pub fn renew_run(&mut self, places: &mut Places, slots: Range<Slot>) {
        self.remove_run(places, slots.clone());
        self.push_run(places, slots);
    }

    /// Moves `slot`, which is in this queue, to the new end. Amortised O(1).
    #[inline(always)]
    pub fn renew(&mut self, places: &mut Places, slot: Slot) {
        self.renew_run(places, slot..slot + 1);
    }

    /// The slots from the old end to the new one, with every place checked.
    ///
    /// # Panics
    /// If a place, a link or the count is wrong.
    pub fn audit(&self, places: &Places) -> Vec<Slot> {
        let (mut slots, mut older) = (Vec::new(), NONE);
        for (at, run) in self.runs(places) {
            assert!(run.start < run.end, "a run of nothing");
            assert_eq!((run.older, run.home), (older, self.home), "the run before, and the queue");
            let own = &places.by_slot[run.start as usize..run.end as usize];
            assert!(own.iter().all(|&it| it == at), "places of {}..{}", run.start, run.end);
            slots.extend(run.start..run.end);
            older = at;
        }
        assert_eq!(self.newest, older, "the new end");
        assert_eq!(slots.len(), self.len as usize, "queue length");
        slots
    }

    fn runs(&self, places: &Places) -> impl Iterator<Item = (u32, Run)> {
        let mut at = self.oldest;
        std::iter::from_fn(move || {
            let run = *places.runs.get(at as usize)?;
            Some((std::mem::replace(&mut at, run.newer), run))
        })
    }

    /// Makes two runs neighbours; one of them may be none.
    #[inline(always)]
    fn join(&mut self, places: &mut Places, older: u32, newer: u32) {
        match places.runs.get_mut(older as usize) {
            Some(run) => run.newer = newer,
            None => self.oldest = newer,
        }
        match places.runs.get_mut(newer as usize) {
            Some(run) => run.older = older,
            None => self.newest = older,
        }
    }

    /// Gives up a run.
    #[inline(always)]
    fn unlink(&mut self, places: &mut Places, at: u32) {
        let Run { older, newer, .. } = places.runs[at as usize];
        self.join(places, older, newer);
        places.runs[at as usize].newer = std::mem::replace(&mut places.free, at);
    }

    /// Parts a run where `gap` leaves its middle; of the shorter part each slot is noted anew.
    #[inline(never)]
    fn part(&mut self, places: &mut Places, at: u32, gap: Range<Slot>) {
        let Run { start, end, older, newer, home } = places.runs[at as usize];
        if end - gap.end <= gap.start - start {
            places.runs[at as usize].end = gap.start;
            let part = places.take(Run { start: gap.end, end, older: at, newer, home });
            self.join(places, at, part);
            self.join(places, part, newer);
            places.note(gap.end..end, part);
        } else {
            places.runs[at as usize].start = gap.end;
            let part = places.take(Run { start, end: gap.start, older, newer: at, home });
            self.join(places, older, part);
            self.join(places, part, at);
            places.note(start..gap.start, part);
        }
    }
}

/// The end of the slots of `run` from `start` on that are `alike`, at most `most`.
#[inline(always)]
fn end_of(run: &Run, start: Slot, most: u32, alike: impl Fn(Slot) -> bool) -> Slot {
    let most = most.min(run.end - start);
    let after = start + 1..start + most;
    start + 1 + after.take_while(|&slot| alike(slot)).count() as Slot
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;
    use std::collections::VecDeque;

    /// Takes as many out as go together, and as many of the twin.
    fn pop_run(queue: &mut Queue, places: &mut Places, twin: &mut VecDeque<Slot>, most: u32) {
        let one_page = !places.dense;
        let slots = queue.pop_run(places, most, |slot| slot % 7 != 3).expect("there is one");
        let len = slots.len() as u32;
        assert!(twin.drain(..len as usize).eq(slots.clone()) && len <= most);
        assert!(slots.clone().skip(1).all(|it| it % 7 != 3), "{slots:?}");
        assert!(!one_page || slots.start / 16 == (slots.end - 1) / 16, "{slots:?}");
    }

    /// Does by chance something with the slots from the first of `within` on, which is in it.
    fn change(
        stream: &mut Stream,
        places: &mut Places,
        (queue, twin): (&mut Queue, &mut VecDeque<Slot>),
        within: Range<Slot>,
    ) {
        let (slot, end, dense) = (within.start, within.end, places.dense);
        assert_eq!(places.home(slot), queue.home);
        let len = (slot..end).take_while(|it| twin.contains(it)).count();
        let run = slot..slot + len as Slot;
        let most = 1 + stream.below(20) as u32;
        match stream.below(7) {
            0 => assert_eq!(queue.pop(places), twin.pop_front()),
            1 => pop_run(queue, places, twin, most),
            2 => {
                let end = queue.following(places, slot, most, |it| it % 5 != 1);
                assert!(slot < end && end - slot <= most);
                assert!((slot + 1..end).all(|next| {
                    let newer = queue.newer(places, next - 1);
                    newer == Some(next) && (dense || next % 16 != 0) && next % 5 != 1
                }));
            }
            3 => {
                queue.renew_run(places, run.clone());
                twin.retain(|other| !run.contains(other));
                twin.extend(run);
            }
            4 => {
                queue.remove_run(places, run.clone());
                twin.retain(|other| !run.contains(other));
            }
            5 => {
                let mut rest = slot..run.end.min(slot + most);
                let asked = rest.clone();
                let (taken, told) = places.together(&mut rest);
                assert_eq!((taken.start, taken.end, told), (slot, rest.start, queue.home));
                assert!(!taken.is_empty() && rest.end == asked.end);
            }
            _ => {
                queue.renew(places, slot);
                twin.retain(|&other| other != slot);
                twin.push_back(slot);
            }
        }
    }

    #[test]
    fn two_queues_over_the_same_slots_behave_like_two_deques() {
        check(false);
        check(true);
    }

    fn check(dense: bool) {
        let mut stream = Stream::new(4, "queue", 0);
        let mut places = Places::default();
        if dense {
            places.stand_alone();
        }
        places.cover(40);
        let mut queues = [Queue::called(7), Queue::called(8)];
        let mut twins = [VecDeque::new(), VecDeque::new()];
        for round in 0..20_000 {
            // Now few slots, now many.
            let slot = stream.below(if round % 2_000 < 1_000 { 40 } else { 4 }) as Slot;
            let home = (0..2).find(|&which| twins[which].contains(&slot));
            let end = if dense { 40 } else { 40.min((slot / 16 + 1) * 16) };
            match home {
                None => {
                    let which = stream.below(2) as usize;
                    let free = |slot: &Slot| !twins.iter().any(|twin| twin.contains(slot));
                    let most = 1 + stream.below(30) as Slot;
                    let run = slot..(slot + most).min(end);
                    let len = run.clone().take_while(free).count() as Slot;
                    let run = slot..slot + len;
                    match round % 2 {
                        0 => queues[which].push_run(&mut places, run.clone()),
                        _ => run.clone().for_each(|it| queues[which].push(&mut places, it)),
                    }
                    twins[which].extend(run);
                }
                Some(home) => {
                    let sides = (&mut queues[home], &mut twins[home]);
                    change(&mut stream, &mut places, sides, slot..end);
                }
            }
            for (queue, twin) in queues.iter().zip(&twins) {
                assert_eq!(queue.audit(&places), Vec::from(twin.clone()));
                assert_eq!(queue.oldest(&places), twin.front().copied());
                let newer = |at: usize| queue.newer(&places, twin[at]);
                assert!((0..twin.len()).all(|at| newer(at) == twin.get(at + 1).copied()));
            }
            assert!(places.runs.len() <= 40, "runs are used again");
        }
        assert_eq!(Queue::default().pop(&mut Places::default()), None);
    }

    #[test]
    fn what_comes_in_order_is_one_run_whatever_it_comes_in() {
        let (mut places, mut queue) = (Places::default(), Queue::default());
        places.stand_alone();
        places.cover(100);
        [0..5, 5..30, 30..31, 31..90].into_iter().for_each(|it| queue.push_run(&mut places, it));
        assert_eq!(places.runs.len(), 1);
        queue.renew_run(&mut places, 10..20);
        assert_eq!((places.runs.len(), queue.len()), (3, 90));
        assert_eq!(queue.pop_run(&mut places, 50, |_| true), Some(0..10));
        assert_eq!(queue.pop_run(&mut places, 50, |_| true), Some(20..70));
        assert_eq!(queue.pop_run(&mut places, 50, |slot| slot < 80), Some(70..80));
    }
}
