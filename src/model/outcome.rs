//! What a routing decision led to.

use super::NodeId;

/// What became of a routed request, told to the router that placed it.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Where it went.
    pub node: NodeId,
    /// Time to first token in seconds; 0 under the logical clock.
    pub ttft_s: f64,
    /// Blocks it found or fetched.
    pub hit_blocks: u32,
    /// Blocks evicted to make room for it.
    pub evicted_blocks: u32,
}
