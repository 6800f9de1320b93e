//! `run` and `explain`.

use super::args::{ClusterArgs, ExplainArgs, RunArgs};
use super::input::Input;
use super::{AskedWrong, print};
use anyhow::{Result, bail};
use kvscope::observe::columns::series_csv;
use kvscope::session::Session;
use kvscope::sim::Lane;
use kvscope::trace::ReadReport;
use std::io::Write;
use std::path::Path;

pub(crate) fn run(args: &RunArgs) -> Result<()> {
    let (lane, report) = serve(&args.trace, &args.cluster, None)?;
    let summary = lane.summary();
    let mut object = serde_json::to_value(&summary)?;
    object["bad_lines"] = report.bad_lines_total.into();
    object["trace"] = serde_json::to_value(report.facts())?;
    let written = print::results(|out| {
        if args.json {
            return writeln!(out, "{object}");
        }
        if args.csv {
            let series = lane.metrics().detail().map(|detail| series_csv(detail.series()));
            return write!(out, "{}", series.unwrap_or_default());
        }
        print::trace(out, &report.facts())?;
        print::summary(out, &summary, lane.config().checked.model())
    });
    print::warn(&report);
    print::warn_of_late(&summary);
    written
}

pub(crate) fn explain(args: &ExplainArgs) -> Result<()> {
    let (lane, report) = serve(&args.trace, &args.cluster, Some(args.request))?;
    let written = match lane.decision() {
        Some(decision) => {
            let object = serde_json::to_string(decision)?;
            print::results(|out| {
                if args.json { writeln!(out, "{object}") } else { print::decision(out, decision) }
            })
        }
        None => Err(AskedWrong(format!(
            "found request {}, expected one in [1, {}], the requests of the trace",
            args.request, report.requests
        ))
        .into()),
    };
    print::warn(&report);
    written
}

/// Serves a trace to its end, or to just after request `until`, whose decision is taken down.
/// Where that fails, what the reader has to say is told first.
fn serve(path: &Path, cluster: &ClusterArgs, until: Option<u64>) -> Result<(Lane, ReadReport)> {
    let mut session = Session::read(&[cluster.config()?])?;
    let done = feed(&mut session, path, until);
    let report = session.report().cloned().unwrap_or_default();
    match (done, session.into_lanes().pop()) {
        (Ok(()), Some(lane)) if report.requests > 0 => Ok((lane, report)),
        (done, _) => {
            print::warn(&report);
            done?;
            bail!("{} has no request that can be served", path.display());
        }
    }
}

fn feed(session: &mut Session, path: &Path, until: Option<u64>) -> Result<()> {
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
        if step(session, until)? || ended {
            break;
        }
    }
    input.done();
    Ok(())
}

/// Serves what waits; returns whether request `until` has been reached.
fn step(session: &mut Session, until: Option<u64>) -> Result<bool> {
    let Some(until) = until else {
        session.run()?;
        return Ok(false);
    };
    loop {
        let number = session.lanes()[0].number();
        if until <= number {
            return Ok(true);
        }
        session.explain(number + 1 == until)?;
        if session.step((until - 1 - number).max(1))? == 0 {
            return Ok(false);
        }
    }
}
