//! What one row of a trace says.

use super::ids::{Ids, Name, Text};
use super::problem::Span;
use super::value::Time;
use crate::trace::formats::{IdScope, Names, TimeUnit};

/// A row that must have finished before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct After {
    /// What it is called.
    pub(super) name: Name,
    /// How long after it.
    pub(super) delay: Option<Time>,
}

/// What a row says, before anything is made of it. Ranges are of the record's columns.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Row {
    /// The names that stand on it.
    pub(super) seen: Names,
    pub(super) time: Option<Time>,
    pub(super) time_rank: u16,
    pub(super) input: Option<u32>,
    pub(super) output: Option<u32>,
    pub(super) ids: Option<Ids>,
    /// Token ids.
    pub(super) tokens: Option<Span>,
    pub(super) block_tokens: Option<Span>,
    pub(super) session: Option<Name>,
    pub(super) session_rank: u16,
    pub(super) play: Option<Name>,
    pub(super) parent_turn: Option<Name>,
    pub(super) id: Option<Name>,
    pub(super) delay: Option<Time>,
    pub(super) tool_wait: Option<Time>,
    pub(super) delay_after: Option<Time>,
    pub(super) after: Option<Span>,
    pub(super) block_size: Option<u32>,
    /// Where the block size and its key stand.
    pub(super) block_size_at: usize,
    pub(super) block_size_key: Option<Span>,
    pub(super) scope: Option<IdScope>,
    pub(super) time_unit: Option<TimeUnit>,
    pub(super) schema: Option<Text>,
    /// The length by a name that yields to others.
    pub(super) prompt_only: Option<u32>,
    /// Rows are nested in it.
    pub(super) has_rows: bool,
    /// It stands in a session object.
    pub(super) nested: bool,
    /// Which sub-agent of its record it belongs to, from 1; 0 for none.
    pub(super) agent: u32,
    /// Its kind is none of a request.
    pub(super) skipped: bool,
}

impl Row {
    /// Takes over what an object inside says: it is closer to the matter.
    pub(super) fn take_over(&mut self, inner: &Self) {
        fn over<T: Copy>(own: &mut Option<T>, inner: Option<T>) {
            *own = inner.or(*own);
        }
        self.seen.join(&inner.seen);
        if inner.time.is_some() {
            (self.time, self.time_rank) = (inner.time, inner.time_rank);
        }
        if inner.session.is_some() {
            (self.session, self.session_rank) = (inner.session, inner.session_rank);
        }
        if inner.block_size.is_some() {
            self.block_size = inner.block_size;
            (self.block_size_at, self.block_size_key) = (inner.block_size_at, inner.block_size_key);
        }
        over(&mut self.input, inner.input);
        over(&mut self.prompt_only, inner.prompt_only);
        over(&mut self.output, inner.output);
        over(&mut self.ids, inner.ids);
        over(&mut self.tokens, inner.tokens);
        over(&mut self.block_tokens, inner.block_tokens);
        over(&mut self.play, inner.play);
        over(&mut self.parent_turn, inner.parent_turn);
        over(&mut self.id, inner.id);
        over(&mut self.delay, inner.delay);
        over(&mut self.tool_wait, inner.tool_wait);
        over(&mut self.delay_after, inner.delay_after);
        over(&mut self.after, inner.after);
        over(&mut self.scope, inner.scope);
        over(&mut self.time_unit, inner.time_unit);
        over(&mut self.schema, inner.schema);
        self.has_rows |= inner.has_rows;
        self.skipped |= inner.skipped;
    }

    /// Takes from the session object what the row itself does not say.
    pub(super) fn inherit(&mut self, session: &Self) {
        self.seen.join(&session.seen);
        self.nested = true;
        self.play = self.play.or(session.play);
        if self.block_size.is_none() {
            self.block_size = session.block_size;
            (self.block_size_at, self.block_size_key) =
                (session.block_size_at, session.block_size_key);
        }
        self.scope = self.scope.or(session.scope);
        self.time_unit = self.time_unit.or(session.time_unit);
        self.schema = self.schema.or(session.schema);
    }
}
