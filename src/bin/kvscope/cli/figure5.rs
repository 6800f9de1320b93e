//! `figure5`: Mooncake FAST'25, Figure 5, beside what this model gives.

use super::args::Figure5Args;
use super::input::Input;
use super::print;
use anyhow::{Result, bail};
use kvscope::analyze::figure5::{Figure5, figure5};
use kvscope::trace::{Log, ReadOptions, ReadReport, TraceReader};
use std::io::{self, Write};

pub(crate) fn run(args: &Figure5Args) -> Result<()> {
    let mut input = Input::open(&args.trace)?;
    let mut reader = TraceReader::new(ReadOptions::default());
    let mut log = Log::new();
    loop {
        let chunk = input.next()?;
        if chunk.is_empty() {
            break;
        }
        reader.push(chunk, &mut log);
    }
    reader.finish(&mut log);
    log.end();
    input.done();
    let done = show(args, &log, reader.report());
    print::warn(reader.report());
    done
}

fn show(args: &Figure5Args, log: &Log, report: &ReadReport) -> Result<()> {
    if report.requests == 0 {
        bail!("{} has no request that can be served", args.trace.display());
    }
    let figure = figure5(log, args.seeds)?;
    let object = serde_json::to_string(&figure)?;
    print::results(|out| if args.json { writeln!(out, "{object}") } else { table(out, &figure) })
}

fn table(out: &mut impl Write, figure: &Figure5) -> io::Result<()> {
    writeln!(
        out,
        "{:<16}{:<20}{:>9}{:>11}{:>10}{:>11}{:>10}",
        "router", "in the paper", "paper", "as logged", "", "spread", ""
    )?;
    for row in &figure.rows {
        writeln!(
            out,
            "{:<16}{:<20}{:>7.2} s{:>9.2} s{:>+8.1} %{:>9.2} s{:>+8.1} %",
            row.router,
            row.called,
            row.paper_s,
            row.mean_s,
            100.0 * row.difference,
            row.spread_s,
            100.0 * row.spread_difference,
        )?;
    }
    let seeds = figure.seeds;
    writeln!(out, "\nMean time to first token; seeded routers over {seeds} seeds.")?;
    for constant in &figure.constants {
        let fitted = if constant.fitted { " (fitted)" } else { "" };
        writeln!(out, "  {}: {}{fitted}", constant.name, constant.value)?;
    }
    Ok(())
}
