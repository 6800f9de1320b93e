//! The command line's words.

use anyhow::{Result, bail};
use clap::{Args, Parser, Subcommand};
use kvscope::config::{Config, PolicyChoice};
use kvscope::params::ParamValue;
use std::path::PathBuf;
use std::str::FromStr;

/// See which routing and cache-eviction policy an LLM serving cluster should run.
#[derive(Parser)]
#[command(version, about)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve a trace and print what came of it.
    Run(RunArgs),
    /// Show why one request went where it went: every node's components.
    Explain(ExplainArgs),
    /// A published figure or claim beside what this model gives; without a name, the list.
    Study(StudyArgs),
    /// Write a built-in workload as a trace.
    Synth(SynthArgs),
    /// List routers, evictions, migrations, clocks, workloads, models: all from the tables.
    Policies(PoliciesArgs),
}

#[derive(Args)]
pub(crate) struct RunArgs {
    /// Trace file: JSON lines, .gz or not; `-` is standard input.
    pub(crate) trace: PathBuf,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Print one JSON object (docs/metrics.md has its keys).
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct ExplainArgs {
    /// Trace file: JSON lines, .gz or not; `-` is standard input.
    pub(crate) trace: PathBuf,
    /// Number of the request, from 1.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) request: u64,
    #[command(flatten)]
    pub(crate) cluster: ClusterArgs,
    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What to simulate.
#[derive(Args)]
pub(crate) struct ClusterArgs {
    /// Prefill nodes [default: 8].
    #[arg(long)]
    nodes: Option<u32>,
    /// Cache of one node: blocks, or with a unit: 915GiB, 1TiB (of --model's KV cache),
    /// 3000000tokens; inf is unlimited [default: 5859].
    #[arg(long, value_name = "BLOCKS")]
    capacity: Option<String>,
    /// Unit of the trace's times, as a word: seconds, milliseconds, ... [default: what the trace
    /// says].
    #[arg(long, value_name = "UNIT")]
    time_unit: Option<String>,
    /// Tokens in a block [default: what the trace says, else 512].
    #[arg(long, value_name = "TOKENS")]
    block_size: Option<u32>,
    /// Router, with parameters: `cache_aware:load_weight=20,match=any`.
    #[arg(long, value_name = "ID[:KEY=VALUE,...]", default_value = "round_robin")]
    router: Choice,
    /// Eviction policy, with parameters.
    #[arg(long, value_name = "ID[:KEY=VALUE,...]", default_value = "lru")]
    eviction: Choice,
    /// Migration rule, with parameters; `auto` is the router's own.
    #[arg(long, value_name = "ID[:KEY=VALUE,...]", default_value = "auto")]
    migration: Choice,
    /// Insertion discipline: flat or tree [default: flat].
    #[arg(long)]
    insertion: Option<String>,
    /// Seed of every random stream.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Requests that windowed figures look back on [default: 1000].
    #[arg(long, value_name = "REQUESTS")]
    window: Option<u32>,
    /// Share of the requests that warms the caches uncounted.
    #[arg(long, value_name = "FRACTION")]
    warmup: Option<f64>,
    /// Clock, with parameters: logical or timed.
    #[arg(long, value_name = "ID[:KEY=VALUE,...]", default_value = "logical")]
    clock: Choice,
    /// Timed clock: the nodes' hardware (`kvscope policies` lists them).
    #[arg(long, value_name = "ID")]
    hardware: Option<String>,
    /// The model: GiB to blocks, and under the timed clock the cost of a token.
    #[arg(long, value_name = "ID")]
    model: Option<String>,
    /// Timed clock: effective FLOP/s of a node, in place of hardware and MFU.
    #[arg(long, value_name = "FLOP/S")]
    flops: Option<f64>,
    /// Timed clock: share of the peak FLOP/s that prefill reaches.
    #[arg(long, value_name = "FRACTION")]
    mfu: Option<f64>,
    /// Timed clock: seconds added to every time to first token.
    #[arg(long, value_name = "SECONDS")]
    fixed: Option<f64>,
    /// Timed clock: bytes a second between nodes.
    #[arg(long, value_name = "BYTES/S")]
    bandwidth: Option<f64>,
    /// Timed clock: multiplies the arrival rate.
    #[arg(long, value_name = "X")]
    rate: Option<f64>,
    /// Timed clock: objective for the time to first token.
    #[arg(long, value_name = "SECONDS")]
    slo: Option<f64>,
}

#[derive(Args)]
pub(crate) struct StudyArgs {
    /// The study's name.
    #[arg(requires = "trace")]
    pub(crate) study: Option<String>,
    /// The trace to study, such as Mooncake's conversation trace; `-` is standard input.
    pub(crate) trace: Option<PathBuf>,
    /// Seeds that what depends on chance is averaged over [default: the study's own].
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) seeds: Option<u32>,
    /// Print one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Args)]
pub(crate) struct SynthArgs {
    /// A workload (`kvscope policies` lists them).
    pub(crate) workload: String,
    /// Seed: the same one makes the same bytes.
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// How many requests [default: as many as the trace it stands for].
    #[arg(long)]
    pub(crate) requests: Option<u32>,
}

#[derive(Args)]
pub(crate) struct PoliciesArgs {
    /// Print one JSON object.
    #[arg(long, conflicts_with = "markdown")]
    pub(crate) json: bool,
    /// Print the page docs/policies.md.
    #[arg(long)]
    pub(crate) markdown: bool,
}

/// `id` or `id:key=value,...`.
#[derive(Clone)]
pub(crate) struct Choice(PolicyChoice);

impl FromStr for Choice {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (id, params) = text.split_once(':').unwrap_or((text, ""));
        let mut choice = PolicyChoice::new(id);
        for pair in params.split(',').filter(|pair| !pair.is_empty()) {
            let Some((name, value)) = pair.split_once('=') else {
                bail!("found {pair:?} in {text:?}, expected key=value");
            };
            choice = choice.with(name, ParamValue::parse(value));
        }
        Ok(Self(choice))
    }
}

impl ClusterArgs {
    /// The configuration these words say; the core checks it.
    pub(crate) fn config(&self) -> Result<Config> {
        let mut config = Config {
            router: self.router.0.clone(),
            eviction: self.eviction.0.clone(),
            migration: self.migration.0.clone(),
            clock: self.clock()?,
            ..Config::default()
        }
        .seed(self.seed);
        let numbers = [
            ("nodes", self.nodes.map(f64::from)),
            ("block_size", self.block_size.map(f64::from)),
            ("window", self.window.map(f64::from)),
            ("warmup", self.warmup),
        ];
        for (name, number) in numbers {
            if let Some(number) = number {
                config = config.with(name, ParamValue::Number(number));
            }
        }
        if let Some(capacity) = &self.capacity {
            config = config.with("capacity_blocks", ParamValue::parse(capacity));
        }
        for (name, text) in [("insertion", &self.insertion), ("time_unit", &self.time_unit)] {
            if let Some(text) = text {
                config = config.with(name, ParamValue::Text(text.clone()));
            }
        }
        Ok(config)
    }

    fn clock(&self) -> Result<PolicyChoice> {
        let mut clock = self.clock.0.clone();
        let text = |value: &Option<String>| value.clone().map(ParamValue::Text);
        let number = |value: Option<f64>| value.map(ParamValue::Number);
        if let Some(model) = text(&self.model) {
            clock = clock.with("model", model);
        }
        let given = [
            ("hardware", "--hardware", text(&self.hardware)),
            ("flops", "--flops", number(self.flops)),
            ("mfu", "--mfu", number(self.mfu)),
            ("fixed_s", "--fixed", number(self.fixed)),
            ("bandwidth_bytes_s", "--bandwidth", number(self.bandwidth)),
            ("rate", "--rate", number(self.rate)),
            ("slo_s", "--slo", number(self.slo)),
        ];
        for (name, flag, value) in given {
            let Some(value) = value else { continue };
            if clock.id != "timed" {
                bail!("{flag} needs --clock timed: the {} clock has no times", clock.id);
            }
            clock = clock.with(name, value);
        }
        Ok(clock)
    }
}
