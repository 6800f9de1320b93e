//! How commands are run: from the repository's root, with its tools on PATH, saying what runs.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

/// Where and with which environment every command runs.
pub(crate) struct Shell {
    root: PathBuf,
    path: OsString,
    /// The rustup toolchain to use instead of the active one.
    toolchain: Option<String>,
}

/// What a command printed, and how it ended.
pub(crate) struct Recorded {
    pub(crate) ok: bool,
    pub(crate) output: String,
    pub(crate) took: Duration,
}

impl Shell {
    pub(crate) fn new() -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
        let root = root.context("xtask is not inside a repository")?.to_path_buf();
        let cargo_bin = env::var_os("CARGO_HOME")
            .map(PathBuf::from)
            .or_else(|| Some(env::home_dir()?.join(".cargo")))
            .context("neither CARGO_HOME nor a home directory is known")?
            .join("bin");
        // wasm-opt comes with the page's npm packages; wasm-pack takes the one on PATH.
        let mut dirs = vec![cargo_bin, root.join("www/node_modules/.bin")];
        dirs.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        let path = env::join_paths(dirs)?;
        Ok(Self { root, path, toolchain: None })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// From here on, every command uses this rustup toolchain.
    pub(crate) fn use_toolchain(&mut self, name: &str) {
        self.toolchain = Some(name.to_owned());
    }

    /// A command in the repository's root.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", &self.path);
        if let Some(toolchain) = &self.toolchain {
            command.env("RUSTUP_TOOLCHAIN", toolchain);
        }
        command
    }

    /// `command`, with arguments.
    pub(crate) fn with<const N: usize>(&self, program: &str, args: [&str; N]) -> Command {
        let mut command = self.command(program);
        command.args(args);
        command
    }

    /// Whether PATH has a program of this name.
    pub(crate) fn find(&self, program: &str) -> Option<PathBuf> {
        env::split_paths(&self.path).map(|dir| dir.join(program)).find(|path| path.is_file())
    }

    /// Runs a command to its end; its output goes straight to the terminal.
    pub(crate) fn run(&self, what: &str, command: &mut Command) -> anyhow::Result<()> {
        announce(what, command);
        let status = command.status().with_context(|| cannot_start(command))?;
        if !status.success() {
            bail!("{what}: `{}` ended with {status}", line_of(command));
        }
        Ok(())
    }

    /// What a command prints on its standard output, or None if it fails or is not there.
    pub(crate) fn ask(&self, command: &mut Command) -> Option<String> {
        let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        output.status.success().then_some(text)
    }

    /// What a command prints on its standard output; where it fails, the last line it said.
    pub(crate) fn capture(&self, command: &mut Command) -> anyhow::Result<String> {
        let output =
            command.stdin(Stdio::null()).output().with_context(|| cannot_start(command))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr);
            let last = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("nothing");
            bail!("`{}` ended with {}: {last}", line_of(command), output.status);
        }
        String::from_utf8(output.stdout).with_context(|| line_of(command))
    }

    /// Runs a command, showing its output (both streams, in order) and keeping it.
    pub(crate) fn record(&self, what: &str, command: &mut Command) -> anyhow::Result<Recorded> {
        announce(what, command);
        let started = Instant::now();
        let (reader, writer) = io::pipe()?;
        command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
        let mut child = command.spawn().with_context(|| cannot_start(command))?;
        // The command holds the pipe's writing ends: without this the pipe would never close.
        command.stdout(Stdio::null()).stderr(Stdio::null());

        let mut output = String::new();
        let mut line = Vec::new();
        let mut reader = BufReader::new(reader);
        while reader.read_until(b'\n', &mut line)? > 0 {
            io::stdout().write_all(&line)?;
            io::stdout().flush()?;
            output.push_str(&String::from_utf8_lossy(&line));
            line.clear();
        }
        let ok = child.wait()?.success();
        Ok(Recorded { ok, output, took: started.elapsed() })
    }
}

fn announce(what: &str, command: &Command) {
    println!("\n==> {what}\n    {}", line_of(command));
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start `{}`", line_of(command))
}

fn line_of(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&arg.to_string_lossy());
    }
    line
}
