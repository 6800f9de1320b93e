//! A whole trace in memory, or a sample of it, for what serves it more than once.

use super::input::Input;
use anyhow::{Result, bail};
use kvscope::session::MOST_KEPT_REFERENCES;
use kvscope::trace::thin::{Sample, Thinner};
use kvscope::trace::{Log, ReadOptions, ReadReport, TraceReader};
use std::path::Path;

/// Reads all of a trace.
pub(crate) fn read(path: &Path, options: ReadOptions) -> Result<(Log, ReadReport)> {
    let (mut log, report) = read_with(path, options, |_, _| {})?;
    log.end();
    Ok((log, report))
}

/// Reads all of a trace and keeps a share of its blocks.
pub(crate) fn sample(path: &Path, options: ReadOptions, rate: f64) -> Result<(Sample, ReadReport)> {
    let mut thinner = Thinner::new(rate, MOST_KEPT_REFERENCES);
    let (_, report) = read_with(path, options, |log, reader| thinner.take_read(log, reader))?;
    Ok((thinner.finish(), report))
}

/// Reads a trace to its end; after each chunk `take` is given what there is.
fn read_with(
    path: &Path,
    options: ReadOptions,
    mut take: impl FnMut(&mut Log, &mut TraceReader),
) -> Result<(Log, ReadReport)> {
    let mut input = Input::open(path)?;
    let (mut reader, mut log) = (TraceReader::new(options), Log::new());
    loop {
        let chunk = input.next()?;
        if chunk.is_empty() {
            break;
        }
        reader.push(chunk, &mut log);
        take(&mut log, &mut reader);
        input.tell(reader.report().requests);
    }
    reader.finish(&mut log);
    take(&mut log, &mut reader);
    input.done();
    let report = reader.report().clone();
    if let Some(reason) = &report.stopped {
        bail!("{reason}");
    }
    if log.is_empty() {
        super::print::warn(&report);
        bail!("{}", super::print::unserved(path, &report));
    }
    Ok((log, report))
}
