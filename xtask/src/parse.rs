//! Reading the counts out of what test runners print.

use std::collections::BTreeSet;

use crate::report::{Failure, Kind, Run};

/// `cargo test`, natively or with wasm-bindgen's runner: one run per test program.
///
/// `kind` is that of browser tests or of native integration tests; native unit and
/// documentation tests are told from these by cargo's own headings.
pub(crate) fn cargo(kind: Kind, output: &str) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for line in output.lines() {
        if let Some((kind, name)) = heading(kind, line) {
            runs.push(Run::new(kind, name));
            continue;
        }
        let Some(run) = runs.last_mut() else {
            continue;
        };
        note_skipped(run, line);
        if let Some(result) = line.strip_prefix("test result: ") {
            // A documentation run may print several of these.
            run.passed += number_before(result, " passed");
            run.failed += number_before(result, " failed");
        } else if let Some(test) = line.strip_prefix("test ") {
            match test.rsplit_once(" ... ") {
                Some((name, "FAILED" | "FAIL")) => run.failures.push(Failure::new(name)),
                Some((name, how)) if how.starts_with("ignored") => {
                    let reason = how.trim_start_matches("ignored").trim_start_matches(", ");
                    run.skipped.insert(named(name, reason));
                }
                _ => {}
            }
        }
    }
    runs.iter_mut().for_each(subtract_skipped);
    runs
}

/// The heading that cargo prints before it starts a test program.
fn heading(kind: Kind, line: &str) -> Option<(Kind, &str)> {
    let line = line.trim_start();
    let is_native = kind == Kind::NativeIntegration;
    if let Some(name) = line.strip_prefix("Doc-tests ") {
        return Some((if is_native { Kind::Doc } else { kind }, name));
    }
    let (program, _) = line.strip_prefix("Running ")?.rsplit_once(" (target")?;
    match program.strip_prefix("unittests ") {
        Some(name) => Some((if is_native { Kind::NativeUnit } else { kind }, name)),
        None => Some((kind, program)),
    }
}

/// Node's own test runner, in either of its formats (`# pass 3`, `ℹ pass 3`).
pub(crate) fn node(kind: Kind, output: &str) -> Vec<Run> {
    let mut run = Run::new(kind, if kind == Kind::PageUnit { "www/test" } else { "www/e2e" });
    let mut in_failures = false;
    let mut lines = output.lines().map(str::trim);
    while let Some(line) = lines.next() {
        note_skipped(&mut run, line);
        if let Some((count, what)) = node_total(line) {
            match what {
                "pass" => run.passed += count,
                "fail" | "cancelled" => run.failed += count,
                _ => {}
            }
            continue;
        }
        // The spec format lists all failures again at its end.
        in_failures |= line == "✖ failing tests:";
        if let Some(name) = line.strip_prefix("﹣ ") {
            run.skipped.insert(named(without_time(name), ""));
        } else if let Some((_, name)) = test_point(line, "ok ") {
            if let Some((name, reason)) = name.split_once(" # SKIP") {
                run.skipped.insert(named(name, reason.trim()));
            }
        } else if let Some((_, name)) = test_point(line, "not ok ") {
            let why = said_of(&mut lines);
            run.failures.push(Failure { why, ..Failure::new(name) });
        } else if let Some(name) = line.strip_prefix("✖ ").filter(|_| !in_failures) {
            run.failures.push(Failure::new(without_time(name)));
        }
    }
    subtract_skipped_of_node(&mut run);
    vec![run]
}

/// More lines than these of what is said of a failure are left out.
const MOST_SAID: usize = 24;

/// What the TAP format says of a test, between `---` and `...`.
fn said_of<'a>(lines: &mut (impl Iterator<Item = &'a str> + Clone)) -> String {
    let mut ahead = lines.clone();
    if ahead.next() != Some("---") {
        return String::new();
    }
    *lines = ahead;
    let said: Vec<_> = lines.take_while(|line| *line != "...").collect();
    said.iter()
        .filter(|line| !line.is_empty())
        .take(MOST_SAID)
        .fold(String::new(), |all, line| all + line + "\n")
}

/// Names of the tests that passed, of the TAP format.
pub(crate) fn passed_in_node(output: &str) -> Vec<String> {
    let points = output.lines().filter_map(|line| test_point(line.trim(), "ok "));
    points.filter(|(_, name)| !name.contains(" # SKIP")).map(|(_, name)| name.to_owned()).collect()
}

fn node_total(line: &str) -> Option<(usize, &str)> {
    let line = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ "))?;
    let (what, count) = line.split_once(' ')?;
    Some((count.parse().ok()?, what))
}

/// `ok 3 - name` of the TAP format.
fn test_point<'a>(line: &'a str, prefix: &str) -> Option<(usize, &'a str)> {
    let (number, name) = line.strip_prefix(prefix)?.split_once(" - ")?;
    Some((number.parse().ok()?, name))
}

/// `name (1.2ms)` or `name (1.2ms) # reason`, as the spec format has it.
fn without_time(name: &str) -> &str {
    name.rsplit_once(" (").map_or(name, |(name, _)| name)
}

fn named(name: &str, reason: &str) -> String {
    if reason.is_empty() { name.to_owned() } else { format!("{name}: {reason}") }
}

/// A test whose data are not on this machine says `SKIPPED <name>: <reason>`, and passes.
const SAID: &str = "SKIPPED ";

fn note_skipped(run: &mut Run, line: &str) {
    let line = line.trim_start().trim_start_matches("# ");
    if let Some((name, reason)) = line.strip_prefix(SAID).and_then(|said| said.split_once(": ")) {
        run.skipped.insert(format!("{SAID}{}", named(name, reason)));
    }
}

/// Tests that passed only by saying that they were skipped are counted once, as skipped.
fn subtract_skipped(run: &mut Run) {
    let (said, ignored): (BTreeSet<_>, BTreeSet<_>) =
        std::mem::take(&mut run.skipped).into_iter().partition(|name| name.starts_with(SAID));
    run.passed = run.passed.saturating_sub(said.len());
    run.skipped = ignored;
    run.skipped.extend(said.iter().map(|name| name[SAID.len()..].to_owned()));
}

/// As `subtract_skipped`, but a test may say it and also be skipped for Node itself.
fn subtract_skipped_of_node(run: &mut Run) {
    let skipped_by_node: Vec<_> =
        run.skipped.iter().filter(|name| !name.starts_with(SAID)).cloned().collect();
    run.skipped.retain(|said| {
        let name = said.strip_prefix(SAID).and_then(|said| said.split(": ").next());
        name.is_none_or(|name| !skipped_by_node.iter().any(|other| other.starts_with(name)))
    });
    subtract_skipped(run);
}

fn number_before(text: &str, word: &str) -> usize {
    let before = text.split(word).next().unwrap_or_default();
    let digits = before.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    digits.parse().unwrap_or(0)
}

#[cfg(test)]
#[path = "parse_tests.rs"]
mod tests;
