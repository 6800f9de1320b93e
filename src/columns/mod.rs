//! Structures by block, node or slot that know nothing of caches or policies.

pub mod order;
pub mod links;
pub mod sparse;
pub mod residency;
pub mod quantile;
pub mod window;
pub mod seen;

pub use quantile::{Quantiles, Sketch, Small};
pub use residency::Residency;
pub use seen::Seen;
pub use sparse::Sparse;
pub use window::Last;
