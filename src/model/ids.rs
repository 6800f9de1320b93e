//! Names of blocks, nodes and slots, and the limits on them.

use serde::Serialize;

/// A block of KV cache, numbered densely in order of first appearance in the trace.
///
/// The interner hands these out (see [`crate::trace::Interner`]), so a smaller id was first
/// seen earlier and every id below the largest has been seen. Where names are given back because
/// there are more than a budget allows, numbers go to other blocks and tell no order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
#[repr(transparent)]
pub struct BlockId(pub u32);

impl BlockId {
    /// The value that names no block: the parent of a first block.
    pub const NONE: Self = Self(u32::MAX);

    /// The id as a position in a column.
    #[inline]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A prefill node, in `[0, nodes)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
#[repr(transparent)]
pub struct NodeId(pub u16);

impl NodeId {
    /// The node at a position in a column.
    ///
    /// # Panics
    /// If `index` is not below [`MAX_NODES`]: configurations are checked before.
    #[inline]
    pub fn from_index(index: usize) -> Self {
        assert!(index < MAX_NODES, "node {index} of at most {MAX_NODES}");
        Self(index as u16)
    }

    /// The node as a position in a column.
    #[inline]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// Position of a resident block in its node's slab, in `[0, slots)`. Slots are reused.
pub type Slot = u32;

/// The slot that is none.
pub const NO_SLOT: Slot = u32::MAX;

/// The most nodes a cluster may have.
pub const MAX_NODES: usize = 1024;

/// The capacity, in blocks, from which a cache counts as unlimited; nothing is allocated for it.
pub const UNLIMITED_BLOCKS: u32 = 1 << 30;

/// The block size of the Mooncake traces, in tokens.
pub const DEFAULT_BLOCK_SIZE: u32 = 512;
