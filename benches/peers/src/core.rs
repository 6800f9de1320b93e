//! Every call of kvscope: the one module to change when its interface does.

use crate::bare::{Counts, Requests};
use kvscope::cache::{self, Lookup, Marks, NodeCache};
use kvscope::config::{Config, PolicyChoice};
use kvscope::evict::Build;
use kvscope::model::{BlockId, Request};
use kvscope::observe;
use kvscope::params::{ParamValue, Params};
use kvscope::rng::Stream;
use kvscope::session::Session;
use kvscope::sim::Lane;
use kvscope::trace::synth::{self, Workload};
use kvscope::trace::{self, RawRequest, ReadOptions, TraceReader, write_line};
use std::rc::Rc;

/// A trace, read once.
#[derive(Clone, Debug)]
pub struct Log {
    requests: Vec<Request>,
    blocks: Vec<BlockId>,
    ends: Vec<usize>,
    distinct: usize,
}

/// A reader whose requests are taken away as they come, as a lane does.
#[derive(Default)]
pub struct Reading {
    reader: TraceReader,
    log: trace::Log,
    next: u64,
    ids: u64,
}

impl Reading {
    /// Reads the next bytes.
    pub fn take(&mut self, bytes: &[u8]) {
        self.reader.push(bytes, &mut self.log);
        self.take_away();
    }

    fn take_away(&mut self) {
        while self.next < self.log.len() {
            self.ids += self.log.get(self.next).blocks.len() as u64;
            self.next += 1;
        }
        self.log.free_before(self.next);
    }

    /// Ends the trace; returns requests and ids.
    pub fn finish(mut self) -> (u64, u64) {
        self.reader.finish(&mut self.log);
        self.take_away();
        let report = self.reader.report();
        assert_eq!(report.bad_lines_total, 0, "bad lines: {:?}", report.bad_lines);
        (self.next, self.ids)
    }
}

/// The lines of a built-in workload at the length of the trace it stands for.
pub fn built_in(id: &str) -> Vec<u8> {
    let row = synth::find(id).expect("a built-in workload");
    let mut lines = Vec::new();
    for request in Workload::new(row, 1, row.default_requests) {
        write_line(&request, &mut lines);
    }
    lines
}

impl Log {
    /// Reads a whole trace.
    pub fn read(lines: &[u8]) -> Self {
        let (mut reader, mut read) = (TraceReader::new(ReadOptions::default()), trace::Log::new());
        reader.push(lines, &mut read);
        reader.finish(&mut read);
        let report = reader.report();
        assert_eq!(report.bad_lines_total, 0, "bad lines: {:?}", report.bad_lines);
        let mut log = Self { requests: vec![], blocks: vec![], ends: vec![], distinct: 0 };
        for found in read.iter() {
            log.requests.push(*found.request);
            log.blocks.extend_from_slice(found.blocks);
            log.ends.push(log.blocks.len());
        }
        log.distinct = log.blocks.iter().map(|block| block.index() + 1).max().unwrap_or(0);
        log
    }

    /// How many requests there are.
    pub fn requests(&self) -> usize {
        self.requests.len()
    }

    /// How many blocks they name.
    pub fn references(&self) -> usize {
        self.blocks.len()
    }

    /// The same trace so many times over, each time after the last.
    pub fn repeated(&self, times: usize) -> Self {
        let mut long = self.clone();
        for time in 1..times {
            let (later_s, offset) = (time as f64 * self.span_s(), long.blocks.len());
            let base = long.requests.len() as u32;
            long.requests.extend(self.requests.iter().map(|request| Request {
                index: base + request.index,
                arrival_s: request.arrival_s + later_s,
                ..*request
            }));
            long.blocks.extend_from_slice(&self.blocks);
            long.ends.extend(self.ends.iter().map(|end| offset + end));
        }
        long
    }

    /// Appends the trace as lines in which every block has a name of its own `copy`.
    pub fn renamed_lines(&self, copy: usize, out: &mut Vec<u8>) {
        let (first, later_s) = ((copy * self.distinct) as u64, copy as f64 * self.span_s());
        let mut start = 0;
        for (request, &end) in self.requests.iter().zip(&self.ends) {
            let names = self.blocks[start..end].iter().map(|block| first + u64::from(block.0));
            let raw = RawRequest {
                timestamp_ms: ((request.arrival_s + later_s) * 1e3) as u64,
                input_tokens: request.input_tokens,
                output_tokens: request.output_tokens,
                hash_ids: names.collect(),
            };
            write_line(&raw, out);
            start = end;
        }
    }

    /// Its blocks alone.
    pub fn bare(&self) -> Requests {
        Requests {
            blocks: self.blocks.iter().map(|block| block.0).collect(),
            ends: self.ends.iter().map(|&end| end as u32).collect(),
            distinct: self.distinct,
        }
    }

    /// What the trace takes to arrive, in whole seconds, so that copies follow one another.
    fn span_s(&self) -> f64 {
        self.requests.last().map_or(0.0, |request| request.arrival_s.ceil() + 1.0)
    }

    /// As lanes read it.
    fn shared(&self) -> Rc<trace::Log> {
        let (mut log, mut start) = (trace::Log::new(), 0);
        for (request, &end) in self.requests.iter().zip(&self.ends) {
            log.push(*request, &self.blocks[start..end]);
            start = end;
        }
        log.end();
        log.look_ahead().expect("the whole trace is held");
        Rc::new(log)
    }
}

/// What a run observes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observe {
    /// Sums, and nothing that is told by window, over time or by decision.
    Sums,
    /// All that the page shows.
    Everything,
}

/// A cluster to be simulated; LRU and the flat discipline unless told otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Setup<'a> {
    /// Picks the node.
    pub router: &'a str,
    /// `logical` or `timed`.
    pub clock: &'a str,
    /// Picks the block to drop.
    pub eviction: &'a str,
    /// `flat` or `tree`.
    pub insertion: &'a str,
    /// How many nodes.
    pub nodes: usize,
    /// Blocks of a node.
    pub capacity: u32,
    /// What is observed.
    pub observe: Observe,
}

impl Setup<'_> {
    /// Round robin over `nodes` nodes, everything observed.
    pub fn new(nodes: usize, capacity: u32) -> Self {
        Self {
            router: "round_robin",
            clock: "logical",
            eviction: "lru",
            insertion: "flat",
            nodes,
            capacity,
            observe: Observe::Everything,
        }
    }

    fn config(&self) -> Config {
        Config::new(self.nodes, self.capacity)
            .router(PolicyChoice::new(self.router))
            .eviction(PolicyChoice::new(self.eviction))
            .clock(PolicyChoice::new(self.clock))
            .with("insertion", ParamValue::Text(self.insertion.to_owned()))
    }

    fn lane(&self) -> Result<Lane, String> {
        let observe = match self.observe {
            Observe::Sums => observe::Observe::Sums,
            Observe::Everything => observe::Observe::All,
        };
        let resolved = self.config().check().and_then(|checked| checked.with_block_size(None));
        Ok(Lane::of(resolved.map_err(|error| error.to_string())?, observe))
    }
}

/// A simulated cluster with its requests before it.
pub struct Cluster {
    lane: Lane,
    log: Rc<trace::Log>,
}

impl Cluster {
    /// All of `log`, ready to be served.
    ///
    /// # Errors
    /// If this version of kvscope has no such run.
    pub fn new(log: &Log, setup: &Setup<'_>) -> Result<Self, String> {
        Ok(Self { lane: setup.lane()?, log: log.shared() })
    }

    /// Serves all of it.
    pub fn run(&mut self) -> Counts {
        self.lane.run(&self.log).expect("the trace is held whole");
        let sums = self.lane.metrics().sums();
        Counts {
            block_hits: sums.block_hits,
            prefix_hits: sums.prefix_hits,
            evictions: sums.evictions,
            rewanted: sums.rewanted,
        }
    }
}

/// A cluster that is fed lines, as a command line or a page feeds it.
pub struct Fed(Session);

impl Fed {
    /// A cluster before its first line.
    ///
    /// # Errors
    /// If this version of kvscope has no such run.
    pub fn new(setup: &Setup<'_>) -> Result<Self, String> {
        Session::read(&[setup.config()]).map(Self).map_err(|error| error.to_string())
    }

    /// Reads whole lines and serves what they ask for.
    pub fn feed(&mut self, lines: &[u8]) {
        self.0.push(lines).expect("a part of the trace");
        self.0.run().expect("no configuration here needs the future");
    }

    /// Distinct blocks so far.
    pub fn distinct(&self) -> u64 {
        self.0.lanes()[0].distinct_blocks()
    }
}

/// One cache, with a stream of requests before it.
pub struct Cache {
    cache: Box<dyn NodeCache>,
    blocks: Vec<BlockId>,
    ends: Vec<u32>,
    /// Whether numbers rise along every request.
    rises: bool,
}

impl Cache {
    /// An empty cache of `capacity` blocks under the flat discipline.
    ///
    /// # Errors
    /// If this version of kvscope has no such policy.
    pub fn new(policy: &str, capacity: u32, stream: &Requests) -> Result<Self, String> {
        let row = cache::find(policy).ok_or_else(|| format!("no policy is called {policy}"))?;
        let constructor = row.flat.ok_or_else(|| format!("{policy} has no flat discipline"))?;
        let params = Params::defaults(row.policy.params);
        let stream_of = Stream::new(1, row.policy.id, 0);
        let (nodes, block_size) = (1, 512);
        let build =
            Build { params: &params, nodes, joining: 0, capacity, block_size, stream: stream_of };
        let blocks: Vec<BlockId> = stream.blocks.iter().map(|&block| BlockId(block)).collect();
        let starts = [0].into_iter().chain(stream.ends.iter().copied());
        let rises = starts.zip(&stream.ends).all(|(start, &end)| {
            blocks[start as usize..end as usize].is_sorted_by(|one, next| one < next)
        });
        let mut cache = constructor(build);
        cache.stand_alone();
        Ok(Self { cache, blocks, ends: stream.ends.clone(), rises })
    }

    /// Serves the stream; returns how many blocks were found.
    pub fn run(&mut self) -> u64 {
        let (mut hits, mut start) = (0, 0);
        for &end in &self.ends {
            let blocks = &self.blocks[start..end as usize];
            start = end as usize;
            let lookup = Lookup { blocks, next_use: &[], rises: self.rises };
            let served = self.cache.serve(&lookup, &mut Marks::nobody());
            hits += u64::from(served.hits);
        }
        hits
    }
}

/// Single caches of every policy and capacity, one after the other: what a sweep does, which makes
/// each when its turn comes.
pub struct Grid {
    cells: Vec<Config>,
    log: Rc<trace::Log>,
}

impl Grid {
    /// (eviction, insertion) by capacity.
    ///
    /// # Errors
    /// If this version of kvscope has no such run.
    pub fn new(log: &Log, policies: &[(&str, &str)], capacities: &[u32]) -> Result<Self, String> {
        let setups = setups(policies, capacities);
        setups.iter().try_for_each(|setup| setup.lane().map(drop))?;
        Ok(Self { cells: setups.iter().map(Setup::config).collect(), log: log.shared() })
    }

    /// Runs every cell; returns the prefix hits of all.
    pub fn run(&mut self) -> u64 {
        let cell = |config: &Config| {
            let resolved = config.check().and_then(|checked| checked.with_block_size(None));
            let mut lane = Lane::of(resolved.expect("checked before"), observe::Observe::Sums);
            lane.run(&self.log).expect("the trace is held whole");
            lane.metrics().sums().prefix_hits
        };
        self.cells.iter().map(cell).sum()
    }
}

fn setups<'a>(policies: &[(&'a str, &'a str)], capacities: &[u32]) -> Vec<Setup<'a>> {
    let cells = policies.iter().flat_map(|policy| capacities.iter().map(move |at| (policy, at)));
    let cell = |(&(eviction, insertion), &capacity): (&(&'a str, &'a str), &u32)| {
        let observe = Observe::Sums;
        Setup { eviction, insertion, observe, ..Setup::new(1, capacity) }
    };
    cells.map(cell).collect()
}
