//! A whole log as one buffer, to hand a trace that was read once to other threads or workers.
//!
//! Layout, all little-endian: [`MAGIC`]; block size, or 0 where none was decided (u32); requests
//! (u32); block references (u64); waits (u32); 1 if blocks have lengths of their own, else 0 (u32);
//! then one column after the other: arrivals (f64), prompt lengths, generated lengths, sessions,
//! numbers of blocks (u32 a request), all blocks (u32), where they end if they have lengths of
//! their own (u32, 0 for those that have none), and what requests wait for (24 bytes each).
//! Raw ids and next uses are not in it. 24 bytes a request and 4 a reference, if nothing waits.

use super::Log;
use crate::error::{Error, Result};
use crate::model::{BlockId, Request, Wait};

/// What a packed log begins with: its name and the version of the layout.
pub const MAGIC: &[u8; 8] = b"kvslog\x00\x02";

const HEADER: usize = 32;
const REQUEST: usize = 24;
/// A wait: who waits (u32), for whom (u32), how long (f64), not before when (f64).
const WAIT: usize = 24;

/// Packs a log that has ended. O(references).
///
/// # Errors
/// If the trace goes on, a part of it was given back, or it has 2^32 requests or more.
pub fn pack(log: &Log) -> Result<Vec<u8>> {
    if !log.is_ended() || !log.is_whole() {
        let reason = "only a log that has ended and was kept whole can be packed";
        return Err(Error::State(reason.to_owned()));
    }
    let requests = u32::try_from(log.len()).map_err(|_| {
        Error::State(format!("found {} requests, at most 2^32 − 1 can be packed", log.len()))
    })?;
    let waits: usize = log.iter().map(|found| found.waits.len()).sum();
    let waits = u32::try_from(waits)
        .map_err(|_| Error::State(format!("found {waits} waits, at most 2^32 − 1")))?;
    let own_lengths = log.iter().any(|found| !found.token_ends.is_empty());
    let references = log.references() as usize * (1 + usize::from(own_lengths));
    let size = HEADER + REQUEST * requests as usize + 4 * references + WAIT * waits as usize;
    let mut out = Vec::with_capacity(size);
    out.extend_from_slice(MAGIC);
    out.extend_from_slice(&log.block_size().unwrap_or(0).to_le_bytes());
    out.extend_from_slice(&requests.to_le_bytes());
    out.extend_from_slice(&log.references().to_le_bytes());
    out.extend_from_slice(&waits.to_le_bytes());
    out.extend_from_slice(&u32::from(own_lengths).to_le_bytes());
    let mut column = |of: &dyn Fn(&Request) -> u32| {
        log.iter().for_each(|found| out.extend_from_slice(&of(found.request).to_le_bytes()));
    };
    // A double as two halves keeps one way of writing a column.
    let bits = |request: &Request| request.arrival_s.to_bits();
    column(&|request| bits(request) as u32);
    column(&|request| (bits(request) >> 32) as u32);
    column(&|request| request.input_tokens);
    column(&|request| request.output_tokens);
    column(&|request| request.session);
    for found in log.iter() {
        out.extend_from_slice(&(found.blocks.len() as u32).to_le_bytes());
    }
    for found in log.iter() {
        found.blocks.iter().for_each(|block| out.extend_from_slice(&block.0.to_le_bytes()));
    }
    if own_lengths {
        for found in log.iter() {
            for at in 0..found.blocks.len() {
                let end = found.token_ends.get(at).copied().unwrap_or(0);
                out.extend_from_slice(&end.to_le_bytes());
            }
        }
    }
    for found in log.iter() {
        for wait in found.waits {
            out.extend_from_slice(&found.request.index.to_le_bytes());
            out.extend_from_slice(&wait.after.to_le_bytes());
            out.extend_from_slice(&wait.delay_s.to_le_bytes());
            out.extend_from_slice(&wait.not_before_s.to_le_bytes());
        }
    }
    debug_assert_eq!(out.len(), size);
    Ok(out)
}

/// The log in `bytes`, which end it. O(references).
///
/// # Errors
/// If they are not what [`pack`] makes: a wrong beginning, a wrong length, times that are no
/// numbers, or blocks that are not numbered in order of first appearance behind one parent each.
pub fn unpack(bytes: &[u8]) -> Result<Log> {
    let columns = Columns::of(bytes)?;
    let mut log = Log::new();
    if columns.block_size > 0 {
        log.set_block_size(columns.block_size);
    }
    let (mut names, mut blocks, mut at) = (Names::default(), Vec::new(), 0);
    let (mut ends, mut waits) = (Vec::new(), 0);
    for index in 0..columns.requests {
        let request = columns.request(index);
        let end = at + columns.number_of_blocks(index);
        if !request.arrival_s.is_finite() || columns.references < end {
            return Err(broken(&format!("request {index} has no time or blocks beyond the end")));
        }
        blocks.clear();
        blocks.extend((at..end).map(|at| columns.block(at)));
        names.check(&blocks).map_err(|reason| broken(&format!("request {index}: {reason}")))?;
        log.push(request, &blocks);
        ends.clear();
        ends.extend((at..end).filter_map(|at| columns.token_end(at)).filter(|&end| end > 0));
        match ends.len() {
            0 => {}
            all if all == blocks.len() => log.set_token_ends(&ends),
            _ => return Err(broken(&format!("request {index}: some blocks have no length"))),
        }
        // What others wait for by name is not told from what they wait for by session.
        log.set_named(columns.waits > 0);
        while waits < columns.waits && columns.waiter(waits) == index as u32 {
            log.add_wait(columns.wait(waits)?);
            waits += 1;
        }
        at = end;
    }
    if waits < columns.waits {
        return Err(broken("what requests wait for is not in their order"));
    }
    if at != columns.references {
        return Err(broken(&format!("{} blocks belong to no request", columns.references - at)));
    }
    log.end();
    Ok(log)
}

fn broken(reason: &str) -> Error {
    Error::State(format!("this is not a packed log: {reason}"))
}

/// The columns of a buffer whose length is right.
struct Columns<'a> {
    bytes: &'a [u8],
    block_size: u32,
    requests: usize,
    references: usize,
    waits: usize,
    own_lengths: bool,
}

impl<'a> Columns<'a> {
    fn of(bytes: &'a [u8]) -> Result<Self> {
        if bytes.len() < HEADER || !bytes.starts_with(MAGIC) {
            let begin = String::from_utf8_lossy(MAGIC).into_owned();
            return Err(broken(&format!("it does not begin with {begin:?} and a header")));
        }
        let (waits, own_lengths) = (word(bytes, 24), word(bytes, 28));
        if own_lengths > 1 {
            return Err(broken(&format!("found {own_lengths}, expected 0 or 1 at byte 28")));
        }
        let (requests, low, high) = (word(bytes, 12), word(bytes, 16), word(bytes, 20));
        let references = u64::from(high) << 32 | u64::from(low);
        let size = references
            .checked_mul(4 * (1 + u64::from(own_lengths)))
            .and_then(|blocks| blocks.checked_add(WAIT as u64 * u64::from(waits)))
            .and_then(|blocks| blocks.checked_add(REQUEST as u64 * u64::from(requests)))
            .and_then(|columns| columns.checked_add(HEADER as u64));
        if size != Some(bytes.len() as u64) {
            let length = bytes.len();
            return Err(broken(&format!(
                "found {length} bytes for {requests} requests and {references} references"
            )));
        }
        let (requests, references) = (requests as usize, references as usize);
        let (waits, own_lengths) = (waits as usize, own_lengths == 1);
        let block_size = word(bytes, 8);
        Ok(Self { bytes, block_size, requests, references, waits, own_lengths })
    }

    /// The word of request `index` in the column that begins after `before` others.
    fn of_request(&self, before: usize, index: usize) -> u32 {
        word(self.bytes, HEADER + 4 * (before * self.requests + index))
    }

    fn request(&self, index: usize) -> Request {
        let bits =
            u64::from(self.of_request(1, index)) << 32 | u64::from(self.of_request(0, index));
        Request {
            index: index as u32,
            arrival_s: f64::from_bits(bits),
            input_tokens: self.of_request(2, index),
            output_tokens: self.of_request(3, index),
            session: self.of_request(4, index),
        }
    }

    fn number_of_blocks(&self, index: usize) -> usize {
        self.of_request(5, index) as usize
    }

    fn block(&self, at: usize) -> BlockId {
        BlockId(self.of_reference(0, at))
    }

    /// The word of reference `at` in the column of references that begins after `before` others.
    fn of_reference(&self, before: usize, at: usize) -> u32 {
        let start = HEADER + REQUEST * self.requests;
        word(self.bytes, start + 4 * (before * self.references + at))
    }

    fn token_end(&self, at: usize) -> Option<u32> {
        self.own_lengths.then(|| self.of_reference(1, at))
    }

    fn of_wait(&self, at: usize, place: usize) -> u32 {
        word(self.bytes, self.bytes.len() - WAIT * (self.waits - at) + 4 * place)
    }

    fn waiter(&self, at: usize) -> u32 {
        self.of_wait(at, 0)
    }

    fn wait(&self, at: usize) -> Result<Wait> {
        let double = |place: usize| {
            let bits = |place| u64::from(self.of_wait(at, place));
            f64::from_bits(bits(place + 1) << 32 | bits(place))
        };
        let wait = Wait { after: self.of_wait(at, 1), delay_s: double(2), not_before_s: double(4) };
        let told = wait.delay_s.is_finite() && !wait.not_before_s.is_nan();
        if wait.after < self.waiter(at) && told {
            return Ok(wait);
        }
        Err(broken(&format!("request {} waits for what never is", self.waiter(at))))
    }
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

/// The parent of every block so far: what the interner promises, checked again.
#[derive(Default)]
struct Names {
    parents: Vec<BlockId>,
}

impl Names {
    fn check(&mut self, blocks: &[BlockId]) -> std::result::Result<(), String> {
        let mut parent = BlockId::NONE;
        for &block in blocks {
            let new = self.parents.len();
            if block.index() == new {
                self.parents.push(parent);
            } else if new < block.index() {
                return Err(format!("block {} before block {new}", block.0));
            } else if self.parents[block.index()] != parent {
                return Err(format!("block {} behind two parents", block.0));
            }
            parent = block;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;
    use crate::trace::{Interner, RawRequest};

    /// With `rich`, some blocks have lengths of their own and some requests wait for others.
    fn log(requests: u32, rich: bool) -> Log {
        let mut stream = Stream::new(6, "pack", 0);
        let (mut log, mut interner) = (Log::new(), Interner::new());
        log.set_block_size(16);
        for index in 0..requests {
            let hash_ids = (0..stream.below(6)).map(|_| stream.below(3)).collect();
            let timestamp_ms = stream.below(1 << 40);
            let raw = RawRequest { timestamp_ms, input_tokens: 7, output_tokens: index, hash_ids };
            let blocks = raw.hash_ids.len() as u32;
            interner.push_raw(&raw, index, &mut log);
            if rich && stream.below(3) == 0 {
                let ends: Vec<u32> = (1..=blocks).map(|end| end * 7).collect();
                log.set_token_ends(&ends);
            }
            for after in (0..index).rev().take(if rich { stream.below(3) as usize } else { 0 }) {
                let (delay_s, not_before_s) = (f64::from(after) / 4.0, f64::NEG_INFINITY);
                log.add_wait(Wait { after, delay_s, not_before_s });
            }
        }
        log.end();
        log
    }

    #[test]
    fn a_log_comes_out_as_it_went_in() {
        for (requests, rich) in [(0, false), (1, true), (3000, false), (3000, true)] {
            let log = log(requests, rich);
            let bytes = pack(&log).expect("a whole log");
            let back = unpack(&bytes).expect("a packed log");
            assert!(log.iter().eq(back.iter()) && back.is_ended() && back.len() == log.len());
            assert_eq!(back.block_size(), Some(16));
            assert_eq!(pack(&back).expect("a whole log"), bytes);
        }
    }

    #[test]
    fn what_is_not_a_packed_log_is_refused_and_nothing_panics() {
        let bytes = pack(&log(40, true)).expect("a whole log");
        for length in 0..bytes.len() {
            assert!(unpack(&bytes[..length]).is_err(), "{length} bytes");
        }
        let mut stream = Stream::new(7, "broken", 0);
        let mut refused = 0;
        for _ in 0..4000 {
            let mut broken = bytes.clone();
            let at = stream.below(broken.len() as u64) as usize;
            broken[at] ^= 1 << stream.below(8);
            refused += u32::from(unpack(&broken).is_err());
        }
        assert!(refused > 500, "{refused}");
        let told = unpack(b"PAR1").expect_err("another file").to_string();
        assert!(told.starts_with("this is not a packed log: it does not begin with"), "{told}");
    }

    #[test]
    fn a_log_that_goes_on_is_not_packed() {
        let told = pack(&Log::new()).expect_err("it goes on").to_string();
        assert_eq!(told, "only a log that has ended and was kept whole can be packed");
    }
}
