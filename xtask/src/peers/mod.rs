//! `cargo xtask peers`: kvscope held to the code that runs in production, decision by decision.
//!
//! Every check installs the package it is about by name and version, apart from everything else
//! under `target/peers`, and compares. What cannot be installed or run says so in the table. A
//! version that decides otherwise is a finding and not a failure: the ordinary tests hold kvscope
//! to what was recorded.

mod checks;
mod page;
mod programs;

use std::time::Instant;

use anyhow::bail;

use crate::shell::Shell;
use checks::{CHECKS, Check};
use page::Line;
use programs::Programs;

/// Runs the checks or single rows of these names (none: all of them), and prints the table.
/// docs/peers.md gets the rows of every check that was run whole, and keeps those of the others.
/// With `record`, what the ordinary tests hold kvscope to is written down anew.
pub(crate) fn run(sh: &Shell, names: &[String], record: bool) -> anyhow::Result<()> {
    let is_wanted = |check: &&Check| names.is_empty() || names.iter().any(|n| check.has(n));
    if let Some(name) = names.iter().find(|name| !CHECKS.iter().any(|check| check.has(name))) {
        let known: Vec<_> = CHECKS.iter().map(|check| check.id).collect();
        bail!("there is no check {name}; there are {}", known.join(", "));
    }
    let (programs, page) = (Programs::new(sh)?, sh.root().join("docs/peers.md"));
    let (has_trace, mut table) = (programs.trace.is_some(), Vec::new());
    for check in CHECKS.iter().filter(is_wanted) {
        let started = Instant::now();
        let alone: Vec<_> = names.iter().filter_map(|name| check.row(name)).collect();
        let found = programs.run(check, &alone).and_then(|printed| page::read(check, &printed));
        let found = found.unwrap_or_else(|error| {
            let reason = format!("{error:#}").replace(['\n', '|'], " ");
            eprintln!("{}: {reason}", check.id);
            vec![Line::without(check, &reason)]
        });
        let rows = page::rows(&found, started.elapsed());
        if alone.is_empty() {
            page::renew(&page, check, &rows, has_trace)?;
            println!("{}: docs/peers.md has its rows now", check.id);
        }
        table.extend(rows);
        if record {
            programs.record(check)?;
        }
    }
    println!("\n{}", page::table(&table, has_trace));
    Ok(())
}
