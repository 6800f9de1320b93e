//! Structures by block, node or slot that know nothing of caches or policies.

pub mod links;
pub mod queue;
pub mod pages;
pub mod sparse;
pub mod ledger;
pub mod seen;
pub mod quantile;

pub use ledger::{Account, Change, Ledger};
pub use pages::Pages;
pub use quantile::{Quantiles, Sketch};
pub use seen::{Place, Seen};
pub use sparse::Sparse;
