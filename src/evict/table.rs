//! The table of eviction policies.
//!
//! The list is a macro, so that a layer above can compile something of its own for each policy:
//! [`crate::cache::table`] makes a cache of it, with the loop over blocks compiled in. That is why
//! a policy need not know of caches.

use super::{EvictionRow, policies};

/// Calls the macro `$with` with every eviction policy, in the order menus show them: its module,
/// and what that has. `flat`: a function `flat`, the order under the flat discipline. `tree`: a
/// function `tree`, the order among leaves under the tree discipline. `leaves`: `tree` serves the
/// flat discipline too, where then also only leaves may go. `paths`: a function `paths`, the order
/// under the tree discipline where paths are held whole.
macro_rules! eviction_table {
    ($with:ident) => {
        $with! {
            lru: flat tree paths,
            fifo: flat tree,
            lfu: flat tree,
            clock: flat,
            sieve: flat,
            s3fifo: flat,
            arc: flat,
            two_q: flat,
            slru: flat,
            wtinylfu: flat,
            lfu_persistent: flat tree,
            length_aware: flat tree,
            lru_tail_first: flat tree,
            leaf_lru: leaves tree,
            leaf_lfu: leaves tree,
            leaf_slru: leaves tree,
            batch: flat tree,
            random: flat tree,
            optimal: flat,
            optimal_tree: tree paths,
        }
    };
}
pub(crate) use eviction_table;

macro_rules! rows {
    ($($policy:ident: $($discipline:ident)+,)*) => {
        /// Every eviction policy, in the order menus show them.
        pub static EVICTIONS: &[&EvictionRow] = &[$(&policies::$policy::ROW),*];
    };
}
eviction_table!(rows);

/// The row called `id`.
pub fn find(id: &str) -> Option<&'static EvictionRow> {
    EVICTIONS.iter().copied().find(|row| row.id == id)
}
