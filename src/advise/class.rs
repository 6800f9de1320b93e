//! The notes' rule of thumb: which routers for which skew.
//!
//! Their thresholds are of a measure that the notes call skew and do not define. Here the Zipf
//! exponent stands in for it, and whoever shows a class shows that too.

use crate::analyze::facts::Popularity;
use serde::Serialize;

/// A leaf of the notes' decision tree.
#[derive(Debug)]
pub struct Leaf {
    /// Its name in results.
    pub id: &'static str,
    /// Its condition, in words.
    pub condition: &'static str,
    /// Skew from here on ...
    pub from: f64,
    /// ... and below this belongs to it.
    pub below: f64,
    /// The routers it advises; ids of [`crate::route::ROUTERS`].
    pub routers: &'static [&'static str],
}

/// The leaves, least skew first; together they are all numbers from 0 on.
pub static LEAVES: &[Leaf] = &[
    Leaf { id: "low", condition: "skew below 0.4", from: 0.0, below: 0.4, routers: &["random"] },
    Leaf {
        id: "moderate",
        condition: "skew from 0.4 to below 0.7",
        from: 0.4,
        below: 0.7,
        routers: &["enhanced", "cache_aware"],
    },
    Leaf {
        id: "high",
        condition: "skew of 0.7 or more",
        from: 0.7,
        below: f64::INFINITY,
        routers: &["hotspot_migration"],
    },
];

/// What is to be said wherever a class is shown.
const CAVEAT: &str = "The thresholds are the notes'. They are of a skew that the notes do not \
                      define; the skew here is the Zipf exponent.";

/// A trace by the notes' thresholds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Class {
    /// The leaf of [`LEAVES`]; `None` where the trace has no exponent.
    pub id: Option<&'static str>,
    /// The Zipf exponent.
    pub skew: Option<f64>,
    /// The largest distance between the law's cumulated share and the trace's.
    pub distance: Option<f64>,
    /// Ranks 1 to this one were fitted.
    pub ranks: Option<u64>,
    /// How it was fitted.
    pub method: Option<&'static str>,
    /// Whose thresholds they are, and of what.
    pub caveat: &'static str,
}

impl Class {
    /// Of a trace whose blocks are used like that.
    pub fn of(popularity: &Popularity) -> Self {
        let zipf = popularity.zipf.as_ref();
        let leaf = zipf.and_then(|zipf| {
            LEAVES.iter().find(|leaf| leaf.from <= zipf.exponent && zipf.exponent < leaf.below)
        });
        Self {
            id: leaf.map(|leaf| leaf.id),
            skew: zipf.map(|zipf| zipf.exponent),
            distance: zipf.map(|zipf| zipf.distance),
            ranks: zipf.map(|zipf| zipf.ranks),
            method: zipf.map(|zipf| zipf.method),
            caveat: CAVEAT,
        }
    }

    /// Its leaf.
    pub fn leaf(&self) -> Option<&'static Leaf> {
        LEAVES.iter().find(|leaf| Some(leaf.id) == self.id)
    }
}
