//! Routers held to gateways that ran, request by request: which worker each request went to.

use crate::common::gateway::{self, Asked, Homes, Run};
use crate::report::Row;
use crate::streams;
use serde_json::json;
use std::path::Path;

/// One run of a gateway, as `python/gateways.py` printed it.
struct Printed<'a> {
    stream: &'a str,
    policy: &'a str,
    workers: usize,
    held: usize,
    /// The worker of every request, in the order in which they were started.
    started: Vec<usize>,
}

impl<'a> Printed<'a> {
    fn read(line: &'a str) -> Self {
        let fields: Vec<&str> = line.split('\t').collect();
        let [stream, policy, workers, held, picks] = fields[..] else {
            panic!("five fields: {line}")
        };
        let number_of = |digit: char| digit.to_digit(10).expect("a worker's number") as usize;
        let started = picks.chars().map(number_of).collect();
        let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("a number: {line}"));
        Self { stream, policy, workers: number(workers), held: number(held), started }
    }

    /// The worker of every request, in an order that our router can be asked in.
    fn picks(&self, compare: Compare) -> Vec<usize> {
        // Where a prefix is at home depends on which worker is which, the same in all runs.
        if compare == Compare::Home {
            return self.started.clone();
        }
        // Gateways register workers in no order: the first is the one that got a request first.
        let mut order: Vec<usize> = Vec::new();
        let mut named = |&worker: &usize| {
            let known = order.iter().position(|&other| other == worker);
            known.unwrap_or_else(|| {
                order.push(worker);
                order.len() - 1
            })
        };
        self.started.iter().map(&mut named).collect()
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

/// Tokens of the four blocks of a prompt that the gateway was told to go by.
const LEAD: f64 = 4.0 * 512.0;

const HOME: Held = Held {
    router: "prefix_hash_bounded",
    params: &[("tokens", LEAD), ("abs", 10.0)],
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
    let (mut rows, mut homes) = (Vec::<Row>::new(), Homes::default());
    for printed in counted.lines().map(Printed::read) {
        let Some(held) = held_to(package, printed.policy) else { continue };
        if !wanted.is_empty() && !wanted.contains(&printed.policy) {
            continue;
        }
        let stream = streams.iter().find(|stream| stream.name == printed.stream);
        let stream = stream.unwrap_or_else(|| panic!("no stream is called {}", printed.stream));
        let at = rows.iter().position(|row| row.name == printed.policy).unwrap_or_else(|| {
            rows.push(Row::new(printed.policy, format!("`{}`: {}", held.router, held.note)));
            rows.len() - 1
        });
        let run = Run {
            stream: printed.stream,
            workers: printed.workers,
            held: printed.held,
            picks: printed.picks(held.compare),
            router: held.router,
            params: held.params.to_vec(),
        };
        gateway::walk(&run, &stream.requests, |asked| {
            compare(&run, held.compare, asked, &mut homes, &mut rows[at]);
        });
    }
    rows
}

/// Counts one request of a run.
fn compare<'a>(
    run: &Run<'a>,
    compare: Compare,
    asked: &mut Asked<'_>,
    homes: &mut Homes<'a>,
    row: &mut Row,
) {
    let pick = asked.pick;
    let (is_equal, is_explained) = match compare {
        Compare::Same => {
            let decided = asked.decide();
            let best = asked.seat.matched.iter().max();
            let tied = asked.seat.matched.get(pick) == best && decided.minima.contains(&pick);
            (decided.decision.node as usize == pick, tied && best > Some(&0))
        }
        Compare::Cheapest => (asked.is_among_cheapest(), false),
        Compare::Home => (asked.is_among_cheapest_at(homes.of(run, asked)), false),
        Compare::NotWorst | Compare::Unreported => {
            let queues = &asked.seat.signals.unfinished;
            let most = queues.iter().max().copied();
            let worst = queues.iter().filter(|&&queue| Some(queue) == most).count() == 1;
            let took_worst = worst && Some(queues[pick]) == most;
            (!took_worst, compare == Compare::Unreported)
        }
    };
    if !is_equal && is_explained {
        row.explained += 1;
        return;
    }
    row.count(is_equal, || {
        let (minima, queues) = (asked.decide().minima, &asked.seat.signals.unfinished);
        let at = format!("{} held {}, request {}", run.stream, run.held, asked.number);
        format!("{at}: {pick}, ours {minima:?} of {queues:?}")
    });
}

/// JSON of the runs on built-in workloads, which every clone can make.
pub(crate) fn record(package: &str, version: &str, counted: &str) -> String {
    let runs = counted.lines().map(Printed::read).filter(|run| run.stream != "trace");
    let line = |run: Printed<'_>| {
        let held = held_to(package, run.policy)?;
        if matches!(held.compare, Compare::NotWorst | Compare::Unreported) {
            return None;
        }
        let picks = run.picks(held.compare);
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
