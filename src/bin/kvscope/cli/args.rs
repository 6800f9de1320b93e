//! The command line's words.

use super::args_analyze::{CurveArgs, TraceArgs};
use super::args_cluster::ClusterArgs;
use super::args_sweep::{AdviseArgs, CompareArgs, MergeArgs, SweepArgs};
use super::manual::{CompletionsArgs, ManArgs};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// What a caller can tell from the exit code; README.md has the same.
pub(crate) const EXIT_CODES: &str = "Exit codes:
  0  done, also where the reader of the results has gone (| head)
  1  the trace could not be read or served, or the results not be written
  2  something else must be asked for: arguments or configuration
Results go to standard output; warnings and errors, after them, to standard error.";

/// What a trace is, for those commands that say it.
pub(crate) const TRACE: &str = "Trace file: JSON lines, arrays, objects over several lines or CSV, \
    as it is or in .gz or .zst (docs/traces.md); `-` is standard input";

/// See which routing and cache-eviction policy an LLM serving cluster should run.
#[derive(Parser)]
#[command(version, about, after_help = EXIT_CODES)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve a trace and print what came of it.
    Run(RunArgs),
    /// Serve a trace on two to four configurations in lock-step, every figure side by side.
    Compare(CompareArgs),
    /// Show why requests went where they went: one with every node's components, or a line each.
    Explain(ExplainArgs),
    /// Say what is in a trace: lengths, popularity, re-use, shared prefixes, hot set, sessions.
    Trace(TraceArgs),
    /// Show hit rate against capacity for several eviction policies: how much cache is worth it.
    Curve(CurveArgs),
    /// Serve a trace under a grid of configurations, and print a row of figures for each.
    Sweep(SweepArgs),
    /// Join the slices of a sweep (--shard) into the whole.
    Merge(MergeArgs),
    /// Which router and eviction policy a trace asks for, measured, with the cost of each choice.
    Advise(AdviseArgs),
    /// A published figure or claim beside what this model gives; without a name, the list.
    Study(StudyArgs),
    /// Write a built-in workload as a trace.
    Synth(SynthArgs),
    /// List routers, evictions, migrations, clocks, workloads, models: all from the tables.
    Policies(PoliciesArgs),
    /// Print what a shell needs to complete commands and flags.
    Completions(CompletionsArgs),
    /// Print the manual page of the program, or of one command.
    Man(ManArgs),
}

#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct RunArgs {
    #[arg(help = TRACE)]
    pub(crate) trace: PathBuf,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Print one JSON object (docs/metrics.md has its keys).
    #[arg(long)]
    pub(crate) json: bool,
    /// Print the columns of the run, a line a sample, as the page saves them.
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
    /// Print what happened on the way, a line each: perturbations, migrations, alerts, changes of
    /// weights (CSV; docs/metrics.md, "Events").
    #[arg(long, conflicts_with_all = ["json", "csv"])]
    pub(crate) events: bool,
}

#[derive(Args)]
#[command(after_help = EXIT_CODES)]
#[group(
    id = "which", required = true, multiple = true,
    args = ["request", "from", "to", "story", "at", "family"],
)]
pub(crate) struct ExplainArgs {
    #[arg(help = TRACE)]
    pub(crate) trace: PathBuf,
    /// Number of the request, from 1: every node's components, and why in a sentence.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) request: Option<u64>,
    /// A line for each request from this one on ...
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    #[arg(conflicts_with = "request")]
    pub(crate) from: Option<u64>,
    /// ... to this one.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    #[arg(conflicts_with = "request")]
    pub(crate) to: Option<u64>,
    /// The first 20 decisions with the largest shares after each.
    #[arg(long, conflicts_with_all = ["request", "from", "to"])]
    pub(crate) story: bool,
    /// The first request that arrives so many seconds after the trace's first, or later.
    #[arg(long, value_name = "SECONDS", conflicts_with_all = ["request", "from", "to", "story"])]
    pub(crate) at: Option<f64>,
    /// The first request, with --from of those from there on, that enters the family of this block
    /// (`kvscope trace` lists families).
    #[arg(long, value_name = "BLOCK", conflicts_with_all = ["request", "to", "story", "at"])]
    pub(crate) family: Option<u32>,
    /// With --at or --family: a line each for so many requests from there on.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    #[arg(conflicts_with_all = ["request", "to", "story"])]
    pub(crate) count: Option<u64>,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct StudyArgs {
    /// The study's name, or `claims` for all claims of the research notes; none lists them.
    pub(crate) study: Option<String>,
    /// The trace to study, such as Mooncake's conversation trace; `-` is standard input [default:
    /// the built-in workload that stands for the study's own].
    pub(crate) trace: Option<PathBuf>,
    /// Seeds that what depends on chance is averaged over [default: the study's own].
    #[arg(long, requires = "study", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) seeds: Option<u32>,
    /// Print one JSON object.
    #[arg(long, requires = "study")]
    pub(crate) json: bool,
    /// Threads; 0 is as many as there are cores.
    #[arg(long, default_value_t = 0)]
    pub(crate) threads: usize,
}

#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct SynthArgs {
    /// A workload (`kvscope policies` lists them).
    pub(crate) workload: String,
    /// Seed: the same one makes the same bytes.
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// How many requests [default: as many as the trace it stands for].
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) requests: Option<u32>,
}

#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct PoliciesArgs {
    /// A router, with parameters as for `run`: what it does, its parameters, and the same in
    /// production where its words there are known.
    #[arg(value_name = "ROUTER[:KEY=VALUE,...]", conflicts_with_all = ["json", "markdown"])]
    pub(crate) router: Option<String>,
    /// Print one JSON object.
    #[arg(long, conflicts_with = "markdown")]
    pub(crate) json: bool,
    /// Print the page docs/policies.md.
    #[arg(long)]
    pub(crate) markdown: bool,
}
