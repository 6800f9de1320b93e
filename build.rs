//! Tells the browser tests where the real trace and its expected results lie.
//!
//! A test in a browser has no file system, so what it reads is compiled into it. The files are
//! not part of the project: where they are absent the tests say that they are skipped.

use std::env;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-check-cfg=cfg(kvscope_vectors)");
    let trace = find("KVSCOPE_TRACES", "../shared/traces", "conversation_trace.jsonl");
    let vectors = find("KVSCOPE_VECTORS", "../shared/vectors", "conversation.json");
    if let (Some(trace), Some(vectors)) = (trace, vectors) {
        println!("cargo:rustc-cfg=kvscope_vectors");
        println!("cargo:rustc-env=KVSCOPE_TRACE_FILE={}", trace.display());
        println!("cargo:rustc-env=KVSCOPE_VECTOR_FILE={}", vectors.display());
    }
}

fn find(variable: &str, fallback: &str, file: &str) -> Option<PathBuf> {
    println!("cargo:rerun-if-env-changed={variable}");
    let root = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from)?;
    let folder = env::var_os(variable).map_or_else(|| root.join(fallback), PathBuf::from);
    let path: &Path = &folder.join(file);
    println!("cargo:rerun-if-changed={}", path.display());
    path.canonicalize().ok()
}
