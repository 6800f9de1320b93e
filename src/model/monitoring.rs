//! What a cluster that watches itself says: readings of its windows, alerts, changes of weights.

use super::BlockId;

/// A detection window, and what it amounts to; docs/metrics.md, "Monitoring".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// Which window, from 1.
    pub window: u64,
    /// Token hit rate of its requests.
    pub hit_rate: f64,
    /// Largest share of its work on one living node; 0 while fewer than two live.
    pub concentration: f64,
    /// What many of its requests share, where that is looked for.
    pub hot: Option<Hot>,
}

/// The hot blocks of a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hot {
    /// How many blocks more than the threshold's share of the requests name.
    pub blocks: u64,
    /// The one that most name, of equals the one named first in the trace, and their share.
    pub hottest: Option<(BlockId, f64)>,
}

/// What an alert is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlertKind {
    /// The hit rate is below its threshold.
    HitRate,
    /// The concentration is above its threshold.
    Concentration,
}

impl AlertKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::HitRate, Self::Concentration];

    /// The word for it.
    pub fn id(self) -> &'static str {
        match self {
            Self::HitRate => "hit_rate",
            Self::Concentration => "concentration",
        }
    }
}

/// Why weights change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TuneReason {
    /// One node has more of the work than it may.
    Concentration,
    /// Too few hits, and the work is spread.
    HitRate,
    /// Neither: back toward what was configured.
    Back,
    /// What was changed two windows before cost hits, and spread nothing.
    Undone,
}

impl TuneReason {
    /// The word for it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Concentration => "concentration",
            Self::HitRate => "hit_rate",
            Self::Back => "back",
            Self::Undone => "undone",
        }
    }
}

/// A weight of the router that is given another value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turn {
    /// The parameter.
    pub name: &'static str,
    /// Its value until then.
    pub old: f64,
    /// Its value from then on.
    pub new: f64,
}

/// Weights that change together, at most once a window.
#[derive(Clone, Debug, PartialEq)]
pub struct Retuning {
    /// What it goes by.
    pub reading: Reading,
    /// What changes.
    pub turns: Vec<Turn>,
    /// Why.
    pub reason: TuneReason,
}
