//! Migration and replication rules: the contract and the table of them.
//!
//! A rule is one file in [`rules`] with one [`MigrationRow`], listed once in [`table`]. It returns
//! a [`Plan`] and never acts; the lane executes, counts and records it.

pub mod contract;
pub mod rules;
pub mod table;
#[cfg(test)]
mod scene;

pub use crate::model::{MoveKind, Outcome, Plan, Signals, Transfer};
pub use crate::params::{Build, Formula, Need, Origin};
pub use contract::{BlockFacts, MigrationRow, MigrationView, Migrator};
pub use table::{AUTO, MIGRATIONS, NONE, find};
