//! Every command that the documents show is run as it stands there.
#![cfg(all(unix, feature = "cli"))]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PAGES: [&str; 7] = [
    "README.md",
    "docs/analyses.md",
    "docs/cli.md",
    "docs/config.md",
    "docs/questions.md",
    "docs/quick-start.md",
    "docs/sweep.md",
];
const COMMANDS: [&str; 9] =
    ["run", "compare", "explain", "trace", "curve", "sweep", "advise", "study", "synth"];
/// As many requests as the examples name, and some.
const REQUESTS: &str = "6100";
const GRID: &str = "\
base: {nodes: 2, clock: timed}
axes: {router: [round_robin, conductor]}
";

/// The commands of a page, each in one line: those that are shown whole, with no part left open.
fn commands(page: &str) -> Vec<String> {
    let page = page.replace("\\\n", " ");
    let is_whole = |line: &&str| {
        let word = line.strip_prefix("kvscope ").and_then(|rest| rest.split(' ').next());
        word.is_some_and(|word| COMMANDS.contains(&word)) && !line.contains(['[', '<', '|', '$'])
    };
    page.lines()
        .map(|line| line.trim_start().trim_start_matches("$ "))
        .filter(is_whole)
        .map(|line| line.split(" # ").next().unwrap_or(line).trim().to_owned())
        .collect()
}

/// A folder with everything that the examples read.
fn folder() -> PathBuf {
    let folder = std::env::temp_dir().join(format!("kvscope-examples-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let done = Command::new(env!("CARGO_BIN_EXE_kvscope"))
        .args(["synth", "toolagent", "--requests", REQUESTS])
        .output()
        .expect("the binary runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    // What a file is packed with is told by its first bytes, not by its name.
    for name in ["conversation_trace.jsonl", "trace.jsonl", "day.jsonl.gz", "month.jsonl.zst"] {
        fs::write(folder.join(name), &done.stdout).expect("a trace");
    }
    fs::write(folder.join("grid.yaml"), GRID).expect("a grid");
    fs::copy("tests/data/production.yaml", folder.join("production.yaml")).expect("a copy");
    folder
}

fn run(folder: &Path, command: &str) -> Result<(), String> {
    let script = format!("kvscope() {{ {} \"$@\"; }}; {command}", env!("CARGO_BIN_EXE_kvscope"));
    let mut shell = Command::new("sh");
    let done = shell.args(["-c", &script]).current_dir(folder).output().expect("a shell");
    if done.status.success() {
        return Ok(());
    }
    Err(format!("{command}: {}\n{}", done.status, String::from_utf8_lossy(&done.stderr)))
}

#[test]
fn every_command_of_the_documents_runs() {
    let folder = folder();
    let mut failed = Vec::new();
    for page in PAGES {
        let commands = commands(&fs::read_to_string(page).expect(page));
        assert!(!commands.is_empty(), "{page} shows no command");
        failed.extend(commands.iter().filter_map(|command| run(&folder, command).err()));
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    fs::remove_dir_all(folder).expect("the folder goes");
}
