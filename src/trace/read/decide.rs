//! What a file leaves open (time unit, block size) is decided once, on its first requests.

use super::ReadOptions;
use super::line::{Line, Time};
use crate::model::DEFAULT_BLOCK_SIZE;
use crate::trace::formats::{Field, Schema, TimeUnit};
use crate::trace::report::{Decided, DecidedBy};

/// What a request needs besides itself until the decisions are made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meta {
    /// Its line, from 1.
    pub(super) line: u64,
    pub(super) time: Option<Time>,
    pub(super) input: u32,
    pub(super) ids: u32,
    pub(super) no_output: bool,
    /// The block size that the line states.
    pub(super) block_size: Option<u32>,
}

/// What the header line says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Header {
    pub(super) block_size: Option<u32>,
    pub(super) time_unit: Option<TimeUnit>,
}

/// The block sizes that are tried where none is stated.
const SIZES: [u32; 7] = [16, 32, 64, 128, 256, 512, 1024];

/// The family of the trace whose first request stands on `line`.
pub(super) fn schema_of(line: &Line, header: bool) -> Schema {
    let preferred = [Field::Time, Field::Input, Field::Output, Field::HashIds];
    if header {
        Schema::Dynamo
    } else if line.has(Field::ParentTurn) {
        Schema::QwenBailian
    } else if line.has_preferred(Field::BlockSize) {
        Schema::KvCacheAi
    } else if line.has(Field::BlockSize) {
        Schema::AiPerf
    } else if preferred.iter().all(|&field| line.has_preferred(field)) {
        Schema::Mooncake
    } else {
        Schema::Aliases
    }
}

/// Decides the unit of the times that do not state their own.
pub(super) fn time_unit(
    options: &ReadOptions,
    header: Header,
    schema: Schema,
    sample: &[Meta],
) -> Decided<TimeUnit> {
    let decided = |value, by, why| Decided { value, by, why };
    if let Some(unit) = options.time_unit {
        return decided(unit, DecidedBy::Option, "set by hand".to_owned());
    }
    if let Some(unit) = header.time_unit {
        return decided(unit, DecidedBy::Header, "stated by the header line".to_owned());
    }
    let times: Vec<Time> = sample.iter().filter_map(|meta| meta.time).collect();
    if let Some(unit) = times.first().and_then(|time| time.unit) {
        return decided(unit, DecidedBy::Field, "stated by the lines themselves".to_owned());
    }
    if let Some(unit) = schema.time_unit(times.iter().all(|time| time.whole)) {
        let why = format!("{} traces count in {}", schema.title(), unit.symbol());
        return decided(unit, DecidedBy::Schema, why);
    }
    let times: Vec<f64> =
        times.iter().filter(|time| time.unit.is_none()).map(|time| time.value).collect();
    unit_by_date(&times)
        .or_else(|| unit_by_gap(&times))
        .unwrap_or_else(|| no_unit(times.is_empty()))
}

fn no_unit(no_times: bool) -> Decided<TimeUnit> {
    let why = if no_times {
        "the first requests have no times".to_owned()
    } else {
        "the first requests arrive all at once: milliseconds assumed".to_owned()
    };
    Decided { value: TimeUnit::Milliseconds, by: DecidedBy::Assumed, why }
}

/// A time that is a date of our days in one unit is in that unit.
fn unit_by_date(times: &[f64]) -> Option<Decided<TimeUnit>> {
    const YEAR_2010_TO_2100_S: std::ops::Range<f64> = 1.262e9..4.102e9;
    let &first = times.first()?;
    let value = TimeUnit::ALL
        .into_iter()
        .find(|unit| YEAR_2010_TO_2100_S.contains(&(first / unit.per_second())))?;
    let why = format!("the first time, {first}, is a date of our days in {}", value.symbol());
    Some(Decided { value, by: DecidedBy::Fit, why })
}

/// The usual gap between arrivals is taken to lie between 0.02 and 20 seconds; in seconds also
/// below.
fn unit_by_gap(times: &[f64]) -> Option<Decided<TimeUnit>> {
    const MOST_S: f64 = 20.0;
    let mut gaps: Vec<f64> =
        times.windows(2).map(|pair| (pair[1] - pair[0]).abs()).filter(|&gap| gap > 0.0).collect();
    gaps.sort_by(f64::total_cmp);
    let &median = gaps.get(gaps.len() / 2)?;
    let value = TimeUnit::ALL
        .into_iter()
        .find(|unit| median / unit.per_second() < MOST_S)
        .unwrap_or(TimeUnit::Nanoseconds);
    let why = format!(
        "the median gap of the first {} times is {median}, most likely in {}",
        times.len(),
        value.symbol()
    );
    Some(Decided { value, by: DecidedBy::Fit, why })
}

/// Decides the block size.
pub(super) fn block_size(
    options: &ReadOptions,
    header: Header,
    schema: Schema,
    sample: &[Meta],
) -> Decided<u32> {
    let decided = |value, by, why| Decided { value, by, why };
    if let Some(size) = options.block_size {
        return decided(size, DecidedBy::Option, "set by hand".to_owned());
    }
    if let Some(size) = header.block_size {
        return decided(size, DecidedBy::Header, "stated by the header line".to_owned());
    }
    if let Some(size) = sample.iter().find_map(|meta| meta.block_size) {
        return decided(size, DecidedBy::Field, "stated by the lines themselves".to_owned());
    }
    let whole_blocks = |input: u32, size: u32| input / size;
    if let Some(size) = best_fit(sample, u32::div_ceil) {
        let why = format!("hash_ids = ceil(input_length / {size}) in the first requests");
        return decided(size, DecidedBy::Fit, why);
    }
    if let Some(size) = best_fit(sample, whole_blocks) {
        let why = format!("hash_ids = floor(input_length / {size}) in the first requests");
        return decided(size, DecidedBy::Fit, why);
    }
    if schema == Schema::QwenBailian {
        let why = format!("{} traces have blocks of 16 tokens", schema.title());
        return decided(16, DecidedBy::Schema, why);
    }
    let why = "no single size fits the first requests".to_owned();
    decided(DEFAULT_BLOCK_SIZE, DecidedBy::Assumed, why)
}

/// The one size that explains the number of ids in at least nine of ten requests, and in more
/// than any other size does.
fn best_fit(sample: &[Meta], blocks: impl Fn(u32, u32) -> u32) -> Option<u32> {
    let telling = || sample.iter().filter(|meta| meta.input > 0 && meta.ids > 0);
    let fits = |size| telling().filter(|meta| blocks(meta.input, size) == meta.ids).count();
    let counts = SIZES.map(|size| (fits(size), size));
    let &(most, size) = counts.iter().max_by_key(|(count, _)| *count)?;
    let unique = counts.iter().filter(|(count, _)| *count == most).count() == 1;
    (unique && most > 0 && most * 10 >= telling().count() * 9).then_some(size)
}
