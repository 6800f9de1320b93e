//! Any bytes as gzip and as zstd: no panic, and what comes out does not depend on how it is asked
//! for.
//!
//! `cargo +nightly fuzz run unpack fuzz/corpus/unpack`.
#![no_main]

use flate2::read::MultiGzDecoder;
use libfuzzer_sys::fuzz_target;
use std::io::Read;

#[path = "../../src/bin/kvscope/cli/unpack.rs"]
mod unpack;
mod reading;

/// What comes out of `source`, asked for in parts of `part` bytes, up to 256 KiB; and whether
/// it ended well.
fn all(mut source: impl Read, part: usize) -> (Vec<u8>, bool) {
    let (mut out, mut buffer) = (Vec::new(), vec![0; part]);
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return (out, true),
            Ok(read) => out.extend_from_slice(&buffer[..read]),
            Err(_) => return (out, false),
        }
        if out.len() > 1 << 18 {
            return (out, false);
        }
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((&part, bytes)) = input.split_first() else { return };
    let part = 1 + usize::from(part);
    let zstd = all(unpack::Unzstd::new(bytes), 4_096);
    let parts = all(unpack::Unzstd::new(bytes), part);
    assert_eq!(zstd.1, parts.1);
    if zstd.1 {
        assert_eq!(zstd.0, parts.0);
    }
    let gzip = all(MultiGzDecoder::new(bytes), part);
    for (unpacked, well) in [zstd, gzip] {
        if well {
            reading::read(&unpacked, part);
        }
    }
});
