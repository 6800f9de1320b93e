//! The command line's words.

use super::args_analyze::{CurveArgs, TraceArgs};
use super::args_sweep::{AdviseArgs, CompareArgs, MergeArgs, SweepArgs};
use super::manual::{CompletionsArgs, ManArgs};
use clap::{Args, Parser, Subcommand};
use kvscope::config::{Config, Draft, Part};
use kvscope::error::Result;
use kvscope::params::ParamValue;
use kvscope::trace::ReadOptions;
use std::path::PathBuf;

/// What a caller can tell from the exit code; README.md has the same.
pub(crate) const EXIT_CODES: &str = "Exit codes:
  0  done, also where the reader of the results has gone (| head)
  1  the trace could not be read or served, or the results not be written
  2  something else must be asked for: arguments or configuration
Results go to standard output; warnings and errors, after them, to standard error.";

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
    /// Trace file: JSON lines, .gz or not; `-` is standard input.
    pub(crate) trace: PathBuf,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Print one JSON object (docs/metrics.md has its keys).
    #[arg(long)]
    pub(crate) json: bool,
    /// Print the columns of the run, a line a sample, as the page saves them.
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
}

#[derive(Args)]
#[command(after_help = EXIT_CODES)]
#[group(
    id = "which", required = true, multiple = true,
    args = ["request", "from", "to", "story", "at", "family"],
)]
pub(crate) struct ExplainArgs {
    /// Trace file: JSON lines, .gz or not; `-` is standard input.
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

/// How to read the trace, where it is to be overruled.
#[derive(Args)]
pub(crate) struct ReadingArgs {
    /// Unit of the trace's times, as a word: seconds, milliseconds, ... [default: what the trace
    /// says].
    #[arg(long, value_name = "UNIT")]
    time_unit: Option<String>,
    /// Tokens in a block [default: what the trace says, else 512].
    #[arg(long, value_name = "TOKENS")]
    block_size: Option<String>,
    /// Scope of the trace's block ids: global or local [default: what the trace says].
    #[arg(long, value_name = "SCOPE")]
    id_scope: Option<String>,
    /// What a later row of a session carries: whole (prompts) or delta [default: what the format
    /// says].
    #[arg(long, value_name = "KIND")]
    rows: Option<String>,
    /// Timed clock: later rows of a session arrive closed (after the one before has finished) or
    /// as_logged [default: what each row says].
    #[arg(long, value_name = "KIND")]
    sessions: Option<String>,
    /// For traces without block ids: share of each prompt that all begin with [default: 0].
    #[arg(long, value_name = "FRACTION")]
    shared_prefix: Option<String>,
}

impl ReadingArgs {
    /// These words by the names of their settings.
    pub(crate) fn settings(&self) -> [(&'static str, &Option<String>); 6] {
        [
            ("time_unit", &self.time_unit),
            ("block_size", &self.block_size),
            ("id_scope", &self.id_scope),
            ("rows", &self.rows),
            ("sessions", &self.sessions),
            ("shared_prefix", &self.shared_prefix),
        ]
    }

    /// The same, checked.
    pub(crate) fn options(&self) -> Result<ReadOptions> {
        let mut draft = Draft::new();
        give(&mut draft, &self.settings());
        Ok(draft.config()?.check()?.read_options())
    }
}

/// Gives a draft the settings that were said.
pub(crate) fn give(draft: &mut Draft, settings: &[(&'static str, &Option<String>)]) {
    for (name, text) in settings {
        match text {
            // A double cannot hold every seed.
            Some(text) if *name == "seed" => draft.set(name, ParamValue::Text(text.clone())),
            Some(text) => draft.set(name, ParamValue::parse(text)),
            None => {}
        }
    }
}

/// What to simulate. The core reads the words, so that it can tell all that is wrong at once.
#[derive(Args)]
pub(crate) struct ClusterArgs {
    /// Prefill nodes [default: 8].
    #[arg(long)]
    nodes: Option<String>,
    /// Cache of one node: blocks, or with a unit: 915GiB, 1TiB (of --model's KV cache),
    /// 3000000tokens; inf is unlimited [default: 5859].
    #[arg(long, value_name = "BLOCKS")]
    capacity: Option<String>,
    /// The model: GiB to blocks, and under the timed clock the cost of a token [default:
    /// llama3-70b].
    #[arg(long, value_name = "ID")]
    model: Option<String>,
    #[command(flatten)]
    reading: ReadingArgs,
    /// Router, with parameters: `cache_aware:load_weight=20,match=any` (`kvscope policies` lists
    /// all).
    #[arg(long, value_name = "ID[:KEY=VALUE,...]", default_value = "round_robin")]
    router: String,
    /// Eviction policy, with parameters.
    #[arg(long, value_name = "ID[:KEY=VALUE,...]", default_value = "lru")]
    eviction: String,
    /// Migration rule, with parameters; `auto` is the router's own, with the router's parameters.
    #[arg(long, value_name = "ID[:KEY=VALUE,...]", default_value = "auto")]
    migration: String,
    /// Insertion discipline: flat or tree [default: flat].
    #[arg(long)]
    insertion: Option<String>,
    /// Seed of every random stream: a whole number below 2^64 [default: 0].
    #[arg(long)]
    seed: Option<String>,
    /// Requests that windowed figures look back on [default: 1000].
    #[arg(long, value_name = "REQUESTS")]
    window: Option<String>,
    /// Share of the requests that warms the caches uncounted [default: 0].
    #[arg(long, value_name = "FRACTION")]
    warmup: Option<String>,
    /// Distinct blocks whose names are known at most, so that memory stays flat: hits stay exact,
    /// the ceiling and distinct blocks become bounds. Every name is known where the whole trace is
    /// held (warm-up, foresight, sweeps) [default: no limit].
    #[arg(long, value_name = "BLOCKS")]
    distinct_blocks: Option<String>,
    /// Clock, with parameters: logical or timed.
    #[arg(long, value_name = "ID[:KEY=VALUE,...]", default_value = "logical")]
    clock: String,
    /// What is done to the cluster, and when: kill:NODE, drain:NODE, heal:NODE, add:NODES,
    /// slow:NODE:FACTOR, forget:BLOCK, rate:FACTOR, set:router.NAME=VALUE; @5000 is before that
    /// request, @90s so long after the first arrival. May be given again.
    #[arg(long, value_name = "WHAT@WHEN")]
    perturb: Vec<String>,
    /// Timed clock: the nodes' hardware [default: 8xa800].
    #[arg(long, value_name = "ID")]
    hardware: Option<String>,
    /// Timed clock: effective FLOP/s of a node, in place of hardware and MFU.
    #[arg(long, value_name = "FLOP/S")]
    flops: Option<String>,
    /// Timed clock: share of the peak FLOP/s that prefill reaches [default: 0.3].
    #[arg(long, value_name = "FRACTION")]
    mfu: Option<String>,
    /// Timed clock: seconds added to every time to first token [default: 0].
    #[arg(long, value_name = "SECONDS")]
    fixed: Option<String>,
    /// Timed clock: bytes a second between nodes [default: 1e11].
    #[arg(long, value_name = "BYTES/S")]
    bandwidth: Option<String>,
    /// Timed clock: multiplies the arrival rate [default: 1].
    #[arg(long, value_name = "X")]
    rate: Option<String>,
    /// Timed clock: objective for the time to first token [default: 30].
    #[arg(long, value_name = "SECONDS")]
    slo: Option<String>,
}

impl ClusterArgs {
    /// Words that are settings of the configuration, by their names there.
    fn settings(&self) -> [(&'static str, &Option<String>); 7] {
        [
            ("nodes", &self.nodes),
            ("capacity_blocks", &self.capacity),
            ("insertion", &self.insertion),
            ("window", &self.window),
            ("warmup", &self.warmup),
            ("distinct_budget", &self.distinct_blocks),
            ("seed", &self.seed),
        ]
    }

    /// Words that are parameters of the clock, by their names there.
    fn clock_params(&self) -> [(&'static str, &Option<String>); 8] {
        [
            ("model", &self.model),
            ("hardware", &self.hardware),
            ("flops", &self.flops),
            ("mfu", &self.mfu),
            ("fixed_s", &self.fixed),
            ("bandwidth_bytes_s", &self.bandwidth),
            ("rate", &self.rate),
            ("slo_s", &self.slo),
        ]
    }

    /// The configuration these words say, checked.
    pub(crate) fn config(&self) -> Result<Config> {
        let mut draft = Draft::new();
        draft.choose(Part::Router, &self.router);
        draft.choose(Part::Eviction, &self.eviction);
        draft.choose(Part::Migration, &self.migration);
        draft.choose(Part::Clock, &self.clock);
        for (name, text) in self.clock_params() {
            if let Some(text) = text {
                draft.param(Part::Clock, name, ParamValue::parse(text));
            }
        }
        give(&mut draft, &self.reading.settings());
        give(&mut draft, &self.settings());
        self.perturb.iter().for_each(|text| draft.perturb(text));
        draft.config()
    }
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
    /// Print one JSON object.
    #[arg(long, conflicts_with = "markdown")]
    pub(crate) json: bool,
    /// Print the page docs/policies.md.
    #[arg(long)]
    pub(crate) markdown: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;
    use kvscope::clock;
    use kvscope::config::SETTINGS;
    use kvscope::params::ParamSpec;

    #[test]
    fn every_setting_can_be_said() {
        let run = ["kvscope", "run", "-"];
        let Command::Run(args) = Cli::parse_from(run).command else { panic!("not a run") };
        let cluster = args.cluster;
        let (settings, reading) = (cluster.settings(), cluster.reading.settings());
        let said: Vec<&str> = settings.iter().chain(&reading).map(|(name, _)| *name).collect();
        for spec in SETTINGS {
            assert!(said.contains(&spec.name), "no flag for the setting {}", spec.name);
        }
    }

    #[test]
    fn the_defaults_that_help_tells_are_those_of_the_tables() {
        let specs: Vec<&ParamSpec> =
            SETTINGS.iter().chain(clock::find("timed").expect("a row").params).collect();
        let mut command = Cli::command();
        let run = command.find_subcommand_mut("run").expect("a command");
        let mut told = 0;
        for argument in run.get_arguments() {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            let Some((_, default)) = help.split_once("[default: ") else { continue };
            let default = default.trim_end_matches(']');
            let id = argument.get_id().as_str();
            let named = |spec: &&&ParamSpec| {
                spec.name.strip_prefix(id).is_some_and(|rest| rest.is_empty() || &rest[..1] == "_")
            };
            let Some(spec) = specs.iter().find(named) else { continue };
            if !default.starts_with("what ") {
                assert_eq!(ParamValue::parse(default), spec.default_value(), "--{id}");
                told += 1;
            }
        }
        assert!(told > 10, "only {told} defaults were found");
    }
}
