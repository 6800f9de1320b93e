//! Jobs on threads: results as they come, a bar on a terminal, and ^C that keeps what is done.

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

/// Whether somebody has asked to stop.
static STOPPED: AtomicBool = AtomicBool::new(false);

/// The exit code of a process that ^C ended.
const INTERRUPTED: i32 = 130;

/// Whether somebody has asked to stop since [`listen`].
pub(crate) fn stopped() -> bool {
    STOPPED.load(Ordering::Relaxed)
}

/// From here on the first ^C asks to stop, and the second ends the process.
pub(crate) fn listen() -> Result<()> {
    ctrlc::set_handler(|| {
        if STOPPED.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
    })
    .context("cannot listen for ^C")
}

/// Runs all jobs on so many threads (0: as many as there are cores), no more of them than jobs, and
/// hands each result to `take` on this one, in the order in which they finish. Jobs that have not
/// begun when somebody asks to stop, or after an error, are left out; whether none was is what
/// comes back.
pub(crate) fn run<J: Sync, R: Send>(
    jobs: &[J],
    threads: usize,
    work: impl Fn(&J) -> Result<R> + Sync,
    mut take: impl FnMut(R) -> Result<()>,
) -> Result<bool> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.min(jobs.len())).build()?;
    let bar = bar(jobs.len() as u64);
    let (sender, results) = mpsc::channel();
    let failed = AtomicBool::new(false);
    let left_out = AtomicBool::new(false);
    let done = thread::scope(|scope| {
        let (failed, left_out, work) = (&failed, &left_out, &work);
        scope.spawn(move || {
            pool.install(|| {
                jobs.par_iter().for_each_with(sender, |sender, job| {
                    if stopped() || failed.load(Ordering::Relaxed) {
                        left_out.store(true, Ordering::Relaxed);
                        return;
                    }
                    // Nobody listens after an error, which is what ends this.
                    let _ = sender.send(work(job));
                });
            });
        });
        let mut done = Ok(());
        for result in results {
            let taken = result.and_then(&mut take);
            bar.inc(1);
            if taken.is_err() {
                failed.store(true, Ordering::Relaxed);
                done = done.and(taken);
            }
        }
        done
    });
    bar.finish_and_clear();
    done.map(|()| !left_out.load(Ordering::Relaxed))
}

fn bar(jobs: u64) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let template = "{bar:30} {pos}/{len} runs, {eta} left";
    ProgressBar::new(jobs)
        .with_style(ProgressStyle::with_template(template).expect("a template that parses"))
}
