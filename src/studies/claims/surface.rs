//! Claim 9: the time to first token as a function of α and β.
//!
//! The notes write that "FFTF (first-fit time to fill) is a function of the balance of α and β";
//! no paper has that term, and it is read here as the time to first token that a pair ends in.
//! The score is linear in both, so runs can only differ by the ratio of the two: where they do
//! not differ by anything else it is a function of the balance, as claimed.
//! Measured under the timed clock over a grid of pairs, with the unfinished requests of a node
//! as its load; the notes' pair is (0.6, 0.8).

use super::{SOURCE, WORKLOAD, fact, largest_work, text, token_hits};
use crate::config::{Config, PolicyChoice};
use crate::params::ParamValue;
use crate::sim::Summary;
use crate::studies::table::columns;
use crate::studies::{
    About, Cell, Findings, Holds, Kind, Opening, Row, Study, StudyRow, Table, Unit, Verdict,
};

/// Weights of the matched share.
const ALPHAS: [f64; 4] = [0.3, 0.6, 1.2, 2.4];
/// Weights of the load.
const BETAS: [f64; 4] = [0.2, 0.4, 0.8, 1.6];
/// The notes' pair.
const NOTED: (f64, f64) = (0.6, 0.8);
const NODES: usize = 16;
const CAPACITY: u32 = 5859;
/// What the mean must change by over the surface to depend on the pair: a twentieth.
const DEPENDS: f64 = 0.05;

/// What menus and help say.
pub const ABOUT: About = About {
    id: "claim_surface",
    kind: Kind::Claim,
    title: "Claim 9: TTFT over α and β",
    summary: "The time to first token is a function of the balance of α and β.",
    source: SOURCE,
    workload: WORKLOAD,
    default_seeds: 1,
    presets: &[],
};

/// The table row.
pub static ROW: StudyRow = StudyRow { about: ABOUT, cells, conclude };

fn pairs() -> impl Iterator<Item = (f64, f64)> {
    ALPHAS.into_iter().flat_map(|alpha| BETAS.into_iter().map(move |beta| (alpha, beta)))
}

fn config((alpha, beta): (f64, f64)) -> Config {
    let router = PolicyChoice::new("enhanced")
        .with("alpha", ParamValue::Number(alpha))
        .with("beta", ParamValue::Number(beta))
        .with("load_signal", text("outstanding_requests"));
    Config::new(NODES, CAPACITY).router(router).clock(PolicyChoice::new("timed"))
}

fn cells(_seeds: u32) -> Vec<Cell> {
    pairs().map(config).map(Cell::of).collect()
}

fn mean_s(run: &Summary) -> f64 {
    run.ttft.map_or(0.0, |ttft| ttft.mean_ttft_s)
}

fn conclude(findings: &Findings<'_>) -> Study {
    let runs = findings.summaries;
    let least = (0..runs.len())
        .fold(0, |best, at| if mean_s(&runs[at]) < mean_s(&runs[best]) { at } else { best });
    let most = (0..runs.len())
        .fold(0, |worst, at| if mean_s(&runs[worst]) < mean_s(&runs[at]) { at } else { worst });
    let pair = |at: usize| pairs().nth(at).expect("a run for each pair");
    let noted = pairs().position(|it| it == NOTED).expect("it is one of them");
    let row = |(at, run): (usize, &Summary)| {
        let (alpha, beta) = pair(at);
        let mark = match at {
            _ if at == least => " (best)",
            _ if at == noted => " (the notes')",
            _ => "",
        };
        let p99 = run.ttft.map(|ttft| ttft.p99);
        let values = vec![Some(mean_s(run)), p99, Some(token_hits(run)), Some(largest_work(run))];
        Row::new(format!("α = {alpha}, β = {beta}{mark}"), values)
            .opening([Opening::of(config((alpha, beta)))])
    };
    let depends = DEPENDS * mean_s(&runs[most]) <= mean_s(&runs[most]) - mean_s(&runs[least]);
    // Powers of two, so that equal ratios are equal numbers.
    let ratio = |at: usize| pair(at).0 / pair(at).1;
    let same = |one: usize, other: usize| {
        ratio(one) != ratio(other) || mean_s(&runs[one]) == mean_s(&runs[other])
    };
    let by_ratio = (0..runs.len()).all(|one| (0..one).all(|other| same(one, other)));
    let told = |at: usize| {
        let (alpha, beta) = pair(at);
        format!("{:.2} s (α = {alpha}, β = {beta})", mean_s(&runs[at]))
    };
    Study {
        tables: vec![Table {
            title: "Mean and p99 TTFT, hit rate and concentration over α and β".to_owned(),
            columns: columns([
                ("Pair", Unit::Name),
                ("Mean TTFT", Unit::Seconds),
                ("p99", Unit::Seconds),
                ("Token hits", Unit::Share),
                ("Largest share of work", Unit::Share),
            ]),
            rows: runs.iter().enumerate().map(row).collect(),
        }],
        facts: vec![
            fact("nodes", NODES.to_string()),
            fact("blocks of a node", CAPACITY.to_string()),
            fact("router", "Enhanced, with unfinished requests as the load"),
            fact("eviction", "LRU"),
            fact("depends", "where the largest mean is 5 % or more above the least"),
        ],
        verdict: Verdict {
            holds: Holds::whether(depends && by_ratio),
            sentence: format!(
                "the least mean is {}, the largest {}, that of the notes' pair {}; pairs of equal \
                 ratio {}",
                told(least),
                told(most),
                told(noted),
                if by_ratio { "end in the same mean" } else { "end in different means" }
            ),
        },
    }
}
