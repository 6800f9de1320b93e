//! `explain`: why requests went where they went.

use super::args::ExplainArgs;
use super::run::{Stop, serve};
use super::{AskedWrong, print};
use anyhow::Result;
use kvscope::analyze::Told;
use kvscope::model::{Decision, Tally};
use kvscope::sim::Lane;
use serde::Serialize;
use std::io::{self, Write};

/// Decisions that the story of a policy tells.
const STORY: u64 = 20;

/// A decision, what it amounts to, and where the load stands after it.
#[derive(Serialize)]
struct Explained {
    #[serde(flatten)]
    decision: Decision,
    #[serde(flatten)]
    told: Told,
    /// The largest node's share of all requests placed so far.
    largest_share_of_requests: f64,
    /// The same of the prompt tokens that had to be computed.
    largest_share_of_work: f64,
}

impl Explained {
    fn of(lane: &Lane) -> Option<Self> {
        let decision = lane.decision()?.clone();
        let share = |of: fn(&Tally) -> u64| lane.metrics().balance(lane.alive(), of).largest_share;
        Some(Self {
            told: Told::of(&decision),
            decision,
            largest_share_of_requests: share(|node| node.requests),
            largest_share_of_work: share(Tally::work_tokens),
        })
    }
}

pub(crate) fn explain(args: &ExplainArgs) -> Result<()> {
    let (from, to) = match (args.request, args.story) {
        (Some(request), _) => (request, request),
        (None, true) => (1, STORY),
        (None, false) => (args.from.unwrap_or(1), args.to.unwrap_or(u64::MAX)),
    };
    if to < from {
        return Err(
            AskedWrong(format!("found --from {from} and --to {to}: the first is later")).into()
        );
    }
    // Written down at once: a decision on many nodes is large, and a line is not.
    let (mut written, mut failed) = (Vec::new(), None);
    let mut take = |lane: &Lane| {
        if let Some(explained) = Explained::of(lane)
            && let Err(error) = write(&mut written, args, &explained)
        {
            failed = Some(error);
        }
    };
    let (_, report) = serve(&args.trace, &args.cluster, Some(Stop { from, to, take: &mut take }))?;
    let done = match failed {
        Some(error) => Err(error.into()),
        None if written.is_empty() => {
            let expected = format!("one in [1, {}], the requests of the trace", report.requests);
            Err(AskedWrong(format!("found request {from}, expected {expected}")).into())
        }
        None => print::results(|out| out.write_all(&written)),
    };
    print::warn(&report);
    done
}

fn write(out: &mut Vec<u8>, args: &ExplainArgs, explained: &Explained) -> io::Result<()> {
    if args.json {
        serde_json::to_writer(&mut *out, explained)?;
        return writeln!(out);
    }
    if args.request.is_none() {
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
    let unit = if decision.ttft_s.is_empty() { "requests" } else { "s" };
    writeln!(out, "The load signals were {:.3} {unit} old.", decision.signal_age)
}

/// One line a request: the story of a policy.
fn line(out: &mut impl Write, explained: &Explained, first: bool) -> io::Result<()> {
    if first {
        writeln!(out, "largest share, after the request, of requests | of work")?;
    }
    let [requests, work] = [explained.largest_share_of_requests, explained.largest_share_of_work]
        .map(|share| format!("{:.1} %", 100.0 * share));
    writeln!(out, "{requests:>8} | {work:>7}  {}", explained.told.why)
}
