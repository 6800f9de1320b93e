//! Every router and every migration rule: the laws that hold for all rows of their tables, and
//! small cases worked out by hand.
#![cfg(not(target_arch = "wasm32"))]

#[path = "../common/mod.rs"]
mod common;
mod edges;
mod extremes;
mod hand;
mod laws;
mod moves;
mod outputs;
mod renaming;
mod trace;
mod what_if;
