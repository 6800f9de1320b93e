//! The command line as a program, for tests of what it prints.

use std::process::{Command, Output};

/// Runs it to its end.
pub(crate) fn kvscope(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kvscope"));
    command.args(args).output().expect("the binary runs")
}

/// Runs it and returns what it printed, which must be a result.
pub(crate) fn printed(args: &[&str]) -> String {
    let output = kvscope(args);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {told}");
    String::from_utf8(output.stdout).expect("UTF-8")
}
