//! Results for people to read, and the one way in which anything is written.

use super::figures::{NOTHING, counted, fixed, grouped, percent, seconds, share};
use super::print_monitoring::monitoring;
use kvscope::clock::ModelRow;
use kvscope::config::Config;
use kvscope::observe::{Balance, Course};
use kvscope::route::Decision;
use kvscope::sim::{Lane, PerturbedEvent, PerturbedSummary, Summary, TtftSummary};
use kvscope::trace::order::REORDER_WINDOW;
use kvscope::trace::{FactLine, ReadReport, TraceFacts};
use std::fmt;
use std::io::{Error, Result, StdoutLock, Write};
use std::path::Path;

/// Writes the results of a run: whatever becomes of standard error, they come first.
pub(crate) fn results(
    write: impl FnOnce(&mut StdoutLock<'static>) -> Result<()>,
) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    // Flushed here: what fails when the process ends, fails unheard.
    write(&mut out).and_then(|()| out.flush()).map_err(not_written)
}

/// The error that results could not be written.
pub(crate) fn not_written(error: Error) -> anyhow::Error {
    anyhow::Error::new(error).context("the results cannot be written")
}

/// Says something beside the results, on standard error, to whoever is there to hear it.
pub(crate) fn tell(message: fmt::Arguments<'_>) {
    let _ = writeln!(std::io::stderr(), "{message}");
}

/// Bad lines and warnings, on standard error.
pub(crate) fn warn(report: &ReadReport) {
    if report.bad_lines_total > 0 {
        let lines = counted(report.bad_lines_total, "bad line");
        let were = if report.bad_lines_total == 1 { "was" } else { "were" };
        tell(format_args!("{lines} {were} left out:"));
        for line in &report.bad_lines {
            tell(format_args!("  {line}"));
        }
        let more = report.bad_lines_total - report.bad_lines.len() as u64;
        if more > 0 {
            tell(format_args!("  and {} more", grouped(more)));
        }
    }
    for warning in &report.warnings {
        let (lines, first) = (counted(warning.count, "line"), grouped(warning.first_line));
        tell(format_args!("warning: {} ({lines}, first on line {first})", warning.message));
    }
}

/// Requests that could not be sorted by time, on standard error.
pub(crate) fn warn_of_late(summary: &Summary) {
    if summary.late_arrivals > 0 {
        tell(format_args!(
            "warning: {} came more than {} requests too late to be sorted by time; what came so \
             late was served in file order, as if it had arrived when its turn came",
            counted(summary.late_arrivals, "request"),
            grouped(REORDER_WINDOW as u64)
        ));
    }
}

/// A budget of distinct blocks that could not be kept, and batches of evictions that leave nothing,
/// on standard error.
pub(crate) fn warn_of_lane(lane: &Lane) {
    for sentence in lane.budget_warning().into_iter().chain(lane.config().batch_warning()) {
        tell(format_args!("warning: {sentence}"));
    }
}

/// Figures of a lane that are bounds, on standard error, for tables that have no signs for them.
pub(crate) fn warn_of_bounds(lane_name: &str, lane: &Lane) {
    if let Some(bounds) = lane.bounds() {
        tell(format_args!(
            "warning: lane {lane_name} knew every block up to request {}; from there on its \
             ceiling and what was wanted again are at least, its distinct blocks at most as told",
            grouped(bounds.names_known_to)
        ));
    }
}

/// What a command that does not read a setting has to say of it, on standard error.
pub(crate) fn warn_of_unread(config: &Config, holds_whole: bool) {
    let whole = if holds_whole { config.unread_of_whole() } else { Vec::new() };
    for name in config.unread_on_sums() {
        tell_unread(name, "only a run that is looked at reads it (run, compare, the page)");
    }
    for name in whole {
        tell_unread(name, "the whole trace is held, and every name with it");
    }
}

/// Why a trace that was read cannot be served.
pub(crate) fn unserved(path: &Path, report: &ReadReport) -> String {
    let why = if report.bytes == 0 { "is empty" } else { "has no request that can be served" };
    match path.to_str() {
        Some("-") => format!("standard input {why}"),
        _ => format!("{} {why}", path.display()),
    }
}

/// Something that was given and changes nothing, on standard error.
pub(crate) fn tell_unread(name: &str, why: &str) {
    tell(format_args!("warning: {name} changes nothing here: {why}"));
}

/// How the trace was read: what was decided, and from what.
pub(crate) fn trace(out: &mut impl Write, facts: &TraceFacts) -> Result<()> {
    for FactLine { name, value, why, .. } in facts.lines() {
        writeln!(out, "{name:<22}{value:>16}  {why}")?;
    }
    writeln!(out)
}

/// The figures of a run.
pub(crate) fn summary(out: &mut impl Write, summary: &Summary, model: &ModelRow) -> Result<()> {
    let line = |out: &mut dyn Write, name: &str, value: String, more: String| {
        writeln!(out, "{}", format!("{name:<22}{value:>16}  {more}").trim_end())
    };
    let rate = |part, whole| percent(part, whole);
    // Where names were forgotten, what needs them all is a bound.
    let (least, most) = if summary.bounds.is_some() { ("≥ ", "≤ ") } else { ("", "") };
    let (blocks, tokens) = (summary.sums.blocks, summary.sums.input_tokens);
    line(out, "requests", grouped(summary.sums.requests), String::new())?;
    // Without a single block id no hit rate can be told, in tokens neither.
    let named = if blocks > 0 { tokens } else { 0 };
    line(out, "token hit rate", rate(summary.sums.hit_tokens, named), {
        let ceiling = rate(summary.sums.ceiling_tokens, named);
        format!(
            "{} of {}; ceiling {least}{ceiling}",
            grouped(summary.sums.hit_tokens),
            counted(tokens, "token")
        )
    })?;
    line(out, "prefix hit rate", rate(summary.sums.prefix_hits, blocks), {
        let (ceiling, reachable) =
            (rate(summary.sums.ceiling_hits, blocks), rate(summary.sums.reachable_hits, blocks));
        format!(
            "of {}; on any node {reachable}; ceiling {least}{ceiling}",
            counted(blocks, "block")
        )
    })?;
    line(out, "any-block hit rate", rate(summary.sums.block_hits, blocks), String::new())?;
    let (capacity, size) = (summary.capacity_blocks, summary.block_size);
    let blocks = format!("blocks of {}", counted(size.into(), "token"));
    match summary.capacity_bytes {
        None => line(out, "cache of a node", "unlimited".to_owned(), blocks)?,
        Some(bytes) => line(out, "cache of a node", grouped(u64::from(capacity)), {
            let gib = fixed(bytes / f64::from(1 << 30), 2);
            format!("{blocks}: {gib} GiB of {}", model.title)
        })?,
    }
    line(out, "evictions", grouped(summary.sums.evictions), {
        format!("{least}{} wanted again", grouped(summary.sums.rewanted))
    })?;
    if let Some(bounds) = &summary.bounds {
        let distinct = format!("{most}{}", grouped(summary.distinct_blocks));
        line(out, "distinct blocks", distinct, {
            format!(
                "every one known up to request {}, then {} at most; from there on ≥ and ≤ are \
                 bounds",
                grouped(bounds.names_known_to),
                grouped(u64::from(bounds.names_budget))
            )
        })?;
    }
    let resident = summary.node_resident.iter().map(|&blocks| u64::from(blocks)).sum();
    line(out, "resident blocks", grouped(resident), {
        format!("{} stranded", grouped(summary.stranded))
    })?;
    let nodes = summary.node_requests.len();
    for (name, balance) in [
        ("largest share: work", &summary.balance_work),
        ("  requests", &summary.balance_requests),
        ("  resident blocks", &summary.balance_resident),
    ] {
        match balance.is_of_something() {
            true => {
                line(out, name, share(balance.largest_share), spread(balance, nodes))?;
            }
            false => line(out, name, NOTHING.to_owned(), "no node that lives has any".to_owned())?,
        }
    }
    happenings(out, summary)
}

/// What moved, what time it took, what was done to the cluster and what it said of itself.
fn happenings(out: &mut impl Write, summary: &Summary) -> Result<()> {
    if summary.sums.migrations > 0 {
        let blocks = counted(summary.sums.migrated_blocks, "block");
        let count = grouped(summary.sums.migrations);
        writeln!(out, "{:<22}{count:>16}  {blocks} moved", "migrations")?;
    }
    if let Some(ttft) = &summary.ttft {
        timed(out, summary, ttft)?;
    }
    if let Some(perturbed) = &summary.perturbed {
        what_if(out, perturbed)?;
    }
    if let Some(found) = &summary.monitoring {
        monitoring(out, found)?;
    }
    Ok(())
}

/// What was done to the cluster, and what came of it.
fn what_if(out: &mut impl Write, perturbed: &PerturbedSummary) -> Result<()> {
    writeln!(
        out,
        "{:<22}{:>16}  {} lost; {} retried, {} of them turned away; {} without a node",
        "perturbations",
        perturbed.events.len(),
        counted(perturbed.lost_blocks, "block"),
        counted(perturbed.retried, "request"),
        grouped(perturbed.aborted),
        grouped(perturbed.no_node),
    )?;
    for PerturbedEvent { what, record } in &perturbed.events {
        // What is too long for its column has a line of its own.
        let name = match format!("  {what}") {
            long if 22 <= long.chars().count() => {
                writeln!(out, "{long}")?;
                String::new()
            }
            name => name,
        };
        writeln!(
            out,
            "{name:<22}{:>16}  before request {}; {} lost; {} retried",
            seconds(record.at_s),
            grouped(record.request),
            counted(record.lost_blocks.into(), "block"),
            grouped(record.retried.into()),
        )?;
        if what.starts_with("forget:") && record.lost_blocks == 0 {
            let told =
                "no node had it, nothing was removed: what follows is the trace's own course";
            writeln!(out, "{:<38}  {told}", "")?;
        }
        course(out, "token hit rate", &record.hit_rate, share)?;
        if let Some(p99) = &record.p99_ttft_s {
            course(out, "p99 TTFT", p99, seconds)?;
        }
    }
    Ok(())
}

/// How far a figure fell, and when it was back.
fn course(
    out: &mut impl Write,
    name: &str,
    course: &Course,
    figure: impl Fn(f64) -> String,
) -> Result<()> {
    let (Some(before), Some(worst)) = (course.before, course.worst) else { return Ok(()) };
    let back = match (course.back_after_requests, course.back_after_s) {
        (Some(0), _) => "never more than 5 % away".to_owned(),
        (Some(requests), Some(s)) => {
            format!("back after {}, {} s", counted(requests, "request"), fixed(s, 1))
        }
        (Some(requests), None) => format!("back after {}", counted(requests, "request")),
        (None, _) => "not back by the end".to_owned(),
    };
    let (before, worst) = (figure(before), figure(worst));
    writeln!(out, "{:<22}{worst:>16}  at worst, {before} before; {back}", format!("    {name}"))
}

/// What was to be done and was not, and requests that no node was there for, on standard error.
pub(crate) fn warn_of_perturbations(summary: &Summary) {
    let Some(perturbed) = &summary.perturbed else { return };
    for what in &perturbed.not_reached {
        tell(format_args!("warning: {what} did not come: the trace ended before"));
    }
    if perturbed.no_node > 0 {
        tell(format_args!(
            "warning: {} came while no node was alive, and {} turned away",
            counted(perturbed.no_node, "request"),
            if perturbed.no_node == 1 { "was" } else { "were" }
        ));
    }
}

fn spread(balance: &Balance, nodes: usize) -> String {
    // Of the nodes that are alive, which the largest share is of too.
    let alive = balance.largest_share / balance.max_over_mean;
    let fair = share(if alive.is_finite() { alive } else { 1.0 / nodes as f64 });
    format!(
        "node {}; fair {fair}; Jain {:.3}, Gini {:.3}",
        balance.largest_node, balance.jain, balance.gini
    )
}

fn timed(out: &mut impl Write, summary: &Summary, ttft: &TtftSummary) -> Result<()> {
    writeln!(
        out,
        "{:<22}{:>16}  wait {} + transfer {} + prefill {}",
        "TTFT mean",
        seconds(ttft.mean_ttft_s),
        seconds(ttft.mean_wait_s),
        seconds(ttft.mean_transfer_s),
        seconds(ttft.mean_prefill_s),
    )?;
    for (name, value) in [("p50", ttft.p50), ("p90", ttft.p90), ("p99", ttft.p99)] {
        writeln!(out, "{:<22}{:>16}", format!("  {name}"), seconds(value))?;
    }
    writeln!(
        out,
        "{:<22}{:>16}  within {}; goodput {} requests/s; {} rejected",
        "inside objective",
        share(ttft.inside_slo_share),
        seconds(ttft.slo_s),
        fixed(ttft.goodput_rps, 3),
        grouped(summary.sums.rejected),
    )?;
    if summary.sums.transferred_blocks > 0 {
        let fetched = grouped(summary.sums.transferred_blocks);
        writeln!(out, "{:<22}{fetched:>16}", "blocks fetched")?;
    }
    Ok(())
}

/// The components of a decision, a row a node.
pub(crate) fn decision(out: &mut impl Write, decision: &Decision) -> Result<()> {
    writeln!(out, "request {} went to node {}", grouped(decision.request), decision.node)?;
    if decision.columns.is_empty() {
        return writeln!(out, "this router compares nothing");
    }
    write!(out, "{:>6}", "node")?;
    for column in &decision.columns {
        write!(out, "  {column:>14}")?;
    }
    writeln!(out)?;
    for (node, row) in decision.values.chunks(decision.columns.len()).enumerate() {
        write!(out, "{node:>6}")?;
        for value in row {
            // Nobody asked a node that is not alive.
            let said = if value.is_nan() { NOTHING.to_owned() } else { fixed(*value, 4) };
            write!(out, "  {said:>14}")?;
        }
        writeln!(out, "{}", if node as u32 == decision.node { "  ←" } else { "" })?;
    }
    Ok(())
}
