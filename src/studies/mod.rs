//! Studies: a published figure or claim beside what this model gives on a trace.
//!
//! A study is one file with one [`StudyRow`], listed once in [`STUDIES`]. It says which
//! [`Cell`]s to run and what their summaries amount to: tables, facts and a verdict that is made
//! from the numbers. Who runs them, on how many threads or workers, is not its business, and
//! nothing else knows it by name.

mod cell;
mod table;
pub mod figure5;
pub mod figure9;
pub mod table1;
pub mod claims;
pub mod peers;

pub use cell::{Cell, Serves};
pub use table::{Column, OpenedLane, Opening, Row, Table, Unit};

use crate::config::PresetRow;
use crate::error::Result;
use crate::sim::Summary;
use crate::trace::Log;
use cell::FIRST_SEED;
use serde::Serialize;

/// The table, once for those who run studies and once for those who only name them: a page that
/// runs none then carries none.
macro_rules! studies {
    ($($($module:ident)::+),+ $(,)?) => {
        /// Every study, in the order menus show them.
        pub static STUDIES: &[&StudyRow] = &[$(&$($module::)+ROW),+];
        /// What is said of every study, in the same order.
        pub static ABOUT: &[About] = &[$($($module::)+ABOUT),+];
    };
}

studies![
    figure5,
    figure9,
    table1,
    claims::order,
    claims::evictions,
    claims::one_node,
    claims::concentration,
    claims::fitness,
    claims::rule,
    claims::weight,
    claims::hot_set,
    claims::surface,
    peers,
];

/// The study called `id`.
pub fn find(id: &str) -> Option<&'static StudyRow> {
    STUDIES.iter().copied().find(|row| row.about.id == id)
}

/// Studies that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A figure of a paper.
    Figure,
    /// A claim of the research notes.
    Claim,
    /// What other projects count on the same requests.
    Peers,
}

/// What is said of a study, by menus and help.
#[derive(Clone, Copy)]
pub struct About {
    /// Name in links and on the command line.
    pub id: &'static str,
    /// Which of the two it is.
    pub kind: Kind,
    /// Name in menus.
    pub title: &'static str,
    /// What it answers, in one sentence; of a claim, the claim in its own words.
    pub summary: &'static str,
    /// Paper or project.
    pub source: &'static str,
    /// The built-in workload that it is run on where no trace is given.
    pub workload: &'static str,
    /// Seeds that what depends on chance is repeated over, unless somebody says otherwise.
    pub default_seeds: u32,
    /// Its single runs as saved configurations, each with what it shows.
    pub presets: &'static [PresetRow],
}

/// One study.
pub struct StudyRow {
    /// What is said of it.
    pub about: About,
    /// What to run, `seeds` ≥ 1 times where chance plays a part.
    pub cells: fn(seeds: u32) -> Vec<Cell>,
    /// What came of the cells.
    pub conclude: fn(&Findings<'_>) -> Study,
}

/// What a study concludes from.
#[derive(Clone, Copy, Debug)]
pub struct Findings<'a> {
    /// Seeds, as the cells were made with.
    pub seeds: u32,
    /// The whole trace.
    pub log: &'a Log,
    /// One for each of the cells, in their order.
    pub summaries: &'a [Summary],
}

/// What a study found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Study {
    /// Its tables.
    pub tables: Vec<Table>,
    /// What went in.
    pub facts: Vec<Fact>,
    /// What the numbers say.
    pub verdict: Verdict,
}

/// What the numbers say.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// In a word.
    pub holds: Holds,
    /// In one sentence, without a full stop.
    pub sentence: String,
}

/// Whether what was published is found again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// It is.
    Supported,
    /// Under the assumptions it was published with, and not without them.
    OnlyUnder,
    /// Where these are made right, and not under them.
    OnlyRight,
    /// Some of it is.
    InPart,
    /// The seeds are too few to tell.
    Undecided,
    /// It is not.
    NotSupported,
}

/// Whether one part of what was published is found again, as far as the runs tell; least what is
/// not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    /// It is not.
    No,
    /// The seeds are too few to tell.
    Open,
    /// It is.
    Yes,
}

impl Holds {
    /// What follows from all of its parts.
    fn of_parts(parts: &[Told]) -> Self {
        let all = |told: Told| parts.iter().all(|&part| part == told);
        match () {
            () if parts.contains(&Told::Open) => Self::Undecided,
            () if all(Told::Yes) => Self::Supported,
            () if all(Told::No) => Self::NotSupported,
            () => Self::InPart,
        }
    }

    /// What follows from the claim's own setting and from the one made right.
    fn of(as_published: bool, made_right: bool) -> Self {
        match (as_published, made_right) {
            (true, true) => Self::Supported,
            (true, false) => Self::OnlyUnder,
            (false, true) => Self::OnlyRight,
            (false, false) => Self::NotSupported,
        }
    }

    /// What follows where there is one setting.
    fn whether(holds: bool) -> Self {
        Self::of(holds, holds)
    }

    /// As people say it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Supported => "supported",
            Self::OnlyUnder => "supported only under its own assumptions",
            Self::OnlyRight => "supported only where its assumptions are made right",
            Self::InPart => "supported in part",
            Self::Undecided => "not decided",
            Self::NotSupported => "not supported",
        }
    }
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

impl Fact {
    /// Which run a row opens whose figures are means over seeds.
    fn of_opened(seeds: u32) -> Self {
        let value = format!("seed {FIRST_SEED} of {FIRST_SEED}–{seeds}, not the mean");
        Self { name: "run that a row of means opens", value, fitted: false }
    }

    /// Where a run that is opened has the hits that a table of any-block hits is of.
    fn of_any_hits() -> Self {
        let value = "in the page's tab Sums; its headline is of token hits".to_owned();
        Self { name: "any-block hits of an opened run", value, fitted: false }
    }
}

impl StudyRow {
    /// Runs the study on a whole trace, one cell after the other. `proceed` hears how many cells
    /// of how many are done, before the first and after each, and says whether to go on; `None`
    /// if it did not.
    ///
    /// # Errors
    /// As [`crate::sim::Lane::run`].
    pub fn run(
        &self,
        log: &Log,
        seeds: u32,
        mut proceed: impl FnMut(usize, usize) -> bool,
    ) -> Result<Option<Study>> {
        let seeds = seeds.max(1);
        let cells = (self.cells)(seeds);
        let mut summaries = Vec::with_capacity(cells.len());
        for cell in &cells {
            if !proceed(summaries.len(), cells.len()) {
                return Ok(None);
            }
            summaries.push(cell.run(log)?);
        }
        proceed(cells.len(), cells.len());
        Ok(Some((self.conclude)(&Findings { seeds, log, summaries: &summaries })))
    }
}
