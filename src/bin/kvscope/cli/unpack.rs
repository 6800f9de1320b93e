//! zstd data of any number of frames, unpacked as it is read.

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use std::io::{self, BufRead, Read};

/// How much is unpacked at once, so that memory does not depend on the file.
const STEP: usize = 1 << 20;

/// Unpacks what `source` holds, frame after frame; frames that hold no data are passed over.
pub(crate) struct Unzstd<R: BufRead> {
    source: R,
    decoder: FrameDecoder,
    in_frame: bool,
}

impl<R: BufRead> Unzstd<R> {
    pub(crate) fn new(source: R) -> Self {
        Self { source, decoder: FrameDecoder::new(), in_frame: false }
    }

    /// Enters the next frame; returns whether there is one.
    fn enter(&mut self) -> io::Result<bool> {
        while !self.in_frame {
            if self.source.fill_buf()?.is_empty() {
                return Ok(false);
            }
            match self.decoder.reset(&mut self.source) {
                Ok(()) => self.in_frame = true,
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => {
                    let mut skipped = self.source.by_ref().take(u64::from(length));
                    io::copy(&mut skipped, &mut io::sink())?;
                }
                Err(error) => return Err(broken(&error)),
            }
        }
        Ok(true)
    }
}

impl<R: BufRead> Read for Unzstd<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.enter()? {
            if self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let step = BlockDecodingStrategy::UptoBytes(STEP);
                let decoded = self.decoder.decode_blocks(&mut self.source, step);
                decoded.map_err(|error| broken(&error))?;
            }
            let read = self.decoder.read(into)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            self.in_frame = !self.decoder.is_finished();
        }
        Ok(0)
    }
}

fn broken(error: &FrameDecoderError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the zstd data is broken: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// "ab" and "c" in frames of one raw block each, a frame without data between them.
    const FRAMES: &[u8] = b"\x28\xb5\x2f\xfd\x20\x02\x11\x00\x00ab\
        \x50\x2a\x4d\x18\x03\x00\x00\x00xyz\
        \x28\xb5\x2f\xfd\x20\x01\x09\x00\x00c";

    #[test]
    fn frames_are_joined_and_those_without_data_passed_over() {
        let mut text = String::new();
        Unzstd::new(FRAMES).read_to_string(&mut text).expect("the data is whole");
        assert_eq!(text, "abc");
        let cut = &FRAMES[..FRAMES.len() - 1];
        assert!(Unzstd::new(cut).read_to_string(&mut String::new()).is_err());
        assert!(Unzstd::new(&b"nothing of the kind"[..]).read(&mut [0; 9]).is_err());
        assert_eq!(Unzstd::new(&b""[..]).read(&mut [0; 9]).expect("no data"), 0);
    }
}
