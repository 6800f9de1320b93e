//! What kvscope costs, beside what others cost on the same work.
//!
//! `cargo xtask bench` runs the program natively, as wasm under Node, and the peers that are not
//! Rust (`peers.py`), and prints one table. Nothing here is a timed test: cases are run and told,
//! with what they counted, so that a case that counts something else cannot look fast.
//!
//! Reading order: [`core`] (every call of kvscope), [`bare`] (the bare loop), [`streams`] (what is
//! replayed), [`reading`] (lines and who reads them), [`case`] (what is measured), `crates` (caches
//! from crates.io), `web` (the border to JavaScript).
#![forbid(unsafe_code)]

#[path = "../../bare.rs"]
pub mod bare;
pub mod case;
pub mod core;
#[cfg(not(target_arch = "wasm32"))]
pub mod crates;
pub mod reading;
pub mod streams;
#[cfg(target_arch = "wasm32")]
pub mod web;
