//! The same house rules for the page: its layers, its words, the length of its functions.

mod scan;

use super::rules::FUNCTION_LINES;
use super::{Source, expect_none};

/// The layers of `www/src`, lowest first: a file imports from those before its own in this list and
/// from its own, and never from one that comes later, so that there is no circle.
const LAYERS: &[&str] = &[
    // Data: rows of the core's tables, what page and worker say to each other.
    "engine/tables.ts",
    "engine/protocol.ts",
    "text",
    // Knows frames, and nothing of panels.
    "draw",
    "worker",
    "engine",
    "state",
    "app",
    "panel",
    // The address bar, dropping, keys, the theme: what a page has once.
    "shell",
    // A figure in somebody else's page.
    "element",
    "main.ts",
    "frame.ts",
];

/// Packages, and the one layer that may know each.
const PACKAGES: &[(&str, &str)] = &[
    ("fflate", "worker"),
    ("fzstd", "worker"),
    ("js-yaml", "app"),
    ("kvscope-wasm", ""),
    ("kvscope-answers", ""),
];

/// What a page has once, so that only `shell` may listen to it or write to it; `main.ts` finds the
/// element of the app.
const PAGE_WIDE: &[&str] = &[
    "location",
    "history",
    "localStorage",
    "sessionStorage",
    "matchMedia",
    "getElementById",
    "documentElement",
];

/// Where in [`LAYERS`] a path inside `www/src` is. A file's own entry comes before its folder's.
fn layer(inside: &str) -> Option<usize> {
    let own = LAYERS.iter().position(|layer| *layer == inside);
    own.or_else(|| {
        let folder = inside.split_once('/')?.0;
        LAYERS.iter().position(|layer| *layer == folder)
    })
}

/// The path inside `www/src` of a file of the page.
fn inside(source: &Source) -> Option<&str> {
    let path = source.path.strip_prefix("www/src/")?;
    (path.ends_with(".ts") && !path.ends_with(".d.ts")).then_some(path)
}

/// The path that a relative import of `from` leads to, both inside `www/src`.
fn target(from: &str, import: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for step in import.split('?').next().unwrap_or_default().split('/') {
        match step {
            "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// What a file imports that is not below it.
fn upward(path: &str, text: &str) -> Vec<String> {
    let Some(own) = layer(path) else {
        return vec![format!("www/src/{path}: in no layer of tests/tidy/page: give it its place")];
    };
    let mut found = Vec::new();
    for (line, import) in scan::imports(text) {
        let place = format!("www/src/{path}:{line}: {import}");
        if import.starts_with('.') {
            let target = target(path, &import);
            // Outside www/src there is the contract of the wasm package, and style sheets have no
            // layer of their own.
            if target.starts_with("src/wasm/") || target.ends_with(".css") {
                continue;
            }
            match layer(&target) {
                Some(layer) if layer <= own => {}
                Some(_) => found.push(format!("{place}: is above")),
                None => found.push(format!("{place}: is in no layer")),
            }
            continue;
        }
        let package = import.split('/').next().unwrap_or_default();
        match PACKAGES.iter().find(|(name, _)| *name == package) {
            Some((_, home)) if home.is_empty() || path.starts_with(home) => {}
            Some((_, home)) => found.push(format!("{place}: only {home} knows it")),
            None => found.push(format!("{place}: not in PACKAGES of tests/tidy/page")),
        }
    }
    found
}

/// Words of the whole page outside `shell`, and private members that are not `#` fields.
fn wide(path: &str, text: &str) -> Vec<String> {
    let code = scan::code(text);
    let mut found = Vec::new();
    for (line, word) in super::scan::words(&code, &["private", "protected"]) {
        found.push(format!("www/src/{path}:{line}: `{word}`: private members are # fields"));
    }
    if path.starts_with("shell/") {
        return found;
    }
    for (line, word) in super::scan::words(&code, PAGE_WIDE) {
        found.push(format!("www/src/{path}:{line}: `{word}`: belongs to the page, so to shell"));
    }
    for (line, text) in code.lines().enumerate() {
        let listens = text
            .match_indices("addEventListener(")
            .any(|(at, _)| !text[..at].ends_with('.') || text[..at].ends_with("document."));
        if listens {
            let place = format!("www/src/{path}:{}", line + 1);
            found.push(format!("{place}: listens to the whole page, which is for shell"));
        }
    }
    found
}

#[test]
fn imports_of_the_page_go_downwards() {
    expect_none(|source| {
        inside(source).map_or_else(Vec::new, |path| {
            // Unit tests are exempt.
            if path.ends_with(".test.ts") { Vec::new() } else { upward(path, &source.text) }
        })
    });
}

#[test]
fn only_the_shell_knows_the_page() {
    expect_none(|source| inside(source).map_or_else(Vec::new, |path| wide(path, &source.text)));
}

#[test]
fn functions_of_the_page_are_short() {
    expect_none(|source| {
        if !source.is_one_of(&["ts"]) {
            return Vec::new();
        }
        let functions = scan::functions(&scan::code(&source.text));
        let long = functions.into_iter().filter(|function| function.lines > FUNCTION_LINES);
        long.map(|long| format!("{}:{}: {} lines", source.path, long.line, long.lines)).collect()
    });
}

#[test]
fn every_layer_has_files() {
    let sources = super::sources();
    let paths: Vec<&str> = sources.iter().filter_map(inside).collect();
    assert!(50 < paths.len(), "the page's files are not found");
    for layer in LAYERS {
        let starts = |path: &&str| path.starts_with(layer);
        assert!(paths.iter().any(starts), "{layer} of LAYERS has no file");
    }
}

#[test]
fn what_the_page_may_not_do_is_found() {
    let found = |path: &str, text: &str| upward(path, text).len();
    assert_eq!(found("draw/ink.ts", "import { App } from \"../app/app.ts\";"), 1);
    assert_eq!(found("draw/cluster/cards.ts", "import type { A } from '../../panel/dom.ts';"), 1);
    assert_eq!(found("state/store.ts", "export * from \"../app/run.ts\";"), 1);
    assert_eq!(found("engine/protocol.ts", "import { Player } from \"./player.ts\";"), 1);
    assert_eq!(found("app/app.ts", "const a = await import(\"../panel/view.ts\");"), 1);
    assert_eq!(found("panel/view.ts", "import { Gunzip } from \"fflate\";"), 1);
    assert_eq!(found("helpers.ts", ""), 1);
    assert_eq!(found("panel/view.ts", "import { App } from \"../app/app.ts\";"), 0);
    assert_eq!(found("engine/engine.ts", "import W from \"../worker/worker.ts?worker\";"), 0);
    assert_eq!(found("draw/ink.ts", "// import { App } from \"../app/app.ts\";"), 0);

    let found = |text: &str| wide("panel/view.ts", text).len();
    assert_eq!(found("addEventListener(\"keydown\", act);"), 1);
    assert_eq!(found("document.addEventListener(\"keydown\", act);"), 1);
    assert_eq!(found("button.addEventListener(\"click\", act);"), 0);
    assert_eq!(found("const at = location.hash;"), 1);
    assert_eq!(found("const say = \"location\";"), 0);
    assert_eq!(found("class A { private x = 1; }"), 1);
    assert!(wide("shell/keys.ts", "addEventListener(\"keydown\", act);").is_empty());
}
