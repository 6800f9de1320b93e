//! `run` and `explain`.

use super::args::{ClusterArgs, ExplainArgs, RunArgs};
use super::input::Input;
use super::print;
use anyhow::{Result, bail};
use kvscope::session::Session;
use kvscope::sim::Lane;
use kvscope::trace::ReadReport;
use std::io::Write;
use std::path::Path;

pub(crate) fn run(args: &RunArgs) -> Result<()> {
    let (lane, report) = serve(&args.trace, &args.cluster, None)?;
    print::warn(&report);
    let summary = lane.summary();
    print::warn_of_late(&summary);
    let mut out = std::io::stdout().lock();
    if args.json {
        let mut object = serde_json::to_value(&summary)?;
        object["bad_lines"] = report.bad_lines_total.into();
        object["trace"] = serde_json::to_value(report.facts())?;
        writeln!(out, "{object}")?;
    } else {
        print::trace(&mut out, &report.facts())?;
        print::summary(&mut out, &summary)?;
    }
    Ok(())
}

pub(crate) fn explain(args: &ExplainArgs) -> Result<()> {
    let (lane, report) = serve(&args.trace, &args.cluster, Some(args.request))?;
    let Some(decision) = lane.decision() else {
        bail!(
            "found request {}, expected one in [1, {}], the requests of the trace",
            args.request,
            report.requests
        );
    };
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string(decision)?)?;
    } else {
        print::decision(&mut out, decision)?;
    }
    Ok(())
}

/// Serves a trace to its end, or to just after request `until`, whose decision is taken down.
fn serve(path: &Path, cluster: &ClusterArgs, until: Option<u64>) -> Result<(Lane, ReadReport)> {
    let mut session = Session::read(&[cluster.config()?])?;
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
        if step(&mut session, until)? || ended {
            break;
        }
    }
    input.done();
    let report = session.report().cloned().unwrap_or_default();
    match session.into_lanes().pop() {
        Some(lane) if report.requests > 0 => Ok((lane, report)),
        _ => {
            print::warn(&report);
            bail!("{} has no request that can be served", path.display());
        }
    }
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
