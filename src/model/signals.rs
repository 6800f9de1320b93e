//! What is known of every node besides its blocks.

/// What a router may know of every node besides its blocks, as last published.
///
/// Under a refresh age the values are those of the last refresh; otherwise those of this
/// moment. All columns are one value a node; under the logical clock, where nothing waits, all
/// but `assigned` stay 0.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    /// Requests assigned so far.
    pub assigned: Vec<u64>,
    /// Requests whose prefill has not finished.
    pub unfinished: Vec<u32>,
    /// Prompt tokens still to be computed for them: input minus cached, whole until finished.
    pub outstanding_tokens: Vec<u64>,
    /// Blocks of the unfinished requests, cached ones included.
    pub prefill_blocks: Vec<u64>,
    /// Seconds until the server is free.
    pub wait_s: Vec<f64>,
    /// Requests that finished prefill and are generating.
    pub decoding: Vec<u32>,
    /// Blocks of the requests that are generating, prompt and output in full.
    pub decode_blocks: Vec<u64>,
}

impl Signals {
    /// Zeros for `nodes` nodes.
    pub fn new(nodes: usize) -> Self {
        Self {
            assigned: vec![0; nodes],
            unfinished: vec![0; nodes],
            outstanding_tokens: vec![0; nodes],
            prefill_blocks: vec![0; nodes],
            wait_s: vec![0.0; nodes],
            decoding: vec![0; nodes],
            decode_blocks: vec![0; nodes],
        }
    }

    /// Fewest and most unfinished requests of any node. O(nodes).
    pub fn unfinished_range(&self) -> (u32, u32) {
        let widen = |(least, most): (u32, u32), &count: &u32| (least.min(count), most.max(count));
        self.unfinished.iter().fold((u32::MAX, 0), widen)
    }

    /// Unfinished requests of all nodes together. O(nodes).
    pub fn unfinished_total(&self) -> u64 {
        self.unfinished.iter().map(|&count| u64::from(count)).sum()
    }
}
