//! `run` and `explain`.

use super::args::{ClusterArgs, ExplainArgs, RunArgs};
use super::input::Input;
use super::print;
use anyhow::{Result, bail};
use kvscope::sim::Simulator;
use kvscope::trace::{ReadReport, TraceReader};
use std::io::Write;
use std::path::Path;

pub(crate) fn run(args: &RunArgs) -> Result<()> {
    let (simulator, report) = serve(&args.trace, &args.cluster, None)?;
    print::warn(&report);
    let summary = simulator.summary();
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
    let (simulator, report) = serve(&args.trace, &args.cluster, Some(args.request))?;
    let Some(decision) = simulator.decision() else {
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
fn serve(
    path: &Path,
    cluster: &ClusterArgs,
    until: Option<u64>,
) -> Result<(Simulator, ReadReport)> {
    // Told before anything is read; with a capacity in GiB the blocks are counted below.
    let mut simulator = Simulator::new(&cluster.config(None)?)?;
    let mut reader = TraceReader::new(simulator.config().read_options());
    let mut input = Input::open(path)?;
    let mut sized = !cluster.awaits_block_size();
    loop {
        let chunk = input.next()?;
        let ended = chunk.is_empty();
        if ended {
            reader.finish(simulator.queue());
        } else {
            reader.push(chunk, simulator.queue());
        }
        input.tell(reader.report().requests);
        if let Some(size) = &reader.report().block_size {
            if !sized {
                let parsed = std::mem::take(simulator.queue());
                simulator = Simulator::new(&cluster.config(Some(size.value))?)?;
                *simulator.queue() = parsed;
                sized = true;
            }
            simulator.set_block_size(size.value);
        }
        if let Some(sentence) = &reader.report().stopped {
            input.done();
            bail!("{}: {sentence}", path.display());
        }
        if ended {
            simulator.end();
        }
        if step(&mut simulator, until)? || ended {
            break;
        }
    }
    input.done();
    if reader.report().requests == 0 {
        print::warn(reader.report());
        bail!("{} has no request that can be served", path.display());
    }
    Ok((simulator, reader.report().clone()))
}

/// Serves what waits; returns whether request `until` has been reached.
fn step(simulator: &mut Simulator, until: Option<u64>) -> Result<bool> {
    let Some(until) = until else {
        simulator.run()?;
        return Ok(false);
    };
    while simulator.number() < until {
        simulator.explain(simulator.number() + 1 == until);
        let left = (until - 1 - simulator.number()).clamp(1, 4096) as usize;
        if simulator.step(left)? == 0 {
            return Ok(false);
        }
    }
    Ok(true)
}
