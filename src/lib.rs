//! kvscope: which routing and which eviction policy should an LLM serving cluster run?
//!
//! The core is a plain library: no clock, no ambient randomness, no IO. Modules are declared in
//! reading order.
#![forbid(unsafe_code)]

pub mod types;
pub mod error;
pub mod params;
pub mod rng;
pub mod trace;
pub mod evict;
pub mod cache;
pub mod residency;
pub mod route;
pub mod migrate;
pub mod clock;
pub mod event;
pub mod metrics;
pub mod config;
pub mod tables;
pub mod sim;
pub mod analyze;
pub mod presets;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
