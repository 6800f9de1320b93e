//! Tables of a study, and which of its runs their rows open.

use super::cell::{FIRST_SEED, Serves};
use crate::config::Config;
use serde::Serialize;

/// A table of a study.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Table {
    /// What it shows.
    pub title: String,
    /// The first is the name of the row.
    pub columns: Vec<Column>,
    /// Row names and, for each column but the first, a value.
    pub rows: Vec<Row>,
}

/// A column of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its head.
    pub name: &'static str,
    /// What its numbers are, so that they can be written as people read them.
    pub unit: Unit,
}

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Not a number: the name of the row.
    Name,
    /// Seconds.
    Seconds,
    /// A share in [0, 1].
    Share,
    /// Half the width of a share's 95 % interval.
    Spread,
    /// How far a share is from another, in points.
    Points,
    /// A relative difference, with its sign.
    Difference,
    /// A pure number.
    Number,
    /// A whole number of things.
    Count,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// One for each column but the first; none where there is no such figure.
    pub values: Vec<Option<f64>>,
    /// The runs behind the row, in groups that can stand side by side.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub opens: Vec<Opening>,
}

/// Runs of a row that are opened at once, side by side: they serve the same, and differ in nothing
/// that lanes share.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Opening {
    /// Which of the row's settings they are, where it has several; else empty.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub setting: &'static str,
    /// What all of them serve.
    pub serves: Serves,
    /// One to four.
    pub lanes: Vec<OpenedLane>,
}

/// One of the runs that are opened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OpenedLane {
    /// What it is called beside the others; empty where it is alone.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub name: &'static str,
    /// What runs; where the row has means over seeds, with the first of them, so that whoever
    /// opens it sees a run that is in them.
    pub config: Config,
}

impl Row {
    /// Without a run to open.
    pub fn new(name: impl Into<String>, values: Vec<Option<f64>>) -> Self {
        Self { name: name.into(), values, opens: Vec::new() }
    }

    /// With runs to open.
    #[must_use]
    pub fn opening<const N: usize>(mut self, opens: [Opening; N]) -> Self {
        self.opens = opens.into();
        self
    }
}

impl Opening {
    /// A single run of the open trace.
    pub fn of(config: Config) -> Self {
        Self::beside([("", config)])
    }

    /// Runs of the open trace, each with what it is called.
    pub fn beside<const N: usize>(lanes: [(&'static str, Config); N]) -> Self {
        let lanes = lanes.map(|(name, config)| OpenedLane { name, config }).into();
        Self { setting: "", serves: Serves::Trace, lanes }
    }

    /// As one of several settings of its row.
    #[must_use]
    pub fn setting(mut self, setting: &'static str) -> Self {
        self.setting = setting;
        self
    }

    /// Of something else than the whole open trace.
    #[must_use]
    pub fn serving(mut self, serves: Serves) -> Self {
        self.serves = serves;
        self
    }

    /// With the first of the seeds that the row's means are over.
    #[must_use]
    pub fn of_means(mut self) -> Self {
        for lane in &mut self.lanes {
            lane.config = lane.config.clone().seed(FIRST_SEED);
        }
        self
    }
}

/// Columns, the first of which names the rows.
pub(super) fn columns<const N: usize>(columns: [(&'static str, Unit); N]) -> Vec<Column> {
    columns.map(|(name, unit)| Column { name, unit }).to_vec()
}
