//! `curve`: hit rate against capacity.

use super::args_analyze::CurveArgs;
use super::figures::{counted, fixed, grouped, share};
use super::{AskedWrong, pool, print, whole};
use anyhow::{Result, bail};
use kvscope::analyze::curve::{Curve, CurveLine, Job, Plan, WORTH, measure};
use kvscope::config::{Capacity, Checked, Config};
use kvscope::model::{DEFAULT_BLOCK_SIZE, UNLIMITED_BLOCKS};
use kvscope::trace::Log;
use kvscope::trace::thin::Sample;
use std::io::{self, Write};
use std::ops::RangeInclusive;

pub(crate) fn run(args: &CurveArgs) -> Result<()> {
    let configs = args.configs()?;
    let rate = args.sample()?;
    let checked = configs.iter().map(Config::check).collect::<Result<Vec<_>, _>>()?;
    let options = checked[0].read_options();
    let capacities = |log: &Log, rate| {
        range(args, &checked[0], log.block_size().unwrap_or(DEFAULT_BLOCK_SIZE), rate)
    };
    let (mut log, report, mut plan) = match rate {
        None => {
            let (log, report) = whole::read(&args.trace, options)?;
            let plan = Plan::new(&log, &configs, capacities(&log, 1.0)?, args.points.into())?;
            (log, report, plan)
        }
        Some(rate) => {
            let (sample, report) = whole::sample(&args.trace, options, rate)?;
            let capacities = capacities(&sample.log, sample.whole.rate)?;
            let Sample { log, whole } = sample;
            let plan = Plan::of_sample(&log, whole, &configs, capacities, args.points.into())?;
            (log, report, plan)
        }
    };
    if plan.needs_future() {
        log.look_ahead()?;
    }
    pool::listen()?;
    let mut is_complete = true;
    while is_complete {
        let jobs = plan.round();
        if jobs.is_empty() {
            break;
        }
        let work = |job: &Job| Ok((job.clone(), measure(&log, job)?));
        is_complete = pool::run(&jobs, args.threads, work, |(job, measured)| {
            plan.take(&job, measured);
            Ok(())
        })?;
    }
    let curve = plan.curve(is_complete);
    let written = tell(args, &curve);
    print::warn(&report);
    if args.has_needless_router() {
        print::tell_unread("router", "the curve is of one node; say more with --nodes");
    }
    written?;
    if !is_complete {
        bail!("stopped: the curve has what was measured until then");
    }
    Ok(())
}

fn tell(args: &CurveArgs, curve: &Curve) -> Result<()> {
    let object = serde_json::to_string(curve)?;
    print::results(|out| {
        if args.output.json {
            return writeln!(out, "{object}");
        }
        if args.output.csv { csv(out, curve) } else { show(out, curve, args.router()) }
    })
}

/// The capacities that were asked for, in blocks; `None` where none was. A sample of `rate` of the
/// blocks tells none below that of one of them.
fn range(
    args: &CurveArgs,
    checked: &Checked,
    of_trace: u32,
    rate: f64,
) -> Result<Option<RangeInclusive<u32>>> {
    let (Some(from), Some(to)) = (&args.from, &args.to) else { return Ok(None) };
    let block_size = checked.block_size.unwrap_or(of_trace);
    let blocks = |name: &str, text: &str| {
        let asked_wrong =
            |expected: String| AskedWrong(format!("{name}: found {text}, expected {expected}"));
        let capacity = Capacity::parse(text).map_err(asked_wrong)?;
        let blocks = capacity.blocks(block_size, checked.model());
        let blocks = blocks.filter(|&blocks| blocks < UNLIMITED_BLOCKS);
        blocks.ok_or_else(|| asked_wrong("at least one block, and a limit".to_owned()))
    };
    let (first, last) = (blocks("from", from)?, blocks("to", to)?);
    if last <= first {
        let told = format!(
            "to: found {to}, which is {}; expected more than {}",
            counted(last.into(), "block"),
            grouped(first.into())
        );
        return Err(AskedWrong(told).into());
    }
    if f64::from(first) * rate < 1.0 {
        let told = format!(
            "from: found {from}, which is {}; a sample of {rate} of the blocks tells capacities \
             of {} and more",
            counted(first.into(), "block"),
            fixed((1.0 / rate).ceil(), 0)
        );
        return Err(AskedWrong(told).into());
    }
    Ok(Some(first..=last))
}

fn show(out: &mut impl Write, curve: &Curve, router: &str) -> io::Result<()> {
    let each = match curve.nodes {
        1 => "one node".to_owned(),
        nodes => format!("each of {nodes} nodes under {router}"),
    };
    writeln!(
        out,
        "token hit rate by capacity of {each}, in blocks of {} and GiB of {}; ceiling {} of \
         the tokens, {} of the blocks",
        counted(curve.block_size.into(), "token"),
        curve.model,
        share(curve.ceiling_token_rate),
        share(curve.ceiling_rate)
    )?;
    if let Some(rate) = curve.sample_rate {
        writeln!(
            out,
            "estimated from {} % of the blocks: rates may be off by a point or two \
             (docs/metrics.md)",
            100.0 * rate
        )?;
    }
    for line in &curve.lines {
        show_line(out, line)?;
    }
    if !curve.crossings.is_empty() {
        writeln!(out)?;
    }
    curve.crossings.iter().try_for_each(|crossing| writeln!(out, "{}", crossing.sentence))
}

fn show_line(out: &mut impl Write, line: &CurveLine) -> io::Result<()> {
    let knee = line.knee.map_or("no knee as far as was measured".to_owned(), |knee| {
        format!(
            "knee at {}, {} GiB, {}: beyond it doubling gains less than 1 point",
            counted(knee.capacity.into(), "block"),
            fixed(knee.gib, 1),
            share(knee.token_hit_rate)
        )
    });
    writeln!(out, "\n{} ({}): {knee}", line.name, line.method)?;
    if let Some(worth) = line.worth {
        writeln!(
            out,
            "from {}, {} GiB, {} on a GiB brings less than {:.0} % of what the first brought",
            counted(worth.capacity.into(), "block"),
            fixed(worth.gib, 1),
            share(worth.token_hit_rate),
            100.0 * WORTH
        )?;
    }
    writeln!(out, "{:>12}{:>12}{:>11}{:>11}{:>11}", "blocks", "GiB", "tokens", "prefix", "any")?;
    for point in &line.points {
        writeln!(
            out,
            "{:>12}{:>12}{:>11}{:>11}{:>11}",
            grouped(u64::from(point.capacity)),
            fixed(point.gib, 2),
            share(point.token_hit_rate),
            share(point.prefix_hit_rate),
            share(point.block_hit_rate)
        )?;
    }
    Ok(())
}

fn csv(out: &mut impl Write, curve: &Curve) -> io::Result<()> {
    writeln!(
        out,
        "policy,method,capacity_blocks,gib,token_hit_rate,prefix_hit_rate,block_hit_rate"
    )?;
    for line in &curve.lines {
        for it in &line.points {
            writeln!(
                out,
                "\"{}\",{},{},{},{},{},{}",
                line.name,
                line.method,
                it.capacity,
                it.gib,
                it.token_hit_rate,
                it.prefix_hit_rate,
                it.block_hit_rate
            )?;
        }
    }
    Ok(())
}
