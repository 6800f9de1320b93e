//! `trace`: what is in a trace.

use super::args_analyze::TraceArgs;
use super::figures::{NOTHING, counted, fixed, grouped, percent, share};
use super::{AskedWrong, print, whole};
use anyhow::Result;
use kvscope::analyze::Facts;
use kvscope::analyze::facts::{Beside, SOURCES, Source, Spread, beside, csv};
use kvscope::suggest;
use kvscope::trace::{Log, ReadReport};
use std::io::{self, Write};

/// Families and windows that are printed.
const LISTED: usize = 10;

pub(crate) fn run(args: &TraceArgs) -> Result<()> {
    let source = match &args.beside {
        None => &SOURCES[0],
        Some(id) => beside::find(id).ok_or_else(|| {
            let ids: Vec<&str> = SOURCES.iter().map(|source| source.id).collect();
            AskedWrong(format!("beside: found {id}, expected {}", suggest::one_of(id, &ids)))
        })?,
    };
    let options = args.reading.options()?;
    let (log, report) = whole::read(&args.trace, options)?;
    let written = tell(args, source, &log, &report);
    print::warn(&report);
    written
}

fn tell(args: &TraceArgs, source: &Source, log: &Log, report: &ReadReport) -> Result<()> {
    let facts = Facts::of(log);
    let beside = source.beside(&facts);
    let mut object = serde_json::to_value(&facts)?;
    object["beside"] = serde_json::to_value(&beside)?;
    object["beside_source"] = source.title.into();
    object["bad_lines"] = report.bad_lines_total.into();
    object["trace"] = serde_json::to_value(report.facts())?;
    print::results(|out| {
        if args.output.json {
            return writeln!(out, "{object}");
        }
        if args.output.csv {
            return write!(out, "{}", csv(&facts));
        }
        print::trace(out, &report.facts())?;
        show(out, &facts)?;
        show_beside(out, source, &beside)
    })
}

fn line(out: &mut impl Write, name: &str, value: &str, more: &str) -> io::Result<()> {
    writeln!(out, "{}", format!("{name:<22}{value:>16}  {more}").trim_end())
}

fn show(out: &mut impl Write, facts: &Facts) -> io::Result<()> {
    let (totals, times) = (&facts.totals, &facts.times);
    let when = if times.duration_s > 0.0 {
        format!(
            "in {} s: {}/s, {}/s in the busiest {} s; {} of arrival",
            // A few requests come within a second.
            fixed(times.duration_s, if times.duration_s < 10.0 { 3 } else { 0 }),
            fixed(times.mean_rps, 2),
            fixed(times.peak_rps, 2),
            times.bin_s,
            counted(times.moments, "moment")
        )
    } else {
        "without times".to_owned()
    };
    line(out, "requests", &grouped(totals.requests), &when)?;
    line(out, "prompt tokens", &grouped(totals.input_tokens), &spread(&facts.input_tokens))?;
    let generated = &facts.output_tokens;
    line(out, "generated tokens", &grouped(generated.sum), &spread(generated))?;
    line(out, "block references", &grouped(totals.blocks), &spread(&facts.request_blocks))?;
    popularity(out, facts)?;
    let ceiling = format!("of the tokens; {} of the blocks", share(facts.ceiling_rate));
    line(out, "ceiling", &share(facts.ceiling_token_rate), &ceiling)?;
    let gaps = &facts.gaps;
    let told = format!(
        "{} within 10 requests, {} beyond 100",
        percent(gaps.within_10, gaps.reuses),
        percent(gaps.beyond_100, gaps.reuses)
    );
    line(out, "re-uses", &grouped(gaps.reuses), &told)?;
    let is_decade = |window: u64| 10_u64.pow(window.ilog10()) == window;
    let sets = facts.working_sets.iter().filter(|it| is_decade(it.window));
    let sets: Vec<String> = sets
        .map(|it| format!("{}: {}", counted(it.window, "request"), fixed(it.mean_blocks, 0)))
        .collect();
    if !sets.is_empty() {
        line(out, "working set", "blocks in", &sets.join(", "))?;
    }
    sessions(out, facts)?;
    families(out, facts)?;
    hot_set(out, facts)
}

fn spread(it: &Spread) -> String {
    let exact = if it.quantiles_exact { "" } else { " (within 0.5 %)" };
    let quantiles = [it.p50, it.p90, it.p99].map(|value| grouped(value as u64));
    let [p50, p90, p99] = quantiles;
    format!(
        "mean {}; p50 {p50}, p90 {p90}, p99 {p99}{exact}, most {}",
        fixed(it.mean, 1),
        grouped(it.most)
    )
}

fn popularity(out: &mut impl Write, facts: &Facts) -> io::Result<()> {
    let it = &facts.popularity;
    let once = format!("{} used once", percent(it.used_once, it.distinct_blocks));
    line(out, "distinct blocks", &grouped(it.distinct_blocks), &once)?;
    let hottest = it.hottest.iter().take_while(|part| part.blocks < it.distinct_blocks);
    let hottest: Vec<String> =
        hottest.map(|part| format!("{} get {}", grouped(part.blocks), share(part.share))).collect();
    let hottest = match hottest.as_slice() {
        [] => String::new(),
        some => format!("hottest {}", some.join(", ")),
    };
    line(out, "Gini of uses", &fixed(it.gini, 3), &hottest)?;
    let (exponent, how) = it.zipf.map_or((NOTHING.to_owned(), String::new()), |zipf| {
        let ranks = grouped(zipf.ranks);
        let how = format!(
            "Zipf exponent by maximum likelihood over ranks 1 to {ranks}; largest distance {:.3}",
            zipf.distance
        );
        (fixed(zipf.exponent, 3), how)
    });
    line(out, "skew", &exponent, &how)
}

fn sessions(out: &mut impl Write, facts: &Facts) -> io::Result<()> {
    let Some(it) = &facts.sessions else { return Ok(()) };
    let waiting = match it.waiting {
        0 => String::new(),
        1 => "; 1 request waits for others".to_owned(),
        many => format!("; {} wait for others", counted(many, "request")),
    };
    line(
        out,
        "sessions",
        &grouped(it.sessions),
        &format!("turns: {}{waiting}", spread(&it.turns)),
    )?;
    line(out, "gaps in sessions, ms", &grouped(it.gaps_ms.count), &spread(&it.gaps_ms))
}

fn families(out: &mut impl Write, facts: &Facts) -> io::Result<()> {
    let tree = &facts.tree;
    let shape = format!(
        "{} deep at most; {} {}, {}",
        counted(tree.depth, "block"),
        grouped(tree.leaves),
        if tree.leaves == 1 { "leaf" } else { "leaves" },
        counted(tree.branching, "branching block")
    );
    line(out, "roots of the tree", &grouped(tree.roots), &shape)?;
    line(out, "families", &grouped(tree.families), "entered by 1 % of the requests or more")?;
    if tree.largest.is_empty() {
        return Ok(());
    }
    let head = "block  within  requests    share  of tokens  prefix  tokens  example";
    writeln!(out, "\n     {head}")?;
    for it in tree.largest.iter().take(LISTED) {
        let within = it.within.map_or(NOTHING.to_owned(), |block| block.0.to_string());
        writeln!(
            out,
            "{:>10}{within:>8}{:>10}{:>9}{:>11}{:>8}{:>8}  request {}",
            it.block.0,
            grouped(it.requests),
            share(it.share),
            share(it.token_share),
            grouped(it.prefix_blocks),
            grouped(it.prefix_tokens),
            grouped(it.example_request)
        )?;
    }
    Ok(())
}

fn hot_set(out: &mut impl Write, facts: &Facts) -> io::Result<()> {
    let windows = &facts.hot_set.windows;
    let changes: u64 = windows.iter().map(|window| window.changed).sum();
    let places = windows.iter().skip(1).map(|window| window.hot.len() as u64).sum();
    writeln!(
        out,
        "\nhot set: the ten most used prefixes of every {}; {} of {} change",
        counted(facts.hot_set.window_requests, "request"),
        grouped(changes),
        counted(places, "place")
    )?;
    for window in windows.iter().step_by(windows.len().div_ceil(LISTED).max(1)) {
        let hot: Vec<String> = window
            .hot
            .iter()
            .take(5)
            .map(|it| format!("{} ({:.0} %)", it.block.0, 100.0 * it.share))
            .collect();
        let from = grouped(window.from_request);
        writeln!(out, "  from request {from:>9}: {:>2} new; {}", window.changed, hot.join(", "))?;
    }
    Ok(())
}

fn show_beside(out: &mut impl Write, source: &Source, rows: &[Beside]) -> io::Result<()> {
    writeln!(out, "\nbeside {}", source.title)?;
    let written = |value: f64, is_share: bool| match is_share {
        true => share(value),
        false if value < 1000.0 => fixed(value, 1),
        false => grouped(value as u64),
    };
    for row in rows {
        let [theirs, here] = [row.published, row.here].map(|value| written(value, row.is_share));
        writeln!(out, "  {:<30}{theirs:>14}  here {here:>14}", row.what)?;
    }
    Ok(())
}
