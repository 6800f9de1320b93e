//! A whole trace in memory, for what serves it more than once.

use super::input::Input;
use anyhow::{Result, bail};
use kvscope::trace::{Log, ReadOptions, ReadReport, TraceReader};
use std::path::Path;

/// Reads all of a trace.
pub(crate) fn read(path: &Path, options: ReadOptions) -> Result<(Log, ReadReport)> {
    let mut input = Input::open(path)?;
    let (mut reader, mut log) = (TraceReader::new(options), Log::new());
    loop {
        let chunk = input.next()?;
        if chunk.is_empty() {
            break;
        }
        reader.push(chunk, &mut log);
        input.tell(reader.report().requests);
    }
    reader.finish(&mut log);
    log.end();
    input.done();
    let report = reader.report().clone();
    if let Some(reason) = &report.stopped {
        bail!("{reason}");
    }
    if log.is_empty() {
        super::print::warn(&report);
        bail!("the trace has no request that can be served");
    }
    Ok((log, report))
}
