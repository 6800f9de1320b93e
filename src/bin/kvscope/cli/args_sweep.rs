//! The words of `compare`, `sweep`, `merge` and `advise`, and of how results are printed.

use super::args::EXIT_CODES;
use super::args_cluster::ClusterArgs;
use clap::Args;
use kvscope::advise::Weights;
use kvscope::config::{Draft, Part, PolicyChoice};
use kvscope::sweep::Shard;
use std::path::PathBuf;

#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct CompareArgs {
    /// Trace file, as for `run`.
    pub(crate) trace: PathBuf,
    /// What a lane has differently from the other flags, which all lanes share; two to four times:
    /// `router=conductor,capacity=2000`. Names as in a sweep's axes (`router`, `eviction`,
    /// `migration`, `clock`, any setting, `router.alpha`) or as flags; a name that is none of them
    /// is a parameter of the row before it.
    #[arg(long = "lane", value_name = "NAME=VALUE,...", required = true)]
    pub(crate) lanes: Vec<String>,
    /// Repeats every lane over so many seeds, counting on from --seed: means with intervals.
    #[arg(long, value_name = "N", default_value_t = 1)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) seeds: u32,
    /// Threads for the further seeds; 0 is one a core.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct SweepArgs {
    /// Trace file, as for `run`.
    pub(crate) trace: PathBuf,
    /// The grid: JSON or YAML with base, axes and seeds (docs/sweep.md).
    pub(crate) grid: PathBuf,
    /// Only the cells whose number is I modulo N, I from 0 to N − 1; `merge` joins slices.
    #[arg(long, value_name = "I/N", value_parser = shard)]
    pub(crate) shard: Option<Shard>,
    /// Keep rows in this file as they finish, and begin with those that it has.
    #[arg(long, value_name = "FILE")]
    pub(crate) resume: Option<PathBuf>,
    /// Threads; 0 is one a core.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
    /// Instead of rows: the largest arrival rate and the smallest number of nodes that keep the
    /// objective, for every combination at its first seed.
    #[arg(long, conflicts_with = "resume")]
    pub(crate) saturation: bool,
    /// With --saturation: price of a node without its cache.
    #[arg(long, value_name = "PRICE", default_value_t = 1.0, requires = "saturation")]
    pub(crate) node_cost: f64,
    /// With --saturation: price of a GiB of cache, in the money of --node-cost.
    #[arg(long, value_name = "PRICE", default_value_t = 0.01, requires = "saturation")]
    pub(crate) gib_cost: f64,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct MergeArgs {
    /// What `sweep --shard --json` printed, slice by slice.
    #[arg(required = true)]
    pub(crate) slices: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Args)]
pub(crate) struct OutputArgs {
    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
    /// Print a line a row.
    #[arg(long, conflicts_with = "json")]
    pub(crate) csv: bool,
}

#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct AdviseArgs {
    /// Trace file, as for `run`.
    pub(crate) trace: PathBuf,
    /// A router to compare, with parameters; may be given again. --router is compared too
    /// [default: those of the notes and of Mooncake that the clock allows].
    #[arg(long, value_name = "ID[:KEY=VALUE,...]", value_parser = row)]
    pub(crate) routers: Vec<PolicyChoice>,
    /// An eviction policy to compare, likewise [default: lru, fifo and lfu].
    #[arg(long, value_name = "ID[:KEY=VALUE,...]", value_parser = row)]
    pub(crate) evictions: Vec<PolicyChoice>,
    /// Seeds of what depends on chance, counting on from --seed.
    #[arg(long, value_name = "N", default_value_t = 5)]
    #[arg(value_parser = clap::value_parser!(u32).range(2..=1000))]
    pub(crate) seeds: u32,
    /// What the goals weigh in the fitness score: hit, balance and under the timed clock p99
    /// [default: 1 each].
    #[arg(long, value_name = "GOAL=WEIGHT,...", value_parser = Weights::parse)]
    pub(crate) weights: Option<Weights>,
    /// Requests of each of the five scenarios behind the fitness score; 0 leaves it out.
    #[arg(long, value_name = "REQUESTS", default_value_t = 10_000)]
    pub(crate) scenario_requests: u32,
    /// Threads; 0 is one a core.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
    /// Print one JSON object (docs/metrics.md defines its figures).
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
}

/// Reads a row with parameters; whether it can be run is told with everything else.
fn row(text: &str) -> std::result::Result<PolicyChoice, String> {
    let mut draft = Draft::new();
    draft.choose(Part::Router, text);
    draft.chosen(Part::Router)
}

/// Reads `I/N`.
fn shard(text: &str) -> std::result::Result<Shard, String> {
    let parts = text
        .split_once('/')
        .and_then(|(index, of)| Some(Shard { index: index.parse().ok()?, of: of.parse().ok()? }));
    parts
        .filter(|shard| shard.index < shard.of)
        .ok_or_else(|| "expected I/N with I from 0 to N − 1, as in 0/4".to_owned())
}
