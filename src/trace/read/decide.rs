//! What a file leaves open (format, time unit, block size, scope of ids) is decided once, on its
//! first requests.

use super::ReadOptions;
use super::header::Header;
use super::problem::Span;
use super::value::Time;
use crate::columns::order;
use crate::model::DEFAULT_BLOCK_SIZE;
use crate::trace::formats::{Format, IdScope, Names, RowsAre, TimeUnit, Vocabulary};
use crate::trace::report::{Decided, DecidedBy};

/// What a request needs besides itself until the decisions are made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meta {
    /// Its line, from 1.
    pub(super) line: u64,
    pub(super) time: Option<Time>,
    /// How long after the session's row before, where the row says so.
    pub(super) delay: Option<Time>,
    /// On top of that, for a tool.
    pub(super) tool_wait: Option<Time>,
    /// Which rows waited for are its own.
    pub(super) after: Span,
    pub(super) input: u32,
    pub(super) ids: u32,
    pub(super) no_output: bool,
    /// Only what is new of its prompt stands on the row: ids and length need not fit.
    pub(super) joined: bool,
    /// The block size that the line states.
    pub(super) block_size: Option<u32>,
}

/// What the first rows have between them.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) names: Names,
    pub(super) groups: bool,
    pub(super) schema: String,
    /// The size into which token ids or made-up blocks were cut.
    pub(super) cut: Option<u32>,
    /// Rows with block ids, and with tokens.
    pub(super) ids: bool,
    pub(super) tokens: bool,
}

/// The block sizes that are tried where none is stated.
const SIZES: [u32; 9] = [16, 32, 64, 128, 256, 512, 1024, 2048, 4096];

fn decided<T>(value: T, by: DecidedBy, why: impl Into<String>) -> Decided<T> {
    Decided { value, by, why: why.into() }
}

/// The format of the trace.
pub(super) fn format(all: &Vocabulary, seen: &Seen) -> &'static Format {
    Format::told(all, &seen.names, seen.groups, &seen.schema)
}

/// Decides the unit of the times that do not state their own.
pub(super) fn time_unit(
    options: &ReadOptions,
    header: Header,
    format: &Format,
    sample: &[Meta],
) -> Decided<TimeUnit> {
    if let Some(unit) = options.time_unit {
        return decided(unit, DecidedBy::Option, "set by hand");
    }
    let times: Vec<Time> = sample.iter().filter_map(|meta| meta.time).collect();
    if let Some(unit) = header.time_unit {
        return decided(unit, DecidedBy::Header, "stated by the header line");
    }
    if let Some(unit) = times.first().and_then(|time| time.unit) {
        return decided(unit, DecidedBy::Field, "stated by the rows themselves");
    }
    let unmarked = times.iter().filter(|time| time.unit.is_none());
    let values: Vec<f64> = unmarked.map(|time| time.value).collect();
    if let Some(unit) = unit_by_date(&values) {
        return unit;
    }
    let whole = values.iter().all(|value| value.fract() == 0.0);
    if let Some(unit) = format.time_unit.filter(|_| whole || !format.whole_times) {
        let why = format!("{} traces count in {}", format.title, unit.symbol());
        return decided(unit, DecidedBy::Schema, why);
    }
    unit_by_gap(&values).unwrap_or_else(|| no_unit(values.is_empty()))
}

fn no_unit(no_times: bool) -> Decided<TimeUnit> {
    let why = if no_times {
        "the first requests have no times"
    } else {
        "the first requests arrive all at once: milliseconds assumed"
    };
    decided(TimeUnit::Milliseconds, DecidedBy::Assumed, why)
}

/// A time with as many digits as a date of our days has in one unit is in that unit.
fn unit_by_date(times: &[f64]) -> Option<Decided<TimeUnit>> {
    let &first = times.first()?;
    let value = TimeUnit::of_date(first)?;
    let digits = format!("{first:.0}").len();
    let why = format!(
        "the first time, {first}, has {digits} digits before the point: a date in {}",
        value.symbol()
    );
    Some(decided(value, DecidedBy::Digits, why))
}

/// The usual gap between arrivals is taken to lie between 0.02 and 20 seconds; in seconds also
/// below.
fn unit_by_gap(times: &[f64]) -> Option<Decided<TimeUnit>> {
    const MOST_S: f64 = 20.0;
    let mut gaps: Vec<f64> =
        times.windows(2).map(|pair| (pair[1] - pair[0]).abs()).filter(|&gap| gap > 0.0).collect();
    order::sort_by(&mut gaps, f64::total_cmp);
    let &median = gaps.get(gaps.len() / 2)?;
    let value = TimeUnit::ALL
        .into_iter()
        .find(|unit| median / unit.per_second() < MOST_S)
        .unwrap_or(TimeUnit::Nanoseconds);
    let why = format!(
        "a guess: the median gap of the first {} times is {median}, most likely in {}",
        times.len(),
        value.symbol()
    );
    Some(decided(value, DecidedBy::Fit, why))
}

/// The size that explains the number of ids, of all blocks or of full ones only. Where the format
/// has the latter, they are tried first: few requests may fit either.
fn fitting_size(sample: &[Meta], full_blocks: bool) -> Option<Decided<u32>> {
    let all = || {
        let size = best_fit(sample, u32::div_ceil)?;
        let why = format!("as many ids as ceil(prompt length / {size}) in the first requests");
        Some(decided(size, DecidedBy::Fit, why))
    };
    let full = || {
        let size = best_fit(sample, |input, size| input / size)?;
        let why = format!(
            "as many ids as floor(prompt length / {size}) in the first requests: full blocks only"
        );
        Some(decided(size, DecidedBy::Fit, why))
    };
    if full_blocks { full().or_else(all) } else { all().or_else(full) }
}

/// Decides the block size.
pub(super) fn block_size(
    options: &ReadOptions,
    header: Header,
    format: &Format,
    (seen, sample): (&Seen, &[Meta]),
) -> Decided<u32> {
    if let Some(size) = options.block_size {
        return decided(size, DecidedBy::Option, "set by hand");
    }
    if let Some(size) = header.block_size {
        return decided(size, DecidedBy::Header, "stated by the header line");
    }
    if let Some(size) = sample.iter().find_map(|meta| meta.block_size) {
        return decided(size, DecidedBy::Field, "stated by the rows themselves");
    }
    if let Some(size) = seen.cut {
        let what = if seen.tokens { "token ids are cut into" } else { "prompts are cut into" };
        let why = format!("{what} blocks of {size} tokens, unless a size is set");
        return decided(size, DecidedBy::Assumed, why);
    }
    if !seen.ids {
        let why = "the rows have no block ids".to_owned();
        return decided(DEFAULT_BLOCK_SIZE, DecidedBy::Assumed, why);
    }
    if let Some(fitting) = fitting_size(sample, format.full_blocks) {
        return fitting;
    }
    if let Some(size) = format.block_size {
        let why = format!("{} traces have blocks of {size} tokens", format.title);
        return decided(size, DecidedBy::Schema, why);
    }
    decided(
        DEFAULT_BLOCK_SIZE,
        DecidedBy::Assumed,
        "a guess: no single size fits the first requests",
    )
}

/// The one size that explains the number of ids in at least nine of ten requests, and in more
/// than any other size does.
fn best_fit(sample: &[Meta], blocks: impl Fn(u32, u32) -> u32) -> Option<u32> {
    let telling = || sample.iter().filter(|meta| meta.input > 0 && meta.ids > 0 && !meta.joined);
    let fits = |size| telling().filter(|meta| blocks(meta.input, size) == meta.ids).count();
    let counts = SIZES.map(|size| (fits(size), size));
    let &(most, size) = counts.iter().max_by_key(|(count, _)| *count)?;
    let unique = counts.iter().filter(|(count, _)| *count == most).count() == 1;
    (unique && most > 0 && most * 10 >= telling().count() * 9).then_some(size)
}

/// What there is to say about the scope of ids.
pub(super) fn id_scope(
    value: IdScope,
    options: &ReadOptions,
    header: Header,
    stated: bool,
) -> Decided<IdScope> {
    match (value, stated) {
        _ if options.id_scope.is_some() => decided(value, DecidedBy::Option, "set by hand"),
        _ if header.scope.is_some() => {
            decided(value, DecidedBy::Header, "stated by the header line")
        }
        (_, true) => decided(value, DecidedBy::Field, "stated by the rows themselves"),
        (IdScope::Local, false) => decided(
            value,
            DecidedBy::Schema,
            "ids nested in a session belong to it, unless they are said to be global",
        ),
        _ => decided(value, DecidedBy::Assumed, "nothing says that ids are local to a session"),
    }
}

/// What rows of a session carry.
pub(super) fn rows(options: &ReadOptions, format: &Format) -> Decided<RowsAre> {
    match options.rows {
        Some(rows) => decided(rows, DecidedBy::Option, "set by hand"),
        None if format.whole_rows => {
            let why = format!("{} rows carry whole prompts", format.title);
            decided(RowsAre::Whole, DecidedBy::Schema, why)
        }
        None => decided(RowsAre::Whole, DecidedBy::Assumed, "the usual"),
    }
}
