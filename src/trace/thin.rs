//! A trace too long to hold, thinned to a share of its blocks: spatial sampling after SHARDS
//! (Waldspurger, Park, Garthwaite and Ahmad, FAST 2015).
//!
//! A block is in the sample iff a hash of its path is below a threshold, so of a block either every
//! use is there or none, and a path of the sample is a path of the trace with blocks left out. What
//! a cache does with the sample, a cache that is as much larger does with the trace, about
//! (docs/metrics.md). Requests none of whose blocks are in it are left out.
//!
//! Thresholds are nested. A sample that grows too long halves its own, and is from then on to the
//! last block what it would have been with that rate from the start.
//!
//! Memory: the sample, and up to [`MOST_NAMES`] names of blocks, 24 to 40 bytes each: beyond, the
//! reader forgets them all. A block that comes again has another number then, but the same path:
//! what is sampled does not depend on it. (Where rows tell the tokens of each block, the reader
//! forgets none.)

use super::{Interner, Log, RawId, TraceReader};
use crate::columns::Kept as KeptNames;
use crate::model::{BlockId, Request, RequestRef, tokens_in};
use serde::{Deserialize, Serialize};

/// Names of blocks that are known before they are forgotten.
pub const MOST_NAMES: usize = 1 << 22;

/// What is known of the whole trace that a sample is of.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whole {
    /// The share of the blocks that were sampled, in (0, 1].
    pub rate: f64,
    /// Requests.
    pub requests: u64,
    /// Block references.
    pub blocks: u64,
    /// Prompt tokens.
    pub input_tokens: u64,
    /// Of them, those that lie in blocks.
    pub block_tokens: u64,
    /// Blocks of the longest request.
    pub longest_request: u32,
}

/// A share of a trace's blocks.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The requests that have any of them, with those alone.
    pub log: Log,
    /// What they were taken from.
    pub whole: Whole,
}

/// Takes a sample of the requests that it is shown.
#[derive(Clone, Debug)]
pub struct Thinner {
    whole: Whole,
    /// Blocks are sampled whose hash is below.
    threshold: u64,
    most_references: u64,
    /// Names after which they are forgotten next.
    most_names: usize,
    /// By the reader's names, the hash of the path; 0 where it is not known.
    hashes: Vec<u64>,
    kept: Kept,
}

impl Thinner {
    /// Of `rate` in (0, 1] of the blocks; less once the sample has more than `most_references`.
    ///
    /// # Panics
    /// If the rate lies outside.
    pub fn new(rate: f64, most_references: u64) -> Self {
        assert!(0.0 < rate && rate <= 1.0, "a sample of {rate} of the blocks");
        let whole = Whole {
            rate,
            requests: 0,
            blocks: 0,
            input_tokens: 0,
            block_tokens: 0,
            longest_request: 0,
        };
        // 2^64 itself becomes the largest threshold, and hashes are below that.
        let threshold = (rate * (1_u128 << 64) as f64) as u64;
        let (hashes, kept, most_names) = (Vec::new(), Kept::default(), MOST_NAMES);
        Self { whole, threshold, most_references, most_names, hashes, kept }
    }

    /// The same, with another number of names after which they are forgotten.
    pub fn forgetting_after(self, most_names: usize) -> Self {
        Self { most_names, ..self }
    }

    /// Takes in what a reader has appended to the log since the last time, and gives it back.
    pub fn take_read(&mut self, log: &mut Log, reader: &mut TraceReader) {
        self.take(log, reader.interner());
        if self.most_names <= reader.interner().len() {
            reader.reclaim(KeptNames::default());
            self.hashes.clear();
            // Names that cannot be given back are not looked through again for each chunk.
            self.most_names = self.most_names.max(2 * reader.interner().len());
        }
    }

    /// Takes in what was appended to the log since the last time, and gives it back. `names` are
    /// those of its blocks, and have not changed.
    pub fn take(&mut self, log: &mut Log, names: &Interner) {
        if let Some(tokens) = log.block_size() {
            self.kept.log.set_block_size(tokens);
        }
        for place in self.whole.requests..log.len() {
            self.push(&log.get(place), names);
        }
        log.free_before(log.len());
    }

    fn push(&mut self, found: &RequestRef<'_>, names: &Interner) {
        let size = self.kept.size();
        let tokens = |blocks: usize| {
            let tokens = found.tokens_in(blocks as u32, size);
            tokens.min(u64::from(found.request.input_tokens)) as u32
        };
        let whole = &mut self.whole;
        whole.requests += 1;
        whole.blocks += found.blocks.len() as u64;
        whole.input_tokens += u64::from(found.request.input_tokens);
        whole.block_tokens += u64::from(tokens(found.blocks.len()));
        whole.longest_request = whole.longest_request.max(found.blocks.len() as u32);
        let mut hash = 0;
        for (depth, &block) in found.blocks.iter().enumerate() {
            hash = self.hash(hash, block, names);
            if hash < self.threshold {
                self.kept.put(hash, tokens(depth + 1) - tokens(depth));
            }
        }
        self.kept.end(found.request, !found.token_ends.is_empty());
        while self.most_references < self.kept.log.references() {
            self.halve();
        }
    }

    /// The hash of the path that ends with `block`, whose parent's is `before`; never 0.
    fn hash(&mut self, before: u64, block: BlockId, names: &Interner) -> u64 {
        let at = block.index();
        if self.hashes.len() <= at {
            self.hashes.resize(names.bound().max(at + 1), 0);
        }
        if self.hashes[at] == 0 {
            self.hashes[at] = names.path_hash(before, block).clamp(1, u64::MAX - 1);
        }
        self.hashes[at]
    }

    /// Halves the rate, and leaves out what is no longer in the sample.
    fn halve(&mut self) {
        self.threshold /= 2;
        self.whole.rate /= 2.0;
        let before = std::mem::take(&mut self.kept);
        let size = before.size();
        self.kept.log.set_block_size(size);
        for found in before.log.iter() {
            let tokens = |blocks: u32| {
                tokens_in(found.token_ends, blocks, size).min(u64::from(found.request.input_tokens))
            };
            for (depth, block) in (0..).zip(found.blocks) {
                let hash = before.hashes[block.index()];
                if hash < self.threshold {
                    self.kept.put(hash, (tokens(depth + 1) - tokens(depth)) as u32);
                }
            }
            self.kept.end(found.request, !found.token_ends.is_empty());
        }
    }

    /// The sample, once the trace has ended.
    pub fn finish(mut self) -> Sample {
        self.kept.log.end();
        Sample { log: self.kept.log, whole: self.whole }
    }
}

/// The sampled part of the requests so far.
#[derive(Clone, Debug, Default)]
struct Kept {
    log: Log,
    /// Sampled blocks, by the hash of their path behind the sampled one before.
    names: Interner,
    /// By their numbers, the hashes.
    hashes: Vec<u64>,
    /// Of the request that is being put together.
    path: Vec<BlockId>,
    token_ends: Vec<u32>,
}

impl Kept {
    fn size(&self) -> u32 {
        self.log.block_size().unwrap_or(crate::model::DEFAULT_BLOCK_SIZE)
    }

    /// The request goes on with a block of so many tokens.
    fn put(&mut self, hash: u64, tokens: u32) {
        let parent = self.path.last().copied().unwrap_or(BlockId::NONE);
        let block = self.names.child(parent, RawId::Number(hash));
        if self.hashes.len() <= block.index() {
            self.hashes.push(hash);
        }
        let before = self.token_ends.last().copied().unwrap_or(0);
        self.path.push(block);
        self.token_ends.push(before + tokens);
    }

    /// The request ends; one without blocks is left out.
    fn end(&mut self, request: &Request, own_lengths: bool) {
        if let Some(&input_tokens) = self.token_ends.last() {
            let index = self.log.len() as u32;
            let session = Request::NO_SESSION;
            self.log.push(
                Request { index, input_tokens, output_tokens: 0, session, ..*request },
                &self.path,
            );
            if own_lengths {
                self.log.set_token_ends(&self.token_ends);
            }
        }
        self.path.clear();
        self.token_ends.clear();
    }
}
