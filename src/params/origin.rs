//! Whose a row is: what menus group by.

use serde::Serialize;

/// Who thought a policy up, or who runs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The research notes that kvscope grew out of.
    Notes,
    /// An engine, or what stands in front of engines in production.
    Engine,
    /// A paper.
    Paper,
}

/// What menus put under one head.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The word for it in tables.
    pub id: &'static str,
    /// What menus call it.
    pub title: &'static str,
}

impl Origin {
    const ALL: [Self; 3] = [Self::Notes, Self::Engine, Self::Paper];

    /// Its group.
    pub fn group(self) -> Group {
        match self {
            Self::Notes => Group { id: "notes", title: "The notes’" },
            Self::Engine => Group { id: "engine", title: "Engines’" },
            Self::Paper => Group { id: "paper", title: "Papers’" },
        }
    }

    /// Every group, in the order menus show them.
    pub fn groups() -> Vec<Group> {
        Self::ALL.map(Self::group).to_vec()
    }
}
