//! Splits the page's core in two: the first part, which is what the page's first view runs, and the
//! whole, which is loaded when something else is asked for.
//!
//! Which functions the first view runs is found out by running it (`www/first-view.ts`) in a core
//! that notes what is called. The first part has these, and the data that they refer to; in the
//! place of every other function it has a stub. The whole has every function, on the first part's
//! memory, tables and globals; once it is there, whoever calls the core is handed on to it, and the
//! state goes on where it was. A stub that is called before that asks for the whole then and there.
//! So the results are those of a core in one piece, whatever the first view is taken to be; it is
//! only a matter of what is loaded when.

mod bare;
mod data;
mod first;
mod linked;
mod marked;
mod module;
mod plan;
#[cfg(test)]
mod tests;
mod whole;

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use wasm_encoder::InstructionSink;
use wasm_encoder::reencode::{Error, Reencode};
use wasmparser::{FunctionBody, Parser, Validator};

use self::linked::Linked;
use self::module::Module;
use self::plan::Plan;
use crate::shell::Shell;

/// What the first part exports beside what the core exports (`www/src/worker/parts.ts`).
const SLOTS: &str = "slots";
const IS_WHOLE: &str = "is_whole";
/// And, beside functions, tables and globals by their numbers, for the whole.
const MEMORY: &str = "m0";

/// Where the core lies as the linker left it and as wasm-bindgen did, with all names.
const KEPT: &str = "target/split";
const LINKED: &str = "linked.wasm";
const BOUND: &str = "bound.wasm";

/// What the page has of the core's tables, beside it: at first, and with the rest of it.
const TABLES: &str = "tables.json";
const LATER: &str = "later.json";

/// What a package that is split has beside its core.
pub(crate) const PARTS: [&str; 2] = ["first", "whole"];

/// Takes off what only tools read.
pub(crate) fn strip(wasm: &Path) -> anyhow::Result<()> {
    let bytes = fs::read(wasm)?;
    Ok(fs::write(wasm, bare::write(&bytes)?)?)
}

/// Keeps what a split needs of a package just built.
pub(crate) fn keep(sh: &Shell, wasm: &Path) -> anyhow::Result<()> {
    let kept = sh.root().join(KEPT);
    fs::create_dir_all(&kept)?;
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| sh.root().join("target"), PathBuf::from);
    let linked = target.join("wasm32-unknown-unknown/release/kvscope.wasm");
    fs::copy(&linked, kept.join(LINKED)).with_context(|| linked.display().to_string())?;
    fs::copy(wasm, kept.join(BOUND))?;
    Ok(())
}

/// Where a part of a package's core lies.
pub(crate) fn part(wasm: &Path, part: &str) -> PathBuf {
    let name = wasm.file_name().unwrap_or_default().to_string_lossy();
    wasm.with_file_name(name.replace("_bg.wasm", &format!("_{part}.wasm")))
}

/// Writes both parts of the package's core beside it. `first_view` is the script that runs what
/// comes first.
pub(crate) fn write(sh: &Shell, wasm: &Path, first_view: &str) -> anyhow::Result<()> {
    let kept = sh.root().join(KEPT);
    let read = |name: &str| {
        let path = kept.join(name);
        fs::read(&path).with_context(|| path.display().to_string())
    };
    let (bytes, linked) = (read(BOUND)?, read(LINKED)?);
    let module = Module::read(&bytes)?;
    let marked = kept.join("marked.wasm");
    fs::write(&marked, marked::write(&module, &bytes)?)?;
    let tables = wasm.with_file_name(TABLES);
    fs::write(&tables, node(sh, "www/tables.ts", wasm, &[wasm])?)?;
    let later = node(sh, "www/tables.ts", wasm, &[wasm, Path::new("later")])?;
    fs::write(wasm.with_file_name(LATER), later)?;
    let called = called(sh, wasm, &[&marked, &tables], first_view)?;
    let plan = Plan::new(&module, &called, &Linked::read(&linked)?)?;
    let [first, whole] = PARTS.map(|name| part(wasm, name));
    let bare = bare::write(&bytes)?;
    fs::write(first, first::write(&module, &plan, &bare)?)?;
    fs::write(whole, whole::write(&module, &plan, &bare)?)?;
    let (here, all) = (called.len(), module.defined().len());
    println!("the first view calls {here} of the core's {all} functions");
    Ok(())
}

/// The functions that the first view calls.
fn called(
    sh: &Shell,
    wasm: &Path,
    given: &[&Path],
    first_view: &str,
) -> anyhow::Result<BTreeSet<u32>> {
    let numbers = node(sh, first_view, wasm, given)?;
    let called: Result<BTreeSet<u32>, _> = numbers.split_whitespace().map(str::parse).collect();
    called.with_context(|| format!("{first_view} printed something else than numbers"))
}

/// What a script of the page prints, given the glue of a core and files.
fn node(sh: &Shell, script: &str, wasm: &Path, given: &[&Path]) -> anyhow::Result<String> {
    let name = wasm.file_name().unwrap_or_default().to_string_lossy();
    let glue = wasm.with_file_name(name.replace("_bg.wasm", ".js"));
    let mut node = sh.with("node", ["--import", "tsx"]);
    node.current_dir(sh.root().join("www")).arg(sh.root().join(script)).arg(glue).args(given);
    sh.capture(&mut node)
}

/// The module as `by` has it, found to be valid.
fn encode(by: &mut impl Reencode<Error = Infallible>, bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut module = wasm_encoder::Module::new();
    by.parse_core_module(&mut module, Parser::new(0), bytes)
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    let made = module.finish();
    Validator::new().validate_all(&made).context("the split made a module that is not valid")?;
    Ok(made)
}

/// A function's body with instructions before its own.
fn with_prefix(
    body: &FunctionBody<'_>,
    prefix: impl FnOnce(&mut InstructionSink<'_>),
) -> Result<Vec<u8>, Error> {
    let own = body.get_binary_reader_for_operators()?;
    let all = body.as_bytes();
    let locals = all.len() - own.bytes_remaining();
    let mut made = all[..locals].to_vec();
    prefix(&mut InstructionSink::new(&mut made));
    made.extend(&all[locals..]);
    Ok(made)
}
