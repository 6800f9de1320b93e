//! The log: the requests of a trace in columns, written once and read by any number of readers.
//!
//! A request keeps its place (from 0, in the order of the file) for ever, so a reader is no more
//! than the place it has come to. Places lie in chunks of `CHUNK` requests. What every reader
//! has passed is given back chunk by chunk with [`Log::free_before`], and memory follows the
//! slowest reader; or nothing is, and the log is the whole trace.

use crate::columns::Kept;
use crate::error::{Error, Result};
use crate::model::{BlockId, Request, RequestRef, Wait};
use std::collections::VecDeque;

/// Requests in a chunk.
const CHUNK: usize = 1024;

/// Chunks given back that wait to be written again, so that a stream allocates nothing.
const SPARE: usize = 4;

/// Requests next to each other, with their blocks in one flat column.
#[derive(Clone, Debug, Default)]
struct Chunk {
    requests: Vec<Request>,
    /// Where the blocks of each request end.
    ends: Vec<usize>,
    blocks: Vec<BlockId>,
    /// For each block the next request that uses it; empty until somebody looked ahead.
    next_use: Vec<u32>,
    /// For each block the tokens up to its end, as far as blocks have lengths of their own; 0
    /// for those of requests whose blocks have none.
    token_ends: Vec<u32>,
    /// What requests wait for, and where those of each request end, as far as any does.
    waits: Vec<Wait>,
    wait_ends: Vec<usize>,
}

impl Chunk {
    /// An empty chunk with room for about as much as the one before it has: what grows step by step
    /// is copied at each.
    fn behind(before: Option<&Self>) -> Self {
        let mut chunk = Self::default();
        if let Some(before) = before {
            chunk.requests.reserve_exact(CHUNK);
            chunk.ends.reserve_exact(CHUNK);
            chunk.blocks.reserve_exact(before.blocks.len().next_power_of_two());
        }
        chunk
    }

    fn clear(&mut self) {
        self.requests.clear();
        self.ends.clear();
        self.blocks.clear();
        self.next_use.clear();
        self.token_ends.clear();
        self.waits.clear();
        self.wait_ends.clear();
    }

    fn range(&self, at: usize) -> std::ops::Range<usize> {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        start..self.ends[at]
    }

    fn token_ends(&self, range: std::ops::Range<usize>) -> &[u32] {
        let ends = self.token_ends.get(range).unwrap_or(&[]);
        if ends.last() == Some(&0) { &[] } else { ends }
    }

    fn waits(&self, at: usize) -> &[Wait] {
        let Some(&end) = self.wait_ends.get(at) else { return &[] };
        let start = if at == 0 { 0 } else { self.wait_ends[at - 1] };
        &self.waits[start..end]
    }
}

/// The requests of a trace.
#[derive(Clone, Debug, Default)]
pub struct Log {
    chunks: VecDeque<Chunk>,
    spare: Vec<Chunk>,
    /// Requests given back: a multiple of `CHUNK`.
    freed: u64,
    len: u64,
    /// Block references that are held.
    references: u64,
    block_size: Option<u32>,
    ended: bool,
    has_waits: bool,
    /// Behind the last request that others may wait for by its name.
    named_to: u64,
    knows_future: bool,
}

impl Log {
    /// A log without requests.
    pub fn new() -> Self {
        Self::default()
    }

    /// Requests written so far, those given back included.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Whether no request was written.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Whether every request written can still be read.
    pub fn is_whole(&self) -> bool {
        self.freed == 0
    }

    /// Whether no request will follow.
    pub fn is_ended(&self) -> bool {
        self.ended
    }

    /// Block references that can still be read.
    pub fn references(&self) -> u64 {
        self.references
    }

    /// Tokens in a full block, as the trace has it; `None` until that is decided.
    pub fn block_size(&self) -> Option<u32> {
        self.block_size
    }

    /// Says how many tokens a full block has.
    pub fn set_block_size(&mut self, tokens: u32) {
        self.block_size = Some(tokens);
    }

    /// No request will follow.
    pub fn end(&mut self) {
        self.ended = true;
    }

    /// Appends a request. Amortised O(blocks).
    pub fn push(&mut self, request: Request, blocks: &[BlockId]) {
        self.push_with(request, |column| column.extend_from_slice(blocks));
    }

    /// Appends a request whose blocks `fill` appends to the column it is given. It must not
    /// touch what is there already.
    pub(super) fn push_with(&mut self, request: Request, fill: impl FnOnce(&mut Vec<BlockId>)) {
        debug_assert!(!self.ended, "a request after the end of the trace");
        if self.len.is_multiple_of(CHUNK as u64) {
            let chunk = self.spare.pop().unwrap_or_else(|| Chunk::behind(self.chunks.back()));
            self.chunks.push_back(chunk);
        }
        let chunk = self.chunks.back_mut().expect("one was pushed for the first of its requests");
        let start = chunk.blocks.len();
        fill(&mut chunk.blocks);
        let end = chunk.blocks.len();
        let more = end.checked_sub(start).expect("blocks are only appended");
        self.references += more as u64;
        chunk.requests.push(request);
        chunk.ends.push(end);
        self.len += 1;
    }

    /// Says of the request written last how many tokens of its prompt end with each block: as
    /// many numbers as it has blocks, none of them 0.
    pub(super) fn set_token_ends(&mut self, ends: &[u32]) {
        if let Some(chunk) = self.chunks.back_mut() {
            chunk.token_ends.resize(chunk.blocks.len() - ends.len(), 0);
            chunk.token_ends.extend_from_slice(ends);
        }
    }

    /// Whether any request written so far waits for another.
    pub fn has_waits(&self) -> bool {
        self.has_waits
    }

    /// The place before which requests may be waited for by their names, by those that come later:
    /// behind the last one that has such a name.
    pub fn named_to(&self) -> u64 {
        self.named_to
    }

    /// Says of the request written last whether later ones may wait for it by its name.
    pub(super) fn set_named(&mut self, is_named: bool) {
        if is_named {
            self.named_to = self.len;
        }
    }

    /// Says of the request written last that it waits for another.
    pub(super) fn add_wait(&mut self, wait: Wait) {
        self.has_waits = true;
        if let Some(chunk) = self.chunks.back_mut() {
            let at = chunk.requests.len() - 1;
            if chunk.wait_ends.len() <= at {
                chunk.wait_ends.resize(at, chunk.waits.len());
                chunk.wait_ends.push(chunk.waits.len());
            }
            chunk.waits.push(wait);
            chunk.wait_ends[at] += 1;
        }
    }

    /// The request written last, with its blocks.
    pub(super) fn last_mut(&mut self) -> Option<(&mut Request, &[BlockId])> {
        let chunk = self.chunks.back_mut()?;
        let range = chunk.range(chunk.requests.len().checked_sub(1)?);
        Some((chunk.requests.last_mut()?, &chunk.blocks[range]))
    }

    /// The request at `place`. O(1).
    ///
    /// # Panics
    /// If it has not been written or was given back.
    #[inline]
    pub fn get(&self, place: u64) -> RequestRef<'_> {
        let at = (place - self.freed) as usize;
        let (chunk, at) = (&self.chunks[at / CHUNK], at % CHUNK);
        let range = chunk.range(at);
        RequestRef {
            request: &chunk.requests[at],
            blocks: &chunk.blocks[range.clone()],
            next_use: chunk.next_use.get(range.clone()).unwrap_or(&[]),
            token_ends: chunk.token_ends(range),
            waits: chunk.waits(at),
        }
    }

    /// The requests that can be read, in order.
    pub fn iter(&self) -> impl Iterator<Item = RequestRef<'_>> {
        (self.freed..self.len).map(|place| self.get(place))
    }

    /// Adds the blocks of all requests that can be read to `kept`.
    pub fn keep_names(&self, kept: &mut Kept) {
        let blocks = self.chunks.iter().flat_map(|chunk| &chunk.blocks);
        blocks.for_each(|&block| kept.keep(block));
    }

    /// Gives back the requests before `place`, which no reader will ask for again. Whole chunks
    /// only: up to `CHUNK` − 1 of them stay.
    pub fn free_before(&mut self, place: u64) {
        while self.freed + CHUNK as u64 <= place
            && let Some(mut chunk) = self.chunks.pop_front()
        {
            self.freed += CHUNK as u64;
            self.references -= chunk.blocks.len() as u64;
            if self.spare.len() < SPARE {
                chunk.clear();
                self.spare.push(chunk);
            }
        }
    }

    /// Whether the next use of every block is known: see [`Log::look_ahead`].
    pub fn knows_future(&self) -> bool {
        self.knows_future
    }

    /// Fills the column of next uses, backwards in one pass: the number from 1 of the next
    /// request that uses the block, or requests + 1. O(references); nothing the second time.
    ///
    /// # Errors
    /// If the trace has not ended or its beginning was given back.
    pub fn look_ahead(&mut self) -> Result<()> {
        if !self.ended || !self.is_whole() {
            let reason = "the next use of a block is known only where the whole trace is held";
            return Err(Error::State(reason.to_owned()));
        }
        if self.knows_future {
            return Ok(());
        }
        self.knows_future = true;
        let never = self.len as u32 + 1;
        let blocks = self.chunks.iter().flat_map(|chunk| &chunk.blocks);
        let distinct = blocks.map(|block| block.index() + 1).max().unwrap_or(0);
        let mut next = vec![never; distinct];
        let mut number = self.len as u32;
        for chunk in self.chunks.iter_mut().rev() {
            chunk.next_use = vec![never; chunk.blocks.len()];
            for at in (0..chunk.requests.len()).rev() {
                let range = chunk.range(at);
                for position in range.clone() {
                    chunk.next_use[position] = next[chunk.blocks[position].index()];
                }
                for position in range {
                    next[chunk.blocks[position].index()] = number;
                }
                number -= 1;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    fn request(index: u32) -> Request {
        let (input_tokens, output_tokens, session) = (1, 0, Request::NO_SESSION);
        Request { index, arrival_s: 0.0, input_tokens, output_tokens, session }
    }

    #[test]
    fn every_reader_sees_every_request_and_memory_follows_the_slowest() {
        let mut stream = Stream::new(4, "log", 0);
        let (mut log, mut twin) = (Log::new(), Vec::new());
        let (mut slow, mut fast) = (0, 0);
        for index in 0..20_000 {
            let blocks: Vec<BlockId> = (0..index % 17).map(|at| BlockId(index + at)).collect();
            log.push(request(index), &blocks);
            twin.push(blocks);
            for reader in [&mut slow, &mut fast] {
                *reader = (*reader + stream.below(3)).min(log.len());
            }
            for place in [slow, fast].into_iter().filter(|&place| place < log.len()) {
                let found = log.get(place);
                assert_eq!(u64::from(found.request.index), place);
                assert_eq!(found.blocks, twin[place as usize]);
            }
            log.free_before(slow.min(fast));
            assert!(log.len() - log.freed <= log.len() - slow.min(fast) + CHUNK as u64);
        }
        let held: usize = twin[log.freed as usize..].iter().map(Vec::len).sum();
        assert_eq!(log.references(), held as u64);
        assert_eq!(log.iter().count() as u64, log.len() - log.freed);
        assert!(!log.is_whole() && log.spare.len() <= SPARE);
    }

    #[test]
    fn a_chunk_begins_with_the_room_that_the_one_before_came_to_need() {
        let mut log = Log::new();
        for index in 0..=2 * CHUNK as u32 {
            let each = if index < CHUNK as u32 { 5 } else { 1 };
            log.push(request(index), &[BlockId(index)].repeat(each));
        }
        let room =
            |at: usize| (log.chunks[at].requests.capacity(), log.chunks[at].blocks.capacity());
        assert_eq!(room(1), (CHUNK, 8 * CHUNK));
        assert_eq!(room(2), (CHUNK, CHUNK));
    }

    #[test]
    fn every_reference_names_the_next_request_that_uses_its_block() {
        let mut log = Log::new();
        for (index, blocks) in (0..).zip([[0_u32, 1], [2, 1], [0, 2]]) {
            log.push(request(index), &blocks.map(BlockId));
        }
        assert!(log.look_ahead().is_err(), "the trace goes on");
        log.end();
        log.look_ahead().expect("a whole trace");
        let column: Vec<u32> = log.iter().flat_map(|it| it.next_use.to_vec()).collect();
        assert_eq!(column, [3, 2, 3, 4, 4, 4]);
    }

    #[test]
    fn next_uses_reach_across_chunks() {
        let mut log = Log::new();
        let requests = 3 * CHUNK as u32 + 5;
        (0..requests).for_each(|index| log.push(request(index), &[BlockId(index % 700)]));
        log.end();
        log.look_ahead().expect("a whole trace");
        for (index, found) in (0..).zip(log.iter()) {
            let want = if index + 700 < requests { index + 701 } else { requests + 1 };
            assert_eq!(found.next_use, [want]);
        }
    }
}
