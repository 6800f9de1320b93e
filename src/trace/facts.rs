//! What was decided about a trace, and from what: the `trace` object of `run --json`, the first
//! lines of `run`, the page's panel.

use super::formats::{IdScope, RowsAre};
use super::report::{Decided, DecidedBy, HeldAs, ReadReport, Warning};
use crate::figures::grouped;
use serde::Serialize;

/// What was decided about a trace, and from what.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TraceFacts {
    /// The format's id in the table.
    pub schema: Option<&'static str>,
    /// The same for people.
    pub schema_title: &'static str,
    /// How the file holds its records.
    pub held_as: Option<HeldAs>,
    /// Symbol of the unit of times: s, ms, us, ns.
    pub time_unit: Option<&'static str>,
    /// What settled it.
    pub time_unit_from: Option<DecidedBy>,
    /// The same as a sentence.
    pub time_unit_why: String,
    /// Tokens per block.
    pub block_size: Option<u32>,
    /// What settled it.
    pub block_size_from: Option<DecidedBy>,
    /// The same as a sentence.
    pub block_size_why: String,
    /// Whether ids mean the same in every session.
    pub id_scope: Option<IdScope>,
    /// What settled it.
    pub id_scope_from: Option<DecidedBy>,
    /// The same as a sentence.
    pub id_scope_why: String,
    /// What rows of a session carry.
    pub rows: Option<RowsAre>,
    /// What settled it.
    pub rows_from: Option<DecidedBy>,
    /// The same as a sentence.
    pub rows_why: String,
    /// How the requests stand in the file: `by_time`, `not_by_time`, `without_times`.
    pub order: &'static str,
    /// The same as a sentence.
    pub order_why: String,
    /// Whether there are block ids; without them no hit rate can be told.
    pub ids: bool,
    /// Sessions that the trace names.
    pub sessions: u64,
    /// Rows that are no requests by their own word.
    pub other_rows: u64,
    /// Lines that were refused.
    pub bad_lines: u64,
    /// What is odd, each kind once.
    pub warnings: Vec<Warning>,
}

/// One decision as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FactLine {
    /// The setting that overrules it, where there is one.
    pub id: &'static str,
    /// What was decided.
    pub name: &'static str,
    /// How.
    pub value: String,
    /// From what, as a sentence.
    pub why: String,
}

/// The parts of a decision.
fn parts<T: Copy>(decided: Option<&Decided<T>>) -> (Option<T>, Option<DecidedBy>, String) {
    match decided {
        Some(decided) => (Some(decided.value), Some(decided.by), decided.why.clone()),
        None => (None, None, "no request has been read".to_owned()),
    }
}

impl ReadReport {
    /// What was decided, and from what.
    pub fn facts(&self) -> TraceFacts {
        let (unit, time_unit_from, time_unit_why) = parts(self.time_unit.as_ref());
        let (block_size, block_size_from, block_size_why) = parts(self.block_size.as_ref());
        let (id_scope, id_scope_from, id_scope_why) = parts(self.id_scope.as_ref());
        let (rows, rows_from, rows_why) = parts(self.rows.as_ref());
        let (order, order_why) = match (self.first_arrival_s, self.out_of_order) {
            (None, _) => ("without_times", "no request has a time".to_owned()),
            (_, 0) => ("by_time", "no time is smaller than one before it".to_owned()),
            (_, 1) => ("not_by_time", "1 time is smaller than the one before it".to_owned()),
            (_, many) => (
                "not_by_time",
                format!("{} times are smaller than the ones before them", grouped(many)),
            ),
        };
        TraceFacts {
            schema: self.schema,
            schema_title: self.schema_title.unwrap_or(""),
            held_as: self.held_as,
            time_unit: unit.map(super::TimeUnit::symbol),
            time_unit_from,
            time_unit_why,
            block_size,
            block_size_from,
            block_size_why,
            id_scope,
            id_scope_from,
            id_scope_why,
            rows,
            rows_from,
            rows_why,
            order,
            order_why,
            ids: self.ids,
            sessions: self.sessions,
            other_rows: self.other_rows,
            bad_lines: self.bad_lines_total,
            warnings: self.warnings.clone(),
        }
    }
}

impl TraceFacts {
    /// The decisions as lines.
    pub fn lines(&self) -> Vec<FactLine> {
        let scope = match self.id_scope {
            Some(IdScope::Global) => "global",
            Some(IdScope::Local) => "local",
            Some(IdScope::Mixed) => "mixed",
            None => "–",
        };
        let rows = match self.rows {
            Some(RowsAre::Whole) => "whole prompts",
            Some(RowsAre::Delta) => "deltas",
            None => "–",
        };
        let size = self.block_size.map_or("–".to_owned(), |size| format!("{size} tokens"));
        let scope_why = match self.ids {
            true => self.id_scope_why.clone(),
            false => "there are no block ids: no hit rate can be told".to_owned(),
        };
        let unit = self.time_unit.unwrap_or("–");
        let line = |id, name, value: &str, why: &str| FactLine {
            id,
            name,
            value: value.to_owned(),
            why: why.to_owned(),
        };
        vec![
            line("schema", "trace", self.schema.unwrap_or("–"), self.schema_title),
            line("time_unit", "time unit", unit, &self.time_unit_why),
            line("block_size", "block size", &size, &self.block_size_why),
            line("id_scope", "scope of ids", scope, &scope_why),
            line("rows", "rows of sessions", rows, &self.rows_why),
            line("order", "order", &self.order.replace('_', " "), &self.order_why),
        ]
    }
}
