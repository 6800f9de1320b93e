//! kvscope: which routing and which eviction policy should an LLM serving cluster run?
//!
//! The core is a plain library: no clock, no ambient randomness, no IO. Modules are declared in
//! reading order.
#![forbid(unsafe_code)]

pub mod model;
pub mod columns;
pub mod error;
pub mod suggest;
pub mod rng;
pub mod number;
pub mod figures;
pub mod params;
pub mod trace;
pub mod evict;
pub mod cache;
pub mod clock;
pub mod route;
pub mod migrate;
pub mod event;
pub mod observe;
pub mod cluster;
pub mod config;
pub mod tune;
pub mod sim;
pub mod session;
pub mod analyze;
pub mod sweep;
pub mod compare;
pub mod advise;
pub mod studies;
pub mod presets;
pub mod catalog;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
