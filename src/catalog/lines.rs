//! Rows that are no policies: presets, studies, models.

use crate::config::Config;
use crate::studies::Kind;
use serde::Serialize;

/// One saved configuration with the lesson it teaches.
#[derive(Clone, Debug, Serialize)]
pub struct Preset {
    /// Name in links.
    pub id: &'static str,
    /// Name in menus.
    pub title: &'static str,
    /// What it shows, in one sentence.
    pub lesson: &'static str,
    /// Built-in workload that shows it, or whatever is loaded.
    pub workload: Option<&'static str>,
    /// The preset whose failure this one mends.
    pub mends: Option<&'static str>,
    /// What to run.
    pub config: Config,
}

/// One study.
#[derive(Clone, Debug, Serialize)]
pub struct StudyLine {
    /// Name in links and on the command line.
    pub id: &'static str,
    /// Whether it is a paper's figure or a claim.
    pub kind: Kind,
    /// Name in menus.
    pub title: &'static str,
    /// What it answers, in one sentence.
    pub summary: &'static str,
    /// Paper or project.
    pub source: &'static str,
    /// Seeds that what depends on chance is averaged over, unless somebody says otherwise.
    pub default_seeds: u32,
}

/// One model, to turn GiB into blocks.
#[derive(Clone, Debug, Serialize)]
pub struct Model {
    /// Name in configurations.
    pub id: &'static str,
    /// Name in menus.
    pub title: &'static str,
    /// KV cache of one token in bytes, at bf16.
    pub kv_bytes_per_token: f64,
    /// Where the figures come from.
    pub source: &'static str,
}
