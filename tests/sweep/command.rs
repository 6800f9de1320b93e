//! `sweep` and `merge` as a shell sees them.
#![cfg(feature = "cli")]

use crate::program::{kvscope, printed};
use std::path::{Path, PathBuf};

const GRIDS: [&str; 2] = ["tests/data/grid.yaml", "tests/data/grid.json"];

/// A directory of the test's own, with a trace in it.
fn directory(name: &str) -> (PathBuf, String) {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).expect("a directory");
    let trace = path.join("trace.jsonl");
    std::fs::write(&trace, printed(&["synth", "toolagent", "--requests", "400"])).expect("a file");
    (path, trace.to_str().expect("UTF-8").to_owned())
}

#[test]
fn slices_and_threads_make_no_difference_to_a_byte() {
    let (path, trace) = directory("slices");
    for grid in GRIDS {
        let whole = printed(&["sweep", &trace, grid, "--json"]);
        for threads in ["1", "2", "7"] {
            assert!(whole == printed(&["sweep", &trace, grid, "--json", "--threads", threads]));
        }
        let slice = |index: u32| {
            let shard = format!("{index}/5");
            let file = path.join(format!("{index}.json"));
            let text = printed(&["sweep", &trace, grid, "--json", "--shard", &shard]);
            std::fs::write(&file, text).expect("a file");
            file.to_str().expect("UTF-8").to_owned()
        };
        let slices: Vec<String> = (0..5).rev().map(slice).collect();
        let slices: Vec<&str> = slices.iter().map(String::as_str).collect();
        assert!(whole == printed(&[&["merge", "--json"], &slices[..]].concat()), "{grid}");
        let csv = printed(&[&["merge", "--csv"], &slices[..]].concat());
        assert_eq!(csv, printed(&["sweep", &trace, grid, "--csv"]));
        let missing = kvscope(&[&["merge", "--json"], &slices[1..]].concat());
        assert_eq!(missing.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&missing.stderr).contains("slices are missing"));
    }
}

/// A journal may end anywhere: rows that are whole are kept, the rest is run.
#[test]
fn a_sweep_goes_on_from_wherever_its_journal_ends() {
    let (path, trace) = directory("resume");
    let journal = path.join("journal");
    let name = journal.to_str().expect("UTF-8");
    let resumed = || printed(&["sweep", &trace, GRIDS[0], "--json", "--resume", name]);
    let whole = printed(&["sweep", &trace, GRIDS[0], "--json"]);
    assert!(whole == resumed());
    let kept = std::fs::read(&journal).expect("a journal");
    let lines = kept.iter().filter(|&&byte| byte == b'\n').count();
    assert_eq!(lines, 1 + 12);
    for end in [kept.len() / 3, kept.len() / 2, kept.len() - 1] {
        std::fs::write(&journal, &kept[..end]).expect("a file");
        assert!(whole == resumed(), "after {end} bytes");
    }
    let other = kvscope(&["sweep", &trace, GRIDS[1], "--resume", name]);
    assert_eq!(other.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&other.stderr).contains("another grid"));
}

/// A line of the CSV is what `run` prints of the same configuration.
#[test]
fn a_line_is_what_run_prints() {
    let (_, trace) = directory("run");
    let csv = printed(&["sweep", &trace, GRIDS[0], "--csv"]);
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let heads = lines.next().expect("a head");
    let mut count = 0;
    for line in lines {
        let cell = |name: &str| line[heads.iter().position(|head| *head == name).expect(name)];
        let run = printed(&[
            "run",
            &trace,
            "--json",
            "--nodes",
            "4",
            "--clock",
            "timed:slo_s=30",
            "--router",
            cell("router"),
            "--capacity",
            cell("capacity_blocks"),
            "--seed",
            cell("seed"),
        ]);
        let run: serde_json::Value = serde_json::from_str(&run).expect("JSON");
        for figure in ["token_hit_rate", "mean_ttft_s", "p99", "evictions", "goodput_rps"] {
            let told: f64 = cell(figure).parse().expect("a number");
            assert_eq!(run[figure].as_f64(), Some(told), "{figure} of {line:?}");
        }
        count += 1;
    }
    assert_eq!(count, 12);
}
