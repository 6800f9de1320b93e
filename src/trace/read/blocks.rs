//! The ids of a row, wherever they come from, and the blocks they name.

use super::TraceReader;
use super::ids::{Ids, Run, Text};
use super::names::raw;
use super::problem::{LineError, Problem};
use super::record::Record;
use super::row::Row;
use crate::model::{BlockId, DEFAULT_BLOCK_SIZE};
use crate::trace::Log;
use crate::trace::formats::{IdScope, RowsAre};
use crate::trace::intern::{Interner, RawId};
use std::fmt::Write;

/// The tokens of a block of which no row tells them.
pub(super) const UNTOLD: u32 = u32::MAX;

/// The size into which token ids are cut where none is stated: vLLM's and LLMServingSim's.
const TOKEN_BLOCK: u32 = 16;

impl TraceReader {
    /// The row's ids, as they stand on it, cut out of its tokens, or made up.
    pub(super) fn ids_of(&mut self, row: &Row) -> Ids {
        if let Some(ids) = row.ids {
            self.told.ids = true;
            self.report.ids = true;
            return ids;
        }
        let start = self.record.runs.len();
        let stated = self.options.block_size.or(self.stated_block_size);
        if let Some((first, end)) = row.tokens {
            let size = stated.unwrap_or(TOKEN_BLOCK);
            (self.told.cut, self.told.tokens) = (Some(size), true);
            self.report.ids = true;
            self.record.cut_tokens((first, end), size as usize);
        } else if self.options.shared_prefix > 0.0 {
            let size = stated.unwrap_or(DEFAULT_BLOCK_SIZE);
            self.told.cut = Some(size);
            self.report.made_up = true;
            let blocks = u64::from(row.input.unwrap_or(0).div_ceil(size));
            let shared = libm::floor(blocks as f64 * self.options.shared_prefix) as u64;
            let own = (self.report.requests + 1) << 32;
            let runs = [(0, shared), (own, blocks - shared)]
                .map(|(first, count)| Run::Numbers { first, count: count as usize });
            self.record.runs.extend(runs.iter().filter(|run| run.len() > 0));
        }
        let runs = (start, self.record.runs.len());
        let count = self.record.runs[start..].iter().map(Run::len).sum();
        Ids { runs, count, grouped: false }
    }
}

impl TraceReader {
    /// Whether the row's blocks have tokens, as many numbers as ids, and those they had before.
    pub(super) fn check_block_tokens(&self, row: &Row, end: usize) -> Result<(), LineError> {
        let Some((start, stop)) = row.block_tokens else { return Ok(()) };
        let tokens = &self.record.tokens[start..stop];
        let ids = row.ids.map_or(0, |ids| ids.count);
        if tokens.len() != ids || tokens.contains(&0) {
            return Err(LineError::new(end, Problem::BlockTokensCount { ids }));
        }
        let differs = |(block, &tokens): (BlockId, &u32)| {
            let before = self.tokens_of.get(block.index()).copied().unwrap_or(UNTOLD);
            (before != UNTOLD && before != tokens).then_some((before, tokens))
        };
        match self.blocks_seen(row).zip(tokens).find_map(differs) {
            Some((before, tokens)) => {
                Err(LineError::new(end, Problem::BlockTokensDiffer { before, tokens }))
            }
            None => Ok(()),
        }
    }

    /// The leading blocks of the row's own ids that rows before had, without taking any down.
    fn blocks_seen(&self, row: &Row) -> impl Iterator<Item = BlockId> {
        let session = self.session_seen(row);
        let local = self.scope(row) == IdScope::Local;
        let scope = self.scope_seen(row, session);
        let joined = self.options.rows == Some(RowsAre::Delta);
        let latest = session.filter(|_| joined).and_then(|session| self.sessions.latest(session));
        let mut parent = latest.map_or(BlockId::NONE, |latest| latest.block);
        let (from, to) = row.ids.map_or((0, 0), |ids| ids.runs);
        let ids = self.record.runs[from..to].iter().flat_map(|run| run.each(&self.record));
        ids.map_while(move |id| {
            parent = match (parent, local) {
                (BlockId::NONE, true) => self.interner.find_first_in(scope?, id)?,
                _ => self.interner.find(parent, id)?,
            };
            Some(parent)
        })
    }

    /// The session that the row belongs to, if rows before it did. A sub-agent's session and that
    /// of an object without a name are the record's own.
    fn session_seen(&self, row: &Row) -> Option<u32> {
        if row.nested && row.session.is_none() {
            return if row.agent > 0 { None } else { self.object_seen() };
        }
        self.sessions.find(raw(&self.record, row.session?))
    }

    /// The session of the record's object, if it has a name that was seen.
    fn object_seen(&self) -> Option<u32> {
        let outer = self.record.row;
        self.sessions.find(raw(&self.record, outer.session.or(outer.id)?))
    }

    /// The scope of the row's ids, where they are local and rows before it were in that scope.
    fn scope_seen(&self, row: &Row, session: Option<u32>) -> Option<u32> {
        match row.play {
            Some(play) => self.sessions.find_scope_of_play(raw(&self.record, play)),
            None if row.nested => self.sessions.find_scope_of_session(self.object_seen()?),
            None => self.sessions.find_scope_of_session(session?),
        }
    }

    /// Takes down the tokens of the blocks of the request just written, of which the first
    /// `depth` are not the row's own, and says where they end.
    pub(super) fn tell_tokens(&mut self, row: &Row, depth: usize, out: &mut Log) {
        let decided = self.report.block_size.is_some();
        let queue = if decided { out } else { &mut self.waiting };
        let Some((_, blocks)) = queue.last_mut() else { return };
        let usual = self.options.block_size.or(self.stated_block_size);
        let usual = usual.unwrap_or(DEFAULT_BLOCK_SIZE);
        let (start, stop) = row.block_tokens.unwrap_or((0, 0));
        self.tokens_of.resize(self.interner.bound(), UNTOLD);
        for (block, &tokens) in blocks.iter().skip(depth).zip(&self.record.tokens[start..stop]) {
            self.tokens_of[block.index()] = tokens;
        }
        self.token_ends.clear();
        let mut end = 0_u32;
        for block in blocks {
            let told = self.tokens_of[block.index()];
            end = end.saturating_add(if told == UNTOLD { usual } else { told });
            self.token_ends.push(end);
        }
        queue.set_token_ends(&self.token_ends);
    }
}

/// Appends the blocks from the root to `last`.
pub(super) fn put_ancestors(interner: &Interner, last: BlockId, path: &mut Vec<BlockId>) {
    let start = path.len();
    let mut block = last;
    while block != BlockId::NONE {
        path.push(block);
        block = interner.parent_of(block);
    }
    path[start..].reverse();
}

/// Appends the blocks of a row to a column in which its path starts at `start`.
pub(super) fn put_blocks(
    record: &Record,
    interner: &mut Interner,
    (ids, scope): (Ids, Option<u32>),
    start: usize,
    path: &mut Vec<BlockId>,
) {
    for run in &record.runs[ids.runs.0..ids.runs.1] {
        let parent = path[start..].last().copied().unwrap_or(BlockId::NONE);
        if let (BlockId::NONE, Some(scope)) = (parent, scope) {
            let (first, rest) = run.split_first(record);
            path.push(interner.first_in(scope, first));
            if let Some((first, count)) = rest {
                interner.extend_run(path, start, first, count);
            }
            continue;
        }
        match *run {
            Run::Numbers { first, count } => interner.extend_run(path, start, first, count),
            Run::Negative(number) => path.push(interner.child(parent, RawId::Negative(number))),
            Run::Hex(hex) => path.push(interner.child(parent, RawId::Hex(hex))),
            Run::Text(text) => path.push(interner.child(parent, RawId::Text(record.text(text)))),
        }
    }
}

impl Run {
    /// How many ids it is.
    fn len(&self) -> usize {
        if let Self::Numbers { count, .. } = self { *count } else { 1 }
    }

    /// All its ids.
    fn each<'a>(&self, record: &'a Record) -> impl Iterator<Item = RawId<'a>> {
        let (first, rest) = self.split_first(record);
        let (next, count) = rest.unwrap_or((0, 0));
        let rest = (0..count as u64).map(move |more| RawId::Number(next.wrapping_add(more)));
        std::iter::once(first).chain(rest)
    }

    /// The first id, and the numbers behind it. The run is not empty.
    fn split_first<'a>(&self, record: &'a Record) -> (RawId<'a>, Option<(u64, usize)>) {
        match *self {
            Self::Numbers { first, count } => {
                (RawId::Number(first), Some((first.wrapping_add(1), count - 1)))
            }
            Self::Negative(number) => (RawId::Negative(number), None),
            Self::Hex(hex) => (RawId::Hex(hex), None),
            Self::Text(text) => (RawId::Text(record.text(text)), None),
        }
    }
}

impl Record {
    /// Cuts tokens into full blocks, each named by its tokens, and appends their runs.
    fn cut_tokens(&mut self, (start, end): (usize, usize), size: usize) {
        for block in self.tokens[start..end].chunks_exact(size) {
            let from = self.texts.len();
            for token in block {
                let _ = write!(self.texts, "{token} ");
            }
            self.runs.push(Run::Text(Text { start: from, end: self.texts.len() }));
        }
    }
}
