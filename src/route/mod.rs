//! Routers: the contract, what they see and share, and the table of them.
//!
//! A router is one file in [`policies`] with one [`RouterRow`], listed once in [`table`]. It sees a
//! read-only [`ClusterView`] and returns a [`Route`]; the lane acts on it.

pub mod contract;
pub mod view;
pub mod score;
pub mod signal;
pub mod ring;
pub mod moving;
pub mod policies;
pub mod table;
#[cfg(test)]
mod scene;

pub use crate::model::{Decision, Outcome, Outputs, Route, Signals};
pub use crate::params::{Build, Formula, Need, Origin};
pub use contract::{Production, Router, RouterRow, Word};
pub use score::{Notes, highest, highest_or_any, lowest, lowest_by, lowest_or_any};
pub use signal::{LoadSignal, MatchSignal};
pub use table::{ROUTERS, find};
pub use view::ClusterView;
