//! Nothing that a command line says is ignored in silence: it counts, or is told or refused.
#![cfg(all(unix, feature = "cli"))]

#[path = "common/piped.rs"]
mod piped;

use piped::{command, served, text};

const REQUEST: &str =
    "{\"timestamp\": 0, \"input_length\": 1024, \"output_length\": 1, \"hash_ids\": [0, 1]}\n";

/// What is done, and said to have changed nothing.
const TOLD: &[(&[&str], &str)] = &[
    (&["run", "-", "--shared-prefix", "0.5"], "the setting shared_prefix makes up blocks for rows"),
    (&["trace", "-", "--shared-prefix", "0.5"], "the setting shared_prefix makes up blocks"),
    (&["run", "-", "--rows", "whole"], "names no session: the setting rows changes nothing"),
    (
        &["run", "-", "--clock", "timed", "--sessions", "closed"],
        "the setting sessions changes nothing here; leave it out (80 lines, first on line 1)",
    ),
    (&["curve", "-", "--router", "random", "--points", "4"], "router changes nothing here"),
    (
        &["explain", "-", "--request", "1", "--window", "9"],
        "window changes nothing here: only a run that is looked at reads it",
    ),
    (
        &["explain", "-", "--at", "0", "--distinct-blocks", "64"],
        "distinct_budget changes nothing here: the whole trace is held",
    ),
    (
        &["compare", "-", "--lane", "", "--lane", "router=random", "--seeds", "2"],
        "distinct_budget changes nothing here: over seeds the whole trace is held",
    ),
    (&["sweep", "-", "GRID"], "window changes nothing here: cells keep sums alone"),
    (&["sweep", "-", "GRID"], "distinct_budget changes nothing here"),
    (&["sweep", "-", "GRID"], "hot_share changes nothing here"),
    (&["advise", "-", "--window", "9"], "window changes nothing here: only a run that is looked"),
    (&["advise", "-", "--distinct-blocks", "64"], "distinct_budget changes nothing here"),
    (&["study", "figure9", "-", "--seeds", "3"], "nothing in this study depends on chance"),
    (&["study", "peers", "-"], "the trace changes nothing here: this study serves workloads"),
];

/// What is refused, since it would change nothing.
const REFUSED: &[(&[&str], &str)] = &[
    (&["trace", "-", "--csv", "--beside", "toolagent"], "cannot be used with"),
    (&["explain", "-", "--from", "2", "--count", "2"], "expected --at or --family to count from"),
    (&["advise", "-", "--weights", "hit=2"], "weights.hit: found 2, expected nothing"),
    (&["run", "-", "--auto-tuning", "false"], "did you mean --auto-tuning=false?"),
    (&["run", "-", "--slo", "3"], "slo_s needs the timed clock: set clock to timed"),
    (&["run", "-", "--clock", "timed:service=h100_tp8", "--mfu", "0.5"], "it counts only while"),
    (&["run", "-", "--perturb", "slow:0:2@5"], "the timed clock"),
];

/// What is said without any of these.
const SAID_NOTHING: &[&[&str]] = &[
    &["run", "-", "--window", "9", "--distinct-blocks", "64"],
    // A switch leaves what follows to whom it belongs.
    &["run", "--router", "cache_aware", "--auto-tuning", "-"],
    &["run", "-", "--auto-tuning=false", "--block-size", "0"],
    &["curve", "-", "--router", "random", "--nodes", "2", "--points", "4"],
    &["compare", "-", "--lane", "", "--lane", "router=random", "--distinct-blocks", "64"],
    &["sweep", "-", "tests/data/grid.yaml"],
    &["advise", "-"],
    &["study", "figure5", "-", "--seeds", "2"],
    &["study", "claim_hot_set", "-"],
    &["explain", "-", "--at", "0", "--count", "2"],
];

fn done(args: &[&str], grid: &str) -> (Option<i32>, String) {
    let mut args: Vec<&str> =
        args.iter().map(|&arg| if arg == "GRID" { grid } else { arg }).collect();
    if args[0] == "advise" {
        args.extend(["--scenario-requests", "0", "--seeds", "2", "--routers", "random"]);
    }
    if args[0] == "compare" && args.contains(&"--seeds") {
        args.extend(["--distinct-blocks", "64"]);
    }
    let output = served(command(&args), &REQUEST.repeat(80));
    (output.status.code(), text(&output.stderr).to_owned())
}

/// Where nothing was removed there is no effect, and where no node lives there is no share.
#[test]
fn what_removed_nothing_and_what_nobody_has_a_share_of_is_told() {
    let run = |perturb: &[&str]| {
        let perturb = perturb.iter().flat_map(|it| ["--perturb", it]);
        let args: Vec<&str> = ["run", "-", "--nodes", "2"].into_iter().chain(perturb).collect();
        text(&served(command(&args), &REQUEST.repeat(80)).stdout).to_owned()
    };
    let nothing = "no node had it, nothing was removed: what follows is the trace's own course";
    assert!(run(&["forget:7@40"]).contains(nothing));
    let removed = run(&["forget:1@40"]);
    assert!(
        removed.contains("2 blocks lost; 0 retried") && !removed.contains(nothing),
        "{removed}"
    );
    let shares = |told: &str| -> Vec<String> {
        let lines = told.lines().skip_while(|line| !line.starts_with("largest share: work"));
        let value = |line: &str| line.chars().skip(22).take(16).collect::<String>();
        lines.take(3).map(|line| value(line).trim().to_owned()).collect()
    };
    assert_eq!(shares(&run(&[])), ["50.00 %"; 3]);
    assert_eq!(shares(&run(&["kill:0@40", "kill:1@40"])), ["–"; 3]);
}

/// A search that finds nothing says why, to whoever asks.
#[test]
fn a_search_that_finds_nothing_says_why() {
    let grid = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("none-grid.yaml");
    let base = "base: {clock: \"timed:slo_s=0.001\", nodes: 2}\naxes: {router: [random]}\n";
    std::fs::write(&grid, base).expect("a file");
    let grid = grid.to_str().expect("UTF-8");
    let out = |more: &[&str]| {
        let args = [&["sweep", "-", grid, "--saturation"], more].concat();
        text(&served(command(&args), &REQUEST.repeat(80)).stdout).to_owned()
    };
    let objective = "the objective is a p99 TTFT of at most 0.001 s (slo_s), and at ";
    let (rate, nodes) = ("the lowest multiple of the logged rate that is tried, 0.01, it is ", {
        "the most nodes that are tried, 1024, it is "
    });
    let told = out(&[]);
    assert!(told.contains(&format!("router=random: no rate: {objective}{rate}")), "{told}");
    assert!(told.contains(&format!("no number of nodes: {objective}{nodes}")), "{told}");
    let csv = out(&["--csv"]);
    assert!(csv.starts_with("router,Largest rate,Least nodes,Cost,Why no rate,Why no nodes\n"));
    assert!(csv.contains(&format!("random,none,none,–,\"{objective}{rate}")), "{csv}");
    let json: serde_json::Value = serde_json::from_str(&out(&["--json"])).expect("JSON");
    let why = json[0]["nodes"]["why_none"].as_str().expect("a sentence");
    assert!(why.starts_with(&format!("{objective}{nodes}")), "{why}");
    assert_eq!(
        (&json[0]["rate"]["slo_s"], &json[0]["rate"]["found"]),
        (&0.001.into(), &serde_json::Value::Null)
    );
}

#[test]
fn what_is_given_counts_or_is_told() {
    let grid = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("unused-grid.yaml");
    let base = "base: {window: 9, distinct_budget: 64}\naxes: {hot_share: [0.1, 0.2]}\n";
    std::fs::write(&grid, base).expect("a file");
    let grid = grid.to_str().expect("UTF-8");
    for (args, told) in TOLD {
        let (code, said) = done(args, grid);
        assert_eq!(code, Some(0), "{args:?}: {said}");
        assert!(said.contains("warning: ") && said.contains(told), "{args:?}: {said:?}");
    }
    for (args, told) in REFUSED {
        let (code, said) = done(args, grid);
        assert_eq!(code, Some(2), "{args:?}: {said}");
        assert!(said.contains(told), "{args:?}: {said:?}");
    }
    for args in SAID_NOTHING {
        let (code, said) = done(args, grid);
        assert_eq!(code, Some(0), "{args:?}: {said}");
        assert!(!said.contains("changes nothing"), "{args:?}: {said:?}");
    }
}
