//! The programs that measure: making them, what they read, and running them.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::bail;

use super::rows::{CURVES, STREAMS, SWEEP};
use crate::config::Matrix;
use crate::shell::Shell;
use crate::{build, tools};

/// The workspace of the measuring programs, and where cargo builds it.
pub(crate) const MANIFEST: &str = "benches/peers/Cargo.toml";
pub(crate) const TARGET: &str = "target/bench/cargo";
/// What is made for them, and by them.
const PLACE: &str = "target/bench";
/// The peers from PyPI.
const PACKAGES: [&str; 2] = ["libcachesim==0.3.5", "kvcache-simulator==0.1.3"];
/// A trace of 1 GB.
const DROPPED_BYTES: usize = 1_000_000_000;
/// What a worker of the page reads, at least.
const RATE_BYTES: usize = 300_000_000;

/// Everything in its place.
pub(crate) struct Programs<'a> {
    sh: &'a Shell,
    matrix: &'a Matrix,
    place: PathBuf,
    /// The conversation trace, where it is on this machine.
    pub(crate) trace: Option<PathBuf>,
}

impl<'a> Programs<'a> {
    /// Builds the native program, which the others depend on.
    pub(crate) fn new(sh: &'a Shell, matrix: &'a Matrix) -> anyhow::Result<Self> {
        let place = sh.root().join(PLACE);
        fs::create_dir_all(place.join("data"))?;
        sh.run("building what measures, native", &mut cargo(sh, &["--bin", "kvscope-peers"]))?;
        let given = env::var_os("KVSCOPE_TRACES").map(PathBuf::from);
        let folders = given.into_iter().chain([sh.root().join("../shared/traces")]);
        let mut files = folders.map(|folder| folder.join("conversation_trace.jsonl"));
        let trace = files.find(|file| file.is_file());
        Ok(Self { sh, matrix, place, trace })
    }

    /// Measures cases natively.
    pub(crate) fn native(&self, cases: &[&str]) -> anyhow::Result<String> {
        self.sh.capture(self.peers("run").args(cases))
    }

    /// Measures memory, each number of nodes in a process of its own.
    pub(crate) fn memory(&self, nodes: u32) -> anyhow::Result<String> {
        self.sh.capture(self.peers("memory").arg(nodes.to_string()))
    }

    /// Builds the wasm program.
    pub(crate) fn make_wasm(&self) -> anyhow::Result<()> {
        let (target, out) = ("wasm32-unknown-unknown", self.place.join("wasm"));
        let mut cargo = cargo(self.sh, &["--lib", "--target", target]);
        self.sh.run("building what measures, wasm", &mut cargo)?;
        let target = self.sh.root().join(TARGET).join(target);
        let made = target.join("release/kvscope_peers.wasm");
        let mut bindgen = self.sh.with("wasm-bindgen", ["--target", "nodejs", "--out-dir"]);
        self.sh.run("binding it to Node", bindgen.arg(&out).arg(made))
    }

    /// Measures cases in wasm under Node.
    pub(crate) fn wasm(&self, cases: &[&str]) -> anyhow::Result<String> {
        let mut node = self.sh.with("node", ["benches/peers/wasm.mjs"]);
        node.arg(self.place.join("wasm/kvscope_peers.js"));
        match &self.trace {
            Some(trace) => node.arg(trace),
            None => node.arg("-"),
        };
        self.sh.capture(node.args(cases))
    }

    /// Installs the peers from PyPI, apart from everything else.
    pub(crate) fn make_python(&self) -> anyhow::Result<()> {
        let venv = self.place.join("venv");
        if !self.python().is_file() {
            let mut make = self.sh.with("python3", ["-m", "venv"]);
            self.sh.run("making a place for peers from PyPI", make.arg(&venv))?;
        }
        let stamp = venv.join("installed");
        if fs::read_to_string(&stamp).is_ok_and(|installed| installed == PACKAGES.join(" ")) {
            return Ok(());
        }
        let mut pip = self.sh.command(self.python());
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        self.sh.run("installing the peers from PyPI", pip.args(PACKAGES))?;
        Ok(fs::write(stamp, PACKAGES.join(" "))?)
    }

    /// Measures libCacheSim's caches on one of the streams.
    pub(crate) fn libcachesim(&self, stream: usize, policies: &[&str]) -> anyhow::Result<String> {
        let (name, _, capacity) = STREAMS[stream];
        let file = self.export(name, &format!("{name}.bin"))?;
        let mut python = self.sh.command(self.python());
        python.args(["benches/peers/peers.py", "libcachesim"]).arg(file);
        self.sh.capture(python.args([name, &capacity.to_string()]).args(policies))
    }

    /// Measures kvcache-simulator at the capacities of our grid.
    pub(crate) fn kvcache_simulator(&self) -> anyhow::Result<String> {
        let file = self.export("trace", "trace.jsonl")?;
        let mut python = self.sh.command(self.python());
        python.args(["benches/peers/peers.py", "kvcache-simulator"]).arg(file);
        self.sh.capture(python.arg("1000,3000,5859,10000,30000,50000,100000"))
    }

    fn python(&self) -> PathBuf {
        self.place.join("venv/bin/python")
    }

    /// Builds the page.
    pub(crate) fn make_played(&self) -> anyhow::Result<()> {
        tools::chromium(self.sh)?;
        build::all(self.sh, self.matrix)
    }

    /// Plays four lanes and then many nodes.
    pub(crate) fn played(&self) -> anyhow::Result<String> {
        let mut node = self.sh.with("node", ["--import", "tsx", "e2e/play.ts"]);
        node.current_dir(self.sh.root().join("www"));
        node.env("KVSCOPE_CHROMIUM", tools::chromium(self.sh)?);
        self.sh.capture(&mut node)
    }

    /// Builds the page, and writes the trace that it is asked about.
    pub(crate) fn make_plan(&self) -> anyhow::Result<()> {
        tools::chromium(self.sh)?;
        build::all(self.sh, self.matrix)?;
        self.export("trace", "trace.jsonl")?;
        Ok(())
    }

    /// Asks the page for curves and a sweep.
    pub(crate) fn plan(&self) -> anyhow::Result<String> {
        let mut node = self.sh.with("node", ["--import", "tsx", "e2e/plan.ts"]);
        let (trace, grid) = (self.export("trace", "trace.jsonl")?, self.sh.root().join(SWEEP));
        node.arg(trace).arg(grid).arg(CURVES.join(",")).current_dir(self.sh.root().join("www"));
        node.env("KVSCOPE_CHROMIUM", tools::chromium(self.sh)?);
        self.sh.capture(&mut node)
    }

    /// Reads a file in a worker of the page, with the core and without.
    pub(crate) fn rate(&self) -> anyhow::Result<String> {
        let mut node = self.sh.with("node", ["--import", "tsx", "e2e/rate.ts"]);
        node.arg(self.export("trace", "trace.jsonl")?).arg(RATE_BYTES.to_string());
        node.current_dir(self.sh.root().join("www"));
        node.env("KVSCOPE_CHROMIUM", tools::chromium(self.sh)?);
        self.sh.capture(&mut node)
    }

    /// Builds the command line, and writes the trace that it is asked about.
    pub(crate) fn make_command_line(&self) -> anyhow::Result<()> {
        let mut cargo = self.sh.with("cargo", ["build", "--release", "--bin", "kvscope"]);
        self.sh.run("building the command line", &mut cargo)?;
        self.export("trace", "trace.jsonl")?;
        Ok(())
    }

    /// Asks the command line for the same curves and the same sweep, reading included.
    pub(crate) fn command_line(&self) -> anyhow::Result<String> {
        let trace = self.export("trace", "trace.jsonl")?;
        let ask = |name: &str, words: &[&str]| {
            let mut kvscope = self.sh.command(self.sh.root().join("target/release/kvscope"));
            let begun = Instant::now();
            self.sh.capture(kvscope.arg(words[0]).arg(&trace).args(&words[1..]))?;
            Ok(format!("{name}\t{}\t1\t\t\n", begun.elapsed().as_secs_f64()))
        };
        let mut curve = vec!["curve", "--points", "40", "--json"];
        curve.extend(CURVES.iter().flat_map(|policy| ["--policy", policy]));
        let curve: anyhow::Result<String> = ask("answers/curve_s", &curve);
        Ok(curve? + &ask("answers/sweep_s", &["sweep", SWEEP, "--json"])?)
    }

    /// Builds the page, and the trace that is dropped on it.
    pub(crate) fn make_page(&self) -> anyhow::Result<()> {
        tools::chromium(self.sh)?;
        build::all(self.sh, self.matrix)?;
        self.export(&format!("copies:{DROPPED_BYTES}"), "dropped.jsonl")?;
        Ok(())
    }

    /// Drops the trace on the page.
    pub(crate) fn chromium(&self) -> anyhow::Result<String> {
        let mut node = self.sh.with("node", ["--import", "tsx", "e2e/drop.ts"]);
        node.arg(self.place.join("data/dropped.jsonl")).current_dir(self.sh.root().join("www"));
        node.env("KVSCOPE_CHROMIUM", tools::chromium(self.sh)?);
        self.sh.capture(&mut node)
    }

    /// Writes a stream for other programs, once for each program that writes it.
    fn export(&self, what: &str, name: &str) -> anyhow::Result<PathBuf> {
        let (file, program) = (self.place.join("data").join(name), self.program());
        let modified = |path: &PathBuf| fs::metadata(path).and_then(|meta| meta.modified()).ok();
        if modified(&file) < modified(&program) {
            let partial = file.with_extension("partial");
            self.sh.capture(self.peers("export").arg(what).arg(&partial))?;
            fs::rename(partial, &file)?;
        }
        Ok(file)
    }

    fn peers(&self, task: &str) -> Command {
        let mut command = self.sh.command(self.program());
        command.arg(task);
        if let Some(trace) = &self.trace {
            command.arg("--trace").arg(trace);
        }
        command
    }

    fn program(&self) -> PathBuf {
        self.sh.root().join(TARGET).join("release/kvscope-peers")
    }
}

fn cargo(sh: &Shell, what: &[&str]) -> Command {
    let mut cargo = sh.with("cargo", ["build", "--release", "--manifest-path", MANIFEST]);
    cargo.args(["--target-dir", TARGET]).args(what);
    cargo
}

/// How busy the machine is, where it tells.
pub(crate) fn load() -> Option<String> {
    let load = fs::read_to_string("/proc/loadavg").ok()?;
    Some(load.split(' ').next()?.to_owned())
}

/// Fails unless every one of `names` is a group.
pub(crate) fn check_names(names: &[String], groups: &[&str]) -> anyhow::Result<()> {
    match names.iter().find(|name| !groups.contains(&name.as_str())) {
        Some(name) => bail!("there is no group {name}; there are {}", groups.join(", ")),
        None => Ok(()),
    }
}
