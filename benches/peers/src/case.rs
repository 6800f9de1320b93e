//! What is measured, by name.
//!
//! - `cluster/ROUTER/NODES/everything|sums`: a simulated cluster, logical clock, LRU;
//! - `bare/ROUTER/NODES/pages|ring`: the bare loop on the same;
//! - `timed/ROUTER/NODES`: a simulated cluster under the timed clock;
//! - `cache/POLICY/conversation|zipf`: one cache;
//! - `crate/NAME/conversation|zipf`: a cache from crates.io (native only);
//! - `grid/six|three`: policies by capacities over one trace;
//! - `reader/SPELLING`, `serde_json/SPELLING`: the trace read from its lines, which are spelt as
//!   `reading` says (the latter native only).

use crate::bare::{Counts, Layout, Router, replay};
use crate::core::{Cache, Cluster, Grid, Observe, Setup};
use crate::reading;
use crate::streams::Streams;

/// Blocks of a node: 3 M tokens, as in Mooncake's figures.
const NODE_BLOCKS: u32 = 5859;
/// Blocks of a single cache: a quarter of the conversation trace's, a tenth of the other's.
const CONVERSATION_BLOCKS: u32 = 50_000;
const ZIPF_BLOCKS: u32 = 100_000;
/// Capacities of a grid.
const CAPACITIES: [u32; 7] = [1000, 3000, 5859, 10_000, 30_000, 50_000, 100_000];
/// Policies of a grid, each with its insertion discipline.
const SIX: [(&str, &str); 6] = [
    ("fifo", "flat"),
    ("lru", "flat"),
    ("lfu", "flat"),
    ("sieve", "flat"),
    ("s3fifo", "flat"),
    ("arc", "flat"),
];
/// Those of kvcache-simulator, as it has them.
const THREE: [(&str, &str); 3] = [("fifo", "flat"), ("lru", "tree"), ("optimal_tree", "tree")];

/// A case made ready: what runs now is what is measured.
pub struct Ready {
    /// Runs it, once; returns what it counted.
    pub run: Box<dyn FnMut() -> String>,
    /// References of the run; or requests, or bytes, where that is what is asked.
    pub work: usize,
    /// Cases of the same twin must count the same; empty where none can.
    pub twin: String,
}

/// Makes a case ready.
///
/// # Errors
/// If there is none of that name, or not in this version of kvscope.
pub fn prepare(name: &str, streams: &Streams) -> Result<Ready, String> {
    let parts: Vec<&str> = name.split('/').collect();
    match parts[..] {
        ["cluster", router, nodes, observed] => {
            let observe = match observed {
                "sums" => Observe::Sums,
                "everything" => Observe::Everything,
                _ => return Err(format!("{name}: {observed} is not sums or everything")),
            };
            let setup = Setup { router, observe, ..Setup::new(number(name, nodes)?, NODE_BLOCKS) };
            cluster(streams, &setup)
        }
        ["timed", router, nodes] => {
            let nodes = number(name, nodes)?;
            let setup = Setup { router, clock: "timed", ..Setup::new(nodes, NODE_BLOCKS) };
            Ok(Ready { work: streams.ten_times().requests(), ..cluster(streams, &setup)? })
        }
        ["bare", router, nodes, layout] => {
            let router = match router {
                "round_robin" => Router::RoundRobin,
                "cache_aware" => Router::CacheAware,
                _ => return Err(format!("{name}: the bare loop has no router {router}")),
            };
            let layout = match layout {
                "pages" => Layout::Pages,
                "ring" => Layout::Ring,
                _ => return Err(format!("{name}: the bare loop has no layout {layout}")),
            };
            bare(streams, number(name, nodes)?, router, layout)
        }
        ["cache", policy, stream] => cache(streams, policy, stream),
        #[cfg(not(target_arch = "wasm32"))]
        ["crate", peer, stream] => {
            let (stream, capacity) = stream_of(streams, stream)?;
            crate::crates::prepare(peer, parts[2], stream, capacity)
        }
        ["grid", which] => {
            let policies: &[_] = if which == "six" { &SIX } else { &THREE };
            let log = streams.once();
            let mut grid = Grid::new(&log, policies, &CAPACITIES)?;
            let run = Box::new(move || grid.run().to_string());
            let work = log.references() * policies.len() * CAPACITIES.len();
            Ok(Ready { run, work, twin: name.to_owned() })
        }
        [peer @ ("reader" | "serde_json"), spelling] => reading::prepare(peer, spelling, streams),
        _ => Err(format!("no case is called {name}")),
    }
}

fn number(name: &str, text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("{name}: {text} is not a number of nodes"))
}

fn cluster(streams: &Streams, setup: &Setup<'_>) -> Result<Ready, String> {
    let log = streams.ten_times();
    let mut cluster = Cluster::new(&log, setup)?;
    let run = Box::new(move || told(cluster.run()));
    let twin = format!("{} {} {}", setup.clock, setup.router, setup.nodes);
    Ok(Ready { run, work: log.references(), twin })
}

fn bare(streams: &Streams, nodes: usize, router: Router, layout: Layout) -> Result<Ready, String> {
    let requests = streams.ten_times_bare();
    let name = if router == Router::RoundRobin { "round_robin" } else { "cache_aware" };
    let (work, twin) = (requests.blocks.len(), format!("logical {name} {nodes}"));
    let run = move || told(replay(&requests, nodes, NODE_BLOCKS as usize, router, layout));
    Ok(Ready { run: Box::new(run), work, twin })
}

fn told(counts: Counts) -> String {
    let Counts { block_hits, prefix_hits, evictions, rewanted } = counts;
    format!("{block_hits} hits, {prefix_hits} prefix, {evictions} evicted, {rewanted} rewanted")
}

fn cache(streams: &Streams, policy: &str, name: &str) -> Result<Ready, String> {
    let (stream, capacity) = stream_of(streams, name)?;
    let mut cache = Cache::new(policy, capacity, &stream)?;
    let run = Box::new(move || format!("{} hits", cache.run()));
    Ok(Ready { run, work: stream.blocks.len(), twin: format!("{policy} {name}") })
}

type Stream = std::rc::Rc<crate::bare::Requests>;

/// The stream of that name, and the capacity of a cache for it.
fn stream_of(streams: &Streams, name: &str) -> Result<(Stream, u32), String> {
    match name {
        "conversation" => Ok((streams.ten_times_bare(), CONVERSATION_BLOCKS)),
        "zipf" => Ok((streams.zipf(), ZIPF_BLOCKS)),
        _ => Err(format!("no stream is called {name}")),
    }
}
