//! A block as eviction policies see it.

use super::BlockId;

/// A block as a policy sees it during an access.
#[derive(Clone, Copy, Debug)]
pub struct Access {
    /// Which block.
    pub block: BlockId,
    /// Position in its request, from 0. Constant for a block: its name includes its ancestors.
    pub depth: u32,
    /// Number (from 1) of the next request that uses it, or requests + 1 if none does; 0 unless
    /// the row needs the future.
    pub next_use: u32,
}

impl Access {
    /// The block that is so many places further in a request whose blocks there follow each other,
    /// as it looks to a policy that needs no future.
    #[inline(always)]
    pub fn ahead(&self, places: u32) -> Self {
        let block = BlockId(self.block.0 + places);
        Self { block, depth: self.depth + places, next_use: self.next_use }
    }
}
