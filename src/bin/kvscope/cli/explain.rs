//! `explain`: why requests went where they went.

use super::args::ExplainArgs;
use super::figures::{counted, fixed, grouped, seconds};
use super::run::{Stop, serve};
use super::{AskedWrong, print, whole};
use anyhow::Result;
use kvscope::analyze::decisions::{First, STORY, Step, decisions};
use kvscope::model::{BlockId, Decision};
use kvscope::sim::Lane;
use std::io::{self, Write};

pub(crate) fn explain(args: &ExplainArgs) -> Result<()> {
    let first = match (args.at, args.family) {
        (Some(seconds), _) => First::At(seconds),
        (None, Some(block)) => First::Family(BlockId(block), args.from.unwrap_or(1)),
        (None, None) => return by_number(args),
    };
    let config = args.cluster.config()?;
    let (mut log, report) = whole::read(&args.trace, config.check()?.read_options())?;
    if config.check()?.needs_future {
        log.look_ahead()?;
    }
    let found = decisions(&log, &config, first, args.count.unwrap_or(1));
    let mut written = Vec::new();
    let written = found.map_err(|error| AskedWrong(error.to_string()).into()).and_then(|steps| {
        steps.iter().try_for_each(|step| write(&mut written, args, step))?;
        print::results(|out| out.write_all(&written))
    });
    print::warn(&report);
    print::warn_of_unread(&config, true);
    written
}

fn by_number(args: &ExplainArgs) -> Result<()> {
    let (from, to) = match (args.request, args.story) {
        (Some(request), _) => (request, request),
        (None, true) => (1, STORY),
        (None, false) => (args.from.unwrap_or(1), args.to.unwrap_or(u64::MAX)),
    };
    if let Some(count) = args.count {
        let told = format!("count: found {count}, expected --at or --family to count from");
        return Err(AskedWrong(format!("{told}; with --from say --to")).into());
    }
    if to < from {
        return Err(
            AskedWrong(format!("found --from {from} and --to {to}: the first is later")).into()
        );
    }
    // Written down at once: a decision on many nodes is large, and a line is not.
    let (mut written, mut failed) = (Vec::new(), None);
    let mut take = |lane: &Lane| {
        if let Some(explained) = Step::of(lane)
            && let Err(error) = write(&mut written, args, &explained)
        {
            failed = Some(error);
        }
    };
    let config = args.cluster.config()?;
    let (_, report) = serve(&args.trace, &config, Some(Stop { from, to, take: &mut take }))?;
    let done = match failed {
        Some(error) => Err(error.into()),
        None if written.is_empty() => {
            let [from, last] = [from, report.requests].map(grouped);
            let expected = format!("one in [1, {last}], the requests of the trace");
            Err(AskedWrong(format!("found request {from}, expected {expected}")).into())
        }
        None => print::results(|out| out.write_all(&written)),
    };
    print::warn(&report);
    print::warn_of_unread(&config, false);
    done
}

fn write(out: &mut Vec<u8>, args: &ExplainArgs, explained: &Step) -> io::Result<()> {
    if args.json {
        serde_json::to_writer(&mut *out, explained)?;
        return writeln!(out);
    }
    let found = args.at.is_some() || args.family.is_some();
    if args.request.is_none() && !(found && args.count.is_none()) {
        let first = out.is_empty();
        return line(out, explained, first);
    }
    print::decision(out, &explained.decision)?;
    writeln!(out, "\n{}", explained.told.why)?;
    told_age(out, &explained.decision)
}

fn told_age(out: &mut impl Write, decision: &Decision) -> io::Result<()> {
    if decision.signal_age == 0.0 {
        return Ok(());
    }
    let age = decision.signal_age;
    let age = match (decision.ttft_s.is_empty(), age) {
        (true, 1.0) => counted(1, "request"),
        (true, _) => format!("{} requests", fixed(age, 3)),
        (false, _) => seconds(age),
    };
    writeln!(out, "The load signals were {age} old.")
}

/// One line a request: the story of a policy.
fn line(out: &mut impl Write, explained: &Step, first: bool) -> io::Result<()> {
    if first {
        writeln!(out, "largest share, after the request, of requests | of work")?;
    }
    let [requests, work] = [explained.largest_share_of_requests, explained.largest_share_of_work]
        .map(|share| kvscope::figures::percent(share, 1));
    writeln!(out, "{requests:>8} | {work:>7}  {}", explained.told.why)
}
