//! Tables of a study.

use super::cell::FIRST_SEED;
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
    /// The run behind the row, where it is one run of the open trace, or the first of those whose
    /// means the row has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<Config>,
}

impl Row {
    /// Without a run to open.
    pub fn new(name: impl Into<String>, values: Vec<Option<f64>>) -> Self {
        Self { name: name.into(), values, config: None }
    }

    /// With the run to open.
    pub fn of(name: impl Into<String>, config: Config, values: Vec<Option<f64>>) -> Self {
        Self { name: name.into(), values, config: Some(config) }
    }

    /// With the first run to open of those that its means are over, so that whoever opens it sees
    /// one that is in them.
    pub fn of_means(name: impl Into<String>, config: Config, values: Vec<Option<f64>>) -> Self {
        Self::of(name, config.seed(FIRST_SEED), values)
    }
}

/// Columns, the first of which names the rows.
pub(super) fn columns<const N: usize>(columns: [(&'static str, Unit); N]) -> Vec<Column> {
    columns.map(|(name, unit)| Column { name, unit }).to_vec()
}
