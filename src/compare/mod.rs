//! Two to four lanes beside each other: what they differ in, in words, and every figure of each
//! beside the first one's.
//!
//! What is compared are configurations and the summaries of their runs, one or one for each seed
//! ([`repeat`]); who ran them is not its business. docs/metrics.md defines what is best, a
//! difference, and when two are told apart.

mod lane;
mod repeat;
mod table;
mod words;

pub use lane::{Alias, lane};
pub use repeat::repeat;
pub use table::{Figure, Headline, Line, headline};
pub use words::{Difference, differences, letter, names, sentence};

use crate::config::Config;
use crate::error::Result;
use crate::sim::Summary;
use serde::Serialize;

/// Lanes beside each other, as the command line prints them and the page shows them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// What the lanes differ in.
    pub sentence: String,
    /// The same, part by part.
    pub differences: Vec<Difference>,
    /// What a lane is called: what it alone differs in from the others, shortly.
    pub names: Vec<String>,
    /// How many runs each lane has.
    pub seeds: u32,
    /// Every figure of every lane.
    pub lines: Vec<Line>,
}

impl Comparison {
    /// Of lanes and the summaries of each, one for each seed, in the order of the seeds.
    ///
    /// # Errors
    /// As [`Config::check`].
    ///
    /// # Panics
    /// If there is no lane or no run, or if lanes have different numbers of runs.
    pub fn new(configs: &[Config], runs: &[Vec<Summary>]) -> Result<Self> {
        let differences = differences(configs)?;
        let Headline { seeds, lines } = headline(runs);
        let sentence = sentence(&differences);
        let names = names(&differences, configs.len());
        Ok(Self { sentence, differences, names, seeds, lines })
    }
}
