//! Studies: a published figure or claim beside what this model gives on a trace.
//!
//! A study is one file with one [`StudyRow`], listed once in [`STUDIES`]. It says which
//! configurations to run and what their summaries amount to: tables, facts and a verdict. Who runs
//! them, on how many threads or workers, is not its business, and nothing else knows it by name.

pub mod figure5;

use crate::config::{Config, PresetRow};
use crate::error::Result;
use crate::observe::Observe;
use crate::sim::{Lane, Summary};
use crate::trace::Log;
use serde::Serialize;

/// Every study, in the order menus show them.
pub static STUDIES: &[&StudyRow] = &[&figure5::ROW];

/// The study called `id`.
pub fn find(id: &str) -> Option<&'static StudyRow> {
    STUDIES.iter().copied().find(|row| row.id == id)
}

/// One study.
pub struct StudyRow {
    /// Name in links and on the command line.
    pub id: &'static str,
    /// Name in menus.
    pub title: &'static str,
    /// What it answers, in one sentence.
    pub summary: &'static str,
    /// Paper or project.
    pub source: &'static str,
    /// Seeds that what depends on chance is repeated over, unless somebody says otherwise.
    pub default_seeds: u32,
    /// Its single runs as saved configurations, each with what it shows.
    pub presets: &'static [PresetRow],
    /// What to run, `seeds` ≥ 1 times where chance plays a part.
    pub cells: fn(seeds: u32) -> Vec<Config>,
    /// What the summaries amount to, one for each of `cells(seeds)`.
    pub conclude: fn(seeds: u32, summaries: &[Summary]) -> Study,
}

/// What a study found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Study {
    /// Its tables.
    pub tables: Vec<Table>,
    /// What went in.
    pub facts: Vec<Fact>,
    /// What the numbers say, in one sentence.
    pub verdict: String,
}

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
#[derive(Clone, Debug, PartialEq, Serialize)]
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
    /// A relative difference, with its sign.
    Difference,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// One for each column but the first.
    pub values: Vec<f64>,
}

/// One of the constants of a study.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fact {
    /// What it is.
    pub name: &'static str,
    /// Its value, with its unit.
    pub value: String,
    /// Whether it was fitted to the figures it is compared with.
    pub fitted: bool,
}

impl StudyRow {
    /// Runs the study on a whole trace, one cell after the other. `proceed` hears how many cells
    /// of how many are done, before the first and after each, and says whether to go on; `None`
    /// if it did not.
    ///
    /// # Errors
    /// As [`Lane::run`].
    pub fn run(
        &self,
        log: &Log,
        seeds: u32,
        mut proceed: impl FnMut(usize, usize) -> bool,
    ) -> Result<Option<Study>> {
        let cells = (self.cells)(seeds.max(1));
        let mut summaries = Vec::with_capacity(cells.len());
        for cell in &cells {
            if !proceed(summaries.len(), cells.len()) {
                return Ok(None);
            }
            let config = cell.check()?.with_block_size(log.block_size())?;
            let mut lane = Lane::of(config, Observe::Sums);
            lane.run(log)?;
            summaries.push(lane.summary());
        }
        proceed(cells.len(), cells.len());
        Ok(Some((self.conclude)(seeds.max(1), &summaries)))
    }
}
