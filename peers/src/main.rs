//! What runs natively behind `cargo xtask peers`: kvscope's side of every comparison, and the
//! peers that are crates. One line a row: name, cases, equal, explained, open, note.

mod caches;
#[cfg(feature = "dynamo")]
mod dynamo;
mod engines;
mod gateways;
mod libcachesim;
mod report;
mod simulator;
mod streams;
mod trees;

/// What the project's own tests share is what these comparisons are made of.
#[path = "../../tests/common/mod.rs"]
mod common;

use kvscope::evict::EVICTIONS;
use kvscope::migrate::MIGRATIONS;
use kvscope::route::ROUTERS;
use report::Row;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// How the source of a row ends that is held to no running code.
const FORMULA_ONLY: &str = "; formula only";

const USAGE: &str = "usage: kvscope-parity [--trace FILE] TASK
  export FOLDER                       writes the streams for other programs
  libcachesim COUNTS [ROW...]         compares with what python/caches.py printed
  kvcache-simulator COUNTS [ROW...]   the same
  sglang|vllm COUNTS [ROW...]         compares with what python/engines.py printed
  ray COUNTS [ROW...]                 compares with what python/trees.py printed
  ai-dynamo-runtime COUNTS [ROW...]   sets python/simulator.py's runs beside ours
  kv-index [ROW...]                   compares with the crate
  dynamo-kv-router [ROW...]           compares with the crate
  sglang-router|smg|vllm-router COUNTS [ROW...]    compares with what gateways.py printed
  formula [ROW...]                    names the rows that nothing is held to
  record-PACKAGE COUNTS               prints a gateway's decisions for the ordinary tests
  record-dynamo-kv-router             prints decisions of the crate for the ordinary tests";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), String> {
    let mut rest: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut trace = None;
    if let Some(at) = rest.iter().position(|&argument| argument == "--trace") {
        trace = Some(PathBuf::from(*rest.get(at + 1).ok_or("--trace names no file")?));
        rest.drain(at..at + 2);
    }
    let trace = trace.as_deref();
    let rows = match rest[..] {
        ["export", folder] => {
            let failed = |error| format!("{folder}: {error}");
            return streams::export(trace, Path::new(folder)).map_err(failed);
        }
        ["libcachesim", counts, ref wanted @ ..] => {
            caches::libcachesim(trace, &read(counts)?, wanted)
        }
        ["kvcache-simulator", counts, ref wanted @ ..] => {
            caches::kvcache_simulator(trace, &read(counts)?, wanted)
        }
        ["sglang", counts, ref wanted @ ..] => engines::sglang(trace, &read(counts)?, wanted),
        ["ai-dynamo-runtime", counts, ref wanted @ ..] => {
            simulator::rows(trace, &read(counts)?, wanted)
        }
        ["ray", counts, ref wanted @ ..] => trees::ray(trace, &read(counts)?, wanted),
        #[cfg(feature = "kv-index")]
        ["kv-index", ref wanted @ ..] => trees::kv_index(trace, wanted),
        ["vllm", counts, ref wanted @ ..] => engines::vllm(trace, &read(counts)?, wanted),
        #[cfg(feature = "dynamo")]
        ["dynamo-kv-router", ref wanted @ ..] => dynamo::rows(trace, wanted),
        [package @ ("sglang-router" | "smg" | "vllm-router"), counts, ref wanted @ ..] => {
            gateways::rows(trace, package, &read(counts)?, wanted)
        }
        ["formula", ref wanted @ ..] => formula_only(wanted),
        ["record-sglang-router", counts] => {
            print!("{}", gateways::record("sglang-router", "0.3.2", &read(counts)?));
            return Ok(());
        }
        ["record-smg", counts] => {
            print!("{}", gateways::record("smg", "1.13.0", &read(counts)?));
            return Ok(());
        }
        #[cfg(feature = "dynamo")]
        ["record-dynamo-kv-router"] => {
            print!("{}", dynamo::vectors::write());
            return Ok(());
        }
        _ => return Err(USAGE.to_owned()),
    };
    rows.iter().for_each(Row::print);
    Ok(())
}

/// Every policy whose row says that it is held to no running code.
fn formula_only(wanted: &[&str]) -> Vec<Row> {
    let routers = ROUTERS.iter().map(|row| (row.id, row.source));
    let evictions = EVICTIONS.iter().map(|row| (row.id, row.source));
    let rows = routers.chain(evictions).chain(MIGRATIONS.iter().map(|row| (row.id, row.source)));
    let rows = rows.filter(|(_, source)| source.ends_with(FORMULA_ONLY));
    let rows = rows.filter(|(id, _)| wanted.is_empty() || wanted.contains(id));
    rows.map(|(id, source)| Row::new(id, source)).collect()
}

fn read(path: &str) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))
}
