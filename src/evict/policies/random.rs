//! Random: any block may go, each with the same chance.
//!
//! With `bulk` above 1 a miss in a full cache drops so many at once, and the next ones find
//! room; the comparison in the notes dropped 50 and called it LFU. Under the tree discipline the
//! draw is among the eligible, one after the other, and ends early when none is left.
//!
//! Source: the notes. Cost: O(1) per access; memory: 8 bytes a block.
//! Parameters: `bulk`, default 1, in [1, 10000]. The draws come from the node's own stream.
//! When not to use it: as a yardstick only; a policy that does not beat it knows nothing. Large
//! bulks leave that much of the cache empty at times.

use crate::columns::links::{assert_same_slots, cover};
use crate::evict::{
    Access, Build, EvictionRow, Formula, NO_SLOT, Origin, Policy, Slot, TreePolicy,
};
use crate::params::{ParamSpec, Role};
use crate::rng::Stream;

/// The table row.
pub static ROW: EvictionRow = EvictionRow {
    id: "random",
    title: "Random",
    summary: "Any block may go, each with the same chance; optionally several at once.",
    formula: Formula::new("victims = bulk blocks, drawn uniformly of the resident"),
    source: "the research notes",
    origin: Origin::Notes,
    params: &[ParamSpec::integer("bulk", 1, 1, 10_000)
        .told("At once", "How many blocks go when the cache is full.")
        .unit("blocks")
        .role(Role::Batch)
        .log()],
    needs: &[],
};

/// The order under the flat discipline.
pub fn flat(build: Build<'_>) -> Random {
    Random::new(build)
}

/// The order among leaves.
pub fn tree(build: Build<'_>) -> Random {
    Random::new(build)
}

/// The eligible slots, in no meaningful but a defined order.
#[derive(Clone, Debug)]
pub struct Random {
    eligible: Vec<Slot>,
    /// Where in `eligible` a slot is, or [`NO_SLOT`].
    place: Vec<u32>,
    stream: Stream,
    bulk: u32,
}

impl Random {
    fn new(build: Build<'_>) -> Self {
        let bulk = build.params.integer("bulk") as u32;
        Self { eligible: Vec::new(), place: Vec::new(), stream: build.stream, bulk }
    }

    fn add(&mut self, slot: Slot) {
        self.place[slot as usize] = self.eligible.len() as u32;
        self.eligible.push(slot);
    }

    /// Takes `slot` out if it is in; the last one takes its place.
    fn take(&mut self, slot: Slot) {
        let at = std::mem::replace(&mut self.place[slot as usize], NO_SLOT);
        if at != NO_SLOT {
            self.eligible.swap_remove(at as usize);
            if let Some(&moved) = self.eligible.get(at as usize) {
                self.place[moved as usize] = at;
            }
        }
    }
}

impl Policy for Random {
    fn cover(&mut self, slots: u32) {
        cover(&mut self.place, slots, NO_SLOT);
    }

    fn on_hit(&mut self, _slot: Slot, _access: &Access) {}

    fn victim(&mut self, _incoming: &Access) -> Option<Slot> {
        if self.eligible.is_empty() {
            return None;
        }
        let at = self.stream.below(self.eligible.len() as u64);
        let slot = self.eligible[at as usize];
        self.take(slot);
        Some(slot)
    }

    fn victims_at_once(&self) -> u32 {
        self.bulk
    }

    fn on_insert(&mut self, slot: Slot, _access: &Access) {
        self.add(slot);
    }

    fn on_remove(&mut self, slot: Slot) {
        self.take(slot);
    }

    fn validate(&self, slots: &[Slot]) {
        for (at, &slot) in self.eligible.iter().enumerate() {
            assert_eq!(self.place[slot as usize] as usize, at, "place of slot {slot}");
        }
        assert_same_slots(self.eligible.clone(), slots);
    }
}

impl TreePolicy for Random {
    fn on_eligible(&mut self, slot: Slot) {
        self.add(slot);
    }

    fn on_ineligible(&mut self, slot: Slot) {
        self.take(slot);
    }
}
