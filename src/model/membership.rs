//! Which nodes take part.

/// What a node is to the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeState {
    /// It has not joined yet.
    Absent,
    /// It takes requests.
    Alive,
    /// It takes no new requests, but serves those it has and keeps its blocks.
    Draining,
    /// It has lost everything.
    Dead,
}

impl NodeState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Absent, Self::Alive, Self::Draining, Self::Dead];

    /// The word for it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Alive => "alive",
            Self::Draining => "draining",
            Self::Dead => "dead",
        }
    }
}
