//! The words of what is simulated, and how the trace is read.

use super::{config_file, print};
use clap::Args;
use kvscope::config::{Config, Draft, Part};
use kvscope::error::Result;
use kvscope::params::ParamValue;
use kvscope::sweep::written_row;
use kvscope::trace::ReadOptions;
use std::path::{Path, PathBuf};

/// How to read the trace, where it is to be overruled.
#[derive(Args)]
pub(crate) struct ReadingArgs {
    /// Unit of the trace's times, as a word: seconds, milliseconds, ... [default: what the trace
    /// says].
    #[arg(long, value_name = "UNIT")]
    time_unit: Option<String>,
    /// Tokens in a block; 0 takes what the trace says, or 512 where it says nothing [default: 0].
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
    /// A configuration, JSON or YAML (docs/config.md). Other flags go before what it says, and are
    /// told; those of --perturb are added.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Writes the configuration that runs, as JSON where FILE ends in .json, else as YAML.
    #[arg(long, value_name = "FILE")]
    save_config: Option<PathBuf>,
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
    /// all) [default: round_robin].
    #[arg(long, value_name = "ID[:KEY=VALUE,...]")]
    router: Option<String>,
    /// Eviction policy, with parameters [default: lru].
    #[arg(long, value_name = "ID[:KEY=VALUE,...]")]
    eviction: Option<String>,
    /// Migration rule, with parameters; `auto` is the router's own, with the router's parameters
    /// [default: auto].
    #[arg(long, value_name = "ID[:KEY=VALUE,...]")]
    migration: Option<String>,
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
    /// Whether the router's weights of match and load follow hit rate and concentration: true or
    /// false, behind a `=` (docs/metrics.md, Monitoring) [default: false].
    #[arg(long, value_name = "SWITCH", num_args = 0..=1, default_missing_value = "true")]
    #[arg(require_equals = true)]
    auto_tuning: Option<String>,
    /// Requests after which alerts, hot blocks and weights are judged [default: 100].
    #[arg(long, value_name = "REQUESTS")]
    detection_window: Option<String>,
    /// Token hit rate of a detection window below which an alert is due [default: 0.3].
    #[arg(long, value_name = "FRACTION")]
    hit_rate_min: Option<String>,
    /// Share of a detection window's work on one node above which an alert is due [default: 0.7].
    #[arg(long, value_name = "FRACTION")]
    concentration_max: Option<String>,
    /// Share of a detection window's requests above which a block is hot [default: 0.05].
    #[arg(long, value_name = "FRACTION")]
    hot_share: Option<String>,
    /// Clock, with parameters: logical or timed [default: logical].
    #[arg(long, value_name = "ID[:KEY=VALUE,...]")]
    clock: Option<String>,
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
    fn settings(&self) -> [(&'static str, &Option<String>); 12] {
        [
            ("nodes", &self.nodes),
            ("capacity_blocks", &self.capacity),
            ("insertion", &self.insertion),
            ("window", &self.window),
            ("warmup", &self.warmup),
            ("distinct_budget", &self.distinct_blocks),
            ("auto_tuning_enabled", &self.auto_tuning),
            ("detection_window", &self.detection_window),
            ("hit_rate_min", &self.hit_rate_min),
            ("concentration_max", &self.concentration_max),
            ("hot_share", &self.hot_share),
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

    /// Words that choose rows.
    fn rows(&self) -> [(Part, &Option<String>); 4] {
        [
            (Part::Router, &self.router),
            (Part::Eviction, &self.eviction),
            (Part::Migration, &self.migration),
            (Part::Clock, &self.clock),
        ]
    }

    /// The configuration these words say, checked, and saved where that is wanted.
    pub(crate) fn config(&self) -> anyhow::Result<Config> {
        let mut draft = match &self.config {
            Some(path) => config_file::read(path)?,
            None => Draft::new(),
        };
        if let Some(path) = &self.config {
            self.go_before(&mut draft, path);
        }
        for (part, text) in self.rows() {
            if let Some(text) = text {
                draft.choose(part, text);
            }
        }
        for (name, text) in self.clock_params() {
            if let Some(text) = text {
                draft.param(Part::Clock, name, ParamValue::parse(text));
            }
        }
        give(&mut draft, &self.reading.settings());
        give(&mut draft, &self.settings());
        self.perturb.iter().for_each(|text| draft.perturb(text));
        let config = draft.config()?;
        if let Some(path) = &self.save_config {
            config_file::write(path, &config)?;
        }
        Ok(config)
    }

    /// Takes out of what a file says all that flags say too, and tells.
    fn go_before(&self, draft: &mut Draft, path: &Path) {
        let tell = |name: &str, before: Option<String>, now: &str| {
            if let Some(before) = before {
                let path = path.display();
                print::tell(format_args!("{name} is {now}, as the flag says; {path} has {before}"));
            }
        };
        for (part, text) in self.rows() {
            if let Some(text) = text {
                let before = draft.replace(part).map(|row| written_row(&row));
                tell(part.name(), before, text);
            }
        }
        for (name, text) in self.clock_params() {
            if let Some(text) = text {
                let before = draft.replace_param(Part::Clock, name).map(|it| it.to_string());
                tell(name, before, text);
            }
        }
        for (name, text) in self.settings().iter().chain(&self.reading.settings()) {
            if let Some(text) = text {
                tell(name, draft.replace_setting(name).map(|it| it.to_string()), text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::args::{Cli, Command};
    use super::*;
    use clap::{CommandFactory, Parser};
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
