//! Counting tests by kind.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

/// The kinds of tests, in the order of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    NativeUnit,
    NativeIntegration,
    Doc,
    PageUnit,
    WasmFirefox,
    PageChromium,
}

impl Kind {
    const ALL: [(Self, &str); 6] = [
        (Self::NativeUnit, "native unit"),
        (Self::NativeIntegration, "native integration"),
        (Self::Doc, "documentation"),
        (Self::PageUnit, "page unit (Node)"),
        (Self::WasmFirefox, "wasm in Firefox"),
        (Self::PageChromium, "end to end in Chromium"),
    ];

    fn needs_a_browser(self) -> bool {
        matches!(self, Self::WasmFirefox | Self::PageChromium)
    }
}

/// What the runner of one test program said.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) kind: Kind,
    /// The test program, for instance `tests/web.rs`.
    pub(crate) name: String,
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    /// Names of the tests that were not run, each with the reason where there is one.
    pub(crate) skipped: BTreeSet<String>,
    pub(crate) failures: Vec<Failure>,
    /// What failed, and passed when it was run again.
    pub(crate) unsteady: Vec<Failure>,
}

/// A test that failed, and what its runner said of it, where that stands by its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) name: String,
    pub(crate) why: String,
}

impl Failure {
    pub(crate) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), why: String::new() }
    }

    /// Under a word of its own, and what was said below it.
    fn tell(&self, f: &mut fmt::Formatter<'_>, word: &str, program: &str) -> fmt::Result {
        writeln!(f, "{word}: {program}: {}", self.name)?;
        self.why.lines().try_for_each(|line| writeln!(f, "    {line}"))
    }
}

impl Run {
    pub(crate) fn new(kind: Kind, name: &str) -> Self {
        let name = name.to_owned();
        let (failures, unsteady) = (Vec::new(), Vec::new());
        Self { kind, name, passed: 0, failed: 0, skipped: BTreeSet::new(), failures, unsteady }
    }

    /// Takes what passed when it was run again out of what failed.
    pub(crate) fn passed_again(&mut self, names: &[String]) {
        let (steady, unsteady) = std::mem::take(&mut self.failures)
            .into_iter()
            .partition(|failure| !names.contains(&failure.name));
        self.failures = steady;
        self.passed += unsteady.len();
        self.failed = self.failed.saturating_sub(unsteady.len());
        self.unsteady = unsteady;
    }
}

/// Everything that ran.
#[derive(Default)]
pub(crate) struct Report {
    runs: Vec<Run>,
    /// Checks and suites that failed without any failed test.
    broken: Vec<String>,
    times: Vec<(String, Duration)>,
}

impl Report {
    pub(crate) fn add(&mut self, run: Run) {
        self.runs.push(run);
    }

    pub(crate) fn took(&mut self, what: &str, time: Duration) {
        self.times.push((what.to_owned(), time));
    }

    pub(crate) fn checks_failed(&mut self, names: Vec<&'static str>) {
        self.broken.extend(names.into_iter().map(|name| format!("check: {name}")));
    }

    pub(crate) fn suite_failed(&mut self, what: &str) {
        self.broken.push(what.to_owned());
    }

    /// A browser suite without tests is a failure: runners skip what is not set up, and exit 0.
    pub(crate) fn require_tests(&mut self) {
        for (kind, label) in Kind::ALL.into_iter().filter(|(kind, _)| kind.needs_a_browser()) {
            if self.of(kind).all(|run| run.passed + run.failed == 0) {
                self.broken.push(format!("{label}: ran 0 tests"));
            }
        }
        let is_silent = |run: &&Run| {
            let ran = run.passed + run.failed + run.skipped.len();
            run.kind == Kind::WasmFirefox && run.name.starts_with("tests/web") && ran == 0
        };
        let silent = self.runs.iter().filter(is_silent);
        let silent: Vec<_> = silent.map(|run| format!("{}: ran 0 tests", run.name)).collect();
        self.broken.extend(silent);
    }

    pub(crate) fn last_of(&mut self, kind: Kind) -> Option<&mut Run> {
        self.runs.iter_mut().rfind(|run| run.kind == kind)
    }

    fn of(&self, kind: Kind) -> impl Iterator<Item = &Run> {
        self.runs.iter().filter(move |run| run.kind == kind)
    }

    /// Passed, failed and skipped tests of one kind, or of all.
    fn counts(&self, kind: Option<Kind>) -> [usize; 3] {
        let runs = self.runs.iter().filter(|run| kind.is_none_or(|kind| run.kind == kind));
        runs.fold([0; 3], |[passed, failed, skipped], run| {
            [passed + run.passed, failed + run.failed, skipped + run.skipped.len()]
        })
    }

    pub(crate) fn failed(&self) -> usize {
        self.counts(None)[1]
    }

    pub(crate) fn has_failures(&self) -> bool {
        self.failed() > 0 || !self.broken.is_empty()
    }
}

impl fmt::Display for Report {
    /// The table, the names, and as the last line the sums, in which what failed without any
    /// failed test counts as one each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{:24}{:>8}{:>8}{:>8}", "tests", "passed", "failed", "skipped")?;
        for (kind, label) in Kind::ALL {
            let [passed, failed, skipped] = self.counts(Some(kind));
            writeln!(f, "{label:24}{passed:>8}{failed:>8}{skipped:>8}")?;
        }
        for (what, time) in &self.times {
            writeln!(f, "took {:>4} s: {what}", time.as_secs())?;
        }
        for run in &self.runs {
            for name in &run.skipped {
                writeln!(f, "skipped: {}: {name}", run.name)?;
            }
        }
        for run in &self.runs {
            for failure in &run.unsteady {
                failure.tell(f, "UNSTEADY, failed and passed when run again", &run.name)?;
            }
            for failure in &run.failures {
                failure.tell(f, "FAILED", &run.name)?;
            }
        }
        for what in &self.broken {
            writeln!(f, "FAILED: {what}")?;
        }
        let [passed, failed, skipped] = self.counts(None);
        let failed = failed + self.broken.len();
        writeln!(f, "\n{passed} passed, {failed} failed, {skipped} skipped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(kind: Kind, name: &str, passed: usize) -> Run {
        Run { passed, ..Run::new(kind, name) }
    }

    #[test]
    fn a_browser_suite_without_tests_fails() {
        let mut report = Report::default();
        report.add(run(Kind::PageChromium, "e2e", 2));
        report.require_tests();
        assert_eq!(report.broken, ["wasm in Firefox: ran 0 tests"]);
    }

    #[test]
    fn so_does_one_silent_browser_test_file_among_others() {
        let mut report = Report::default();
        report.add(run(Kind::PageChromium, "e2e", 2));
        report.add(run(Kind::WasmFirefox, "src/lib.rs", 0));
        report.add(run(Kind::WasmFirefox, "tests/web.rs", 4));
        report.add(run(Kind::WasmFirefox, "tests/web_vectors.rs", 0));
        report.require_tests();
        assert_eq!(report.broken, ["tests/web_vectors.rs: ran 0 tests"]);
    }

    #[test]
    fn what_passed_again_is_told_and_is_no_failure() {
        let mut e2e = run(Kind::PageChromium, "e2e", 2);
        e2e.failed = 2;
        let failure = |name| Failure { why: "0 is not 1".to_owned(), ..Failure::new(name) };
        e2e.failures = vec![failure("once"), failure("always")];
        e2e.passed_again(&["once".to_owned()]);
        assert_eq!((e2e.passed, e2e.failed), (3, 1));
        let mut report = Report::default();
        report.add(e2e);
        let told = report.to_string();
        assert!(told.contains("UNSTEADY, failed and passed when run again: e2e: once\n    0 is"));
        assert!(told.contains("FAILED: e2e: always\n    0 is not 1\n"));
        assert!(report.has_failures());
    }

    #[test]
    fn the_last_line_is_the_sum() {
        let mut report = Report::default();
        report.add(run(Kind::NativeUnit, "src/lib.rs", 3));
        report.add(Run { failed: 1, ..run(Kind::Doc, "kvscope", 1) });
        report.suite_failed("formatting");
        assert_eq!(report.to_string().lines().last(), Some("4 passed, 2 failed, 0 skipped"));
    }
}
