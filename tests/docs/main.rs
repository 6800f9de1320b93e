//! That the documents are true: tables, code maps, commands, links and examples.
#![cfg(not(target_arch = "wasm32"))]
#![allow(unreachable_pub, reason = "the examples are written as they stand inside the crate")]

#[cfg(feature = "cli")]
mod cli;
mod contract;
mod example_eviction;
mod example_library;
mod example_migration;
mod example_router;
mod links;
mod policies;
mod readmes;
mod traces;

use kvscope::cache::{Flat, Lookup, Marks};
use kvscope::columns::Ledger;
use kvscope::config::SETTINGS;
use kvscope::config::file::words as config_words;
use kvscope::migrate::{BlockFacts, MigrationView};
use kvscope::model::{BlockId, NodeId, Prompt, Request};
use kvscope::params::{Build, Params};
use kvscope::rng::Stream;
use kvscope::route::{ClusterView, Notes, Outcome, Signals};
use kvscope::sweep::Grid;
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn the_book_has_every_page_once() {
    let summary = read("docs/SUMMARY.md");
    let mut listed: Vec<&str> =
        summary.split("](").skip(1).map(|it| it.split(')').next().unwrap()).collect();
    listed.sort_unstable();
    let pages = entries("docs").into_iter();
    let pages = pages.filter(|name| name.ends_with(".md") && name != "SUMMARY.md");
    assert_eq!(listed, pages.collect::<Vec<_>>());
}

/// What a folder has directly inside it; hidden files are nobody's business.
fn entries(folder: &str) -> BTreeSet<String> {
    let listed = fs::read_dir(root().join(folder)).expect("a folder of the repository");
    let names = listed.map(|entry| entry.expect("an entry").file_name());
    let names = names.map(|name| name.into_string().expect("names are UTF-8"));
    names.filter(|name| !name.starts_with('.')).collect()
}

/// The names at the head of the items below the heading of `folder`.
fn mapped(map: &str, folder: &str) -> Vec<String> {
    let heading = format!("### `{folder}/`\n");
    let (_, section) = map.split_once(&heading).unwrap_or_else(|| panic!("no {heading}"));
    let section = section.split("\n#").next().unwrap_or_default();
    let items = section.lines().filter_map(|line| line.strip_prefix("- `"));
    items.filter_map(|item| Some(item.split_once("`: ")?.0.to_owned())).collect()
}

#[test]
fn the_code_map_names_every_file_and_no_other() {
    let map = read("docs/architecture.md");
    let mut wrong = Vec::new();
    for folder in ["src", "www/src", "tests", "xtask/src"] {
        let named = mapped(&map, folder);
        let (there, told) = (entries(folder), named.iter().cloned().collect::<BTreeSet<_>>());
        assert_eq!(named.len(), told.len(), "{folder}: a name stands twice in the code map");
        let line = |what: &str, name: &String| format!("{what}: {folder}/{name}");
        wrong.extend(there.difference(&told).map(|name| line("not in the map", name)));
        wrong.extend(told.difference(&there).map(|name| line("in the map only", name)));
    }
    assert!(wrong.is_empty(), "the code map of docs/architecture.md:\n{}", wrong.join("\n"));
}

#[test]
fn the_readmes_commands_exist() {
    let (readme, ci, xtask) = (read("README.md"), read(".ci/run"), read("xtask/src/main.rs"));
    let test = "cargo xtask test";
    assert!(ci.lines().any(|line| line == test), ".ci/run runs `{test}` and nothing cleverer");
    for (command, variant) in [("cargo xtask demo", "    Demo"), (test, "    Test")] {
        assert!(readme.contains(command), "README.md does not say `{command}`");
        assert!(xtask.contains(variant), "xtask has no task for `{command}`");
    }
    assert!(read(".cargo/config.toml").contains("xtask ="), "no `cargo xtask`");
}

/// The schema of grids names every setting, and as axes those that do not say how to read.
#[test]
fn the_schema_of_grids_is_that_of_the_tables() {
    let schema: serde_json::Value =
        serde_json::from_str(&read("docs/sweep.schema.json")).expect("JSON");
    let named = |part: &str| -> BTreeSet<String> {
        let names = schema["properties"][part]["properties"].as_object().expect("an object");
        names.keys().cloned().collect()
    };
    let parts = ["router", "eviction", "migration", "clock"];
    let settings = SETTINGS.iter().map(|spec| spec.name);
    let all: BTreeSet<String> = parts.into_iter().chain(settings).map(str::to_owned).collect();
    assert_eq!(named("base"), all);
    for name in all {
        let value = serde_json::json!({"axes": {&name: [1]}});
        let grid: Grid = serde_json::from_value(value).expect("a grid");
        let told = grid.cells().err().map_or(String::new(), |error| error.to_string());
        assert_eq!(named("axes").contains(&name), !told.contains("read once"), "{name}: {told}");
    }
}

/// The schema of configurations names every row, setting and word of a section, and no other.
#[test]
fn the_schema_of_configurations_is_that_of_the_tables() {
    let schema: serde_json::Value =
        serde_json::from_str(&read("docs/config.schema.json")).expect("JSON");
    let mut found = BTreeSet::new();
    let mut open = vec![(String::new(), &schema)];
    while let Some((path, part)) = open.pop() {
        for (name, inner) in part["properties"].as_object().into_iter().flatten() {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            match inner.get("properties") {
                Some(_) => open.push((path, inner)),
                None => assert!(found.insert(path.clone()), "{path} stands twice"),
            }
        }
    }
    let ours = ["router", "eviction", "migration", "clock", "model", "seed", "perturb"];
    let ours = ours.into_iter().chain(SETTINGS.iter().map(|spec| spec.name)).map(str::to_owned);
    let theirs = config_words().map(|(section, name)| format!("{section}.{name}"));
    assert_eq!(found, ours.chain(theirs).collect());
    let page = read("docs/config.md");
    for (_, name) in config_words() {
        assert!(page.contains(name), "docs/config.md does not say what {name} is");
    }
}

/// The examples are compiled here, outside the crate; on the page they stand inside it.
#[test]
fn the_examples_are_the_compiled_ones() {
    let page = read("docs/add-a-policy.md");
    for name in ["example_eviction", "example_router", "example_migration"] {
        let source = read(&format!("tests/docs/{name}.rs")).replace("kvscope::", "crate::");
        let shown = page.contains(&format!("```rust\n{source}```"));
        assert!(shown, "docs/add-a-policy.md does not show tests/docs/{name}.rs");
    }
    let shown = read("README.md").contains(&read("tests/docs/example_library.rs"));
    assert!(shown, "README.md does not show tests/docs/example_library.rs");
}

#[test]
fn the_example_of_the_library_serves_a_trace() {
    let line = r#"{"timestamp": 0, "input_length": 1024, "output_length": 1, "hash_ids": [0, 1]}"#;
    let trace = format!("{line}\n").repeat(16);
    let rate = example_library::token_hit_rate(trace.as_bytes()).expect("a run");
    // Round robin: each of the eight nodes misses once and hits once.
    assert_eq!(rate, 0.5);
}

#[test]
fn links_lead_somewhere() {
    let pages = links::pages(&root());
    assert!(pages.iter().any(|page| page.ends_with("README.md")), "no pages found");
    let dead: Vec<String> = pages.iter().flat_map(|page| links::dead(&root(), page)).collect();
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

fn build(params: &Params, nodes: usize) -> Build<'_> {
    let stream = Stream::new(0, "example", 0);
    Build { params, nodes, joining: 0, capacity: 2, block_size: 512, stream }
}

#[test]
fn the_example_of_an_eviction_policy_drops_the_newest() {
    let params = Params::defaults(example_eviction::ROW.params);
    let build = build(&params, 1);
    let mut cache = Flat::boxed(example_eviction::flat(build), 2);
    let mut changes = Vec::new();
    for block in [0, 1, 2] {
        let lookup = Lookup { blocks: &[BlockId(block)], next_use: &[], rises: true };
        cache.serve(&lookup, &mut Marks::changes(&mut changes));
        cache.validate();
    }
    let gone: Vec<BlockId> =
        changes.iter().filter(|change| !change.inserted).map(|change| change.block).collect();
    assert_eq!(gone, [BlockId(1)]);
}

#[test]
fn the_example_of_a_router_prefers_room() {
    let params = Params::defaults(example_router::ROW.params);
    let mut router = (example_router::ROW.build)(build(&params, 2));
    let session = Request::NO_SESSION;
    let view = ClusterView {
        request: Prompt { index: 0, arrival_s: 0.0, input_tokens: 512, session },
        blocks: &[BlockId(0)],
        token_ends: &[],
        decisions: 0,
        now_s: 1.0,
        block_size: 512,
        capacity: 10,
        matched: &[1, 0],
        alive: &[true, true],
        active_matched: &[],
        resident: &[9, 1],
        residency: &Ledger::new(2),
        signals: &Signals::new(2),
        refreshed: true,
        service: None,
        outputs: None,
    };
    let mut notes = Notes::new(true);
    let route = router.route(&view, &mut notes);
    assert_eq!(route.node, NodeId(1));
    assert_eq!(notes.decision(1, 1).columns.last(), Some(&"score"));
}

struct NoFacts;

impl BlockFacts for NoFacts {
    fn coldest(&self, _node: NodeId, _count: usize) -> Vec<BlockId> {
        Vec::new()
    }
}

#[test]
fn the_example_of_a_migration_rule_copies_once() {
    let params = Params::defaults(example_migration::ROW.params);
    let mut rule = (example_migration::ROW.build)(build(&params, 2));
    let outcome = Outcome { node: NodeId(0), ttft_s: 0.0, hit_blocks: 0, evicted_blocks: 0 };
    rule.learn(1.0, &[BlockId(0)], &outcome);
    let view = MigrationView {
        number: 2,
        now_s: 2.0,
        alive: &[true, true],
        resident: &[1, 0],
        residency: &Ledger::holding(&[1, 0]),
        signals: &Signals::new(2),
        facts: &NoFacts,
    };
    let plan = rule.plan(&view);
    assert_eq!(plan.len(), 1);
    assert_eq!((plan[0].source, plan[0].target), (NodeId(0), NodeId(1)));
    assert!(rule.plan(&view).is_empty());
}

#[test]
fn the_map_is_read_as_it_is_written() {
    let map = "### `src/`\n\nWords.\n\n- `a.rs`: one.\n- `b`: two.\n\n### `tests/`\n\n- `c`: x.\n";
    assert_eq!(mapped(map, "src"), ["a.rs", "b"]);
    assert_eq!(mapped(map, "tests"), ["c"]);
}
