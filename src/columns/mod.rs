//! Structures by block, node or slot that know nothing of caches or policies.

pub mod order;
pub mod links;
pub mod queue;
pub mod bits;
pub mod pages;
pub mod sparse;
pub mod numbered;
pub mod kept;
pub mod ledger;
pub mod seen;
pub mod quantile;
pub mod window;
pub mod sliding;

pub use kept::Kept;
pub use ledger::{Change, Ledger, Marks};
pub use numbered::Numbered;
pub use pages::Pages;
pub use quantile::{Quantiles, Sketch, Small};
pub use seen::{Place, Seen};
pub use sliding::Sliding;
pub use sparse::Sparse;
pub use window::Last;
