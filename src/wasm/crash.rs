//! Breaks on purpose, in the package that tests what the page does then: feature `crash-test`.
//!
//! Nothing of this is in a package that is shown to anybody.

use crate::sim::Lane;

/// The requests that a run serves before it breaks.
const SERVED: u64 = 400;

/// Runs of this seed end in a panic of Rust.
const PANIC_SEED: u64 = 13;

/// Runs of this seed end in a trap of WebAssembly, of which Rust knows nothing.
const TRAP_SEED: u64 = 14;

/// Called before each step.
///
/// # Panics
/// Always, once a run of [`PANIC_SEED`] has served enough.
pub(super) fn on_purpose(lane: &Lane) {
    match lane.config().checked.seed {
        _ if lane.number() < SERVED => {}
        PANIC_SEED => panic!("broken on purpose after {} requests", lane.number()),
        TRAP_SEED => core::arch::wasm32::unreachable(),
        _ => {}
    }
}
