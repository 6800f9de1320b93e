//! Where each slot is in its queue, and the runs of all queues.

use crate::columns::links::cover;
use crate::model::Slot;
use std::ops::Range;

/// No run.
pub(super) const NONE: u32 = u32::MAX;

/// Where each slot is in its queue: 4 bytes a slot and 20 a run.
#[derive(Clone, Debug)]
pub struct Places {
    /// The run of each slot, stale where it is in no queue.
    pub(super) by_slot: Vec<u32>,
    pub(super) runs: Vec<Run>,
    /// The first run that is in no queue; the next one is what is `newer`.
    pub(super) free: u32,
    /// Slots are those of dense pages, so that runs end nowhere but where they have to.
    pub(super) dense: bool,
}

/// Slots from `start` on and before `end`, in the queue called `home`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run {
    pub(super) start: Slot,
    pub(super) end: Slot,
    pub(super) older: u32,
    pub(super) newer: u32,
    pub(super) home: u32,
}

impl Default for Places {
    fn default() -> Self {
        Self { by_slot: Vec::new(), runs: Vec::new(), free: NONE, dense: false }
    }
}

impl Places {
    /// From now on slots are those of dense pages. Nothing is in a queue yet.
    pub fn stand_alone(&mut self) {
        self.dense = true;
    }

    /// Makes places for the slots below `slots`.
    pub fn cover(&mut self, slots: u32) {
        cover(&mut self.by_slot, slots, NONE);
    }

    /// What the queue is called that `slot` is in.
    #[inline(always)]
    pub fn home(&self, slot: Slot) -> u32 {
        self.runs[self.by_slot[slot as usize] as usize].home
    }

    /// Takes as many of `slots`, of which there is one at least and each is in a queue, as are in
    /// the same run as the first; with what their queue is called.
    #[inline(always)]
    pub fn together(&self, slots: &mut Range<Slot>) -> (Range<Slot>, u32) {
        let run = &self.runs[self.by_slot[slots.start as usize] as usize];
        let taken = slots.start..slots.end.min(run.end);
        slots.start = taken.end;
        (taken, run.home)
    }

    /// The number of a new run.
    #[inline(always)]
    pub(super) fn take(&mut self, run: Run) -> u32 {
        let at = self.free;
        match self.runs.get_mut(at as usize) {
            Some(free) => {
                self.free = free.newer;
                *free = run;
                at
            }
            None => {
                self.runs.push(run);
                self.runs.len() as u32 - 1
            }
        }
    }

    #[inline(always)]
    pub(super) fn note(&mut self, slots: Range<Slot>, run: u32) {
        self.by_slot[slots.start as usize..slots.end as usize].fill(run);
    }
}
