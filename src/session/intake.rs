//! Where a session's requests come from: bytes of a file, a built-in workload, a packed log.

use crate::columns::Kept;
use crate::error::{Error, Result};
use crate::trace::synth::{BLOCK_TOKENS, Workload};
use crate::trace::{Interner, Log, RawRequest, ReadOptions, ReadReport, TraceReader, pack};

/// A source of requests.
#[derive(Debug)]
pub(super) enum Intake {
    /// Bytes of a trace file, pushed in chunks.
    File(Box<File>),
    /// A built-in workload, made on demand.
    Workload(Box<Made>),
    /// Everything came at once.
    Packed,
}

/// A file as far as it was read.
#[derive(Debug)]
pub(super) struct File {
    options: ReadOptions,
    most_sessions: usize,
    /// None before the first bytes: a page that serves a workload never has one, and is spared its
    /// code.
    reader: Option<TraceReader>,
    /// Of no bytes.
    unread: ReadReport,
}

impl File {
    fn reader(&mut self) -> &mut TraceReader {
        self.reader.get_or_insert_with(|| {
            let mut reader = TraceReader::new(self.options.clone());
            reader.bound_sessions(self.most_sessions);
            reader
        })
    }
}

/// A workload as far as it was made.
#[derive(Debug)]
pub(super) struct Made {
    requests: u32,
    workload: Workload,
    interner: Interner,
    raw: RawRequest,
}

impl Intake {
    pub(super) fn file(options: ReadOptions) -> Self {
        let (reader, unread) = (None, ReadReport::default());
        Self::File(Box::new(File { options, most_sessions: 0, reader, unread }))
    }

    pub(super) fn workload(workload: Workload, log: &mut Log) -> Self {
        log.set_block_size(BLOCK_TOKENS);
        let (interner, raw) = (Interner::new(), RawRequest::default());
        Self::Workload(Box::new(Made { requests: 0, workload, interner, raw }))
    }

    pub(super) fn packed(bytes: &[u8]) -> Result<(Self, Log)> {
        Ok((Self::Packed, pack::unpack(bytes)?))
    }

    /// At most so many sessions are open at once: see [`TraceReader::bound_sessions`].
    pub(super) fn bound_sessions(&mut self, most: usize) {
        let Self::File(file) = self else { return };
        file.most_sessions = most;
        if let Some(reader) = &mut file.reader {
            reader.bound_sessions(most);
        }
    }

    /// Parses the next bytes of the file into `log`.
    pub(super) fn push(&mut self, bytes: &[u8], log: &mut Log) -> Result<()> {
        match self {
            Self::File(_) if log.is_ended() => {
                Err(Error::State("bytes after the end of the trace".to_owned()))
            }
            Self::File(file) => {
                file.reader().push(bytes, log);
                Ok(())
            }
            _ => Err(Error::State("this session reads no file".to_owned())),
        }
    }

    /// The file has ended. Calling it again changes nothing.
    pub(super) fn finish(&mut self, log: &mut Log) {
        if let Self::File(file) = self
            && !log.is_ended()
        {
            file.reader().finish(log);
            log.end();
        }
    }

    /// Nobody wants more of the file. Calling it again changes nothing.
    pub(super) fn finish_early(&mut self, log: &mut Log) {
        if let Self::File(file) = self
            && !log.is_ended()
        {
            file.reader().finish_early(log);
            log.end();
        }
    }

    /// Makes at most `requests` more requests of the workload; returns whether there are more.
    pub(super) fn make(&mut self, requests: u32, log: &mut Log) -> Result<bool> {
        let Self::Workload(made) = self else {
            return Err(Error::State("this session has no workload".to_owned()));
        };
        for _ in 0..requests {
            if !made.workload.next_into(&mut made.raw) {
                break;
            }
            made.interner.push_raw(&made.raw, made.requests, log);
            made.requests += 1;
        }
        let more = made.workload.remaining() > 0;
        if !more {
            log.end();
        }
        Ok(more)
    }

    /// Gives back the names of the blocks that are not in `kept`; see [`Interner::reclaim`].
    pub(super) fn reclaim(&mut self, kept: Kept) {
        match self {
            Self::File(file) => {
                if let Some(reader) = &mut file.reader {
                    reader.reclaim(kept);
                }
            }
            Self::Workload(made) => made.interner.reclaim(&kept),
            Self::Packed => {}
        }
    }

    /// Memory held by names and by what the next line needs, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        match self {
            Self::File(file) => file.reader.as_ref().map_or(0, TraceReader::memory_bytes),
            Self::Workload(made) => made.interner.memory_bytes(),
            Self::Packed => 0,
        }
    }

    pub(super) fn report(&self) -> Option<&ReadReport> {
        match self {
            Self::File(file) => {
                Some(file.reader.as_ref().map_or(&file.unread, TraceReader::report))
            }
            Self::Workload(_) | Self::Packed => None,
        }
    }
}
