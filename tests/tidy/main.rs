//! House rules that no compiler checks: sizes, leftovers, and which module may know which.
//!
//! The rules are the tables in `rules.rs`; each has its reason there.
#![cfg(not(target_arch = "wasm32"))]

mod page;
mod rules;
mod scan;

use std::fs;
use std::path::Path;
use std::process::Command;

use rules::{FILE_LINES, FUNCTION_LINES, LINE_COLUMNS, Names};

/// A file that git tracks or would track, and what is in it.
struct Source {
    path: String,
    text: String,
}

impl Source {
    fn is_one_of(&self, extensions: &[&str]) -> bool {
        let extension = Path::new(&self.path).extension().and_then(|e| e.to_str());
        extension.is_some_and(|extension| extensions.contains(&extension))
    }
}

/// Every text file of the repository.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let listed = Command::new("git").args(args).current_dir(root).output().expect("git runs");
    assert!(listed.status.success(), "git ls-files: {}", String::from_utf8_lossy(&listed.stderr));
    let names = String::from_utf8(listed.stdout).expect("file names are UTF-8");
    let sources: Vec<_> = names
        .split_terminator('\0')
        // Pictures are not text; a file may be deleted and not committed yet.
        .filter_map(|path| {
            let text = fs::read_to_string(root.join(path)).ok()?;
            Some(Source { path: path.to_owned(), text })
        })
        .collect();
    assert!(sources.iter().any(|source| source.path == "src/lib.rs"), "no sources found");
    sources
}

/// Fails with all findings of `check` over all files, not only with the first.
fn expect_none(check: impl Fn(&Source) -> Vec<String>) {
    let found: Vec<_> = sources().iter().flat_map(&check).collect();
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}

#[test]
fn lines_and_files_are_short() {
    expect_none(|source| {
        let mut found = Vec::new();
        if source.is_one_of(&["rs", "ts"]) {
            for (index, line) in source.text.lines().enumerate() {
                let columns = line.chars().count();
                if columns > LINE_COLUMNS {
                    found.push(format!("{}:{}: {columns} columns", source.path, index + 1));
                }
            }
        }
        let count = source.text.lines().count();
        if source.is_one_of(&["rs", "ts", "css"]) && count > FILE_LINES {
            found.push(format!("{}: {count} lines, {FILE_LINES} at most", source.path));
        }
        found
    });
}

#[test]
fn functions_are_short() {
    expect_none(|source| {
        if !source.is_one_of(&["rs"]) {
            return Vec::new();
        }
        let functions = scan::functions(&scan::code(&source.text));
        let long = functions.into_iter().filter(|function| function.lines > FUNCTION_LINES);
        long.map(|long| {
            let (name, lines) = (long.name, long.lines);
            format!("{}:{}: {name} has {lines} lines", source.path, long.line)
        })
        .collect()
    });
}

#[test]
fn nothing_is_left_over() {
    expect_none(|source| {
        let mut found = Vec::new();
        for (index, line) in source.text.lines().enumerate() {
            let place = format!("{}:{}", source.path, index + 1);
            if let Some(word) = scan::unnamed_todo(line) {
                found.push(format!("{place}: {word} without a name: write {word}(name)"));
            }
            for rule in rules::leftovers() {
                let applies = rule.extensions.is_empty() || source.is_one_of(rule.extensions);
                if applies && !rule.except.contains(&&*source.path) && line.contains(&rule.text) {
                    found.push(format!("{place}: `{}`: {}", rule.text, rule.why));
                }
            }
        }
        found
    });
}

#[test]
fn modules_know_only_what_they_may() {
    expect_none(|source| {
        if !source.is_one_of(&["rs"]) {
            return Vec::new();
        }
        let code = scan::without_tests(&scan::code(&source.text));
        let mut found = Vec::new();
        for rule in rules::IMPORTS.iter().filter(|rule| rule.covers(&source.path)) {
            let mut used = scan::names_under(&code, rule.root);
            if rule.root == "crate" && scan::is_top_module(&source.path) {
                used.extend(scan::names_under(&code, "super"));
            }
            for (line, name) in used.iter().filter(|(_, name)| !rule.names.allow(name)) {
                let which = format!("{}::{name}", rule.root);
                found.push(format!("{}:{line}: {which}: {}", source.path, rule.why));
            }
        }
        for rule in rules::WORDS.iter().filter(|rule| rule.covers(&source.path)) {
            for (line, word) in scan::words(&code, rule.words) {
                found.push(format!("{}:{line}: `{word}`: {}", source.path, rule.why));
            }
        }
        found
    });
}

/// What `code` of the file at `path` uses of a layer above its own.
fn upward(path: &str, code: &str) -> Vec<String> {
    if !path.starts_with("src/") || path == "src/lib.rs" {
        return Vec::new();
    }
    let Some(own) = rules::layer(path) else {
        return vec![format!("{path}: not in LAYERS of tests/tidy/rules.rs: give it its place")];
    };
    let mut used = scan::names_under(code, "crate");
    if scan::is_top_module(path) {
        used.extend(scan::names_under(code, "super"));
    }
    // The command line is a crate of its own: what it calls `crate` is not the library.
    used.retain(|_| !path.starts_with("src/bin/"));
    let upward = used.into_iter().filter(|(_, name)| match rules::layer(name) {
        Some(layer) => own < layer,
        None => name.starts_with(|c: char| c.is_lowercase()),
    });
    upward.map(|(line, name)| format!("{path}:{line}: {name} is above, or in no layer")).collect()
}

#[test]
fn imports_go_downwards() {
    expect_none(|source| {
        if !source.is_one_of(&["rs"]) {
            return Vec::new();
        }
        upward(&source.path, &scan::without_tests(&scan::code(&source.text)))
    });
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs"));
    let text = text.expect("src/lib.rs");
    let declared = text.lines().filter_map(|line| line.strip_prefix("pub mod "));
    let declared: Vec<&str> = declared.map(|name| name.trim_end_matches(';')).collect();
    let layers: Vec<&str> = rules::LAYERS.iter().copied().filter(|&name| name != "bin").collect();
    assert_eq!(declared, layers, "src/lib.rs declares the layers in their order");
}

#[test]
fn an_import_upwards_is_found() {
    assert!(upward("src/clock/timed.rs", "use crate::route::Signals;").len() == 1);
    assert!(upward("src/evict/mod.rs", "pub use super::cache::Flat;").len() == 1);
    assert!(upward("src/cache/flat.rs", "use crate::evict::Policy;").is_empty());
    assert!(upward("src/helpers.rs", "").len() == 1);
}

#[test]
fn the_rules_bite() {
    let evict =
        rules::IMPORTS.iter().find(|rule| rule.covers("src/evict/policies/lru.rs")).unwrap();
    assert!(matches!(evict.names, Names::Only(_)));
    assert!(evict.names.allow("model") && !evict.names.allow("sim"));

    let core = |path: &str| {
        let covers = |rule: &&rules::Imports| rule.root == "std" && rule.covers(path);
        rules::IMPORTS.iter().any(|rule| covers(&rule))
    };
    assert!(core("src/sim.rs") && core("src/trace/read.rs"));
    assert!(!core("src/bin/kvscope.rs") && !core("src/wasm/mod.rs") && !core("tests/laws.rs"));

    let words = |path: &str| rules::WORDS.iter().filter(|rule| rule.covers(path)).count();
    assert_eq!((words("src/observe.rs"), words("src/wasm.rs"), words("xtask/src/a.rs")), (4, 2, 0));
    assert_eq!(words("src/bin/kvscope/main.rs"), 2, "JavaScript and printing");
}
