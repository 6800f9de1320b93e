//! Claim 6: which router for which skew.
//!
//! The notes' rule of thumb is followed on the open trace, and its choice is compared with the
//! best of the notes' routers, measured. Their skew is not defined; the Zipf exponent over block
//! popularity stands in for it, and the page says so.

use super::{
    CAPACITY, NODES, ROUTERS, SEEDS, SOURCE, WORKLOAD, fact, largest_work, made_right, mean,
    percent, token_hits, told_apart,
};
use crate::advise::Class;
use crate::analyze::Facts;
use crate::sim::Summary;
use crate::studies::cell::seeded;
use crate::studies::table::columns;
use crate::studies::{
    About, Cell, Fact, Findings, Holds, Kind, Opening, Row, Study, StudyRow, Table, Unit, Verdict,
};
use std::cmp::Ordering;

/// What menus and help say.
pub const ABOUT: About = About {
    id: "claim_rule",
    kind: Kind::Claim,
    title: "Claim 6: which router when",
    summary: "Below a skew of 0.4 random is best; from 0.4 to 0.7 enhanced or cache aware; from \
              0.7 on hotspot migration.",
    source: SOURCE,
    workload: WORKLOAD,
    default_seeds: SEEDS,
    presets: &[],
};

/// The table row.
pub static ROW: StudyRow = StudyRow { about: ABOUT, cells, conclude };

fn cells(seeds: u32) -> Vec<Cell> {
    let of = |&(router, _): &(&str, &str)| seeded(&made_right(router), seeds);
    ROUTERS.iter().flat_map(of).map(Cell::of).collect()
}

fn conclude(findings: &Findings<'_>) -> Study {
    let runs: Vec<&[Summary]> = findings.summaries.chunks(findings.seeds as usize).collect();
    let rate = |at: usize| mean(runs[at], token_hits).mean;
    let best = (0..runs.len()).fold(0, |best, at| if rate(best) < rate(at) { at } else { best });
    let class = Class::of(&Facts::of(findings.log).popularity);
    let advised = class.leaf().map_or(&[][..], |leaf| leaf.routers);
    let of_rule = |at: &usize| advised.contains(&ROUTERS[*at].0);
    // As good as the best: not told apart from it over the seeds.
    let as_good = |at: usize| told_apart(runs[best], runs[at], token_hits) != Ordering::Greater;
    let chosen: Vec<usize> = (0..runs.len()).filter(of_rule).collect();
    let holds = !chosen.is_empty() && chosen.iter().all(|&at| as_good(at));
    let row = |(at, &(router, called)): (usize, &(&str, &str))| {
        let (hits, work) = (mean(runs[at], token_hits), mean(runs[at], largest_work));
        let values =
            vec![Some(hits.mean), hits.half_width, Some(rate(best) - hits.mean), Some(work.mean)];
        let name = if of_rule(&at) { format!("{called} (the rule's)") } else { called.to_owned() };
        Row::new(name, values).opening([Opening::of(made_right(router)).of_means()])
    };
    let skew = class.skew.map_or("not to be fitted".to_owned(), |skew| format!("{skew:.2}"));
    Study {
        tables: vec![Table {
            title: "Token hit rate, and what choosing that router costs".to_owned(),
            columns: columns([
                ("Router", Unit::Name),
                ("Token hits", Unit::Share),
                ("±", Unit::Spread),
                ("behind the best", Unit::Points),
                ("Largest share of work", Unit::Share),
            ]),
            rows: ROUTERS.iter().enumerate().map(row).collect(),
        }],
        facts: vec![
            fact("skew", format!("{skew}: Zipf exponent, in place of the notes' undefined one")),
            fact("nodes", NODES.to_string()),
            fact("blocks of a node", CAPACITY.to_string()),
            fact("policies", "prefix match, recent load, LFU"),
            Fact::of_opened(findings.seeds),
        ],
        verdict: Verdict {
            holds: Holds::whether(holds),
            sentence: sentence(&skew, &chosen, best, rate),
        },
    }
}

fn sentence(skew: &str, chosen: &[usize], best: usize, rate: impl Fn(usize) -> f64) -> String {
    let called = |at: &usize| ROUTERS[*at].1;
    let winner = format!("{} hits most, {}", called(&best), percent(rate(best)));
    if chosen.is_empty() {
        return format!("the skew is {skew}, so the rule names no router; {winner}");
    }
    let names: Vec<&str> = chosen.iter().map(called).collect();
    let costs: Vec<f64> = chosen.iter().map(|&at| rate(best) - rate(at)).collect();
    let most = costs.iter().copied().fold(0.0, f64::max);
    format!(
        "at a skew of {skew} the rule says {}; {winner}, and the rule costs up to {:.2} points",
        names.join(" or "),
        100.0 * most
    )
}
