//! The command line as a shell sees it: exit codes, and results whatever becomes of the streams.
#![cfg(all(unix, feature = "cli"))]

mod common;
#[path = "common/piped.rs"]
mod piped;

use piped::{command, served, text};
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

const REQUEST: &str =
    "{\"timestamp\": 0, \"input_length\": 1024, \"output_length\": 1, \"hash_ids\": [0, 1]}\n";

/// A trace of which one line is bad, so that there is something to warn of.
fn trace() -> String {
    format!("{}no request\n{REQUEST}", REQUEST.repeat(80))
}

/// What is done without a word of complaint.
const DONE: &[&[&str]] = &[
    &["run", "-"],
    &["run", "-", "--json"],
    &["run", "-", "--csv"],
    // As many threads as there are runs, whatever is asked for.
    &["sweep", "-", "tests/data/grid.yaml", "--threads", "100000"],
    &["policies", "dynamo_kv:credit=0.5"],
    &["policies", "random"],
    &["run", "-", "--config", "tests/data/production.yaml"],
    &["run", "-", "--config", "tests/data/production.yaml", "--json"],
    &["compare", "-", "--lane", "router=random", "--lane", ""],
    &["compare", "-", "--lane", "eviction=fifo", "--lane", "", "--lane", "nodes=2", "--csv"],
    &["compare", "-", "--lane", "router=random", "--lane", "", "--seeds", "2", "--json"],
    &["explain", "-", "--request", "81"],
    &["trace", "-"],
    &["trace", "-", "--json", "--beside", "toolagent"],
    &["trace", "-", "--csv"],
    &["curve", "-", "--points", "4"],
    &["curve", "-", "--json", "--policy", "lru", "--policy", "lfu", "--nodes", "2"],
    &["curve", "-", "--sample", "0.5", "--policy", "lru", "--policy", "fifo"],
    &["curve", "-", "--csv", "--policy", "lru", "--from", "1", "--to", "1TiB"],
    &["study", "figure5", "-", "--seeds", "1"],
    &["study", "claims", "-", "--seeds", "1"],
    &["study", "claims", "-", "--seeds", "1", "--json"],
    &["study", "claim_hot_set"],
    &["completions", "bash"],
    &["man"],
    &["man", "run"],
    &["sweep", "-", "tests/data/grid.yaml"],
    &["sweep", "-", "tests/data/grid.json", "--csv"],
    &["sweep", "-", "tests/data/grid.yaml", "--saturation"],
    &["synth", "uniform", "--requests", "3"],
    &["policies"],
    &["policies", "--json"],
    &["--help"],
    &["run", "--help"],
    &["--version"],
];

/// Arguments, the exit code, and a word of what is told.
const MISTAKES: &[(&[&str], i32, &str)] = &[
    // The trace cannot be read or served.
    (&["run", "no-such-file.jsonl"], 1, "no-such-file.jsonl"),
    (&["explain", "no-such-file.jsonl", "--request", "1"], 1, "no-such-file.jsonl"),
    (&["study", "figure5", "no-such-file.jsonl"], 1, "no-such-file.jsonl"),
    (&["sweep", "no-such-file.jsonl", "tests/data/grid.yaml"], 1, "no-such-file.jsonl"),
    (&["sweep", "-", "no-such-grid.yaml"], 2, "no-such-grid.yaml"),
    (&["run", "-", "--config", "no-such.yaml"], 2, "cannot read no-such.yaml"),
    (&["merge", "tests/data/grid.yaml"], 2, "expected what `sweep --json` printed"),
    (&["trace", "no-such-file.jsonl"], 1, "no-such-file.jsonl"),
    (&["compare", "no-such-file.jsonl", "--lane", "", "--lane", ""], 1, "no-such-file.jsonl"),
    (&["curve", "no-such-file.jsonl"], 1, "no-such-file.jsonl"),
    (&["run", "."], 1, "cannot read ."),
    // Something else must be asked for: by clap's rules, by the core's, by the trace's.
    (&[], 2, "Usage"),
    (&["rnu"], 2, "did you mean run?"),
    (&["run"], 2, "TRACE"),
    (&["run", "-", "--json", "--csv"], 2, "--csv"),
    (&["run", "-", "--routers", "random"], 2, "--router"),
    (&["run", "-", "--router", "random", "--router", "random"], 2, "multiple times"),
    (&["compare", "-"], 2, "--lane"),
    (&["compare", "-", "--lane", "nodes=2"], 2, "found 1 lane, expected 2 to 4: a --lane for each"),
    (&["compare", "-", "--lane", "", "--lane", "seed=2"], 2, "lane B: seed: found 2"),
    (&["compare", "-", "--lane", "", "--lane", "router=radnom"], 2, "did you mean random?"),
    (&["compare", "-", "--lane", "", "--lane", "nodes=2", "--seeds", "0"], 2, "0"),
    (&["compare", "no-such-file.jsonl", "--lane", "", "--lane", "slo=2"], 2, "lane B: clock"),
    (&["explain", "-", "--request", "0"], 2, "0"),
    (&["explain", "-", "--request", "82"], 2, "found request 82, expected one in [1, 81]"),
    (&["explain", "-", "--at", "1e9"], 2, "expected at most the trace's last arrival"),
    (&["explain", "-", "--family", "9"], 2, "the family of block 9"),
    (&["study", "figure5", "-", "--seeds", "0"], 2, "0"),
    (&["trace", "-", "--beside", "tolagent"], 2, "did you mean toolagent?"),
    (&["trace", "-", "--rows", "x"], 2, "rows: found x"),
    (&["trace", "-", "--json", "--csv"], 2, "cannot be used with"),
    (&["curve", "-", "--policy", "lur"], 2, "did you mean lru?"),
    (&["curve", "-", "--from", "9", "--to", "9"], 2, "expected more than 9"),
    (&["curve", "-", "--sample", "0"], 2, "sample: found 0, expected a share in [0.000001, 1]"),
    (&["curve", "-", "--sample", "0.5", "--nodes", "2"], 2, "routers go by whole requests"),
    (&["curve", "-", "--sample", "0.1", "--from", "5", "--to", "50"], 2, "10 and more"),
    (&["curve", "-", "--from", "9"], 2, "--to"),
    (&["curve", "-", "--points", "0"], 2, "0 is not in 1"),
    (&["curve", "-", "--from", "1", "--to", "inf"], 2, "to: found inf"),
    (&["study", "--json"], 2, "STUDY"),
    (&["study", "figure", "-"], 2, "did you mean figure5 or figure9?"),
    (&["study", "claim", "-"], 2, "did you mean claims,"),
    (&["synth", "uniform", "--requests", "0"], 2, "0"),
    (&["completions", "fsh"], 2, "fish"),
    (&["man", "rnu"], 2, "did you mean run?"),
    (&["synth", "unifrom"], 2, "did you mean uniform?"),
    (&["policies", "--json", "--markdown"], 2, "cannot be used with"),
    (&["run", "-", "--nodes", "many"], 2, "nodes: found many"),
    (&["run", "-", "--nodes", "0"], 2, "nodes: found 0"),
    (&["run", "-", "--nodes", "-1"], 2, "nodes: found -1, expected a whole number in"),
    (&["run", "-", "--seed", "x"], 2, "seed: found x"),
    (&["run", "-", "--router", "rond_robin"], 2, "did you mean round_robin?"),
    (&["run", "-", "--router", "cache_aware:load_weigth=1"], 2, "did you mean load_weight?"),
    (&["run", "-", "--time-unit", "ms"], 2, "did you mean milliseconds?"),
    (&["run", "-", "--capacity", "100GB"], 2, "93.13GiB"),
    (&["run", "-", "--model", "nope"], 2, "clock.params.model: found nope"),
    (&["run", "-", "--mfu", "0.5"], 2, "mfu needs the timed clock: set clock to timed"),
    (&["run", "-", "--clock", "timed:mfu=0.2", "--mfu", "0.5"], 2, "0.2 was given before"),
    (&["run", "-", "--capacity", "100MiB"], 2, "room for at least one block"),
    // Refused before a trace is even looked for.
    (&["run", "no-such-file.jsonl", "--router", "x"], 2, "router.id: found x"),
];

#[test]
fn every_kind_of_mistake_has_one_exit_code() {
    let done = DONE.iter().map(|&args| (args, 0, ""));
    for (args, code, told) in done.chain(MISTAKES.iter().copied()) {
        let output = served(command(args), &trace());
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {said}");
        assert!(said.contains(told), "{args:?}: no {told:?} in {said:?}");
        assert_eq!(output.stdout.is_empty(), code != 0, "{args:?}: results");
        assert!(!said.contains("panicked"), "{args:?}: {said}");
    }
    for args in [
        &["run", "-"][..],
        &["explain", "-", "--request", "1"],
        &["trace", "-"],
        &["study", "figure5", "-"],
    ] {
        let without = "standard input has no request that can be served";
        for (input, told) in [("", "standard input is empty"), ("no request\n", without)] {
            let output = served(command(args), input);
            assert_eq!(output.status.code(), Some(1), "{args:?} of {input:?}");
            let said = text(&output.stderr);
            assert!(said.contains(told), "{args:?}: no {told:?} in {said:?}");
        }
    }
}

#[test]
fn all_reasons_are_told_at_once() {
    let args = ["run", "-", "--nodes", "0", "--router", "lru:a=1,a=2", "--capacity", "1 GB"];
    let output = served(command(&[&args[..], &["--warmup", "2", "--seed", "-"]].concat()), "");
    let said = text(&output.stderr);
    let paths = ["nodes", "router.id", "router.params.a", "capacity_blocks"];
    for path in [&paths[..], &["warmup", "seed"]].concat() {
        assert!(said.contains(&format!("  {path}: found ")), "no {path} in {said}");
    }
    assert_eq!(said.lines().count(), 7, "{said}");
}

/// What a run prints while all is well.
fn results(args: &[&str]) -> Vec<u8> {
    let output = served(command(args), &trace());
    assert!(text(&output.stderr).contains("1 bad line was left out"), "{output:?}");
    assert!(!output.stdout.is_empty());
    output.stdout
}

const RUNS: [&[&str]; 4] = [
    &["run", "-"],
    &["run", "-", "--json", "--clock", "timed"],
    &["explain", "-", "--request", "81"],
    &["study", "figure5", "-", "--seeds", "1"],
];

#[test]
fn a_closed_or_full_standard_error_loses_no_result() {
    for args in RUNS {
        let want = results(args);
        let full = || OpenOptions::new().write(true).open("/dev/full").expect("a full device");
        let mut to_full = command(args);
        to_full.stderr(full());
        let mut closed = Command::new("sh");
        closed.args(["-c", "exec \"$0\" \"$@\" 2>&-", env!("CARGO_BIN_EXE_kvscope")]).args(args);
        closed.stdin(Stdio::piped()).stdout(Stdio::piped());
        for command in [to_full, closed] {
            let output = served(command, &trace());
            assert_eq!(output.status.code(), Some(0), "{args:?}");
            assert_eq!(text(&output.stdout), text(&want), "{args:?}");
        }
        // A pipe that nobody reads any more.
        let mut child = command(args).spawn().expect("the binary runs");
        drop(child.stderr.take());
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(trace().as_bytes()).expect("the trace is read");
        drop(stdin);
        let output = child.wait_with_output().expect("the binary ends");
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert_eq!(text(&output.stdout), text(&want), "{args:?}");
    }
}

#[test]
fn a_full_standard_output_is_an_error_and_a_closed_one_is_not() {
    let helped: [&[&str]; 3] = [&["policies"], &["synth", "uniform"], &["--help"]];
    for args in RUNS.iter().chain(&helped) {
        let mut to_full = command(args);
        to_full.stdout(OpenOptions::new().write(true).open("/dev/full").expect("a full device"));
        let output = served(to_full, &trace());
        assert_eq!(output.status.code(), Some(1), "{args:?}");
        let said = text(&output.stderr);
        assert!(said.contains("the results cannot be written"), "{args:?}: {said}");
        let mut closed = Command::new("sh");
        closed.args(["-c", "exec \"$0\" \"$@\" >&-", env!("CARGO_BIN_EXE_kvscope")]).args(*args);
        closed.stdin(Stdio::piped()).stderr(Stdio::piped());
        let output = served(closed, &trace());
        assert_eq!(output.status.code(), Some(0), "{args:?}: {}", text(&output.stderr));
    }
}

#[test]
fn a_reader_that_has_seen_enough_ends_the_command_quietly() {
    // Far more than a pipe holds.
    let mut child = command(&["synth", "toolagent"]).spawn().expect("the binary runs");
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
    out.read_line(&mut line).expect("a line");
    drop(out);
    let mut said = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("UTF-8");
    assert_eq!(child.wait().expect("the binary ends").code(), Some(0), "{said}");
    assert!(line.starts_with('{') && said.is_empty(), "{line}{said}");
    // As a person writes it.
    let script = "set -o pipefail; \"$0\" run - | head -1";
    let mut piped = Command::new("bash");
    piped.args(["-c", script, env!("CARGO_BIN_EXE_kvscope")]);
    piped.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = served(piped, &trace());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(text(&output.stdout).lines().count(), 1);
}

/// Every command of README.md's console, run where the trace lies, prints what stands below it;
/// `…` is what was left out.
#[test]
fn the_readmes_examples_are_what_the_commands_print() {
    let Some(trace) = common::trace_path("readme") else { return };
    let readme = include_str!("../README.md");
    let (_, console) = readme.split_once("```console\n").expect("an example");
    let (console, _) = console.split_once("```").expect("its end");
    for example in console.split("$ kvscope ").skip(1) {
        let (line, shown) = example.split_once('\n').expect("a command and its output");
        let mut command = command(&line.split(' ').collect::<Vec<&str>>());
        command.current_dir(trace.parent().expect("a folder"));
        let output = served(command, "");
        let mut rest = text(&output.stdout);
        for part in shown.split("…\n") {
            let (_, after) =
                rest.split_once(part).unwrap_or_else(|| panic!("{line}: no\n{part}in\n{rest}"));
            rest = after;
        }
    }
}

/// Ranges and the story are lines of the same sentences, and the load after each.
#[test]
fn decisions_are_told_one_by_one_or_in_a_row() {
    let lines = |args: &[&str]| -> Vec<String> {
        let output = served(command(args), &trace());
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
        text(&output.stdout).lines().map(str::to_owned).collect()
    };
    let story = lines(&["explain", "-", "--story", "--router", "cache_aware"]);
    assert_eq!(story.len(), 1 + 20);
    let third = "Request 3 went to node 0: its score of 1.8 is the highest; next is node 1 with \
                 0. It held 2 of 2 leading blocks, and no node more.";
    assert!(story[3].ends_with(third), "{story:?}");
    assert!(story[3].contains("100.0 % |"), "{story:?}");
    let range = lines(&["explain", "-", "--from", "3", "--to", "4", "--router", "cache_aware"]);
    assert_eq!(range[1..], story[3..5]);
    let one = lines(&["explain", "-", "--request", "3", "--router", "cache_aware"]);
    assert!(one.contains(&third.to_owned()), "{one:?}");
    // Its blocks are 0 and 1, and the second request of all is the first from 2 on with them.
    let at = lines(&["explain", "-", "--family", "1", "--from", "3", "--router", "cache_aware"]);
    assert_eq!(at, one);
    let two = ["explain", "-", "--at", "0", "--count", "2", "--router", "cache_aware"];
    assert_eq!(lines(&two)[1..], story[1..3]);
    let json = lines(&["explain", "-", "--from", "80", "--json", "--clock", "timed"]);
    let last: serde_json::Value = serde_json::from_str(&json[1]).expect("JSON");
    assert_eq!((json.len(), last["request"].as_u64()), (2, Some(81)));
    assert!(last["regret_s"].as_f64() >= Some(0.0), "{last}");
}

/// Where names were forgotten, people read a sign before what is a bound, and machines a key.
#[test]
fn bounds_are_told_as_bounds() {
    let request = |at: u64| {
        format!("{{\"timestamp\": {at}, \"input_length\": 512, \"output_length\": 1, ")
            + &format!("\"hash_ids\": [{}]}}\n", at % 300)
    };
    let trace: String = (0..600).map(request).collect();
    let args = ["run", "-", "--nodes", "1", "--capacity", "8", "--window", "4"];
    let run = |more: &[&str]| {
        let output = served(command(&[&args[..], more].concat()), &trace);
        assert!(output.status.success(), "{more:?}: {}", text(&output.stderr));
        (text(&output.stdout).to_owned(), text(&output.stderr).to_owned())
    };
    let (free, _) = run(&[]);
    assert!(free.contains("ceiling 50.00 %") && !free.contains(['≥', '≤']), "{free}");
    let (bounded, warned) = run(&["--distinct-blocks", "64"]);
    assert!(bounded.contains("ceiling ≥ 0.00 %"), "{bounded}");
    assert!(bounded.contains("≥ 0 wanted again") && bounded.contains("≤ 600"), "{bounded}");
    assert!(bounded.contains("every one known up to request 60, then 64 at most"), "{bounded}");
    assert!(!warned.contains("warning: "), "{warned}");
    let (json, _) = run(&["--distinct-blocks", "64", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!((&json["names_known_to"], &json["names_budget"]), (&60.into(), &64.into()));
    let keeping = ["--distinct-blocks", "64", "--eviction", "wtinylfu"];
    let (kept, warned) = run(&keeping);
    assert!(!kept.contains('≥') && warned.contains("wtinylfu forgets no block"), "{warned}");
}

/// What a lane of a comparison says of its run is what `run` says with the same flags.
#[test]
fn a_lane_of_a_comparison_is_the_run_of_its_flags() {
    let made = served(command(&["synth", "toolagent", "--requests", "1500"]), "");
    let trace = text(&made.stdout);
    let out = |args: &[&str]| {
        let output = served(command(args), trace);
        assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
        text(&output.stdout).trim_end().to_owned()
    };
    let shared = ["--nodes", "4", "--capacity", "600", "--seed", "5"];
    let logical: &[(&str, &[&str])] = &[
        ("router=random", &["--router", "random"]),
        ("", &[]),
        (
            "router=cache_aware:load_weight=20,match=any,nodes=3",
            &["--router", "cache_aware:load_weight=20,match=any", "--nodes", "3"],
        ),
        (
            "router=hotspot_migration,eviction=lfu",
            &["--router", "hotspot_migration", "--eviction", "lfu"],
        ),
    ];
    let timed: &[(&str, &[&str])] = &[
        ("clock=timed,router=conductor", &["--clock", "timed", "--router", "conductor"]),
        ("rate=2,clock=timed", &["--clock", "timed", "--rate", "2"]),
        ("router=random", &["--router", "random"]),
    ];
    for (lanes, seeds) in [(logical, "1"), (timed, "1"), (timed, "3")] {
        let mut args = vec!["compare", "-", "--json", "--seeds", seeds];
        args.extend(shared);
        args.extend(lanes.iter().flat_map(|(lane, _)| ["--lane", lane]));
        let together = out(&args);
        let mut rest = together.as_str();
        for (lane, flags) in lanes {
            // What a lane sets goes before what all share.
            let kept = shared.chunks(2).filter(|pair| !flags.contains(&pair[0])).flatten().copied();
            let alone: Vec<&str> = ["run", "-", "--json"]
                .into_iter()
                .chain(kept)
                .chain(flags.iter().copied())
                .collect();
            let wanted = format!("\"run\":{}", out(&alone));
            let at = rest.find(&wanted).unwrap_or_else(|| panic!("{lane}: {wanted} not in {rest}"));
            rest = &rest[at + wanted.len()..];
        }
        assert!(together.contains(&format!("\"seeds\":{seeds}")), "{together}");
    }
}
