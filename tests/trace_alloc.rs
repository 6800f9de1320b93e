//! In the steady state the trace reader allocates nothing: not per line, not per id.
#![cfg(not(target_arch = "wasm32"))]

use kvscope::trace::{Log, ReadOptions, TraceReader};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::path::Path;

/// The system's allocator, counting what each thread asks of it.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: every call goes to the system's allocator unchanged; counting touches a thread-local
// cell, which needs neither allocation nor destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are passed on.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: the caller's promises are passed on.
        unsafe { System.realloc(pointer, layout, new_size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn lines_like_those_before_allocate_nothing() {
    for name in ["mooncake", "qwen_bailian", "kvcache_ai", "aiperf", "aliases", "broken"] {
        let path = format!("{}/tests/data/{name}.jsonl", env!("CARGO_MANIFEST_DIR"));
        let mut lines = std::fs::read(Path::new(&path)).expect("the sample is there");
        lines.push(b'\n');
        let lines = lines.repeat(64);
        let mut reader = TraceReader::new(ReadOptions::default());
        let mut log = Log::new();
        let mut allocations = Vec::new();
        for round in 0..200 {
            let before = ALLOCATIONS.get();
            // Some lines lie across chunks, and not always the same ones.
            for chunk in lines.chunks(100 + round % 7) {
                reader.push(chunk, &mut log);
                log.free_before(log.len());
            }
            allocations.push(ALLOCATIONS.get() - before);
        }
        assert!(allocations[0] > 0, "{name}: the count counts");
        assert_eq!(allocations[100..], [0; 100], "{name}");
    }
}
