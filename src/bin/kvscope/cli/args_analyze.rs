//! The words of analyses of a whole trace.

use super::AskedWrong;
use super::args::{EXIT_CODES, TRACE};
use super::args_cluster::{ReadingArgs, give};
use super::args_sweep::OutputArgs;
use clap::{Args, value_parser};
use kvscope::cache;
use kvscope::config::{Config, Draft, Part};
use kvscope::error::Result;
use kvscope::params::ParamValue;
use std::path::PathBuf;

const TRACE_EXAMPLES: &str = "Examples:
  kvscope trace conversation_trace.jsonl
  kvscope trace conversation_trace.jsonl --beside conversation
  kvscope trace day.jsonl.gz --csv > day.csv
  kvscope synth toolagent | kvscope trace - --json";

#[derive(Args)]
#[command(after_help = [TRACE_EXAMPLES, EXIT_CODES].join("\n\n"))]
pub(crate) struct TraceArgs {
    #[arg(help = TRACE)]
    pub(crate) trace: PathBuf,
    /// Stand it beside published statistics: of the notes, toolagent or conversation.
    #[arg(long, value_name = "ID", conflicts_with = "csv")]
    pub(crate) beside: Option<String>,
    #[command(flatten)]
    pub(crate) reading: ReadingArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

const CURVE_EXAMPLES: &str = "Examples:
  kvscope curve conversation_trace.jsonl
  kvscope curve conversation_trace.jsonl --policy lru --policy s3fifo:small_share=0.2 --csv
  kvscope curve conversation_trace.jsonl --policy lru --from 100GiB --to 20TiB --model qwen3-32b
  kvscope curve conversation_trace.jsonl --nodes 8 --router cache_aware --policy lru
  kvscope curve month.jsonl.zst --sample 0.01";

/// Policies of a curve where none is said, and the best that is known, on one node.
const POLICIES: &[&str] = &["lru", "fifo", "lfu", "s3fifo", "sieve"];
const BEST_KNOWN: &str = "optimal_tree";

#[derive(Args)]
#[command(after_help = [CURVE_EXAMPLES, EXIT_CODES].join("\n\n"))]
pub(crate) struct CurveArgs {
    /// Trace file, as for `run`.
    pub(crate) trace: PathBuf,
    /// Eviction policy, with parameters; to be said several times [default: lru, fifo, lfu, s3fifo,
    /// sieve, and on one node optimal_tree, the best that is known].
    #[arg(long, value_name = "ID[:KEY=VALUE,...]")]
    policy: Vec<String>,
    /// Insertion discipline: flat or tree [default: flat, and tree for a policy of trees only].
    #[arg(long)]
    insertion: Option<String>,
    /// Prefill nodes [default: 1]; with more the curve is of the cluster under the router.
    #[arg(long)]
    nodes: Option<String>,
    /// Router of more than one node, with parameters [default: round_robin].
    #[arg(long, value_name = "ID[:KEY=VALUE,...]")]
    router: Option<String>,
    /// The model whose KV cache the GiB are of [default: llama3-70b].
    #[arg(long, value_name = "ID")]
    model: Option<String>,
    /// Seed of every random stream: a whole number below 2^64 [default: 0].
    #[arg(long)]
    seed: Option<String>,
    /// Share of the requests that warms the caches uncounted [default: 0].
    #[arg(long, value_name = "FRACTION")]
    warmup: Option<String>,
    /// Smallest capacity of a node: blocks, or with a unit, as for `run` [default: a thousandth of
    /// the distinct blocks].
    #[arg(long, value_name = "BLOCKS", requires = "to")]
    pub(crate) from: Option<String>,
    /// Largest capacity of a node [default: all distinct blocks].
    #[arg(long, value_name = "BLOCKS", requires = "from")]
    pub(crate) to: Option<String>,
    /// Capacities that are measured for a policy, at most.
    #[arg(long, value_name = "N", default_value_t = 40)]
    #[arg(value_parser = value_parser!(u16).range(1..))]
    pub(crate) points: u16,
    /// Estimate it from this share of the blocks, in [0.000001, 1], for a trace too long to hold:
    /// one node, no warm-up [default: the whole trace].
    #[arg(long, value_name = "RATE")]
    sample: Option<f64>,
    /// Threads; 0 is one a core.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
    #[command(flatten)]
    reading: ReadingArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// The smallest share of the blocks that is sampled.
const LEAST_SAMPLE: f64 = 1e-6;

impl CurveArgs {
    /// The share of the blocks to sample, where one is wanted.
    pub(crate) fn sample(&self) -> std::result::Result<Option<f64>, AskedWrong> {
        match self.sample {
            Some(rate) if !(LEAST_SAMPLE..=1.0).contains(&rate) => {
                let told = format!("sample: found {rate}, expected a share in [{LEAST_SAMPLE}, 1]");
                Err(AskedWrong(told))
            }
            sample => Ok(sample),
        }
    }

    /// The router, as it was said.
    pub(crate) fn router(&self) -> &str {
        self.router.as_deref().unwrap_or("round_robin")
    }

    /// Whether a router was said for one node, which leaves nothing to choose.
    pub(crate) fn has_needless_router(&self) -> bool {
        self.router.is_some() && self.has_one_node()
    }

    fn has_one_node(&self) -> bool {
        self.nodes.as_deref().is_none_or(|nodes| nodes == "1")
    }

    /// A configuration for each policy, checked.
    pub(crate) fn configs(&self) -> Result<Vec<Config>> {
        let one = self.has_one_node();
        let row = |policy: &str| cache::find(policy.split(':').next().unwrap_or_default());
        let of_trees = |policy: &str| row(policy).is_some_and(|row| row.flat.is_none());
        let tree = self.insertion.as_deref() == Some("tree");
        let usual = |policy: &&str| !tree || row(policy).is_some_and(|row| row.tree.is_some());
        let chosen: Vec<&str> = match self.policy.is_empty() {
            true => {
                let usual = POLICIES.iter().copied().filter(usual);
                usual.chain(one.then_some(BEST_KNOWN)).collect()
            }
            false => self.policy.iter().map(String::as_str).collect(),
        };
        let config = |policy: &str| {
            let mut draft = Draft::new();
            draft.choose(Part::Eviction, policy);
            draft.choose(Part::Router, self.router());
            if let Some(model) = &self.model {
                draft.param(Part::Clock, "model", ParamValue::parse(model));
            }
            let insertion = match of_trees(policy) && self.policy.is_empty() {
                true => None,
                false => self.insertion.clone(),
            };
            let insertion = insertion.or(of_trees(policy).then(|| "tree".to_owned()));
            let nodes = Some(self.nodes.clone().unwrap_or_else(|| "1".to_owned()));
            give(&mut draft, &self.reading.settings());
            let settings = [
                ("insertion", &insertion),
                ("nodes", &nodes),
                ("seed", &self.seed),
                ("warmup", &self.warmup),
            ];
            give(&mut draft, &settings);
            draft.config()
        };
        chosen.into_iter().map(config).collect()
    }
}
