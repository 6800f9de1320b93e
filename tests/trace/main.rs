//! The trace reader and writer on real and hand-made files: what must come out, to the letter.
#![cfg(not(target_arch = "wasm32"))]

mod decisions;
mod limits;
mod real;
mod samples;
mod shapes;

use kvscope::trace::{Interner, ReadOptions, ReadReport, Request, RequestQueue, TraceReader};
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
    let mut queue = RequestQueue::new();
    for chunk in bytes.chunks(chunk) {
        reader.push(chunk, &mut queue);
    }
    reader.finish(&mut queue);
    reader.interner().validate();
    let mut requests = Vec::new();
    let mut blocks = Vec::new();
    while let Some(request) = queue.pop_into(&mut blocks) {
        requests.push((request, blocks.iter().map(|block| block.0).collect()));
    }
    Outcome { requests, report: reader.report().clone(), interner: reader.interner().clone() }
}

fn read(bytes: &[u8]) -> Outcome {
    read_with(ReadOptions::default(), bytes, usize::MAX)
}

fn sample(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
