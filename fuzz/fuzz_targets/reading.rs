//! Reading bytes in chunks, as every target does it.

use kvscope::model::{Request, Wait};
use kvscope::trace::{Log, ReadOptions, ReadReport, TraceReader};

/// A request with its blocks, where they end, and what it waits for.
pub type Read = (Request, Vec<u32>, Vec<u32>, Vec<Wait>);

/// What the reader makes of `bytes` in chunks of `chunk`.
pub fn read(bytes: &[u8], chunk: usize) -> (Vec<Read>, ReadReport) {
    let options = ReadOptions { max_line_bytes: 4_096, ..ReadOptions::default() };
    let mut reader = TraceReader::new(options);
    let mut log = Log::new();
    for chunk in bytes.chunks(chunk) {
        reader.push(chunk, &mut log);
    }
    reader.finish(&mut log);
    reader.interner().validate();
    let all = log.iter().map(|found| {
        let blocks = found.blocks.iter().map(|block| block.0).collect();
        assert!(found.waits.iter().all(|wait| wait.after < found.request.index));
        (*found.request, blocks, found.token_ends.to_vec(), found.waits.to_vec())
    });
    (all.collect(), reader.report().clone())
}
