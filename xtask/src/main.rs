//! `cargo xtask`: everything one does with this repository, from an empty machine on.
//!
//! Modules in reading order: the build matrix, how commands are run, what gets installed, what
//! gets built, how it is served, and how it is checked and tested.

mod config;
mod shell;
mod toolchain;
mod tools;

mod build;
mod size;
mod split;
mod serve;
mod bench;
mod peers;
mod wheel;
mod book;

mod check;
mod parse;
mod report;
mod test;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Matrix;
use crate::shell::Shell;
use crate::tools::Needs;

/// Set up, build, show and test kvscope.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing, build, and serve the page on this machine.
    Demo {
        /// A request trace (.jsonl or .jsonl.gz) that the page opens with.
        #[arg(long)]
        trace: Option<PathBuf>,
        /// The port to serve on; 0 takes any free one.
        #[arg(long, default_value_t = 8642)]
        port: u16,
    },
    /// Install what is missing, run every check and every test, and count them by kind.
    Test,
    /// Formatting, lints (native and wasm32), documentation and the page's types.
    Check,
    /// Measure kvscope beside its peers and print one table (some minutes; nothing is a test).
    Bench {
        /// Which rows: cluster, timed, caches, grid, drop, memory, reader; all unless told.
        groups: Vec<String>,
        /// How many runs; medians are taken over them.
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..))]
        runs: u8,
    },
    /// Hold kvscope to the code that runs in production and print one table (some minutes).
    Peers {
        /// Which checks or rows, as the table names them; all unless told.
        names: Vec<String>,
        /// Also write their decisions down for the ordinary tests, under tests/data.
        #[arg(long)]
        record: bool,
    },
    /// Build the wasm packages and the page into www/dist, and print what it weighs.
    Build {
        /// Hold the page to what it weighs now.
        #[arg(long)]
        accept_size: bool,
    },
    /// Build every wasm package of wasm-pack.toml, and nothing else.
    Wasm,
    /// Build the Python package, install it under target/wheel and run its tests.
    Wheel {
        /// Optimized, to be given away.
        #[arg(long)]
        release: bool,
    },
    /// Build docs/ as a book into target/book.
    Book,
    /// Install what is missing, and nothing else.
    Setup {
        /// Also what the tests need: Firefox, geckodriver and Chromium.
        #[arg(long)]
        tests: bool,
    },
}

fn main() -> ExitCode {
    match run(Args::parse().task) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<ExitCode> {
    let mut sh = Shell::new()?;
    let matrix = Matrix::load(sh.root())?;
    let needs = match task {
        Task::Test | Task::Setup { tests: true } => Needs::Tests,
        _ => Needs::Build,
    };
    // A wheel needs Rust and Python alone, a book Rust.
    if !matches!(task, Task::Wheel { .. } | Task::Book) {
        tools::set_up(&mut sh, &matrix, needs)?;
    }
    match task {
        Task::Demo { trace, port } => {
            let trace = trace.map(serve::Local::open).transpose()?;
            build::all(&sh, &matrix)?;
            serve::serve(&sh.root().join("www/dist"), trace, port)?;
        }
        Task::Test => return test::run(&sh, &matrix),
        Task::Check => check::run(&sh, &matrix)?,
        Task::Bench { groups, runs } => bench::run(&sh, &matrix, &groups, runs.into())?,
        Task::Peers { names, record } => peers::run(&sh, &names, record)?,
        Task::Build { accept_size } => {
            build::all(&sh, &matrix)?;
            if accept_size {
                size::accept(sh.root())?;
            }
            size::print(sh.root())?;
        }
        Task::Wasm => build::wasm(&sh, &matrix)?,
        Task::Wheel { release } => wheel::run(&sh, release)?,
        Task::Book => book::build(&sh)?,
        Task::Setup { .. } => {
            println!("Everything is there. By hand: {}", test::by_hand(&matrix));
        }
    }
    Ok(ExitCode::SUCCESS)
}
