//! The command line over the core: simulate a trace, say what is in it, make one, list policies.

mod advise;
mod advise_print;
mod args;
mod args_analyze;
mod args_cluster;
mod args_sweep;
mod chapter;
mod compare;
mod compare_print;
mod config_file;
mod curve;
mod explain;
mod figures;
mod input;
mod manual;
mod policies;
mod pool;
mod print;
mod print_monitoring;
mod run;
mod study;
mod sweep;
mod sweep_print;
mod synth;
mod trace;
mod unpack;
mod whole;

use args::{Cli, Command};
use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, FromArgMatches};
use kvscope::error::Error;
use kvscope::suggest;
use std::fmt;
use std::io::ErrorKind;
use std::process::ExitCode;

/// Exit code where the trace could not be read or served, or the results not be written.
const NOT_DONE: u8 = 1;
/// Exit code where something else must be asked for; clap's too.
const ASKED_WRONG: u8 = 2;

/// A mistake in what was asked for that only the command line can know.
#[derive(Debug)]
pub(crate) struct AskedWrong(pub(crate) String);

impl fmt::Display for AskedWrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for AskedWrong {}

/// Runs the command the process was given.
pub(crate) fn main() -> ExitCode {
    let asked = program().try_get_matches().and_then(|found| Cli::from_arg_matches(&found));
    let done = match asked {
        Ok(cli) => carry_out(cli.command),
        Err(error) if error.use_stderr() => {
            // Where nobody hears it, the exit code still tells.
            let _ = error.print();
            suggest_command(&error);
            suggest_equals(&error);
            return ExitCode::from(ASKED_WRONG);
        }
        // Help and version are results.
        Err(help) => help.print().map_err(print::not_written),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // A reader that has seen enough (`| head`) is no failure.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&error);
            ExitCode::from(code(&error))
        }
    }
}

/// The command line; a number below 0 is a value of its option, to be refused with the range that
/// it has, and no option of its own.
fn program() -> clap::Command {
    Cli::command().mut_subcommands(|command| {
        command.mut_args(|arg| {
            let takes_values = arg.get_action().takes_values();
            arg.allow_negative_numbers(takes_values)
        })
    })
}

/// Names the commands that a mistyped one may have meant, where clap knows none.
fn suggest_command(error: &clap::Error) {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
        return;
    };
    let cli = Cli::command();
    let names: Vec<&str> = cli.get_subcommands().map(clap::Command::get_name).collect();
    let nearest = suggest::nearest(word, &names);
    if error.get(ContextKind::SuggestedSubcommand).is_none() && !nearest.is_empty() {
        print::tell(format_args!("\nkvscope: did you mean {}?", nearest.join(" or ")));
    }
}

/// Says where the value of a switch stands, to whoever put it behind a blank.
fn suggest_equals(error: &clap::Error) {
    if let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidArg)
        && matches!(word.as_str(), "true" | "false")
    {
        print::tell(format_args!("\nkvscope: did you mean --auto-tuning={word}?"));
    }
}

fn carry_out(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Run(args) => run::run(&args),
        Command::Compare(args) => compare::compare(&args),
        Command::Explain(args) => explain::explain(&args),
        Command::Curve(args) => curve::run(&args),
        Command::Trace(args) => trace::run(&args),
        Command::Sweep(args) => sweep::sweep(&args),
        Command::Merge(args) => sweep::merge(&args),
        Command::Advise(args) => advise::advise(&args),
        Command::Study(args) => study::run(&args),
        Command::Synth(args) => synth::synth(&args),
        Command::Policies(args) => policies::policies(&args),
        Command::Completions(args) => manual::completions(&args),
        Command::Man(args) => manual::man(&args),
    }
}

fn tell(error: &anyhow::Error) {
    match error.downcast_ref() {
        Some(Error::Config(reasons)) if reasons.len() > 1 => {
            print::tell(format_args!("kvscope: found {} things to mend:", reasons.len()));
            for reason in reasons {
                print::tell(format_args!("  {reason}"));
            }
        }
        _ => print::tell(format_args!("kvscope: {error:#}")),
    }
}

/// The one rule, by kind of mistake.
fn code(error: &anyhow::Error) -> u8 {
    let asked_wrong = matches!(error.downcast_ref(), Some(Error::Config(_)))
        || error.downcast_ref::<AskedWrong>().is_some();
    if asked_wrong { ASKED_WRONG } else { NOT_DONE }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let mut causes = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    causes.any(|cause| cause.kind() == ErrorKind::BrokenPipe)
}
