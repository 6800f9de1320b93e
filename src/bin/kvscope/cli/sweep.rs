//! `sweep` and `merge`.

use super::args_sweep::{MergeArgs, SweepArgs};
use super::figures::{counted, grouped};
use super::{AskedWrong, config_file, pool, print, sweep_print, whole};
use anyhow::{Context, Result, bail};
use kvscope::config::Config;
use kvscope::sweep::{
    Cell, Cost, Grid, MOST_NODES, Row, Search, Shard, Sweep, TraceWords, cache_bytes, least_nodes,
    most_rate, prepare, run_cell,
};
use kvscope::trace::Log;
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::Path;

pub(crate) fn sweep(args: &SweepArgs) -> Result<()> {
    let grid: Grid = config_file::parse(&args.grid, "base, axes and seeds (docs/sweep.md)")?;
    let cells = grid.cells()?;
    let shard = args.shard.unwrap_or(Shard::WHOLE);
    let options = grid.base()?.check()?.read_options();
    let (mut log, report) = whole::read(&args.trace, options)?;
    prepare(&mut log, &cells)?;
    pool::listen()?;
    let done = if args.saturation {
        saturate(args, &log, &cells, shard)
    } else {
        rows(args, &log, (grid, &cells), shard)
    };
    print::warn(&report);
    warn_of_unread(&cells);
    done
}

/// Settings of the base and of axes that sums do not depend on, on standard error.
fn warn_of_unread(cells: &[Cell]) {
    let unread = |cell: &Cell| [cell.config.unread_on_sums(), cell.config.unread_of_whole()];
    let names: BTreeSet<&str> = cells.iter().flat_map(unread).flatten().collect();
    for name in names {
        print::tell_unread(name, "cells keep sums alone, of a trace that is held whole");
    }
}

/// Runs the cells of the slice that have no row yet.
fn rows(args: &SweepArgs, log: &Log, (grid, cells): (Grid, &[Cell]), shard: Shard) -> Result<()> {
    let mut sweep = Sweep::new(grid, TraceWords::of(log), cells.len() as u32);
    let mut journal = args.resume.as_deref().map(|path| resume(path, &mut sweep)).transpose()?;
    let open: Vec<&Cell> =
        cells.iter().filter(|cell| shard.has(cell.number) && !sweep.has(cell.number)).collect();
    let (found, left) = (sweep.rows.len(), open.len());
    if found > 0 {
        let (rows, were) = (counted(found as u64, "row"), if found == 1 { "was" } else { "were" });
        let (cells, are) = (counted(left as u64, "cell"), if left == 1 { "is" } else { "are" });
        print::tell(format_args!("{rows} {were} there already; {cells} {are} left"));
    }
    let whole = pool::run(
        &open,
        args.threads,
        |cell| run_cell(log, cell).map_err(Into::into),
        |row| {
            if let Some(journal) = &mut journal {
                write_row(journal, &row)?;
            }
            sweep.add(row).map_err(Into::into)
        },
    )?;
    let written = sweep_print::sweep(&sweep, &args.output);
    if !whole {
        let missing = cells.iter().filter(|cell| shard.has(cell.number)).count();
        let missing = missing - sweep.rows.iter().filter(|row| shard.has(row.cell)).count();
        let how = match &args.resume {
            Some(path) => format!("the same command goes on from {}", path.display()),
            None => "with --resume FILE a sweep can be gone on with".to_owned(),
        };
        written?;
        let were = if missing == 1 { "was" } else { "were" };
        bail!("stopped: {} {were} not run; {how}", counted(missing as u64, "cell"));
    }
    written
}

/// Searches for the rate and the number of nodes of every combination, at its first seed.
fn saturate(args: &SweepArgs, log: &Log, cells: &[Cell], shard: Shard) -> Result<()> {
    let first = |cell: &&Cell| {
        shard.has(cell.group)
            && (cell.number == 0 || cells[cell.number as usize - 1].group != cell.group)
    };
    let open: Vec<&Cell> = cells.iter().filter(first).collect();
    let cost = Cost { node: args.node_cost, gib: args.gib_cost };
    let mut found = Vec::new();
    let search = |cell: &&Cell| {
        let go_on = |_: &_| !pool::stopped();
        let rate = most_rate(log, &cell.config, go_on)?;
        let nodes = least_nodes(log, &cell.config, MOST_NODES, go_on)?;
        let (Some(rate), Some(nodes)) = (rate, nodes) else { return Ok(None) };
        let cost = price(log, &cell.config, &nodes, cost)?;
        Ok(Some(sweep_print::Saturation { cell: (*cell).clone(), rate, nodes, cost }))
    };
    let whole = pool::run(&open, args.threads, search, |row| {
        found.extend(row);
        Ok(())
    })?;
    found.sort_by_key(|row| row.cell.number);
    let written = sweep_print::saturation(&found, &args.output);
    if !whole || found.len() < open.len() {
        written?;
        let (ended, all) = (grouped(found.len() as u64), counted(open.len() as u64, "search"));
        bail!("stopped: {ended} of {all} came to an end");
    }
    written
}

/// What the smallest number of nodes costs with their caches; none where there is no such number,
/// or where a cache has no limit.
fn price(log: &Log, config: &Config, nodes: &Search, cost: Cost) -> Result<Option<f64>> {
    let bytes = cache_bytes(log, config)?;
    Ok(nodes.found.zip(bytes).map(|(nodes, bytes)| cost.of(nodes, bytes)))
}

/// Opens the journal of a sweep and takes in the rows it has; a new one begins with the sweep.
fn resume(path: &Path, sweep: &mut Sweep) -> Result<File> {
    let naming = || format!("cannot use {}", path.display());
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .with_context(naming)?;
    let mut reader = BufReader::new(&file);
    let mut line = String::new();
    if reader.read_line(&mut line).with_context(naming)? == 0 {
        let head = serde_json::to_string(sweep)?;
        writeln!(file, "{head}").with_context(naming)?;
        return Ok(file);
    }
    let head: Sweep = serde_json::from_str(&line)
        .with_context(|| format!("{} does not begin as a sweep's journal does", path.display()))?;
    sweep.merge(head).with_context(naming)?;
    let mut end = line.len() as u64;
    loop {
        line.clear();
        reader.read_line(&mut line).with_context(naming)?;
        // A row that was being written when the process ended has no line end, and is run again.
        if !line.ends_with('\n') {
            break;
        }
        let row: Row = serde_json::from_str(&line).with_context(naming)?;
        sweep.add(row).with_context(naming)?;
        end += line.len() as u64;
    }
    drop(reader);
    file.set_len(end).with_context(naming)?;
    file.seek(SeekFrom::End(0)).with_context(naming)?;
    Ok(file)
}

fn write_row(journal: &mut File, row: &Row) -> Result<()> {
    let line = serde_json::to_string(row)? + "\n";
    journal.write_all(line.as_bytes()).context("the row cannot be kept")
}

pub(crate) fn merge(args: &MergeArgs) -> Result<()> {
    let mut merged: Option<Sweep> = None;
    for path in &args.slices {
        let naming = || format!("cannot merge {}", path.display());
        let slice: Sweep = serde_json::from_str(&config_file::text(path)?).map_err(|error| {
            AskedWrong(format!("{}: {error}; expected what `sweep --json` printed", naming()))
        })?;
        match &mut merged {
            None => merged = Some(slice),
            Some(merged) => merged.merge(slice).with_context(naming)?,
        }
    }
    let merged = merged.expect("clap asks for one at least");
    let written = sweep_print::sweep(&merged, &args.output);
    if merged.missing() > 0 {
        written?;
        let (missing, all) = (merged.missing() as u64, u64::from(merged.cells));
        let have = if missing == 1 { "has" } else { "have" };
        bail!("{} of {} {have} no row: slices are missing", grouped(missing), counted(all, "cell"));
    }
    written
}
