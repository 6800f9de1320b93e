//! Configuration files on the command line, and what a router is called in production.
#![cfg(all(unix, feature = "cli"))]

#[path = "common/piped.rs"]
mod piped;

use piped::{command, served, text};

const REQUEST: &str =
    "{\"timestamp\": 0, \"input_length\": 1024, \"output_length\": 1, \"hash_ids\": [0, 1]}\n";

fn trace() -> String {
    REQUEST.repeat(80)
}

#[test]
fn the_notes_production_file_runs_unchanged_and_a_broken_one_tells_every_reason() {
    let args = ["run", "-", "--config", "tests/data/production.yaml", "--json"];
    let done = served(command(&args), &trace());
    let found: serde_json::Value = serde_json::from_slice(&done.stdout).expect("JSON");
    assert_eq!((done.status.code(), &found["capacity_blocks"]), (Some(0), &23.into()));
    assert_eq!(found["monitoring"]["windows"], 0, "{}", text(&done.stderr));
    let args = ["run", "-", "--config", "tests/data/production-broken.yaml"];
    let refused = served(command(&args), &trace());
    let told = text(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{told}");
    for part in [
        "found 9 things to mend",
        "cache_afinity_weight: found 0.6",
        "did you mean cache_affinity_weight?",
        "scheduling.router: found enhnced_not",
        "caching.default_policy: found lfuu",
        "local_cache_size: found 4 gigs",
        "auto_tuning_enabled: found maybe",
        "hit_rate_min: found 30",
        "did you mean concentration_max?",
        "did you mean nodes?",
        "perturb: found kill:3@5000",
    ] {
        assert!(told.contains(part), "{part} is not told:\n{told}");
    }
}

#[test]
fn a_file_that_is_no_yaml_is_told_by_its_name_and_place() {
    let folder = std::env::temp_dir().join(format!("kvscope-broken-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("broken.yaml");
    std::fs::write(&file, "nodes: 4\n  router: random\n").expect("a file");
    let path = file.to_str().expect("a path of words");
    let refused = served(command(&["run", "-", "--config", path]), &trace());
    let told = text(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{told}");
    assert!(told.contains(&format!("{path}:2:9")) && !told.contains("<input>"), "{told}");
    std::fs::remove_dir_all(folder).expect("what was made");
}

/// The notes' own file: a node of 4 GB holds 23 blocks of their model, and 50 go at once.
#[test]
fn a_batch_that_is_all_of_a_cache_is_told() {
    let said = |more: &[&str]| {
        let args = [&["--config", "tests/data/production.yaml"], more].concat();
        let run = served(command(&[&["run", "-"], &args[..]].concat()), &trace());
        let lanes = ["--lane", "", "--lane", "nodes=2"];
        let both = served(command(&[&["compare", "-"], &args[..], &lanes].concat()), &trace());
        [run, both].map(|output| text(&output.stderr).to_owned())
    };
    for told in said(&[]) {
        let warned = "warning: a node holds 23 blocks and 50 are evicted at once: each eviction \
                      empties its cache";
        assert!(told.contains(warned), "{told}");
    }
    for told in said(&["--capacity", "51"]) {
        assert!(!told.contains("evicted at once"), "{told}");
    }
}

#[test]
fn flags_go_before_a_configuration_file_and_say_so() {
    let folder = std::env::temp_dir().join(format!("kvscope-config-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let mut runs = Vec::new();
    for name in ["saved.yaml", "saved.json"] {
        let saved = folder.join(name);
        let path = saved.to_str().expect("a path of words");
        let flags = ["--router", "enhanced:alpha=3", "--nodes", "3", "--rate", "2"];
        let args = ["run", "-", "--config", "tests/data/production.yaml", "--clock", "timed"];
        let args = [&args[..], &flags, &["--json", "--save-config", path]].concat();
        let done = served(command(&args), &trace());
        let told = text(&done.stderr);
        assert_eq!(done.status.code(), Some(0), "{told}");
        assert!(
            told.contains("router is enhanced:alpha=3, as the flag says; tests/data/"),
            "{told}"
        );
        assert!(!told.contains("nodes is"), "the file has no nodes: {told}");
        // What was saved runs to the same bytes.
        let again = served(command(&["run", "-", "--config", path, "--json"]), &trace());
        assert_eq!(again.status.code(), Some(0), "{}", text(&again.stderr));
        assert_eq!(text(&again.stdout), text(&done.stdout));
        runs.push(again.stdout);
    }
    assert_eq!(runs[0], runs[1], "YAML and JSON say the same");
    std::fs::remove_dir_all(folder).expect("what was made");
}

#[test]
fn a_router_is_told_with_its_words_in_production() {
    let told = |router: &str| {
        let done = served(command(&["policies", router]), "");
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
        text(&done.stdout).to_owned()
    };
    let dynamo = told("dynamo_kv:credit=0.5");
    assert!(dynamo.contains("NVIDIA Dynamo 1.6.1"), "{dynamo}");
    assert!(dynamo.contains("\n  --router-kv-overlap-score-credit 0.5\n"), "{dynamo}");
    assert!(told("chwbl").contains("\n  prefixHash.meanLoadFactor: 125\n"));
    assert!(told("conductor").contains("nothing is known of its words there"));
    assert_eq!(served(command(&["policies", "dynamo"]), "").status.code(), Some(2));
}

#[test]
fn where_no_request_names_a_block_no_hit_rate_is_told() {
    let lengths = "timestamp,input_length,output_length\n1,1024,1\n2,2048,1\n";
    let rate_of = |args: &[&str], input: &str| {
        let done = served(command(args), input);
        let printed = text(&done.stdout).to_owned();
        let line = |row: &&str| row.to_lowercase().starts_with("token hit rate");
        let found = printed.lines().find(line).map(str::to_owned);
        (found.unwrap_or_else(|| panic!("no hit rate:\n{printed}{}", text(&done.stderr))), printed)
    };
    let (run, _) = rate_of(&["run", "-"], lengths);
    assert!(run.contains('–') && !run.contains('%'), "{run}");
    let lanes = ["compare", "-", "--lane", "router=random", "--lane", ""];
    let done = served(command(&lanes), lengths);
    assert!(!text(&done.stdout).contains("Token hit rate"), "{}", text(&done.stdout));
    // With blocks there is one.
    let (lane, _) = rate_of(&lanes, &trace());
    assert!(lane.contains('%'), "{lane}");
}
