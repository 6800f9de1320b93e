//! The Python package that spreads a sweep over Dask, on two worker processes of this machine.
#![cfg(all(unix, feature = "cli"))]

use std::env;
use std::path::Path;
use std::process::Command;

/// A Python that has Dask's scheduler: the one named by KVSCOPE_PYTHON, or the one that
/// `cargo xtask setup --tests` made.
fn python() -> Option<String> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/python/bin/python");
    let python = env::var("KVSCOPE_PYTHON").unwrap_or_else(|_| own.display().to_string());
    let mut command = Command::new(&python);
    let found = command.args(["-c", "import distributed"]).output();
    found.is_ok_and(|output| output.status.success()).then_some(python)
}

#[test]
fn a_worker_killed_half_way_changes_no_byte() {
    let Some(python) = python() else {
        println!(
            "SKIPPED a_worker_killed_half_way_changes_no_byte: no Python with the package \
             distributed (set KVSCOPE_PYTHON to one, or run cargo xtask setup --tests)"
        );
        return;
    };
    let kvscope = env!("CARGO_BIN_EXE_kvscope");
    let trace = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dask.jsonl");
    let made = Command::new(kvscope)
        .args(["synth", "conversation", "--requests", "3000"])
        .output()
        .expect("the binary runs");
    std::fs::write(&trace, made.stdout).expect("a file");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new(python)
        .arg(root.join("python/tests/killed_worker.py"))
        .args([kvscope.as_ref(), trace.as_path(), &root.join("tests/data/grid.yaml")])
        .env("PYTHONPATH", root.join("python"))
        .output()
        .expect("Python runs");
    let (said, told) = (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    );
    assert!(output.status.success() && said.trim_end().ends_with("ok"), "{said}\n{told}");
}
