//! The caches: what each eviction policy becomes under each insertion discipline.

use super::{Flat, NodeCache, Paths, RUNS, Tree, TreeRules};
use crate::evict::table::eviction_table;
use crate::evict::{Build, EvictionRow, policies};

/// Makes the cache of one node.
pub type Constructor = fn(Build<'_>) -> Box<dyn NodeCache>;

/// One eviction policy as caches have it.
pub struct CacheRow {
    /// The policy.
    pub policy: &'static EvictionRow,
    /// Under the flat insertion discipline; `None` where the policy is not defined there.
    pub flat: Option<Constructor>,
    /// Whether under the flat insertion discipline, too, only leaves may go.
    pub leaves: bool,
    /// Under the tree insertion discipline; `None` where the policy is not defined there.
    pub tree: Option<Constructor>,
    /// The same for a cache to which nothing comes and from which nothing goes but by requests, by
    /// whole paths, which is quicker; `None` where only blocks will do.
    pub paths: Option<Constructor>,
}

macro_rules! caches {
    ($($policy:ident: $($discipline:ident)+,)*) => {
        /// A row for each of [`crate::evict::EVICTIONS`], in its order.
        pub static CACHES: &[CacheRow] = &[$({
            let policy = &policies::$policy::ROW;
            #[allow(unused_mut, reason = "rows differ in what they have")]
            let mut row = CacheRow { policy, flat: None, leaves: false, tree: None, paths: None };
            $(discipline!(row, $policy, $discipline);)+
            row
        }),*];
    };
}

macro_rules! discipline {
    ($row:ident, $policy:ident, flat) => {
        $row.flat = Some(|build| {
            let capacity = build.capacity;
            Flat::boxed(policies::$policy::flat(build), capacity)
        })
    };
    ($row:ident, $policy:ident, leaves) => {
        $row.leaves = true;
        $row.flat = Some(|build| {
            let capacity = build.capacity;
            Tree::boxed(policies::$policy::tree(build), capacity, TreeRules::LEAVES)
        })
    };
    ($row:ident, $policy:ident, tree) => {
        $row.tree = Some(|build| {
            let capacity = build.capacity;
            Tree::boxed(policies::$policy::tree(build), capacity, TreeRules::TREE)
        })
    };
    ($row:ident, $policy:ident, paths) => {
        if RUNS {
            $row.paths = Some(|build| {
                let capacity = build.capacity;
                Paths::boxed(policies::$policy::paths(build), capacity)
            });
        }
    };
}

eviction_table!(caches);

/// The row of the policy called `id`.
pub fn find(id: &str) -> Option<&'static CacheRow> {
    CACHES.iter().find(|row| row.policy.id == id)
}
