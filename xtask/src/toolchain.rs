//! The wasm32 target of the Rust compiler.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, bail};

use crate::shell::Shell;

const TARGET: &str = "wasm32-unknown-unknown";
/// The rustup toolchain that `scripts/wasm-target-debian.sh` makes.
const FALLBACK: &str = "wasm32-fallback";
const FALLBACK_SCRIPT: &str = "scripts/wasm-target-debian.sh";

/// Makes sure that the compiler in use can build for wasm32.
///
/// The first of these that holds is taken: the active toolchain has the target; the fallback
/// toolchain is there; rustup adds the target; the fallback can be made.
pub(crate) fn set_up(sh: &mut Shell) -> anyhow::Result<()> {
    if has_target(sh, None) {
        return Ok(());
    }
    if has_target(sh, Some(FALLBACK)) {
        return use_fallback(sh);
    }
    if sh.find("rustup").is_none() {
        bail!("this Rust has no {TARGET} target, and rustup, which adds it, is not installed");
    }
    let what = "adding the wasm32 target to the active Rust toolchain";
    match sh.run(what, &mut sh.with("rustup", ["target", "add", TARGET])) {
        Ok(()) if has_target(sh, None) => return Ok(()),
        Ok(()) => bail!("rustup added {TARGET}, yet rustc does not find its libraries"),
        Err(error) => println!("{error}"),
    }
    let what = "rustup cannot fetch the wasm32 target here: building it from Debian's packages";
    sh.run(what, &mut sh.with("bash", [FALLBACK_SCRIPT])).with_context(|| {
        format!(
            "no wasm32 target. With a network, `rustup target add {TARGET}` is enough; \
             without, see what {FALLBACK_SCRIPT} said above"
        )
    })?;
    use_fallback(sh)
}

/// Runs this and later commands in this checkout with the fallback toolchain.
///
/// The directory override is for commands typed by hand. The fallback is a whole toolchain
/// (with clippy and rustfmt), so native and wasm32 builds then use the same compiler.
fn use_fallback(sh: &mut Shell) -> anyhow::Result<()> {
    let mut active = sh.with("rustup", ["show", "active-toolchain"]);
    let active = sh.ask(active.env_remove("RUSTUP_TOOLCHAIN"));
    if active.is_none_or(|name| !name.starts_with(FALLBACK)) {
        let what = "using the toolchain that has the wasm32 target, in this directory only";
        sh.run(what, &mut sh.with("rustup", ["override", "set", FALLBACK]))?;
    }
    sh.use_toolchain(FALLBACK);
    Ok(())
}

/// Whether a toolchain has the target's standard library, built by that very compiler.
fn has_target(sh: &Shell, toolchain: Option<&str>) -> bool {
    let rustc = |args: &[&str]| {
        let mut command = sh.command("rustc");
        if let Some(name) = toolchain {
            command.env("RUSTUP_TOOLCHAIN", name);
        }
        sh.ask(command.args(args))
    };
    let Some(dir) = rustc(&["--print", "target-libdir", "--target", TARGET]) else {
        return false;
    };
    let dir = PathBuf::from(dir);
    let Ok(entries) = fs::read_dir(&dir) else {
        return false;
    };
    let is_std = |name: &str| name.starts_with("libstd-") && name.ends_with(".rlib");
    let mut names = entries.flatten().map(|entry| entry.file_name());
    let has_std = names.any(|name| name.to_str().is_some_and(is_std));
    // Only the fallback leaves this file; Debian may since have brought a newer compiler.
    let built_by = fs::read_to_string(dir.join("built-by"));
    let is_current = built_by.is_ok_and(|by| rustc(&["-vV"]).as_deref() == Some(by.trim()));
    has_std && (is_current || !dir.join("built-by").exists())
}
