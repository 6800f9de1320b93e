//! What the page's first view loads, in bytes after gzip: printed by every build, and held.

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

/// Bytes after gzip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sizes {
    /// The core.
    wasm: u64,
    /// Everything that is loaded before anybody has done anything.
    first_view: u64,
}

/// Prints what the built page weighs beside what is held.
pub(crate) fn print(root: &Path) -> anyhow::Result<()> {
    let files = first_view(&root.join(DIST))?;
    println!("\n{:>9}{:>9}  first view", "bytes", "gzip");
    for file in &files {
        println!("{:>9}{:>9}  {}", file.bytes, file.gzip, file.name);
    }
    let (sizes, held) = (sum(&files), held(root)?);
    println!("{:>18}  in all; held at {}", sizes.first_view, held.first_view);
    println!("{:>18}  of it wasm; held at {}", sizes.wasm, held.wasm);
    Ok(())
}

/// Fails where the built page exceeds what is held.
pub(crate) fn check(root: &Path) -> anyhow::Result<()> {
    let (sizes, held) = (sum(&first_view(&root.join(DIST))?), held(root)?);
    compare("the wasm", sizes.wasm, held.wasm)?;
    compare("the first view", sizes.first_view, held.first_view)
}

/// Takes the built page's figures as those that are held.
pub(crate) fn accept(root: &Path) -> anyhow::Result<()> {
    let path = root.join(HELD);
    let text = fs::read_to_string(&path).with_context(|| HELD.to_owned())?;
    let comments: Vec<&str> = text.lines().filter(|line| line.starts_with('#')).collect();
    let Sizes { wasm, first_view } = sum(&first_view(&root.join(DIST))?);
    let text = format!("{}\nwasm = {wasm}\nfirst_view = {first_view}\n", comments.join("\n"));
    Ok(fs::write(path, text)?)
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

/// A file of the first view.
struct Loaded {
    name: String,
    bytes: u64,
    gzip: u64,
}

fn sum(files: &[Loaded]) -> Sizes {
    let of =
        |is: fn(&Loaded) -> bool| files.iter().filter(move |file| is(file)).map(|file| file.gzip);
    Sizes { wasm: of(|file| file.name.ends_with(".wasm")).sum(), first_view: of(|_| true).sum() }
}

/// The page, what it names (scripts, what they import at once, style sheets), and the core, which
/// its script fetches. What is loaded when it is met is not named by the page.
fn first_view(dist: &Path) -> anyhow::Result<Vec<Loaded>> {
    let page = fs::read_to_string(dist.join("index.html"))
        .with_context(|| format!("{DIST}/index.html: build the page first"))?;
    let mut names = vec!["index.html".to_owned()];
    names.extend(named(&page));
    for entry in fs::read_dir(dist.join("assets"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".wasm") {
            names.push(format!("assets/{name}"));
        }
    }
    if !names.iter().any(|name| name.ends_with(".wasm")) {
        bail!("{DIST}/assets has no wasm");
    }
    names.into_iter().map(|name| loaded(dist, name)).collect()
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
    fn three_in_a_hundred_may_be_added_and_no_more() {
        assert!(compare("it", 1030, 1000).is_ok());
        let error = compare("it", 1031, 1000).unwrap_err().to_string();
        assert!(error.starts_with("it is 1031 bytes after gzip, 3.1 % over the 1000"), "{error}");
    }

    #[test]
    fn what_is_held_is_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let Sizes { wasm, first_view } = held(root).unwrap();
        assert!(0 < wasm && wasm < first_view);
    }
}
