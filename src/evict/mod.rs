//! Eviction policies: the contract, what they share, and the table of them.
//!
//! A policy is one file in [`policies`] with one [`EvictionRow`], listed once in [`table`]. It
//! orders the blocks of one node's cache and names the one to drop; a cache (see [`crate::cache`])
//! looks up, inserts, counts and tells the policy. Policies see block handles only.

pub mod contract;
pub mod paths;
pub mod ghost;
pub mod ranked;
pub mod sketch;
pub mod policies;
pub mod table;

pub use crate::model::{Access, NO_SLOT, Slot};
pub use crate::params::{Build, Formula, Need, Origin, blocks_of};
use contract::alone;
pub use contract::{EvictionRow, Policy, TreePolicy};
pub use paths::PathPolicy;
pub use table::{EVICTIONS, find};
