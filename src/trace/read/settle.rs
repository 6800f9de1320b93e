//! What waits for the decisions on a file, and what follows from them: arrivals, and what is odd.

use super::TraceReader;
use super::decide::{self, Meta};
use super::value::Time;
use crate::model::{Request, Wait};
use crate::trace::Log;
use crate::trace::formats::SessionsAre;
use crate::trace::report::WarningKind;

impl TraceReader {
    /// Decides what the file leaves open, and lets out what waited for it.
    pub(super) fn decide(&mut self, out: &mut Log) {
        let sample = std::mem::take(&mut self.sample);
        let header = self.header.unwrap_or_default();
        let format = decide::format(self.record.vocabulary(), &self.told);
        let unit = decide::time_unit(&self.options, header, format, &sample);
        let size = decide::block_size(&self.options, header, format, (&self.told, &sample));
        self.report.schema = Some(format.id);
        self.report.schema_title = Some(format.title);
        self.report.time_unit = Some(unit);
        self.size = size.value;
        self.report.block_size = Some(size);
        self.report.rows = Some(decide::rows(&self.options, format));
        self.may_be_deltas = self.options.rows.is_none() && !format.whole_rows;
        out.set_block_size(self.size);
        let waiting = std::mem::take(&mut self.waiting);
        for (meta, found) in sample.into_iter().zip(waiting.iter()) {
            out.push(*found.request, found.blocks);
            out.set_named(out.len() <= waiting.named_to());
            if !found.token_ends.is_empty() {
                out.set_token_ends(found.token_ends);
            }
            self.settle_last(out, meta);
        }
        self.predict();
    }

    /// Gives the latest request of the queue its arrival, once the decisions are made; counts
    /// what is odd about it.
    pub(super) fn settle_last(&mut self, out: &mut Log, meta: Meta) {
        let Some((request, blocks)) = out.last_mut() else { return };
        let size = self.size;
        self.warn_of(&meta, size);
        if self.may_be_deltas && request.session != Request::NO_SESSION {
            let full = (meta.input / size).min(blocks.len() as u32);
            if !self.sessions.goes_on(request.session, blocks, full) {
                self.report.warn(WarningKind::Deltas, meta.line);
            }
        }
        let (index, session) = (request.index, request.session);
        let before = self.sessions.latest_row(session);
        let arrival_s = self.arrival_s(&meta, session);
        if let Some((request, _)) = out.last_mut() {
            request.arrival_s = arrival_s;
        }
        self.tell_waits(&meta, arrival_s, before, out);
        self.sessions.set_latest_row(session, index);
    }

    /// Says what the latest request of the log waits for: the rows it names, else its session's
    /// row before, with that one's index and arrival.
    fn tell_waits(&self, meta: &Meta, arrival_s: f64, before: Option<(u32, f64)>, out: &mut Log) {
        let sessions = self.options.sessions;
        if sessions == Some(SessionsAre::AsLogged) {
            return;
        }
        let decided = self.report.time_unit.as_ref().map(|unit| unit.value);
        let seconds = |time: Option<Time>| {
            time.map_or(0.0, |time| time.seconds(self.options.time_unit, decided))
        };
        let own_s = seconds(meta.delay) + seconds(meta.tool_wait);
        let (from, to) = meta.after;
        for &(after, delay) in &self.after[from..to] {
            let not_before_s = if meta.time.is_some() { arrival_s } else { f64::NEG_INFINITY };
            out.add_wait(Wait { after, delay_s: own_s + seconds(delay), not_before_s });
        }
        let Some((after, before_s)) = before.filter(|_| from == to) else { return };
        let delay_s = match (meta.delay.or(meta.tool_wait), sessions) {
            (Some(_), _) => own_s,
            (None, Some(SessionsAre::Closed)) => (arrival_s - before_s).max(0.0),
            (None, _) => return,
        };
        out.add_wait(Wait { after, delay_s, not_before_s: f64::NEG_INFINITY });
    }

    /// Notes what was set by hand and nothing in the file, now that it has ended, had a use for.
    pub(super) fn tell_unused(&mut self) {
        let (options, report) = (&self.options, &self.report);
        let no_sessions = report.sessions == 0;
        let unused = [
            (options.shared_prefix > 0.0 && !report.made_up, WarningKind::SharedPrefixUnused),
            (options.time_unit.is_some() && !self.has_units, WarningKind::TimeUnitUnused),
            (options.id_scope.is_some() && !report.ids, WarningKind::IdScopeUnused),
            (options.rows.is_some() && no_sessions, WarningKind::RowsUnused),
            (
                options.sessions.is_some() && no_sessions && !self.sessions.waits(),
                WarningKind::SessionsUnused,
            ),
        ];
        if report.requests > 0 {
            let kinds = unused.into_iter().filter_map(|(is_so, kind)| is_so.then_some(kind));
            kinds.for_each(|kind| self.report.warn_of_all(kind, self.first_line));
        }
    }

    #[inline]
    pub(super) fn warn_of(&mut self, meta: &Meta, size: u32) {
        let report = &mut self.report;
        // Some writers hash full blocks only; the rest of the prompt then never hits. So the
        // blocks named may end less than a block before or behind the end of the prompt.
        let (input, tokens) = (i64::from(meta.input), i64::from(size));
        let fits = (input - i64::from(meta.ids) * tokens).abs() < tokens;
        if !fits && !meta.joined && (meta.ids > 0 || self.told.ids) && !self.told.groups {
            report.warn(WarningKind::BlockCount, meta.line);
        }
        if meta.block_size.is_some_and(|stated| stated != size) {
            report.warn(WarningKind::BlockSizeOverruled, meta.line);
        }
        if meta.no_output {
            report.warn(WarningKind::NoOutput, meta.line);
        }
        if meta.time.is_none() && meta.delay.is_none() {
            report.warn(WarningKind::NoTime, meta.line);
        }
    }

    /// When the request arrives, as the trace has it.
    #[inline]
    pub(super) fn arrival_s(&mut self, meta: &Meta, session: u32) -> f64 {
        let decided = self.report.time_unit.as_ref().map(|unit| unit.value);
        let seconds = |time: Time| time.seconds(self.options.time_unit, decided);
        self.has_units |= meta.time.or(meta.delay).is_some_and(|time| !time.dated);
        let latest = self.sessions.latest_mut(session);
        let arrival_s = match (meta.time, meta.delay) {
            (Some(time), _) => seconds(time),
            (None, Some(delay)) => {
                let before = latest.as_ref().map(|latest| latest.arrival_s);
                let before = before.filter(|before| !before.is_nan()).unwrap_or(self.clock_s);
                before + seconds(delay)
            }
            (None, None) => return self.clock_s,
        };
        if let Some(latest) = latest {
            latest.arrival_s = arrival_s;
        }
        let report = &mut self.report;
        if arrival_s < self.clock_s && meta.time.is_some() {
            report.out_of_order += 1;
            report.warn(WarningKind::OutOfOrder, meta.line);
        }
        // What counts from another row says nothing about the order of the file.
        if meta.time.is_some() {
            self.clock_s = arrival_s;
        }
        report.first_arrival_s =
            Some(report.first_arrival_s.map_or(arrival_s, |first| first.min(arrival_s)));
        report.last_arrival_s =
            Some(report.last_arrival_s.map_or(arrival_s, |last| last.max(arrival_s)));
        arrival_s
    }
}
