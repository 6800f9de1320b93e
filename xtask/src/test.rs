//! `cargo xtask test`: every check and every suite, then a table of what ran.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::{env, fs, io};

use crate::config::Matrix;
use crate::parse;
use crate::report::{Kind, Report};
use crate::shell::Shell;
use crate::{build, check, size, tools};

/// Real traces and expected results, which are not part of this repository.
const DATA: [(&str, &str); 2] =
    [("KVSCOPE_TRACES", "../shared/traces"), ("KVSCOPE_VECTORS", "../shared/vectors")];

/// The line that runs the browser tests without xtask.
pub(crate) fn by_hand(matrix: &Matrix) -> String {
    format!("wasm-pack test {}", matrix.test.flags.join(" "))
}

/// Runs everything, also after a failure, so that one run shows all of them.
///
/// The sums are the last line printed, whether or not something failed.
pub(crate) fn run(sh: &Shell, matrix: &Matrix) -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    report.checks_failed(check::failures(sh, matrix)?);

    suite(sh, &mut report, "unit tests of the page", Kind::PageUnit, npm(sh, "test"))?;

    let mut cargo = sh.with("cargo", ["test", "--workspace", "--no-fail-fast"]);
    cargo.args(["--", "--show-output"]);
    let native = Kind::NativeIntegration;
    suite(sh, &mut report, "native and documentation tests", native, cargo)?;

    let mut wasm_pack = sh.with("wasm-pack", ["test"]);
    wasm_pack.args(&matrix.test.flags);
    suite(sh, &mut report, "browser tests in Firefox", Kind::WasmFirefox, wasm_pack)?;

    if let Err(error) = build::page(sh, matrix) {
        println!("{error:#}");
        report.suite_failed("building the page");
    } else {
        if let Err(error) = size::check(sh.root()) {
            println!("{error:#}");
            report.suite_failed("what the page weighs");
        }
        let mut npm = npm(sh, "e2e");
        npm.env("KVSCOPE_CHROMIUM", tools::chromium(sh)?);
        suite(sh, &mut report, "the built page in Chromium", Kind::PageChromium, npm)?;
        again(sh, &mut report)?;
    }

    report.require_tests();
    print!("{report}");
    Ok(if report.has_failures() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// More than these are no accident of a busy machine.
const FEW: usize = 3;

/// Runs the few end-to-end tests that failed once more, by themselves: a page, its workers and a
/// test are programs that wait for each other by the clock of a machine that others use as well.
/// What passes then is no failure, and is told by name with what was wrong.
fn again(sh: &Shell, report: &mut Report) -> anyhow::Result<()> {
    let Some(run) = report.last_of(Kind::PageChromium) else {
        return Ok(());
    };
    if run.failures.is_empty() || run.failures.len() > FEW {
        return Ok(());
    }
    let mut node = sh.with("node", ["--import", "tsx", "--test", "--test-reporter=tap"]);
    node.arg("--test-concurrency=1").env("KVSCOPE_CHROMIUM", tools::chromium(sh)?);
    for failure in &run.failures {
        node.arg(format!("--test-name-pattern=^{}$", literally(&failure.name)));
    }
    let www = sh.root().join("www");
    // Where a test stands is said with what was wrong.
    let failed = |file: &String| run.failures.iter().any(|failure| failure.why.contains(file));
    let files: Vec<_> = end_to_end(&www)?.into_iter().filter(failed).collect();
    if files.is_empty() {
        return Ok(());
    }
    node.args(files).current_dir(&www);
    set_data(sh, &mut node);
    let recorded = sh.record("what failed in Chromium, once more", &mut node)?;
    run.passed_again(&parse::passed_in_node(&recorded.output));
    Ok(())
}

/// The files of the end-to-end tests, in order.
fn end_to_end(www: &Path) -> anyhow::Result<Vec<String>> {
    let names = fs::read_dir(www.join("e2e"))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<Vec<_>>>()?;
    let mut files: Vec<_> = names
        .into_iter()
        .filter(|name| name.ends_with(".test.ts"))
        .map(|name| format!("e2e/{name}"))
        .collect();
    files.sort();
    Ok(files)
}

/// A name as a pattern that has it and nothing else.
fn literally(name: &str) -> String {
    name.chars().fold(String::new(), |mut pattern, letter| {
        if !letter.is_alphanumeric() && letter.is_ascii() && letter != ' ' {
            pattern.push('\\');
        }
        pattern.push(letter);
        pattern
    })
}

fn npm(sh: &Shell, script: &str) -> Command {
    let mut npm = sh.with("npm", ["run", script]);
    npm.current_dir(sh.root().join("www"));
    npm
}

/// Runs one suite and adds what its runner says to the report.
fn suite(
    sh: &Shell,
    report: &mut Report,
    what: &str,
    kind: Kind,
    mut command: Command,
) -> anyhow::Result<()> {
    set_data(sh, &mut command);
    let recorded = sh.record(what, &mut command)?;
    let before = report.failed();
    let runs = match kind {
        Kind::PageUnit | Kind::PageChromium => parse::node(kind, &recorded.output),
        _ => parse::cargo(kind, &recorded.output),
    };
    for run in runs {
        report.add(run);
    }
    report.took(what, recorded.took);
    // A build error, say, or a crash: the runner counted nothing as failed.
    if !recorded.ok && report.failed() == before {
        report.suite_failed(what);
    }
    Ok(())
}

/// Says where the data are, where nobody said so and they are there.
fn set_data(sh: &Shell, command: &mut Command) {
    for (name, place) in DATA {
        let dir = sh.root().join(place);
        if env::var_os(name).is_none() && dir.is_dir() {
            command.env(name, dir);
        }
    }
}
