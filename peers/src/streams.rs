//! The streams that caches are compared on: the conversation trace where it is on this machine,
//! every built-in workload, and the three streams that anybody can make from a few lines.

use crate::common::{self, PlainRequest, streams};
use kvscope::model::BlockId;
use kvscope::trace::synth;
use std::collections::HashSet;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// Tokens of a full block.
pub(crate) const BLOCK_SIZE: u64 = 512;

/// Capacities are these shares of a stream's distinct blocks: one block of so many.
const ONE_OF: [usize; 5] = [500, 100, 20, 5, 2];

/// One stream of requests.
pub(crate) struct Stream {
    pub(crate) name: String,
    pub(crate) requests: Vec<PlainRequest>,
    /// Capacities to compare at, smallest first.
    pub(crate) capacities: Vec<u32>,
}

impl Stream {
    fn new(name: String, requests: Vec<PlainRequest>) -> Self {
        let distinct: HashSet<_> = requests.iter().flat_map(|request| &request.blocks).collect();
        let share = |of: &usize| (distinct.len() / of) as u32;
        let mut capacities: Vec<u32> = ONE_OF.iter().map(share).filter(|c| 1 <= *c).collect();
        capacities.dedup();
        Self { name, requests, capacities }
    }

    /// All blocks, one after the other.
    pub(crate) fn blocks(&self) -> Vec<BlockId> {
        self.requests.iter().flat_map(|request| request.blocks.iter().copied()).collect()
    }
}

/// Every stream there is on this machine.
pub(crate) fn all(trace: Option<&Path>) -> Vec<Stream> {
    let mut all = Vec::new();
    if let Some(path) = trace {
        all.push(Stream::new("trace".to_owned(), common::read_requests(path)));
    }
    for row in synth::workloads() {
        all.push(Stream::new(row.id.to_owned(), common::workload_requests(row.id)));
    }
    let alone = |ids: Vec<u64>| ids.into_iter().map(|id| (BLOCK_SIZE, vec![id]));
    all.push(Stream::new("mix".to_owned(), common::name_blocks(alone(streams::mix()))));
    all.push(Stream::new("hot".to_owned(), common::name_blocks(alone(streams::hot()))));
    all.push(Stream::new("twigs".to_owned(), common::name_blocks(streams::twigs().into_iter())));
    all
}

/// Writes every stream for other programs: as libCacheSim's own format and as trace lines, and
/// a list of them with their lengths and capacities.
pub(crate) fn export(trace: Option<&Path>, folder: &Path) -> io::Result<()> {
    let mut list = File::create(folder.join("streams.tsv"))?;
    for stream in all(trace) {
        let blocks = stream.blocks();
        let create = |end| Ok::<_, io::Error>(BufWriter::new(File::create(folder.join(end))?));
        write_objects(&blocks, &mut create(format!("{}.bin", stream.name))?)?;
        let mut lines = create(format!("{}.jsonl", stream.name))?;
        for request in &stream.requests {
            let ids: Vec<String> = request.blocks.iter().map(|id| id.0.to_string()).collect();
            let (length, ids) = (request.input_length, ids.join(","));
            writeln!(lines, "{{\"input_length\":{length},\"hash_ids\":[{ids}]}}")?;
        }
        lines.flush()?;
        let capacities: Vec<String> = stream.capacities.iter().map(u32::to_string).collect();
        writeln!(list, "{}\t{}\t{}", stream.name, blocks.len(), capacities.join(","))?;
    }
    Ok(())
}

/// libCacheSim's `oracleGeneral`: time, object, size, number of the next use or −1.
fn write_objects(blocks: &[BlockId], out: &mut impl Write) -> io::Result<()> {
    let mut next_uses = vec![-1_i64; blocks.len()];
    let mut seen = std::collections::HashMap::new();
    for (at, block) in blocks.iter().enumerate().rev() {
        if let Some(next) = seen.insert(block, at) {
            next_uses[at] = next as i64;
        }
    }
    for ((time, block), next) in (1_u32..).zip(blocks).zip(next_uses) {
        out.write_all(&time.to_le_bytes())?;
        out.write_all(&u64::from(block.0 + 1).to_le_bytes())?;
        out.write_all(&1_u32.to_le_bytes())?;
        out.write_all(&next.to_le_bytes())?;
    }
    out.flush()
}
