//! One node's cache: lookup, insertion and the driving of one eviction policy.
//!
//! [`store`] owns the facts (which block lives where, how often it was touched); [`flat`] and
//! [`tree`] are the two insertion disciplines over it. The simulator talks to a [`NodeCache`],
//! one virtual call a request; the loop over blocks is compiled for each policy.

pub mod store;
pub mod flat;
pub mod tree;
pub mod table;

/// Whether [`NodeCache::validate`] recounts anything. Not in a release build without the feature
/// `audit`, such as the page's, which would carry an audit of every policy and never call it.
const AUDITS: bool = cfg!(any(debug_assertions, feature = "audit"));

pub use flat::Flat;
pub use store::{Entry, HEAT_BUCKETS, Store};
pub use table::{CACHES, CacheRow, Constructor, find};
pub use tree::{Tree, TreeRules};

use crate::evict::Access;
use crate::model::BlockId;

/// The blocks of one request as a cache serves them.
#[derive(Clone, Copy, Debug)]
pub struct Lookup<'a> {
    /// Blocks in prefix order.
    pub blocks: &'a [BlockId],
    /// For each block the number of the next request that uses it; empty unless the policy
    /// needs the future.
    pub next_use: &'a [u32],
}

impl Lookup<'_> {
    /// The parent of the block at `depth`.
    #[inline]
    pub fn parent(&self, depth: usize) -> BlockId {
        if depth == 0 { BlockId::NONE } else { self.blocks[depth - 1] }
    }

    /// The next use of the block at `depth`, 0 where not known.
    #[inline]
    pub fn next_use(&self, depth: usize) -> u32 {
        self.next_use.get(depth).copied().unwrap_or(0)
    }

    /// The block at `depth` as policies see it.
    #[inline]
    pub fn access(&self, depth: usize) -> Access {
        let next_use = self.next_use(depth);
        Access { block: self.blocks[depth], depth: depth as u32, next_use }
    }

    /// The blocks that are resident in `store`, with their slots.
    fn resident<'a>(&'a self, store: &'a Store) -> impl Iterator<Item = (u32, Access)> + 'a {
        let accesses = (0..self.blocks.len()).map(|depth| self.access(depth));
        accesses.filter_map(|access| Some((store.slot(access.block)?, access)))
    }
}

/// What serving one request did, in counts of blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Served {
    /// Found resident when their turn came.
    pub hits: u32,
    /// Inserted.
    pub inserted: u32,
    /// Evicted to make room.
    pub evicted: u32,
    /// Not inserted: the policy kept the others, or no room was to be had.
    pub refused: u32,
}

/// What became of a block that migrated to a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adoption {
    /// It was inserted.
    Inserted,
    /// It was there already.
    Resident,
    /// It was not kept: under the tree discipline its parent is missing, or no room was found.
    Dropped,
}

/// A block that came or went, in the order it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which block.
    pub block: BlockId,
    /// Inserted, or evicted.
    pub inserted: bool,
}

/// The cache of one node.
pub trait NodeCache: Send {
    /// Touches or inserts the request's blocks in order; appends to `changes` what came and
    /// went. O(blocks) for policies with constant-time operations.
    fn serve(&mut self, lookup: &Lookup<'_>, changes: &mut Vec<Change>) -> Served;

    /// Takes in a block that migrated here, with count 1, evicting as a miss would.
    fn adopt(&mut self, entry: &Entry, next_use: u32, changes: &mut Vec<Change>) -> Adoption;

    /// Lets a resident block go without counting an eviction; `None` if it is not resident.
    fn release(&mut self, block: BlockId) -> Option<Entry>;

    /// Another node served the request. A policy that needs the future learns here that the
    /// use it waited for is past; the others need not be told. Changes nothing else.
    fn foresee(&mut self, lookup: &Lookup<'_>);

    /// A clone, for a checkpoint.
    fn clone_box(&self) -> Box<dyn NodeCache>;

    /// The facts.
    fn store(&self) -> &Store;

    /// Recounts everything from scratch, in builds that have their audits. O(resident).
    ///
    /// # Panics
    /// If a count, a link or the policy's state is wrong.
    fn validate(&self);
}

impl Clone for Box<dyn NodeCache> {
    fn clone(&self) -> Self {
        (**self).clone_box()
    }
}
