//! The programs that compare: making them, what they read, and running them.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::Context;

use super::checks::{Check, Kind};
use crate::shell::Shell;

/// The workspace of the comparing programs, and where cargo builds it.
const MANIFEST: &str = "peers/Cargo.toml";
const TARGET: &str = "target/peers/cargo";
/// What is made for them, and by them.
const PLACE: &str = "target/peers";

/// Everything in its place.
pub(crate) struct Programs<'a> {
    sh: &'a Shell,
    place: PathBuf,
    /// The conversation trace, where it is on this machine.
    pub(crate) trace: Option<PathBuf>,
}

impl<'a> Programs<'a> {
    /// Builds the native program, which every check needs, and lets it write what others read.
    pub(crate) fn new(sh: &'a Shell) -> anyhow::Result<Self> {
        let place = sh.root().join(PLACE);
        fs::create_dir_all(place.join("data"))?;
        let mut cargo = sh.with("cargo", ["build", "--release", "--locked"]);
        cargo.args(["--manifest-path", MANIFEST, "--target-dir", TARGET]);
        sh.run("building what compares, with the peers that are crates", &mut cargo)?;
        let given = env::var_os("KVSCOPE_TRACES").map(PathBuf::from);
        let folders = given.into_iter().chain([sh.root().join("../shared/traces")]);
        let mut files = folders.map(|folder| folder.join("conversation_trace.jsonl"));
        let trace = files.find(|file| file.is_file());
        let programs = Self { sh, place, trace };
        programs.export()?;
        Ok(programs)
    }

    /// Writes the streams; files change places whole, since another run may be reading them.
    fn export(&self) -> anyhow::Result<()> {
        let (data, fresh) = (self.place.join("data"), self.place.join("fresh"));
        fs::create_dir_all(&fresh)?;
        self.sh.capture(self.native("export").arg(&fresh))?;
        for file in fs::read_dir(&fresh)? {
            let file = file?;
            fs::rename(file.path(), data.join(file.file_name()))?;
        }
        Ok(())
    }

    /// Runs a check, or only these rows of it; returns the rows it printed.
    pub(crate) fn run(&self, check: &Check, rows: &[&str]) -> anyhow::Result<String> {
        let mut native = self.native(check.id);
        if let Kind::Python { packages, script } = &check.kind {
            self.install(check, packages)?;
            let (file, data) = (self.sh.root().join("peers/python"), self.place.join("data"));
            let mut python = self.sh.command(self.python(check));
            python.arg(file.join(script[0])).args(&script[1..]).arg(&data);
            if let Some(trace) = &self.trace {
                python.env("KVSCOPE_TRACE", trace);
            }
            println!("{}: running {}", check.id, check.peer);
            fs::write(self.counted(check), self.sh.capture(&mut python)?)?;
            native.arg(self.counted(check));
        }
        println!("{}: comparing", check.id);
        self.sh.capture(native.args(rows))
    }

    /// Writes down what the check has just seen, where the ordinary tests hold kvscope to it.
    pub(crate) fn record(&self, check: &Check) -> anyhow::Result<()> {
        let Some(file) = check.recorded else { return Ok(()) };
        let mut native = self.native(&format!("record-{}", check.id));
        if let Kind::Python { .. } = check.kind {
            native.arg(self.counted(check));
        }
        let file = self.sh.root().join("tests/data").join(file);
        fs::write(&file, self.sh.capture(&mut native)?)?;
        println!("{}: {} is written", check.id, file.display());
        Ok(())
    }

    /// What the Python side of a check printed.
    fn counted(&self, check: &Check) -> PathBuf {
        self.place.join("data").join(format!("{}.counted", check.id))
    }

    /// Installs packages from PyPI for one check, apart from everything else: packages of two
    /// checks may bring programs of the same name.
    fn install(&self, check: &Check, packages: &[&str]) -> anyhow::Result<()> {
        let venv = self.place.join("python").join(check.id);
        if !self.python(check).is_file() {
            let mut make = self.sh.with("python3", ["-m", "venv"]);
            self.sh.run("making a place for peers from PyPI", make.arg(&venv))?;
        }
        let (name, stamp) = (packages.join(" "), venv.join("installed"));
        if fs::read_to_string(&stamp).is_ok_and(|installed| installed == name) {
            return Ok(());
        }
        let mut pip = self.sh.command(self.python(check));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        let what = format!("installing {name} from PyPI");
        self.sh.run(&what, pip.args(packages)).with_context(|| "could not be installed")?;
        Ok(fs::write(stamp, name)?)
    }

    fn python(&self, check: &Check) -> PathBuf {
        self.place.join("python").join(check.id).join("bin/python")
    }

    fn native(&self, task: &str) -> Command {
        let mut command =
            self.sh.command(self.sh.root().join(TARGET).join("release/kvscope-parity"));
        if let Some(trace) = &self.trace {
            command.arg("--trace").arg(trace);
        }
        command.arg(task);
        command
    }
}
