//! The table of perturbations.

use super::super::Part;
use super::{Change, Setting};
use crate::number;
use crate::params::ParamValue;
use crate::suggest;
use serde::Serialize;

/// One kind of perturbation.
#[derive(Debug, Serialize)]
pub struct PerturbationRow {
    /// Its word.
    pub id: &'static str,
    /// How it is written, before the moment.
    pub form: &'static str,
    /// One line.
    pub summary: &'static str,
    /// Whether it only means something under the timed clock.
    pub needs_time: bool,
    /// What it decides for those that come after it.
    #[serde(skip)]
    pub(super) decides: Decides,
    /// Reads what stands after the colon.
    #[serde(skip)]
    read: fn(&str) -> Option<Change>,
}

/// What a kind decides for those that come after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decides {
    /// What state a node is in.
    pub(super) states: bool,
    /// How many nodes there are.
    pub(super) nodes: bool,
}

pub(super) const NOTHING: Decides = Decides { states: false, nodes: false };
const STATES: Decides = Decides { states: true, nodes: false };
const NODES: Decides = Decides { states: false, nodes: true };

impl Decides {
    pub(super) fn and(self, other: Self) -> Self {
        Self { states: self.states || other.states, nodes: self.nodes || other.nodes }
    }
}

/// Every kind, in the order menus show them.
pub static PERTURBATIONS: &[PerturbationRow] = &[
    PerturbationRow {
        id: "kill",
        form: "kill:NODE",
        summary: "The node loses its blocks; what it has not finished arrives again.",
        needs_time: false,
        decides: STATES,
        read: |node| node.parse().ok().map(Change::Kill),
    },
    PerturbationRow {
        id: "drain",
        form: "drain:NODE",
        summary: "The node takes no new requests; it serves its queue and keeps its blocks.",
        needs_time: false,
        decides: STATES,
        read: |node| node.parse().ok().map(Change::Drain),
    },
    PerturbationRow {
        id: "heal",
        form: "heal:NODE",
        summary: "A killed node comes back empty and idle; a draining one takes requests again.",
        needs_time: false,
        decides: STATES,
        read: |node| node.parse().ok().map(Change::Heal),
    },
    PerturbationRow {
        id: "add",
        form: "add:NODES",
        summary: "So many nodes join, empty and idle, with the next indexes.",
        needs_time: false,
        decides: NODES,
        read: |nodes| nodes.parse().ok().filter(|&nodes| 0 < nodes).map(Change::Add),
    },
    PerturbationRow {
        id: "slow",
        form: "slow:NODE:FACTOR",
        summary: "Its prefills that start from then on take FACTOR times as long, in [0.1, 100]; 1 \
                  ends it.",
        needs_time: true,
        decides: NOTHING,
        read: |given| {
            let (node, factor) = given.split_once(':')?;
            let factor = number::parse(factor).filter(|factor| (0.1..=100.0).contains(factor));
            Some(Change::Slow(node.parse().ok()?, factor?))
        },
    },
    PerturbationRow {
        id: "forget",
        form: "forget:BLOCK",
        summary: "The block of this number, in order of first appearance from 0, leaves every \
                  cache.",
        needs_time: false,
        decides: NOTHING,
        read: |block| block.parse().ok().map(Change::Forget),
    },
    PerturbationRow {
        id: "rate",
        form: "rate:FACTOR",
        summary: "Gaps between later arrivals are divided by FACTOR, in [0.01, 1000]; 1 is as it \
                  was.",
        needs_time: true,
        decides: NOTHING,
        read: |factor| {
            let factor = number::parse(factor).filter(|factor| (0.01..=1000.0).contains(factor));
            factor.map(Change::Rate)
        },
    },
    PerturbationRow {
        id: "set",
        form: "set:PART.NAME=VALUE",
        summary: "A parameter of the router or of the migration rule that may change has another \
                  value from then on.",
        needs_time: false,
        decides: NOTHING,
        read: |given| {
            let (part, rest) = given.split_once('.')?;
            let (name, value) = rest.split_once('=')?;
            let parts = [Part::Router, Part::Migration];
            let part = parts.into_iter().find(|one| one.name() == part)?;
            let (name, value) = (name.to_owned(), ParamValue::parse(value));
            Some(Change::Set(Box::new(Setting { part, name, value })))
        },
    },
];

/// What a text that cannot be read may have been meant to decide: by its word, or the word that it
/// comes near.
pub(super) fn meant(text: &str) -> Decides {
    let word = text.trim().split([':', '@']).next().unwrap_or_default();
    let near = suggest::nearest(word, &ids());
    let rows = near.into_iter().filter_map(find);
    rows.fold(NOTHING, |all, row| all.and(row.decides))
}

fn ids() -> Vec<&'static str> {
    PERTURBATIONS.iter().map(|row| row.id).collect()
}

/// The row of a word.
fn find(id: &str) -> Option<&'static PerturbationRow> {
    PERTURBATIONS.iter().find(|row| row.id == id)
}

/// Reads what happens.
pub(super) fn read(id: &str, given: &str) -> Result<Change, String> {
    let row = find(id).ok_or_else(|| suggest::one_of(id, &ids()))?;
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
            Self::Slow(..) => "slow",
            Self::Forget(_) => "forget",
            Self::Rate(_) => "rate",
            Self::Set(_) => "set",
        };
        find(id).expect("a row for every change")
    }
}
