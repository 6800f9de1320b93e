//! The table of perturbations.

use super::Change;
use crate::suggest;

/// One kind of perturbation.
pub struct PerturbationRow {
    /// Its word.
    pub id: &'static str,
    /// How it is written, before the moment.
    pub form: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Whether it only means something under the timed clock.
    pub needs_time: bool,
    /// Reads what stands after the colon.
    read: fn(&str) -> Option<Change>,
}

/// Every kind, in the order menus show them.
pub static PERTURBATIONS: &[PerturbationRow] = &[
    PerturbationRow {
        id: "kill",
        form: "kill:NODE",
        summary: "The node loses its blocks; what it has not finished arrives again.",
        needs_time: false,
        read: |node| node.parse().ok().map(Change::Kill),
    },
    PerturbationRow {
        id: "drain",
        form: "drain:NODE",
        summary: "The node takes no new requests; it serves its queue and keeps its blocks.",
        needs_time: false,
        read: |node| node.parse().ok().map(Change::Drain),
    },
    PerturbationRow {
        id: "heal",
        form: "heal:NODE",
        summary: "A killed node comes back empty and idle; a draining one takes requests again.",
        needs_time: false,
        read: |node| node.parse().ok().map(Change::Heal),
    },
    PerturbationRow {
        id: "add",
        form: "add:NODES",
        summary: "So many nodes join, empty and idle, with the next indexes.",
        needs_time: false,
        read: |nodes| nodes.parse().ok().filter(|&nodes| 0 < nodes).map(Change::Add),
    },
];

/// The row of a word.
pub(super) fn find(id: &str) -> Option<&'static PerturbationRow> {
    PERTURBATIONS.iter().find(|row| row.id == id)
}

/// Reads what happens.
pub(super) fn read(id: &str, given: &str) -> Result<Change, String> {
    let ids: Vec<&str> = PERTURBATIONS.iter().map(|row| row.id).collect();
    let row = find(id).ok_or_else(|| suggest::one_of(id, &ids))?;
    (row.read)(given).ok_or_else(|| format!("{} before the moment: {}", row.form, row.summary))
}

impl Change {
    /// The row it is of.
    pub fn row(&self) -> &'static PerturbationRow {
        let id = match self {
            Self::Kill(_) => "kill",
            Self::Drain(_) => "drain",
            Self::Heal(_) => "heal",
            Self::Add(_) => "add",
        };
        find(id).expect("a row for every change")
    }
}
