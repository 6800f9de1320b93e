//! What is known of every node besides its blocks.
//!
//! Nothing here tells how long an output will be, except [`Outputs`]. The column behind it is
//! private to this file, so that no router can read it by another way.

use super::Request;

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
    /// Blocks of their prompts.
    pub decode_prompt_blocks: Vec<u64>,
    /// Sum of the moments at which they began to, in seconds; 0 where none is generating.
    pub decode_begun_s: Vec<f64>,
    /// Prompt tokens booked as not cached, until the prefills end: the account that some routers
    /// keep.
    pub active_tokens: Vec<u64>,
    /// Distinct complete prompt blocks of all requests that have not ended: likewise.
    pub active_blocks: Vec<u64>,
    /// The moment all this was true, in seconds.
    pub taken_s: f64,
    /// Blocks of the requests that are generating, prompt and output in full: [`Outputs`].
    decode_blocks: Vec<u64>,
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
            decode_prompt_blocks: vec![0; nodes],
            decode_begun_s: vec![0.0; nodes],
            active_tokens: vec![0; nodes],
            active_blocks: vec![0; nodes],
            taken_s: 0.0,
            decode_blocks: vec![0; nodes],
        }
    }

    /// Becomes the same as `other`, of as many nodes; allocates nothing.
    pub fn copy_from(&mut self, other: &Self) {
        // Named one by one, so that none is forgotten.
        let Self {
            assigned,
            unfinished,
            outstanding_tokens,
            prefill_blocks,
            wait_s,
            decoding,
            decode_prompt_blocks,
            decode_begun_s,
            active_tokens,
            active_blocks,
            taken_s,
            decode_blocks,
        } = other;
        self.assigned.copy_from_slice(assigned);
        self.unfinished.copy_from_slice(unfinished);
        self.outstanding_tokens.copy_from_slice(outstanding_tokens);
        self.prefill_blocks.copy_from_slice(prefill_blocks);
        self.wait_s.copy_from_slice(wait_s);
        self.decoding.copy_from_slice(decoding);
        self.decode_prompt_blocks.copy_from_slice(decode_prompt_blocks);
        self.decode_begun_s.copy_from_slice(decode_begun_s);
        self.active_tokens.copy_from_slice(active_tokens);
        self.active_blocks.copy_from_slice(active_blocks);
        self.taken_s = *taken_s;
        self.decode_blocks.copy_from_slice(decode_blocks);
    }

    /// A request on `node` begins to generate.
    pub fn begin_decode(&mut self, node: usize, decode: &Decode) {
        self.decoding[node] += 1;
        self.decode_prompt_blocks[node] += decode.prompt_blocks;
        self.decode_begun_s[node] += decode.begun_s;
        self.decode_blocks[node] += decode.blocks;
    }

    /// It has generated everything.
    pub fn end_decode(&mut self, node: usize, decode: &Decode) {
        self.decoding[node] -= 1;
        self.decode_prompt_blocks[node] -= decode.prompt_blocks;
        self.decode_begun_s[node] -= decode.begun_s;
        self.decode_blocks[node] -= decode.blocks;
        if self.decoding[node] == 0 {
            // What subtraction left behind must not tell idle nodes apart.
            self.decode_begun_s[node] = 0.0;
        }
    }

    /// `node` has nothing to do any more; what was assigned to it stays counted.
    pub fn clear(&mut self, node: usize) {
        self.unfinished[node] = 0;
        self.outstanding_tokens[node] = 0;
        self.prefill_blocks[node] = 0;
        self.wait_s[node] = 0.0;
        self.decoding[node] = 0;
        self.decode_prompt_blocks[node] = 0;
        self.decode_begun_s[node] = 0.0;
        self.active_tokens[node] = 0;
        self.active_blocks[node] = 0;
        self.decode_blocks[node] = 0;
    }

    /// The true output lengths, `request`'s and those of the requests that are generating; for
    /// the views of rows that declare the need.
    pub fn outputs(&self, request: &Request) -> Outputs<'_> {
        Outputs { tokens: request.output_tokens, decode_blocks: &self.decode_blocks }
    }
}

/// A request that generates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decode {
    /// When its prefill ended.
    pub begun_s: f64,
    /// Blocks of its prompt.
    pub prompt_blocks: u64,
    /// Blocks of prompt and output in full.
    pub blocks: u64,
}

/// Knowledge of the future: how long outputs will be in the end.
#[derive(Clone, Copy, Debug)]
pub struct Outputs<'a> {
    /// Tokens that the request to place will generate.
    pub tokens: u32,
    /// Blocks of the requests that are generating, prompt and output in full, one value a node.
    pub decode_blocks: &'a [u64],
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What generates on node 1.
    const FIRST: Decode = Decode { begun_s: 0.1, prompt_blocks: 18, blocks: 19 };
    const LAST: Decode = Decode { begun_s: 0.2, prompt_blocks: 20, blocks: 21 };

    /// Two nodes with work, no two values of which are the same.
    fn busy() -> Signals {
        let mut signals = Signals {
            assigned: vec![1, 2],
            unfinished: vec![3, 4],
            outstanding_tokens: vec![5, 6],
            prefill_blocks: vec![7, 8],
            wait_s: vec![9.0, 10.0],
            active_tokens: vec![11, 12],
            active_blocks: vec![13, 14],
            taken_s: 15.0,
            ..Signals::new(2)
        };
        signals.begin_decode(0, &Decode { begun_s: 0.3, prompt_blocks: 16, blocks: 17 });
        signals.begin_decode(1, &FIRST);
        signals.begin_decode(1, &LAST);
        signals
    }

    /// All columns, in words: also those that nobody else can read.
    fn told(signals: &Signals) -> String {
        format!("{signals:?}")
    }

    #[test]
    fn a_copy_is_the_same_in_every_column() {
        let mut copy = Signals::new(2);
        copy.copy_from(&busy());
        assert_eq!(told(&copy), told(&busy()));
    }

    #[test]
    fn a_cleared_node_has_nothing_but_what_was_assigned_to_it() {
        let mut signals = busy();
        signals.clear(0);
        assert_eq!((&signals.unfinished[..], &signals.decoding[..]), (&[0, 4][..], &[0, 2][..]));
        signals.clear(1);
        let idle = Signals { assigned: vec![1, 2], taken_s: 15.0, ..Signals::new(2) };
        assert_eq!(told(&signals), told(&idle));
    }

    #[test]
    fn who_has_generated_everything_counts_no_more_and_leaves_no_rounding_behind() {
        let mut signals = busy();
        let left = |signals: &Signals| {
            let blocks = (signals.decode_prompt_blocks[1], signals.decode_blocks[1]);
            (signals.decoding[1], blocks, signals.decode_begun_s[1])
        };
        signals.end_decode(1, &FIRST);
        let begun_s = 0.1 + 0.2 - 0.1;
        assert_eq!(left(&signals), (1, (20, 21), begun_s));
        assert_ne!(begun_s, LAST.begun_s, "a sum is rounded");
        signals.end_decode(1, &LAST);
        assert_eq!(left(&signals), (0, (0, 0), 0.0));
    }
}
