//! Rows that were read to requests: what they must have, their blocks' names, their place in
//! time.

use super::blocks::{put_ancestors, put_blocks};
use super::decide::{self, Meta};
use super::ids::Ids;
use super::names::raw;
use super::problem::{LineError, Problem, Span};
use super::row::Row;
use super::value::Time;
use super::{SAMPLE_REQUESTS, TraceReader};
use crate::model::BlockId;
use crate::model::Request;
use crate::trace::Log;
use crate::trace::formats::{IdScope, RowsAre};
use crate::trace::report::WarningKind;

impl TraceReader {
    /// Makes the record just read, whose line ends at `end`, requests or the header.
    /// A record that is refused leaves nothing behind.
    pub(super) fn accept(
        &mut self,
        number: u64,
        end: usize,
        out: &mut Log,
    ) -> Result<(), LineError> {
        let row = self.record.row;
        // The first requests wait with the numbers of their sessions.
        if self.report.block_size.is_some() && self.sessions.close_idle() {
            self.report.warn(WarningKind::SessionsClosed, number);
        }
        if row.has_rows {
            for at in 0..self.record.nested.len() {
                self.check(&self.record.nested[at], end)?;
            }
            self.sessions.open_record();
            let rows = std::mem::take(&mut self.record.nested);
            for row in &rows {
                self.serve(row, number, out);
            }
            self.record.nested = rows;
            return Ok(());
        }
        if row.skipped {
            self.report.other_rows += 1;
            return Ok(());
        }
        if row.ids.is_none() && self.is_header(&row.seen) {
            return self.take_header(&row, number, end);
        }
        self.check(&row, end)?;
        if row.schema.is_some() {
            self.check_version(&row, number);
        }
        self.serve(&row, number, out);
        Ok(())
    }

    /// Why there is no request on this row, if so.
    fn check(&self, row: &Row, end: usize) -> Result<(), LineError> {
        let refuse = |problem| Err(LineError::new(end, problem));
        if row.ids.is_none() && row.tokens.is_none() {
            if row.input.is_none() {
                return refuse(Problem::NoHashIds);
            }
            if self.told.ids {
                return refuse(Problem::NoHashIdsBut);
            }
        }
        if row.input.is_none() {
            return refuse(Problem::NoInput);
        }
        let ids = row.ids.map_or(0, |ids| ids.count);
        if self.interner.room() < ids.max(row.tokens.map_or(0, |(start, end)| end - start)) {
            return refuse(Problem::TooManyBlocks);
        }
        let rows = 1 + self.record.nested.len();
        let room = u64::from(u32::MAX) - self.report.requests;
        if room < rows as u64 || !self.sessions.has_room(rows) {
            return refuse(Problem::TooManyRequests);
        }
        let nobody = row.play.is_none() && row.session.is_none() && !row.nested;
        if nobody && self.scope(row) == IdScope::Local {
            return refuse(Problem::NoScopeKey);
        }
        self.check_block_tokens(row, end)?;
        self.check_block_size(row)
    }

    /// One trace has one block size.
    fn check_block_size(&self, row: &Row) -> Result<(), LineError> {
        match (row.block_size, self.stated_block_size) {
            (Some(size), Some(before)) if size != before => Err(LineError {
                at: row.block_size_at,
                key: row.block_size_key,
                problem: Problem::BlockSizeChanged { before },
            }),
            _ => Ok(()),
        }
    }

    /// The scope of the row's ids.
    pub(super) fn scope(&self, row: &Row) -> IdScope {
        let header = self.header.and_then(|header| header.scope);
        let usual = match row.nested && row.ids.is_some() {
            true => IdScope::Local,
            false => IdScope::Global,
        };
        self.options.id_scope.or(row.scope).or(header).unwrap_or(usual)
    }

    /// Makes the row a request.
    fn serve(&mut self, row: &Row, number: u64, out: &mut Log) {
        self.stated_block_size = self.stated_block_size.or(row.block_size);
        let session = self.session(row);
        let scope = self.scope_number(row, session);
        let ids = self.ids_of(row);
        let joined = self.options.rows == Some(RowsAre::Delta);
        let before = if joined { self.sessions.latest(session) } else { None };
        let (mut input, output) = (row.input.unwrap_or(0), row.output.unwrap_or(0));
        for more in before.iter().flat_map(|before| [before.input, before.output]) {
            input = input.saturating_add(more);
        }
        let request = Request {
            index: self.report.requests as u32,
            arrival_s: 0.0,
            input_tokens: input,
            output_tokens: output,
            session,
        };
        let depth = before.map_or(0, |before| before.blocks);
        let header = self.header.and_then(|header| header.time_unit);
        let unit = |time: Time| Time { unit: time.unit.or(row.time_unit).or(header), ..time };
        let meta = Meta {
            line: number,
            time: row.time.map(unit),
            delay: row.delay.map(unit),
            tool_wait: row.tool_wait.map(unit),
            after: self.waited_for(row, unit),
            input,
            ids: ids.count as u32 + depth,
            no_output: row.output.is_none(),
            joined: before.is_some(),
            block_size: row.block_size,
        };
        self.count(row, &request, &meta);
        let decided = self.report.block_size.is_some();
        if !decided {
            self.tell(row, ids);
        }
        let is_named = self.name(row, request.index);
        let last = before.map_or(BlockId::NONE, |before| before.block);
        let (record, interner) = (&self.record, &mut self.interner);
        let queue = if decided { &mut *out } else { &mut self.waiting };
        let mut path_end = last;
        queue.push_with(request, |path| {
            let start = path.len();
            put_ancestors(interner, last, path);
            put_blocks(record, interner, (ids, scope), start, path);
            path_end = path[start..].last().copied().unwrap_or(last);
        });
        queue.set_named(is_named);
        if row.block_tokens.is_some() || !self.tokens_of.is_empty() {
            self.tell_tokens(row, depth as usize, out);
        }
        if let Some(latest) = self.sessions.latest_mut(session) {
            latest.block = path_end;
            (latest.blocks, latest.input, latest.output) = (meta.ids, input, output);
        }
        if decided {
            self.settle_last(out, meta);
            if self.told.ids && !self.predicted.is_on() {
                self.predict();
            }
            return;
        }
        self.sample.push(meta);
        if self.sample.len() == SAMPLE_REQUESTS {
            self.decide(out);
        }
    }

    /// Takes down what the row is called, if it has a name; returns whether that is kept.
    fn name(&mut self, row: &Row, request: u32) -> bool {
        let name = |name| raw(&self.record, name);
        let Some(id) = row.id else { return false };
        self.sessions.name_row(row.play.map(name), name(id), request)
    }

    /// Takes down what a row says of its file.
    fn tell(&mut self, row: &Row, ids: Ids) {
        self.told.names.join(&row.seen);
        self.told.groups |= ids.grouped;
    }

    /// Takes down which requests the row waits for by their names, as far as they came before.
    fn waited_for(&mut self, row: &Row, unit: impl Fn(Time) -> Time) -> Span {
        if self.report.block_size.is_some() {
            self.after.clear();
        }
        let start = self.after.len();
        let (from, to) = row.after.unwrap_or((0, 0));
        let play = row.play.map(|play| raw(&self.record, play));
        for after in &self.record.after[from..to] {
            match self.sessions.row(play, raw(&self.record, after.name)) {
                Some(request) => self.after.push((request, after.delay.map(&unit))),
                None => self.report.warn(WarningKind::UnknownRow, self.report.lines + 1),
            }
        }
        (start, self.after.len())
    }

    fn session(&mut self, row: &Row) -> u32 {
        let record = &self.record;
        let outer = record.row;
        let name = outer.session.or(outer.id).map(|name| raw(record, name));
        let session = match (row.nested, row.session) {
            (true, None) if row.agent > 0 => self.sessions.of_agent(row.agent),
            (true, None) => self.sessions.of_object(name),
            (_, Some(session)) => {
                let parent = row.parent_turn.map(|parent| raw(record, parent));
                self.sessions.named(raw(record, session), parent)
            }
            (false, None) => Request::NO_SESSION,
        };
        if self.sessions.take_returned() {
            self.report.warn(WarningKind::ClosedSession, self.report.lines + 1);
        }
        session
    }

    /// The number of the scope that the row's ids belong to; none where they are global.
    fn scope_number(&mut self, row: &Row, session: u32) -> Option<u32> {
        let local = self.scope(row) == IdScope::Local;
        let stated = row.scope.is_some();
        self.told_scope(local, stated);
        if !local {
            return None;
        }
        let (record, sessions) = (&self.record, &mut self.sessions);
        Some(match row.play {
            Some(play) => sessions.scope_of_play(raw(record, play)),
            None if row.nested => {
                let outer = record.row;
                let name = outer.session.or(outer.id).map(|name| raw(record, name));
                let object = sessions.of_object(name);
                sessions.scope_of_session(object)
            }
            None => sessions.scope_of_session(session),
        })
    }

    #[inline]
    pub(super) fn told_scope(&mut self, local: bool, stated: bool) {
        let scope = if local { IdScope::Local } else { IdScope::Global };
        let header = self.header.unwrap_or_default();
        match &mut self.report.id_scope {
            Some(told) if told.value == scope || told.value == IdScope::Mixed => {}
            Some(told) => {
                told.value = IdScope::Mixed;
                "some rows say local, others global".clone_into(&mut told.why);
            }
            none => *none = Some(decide::id_scope(scope, &self.options, header, stated)),
        }
    }

    fn count(&mut self, row: &Row, request: &Request, meta: &Meta) {
        self.add(request, meta);
        let report = &mut self.report;
        report.sessions = self.sessions.count();
        if row.ids.is_none() && row.tokens.is_none() {
            report.warn(WarningKind::NoIds, meta.line);
        }
        if row.ids.is_some_and(|ids| ids.grouped) {
            report.warn(WarningKind::Groups, meta.line);
        }
    }

    /// Adds a request to the sums.
    #[inline]
    pub(super) fn add(&mut self, request: &Request, meta: &Meta) {
        if self.report.requests == 0 {
            self.first_line = meta.line;
        }
        let report = &mut self.report;
        report.requests += 1;
        report.blocks += u64::from(meta.ids);
        report.input_tokens += u64::from(request.input_tokens);
        report.output_tokens += u64::from(request.output_tokens);
    }
}
