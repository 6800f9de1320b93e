//! Building the wasm packages and the page. What is newer than all it is made from is kept.

use std::fs;
use std::io;
use std::path::Path;
use std::time::SystemTime;

use anyhow::bail;

use crate::config::{Matrix, Package};
use crate::shell::Shell;
use crate::split;

/// What a wasm package is made from.
const WASM_INPUTS: [&str; 5] =
    ["src", "Cargo.toml", "Cargo.lock", "wasm-pack.toml", ".cargo/config.toml"];

/// What the page is made from, besides the wasm packages.
const PAGE_INPUTS: [&str; 13] = [
    "www/src",
    "www/public",
    "www/index.html",
    "www/embed.html",
    "www/gallery.ts",
    "www/vite.embed.config.ts",
    "docs/figures",
    "docs/SUMMARY.md",
    "target/book",
    "www/package-lock.json",
    "www/vite.config.ts",
    "www/vite.offline.ts",
    "www/tsconfig.json",
];

/// The page, with everything it needs, in `www/dist`.
pub(crate) fn all(sh: &Shell, matrix: &Matrix) -> anyhow::Result<()> {
    wasm(sh, matrix)?;
    page(sh, matrix)
}

/// Every package that is shown.
pub(crate) fn wasm(sh: &Shell, matrix: &Matrix) -> anyhow::Result<()> {
    packages(sh, matrix.packages.iter().filter(|package| !package.test_only))
}

/// Every package of the matrix.
pub(crate) fn wasm_for_tests(sh: &Shell, matrix: &Matrix) -> anyhow::Result<()> {
    packages(sh, matrix.packages.iter())
}

fn packages<'a>(sh: &Shell, all: impl Iterator<Item = &'a Package>) -> anyhow::Result<()> {
    for package in all {
        let out = sh.root().join(&package.out_dir);
        let made = out.join(format!("{}_bg.wasm", package.out_name));
        if is_newer(sh.root(), &made, &WASM_INPUTS)? {
            println!("wasm package '{}' is up to date", package.name);
        } else {
            build_package(sh, package)?;
            if !made.is_file() {
                bail!("wasm-pack ended well but left no {}", made.display());
            }
            if package.first_view.is_some() {
                split::keep(sh, &made)?;
            }
            if !package.test_only {
                split::strip(&made)?;
            }
        }
        if let Some(first_view) = &package.first_view {
            split_package(sh, &made, first_view)?;
        }
    }
    Ok(())
}

fn split_package(sh: &Shell, made: &Path, first_view: &str) -> anyhow::Result<()> {
    let [first, whole] = split::PARTS.map(|part| split::part(made, part));
    let inputs = [&made.to_string_lossy(), first_view, "www/src/worker", "www/src/state"];
    if whole.is_file() && is_newer(sh.root(), &first, &inputs)? {
        return Ok(());
    }
    split::write(sh, made, first_view)
}

fn build_package(sh: &Shell, package: &Package) -> anyhow::Result<()> {
    let mut command = sh.with("wasm-pack", ["build", "--target", &package.target]);
    command.arg(format!("--{}", package.profile));
    command.args(["--out-dir", &package.out_dir, "--out-name", &package.out_name]);
    command.args(&package.flags).arg(".").arg("--").args(&package.cargo_flags);
    sh.run(&format!("building the wasm package '{}'", package.name), &mut command)
}

/// The page alone, from wasm packages that are there.
pub(crate) fn page(sh: &Shell, matrix: &Matrix) -> anyhow::Result<()> {
    let made = sh.root().join("www/dist/index.html");
    let mut inputs = PAGE_INPUTS.to_vec();
    let shown = matrix.packages.iter().filter(|package| !package.test_only);
    inputs.extend(shown.map(|package| package.out_dir.as_str()));
    if is_newer(sh.root(), &made, &inputs)? {
        println!("the page is up to date");
        return Ok(());
    }
    let mut npm = sh.with("npm", ["run", "build"]);
    sh.run("building the page", npm.current_dir(sh.root().join("www")))
}

/// Whether `made` is newer than every file and folder in `inputs` (folders: to any depth).
fn is_newer(root: &Path, made: &Path, inputs: &[&str]) -> io::Result<bool> {
    let Ok(made) = fs::metadata(made).and_then(|meta| meta.modified()) else {
        return Ok(false);
    };
    let mut latest = SystemTime::UNIX_EPOCH;
    for input in inputs {
        latest = latest.max(last_change(&root.join(input))?);
    }
    Ok(latest < made)
}

/// A folder's own time tells of files taken out of it. A missing path has never changed.
fn last_change(path: &Path) -> io::Result<SystemTime> {
    let Ok(meta) = fs::metadata(path) else {
        return Ok(SystemTime::UNIX_EPOCH);
    };
    let mut latest = meta.modified()?;
    if meta.is_dir() {
        for entry in fs::read_dir(path)? {
            latest = latest.max(last_change(&entry?.path())?);
        }
    }
    Ok(latest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_change_anywhere_below_an_input_makes_it_stale() {
        let root = std::env::temp_dir().join(format!("kvscope-fresh-{}", std::process::id()));
        let file = root.join("src/deep/file.rs");
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "").unwrap();
        let made = root.join("made");
        assert!(!is_newer(&root, &made, &["src"]).unwrap(), "nothing was made yet");

        fs::write(&made, "").unwrap();
        let soon = SystemTime::now() + Duration::from_secs(60);
        fs::File::options().write(true).open(&made).unwrap().set_modified(soon).unwrap();
        assert!(is_newer(&root, &made, &["src", "no-such-input"]).unwrap());

        let later = soon + Duration::from_secs(60);
        fs::File::options().write(true).open(&file).unwrap().set_modified(later).unwrap();
        assert!(!is_newer(&root, &made, &["src"]).unwrap());
        fs::remove_dir_all(root).unwrap();
    }
}
