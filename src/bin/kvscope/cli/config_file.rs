//! Configurations as files: read for `--config`, written by `--save-config`.

use super::{AskedWrong, print};
use anyhow::{Context, Result, anyhow};
use kvscope::config::file::{self, Entry};
use kvscope::config::{Config, Draft};
use serde::de::DeserializeOwned;
use serde_saphyr::UserMessageFormatter;
use std::fs;
use std::path::Path;

/// What is written above a saved configuration.
const HEAD: &str = "# kvscope run TRACE --config FILE; docs/config.md has every word.\n";

/// What a configuration file says. JSON where it begins as that does, else YAML.
pub(crate) fn read(path: &Path) -> Result<Draft> {
    let entry: Entry = parse(path, "names with their values (docs/config.md)")?;
    Ok(file::read(&entry))
}

/// The text of a file that an argument names: where there is none, another must be named.
pub(crate) fn text(path: &Path) -> Result<String> {
    fs::read_to_string(path)
        .map_err(|error| AskedWrong(format!("cannot read {}: {error}", path.display())).into())
}

/// Reads a file of people's own: JSON where it begins as that does, else YAML.
pub(crate) fn parse<T: DeserializeOwned>(path: &Path, expected: &str) -> Result<T> {
    let text = text(path)?;
    let parsed = match text.trim_start().starts_with('{') {
        true => serde_json::from_str(&text).map_err(|error| anyhow!(error)),
        false => serde_saphyr::from_str(&text).map_err(|error| {
            let named = format!("{}:", path.display());
            let told = error.render_with_formatter(&UserMessageFormatter);
            anyhow!(told.replacen("<input>:", &named, 1))
        }),
    };
    parsed.map_err(|error| {
        AskedWrong(format!("{}: {error:#}; expected {expected}", path.display())).into()
    })
}

/// Writes a configuration, as JSON where the name says so, else as YAML.
pub(crate) fn write(path: &Path, config: &Config) -> Result<()> {
    let naming = || format!("cannot write {}", path.display());
    let text = match path.extension().is_some_and(|it| it.eq_ignore_ascii_case("json")) {
        true => serde_json::to_string_pretty(config)? + "\n",
        false => HEAD.to_owned() + &serde_saphyr::to_string(config).with_context(naming)?,
    };
    fs::write(path, text).with_context(naming)?;
    print::tell(format_args!("the configuration is in {}", path.display()));
    Ok(())
}
