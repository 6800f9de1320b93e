//! `advise` as a shell sees it.
#![cfg(feature = "cli")]

use crate::program::{kvscope, printed};
use serde_json::Value;
use std::path::Path;

fn trace() -> String {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("advise.jsonl");
    // Several tests write the same bytes: whole at once, or not at all.
    let own = path.with_extension(format!("{:?}", std::thread::current().id()));
    std::fs::write(&own, printed(&["synth", "toolagent", "--requests", "400"])).expect("a file");
    std::fs::rename(&own, &path).expect("a file");
    path.to_str().expect("UTF-8").to_owned()
}

const ASKED: [&str; 14] = [
    "--nodes",
    "3",
    "--capacity",
    "900000tokens",
    "--clock",
    "timed",
    "--routers",
    "random",
    "--routers",
    "conductor:balance=2",
    "--seeds",
    "3",
    "--scenario-requests",
    "60",
];

#[test]
fn threads_make_no_difference_to_a_byte() {
    let trace = trace();
    let with = |threads: &str| {
        printed(&[&["advise", &trace, "--json", "--threads", threads], &ASKED[..]].concat())
    };
    let one = with("1");
    for threads in ["2", "7"] {
        assert!(one == with(threads), "{threads} threads");
    }
    let advice: Value = serde_json::from_str(&one).expect("JSON");
    let candidates = advice["candidates"].as_array().expect("a list");
    assert_eq!(candidates.len(), 3 * 3, "round_robin is the cluster's own");
    assert_eq!(advice["goals"].as_array().expect("a list").len(), 3);
    assert_eq!((&advice["missing"], &advice["nodes"]), (&0.into(), &3.into()));
    // A candidate's figure is what `run` prints of it.
    let run = ["run", &trace, "--json", "--nodes", "3", "--capacity", "900000tokens"];
    let own = [&run[..], &["--clock", "timed"]].concat();
    let run: Value = serde_json::from_str(&printed(&own)).expect("JSON");
    let own = candidates.iter().position(|it| it["is_own"] == true).expect("the cluster's own");
    let ranked = advice["goals"][2]["ranked"].as_array().expect("a list");
    let p99 = ranked.iter().find(|it| it["candidate"] == own).expect("ranked");
    assert_eq!(p99["value"]["mean"], run["p99"]);
}

#[test]
fn people_read_sentences_and_tables() {
    let trace = trace();
    let told = printed(&[&["advise", &trace, "--weights", "hit=2"], &ASKED[..]].concat());
    for part in [
        "By the notes' thresholds this trace has a skew",
        "p99 TTFT: ",
        "Simplicity: ",
        "± is half of the 95 % interval of the mean over 3 seeds",
        "skew from 0.4 to below 0.7  enhanced",
        "conductor:balance=2",
        "60 requests each), weights hit 2, balance 1, p99 1:",
        "Least to most",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
}

#[test]
fn what_cannot_be_asked_is_told_before_the_trace_is_read() {
    for (args, told) in [
        (vec!["--weights", "p99=1"], "weights.p99: found 1, expected nothing, since the logical"),
        (vec!["--weights", "hits=1"], "did you mean hit?"),
        (vec!["--routers", "conductor"], "conductor"),
        (vec!["--routers", "rond_robin"], "did you mean round_robin?"),
        (vec!["--seeds", "1"], "2..=1000"),
    ] {
        let output = kvscope(&[&["advise", "no such trace"], &args[..]].concat());
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {error}");
        assert!(error.contains(told), "{args:?}: {error}");
    }
}
