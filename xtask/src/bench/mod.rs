//! `cargo xtask bench`: one table, each row beside its peer on the same work in the same run.
//!
//! Nothing here is a test: values depend on the machine, ratios less so. Every run goes through
//! all cases once, so that a busy moment of the machine does not fall on one of them alone, and
//! medians are taken over the runs. Times are of the processor, for one thread, where the system
//! tells them. What cannot be measured here is said in the table.

mod programs;
mod rows;
mod samples;
mod table;

use std::collections::BTreeSet;

use crate::config::Matrix;
use crate::shell::Shell;
use programs::Programs;
pub(crate) use programs::{MANIFEST, TARGET};
use rows::{Group, MEMORY_NODES, POLICIES, STREAMS};
use samples::Samples;

/// Measures the groups of these names (none: all), so many runs each, and prints the table.
pub(crate) fn run(
    sh: &Shell,
    matrix: &Matrix,
    names: &[String],
    runs: usize,
) -> anyhow::Result<()> {
    let mut groups = rows::groups();
    let known: Vec<&str> = groups.iter().map(|group| group.id).collect();
    programs::check_names(names, &known)?;
    groups.retain(|group| names.is_empty() || names.iter().any(|name| name == group.id));
    let mut samples = Samples::default();
    let programs = Programs::new(sh, matrix)?;
    let mut bench = Bench { cases: cases(&groups), programs, samples: &mut samples };
    bench.make();
    for run in 1..=runs {
        bench.measure(run, runs)?;
    }
    let trace = match bench.programs.trace {
        Some(_) => "the conversation trace",
        None => "the built-in workload conversation, since the real trace is not here",
    };
    println!("\nConversation is {trace}. Median of {runs}.\n");
    let rows = groups.iter().flat_map(|group| &group.rows);
    println!("{}", table::table(rows, &samples));
    Ok(())
}

/// The cases of all rows, without repetition.
fn cases(groups: &[Group]) -> BTreeSet<String> {
    let rows = groups.iter().flat_map(|group| &group.rows);
    rows.flat_map(|row| row.beside.iter().chain([&row.ours])).cloned().collect()
}

struct Bench<'a> {
    cases: BTreeSet<String>,
    programs: Programs<'a>,
    samples: &'a mut Samples,
}

impl Bench<'_> {
    /// The cases that `program` runs.
    fn of(&self, program: &str) -> Vec<String> {
        let of = |case: &String| {
            let (runs, case) = case.split_once(':').unwrap_or(("native", case));
            (runs == program).then(|| case.to_owned())
        };
        self.cases.iter().filter_map(of).collect()
    }

    /// Makes what the cases need; what cannot be made is struck from them, with the reason.
    fn make(&mut self) {
        self.try_to("wasm", |programs| programs.make_wasm());
        self.try_to("libcachesim", |programs| programs.make_python());
        self.try_to("kvcache-simulator", |programs| programs.make_python());
        self.try_to("chromium", |programs| programs.make_page());
        self.try_to("played", |programs| programs.make_played());
        self.try_to("plan", |programs| programs.make_plan());
        self.try_to("rate", |programs| programs.make_plan());
        self.try_to("cli", |programs| programs.make_command_line());
    }

    fn try_to(&mut self, program: &str, make: impl Fn(&Programs<'_>) -> anyhow::Result<()>) {
        if self.of(program).is_empty() {
            return;
        }
        if let Err(error) = make(&self.programs) {
            self.strike(program, &error);
        }
    }

    fn strike(&mut self, program: &str, error: &anyhow::Error) {
        let reason = error.to_string().replace(['\n', '|'], " ");
        eprintln!("{program}: {reason}");
        for case in self.of(program) {
            let case = format!("{program}:{case}");
            self.samples.lacks(&case, &reason);
            self.cases.remove(&case);
        }
    }

    /// One run through all cases.
    fn measure(&mut self, run: usize, runs: usize) -> anyhow::Result<()> {
        let native = self.of("native");
        let (memory, native): (Vec<String>, Vec<String>) =
            native.into_iter().partition(|case| case.starts_with("memory/"));
        let load = programs::load().map_or_else(String::new, |load| format!(", load {load}"));
        let say = |program: &str, cases: usize| {
            eprintln!("run {run} of {runs}{load}: {program}, {cases} cases");
        };
        if !native.is_empty() {
            say("native", native.len());
            let lines = self.programs.native(&refs(&native))?;
            self.samples.take("native", &lines)?;
        }
        // What is in use does not depend on chance: once is enough.
        for (nodes, _) in MEMORY_NODES.into_iter().filter(|_| run == 1 && !memory.is_empty()) {
            eprintln!("memory, {nodes} nodes");
            let lines = self.programs.memory(nodes)?;
            self.samples.take("native", &lines)?;
        }
        let wasm = self.of("wasm");
        if !wasm.is_empty() {
            say("wasm", wasm.len());
            let lines = self.programs.wasm(&refs(&wasm))?;
            self.samples.take("wasm", &lines)?;
        }
        if !self.of("libcachesim").is_empty() {
            for stream in 0..STREAMS.len() {
                say("libCacheSim", POLICIES.len());
                let measured = self.programs.libcachesim(stream, &POLICIES);
                self.peer("libcachesim", measured)?;
            }
        }
        if !self.of("kvcache-simulator").is_empty() {
            say("kvcache-simulator", 1);
            let measured = self.programs.kvcache_simulator();
            self.peer("kvcache-simulator", measured)?;
        }
        if !self.of("cli").is_empty() {
            say("answers of the command line", 2);
            let lines = self.programs.command_line()?;
            self.samples.take("cli", &lines)?;
        }
        if !self.of("rate").is_empty() {
            say("a file in a worker of Chromium", 1);
            let measured = self.programs.rate();
            self.peer("rate", measured)?;
        }
        if !self.of("played").is_empty() {
            say("runs playing in Chromium", 2);
            let measured = self.programs.played();
            self.peer("played", measured)?;
        }
        if !self.of("plan").is_empty() {
            say("answers in Chromium", 2);
            let measured = self.programs.plan();
            self.peer("plan", measured)?;
        }
        if !self.of("chromium").is_empty() {
            say("1 GB dropped in Chromium", 1);
            let measured = self.programs.chromium();
            self.peer("chromium", measured)?;
        }
        Ok(())
    }

    /// What a program that is not ours measured; that it fails is said, and nothing more.
    fn peer(&mut self, program: &str, measured: anyhow::Result<String>) -> anyhow::Result<()> {
        match measured {
            Ok(lines) => self.samples.take(program, &lines),
            Err(error) => {
                self.strike(program, &error);
                Ok(())
            }
        }
    }
}

fn refs(cases: &[String]) -> Vec<&str> {
    cases.iter().map(String::as_str).collect()
}
