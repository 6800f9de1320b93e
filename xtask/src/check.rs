//! What must hold before any test runs: formatting, lints, documentation, types.

use std::process::Command;

use anyhow::bail;

use crate::bench;
use crate::build;
use crate::config::Matrix;
use crate::shell::Shell;

/// One check: what it is called, and how it is run.
struct Check {
    name: &'static str,
    command: fn(&Shell) -> Command,
}

/// In the order in which they are run; the page's types need the wasm package.
const CHECKS: [Check; 7] = [
    Check { name: "formatting", command: |sh| sh.with("cargo", ["fmt", "--all", "--check"]) },
    Check {
        name: "lints, native",
        command: |sh| {
            let args = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
            sh.with("cargo", args)
        },
    },
    Check {
        name: "lints, wasm32",
        command: |sh| {
            let mut cargo = sh.with("cargo", ["clippy", "--target", "wasm32-unknown-unknown"]);
            cargo.args(["--lib", "--tests", "--", "-D", "warnings"]);
            cargo
        },
    },
    Check {
        name: "lints, the live view's core",
        command: |sh| {
            let mut cargo = sh.with("cargo", ["clippy", "--target", "wasm32-unknown-unknown"]);
            cargo.args(["--lib", "--no-default-features", "--", "-D", "warnings"]);
            cargo
        },
    },
    Check {
        name: "lints, what measures",
        command: |sh| {
            let mut cargo = sh.with("cargo", ["clippy", "--manifest-path", bench::MANIFEST]);
            cargo.args(["--target-dir", bench::TARGET, "--all-targets", "--", "-D", "warnings"]);
            cargo
        },
    },
    Check {
        name: "documentation",
        command: |sh| {
            let mut cargo = sh.with("cargo", ["doc", "--workspace", "--no-deps"]);
            cargo.env("RUSTDOCFLAGS", "-D warnings");
            cargo
        },
    },
    Check {
        name: "types of the page",
        command: |sh| {
            let mut npm = sh.with("npm", ["run", "typecheck"]);
            npm.current_dir(sh.root().join("www"));
            npm
        },
    },
];

/// Runs every check, also after one has failed.
pub(crate) fn run(sh: &Shell, matrix: &Matrix) -> anyhow::Result<()> {
    let failed = failures(sh, matrix)?;
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    println!("\n{} checks passed", CHECKS.len());
    Ok(())
}

/// The names of the checks that failed.
pub(crate) fn failures(sh: &Shell, matrix: &Matrix) -> anyhow::Result<Vec<&'static str>> {
    let mut failed = Vec::new();
    if let Err(error) = build::wasm_for_tests(sh, matrix) {
        println!("{error:#}");
        failed.push("the wasm package");
    }
    for check in &CHECKS {
        if !sh.record(check.name, &mut (check.command)(sh))?.ok {
            failed.push(check.name);
        }
    }
    Ok(failed)
}
