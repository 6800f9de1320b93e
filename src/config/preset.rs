//! Saved configurations.

use super::Config;

/// One saved configuration.
pub struct PresetRow {
    /// Name in links and on the command line.
    pub id: &'static str,
    /// Name in menus.
    pub title: &'static str,
    /// What it shows, in one sentence.
    pub lesson: &'static str,
    /// Built-in workload that shows it, an id of [`crate::trace::synth::workloads`]; `None` is
    /// whatever is loaded.
    pub workload: Option<&'static str>,
    /// What to run.
    pub config: fn() -> Config,
    /// The preset whose failure this one mends.
    pub mends: Option<&'static str>,
}
