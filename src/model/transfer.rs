//! What a migration or replication rule asks for.

use super::{BlockId, NodeId};

/// Whether blocks leave the source or stay there too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveKind {
    /// The source gives them up.
    Move,
    /// The source keeps them: replication.
    Copy,
}

impl MoveKind {
    /// The word for it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Move => "move",
            Self::Copy => "copy",
        }
    }
}

/// Blocks from one node to another, in the order in which they are inserted there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Whether the source keeps them.
    pub kind: MoveKind,
    /// Where they are.
    pub source: NodeId,
    /// Where they go; not the source.
    pub target: NodeId,
    /// Which, each resident on the source.
    pub blocks: Vec<BlockId>,
}

/// What to do now; empty for nothing.
pub type Plan = Vec<Transfer>;
