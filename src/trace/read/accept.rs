//! A line that was read to a request: what it must have, its blocks' names, its place in time.

use super::decide::{self, Header, Meta};
use super::ids::{Name, Run};
use super::line::Line;
use super::problem::{LineError, Problem};
use super::{SAMPLE_REQUESTS, TraceReader};
use crate::model::BlockId;
use crate::model::Request;
use crate::trace::Log;
use crate::trace::formats::Field;
use crate::trace::intern::{Interner, RawId};
use crate::trace::report::WarningKind;

/// Sessions numbered densely. Where turns name their parent, a session is a tree of turns.
#[derive(Clone, Debug, Default)]
pub(super) struct Sessions {
    names: Interner,
    /// By name: its session.
    session_of: Vec<u32>,
    count: u32,
}

impl Sessions {
    /// The session of `name`: its parent's, if that was seen before it.
    fn session(&mut self, name: RawId<'_>, parent: Option<RawId<'_>>) -> u32 {
        let parent = parent.map(|parent| self.find(parent));
        let known = self.names.len();
        let name = self.names.child(BlockId::NONE, name).index();
        if name < known {
            return self.session_of[name];
        }
        let session = parent.unwrap_or_else(|| {
            self.count += 1;
            self.count - 1
        });
        self.session_of.push(session);
        session
    }

    /// The session of a name that may be new.
    fn find(&mut self, name: RawId<'_>) -> u32 {
        self.session(name, None)
    }
}

impl TraceReader {
    /// Makes the line just read, which ends at `end`, a request or the header.
    /// A line that is refused leaves nothing behind.
    pub(super) fn accept(
        &mut self,
        number: u64,
        end: usize,
        out: &mut Log,
    ) -> Result<(), LineError> {
        if self.is_header() {
            self.take_header();
            return Ok(());
        }
        let (ids, input) = self.required().map_err(|problem| LineError::new(end, problem))?;
        self.check_block_size()?;
        let request = self.request(input);
        let meta = Meta {
            line: number,
            time: self.line.time_with_unit(),
            input,
            ids: ids as u32,
            no_output: self.line.output.is_none(),
            block_size: self.line.block_size,
        };
        self.report.requests += 1;
        self.report.blocks += ids as u64;
        self.report.input_tokens += u64::from(input);
        self.report.output_tokens += u64::from(request.output_tokens);
        if self.report.block_size.is_some() {
            let request = self.settled(request, meta);
            let (line, interner) = (&self.line, &mut self.interner);
            out.push_with(request, |path| intern(line, interner, path));
            return Ok(());
        }
        let schema = decide::schema_of(&self.line, self.header.is_some());
        self.report.schema.get_or_insert(schema);
        let (line, interner) = (&self.line, &mut self.interner);
        self.waiting.push_with(request, |path| intern(line, interner, path));
        self.sample.push(meta);
        if self.sample.len() == SAMPLE_REQUESTS {
            self.decide(out);
        }
        Ok(())
    }

    /// Decides what the file leaves open, and lets out what waited for it.
    pub(super) fn decide(&mut self, out: &mut Log) {
        let sample = std::mem::take(&mut self.sample);
        let header = self.header.unwrap_or_default();
        let Some(schema) = self.report.schema else { return };
        let unit = decide::time_unit(&self.options, header, schema, &sample);
        let size = decide::block_size(&self.options, header, schema, &sample);
        self.report.time_unit = Some(unit);
        self.report.block_size = Some(size);
        out.set_block_size(self.report.block_size.as_ref().map_or(0, |size| size.value));
        let waiting = std::mem::take(&mut self.waiting);
        for (meta, found) in sample.into_iter().zip(waiting.iter()) {
            let request = self.settled(*found.request, meta);
            out.push(request, found.blocks);
        }
    }

    /// A first line without a request that describes the others.
    fn is_header(&self) -> bool {
        let says_something =
            [Field::Schema, Field::Version, Field::BlockSize].iter().any(|&it| self.line.has(it));
        self.report.requests == 0
            && self.report.bad_lines_total == 0
            && self.header.is_none()
            && says_something
            && !self.line.has(Field::HashIds)
            && !self.line.has(Field::Input)
            && !self.line.has(Field::Requests)
    }

    fn take_header(&mut self) {
        let text = self.line.schema.map_or("", |text| &self.line.texts[text.start..text.end]);
        self.report.header = Some(text.chars().take(64).collect());
        let Line { block_size, time_unit, .. } = self.line;
        self.header = Some(Header { block_size, time_unit });
        self.stated_block_size = block_size;
    }

    /// The number of ids and the prompt length, or why there is no request without them.
    fn required(&self) -> Result<(usize, u32), Problem> {
        let line = &self.line;
        let Some(ids) = line.ids else {
            return Err(if line.has(Field::Requests) {
                Problem::WholeSession
            } else if line.input.is_some() {
                Problem::NoHashIdsBut
            } else {
                Problem::NoHashIds
            });
        };
        let input = line.input.ok_or(Problem::NoInput)?;
        if ids > self.interner.room() {
            return Err(Problem::TooManyBlocks);
        }
        if self.report.requests >= u64::from(u32::MAX) || self.sessions.names.room() < 2 {
            return Err(Problem::TooManyRequests);
        }
        Ok((ids, input))
    }

    /// One trace has one block size.
    fn check_block_size(&mut self) -> Result<(), LineError> {
        let Some(size) = self.line.block_size else { return Ok(()) };
        match self.stated_block_size {
            Some(before) if before != size => Err(LineError {
                at: self.line.block_size_at,
                key: self.line.block_size_key,
                problem: Problem::BlockSizeChanged { before },
            }),
            _ => {
                self.stated_block_size = Some(size);
                Ok(())
            }
        }
    }

    /// The request of this line, its arrival still open.
    fn request(&mut self, input_tokens: u32) -> Request {
        let line = &self.line;
        let raw = |name| match name {
            Name::Number(number) => RawId::Number(number),
            Name::Text(text) => RawId::Text(&line.texts[text.start..text.end]),
        };
        let session = line.session.map_or(Request::NO_SESSION, |session| {
            self.sessions.session(raw(session), line.parent_turn.map(raw))
        });
        self.report.sessions = u64::from(self.sessions.count);
        Request {
            index: self.report.requests as u32,
            arrival_s: 0.0,
            input_tokens,
            output_tokens: line.output.unwrap_or(0),
            session,
        }
    }

    /// The request with its arrival, once the decisions are made; counts what is odd about it.
    fn settled(&mut self, request: Request, meta: Meta) -> Request {
        let report = &mut self.report;
        let size = report.block_size.as_ref().map_or(1, |size| size.value);
        if meta.ids != meta.input.div_ceil(size) {
            report.warn(WarningKind::BlockCount, meta.line);
        }
        if meta.block_size.is_some_and(|stated| stated != size) {
            report.warn(WarningKind::BlockSizeOverruled, meta.line);
        }
        if meta.no_output {
            report.warn(WarningKind::NoOutput, meta.line);
        }
        let Some(time) = meta.time else {
            report.warn(WarningKind::NoTime, meta.line);
            return Request { arrival_s: self.clock_s, ..request };
        };
        let decided = report.time_unit.as_ref().map(|unit| unit.value);
        let unit = self.options.time_unit.or(time.unit).or(decided);
        let arrival_s = unit.map_or(0.0, |unit| time.value / unit.per_second());
        if arrival_s < self.clock_s {
            report.out_of_order += 1;
            report.warn(WarningKind::OutOfOrder, meta.line);
        }
        self.clock_s = arrival_s;
        report.first_arrival_s =
            Some(report.first_arrival_s.map_or(arrival_s, |first| first.min(arrival_s)));
        report.last_arrival_s =
            Some(report.last_arrival_s.map_or(arrival_s, |last| last.max(arrival_s)));
        Request { arrival_s, ..request }
    }
}

/// Appends the blocks of a line to a column.
fn intern(line: &Line, interner: &mut Interner, path: &mut Vec<BlockId>) {
    let start = path.len();
    for run in &line.runs {
        match *run {
            Run::Numbers { first, count } => interner.extend_run(path, start, first, count),
            Run::Text(text) => {
                let parent = path[start..].last().copied().unwrap_or(BlockId::NONE);
                let raw = RawId::Text(&line.texts[text.start..text.end]);
                path.push(interner.child(parent, raw));
            }
        }
    }
}
