//! The trace reader and writer on real and hand-made files: what must come out, to the letter.
#![cfg(not(target_arch = "wasm32"))]

mod decisions;
mod limits;
mod real;
mod samples;
mod shapes;
mod table;
mod values;

use kvscope::model::{Request, RequestRef};
use kvscope::trace::{Interner, Log, ReadOptions, ReadReport, TraceReader};
use std::path::Path;

/// A request with its blocks' dense ids.
type Served = (Request, Vec<u32>);

/// Everything a file gives.
struct Outcome {
    requests: Vec<Served>,
    report: ReadReport,
    interner: Interner,
}

fn read_with(options: ReadOptions, bytes: &[u8], chunk: usize) -> Outcome {
    let mut reader = TraceReader::new(options);
    let mut log = Log::new();
    for chunk in bytes.chunks(chunk) {
        reader.push(chunk, &mut log);
    }
    reader.finish(&mut log);
    reader.interner().validate();
    let blocks = |found: RequestRef<'_>| found.blocks.iter().map(|block| block.0).collect();
    let requests = log.iter().map(|found| (*found.request, blocks(found))).collect();
    Outcome { requests, report: reader.report().clone(), interner: reader.interner().clone() }
}

fn read(bytes: &[u8]) -> Outcome {
    read_with(ReadOptions::default(), bytes, usize::MAX)
}

fn sample(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
