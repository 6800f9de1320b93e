//! Routers held to gateways that ran, request by request: which worker each request went to.
//!
//! Every decision is asked of our router in the state that the gateway's own picks have led to:
//! prefixes are where it sent them, nothing is ever dropped, and so many requests are held.

use crate::common::seat::{Seat, send};
use crate::report::Row;
use crate::streams;
use kvscope::columns::Ledger;
use kvscope::model::{BlockId, NodeId};
use kvscope::params::ParamValue;
use serde_json::json;
use std::collections::{BTreeMap, VecDeque};
use std::path::Path;

/// Tokens of a block, which is one character of a prompt.
const BLOCK_SIZE: u32 = 512;

/// How often a router that draws is asked: of two best matches one may spill and the other not.
const DRAWS: usize = 32;

/// One run of a gateway, as `python/gateways.py` printed it.
struct Run<'a> {
    stream: &'a str,
    policy: &'a str,
    workers: usize,
    held: usize,
    /// The worker of every request, in the order in which workers first got one.
    picks: Vec<usize>,
    /// The same, in the order in which they were started.
    started: Vec<usize>,
}

impl<'a> Run<'a> {
    fn read(line: &'a str) -> Self {
        let fields: Vec<&str> = line.split('\t').collect();
        let [stream, policy, workers, held, picks] = fields[..] else {
            panic!("five fields: {line}")
        };
        let mut order: Vec<char> = Vec::new();
        let mut named = |digit: char| {
            let known = order.iter().position(|&other| other == digit);
            known.unwrap_or_else(|| {
                order.push(digit);
                order.len() - 1
            })
        };
        let number_of = |digit: char| digit.to_digit(10).expect("a worker's number") as usize;
        let started = picks.chars().map(number_of).collect();
        let picks = picks.chars().map(&mut named).collect();
        let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("a number: {line}"));
        Self { stream, policy, workers: number(workers), held: number(held), picks, started }
    }
}

/// Our router for a policy of a gateway, set as the gateway is by default, and what is known of
/// how they differ.
struct Held {
    router: &'static str,
    params: &'static [(&'static str, f64)],
    note: &'static str,
    compare: Compare,
}

/// How a pick is compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Compare {
    /// It is ours.
    Same,
    /// It is one of those that may cost least: ties are drawn.
    Cheapest,
    /// It is not the one node most loaded.
    NotWorst,
    /// The same; but it goes by what workers report, which here is nothing.
    Unreported,
    /// It is the worker where the prefix is at home, which is another one on our ring, or else one
    /// of those least loaded.
    Home,
}

const NEVER_THE_WORST: &str =
    "two are drawn, so that all that can be seen is that the one most loaded is never taken";
const TAKES_ANY: &str = "two are drawn, and it goes by the tokens that workers report, not by the \
                         requests it sent: the stubs report none, so that the one most loaded is \
                         taken as often as any; where they report some it never is \
                         (peers/python/reported.py)";

const SPILL: Held = Held {
    router: "sglang_spill",
    params: &[("cache_threshold", 0.3), ("abs", 64.0), ("rel", 1.5)],
    note: "ties are drawn: its pick is among our cheapest",
    compare: Compare::Cheapest,
};

/// Blocks of a prompt that the gateway was told to go by.
const LEAD: usize = 4;

const HOME: Held = Held {
    router: "prefix_hash_bounded",
    params: &[("tokens", (LEAD as u32 * BLOCK_SIZE) as f64), ("abs", 10.0)],
    note: "home where ours is at home, a loaded home's request to one of the least loaded; where \
           a prefix is at home is its own ring's matter, seen in the run that holds one request; \
           its key is what the caller sends, since over HTTP it takes neither text nor tokens",
    compare: Compare::Home,
};

fn held_to(package: &str, policy: &str) -> Option<Held> {
    let aware = Held {
        router: "sglang_cache_aware",
        params: &[("cache_threshold", 0.3), ("abs", 64.0), ("rel", 1.5)],
        note: "the very worker; differences are among workers with the same best match, which \
               its tree keeps in an order of its own",
        compare: Compare::Same,
    };
    match (package, policy) {
        (_, "round_robin") => Some(Held {
            router: "round_robin",
            params: &[],
            note: "the very worker, in the order in which workers were registered",
            compare: Compare::Same,
        }),
        ("sglang-router" | "vllm-router", "cache_aware") => Some(aware),
        ("smg", "cache_aware") => Some(SPILL),
        ("smg", "prefix_hash") => Some(HOME),
        ("sglang-router", "power_of_two") => Some(Held {
            router: "power_of_two",
            params: &[],
            note: TAKES_ANY,
            compare: Compare::Unreported,
        }),
        (_, "power_of_two") => Some(Held {
            router: "power_of_two",
            params: &[],
            note: NEVER_THE_WORST,
            compare: Compare::NotWorst,
        }),
        _ => None,
    }
}

/// Compares what `python/gateways.py PACKAGE` printed.
pub(crate) fn rows(
    trace: Option<&Path>,
    package: &str,
    counted: &str,
    wanted: &[&str],
) -> Vec<Row> {
    let streams = streams::all(trace);
    let (mut rows, mut homes) = (Vec::<Row>::new(), Homes::new());
    for run in counted.lines().map(Run::read) {
        let Some(held) = held_to(package, run.policy) else { continue };
        if !wanted.is_empty() && !wanted.contains(&run.policy) {
            continue;
        }
        let stream = streams.iter().find(|stream| stream.name == run.stream);
        let stream = stream.unwrap_or_else(|| panic!("no stream is called {}", run.stream));
        let at = rows.iter().position(|row| row.name == run.policy).unwrap_or_else(|| {
            rows.push(Row::new(run.policy, format!("`{}`: {}", held.router, held.note)));
            rows.len() - 1
        });
        let requests: Vec<&[BlockId]> =
            stream.requests.iter().map(|request| request.blocks.as_slice()).collect();
        if held.compare == Compare::Home {
            compare_homes(&run, &held, &requests, &mut homes, &mut rows[at]);
        } else {
            compare(&run, &held, &requests, &mut rows[at]);
        }
    }
    rows
}

/// Where prefixes are at home, by the stream and their last block.
type Homes<'a> = BTreeMap<(&'a str, BlockId), usize>;

/// A run that holds one request shows where a prefix is at home. In any other the two nodes that
/// are home, theirs and ours, change places, and then the decision has to be the same.
fn compare_homes<'a>(
    run: &Run<'a>,
    held: &Held,
    requests: &[&[BlockId]],
    homes: &mut Homes<'a>,
    row: &mut Row,
) {
    let mut seat = Seat::new(run.workers, BLOCK_SIZE);
    let given: Vec<_> =
        held.params.iter().map(|&(name, value)| (name, ParamValue::Number(value))).collect();
    let mut router = seat.router(held.router, &given);
    let mut unfinished = VecDeque::new();
    for (number, (&blocks, &pick)) in requests.iter().zip(&run.started).enumerate() {
        let lead = blocks[..blocks.len().min(LEAD)].last().expect("a request has blocks");
        let home = *homes.entry((run.stream, *lead)).or_insert(pick);
        let tokens = blocks.len() as u32 * BLOCK_SIZE;
        let queues = seat.signals.unfinished.clone();
        seat.signals.unfinished.fill(0);
        let ours = seat.decide(&mut *router, tokens, blocks).decision.node as usize;
        seat.signals.unfinished.copy_from_slice(&queues);
        seat.signals.unfinished.swap(ours, home);
        let minima = seat.decide(&mut *router, tokens, blocks).minima;
        let swapped = if pick == home {
            ours
        } else if pick == ours {
            home
        } else {
            pick
        };
        row.count(minima.contains(&swapped), || {
            let at = format!("{} held {}, request {number}", run.stream, run.held);
            format!("{at}: {pick}, home {home}, of {queues:?}")
        });
        seat.signals.unfinished.copy_from_slice(&queues);
        seat.signals.unfinished[pick] += 1;
        unfinished.push_back(pick);
        if run.held <= unfinished.len() {
            let released = unfinished.pop_front().expect("it holds some");
            seat.signals.unfinished[released] -= 1;
        }
    }
}

fn compare(run: &Run<'_>, held: &Held, requests: &[&[BlockId]], row: &mut Row) {
    let mut seat = Seat::new(run.workers, BLOCK_SIZE);
    let given: Vec<_> =
        held.params.iter().map(|&(name, value)| (name, ParamValue::Number(value))).collect();
    let mut router = seat.router(held.router, &given);
    let (mut sent, mut unfinished) = (Ledger::new(run.workers), VecDeque::new());
    for (number, (&blocks, &pick)) in requests.iter().zip(&run.picks).enumerate() {
        sent.prefix_matches(blocks, &mut seat.matched);
        let tokens = blocks.len() as u32 * BLOCK_SIZE;
        let decided = seat.decide(&mut *router, tokens, blocks);
        let queues = &seat.signals.unfinished;
        let (is_equal, is_explained) = match held.compare {
            Compare::Same => {
                let best = seat.matched.iter().max();
                let tied = seat.matched.get(pick) == best && decided.minima.contains(&pick);
                (decided.decision.node as usize == pick, tied && best > Some(&0))
            }
            Compare::Cheapest => {
                let mut decide = || seat.decide(&mut *router, tokens, blocks);
                let found = decided.minima.contains(&pick)
                    || (0..DRAWS).any(|_| decide().minima.contains(&pick));
                (found, false)
            }
            Compare::NotWorst | Compare::Unreported | Compare::Home => {
                let most = queues.iter().max().copied();
                let worst = queues.iter().filter(|&&queue| Some(queue) == most).count() == 1;
                let took_worst = worst && Some(queues[pick]) == most;
                (!took_worst, held.compare == Compare::Unreported)
            }
        };
        if !is_equal && is_explained {
            row.explained += 1;
        } else {
            row.count(is_equal, || {
                let at = format!("{} held {}, request {number}", run.stream, run.held);
                format!("{at}: {pick}, ours {:?} of {queues:?}", decided.minima)
            });
        }
        send(&mut sent, blocks, NodeId::from_index(pick));
        seat.signals.assigned[pick] += 1;
        seat.signals.unfinished[pick] += 1;
        seat.decisions += 1;
        unfinished.push_back(pick);
        if run.held <= unfinished.len() {
            let released = unfinished.pop_front().expect("it holds some");
            seat.signals.unfinished[released] -= 1;
        }
    }
}

/// JSON of the runs on built-in workloads, which every clone can make.
pub(crate) fn record(package: &str, version: &str, counted: &str) -> String {
    let runs = counted.lines().map(Run::read).filter(|run| run.stream != "trace");
    let line = |run: Run<'_>| {
        let held = held_to(package, run.policy)?;
        let picks = match held.compare {
            Compare::NotWorst | Compare::Unreported => return None,
            // Where a prefix is at home depends on which worker is which, the same in all runs.
            Compare::Home => &run.started,
            Compare::Same | Compare::Cheapest => &run.picks,
        };
        let picks: String = picks.iter().map(|pick| pick.to_string()).collect();
        let params: serde_json::Map<_, _> =
            held.params.iter().map(|&(name, value)| (name.to_owned(), json!(value))).collect();
        let line = json!({
            "workload": run.stream, "policy": run.policy, "workers": run.workers,
            "held": run.held, "router": held.router, "params": params, "picks": picks,
        });
        Some(format!("    {line}"))
    };
    let lines: Vec<String> = runs.filter_map(line).collect();
    format!(
        "{{\n  \"made_by\": \"cargo xtask peers --record {package}\",\n  \
         \"peer\": \"{package} {version}\",\n  \"runs\": [\n{}\n  ]\n}}\n",
        lines.join(",\n")
    )
}
