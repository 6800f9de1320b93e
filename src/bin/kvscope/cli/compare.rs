//! `compare`: two to four configurations on one trace, in lock-step.

use super::args_sweep::CompareArgs;
use super::figures::counted;
use super::{AskedWrong, compare_print, pool, print, run};
use anyhow::{Result, bail};
use kvscope::compare::{Alias, Comparison, lane, letter, repeat};
use kvscope::config::{Checked, Config};
use kvscope::error::{Error, Reason};
use kvscope::session::{MOST_LANES, Session};
use kvscope::sim::Summary;

/// Flags whose configurations have another word for them.
const ALIASES: &[Alias] = &[
    ("capacity", "capacity_blocks"),
    ("distinct_blocks", "distinct_budget"),
    ("auto_tuning", "auto_tuning_enabled"),
    ("model", "clock.model"),
    ("hardware", "clock.hardware"),
    ("flops", "clock.flops"),
    ("mfu", "clock.mfu"),
    ("fixed", "clock.fixed_s"),
    ("bandwidth", "clock.bandwidth_bytes_s"),
    ("rate", "clock.rate"),
    ("slo", "clock.slo_s"),
];

pub(crate) fn compare(args: &CompareArgs) -> Result<()> {
    let configs = lanes(args)?;
    let (session, report) = run::serve_lanes(&args.trace, &configs, args.seeds > 1, &mut None)?;
    let runs = runs(args, &session)?;
    let comparison = Comparison::new(&configs, &runs)?;
    let objects = session.lanes().iter().map(|lane| run::object(&lane.summary(), &report));
    let objects = objects.collect::<Result<Vec<_>>>()?;
    let written = compare_print::comparison(&comparison, &configs, &objects, &args.output);
    print::warn(&report);
    for lane in &runs {
        print::warn_of_late(&lane[0]);
        print::warn_of_perturbations(&lane[0]);
    }
    if args.seeds > 1 && configs.iter().any(|config| !config.unread_of_whole().is_empty()) {
        print::tell_unread("distinct_budget", "over seeds the whole trace is held");
    }
    for (at, lane) in session.lanes().iter().enumerate() {
        print::warn_of_lane(lane);
        print::warn_of_bounds(&letter(at).to_string(), lane);
    }
    written
}

/// The configurations of the lanes: what is wrong with any is told at once.
fn lanes(args: &CompareArgs) -> Result<Vec<Config>> {
    let found = args.lanes.len();
    if !(2..=MOST_LANES).contains(&found) {
        let told = format!(
            "found {}, expected 2 to {MOST_LANES}: a --lane for each",
            counted(found as u64, "lane")
        );
        return Err(AskedWrong(told).into());
    }
    let base = args.cluster.config()?;
    let mut reasons: Vec<Reason> = Vec::new();
    let mut configs = Vec::new();
    for (at, text) in args.lanes.iter().enumerate() {
        match lane(&base, text, &format!("lane {}", letter(at)), ALIASES) {
            Ok(config) => configs.push(config),
            Err(Error::Config(more)) => reasons.extend(more),
            Err(other) => return Err(other.into()),
        }
    }
    if reasons.is_empty() { Ok(configs) } else { Err(Error::Config(reasons).into()) }
}

/// The summaries of each lane: of the run that was served, then one for each further seed.
fn runs(args: &CompareArgs, session: &Session) -> Result<Vec<Vec<Summary>>> {
    let mut runs: Vec<Vec<Option<Summary>>> =
        session.lanes().iter().map(|lane| vec![Some(lane.summary())]).collect();
    let seeds = args.seeds as usize;
    runs.iter_mut().for_each(|lane| lane.resize(seeds, None));
    if seeds > 1 {
        let lanes = session.configs().iter().enumerate();
        let open: Vec<(usize, usize, &Checked)> =
            lanes.flat_map(|(at, config)| (1..seeds).map(move |seed| (at, seed, config))).collect();
        let log = session.log();
        pool::listen()?;
        let run = |&(at, seed, config): &(usize, usize, &Checked)| {
            Ok((at, seed, repeat(config, seed as u32, log)?))
        };
        pool::run(&open, args.threads, run, |(at, seed, summary)| {
            runs[at][seed] = Some(summary);
            Ok(())
        })?;
    }
    let missing = runs.iter().flatten().filter(|run| run.is_none()).count();
    if missing > 0 {
        let runs = counted(missing as u64, "run");
        let are = if missing == 1 { "is" } else { "are" };
        bail!("stopped: {runs} of other seeds {are} missing, and no mean is told without");
    }
    Ok(runs.into_iter().map(|lane| lane.into_iter().flatten().collect()).collect())
}
