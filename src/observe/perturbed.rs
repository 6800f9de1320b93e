//! What was done to the cluster, and what came of it.

use crate::event::Event;
use serde::{Deserialize, Serialize};

/// One perturbation that came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PerturbationRecord {
    /// Its place in the configuration's list.
    pub index: u32,
    /// Number of the request before which it came, from 1.
    pub request: u64,
    /// When, in seconds after the first arrival: without time, of the trace's.
    pub at_s: f64,
    /// Blocks that left caches for it.
    pub lost_blocks: u32,
    /// Requests that it interrupted, and that arrived again.
    pub retried: u32,
    /// Of those, the ones that were then turned away.
    pub aborted: u32,
}

/// All that came, in the order in which it did.
#[derive(Clone, Debug)]
pub struct Perturbations {
    records: Vec<PerturbationRecord>,
    /// By place in the configuration's list, whether it came.
    came: Vec<bool>,
    no_node: u64,
    wasted_blocks: u64,
}

impl Perturbations {
    pub(super) fn new(listed: usize) -> Self {
        let (records, came) = (Vec::new(), vec![false; listed]);
        Self { records, came, no_node: 0, wasted_blocks: 0 }
    }

    /// Those that came.
    pub fn records(&self) -> &[PerturbationRecord] {
        &self.records
    }

    /// By place in the configuration's list, whether it came.
    pub fn came(&self) -> &[bool] {
        &self.came
    }

    /// Requests that arrived again because their node was killed.
    pub fn retried(&self) -> u64 {
        self.records.iter().map(|record| u64::from(record.retried)).sum()
    }

    /// Requests that were turned away when they arrived again.
    pub fn aborted(&self) -> u64 {
        self.records.iter().map(|record| u64::from(record.aborted)).sum()
    }

    /// Requests turned away because no node was alive.
    pub fn no_node(&self) -> u64 {
        self.no_node
    }

    /// Blocks that interrupted requests had stored, or been refused, by the time their node was
    /// killed.
    pub fn wasted_blocks(&self) -> u64 {
        self.wasted_blocks
    }

    pub(super) fn on(&mut self, event: &Event<'_>) {
        match event {
            Event::Perturbed(it) => {
                self.came[it.index] = true;
                self.records.push(PerturbationRecord {
                    index: it.index as u32,
                    request: it.number,
                    at_s: it.at_s,
                    lost_blocks: it.lost_blocks,
                    retried: 0,
                    aborted: 0,
                });
            }
            Event::Interrupted(it) => {
                self.wasted_blocks += u64::from(it.wasted_blocks);
                self.latest().retried += 1;
            }
            Event::Rejected(it) => {
                self.no_node += u64::from(it.node.is_none());
                if it.again {
                    self.latest().aborted += 1;
                }
            }
            _ => {}
        }
    }

    /// The one that came last: what is interrupted arrives again before another comes.
    fn latest(&mut self) -> &mut PerturbationRecord {
        self.records.last_mut().expect("something came before")
    }
}
