//! `run`, and how a trace is served as it is read.

use super::args::RunArgs;
use super::input::Input;
use super::print;
use anyhow::{Result, bail};
use kvscope::config::Config;
use kvscope::observe::columns::series_csv;
use kvscope::session::Session;
use kvscope::sim::{Lane, Summary};
use kvscope::trace::ReadReport;
use serde_json::Value;
use std::io::Write;
use std::path::Path;

pub(crate) fn run(args: &RunArgs) -> Result<()> {
    let (lane, report) = serve(&args.trace, &args.cluster.config()?, None)?;
    let summary = lane.summary();
    let object = object(&summary, &report)?;
    let written = print::results(|out| {
        if args.json {
            return writeln!(out, "{object}");
        }
        if args.csv {
            let series = lane.metrics().detail().map(|detail| series_csv(detail.series()));
            return write!(out, "{}", series.unwrap_or_default());
        }
        if args.events {
            return write!(out, "{}", lane.events_csv());
        }
        print::trace(out, &report.facts())?;
        print::summary(out, &summary, lane.config().checked.model())
    });
    print::warn(&report);
    print::warn_of_late(&summary);
    print::warn_of_perturbations(&summary);
    print::warn_of_lane(&lane);
    written
}

/// What `--json` prints of a run.
pub(super) fn object(summary: &Summary, report: &ReadReport) -> Result<Value> {
    let mut object = serde_json::to_value(summary)?;
    object["bad_lines"] = report.bad_lines_total.into();
    object["trace"] = serde_json::to_value(report.facts())?;
    Ok(object)
}

/// Where to stop, and who sees the decisions before.
pub(super) struct Stop<'a> {
    /// The first request whose decision is taken down.
    pub(super) from: u64,
    /// The last one, after which no more is served.
    pub(super) to: u64,
    /// Sees the lane after each of them.
    pub(super) take: &'a mut dyn FnMut(&Lane),
}

/// Serves a trace to its end, or as far as `stop` says.
pub(super) fn serve(
    path: &Path,
    config: &Config,
    mut stop: Option<Stop<'_>>,
) -> Result<(Lane, ReadReport)> {
    let (session, report) = serve_lanes(path, std::slice::from_ref(config), false, &mut stop)?;
    let lane = session.into_lanes().pop().expect("a lane for the configuration");
    Ok((lane, report))
}

/// Serves a trace on a lane for each configuration, to its end, or as far as `stop` says, and where
/// that is wanted keeps all of it. Where that fails, what the reader has to say is told first.
pub(super) fn serve_lanes(
    path: &Path,
    configs: &[Config],
    keep: bool,
    stop: &mut Option<Stop<'_>>,
) -> Result<(Session, ReadReport)> {
    let mut session = Session::read(configs)?;
    if keep {
        session.keep();
    }
    let done = feed(&mut session, path, stop);
    let report = session.report().cloned().unwrap_or_default();
    match done {
        Ok(()) if report.requests > 0 => Ok((session, report)),
        done => {
            print::warn(&report);
            done?;
            bail!("{}", print::unserved(path, &report));
        }
    }
}

fn feed(session: &mut Session, path: &Path, stop: &mut Option<Stop<'_>>) -> Result<()> {
    let mut input = Input::open(path)?;
    loop {
        let chunk = input.next()?;
        let ended = chunk.is_empty();
        if ended {
            session.finish();
        } else {
            session.push(chunk)?;
        }
        if let Some(report) = session.report() {
            input.tell(report.requests);
            if let Some(sentence) = &report.stopped {
                input.done();
                bail!("{}: {sentence}", path.display());
            }
        }
        if step(session, stop)? || ended {
            break;
        }
    }
    input.done();
    Ok(())
}

/// Serves what waits; returns whether the last request asked for has been served.
fn step(session: &mut Session, stop: &mut Option<Stop<'_>>) -> Result<bool> {
    let Some(Stop { from, to, take }) = stop else {
        session.run()?;
        return Ok(false);
    };
    loop {
        let number = session.lanes()[0].number();
        if *to <= number {
            return Ok(true);
        }
        let wanted = *from <= number + 1;
        session.explain(wanted)?;
        let most = if wanted { 1 } else { *from - 1 - number };
        if session.step(most)? == 0 {
            return Ok(false);
        }
        if wanted {
            take(&session.lanes()[0]);
        }
    }
}
