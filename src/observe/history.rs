//! The migrations, each with what the cluster was like before and after it.

use super::families::{Families, MOST_FAMILIES};
use super::window::Window;
use crate::event::Migrated;
use serde::Serialize;

/// Migrations kept; later ones are counted only.
pub const HISTORY_LIMIT: usize = 10_000;

/// One (source, target) pair of a migration.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MigrationRecord {
    /// Number of the request before which it ran, from 1.
    pub request: u64,
    /// Arrival of that request in trace seconds.
    pub time_s: f64,
    /// Where the blocks were.
    pub source: u32,
    /// Where they went.
    pub target: u32,
    /// `move` or `copy`.
    pub kind: &'static str,
    /// Blocks named by the plan.
    pub chosen: u32,
    /// Blocks inserted on the target.
    pub moved: u32,
    /// The chosen ones by the family they were last used in, those of none first.
    pub families: [u32; MOST_FAMILIES + 1],
    /// Largest share of resident blocks just before.
    pub share_before: f64,
    /// Token hit rate of the window before; `None` before the first request.
    pub hit_rate_before: Option<f64>,
    /// Token hit rate of the first full window after; `None` until it is full.
    pub hit_rate_after: Option<f64>,
    /// Largest share of the window's requests just before.
    pub concentration_before: f64,
    /// The same for the first full window after; `None` until it is full.
    pub concentration_after: Option<f64>,
}

/// The migrations of a run, oldest first.
#[derive(Clone, Debug, Default)]
pub struct History {
    records: Vec<MigrationRecord>,
    /// Requests placed before each record.
    placed: Vec<u64>,
    settled: usize,
}

impl History {
    /// At most the first [`HISTORY_LIMIT`].
    pub fn records(&self) -> &[MigrationRecord] {
        &self.records
    }

    pub(super) fn push(
        &mut self,
        migrated: &Migrated<'_>,
        placed: u64,
        window: &Window,
        seen: &Families,
    ) {
        if self.records.len() == HISTORY_LIMIT {
            return;
        }
        let mut families = [0; MOST_FAMILIES + 1];
        migrated.blocks.iter().for_each(|&block| families[usize::from(seen.of(block))] += 1);
        self.placed.push(placed);
        self.records.push(MigrationRecord {
            request: migrated.number,
            time_s: migrated.time_s,
            source: migrated.source.index() as u32,
            target: migrated.target.index() as u32,
            kind: migrated.kind,
            chosen: migrated.tally.chosen_blocks,
            moved: migrated.tally.migrated_blocks,
            families,
            share_before: migrated.share_before,
            hit_rate_before: window.total().token_hit_rate(),
            hit_rate_after: None,
            concentration_before: concentration(window),
            concentration_after: None,
        });
    }

    /// Fills in the rates after, for records whose window is just full now that `placed`
    /// requests have been placed.
    pub(super) fn settle(&mut self, placed: u64, window: &Window) {
        while let Some(record) = self.records.get_mut(self.settled)
            && self.placed[self.settled] + window.size() as u64 <= placed
        {
            record.hit_rate_after = window.total().token_hit_rate();
            record.concentration_after = Some(concentration(window));
            self.settled += 1;
        }
    }
}

fn concentration(window: &Window) -> f64 {
    let largest = window.nodes().iter().map(|node| node.requests).max().unwrap_or(0);
    match window.total().requests {
        0 => 0.0,
        requests => largest as f64 / requests as f64,
    }
}
