//! Bytes of a trace: from a file or standard input, unpacked if need be, with progress.

use super::figures::counted;
use super::unpack::Unzstd;
use anyhow::{Context, Result};
use flate2::read::MultiGzDecoder;
use indicatif::{ProgressBar, ProgressStyle};
use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read};
use std::path::Path;

const CHUNK: usize = 1 << 20;
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// A trace's bytes in chunks.
pub(crate) struct Input {
    bytes: Box<dyn Read>,
    progress: ProgressBar,
    chunk: Vec<u8>,
}

impl Input {
    /// Opens `path`; `-` is standard input. Gzip and zstd are told by their first bytes, never by
    /// the name.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let naming = || format!("cannot read {}", path.display());
        let (raw, length): (Box<dyn Read>, _) = if path == Path::new("-") {
            (Box::new(io::stdin()), None)
        } else {
            let file = File::open(path).with_context(naming)?;
            let length = file.metadata().with_context(naming)?.len();
            (Box::new(file), Some(length))
        };
        let progress = bar(length);
        let mut buffered = BufReader::with_capacity(CHUNK, progress.wrap_read(raw));
        let first = buffered.fill_buf().with_context(naming)?;
        let (gzip, zstd) = (first.starts_with(&GZIP_MAGIC), first.starts_with(&ZSTD_MAGIC));
        let bytes: Box<dyn Read> = if gzip {
            Box::new(MultiGzDecoder::new(buffered))
        } else if zstd {
            Box::new(Unzstd::new(buffered))
        } else {
            Box::new(buffered)
        };
        Ok(Self { bytes, progress, chunk: vec![0; CHUNK] })
    }

    /// The next chunk; empty at the end.
    pub(crate) fn next(&mut self) -> Result<&[u8]> {
        let read = self.bytes.read(&mut self.chunk).context("the trace cannot be read on")?;
        Ok(&self.chunk[..read])
    }

    /// Says how many requests were read, beside the bar.
    pub(crate) fn tell(&self, requests: u64) {
        self.progress.set_message(counted(requests, "request"));
    }

    /// Takes the bar away.
    pub(crate) fn done(&self) {
        self.progress.finish_and_clear();
    }
}

fn bar(length: Option<u64>) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let template = match length {
        Some(_) => "{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta} {msg}",
        None => "{spinner} {bytes} {bytes_per_sec} {msg}",
    };
    let bar = length.map_or_else(ProgressBar::no_length, ProgressBar::new);
    bar.with_style(ProgressStyle::with_template(template).expect("a template that parses"))
}
