//! What the command line prints for people: figures are written in one way in every command.
#![cfg(all(unix, feature = "cli"))]

#[path = "common/piped.rs"]
mod piped;

use piped::{command, served, text};

const LINE: &str =
    "{\"timestamp\": 0, \"input_length\": 512, \"output_length\": 1, \"hash_ids\": [0]}\n";

fn printed(args: &[&str], trace: &str) -> String {
    let output = served(command(args), trace);
    assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
    text(&output.stdout).to_owned()
}

/// Requests of a few families, thousands of blocks and seconds.
fn busy() -> String {
    let line = |at: u64| {
        let ids: Vec<String> = (0..24).map(|block| (at % 40 * 100 + block).to_string()).collect();
        format!(
            "{{\"timestamp\": {at}, \"input_length\": 12288, \"output_length\": 1, \
             \"hash_ids\": [{}]}}\n",
            ids.join(",")
        )
    };
    (0..1500).map(line).collect()
}

const ALL: &[&[&str]] = &[
    &["run", "-", "--clock", "timed", "--nodes", "2", "--capacity", "300"],
    &[
        "run",
        "-",
        "--router",
        "enhanced",
        "--auto-tuning",
        "--hit-rate-min",
        "0.99",
        "--nodes",
        "2",
        "--capacity",
        "300",
        "--perturb",
        "kill:0@300",
    ],
    &["compare", "-", "--lane", "router=random", "--lane", "router=enhanced", "--clock", "timed"],
    &["compare", "-", "--lane", "", "--lane", "router=random", "--seeds", "2", "--nodes", "2"],
    &["explain", "-", "--request", "1400", "--router", "enhanced"],
    &["explain", "-", "--from", "1200", "--to", "1202", "--router", "enhanced"],
    &["trace", "-"],
    &["curve", "-", "--points", "6"],
    &["sweep", "-", "tests/data/grid.yaml"],
    &["sweep", "-", "tests/data/grid.yaml", "--saturation"],
    &["advise", "-", "--seeds", "2", "--scenario-requests", "1000", "--nodes", "2"],
    &["study", "claims", "-", "--seeds", "1"],
    &["study", "figure5", "-", "--seeds", "1"],
];

/// The words of a line that are no parts of a policy's or a block's name.
fn words(line: &str) -> impl Iterator<Item = &str> {
    let edges = |sign: char| matches!(sign, '(' | ')' | ';' | ':' | '.' | ',');
    line.split_whitespace().map(move |word| word.trim_matches(edges))
}

/// Digits before the point without a sign between thousands.
fn is_ungrouped(word: &str) -> bool {
    let whole = word.trim_start_matches(['−', '+', '±', '≥', '≤']).split('.').next().unwrap_or("");
    4 < whole.len() && whole.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_hyphened(word: &str) -> bool {
    word.strip_prefix('-').is_some_and(|rest| rest.starts_with(|it: char| it.is_ascii_digit()))
}

#[test]
fn every_command_writes_its_figures_in_one_way() {
    let trace = busy();
    for args in ALL {
        let out = printed(args, &trace);
        for line in out.lines() {
            // Blocks of the hot set have names, not sizes.
            let counts = !line.contains(" new; ");
            let wrong = |word: &&str| is_hyphened(word) || (counts && is_ungrouped(word));
            let found: Vec<&str> = words(line).filter(wrong).collect();
            assert!(found.is_empty(), "{args:?}: {found:?} in {line:?}");
        }
    }
}

#[test]
fn a_short_time_is_no_time_of_zero() {
    let row = |timestamp: u32| LINE.replacen("0", &timestamp.to_string(), 1);
    let out = printed(&["trace", "-"], &[0, 20, 40].map(row).concat());
    assert!(out.contains(" in 0.040 s: "), "{out}");
}

/// Whatever is done to a cluster, its figures stand below those of the line above.
#[test]
fn what_was_done_keeps_the_columns_of_its_table() {
    let trace = busy();
    let done = ["--perturb", "kill:0@300", "--perturb", "set:router.load_weight=100@400"];
    let args = ["run", "-", "--router", "cache_aware", "--clock", "timed", "--nodes", "2"];
    let out = printed(&[&args[..], &done].concat(), &trace);
    let lines: Vec<&str> = out.lines().filter(|line| line.contains("  before request ")).collect();
    let columns: Vec<usize> = lines
        .iter()
        .map(|line| line.split("  before request ").next().expect("a part").chars().count())
        .collect();
    assert_eq!(columns, [38, 38], "{out}");
    assert!(out.contains("\n  set:router.load_weight=100@400\n"), "{out}");
}

#[test]
fn one_of_anything_is_one() {
    for args in [
        &["run", "-", "--router", "enhanced", "--nodes", "2"][..],
        &["trace", "-"],
        &["curve", "-"],
        &["compare", "-", "--lane", "", "--lane", "router=random", "--seeds", "2"],
    ] {
        let out = printed(args, LINE);
        for line in out.lines() {
            let all: Vec<&str> = words(line).collect();
            let wrong = all.windows(2).find(|pair| {
                pair[0] == "1" && pair[1].ends_with('s') && !matches!(pair[1], "s" | "is" | "Jains")
            });
            assert_eq!(wrong, None, "{args:?}: {line:?}");
        }
    }
    let curve = printed(&["curve", "-", "--policy", "lru"], LINE);
    assert!(curve.contains("knee at 1 block, "), "{curve}");
}

#[test]
fn what_is_no_goal_has_no_best_and_says_so() {
    let lanes = ["compare", "-", "--lane", "eviction=lru", "--lane", "eviction=random"];
    let out = printed(&[&lanes[..], &["--nodes", "1", "--capacity", "900"]].concat(), &busy());
    let marked: Vec<&str> = out.lines().filter(|line| line.contains(" *")).collect();
    assert!(marked.iter().any(|line| line.starts_with("Token hit rate")), "{out}");
    assert!(!marked.iter().any(|line| line.starts_with("Evictions")), "{out}");
    assert!(out.contains("none of what is no goal"), "{out}");
    let csv = printed(&[&lanes[..], &["--csv"]].concat(), LINE);
    assert!(csv.contains("evictions,blocks,neither,A,"), "{csv}");
}

/// Of lanes that print the same none is marked, however little they differ; CSV has the exact best.
#[test]
fn what_is_printed_alike_has_no_best() {
    let request = |block: u32, tokens: u32| {
        LINE.replace("512", &tokens.to_string()).replace("[0]", &format!("[{block}]"))
    };
    // With room for two blocks one token of 40,963 is a hit, and one request of 83.
    let small: String = [1, 2, 1].map(|block| request(block, 1)).concat();
    let trace = small + &(100..180).map(|block| request(block, 512)).collect::<String>();
    let lanes = ["--lane", "capacity_blocks=1", "--lane", "capacity_blocks=2"];
    let compared = |more: &[&str]| {
        printed(&[&["compare", "-", "--nodes", "1"], &lanes[..], more].concat(), &trace)
    };
    let line = |text: &str, name: &str| {
        text.lines().find(|line| line.starts_with(name)).expect("the line").to_owned()
    };
    let (table, csv) = (compared(&[]), compared(&["--csv"]));
    assert!(!line(&table, "Token hit rate").contains('*'), "{table}");
    assert!(line(&table, "Prefix hit rate").contains("1.20 % *"), "{table}");
    assert!(line(&csv, "token_hit_rate,share,more,B").ends_with(",true"), "{csv}");
}
