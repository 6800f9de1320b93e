//! One node's cache: lookup, insertion and the driving of one eviction policy.
//!
//! [`store`] owns the facts (which block lives where, how often it was touched); [`flat`] and
//! [`tree`] are the two insertion disciplines over it. Who drives a cluster talks to a
//! [`NodeCache`], one virtual call a request; the loop over blocks is compiled for each policy, and
//! notes in the node's [`Marks`] which blocks come and go.

pub mod store;
pub mod flat;
pub mod tree;
pub mod paths;
pub mod table;

/// Whether [`NodeCache::validate`] recounts anything. Not in a release build without the feature
/// `audit`, such as the page's, which would carry an audit of every policy and never call it.
const AUDITS: bool = cfg!(any(debug_assertions, feature = "audit"));

/// Whether neighbours are found, come and go together, whatever the policy. The page's core goes
/// without but for what [says so itself](crate::evict::Policy::RUNS): it serves a trace once, and
/// each policy's own loop over runs is weighed by whoever loads the page. What comes of it is the
/// same.
const RUNS: bool = cfg!(any(feature = "answers", not(target_arch = "wasm32")));

pub use flat::Flat;
pub use paths::Paths;
pub use store::{Store, USE_BANDS};
pub use table::{CACHES, CacheRow, Constructor, find};
pub use tree::{Tree, TreeRules};

pub use crate::columns::{Change, Marks};

use crate::columns::Kept;
use crate::columns::pages::Near;
use crate::evict::Access;
use crate::model::{BlockId, Slot};

/// The blocks of one request as a cache serves them.
#[derive(Clone, Copy, Debug)]
pub struct Lookup<'a> {
    /// Blocks in prefix order.
    pub blocks: &'a [BlockId],
    /// For each block the number of the next request that uses it; empty unless the policy
    /// needs the future.
    pub next_use: &'a [u32],
    /// Whether each block's number is larger than the one's before, as it is unless names were
    /// forgotten: then the ends of a run tell that all in between are neighbours.
    pub rises: bool,
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

    /// How many blocks from `depth` on, at most `most` ≥ 1, are each the number after the one
    /// before.
    #[inline(always)]
    fn neighbours(&self, depth: usize, most: u32) -> u32 {
        let blocks = &self.blocks[depth..depth + most as usize];
        let follows = |at: usize| blocks[at].0 == blocks[0].0 + at as u32;
        if !self.rises {
            return (1..blocks.len()).take_while(|&at| follows(at)).count() as u32 + 1;
        }
        if follows(blocks.len() - 1) {
            return most;
        }
        let (mut known, mut end) = (0, blocks.len() - 1);
        while known + 1 < end {
            let middle = (known + end) / 2;
            if follows(middle) {
                known = middle;
            } else {
                end = middle;
            }
        }
        known as u32 + 1
    }

    /// How the blocks from `depth` on, of which there is one at least, stand in `store`: as many as
    /// follow each other, on a page where there are pages, and all live there, then with the slot
    /// of the first, or none does. Looked for where the last one was.
    #[inline(always)]
    fn stretch(&self, depth: usize, store: &Store, near: &mut Near) -> (Option<Slot>, u32) {
        let most = (self.blocks.len() - depth) as u32;
        let (slot, alike) = store.stretch(self.blocks[depth], most, near);
        (slot, self.neighbours(depth, alike))
    }

    /// How many of `len` blocks from `depth` on, of which there is one at least, have the same next
    /// use as the first; all where none is known.
    #[inline]
    fn alike(&self, depth: usize, len: u32) -> u32 {
        let Some(uses) = self.next_use.get(depth..depth + len as usize) else { return len };
        uses.iter().take_while(|&&next_use| next_use == uses[0]).count() as u32
    }

    /// The block at `depth` as policies see it.
    #[inline]
    pub fn access(&self, depth: usize) -> Access {
        let next_use = self.next_use(depth);
        Access { block: self.blocks[depth], depth: depth as u32, next_use }
    }

    /// The blocks that are resident in `store`, with their slots.
    fn resident<'a>(&'a self, store: &'a Store) -> impl Iterator<Item = (Slot, Access)> + 'a {
        let accesses = (0..self.blocks.len()).map(|depth| self.access(depth));
        accesses.filter_map(|access| Some((store.slot(access.block)?, access)))
    }
}

/// What serving one request did, in counts of blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Served {
    /// Found resident when their turn came.
    pub hits: u32,
    /// Of these, those before the first that was not: the prefix match, since nothing goes before
    /// something has to come.
    pub leading: u32,
    /// Inserted.
    pub inserted: u32,
    /// Evicted to make room.
    pub evicted: u32,
    /// Not inserted: the policy kept the others, or no room was to be had.
    pub refused: u32,
    /// Inserted although its marks say that they were evicted and not had again since.
    pub rewanted: u32,
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

/// The cache of one node.
pub trait NodeCache: Send {
    /// Touches or inserts the request's blocks in order. O(blocks) for policies with
    /// constant-time operations.
    fn serve(&mut self, lookup: &Lookup<'_>, marks: &mut Marks<'_>) -> Served;

    /// Takes in a block that migrated here, with count 1, evicting as a miss would. Returns what
    /// became of it, and how many were evicted.
    fn adopt(&mut self, access: &Access, parent: BlockId, marks: &mut Marks<'_>)
    -> (Adoption, u32);

    /// Lets a resident block go without counting an eviction; `false` if it is not resident.
    fn release(&mut self, block: BlockId, marks: &mut Marks<'_>) -> bool;

    /// Another node served the request. A policy that needs the future learns here that the
    /// use it waited for is past; the others need not be told. Changes nothing else.
    fn foresee(&mut self, lookup: &Lookup<'_>);

    /// Adds to `kept` the blocks that are remembered by name although they are not resident; see
    /// [`Policy::keep_names`](crate::evict::Policy::keep_names).
    fn keep_names(&self, kept: &mut Kept);

    /// A clone, for a checkpoint.
    fn clone_box(&self) -> Box<dyn NodeCache>;

    /// The facts.
    fn store(&self) -> &Store;

    /// The cache is the only one of its run, and empty: what it keeps may follow the blocks of
    /// the trace instead of those that are resident, which is quicker.
    fn stand_alone(&mut self);

    /// From now on the facts include touches. The cache is empty.
    fn count_touches(&mut self);

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
