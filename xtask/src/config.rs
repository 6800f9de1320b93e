//! The build matrix, `wasm-pack.toml`.

use std::fs;
use std::path::Path;

use anyhow::Context;
use serde::Deserialize;

/// What `wasm-pack.toml` says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Matrix {
    /// The tools' exact versions.
    pub(crate) tools: Tools,
    /// The packages that wasm-pack builds.
    #[serde(rename = "package")]
    pub(crate) packages: Vec<Package>,
    /// The browser tests.
    pub(crate) test: TestRun,
}

/// Exact versions of the tools, each installed with `cargo install`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Tools {
    pub(crate) wasm_pack: String,
    pub(crate) wasm_bindgen: String,
    pub(crate) geckodriver: String,
}

/// One run of `wasm-pack build`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Package {
    pub(crate) name: String,
    /// Made for tests, and part of nothing that is shown.
    #[serde(default)]
    pub(crate) test_only: bool,
    pub(crate) target: String,
    pub(crate) profile: String,
    pub(crate) out_dir: String,
    pub(crate) out_name: String,
    /// Further flags of wasm-pack.
    pub(crate) flags: Vec<String>,
    /// Flags that wasm-pack hands on to cargo.
    pub(crate) cargo_flags: Vec<String>,
    /// The script that runs what the page's first view runs, for a core that comes in two parts.
    #[serde(default)]
    pub(crate) first_view: Option<String>,
}

/// How `wasm-pack test` is called.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestRun {
    pub(crate) flags: Vec<String>,
}

impl Matrix {
    /// Reads `wasm-pack.toml` in the repository's root.
    pub(crate) fn load(root: &Path) -> anyhow::Result<Self> {
        let path = root.join("wasm-pack.toml");
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        toml::from_str(&text).with_context(|| path.display().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
    }

    fn read_toml(name: &str) -> toml::Table {
        fs::read_to_string(root().join(name)).unwrap().parse().unwrap()
    }

    fn locked(lock: &toml::Table, name: &str) -> String {
        let packages = lock["package"].as_array().unwrap();
        let package = packages.iter().find(|p| p["name"].as_str() == Some(name)).unwrap();
        package["version"].as_str().unwrap().to_owned()
    }

    #[test]
    fn the_first_line_says_who_reads_the_file() {
        let text = fs::read_to_string(root().join("wasm-pack.toml")).unwrap();
        let first = text.lines().next().unwrap();
        assert!(first.contains("wasm-pack itself reads no such file"), "{first}");
        assert!(first.contains("xtask"), "{first}");
    }

    #[test]
    fn wasm_bindgen_is_the_same_version_in_all_three_files() {
        let matrix = Matrix::load(root()).unwrap();
        let version = &matrix.tools.wasm_bindgen;
        assert_eq!(*version, locked(&read_toml("Cargo.lock"), "wasm-bindgen"));

        let cargo = read_toml("Cargo.toml");
        let dependencies = &cargo["target"]["cfg(target_arch = \"wasm32\")"]["dependencies"];
        let wanted = &dependencies["wasm-bindgen"];
        let wanted = wanted.as_str().or_else(|| wanted.get("version")?.as_str()).unwrap();
        assert_eq!(wanted, format!("={version}"));
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        let text = fs::read_to_string(root().join("wasm-pack.toml")).unwrap();
        let text = text.replace("[test]", "[test]\nbrowser = \"firefox\"");
        assert!(toml::from_str::<Matrix>(&text).is_err());
    }
}
