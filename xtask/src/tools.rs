//! What has to be installed, and installing what is missing.

use std::fs;
use std::process::Command;

use anyhow::{Context, bail};

use crate::config::Matrix;
use crate::shell::Shell;
use crate::toolchain;

/// Dask's scheduler, for the test of `python/`, and where it is installed.
const DASK: &str = "distributed==2026.8.0";
const PYTHON: &str = "target/python";

/// How much has to be there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Enough to build and serve the page.
    Build,
    /// Also the browsers for the tests.
    Tests,
}

/// The oldest Node.js that the page's tools run on.
const NODE_MIN: (u32, u32) = (20, 19);

/// Browsers: the programs of which one is enough, and Debian's package with the first.
const BROWSERS: [(&[&str], &str); 2] =
    [(&["firefox", "firefox-esr"], "firefox-esr"), (&CHROMIUMS, "chromium")];

/// Names of Chromium, the preferred first.
const CHROMIUMS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];

/// Installs everything that is missing; takes well under a second when nothing is.
pub(crate) fn set_up(sh: &mut Shell, matrix: &Matrix, needs: Needs) -> anyhow::Result<()> {
    check_node(sh)?;
    // What needs root comes first, so that its absence is not found out after long builds.
    if needs == Needs::Tests {
        browsers(sh)?;
    }
    toolchain::set_up(sh)?;
    npm_packages(sh)?;
    cargo_tool(sh, "wasm-pack", "wasm-pack", &matrix.tools.wasm_pack, &["--locked"])?;
    // Its lock file names a version of a crate that has been withdrawn: not --locked.
    cargo_tool(sh, "wasm-bindgen-cli", "wasm-bindgen", &matrix.tools.wasm_bindgen, &[])?;
    if needs == Needs::Tests && version_of(sh, "geckodriver").is_none() {
        let version = &matrix.tools.geckodriver;
        cargo_tool(sh, "geckodriver", "geckodriver", version, &["--locked"])?;
    }
    if needs == Needs::Tests
        && let Err(error) = dask(sh)
    {
        // One test needs it, and says by name that it was skipped.
        println!("Dask is not installed, so its test will be skipped: {error:#}");
    }
    Ok(())
}

/// Dask in a place of its own, apart from everything else.
fn dask(sh: &Shell) -> anyhow::Result<()> {
    let place = sh.root().join(PYTHON);
    let stamp = place.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == DASK) {
        return Ok(());
    }
    let mut make = sh.with("python3", ["-m", "venv"]);
    sh.run("making a place for Dask", make.arg(&place))?;
    let mut pip = sh.command(place.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", DASK]);
    sh.run("installing Dask for the test of python/", &mut pip)?;
    Ok(fs::write(stamp, DASK)?)
}

/// The Chromium for the end-to-end tests.
pub(crate) fn chromium(sh: &Shell) -> anyhow::Result<std::path::PathBuf> {
    CHROMIUMS.iter().find_map(|name| sh.find(name)).context("Chromium is not installed")
}

fn check_node(sh: &Shell) -> anyhow::Result<()> {
    let (major, minor) = NODE_MIN;
    let Some(version) = version_of(sh, "node") else {
        bail!("Node.js is not installed: version {major}.{minor} or newer, with npm, is needed");
    };
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse::<u32>);
    let found = (numbers.next(), numbers.next());
    match found {
        (Some(Ok(found_major)), Some(Ok(found_minor)))
            if (found_major, found_minor) >= NODE_MIN => {}
        _ => bail!("Node.js is {version}: version {major}.{minor} or newer is needed"),
    }
    version_of(sh, "npm").context("npm, which comes with Node.js, is not installed")?;
    Ok(())
}

/// The page's npm packages, as its lock file says.
fn npm_packages(sh: &Shell) -> anyhow::Result<()> {
    let www = sh.root().join("www");
    let lock = fs::read(www.join("package-lock.json")).context("www/package-lock.json")?;
    let stamp = www.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let mut npm = sh.with("npm", ["ci", "--no-audit", "--no-fund"]);
    sh.run("installing the page's npm packages", npm.current_dir(&www))?;
    fs::write(stamp, lock)?;
    Ok(())
}

/// A program from crates.io, of exactly this version.
pub(crate) fn cargo_tool(
    sh: &Shell,
    name: &str,
    program: &str,
    version: &str,
    flags: &[&str],
) -> anyhow::Result<()> {
    let found = version_of(sh, program);
    if found.as_deref() == Some(version) {
        return Ok(());
    }
    let what = match found {
        Some(found) => format!("replacing {name} {found} by {version} (some minutes)"),
        None => format!("installing {name} {version} from source (some minutes)"),
    };
    let mut cargo = sh.with("cargo", ["install", name, "--version", version]);
    // One directory for all tools: shared crates are built once, and a stopped build goes on.
    cargo.args(flags).env("CARGO_TARGET_DIR", sh.root().join("target/tools"));
    sh.run(&what, &mut cargo)
}

/// Firefox and Chromium. Only Debian and Ubuntu are known here; elsewhere it says what to get.
fn browsers(sh: &Shell) -> anyhow::Result<()> {
    let is_missing = |names: &[&str]| names.iter().all(|name| sh.find(name).is_none());
    let missing = BROWSERS.iter().filter(|(names, _)| is_missing(names));
    let packages: Vec<_> = missing.map(|(_, package)| *package).collect();
    if packages.is_empty() {
        return Ok(());
    }
    let Some(mut update) = apt_get(sh) else {
        bail!(
            "the tests need {}. Installing needs apt and root, and this has not both. \
             Run once, as root:\n    apt-get install --no-install-recommends {}",
            packages.join(" and "),
            packages.join(" ")
        );
    };
    sh.run("reading Debian's package lists", update.arg("update"))?;
    let mut install = apt_get(sh).context("apt-get has gone")?;
    install.args(["install", "-y", "--no-install-recommends"]).args(&packages);
    sh.run("installing the browsers for the tests", &mut install)
}

/// `apt-get` as root, if it is here and root can be had without a question.
fn apt_get(sh: &Shell) -> Option<Command> {
    sh.find("apt-get")?;
    let is_root = sh.ask(&mut sh.with("id", ["-u"])).as_deref() == Some("0");
    let mut command = if is_root {
        sh.command("env")
    } else {
        sh.ask(&mut sh.with("sudo", ["-n", "true"]))?;
        sh.with("sudo", ["-n", "env"])
    };
    command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]);
    Some(command)
}

/// The first word with a digit in what `program --version` prints.
fn version_of(sh: &Shell, program: &str) -> Option<String> {
    let text = sh.ask(&mut sh.with(program, ["--version"]))?;
    let has_digit = |word: &&str| word.contains(|c: char| c.is_ascii_digit());
    text.split_whitespace().find(has_digit).map(str::to_owned)
}
