//! `advise`: which policies a trace asks for.

use super::args_sweep::AdviseArgs;
use super::figures::counted;
use super::{advise_print, pool, print, whole};
use anyhow::{Result, bail};
use kvscope::advise::{Answers, Plan, Question, Unit};
use kvscope::analyze::Facts;

pub(crate) fn advise(args: &AdviseArgs) -> Result<()> {
    let config = args.cluster.config()?;
    let options = config.check()?.read_options();
    let question = Question {
        routers: args.routers.clone(),
        evictions: args.evictions.clone(),
        seeds: args.seeds,
        weights: args.weights.clone().unwrap_or_default(),
        scenario_requests: args.scenario_requests,
        ..Question::new(config)
    };
    // What cannot be run is told before a long trace is read; its block size may add to it.
    question.check()?;
    let (log, report) = whole::read(&args.trace, options)?;
    let plan = Plan::new(question, log.block_size())?;
    let popularity = Facts::of(&log).popularity;
    let mut answers = Answers::new(&plan);
    pool::listen()?;
    let mut whole = true;
    while whole {
        let open = plan.open(&answers);
        if open.is_empty() {
            break;
        }
        let run = |unit: &&Unit| Ok((unit.number, unit.run(&log)?));
        whole = pool::run(&open, args.threads, run, |(unit, summaries)| {
            answers.put(unit, summaries);
            Ok(())
        })?;
    }
    let advice = plan.advise(&popularity, &answers);
    let written = advise_print::advice(&advice, args.json);
    print::warn(&report);
    print::warn_of_unread(plan.config(), true);
    if !whole {
        written?;
        bail!(
            "stopped: at least {} {} missing; what is told is of the others",
            counted(advice.missing.into(), "run"),
            if advice.missing == 1 { "is" } else { "are" }
        );
    }
    written
}
