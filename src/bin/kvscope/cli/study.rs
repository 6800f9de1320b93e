//! `study`: a published figure or claim beside what this model gives.

use super::args::StudyArgs;
use super::figures::{NOTHING, fixed, share, signed};
use super::{AskedWrong, pool, print, whole};
use anyhow::{Result, bail};
use kvscope::studies::{self, Findings, Kind, STUDIES, Study, StudyRow, Table, Unit};
use kvscope::suggest;
use kvscope::trace::{Log, ReadOptions, synth};
use serde::Serialize;
use std::io::{self, Write};

/// What stands for all of them: the claims of the research notes, then what tells whether this
/// model is right.
const CLAIMS: &str = "claims";

pub(crate) fn run(args: &StudyArgs) -> Result<()> {
    let Some(id) = &args.study else { return print::results(list) };
    let rows: Vec<&StudyRow> = match studies::find(id) {
        Some(row) => vec![row],
        None if id == CLAIMS => claims(),
        None => {
            let mut ids: Vec<&str> = STUDIES.iter().map(|row| row.about.id).collect();
            ids.push(CLAIMS);
            let told = format!("found study {id}, expected {}", suggest::one_of(id, &ids));
            return Err(AskedWrong(told).into());
        }
    };
    let given = match &args.trace {
        Some(trace) => Some(whole::read(trace, ReadOptions::default())?),
        None => None,
    };
    pool::listen()?;
    // Neighbours are of one workload, mostly.
    let mut stand_in: Option<(&str, Log)> = None;
    let mut done = Vec::new();
    for row in rows {
        let log = match &given {
            Some((log, _)) => log,
            None => {
                let kept = stand_in.take().filter(|(id, _)| *id == row.about.workload);
                let (_, log) = stand_in.insert(
                    kept.unwrap_or_else(|| (row.about.workload, built_in(row.about.workload))),
                );
                log
            }
        };
        done.push(Studied { id: row.about.id, row, study: study(args, row, log)? });
    }
    let told = tell(args, id, &done);
    given.iter().for_each(|(_, report)| print::warn(report));
    warn_of_unread(args, &done);
    told
}

/// Seeds and a trace that none of the studies has a use for, on standard error.
fn warn_of_unread(args: &StudyArgs, done: &[Studied<'_>]) {
    let depends_on_chance = |it: &Studied<'_>| (it.row.cells)(1) != (it.row.cells)(2);
    if args.seeds.is_some() && !done.iter().any(depends_on_chance) {
        print::tell_unread("seeds", "nothing in this study depends on chance");
    }
    let serves_its_own = |it: &Studied<'_>| {
        let cells = (it.row.cells)(1);
        let own = |cell: &studies::Cell| matches!(cell.serves, studies::Serves::Workload { .. });
        !cells.is_empty() && cells.iter().all(own)
    };
    if args.trace.is_some() && done.iter().all(serves_its_own) {
        print::tell_unread("the trace", "this study serves workloads of its own");
    }
}

/// Claims of the notes first, then figures of papers and the counts of other projects.
fn claims() -> Vec<&'static StudyRow> {
    let mut rows: Vec<&StudyRow> = STUDIES.to_vec();
    rows.sort_by_key(|row| row.about.kind != Kind::Claim);
    rows
}

/// A study that has run, as `claims --json` prints it.
#[derive(Serialize)]
struct Studied<'a> {
    id: &'a str,
    #[serde(skip)]
    row: &'a StudyRow,
    #[serde(flatten)]
    study: Study,
}

/// The stand-in, at the length of the trace it stands for.
fn built_in(id: &str) -> Log {
    let row = synth::find(id).expect("a study names a built-in workload");
    synth::log(row, 0, row.default_requests)
}

/// Runs the cells on all threads.
fn study(args: &StudyArgs, row: &StudyRow, log: &Log) -> Result<Study> {
    let seeds = args.seeds.unwrap_or(row.about.default_seeds);
    let cells = (row.cells)(seeds);
    let mut summaries = vec![None; cells.len()];
    let places: Vec<usize> = (0..cells.len()).collect();
    let work = |&place: &usize| Ok((place, cells[place].run(log)?));
    let all_done = pool::run(&places, args.threads, work, |(place, summary)| {
        summaries[place] = Some(summary);
        Ok(())
    })?;
    if !all_done {
        bail!("stopped: {} has no verdict without all of its runs", row.about.id);
    }
    let summaries: Vec<_> = summaries.into_iter().flatten().collect();
    Ok((row.conclude)(&Findings { seeds, log, summaries: &summaries }))
}

fn tell(args: &StudyArgs, id: &str, all: &[Studied<'_>]) -> Result<()> {
    let object = match all {
        [one] if id != CLAIMS => serde_json::to_string(&one.study)?,
        _ => serde_json::to_string(all)?,
    };
    print::results(|out| {
        if args.json {
            return writeln!(out, "{object}");
        }
        let mut workload = "";
        for (at, Studied { row, study, .. }) in all.iter().enumerate() {
            if at > 0 {
                writeln!(out)?;
            }
            if args.trace.is_none() && row.about.workload != workload {
                workload = row.about.workload;
                writeln!(out, "on the built-in workload {workload}: no trace was given\n")?;
            }
            print_study(out, row, study)?;
        }
        Ok(())
    })
}

fn list(out: &mut impl Write) -> io::Result<()> {
    for row in STUDIES {
        writeln!(out, "{:<22}{}\n{:22}{}", row.about.id, row.about.title, "", row.about.summary)?;
    }
    writeln!(out, "{CLAIMS:<22}All of these: the claims of the research notes first.")
}

fn print_study(out: &mut impl Write, row: &StudyRow, study: &Study) -> io::Result<()> {
    writeln!(out, "{} ({})", row.about.title, row.about.source)?;
    if row.about.kind == Kind::Claim {
        writeln!(out, "  \"{}\"", row.about.summary)?;
    }
    for table in &study.tables {
        writeln!(out, "\n{}", table.title)?;
        print_table(out, table)?;
    }
    writeln!(out, "\n{}: {}.", study.verdict.holds.words(), study.verdict.sentence)?;
    for fact in &study.facts {
        let fitted = if fact.fitted { " (fitted)" } else { "" };
        writeln!(out, "  {}: {}{fitted}", fact.name, fact.value)?;
    }
    Ok(())
}

fn print_table(out: &mut impl Write, table: &Table) -> io::Result<()> {
    let cells = |row: &studies::Row| -> Vec<String> {
        let units = table.columns.iter().skip(1).map(|column| column.unit);
        row.values.iter().zip(units).map(|(&value, unit)| written(value, unit)).collect()
    };
    let rows: Vec<Vec<String>> = table.rows.iter().map(cells).collect();
    let names = table.rows.iter().map(|row| row.name.chars().count());
    let first = names.max().unwrap_or(0).max(20);
    for (at, column) in table.columns.iter().enumerate() {
        if at == 0 {
            write!(out, "{:<first$}", column.name)?;
        } else {
            write!(out, "  {:>width$}", column.name, width = width(table, &rows, at))?;
        }
    }
    writeln!(out)?;
    for (row, cells) in table.rows.iter().zip(&rows) {
        write!(out, "{:<first$}", row.name)?;
        for (at, cell) in cells.iter().enumerate() {
            write!(out, "  {:>width$}", cell, width = width(table, &rows, at + 1))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// Characters of the widest cell of a column.
fn width(table: &Table, rows: &[Vec<String>], at: usize) -> usize {
    let cells = rows.iter().map(|row| row[at - 1].chars().count());
    cells.max().unwrap_or(0).max(table.columns[at].name.chars().count())
}

fn written(value: Option<f64>, unit: Unit) -> String {
    let Some(value) = value else { return NOTHING.to_owned() };
    match unit {
        Unit::Name => String::new(),
        Unit::Number => fixed(value, 1),
        Unit::Count => fixed(value, 0),
        Unit::Spread => fixed(100.0 * value, 2),
        Unit::Points => format!("{} points", fixed(100.0 * value, 2)),
        Unit::Seconds => format!("{} s", fixed(value, 2)),
        Unit::Share => share(value),
        Unit::Difference => format!("{} %", signed(100.0 * value, 1)),
    }
}
