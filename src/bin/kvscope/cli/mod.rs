//! The command line over the core: simulate a trace, make one, list the policies.

mod args;
mod input;
mod policies;
mod print;
mod run;
mod study;
mod synth;
mod unpack;

use args::{Cli, Command};
use clap::Parser;
use std::io::ErrorKind;
use std::process::ExitCode;

/// Runs the command the process was given.
pub(crate) fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Run(args) => run::run(&args),
        Command::Explain(args) => run::explain(&args),
        Command::Study(args) => study::run(&args),
        Command::Synth(args) => synth::synth(&args),
        Command::Policies(args) => policies::policies(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // A reader that has seen enough (`| head`) is no failure.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kvscope: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let causes = error.chain().filter_map(|cause| cause.downcast_ref::<std::io::Error>());
    causes.into_iter().any(|cause| cause.kind() == ErrorKind::BrokenPipe)
}
