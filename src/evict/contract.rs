//! The contract between eviction policies and the caches that drive them.

use std::ops::Range;

use crate::columns::Kept;
use crate::model::{Access, BlockId, Slot};
use crate::params::{Formula, Need, Origin, ParamSpec};

/// One eviction policy.
pub struct EvictionRow {
    /// Name in configurations.
    pub id: &'static str,
    /// Name in menus.
    pub title: &'static str,
    /// One line.
    pub summary: &'static str,
    /// What it does, as a formula.
    pub formula: Formula,
    /// Paper or project.
    pub source: &'static str,
    /// Whose it is.
    pub origin: Origin,
    /// Its parameters.
    pub params: &'static [ParamSpec],
    /// What it needs.
    pub needs: &'static [Need],
}

/// The order of blocks: which goes first.
///
/// Under the flat discipline, where any resident block may go, this is all of it. The cache
/// guarantees: columns are covered before a slot is used; every slot passed to `on_hit`,
/// `on_remove` is resident and known from an `on_insert`; `victim` is called only while something
/// is resident; on a miss the calls are `on_miss`, then `victim` and `on_evict` while there is no
/// room, then `on_insert`. A clone goes on as the original would: that is how a run is continued
/// from a checkpoint.
pub trait Policy: Clone + Send {
    /// Whether [`Policy::on_request_end`] is wanted; the cache keeps the slots only then.
    const RESTAMPS: bool = false;

    /// Whether the cache takes neighbours together even in the page's core, where every loop over
    /// runs is weighed. The results do not depend on it.
    const RUNS: bool = false;

    /// From now on the slots below `slots` may be used: the place to grow what is kept by slot.
    fn cover(&mut self, slots: u32);

    /// This is the only cache of its run, and empty: what is kept by block may follow the trace.
    fn stand_alone(&mut self) {}

    /// A resident block is used again.
    fn on_hit(&mut self, slot: Slot, access: &Access);

    /// The blocks in `slots`, which follow each other in a request from `first` on, are used again:
    /// as [`Policy::on_hit`] for each. Not asked of policies that need the future.
    #[inline(always)]
    fn on_hit_run(&mut self, slots: Range<Slot>, first: &Access) {
        for (places, slot) in (0..).zip(slots) {
            self.on_hit(slot, &first.ahead(places));
        }
    }

    /// A block that is not resident is asked for, before room is made. Ghost lists look here.
    /// `false`: it is not to be kept, even where there is room.
    fn on_miss(&mut self, _access: &Access) -> bool {
        true
    }

    /// Chooses the block to drop for `incoming`, among the eligible under the tree discipline,
    /// and forgets it. `None`: none may go, or the incoming block is itself the one not kept.
    fn victim(&mut self, incoming: &Access) -> Option<Slot>;

    /// The last victim was `block`: ghost lists remember it by name.
    fn on_evict(&mut self, _block: BlockId) {}

    /// The last victims were `len` blocks that follow each other from `first` on: as
    /// [`Policy::on_evict`] for each.
    #[inline(always)]
    fn on_evict_run(&mut self, first: BlockId, len: u32) {
        (first.0..first.0 + len).for_each(|block| self.on_evict(BlockId(block)));
    }

    /// As [`Policy::on_miss`] for as many of `len` blocks, which follow each other in a request
    /// from `first` on, as come in together: all of them are kept, their victims are told by
    /// [`Policy::victims_before`], and then comes [`Policy::on_insert_run`], for some of them at a
    /// time. 0: the first is asked for alone.
    #[inline(always)]
    fn on_miss_run(&mut self, _first: &Access, _len: u32) -> u32 {
        0
    }

    /// As [`Policy::victim`] were once `pending` blocks of the run have come in, which they have
    /// not; and as it were for the next ones, as far as these victims follow the first, on its
    /// page if there are pages:
    /// at most `most` in all, told together by [`Policy::on_evict_run`]. `None` where it is known
    /// only once blocks have come in: then it is asked again.
    #[inline(always)]
    fn victims_before(
        &mut self,
        incoming: &Access,
        pending: u32,
        _most: u32,
    ) -> Option<Range<Slot>> {
        if pending == 0 { self.victim(incoming).map(alone) } else { None }
    }

    /// How many victims make room when the cache is full; the cache stops early when no more may
    /// go.
    fn victims_at_once(&self) -> u32 {
        1
    }

    /// The block of the last `on_miss`, or one that migrated here, now lives in `slot`.
    fn on_insert(&mut self, slot: Slot, access: &Access);

    /// Blocks that follow each other in a request from `first` on now live in `slots`: as
    /// [`Policy::on_insert`] for each.
    #[inline(always)]
    fn on_insert_run(&mut self, slots: Range<Slot>, first: &Access) {
        for (places, slot) in (0..).zip(slots) {
            self.on_insert(slot, &first.ahead(places));
        }
    }

    /// A block leaves without being evicted: it migrated away. It may be ineligible.
    fn on_remove(&mut self, slot: Slot);

    /// The request is over; `slots` are its resident blocks in order, root first.
    fn on_request_end(&mut self, _slots: &[Slot]) {}

    /// Adds to `kept` the blocks that are not resident and yet remembered by name; all, where the
    /// number of a block tells something or names are kept in a form that does not say which.
    /// What is not kept by anybody is forgotten: its number may go to another block.
    fn keep_names(&self, _kept: &mut Kept) {}

    /// A resident block was used on another node: `access` has its next use from now on.
    /// Asked only of policies that need the future.
    fn on_foresight(&mut self, _slot: Slot, _access: &Access) {}

    /// Recounts from scratch; `slots` are those that may go, ascending: the occupied ones, under
    /// the tree discipline the eligible ones.
    ///
    /// # Panics
    /// If the policy's state disagrees.
    fn validate(&self, slots: &[Slot]);
}

/// The slots that are this one.
#[inline(always)]
pub(super) fn alone(slot: Slot) -> Range<Slot> {
    slot..slot + 1
}

/// An order for the tree discipline too, where only some blocks may go at a time.
///
/// A block is *eligible* while no resident block continues it and nothing pins it. The cache
/// guarantees that `on_insert` comes first and makes the slot eligible; then
/// `on_eligible`/`on_ineligible` alternate; a slot is eligible when it is the victim.
pub trait TreePolicy: Policy {
    /// The block lost its last resident child or its pin.
    fn on_eligible(&mut self, slot: Slot);

    /// The block got a child or a pin.
    fn on_ineligible(&mut self, slot: Slot);
}
