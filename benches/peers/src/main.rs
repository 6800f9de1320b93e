//! Runs cases natively: `kvscope-peers run [--trace FILE] CASE…`, and makes what other programs
//! need. One line a case: name, seconds of processor time, work, twin, what was counted.

use kvscope_peers::bare::Requests;
use kvscope_peers::case;
use kvscope_peers::core::{Fed, Setup};
use kvscope_peers::streams::Streams;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::LazyLock;
use std::time::Instant;

const USAGE: &str = "usage:
  kvscope-peers run [--trace FILE] CASE...          measures cases
  kvscope-peers memory [--trace FILE] NODES...      measures bytes of a distinct block
  kvscope-peers export [--trace FILE] WHAT FILE     writes a stream for other programs:
      trace               the trace, as it is or as the built-in workload makes it
      copies:BYTES        copies of it under new names, at most so many bytes
      conversation, zipf  a stream of objects in libCacheSim's own format";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), String> {
    let mut rest: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut lines = None;
    if let Some(at) = rest.iter().position(|&argument| argument == "--trace") {
        let path = *rest.get(at + 1).ok_or("--trace names no file")?;
        lines = Some(std::fs::read(path).map_err(|error| format!("{path}: {error}"))?);
        rest.drain(at..at + 2);
    }
    let streams = Streams::new(lines);
    match rest[..] {
        ["run", ref cases @ ..] => cases.iter().try_for_each(|name| measure(name, &streams)),
        ["memory", ref nodes @ ..] => nodes.iter().try_for_each(|nodes| memory(nodes, &streams)),
        ["export", what, path] => {
            export(what, Path::new(path), &streams).map_err(|error| format!("{path}: {error}"))
        }
        _ => Err(USAGE.to_owned()),
    }
}

fn measure(name: &str, streams: &Streams) -> Result<(), String> {
    match case::prepare(name, streams) {
        Ok(mut ready) => {
            let start = busy_s();
            let counted = (ready.run)();
            let seconds = busy_s() - start;
            println!("{name}\t{seconds}\t{}\t{}\t{counted}", ready.work, ready.twin);
        }
        Err(reason) => println!("{name}\tnone\t{reason}"),
    }
    io::stdout().flush().map_err(|error| error.to_string())
}

/// Seconds this thread has computed, where Linux tells it: other work on the machine then does
/// not count. Elsewhere, seconds on the wall.
fn busy_s() -> f64 {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    // Yielding brings the system's account up to date.
    std::thread::yield_now();
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| START.elapsed().as_secs_f64(), |nanoseconds| nanoseconds * 1e-9)
}

/// Blocks of a node while memory is measured: few, so that the caches are soon full.
const MEMORY_BLOCKS: u32 = 1000;

/// Copies of the trace under new names are fed until there are so many distinct blocks, then as
/// many again: what memory grew by in between is theirs, and not the caches'.
fn memory(nodes: &str, streams: &Streams) -> Result<(), String> {
    let count: usize = nodes.parse().map_err(|_| format!("{nodes} is not a number of nodes"))?;
    let half: u64 = if count > 256 { 3_000_000 } else { 12_000_000 };
    let (log, mut fed) = (streams.once(), Fed::new(&Setup::new(count, MEMORY_BLOCKS))?);
    let (mut lines, mut copy) = (Vec::new(), 0);
    let mut marks = [(0, 0); 2];
    for (mark, blocks) in marks.iter_mut().zip([half, 2 * half]) {
        while fed.distinct() < blocks {
            lines.clear();
            log.renamed_lines(copy, &mut lines);
            fed.feed(&lines);
            copy += 1;
        }
        let Some(bytes) = resident_bytes() else {
            println!("memory/{nodes}\tnone\tthis system does not tell what memory is in use");
            return Ok(());
        };
        *mark = (fed.distinct(), bytes);
    }
    let [before, after] = marks;
    let bytes = after.1.saturating_sub(before.1) as f64 / (after.0 - before.0) as f64;
    println!("memory/{nodes}\t{bytes}\t1\tmemory {nodes}\t{} blocks", after.0);
    Ok(())
}

/// Memory of this process that is in use and no file's.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"))?;
    Some(line.trim().strip_suffix(" kB")?.parse::<u64>().ok()? * 1024)
}

fn export(what: &str, path: &Path, streams: &Streams) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    match what {
        "trace" => out.write_all(streams.lines())?,
        "conversation" => write_objects(&streams.ten_times_bare(), &mut out)?,
        "zipf" => write_objects(&streams.zipf(), &mut out)?,
        _ => {
            let most = what.strip_prefix("copies:").and_then(|bytes| bytes.parse().ok());
            let most: usize = most.ok_or_else(|| io::Error::other(USAGE))?;
            let (log, mut lines, mut written) = (streams.once(), Vec::new(), 0);
            for copy in 0.. {
                lines.clear();
                log.renamed_lines(copy, &mut lines);
                written += lines.len();
                if most < written {
                    break;
                }
                out.write_all(&lines)?;
            }
        }
    }
    out.flush()
}

/// libCacheSim's `oracleGeneral`: time, object, size, number of the next use (not told here).
fn write_objects(stream: &Requests, out: &mut impl Write) -> io::Result<()> {
    for (time, &block) in (1_u32..).zip(&stream.blocks) {
        out.write_all(&time.to_le_bytes())?;
        out.write_all(&u64::from(block + 1).to_le_bytes())?;
        out.write_all(&1_u32.to_le_bytes())?;
        out.write_all(&(-1_i64).to_le_bytes())?;
    }
    Ok(())
}
