//! The contract between eviction policies and the caches that drive them.

use crate::model::{Access, Slot};
use crate::params::{Need, ParamSpec};

/// One eviction policy.
pub struct EvictionRow {
    /// Name in configurations.
    pub id: &'static str,
    /// Name in menus.
    pub title: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Paper or project.
    pub source: &'static str,
    /// Its parameters.
    pub params: &'static [ParamSpec],
    /// What it needs.
    pub needs: &'static [Need],
}

/// The order of blocks under the flat discipline, where any resident block may go.
///
/// The cache guarantees: every slot passed to `on_hit`, `on_remove` is resident and known from
/// an `on_insert`; `victim` is called only while something is resident; on a miss the calls are
/// `on_miss`, then `victim` while there is no room, then `on_insert`.
pub trait Policy: Send {
    /// Whether [`Policy::on_request_end`] is wanted; the cache keeps the slots only then.
    const RESTAMPS: bool = false;

    /// A resident block is used again.
    fn on_hit(&mut self, slot: Slot, access: &Access);

    /// A block that is not resident is asked for, before room is made. Ghost lists look here.
    /// `false`: it is not to be kept, even where there is room.
    fn on_miss(&mut self, _access: &Access) -> bool {
        true
    }

    /// Chooses the block to drop for `incoming` and forgets it. `None`: the incoming block is
    /// itself the one not kept.
    fn victim(&mut self, incoming: &Access) -> Option<Slot>;

    /// How many victims make room when the cache is full; the cache stops early when empty.
    fn victims_at_once(&self) -> u32 {
        1
    }

    /// The block of the last `on_miss`, or one that migrated here, now lives in `slot`.
    fn on_insert(&mut self, slot: Slot, access: &Access);

    /// A block leaves without being evicted: it migrated away.
    fn on_remove(&mut self, slot: Slot);

    /// The request is over; `slots` are its resident blocks in order, root first.
    fn on_request_end(&mut self, _slots: &[Slot]) {}

    /// A resident block was used on another node: `access` has its next use from now on.
    /// Asked only of policies that need the future.
    fn on_foresight(&mut self, _slot: Slot, _access: &Access) {}

    /// Recounts from scratch; `resident` are the occupied slots, ascending.
    ///
    /// # Panics
    /// If the policy's state disagrees.
    fn validate(&self, resident: &[Slot]);
}

/// The order of blocks under the tree discipline, where only some blocks may go at a time.
///
/// A block is *eligible* while no resident block continues it and nothing pins it. The cache
/// guarantees that `on_insert` comes first and makes the slot eligible; then
/// `on_eligible`/`on_ineligible` alternate; a slot is eligible when it is the victim.
pub trait TreePolicy: Send {
    /// Whether [`TreePolicy::on_request_end`] is wanted.
    const RESTAMPS: bool = false;

    /// A resident block is used again.
    fn on_hit(&mut self, slot: Slot, access: &Access);

    /// A block now lives in `slot`, eligible.
    fn on_insert(&mut self, slot: Slot, access: &Access);

    /// The block lost its last resident child or its pin.
    fn on_eligible(&mut self, slot: Slot);

    /// The block got a child or a pin.
    fn on_ineligible(&mut self, slot: Slot);

    /// Chooses among the eligible and forgets it. `None`: none is eligible, or the incoming
    /// block is itself the one not kept.
    fn victim(&mut self, incoming: &Access) -> Option<Slot>;

    /// How many victims make room when the cache is full; the cache stops early when no more
    /// block is eligible.
    fn victims_at_once(&self) -> u32 {
        1
    }

    /// A block leaves without being evicted: it migrated away. It may be ineligible.
    fn on_remove(&mut self, slot: Slot);

    /// The request is over; `slots` are its resident blocks in order, root first.
    fn on_request_end(&mut self, _slots: &[Slot]) {}

    /// A resident block was used on another node: `access` has its next use from now on.
    /// Asked only of policies that need the future.
    fn on_foresight(&mut self, _slot: Slot, _access: &Access) {}

    /// Recounts from scratch; `eligible` are the eligible slots, ascending.
    ///
    /// # Panics
    /// If the policy's state disagrees.
    fn validate(&self, eligible: &[Slot]);
}
