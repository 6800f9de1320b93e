//! What the page's first view loads and what comes later, in bytes after gzip: printed by every
//! build, and held.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Deserialize;

/// The figures that are held, and by how much they may be exceeded.
const HELD: &str = "www/size.toml";
const TOLERANCE_PERCENT: u64 = 3;

/// Where the built page lies.
const DIST: &str = "www/dist";

/// What the name of the whole core has in it, which the first view does not load
/// (`xtask/src/split`).
const LATER: &str = "_whole-";

/// Bytes after gzip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sizes {
    /// The core.
    wasm: u64,
    /// Everything that is loaded before anybody has done anything.
    first_view: u64,
    /// What is loaded when it is asked for: views beside the run, and what answers in them.
    later: u64,
}

/// Prints what the built page weighs beside what is held.
pub(crate) fn print(root: &Path) -> anyhow::Result<()> {
    let (first, later) = built(&root.join(DIST))?;
    for (title, files) in [("first view", &first), ("loaded later", &later)] {
        println!("\n{:>9}{:>9}  {title}", "bytes", "gzip");
        for file in files {
            println!("{:>9}{:>9}  {}", file.bytes, file.gzip, file.name);
        }
    }
    let (sizes, held) = (sum(&first, &later), held(root)?);
    println!("\n{:>18}  first view; held at {}", sizes.first_view, held.first_view);
    println!("{:>18}  of it wasm; held at {}", sizes.wasm, held.wasm);
    println!("{:>18}  later; held at {}", sizes.later, held.later);
    Ok(())
}

/// Fails where the built page exceeds what is held.
pub(crate) fn check(root: &Path) -> anyhow::Result<()> {
    let (first, later) = built(&root.join(DIST))?;
    let (sizes, held) = (sum(&first, &later), held(root)?);
    compare("the wasm", sizes.wasm, held.wasm)?;
    compare("the first view", sizes.first_view, held.first_view)?;
    compare("what is loaded later", sizes.later, held.later)
}

/// Takes the built page's figures as those that are held.
pub(crate) fn accept(root: &Path) -> anyhow::Result<()> {
    let path = root.join(HELD);
    let text = fs::read_to_string(&path).with_context(|| HELD.to_owned())?;
    let comments: Vec<&str> = text.lines().filter(|line| line.starts_with('#')).collect();
    let (first, later) = built(&root.join(DIST))?;
    let Sizes { wasm, first_view, later } = sum(&first, &later);
    let figures = format!("wasm = {wasm}\nfirst_view = {first_view}\nlater = {later}\n");
    Ok(fs::write(path, format!("{}\n{figures}", comments.join("\n")))?)
}

fn compare(what: &str, found: u64, held: u64) -> anyhow::Result<()> {
    ensure!(
        found * 100 <= held * (100 + TOLERANCE_PERCENT),
        "{what} is {found} bytes after gzip, {:.1} % over the {held} of {HELD}. Make it smaller, \
         or say in docs/performance.md what it is for and run `cargo xtask build --accept-size`",
        (found as f64 / held as f64 - 1.0) * 100.0
    );
    Ok(())
}

fn held(root: &Path) -> anyhow::Result<Sizes> {
    let text = fs::read_to_string(root.join(HELD)).with_context(|| HELD.to_owned())?;
    toml::from_str(&text).with_context(|| HELD.to_owned())
}

/// A file of the page.
struct Loaded {
    name: String,
    bytes: u64,
    gzip: u64,
}

fn sum(first: &[Loaded], later: &[Loaded]) -> Sizes {
    let of = |files: &[Loaded]| files.iter().map(|file| file.gzip).sum();
    let wasm = first.iter().filter(|file| file.name.ends_with(".wasm"));
    Sizes { wasm: wasm.map(|file| file.gzip).sum(), first_view: of(first), later: of(later) }
}

/// The files of the first view, and all others.
fn built(dist: &Path) -> anyhow::Result<(Vec<Loaded>, Vec<Loaded>)> {
    let page = fs::read_to_string(dist.join("index.html"))
        .with_context(|| format!("{DIST}/index.html: build the page first"))?;
    let mut assets = Vec::new();
    for entry in fs::read_dir(dist.join("assets"))? {
        assets.push(format!("assets/{}", entry?.file_name().to_string_lossy()));
    }
    assets.sort();
    let mut scripts = String::new();
    for name in named(&page).iter().filter(|name| name.ends_with(".js")) {
        scripts += &fs::read_to_string(dist.join(name)).with_context(|| name.clone())?;
    }
    let first = first_view(&page, &scripts, &assets);
    if !first.iter().any(|name| name.ends_with(".wasm")) {
        bail!("the scripts of {DIST}/index.html name no wasm");
    }
    assets.retain(|name| !first.contains(name));
    let load = |names: Vec<String>| -> anyhow::Result<Vec<Loaded>> {
        names.into_iter().map(|name| loaded(dist, name)).collect()
    };
    Ok((load(first)?, load(assets)?))
}

/// The page, what it names (scripts, what they import at once, style sheets), and the core, which
/// its scripts fetch by name, as far as it comes first. What those name besides is loaded when it
/// is asked for.
fn first_view(page: &str, scripts: &str, assets: &[String]) -> Vec<String> {
    let mut names = vec!["index.html".to_owned()];
    names.extend(named(page));
    let core = assets.iter().filter(|name| name.ends_with(".wasm"));
    let file = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let first = core.filter(|name| scripts.contains(&file(name)) && !name.contains(LATER));
    names.extend(first.cloned());
    names
}

fn loaded(dist: &Path, name: String) -> anyhow::Result<Loaded> {
    let bytes = fs::read(dist.join(&name)).with_context(|| name.clone())?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes)?;
    let gzip = encoder.finish()?.len() as u64;
    Ok(Loaded { name, bytes: bytes.len() as u64, gzip })
}

/// The files of its own that a page names in `src` and `href`.
fn named(page: &str) -> Vec<String> {
    let attributes = page.split(['"', '\'']).filter_map(|value| value.strip_prefix("./"));
    let mut names: Vec<String> = attributes.map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_that_a_page_names_are_its_first_view() {
        let page = r#"<script type="module" src="./assets/a.js"></script>
            <link rel="modulepreload" href="./assets/b.js"><link rel="stylesheet"
            href='./assets/c.css'><a href="https://example.org/d.js"></a><a href="./assets/b.js">"#;
        assert_eq!(named(page), ["assets/a.js", "assets/b.js", "assets/c.css"]);
    }

    #[test]
    fn the_core_that_its_scripts_name_belongs_to_the_first_view() {
        let page = r#"<script type="module" src="./assets/a.js"></script>"#;
        let scripts = r#"new URL("core-1.wasm", import.meta.url); import("./later.js");
            new URL("core_whole-1.wasm", import.meta.url)"#;
        let assets = ["a.js", "core-1.wasm", "core-2.wasm", "core_whole-1.wasm", "later.js"];
        let first = first_view(page, scripts, &assets.map(|name| format!("assets/{name}")));
        assert_eq!(first, ["index.html", "assets/a.js", "assets/core-1.wasm"]);
    }

    #[test]
    fn three_in_a_hundred_may_be_added_and_no_more() {
        assert!(compare("it", 1030, 1000).is_ok());
        let error = compare("it", 1031, 1000).unwrap_err().to_string();
        assert!(error.starts_with("it is 1031 bytes after gzip, 3.1 % over the 1000"), "{error}");
    }

    #[test]
    fn what_is_held_is_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let Sizes { wasm, first_view, later } = held(root).unwrap();
        assert!(0 < wasm && wasm < first_view && 0 < later);
    }
}
