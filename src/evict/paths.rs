//! The contract of orders for whole paths: the tree discipline where a cache stands alone.
//!
//! Where no block comes or goes but by requests, what such a cache holds of a request is always
//! its beginning, and whatever should go first is a leaf. So leaves need not be told from other
//! blocks, and blocks next to each other come and go together. See [`crate::cache::paths`].

use crate::model::{BlockId, Slot};
use std::ops::Range;

/// Which blocks go first where paths are held whole; the same as the row's order under the tree
/// discipline.
///
/// The cache guarantees for each request: `begin`, then `victims` while there is no room, then
/// `keep` for all that is resident of it, the deepest first. Slots told of together are of blocks
/// next to each other on the path. Those of the request are none of the victims before `keep`.
pub trait PathPolicy: Clone + Send {
    /// Whether the last block that a request has inserted goes for the next one where nothing else
    /// is left; the path then ends before it.
    const OWN_LAST_GOES: bool;

    /// From now on the slots below `slots` may be used.
    fn cover(&mut self, slots: u32);

    /// A request begins of which the blocks in `resident` are there, root first.
    fn begin(&mut self, resident: &[Range<Slot>]);

    /// Chooses at most `most` blocks next to each other that go, the deepest first, for one that
    /// the request numbered `next_use` uses next (0: not known), and forgets them. `None`: none
    /// may.
    fn victims(&mut self, next_use: u32, most: u32) -> Option<Range<Slot>>;

    /// Blocks of the request that stay, from `first` on, with the next use of each where it is
    /// known.
    fn keep(&mut self, slots: Range<Slot>, first: BlockId, next_uses: &[u32]);

    /// Recounts from scratch; `slots` are the occupied ones, ascending.
    ///
    /// # Panics
    /// If the policy's state disagrees.
    fn validate(&self, slots: &[Slot]);
}
