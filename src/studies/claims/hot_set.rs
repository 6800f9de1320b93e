//! Claim 8: what is hot in the trace.
//!
//! Nothing is served: the notes' shares stand beside the same shares of the open trace.

use super::{SOURCE, WORKLOAD, fact, percent};
use crate::analyze::Facts;
use crate::studies::table::columns;
use crate::studies::{About, Findings, Holds, Kind, Row, Study, StudyRow, Table, Unit, Verdict};

/// Near enough to a published share: two points.
const NEAR: f64 = 0.02;

/// What menus and help say.
pub const ABOUT: About = About {
    id: "claim_hot_set",
    kind: Kind::Claim,
    title: "Claim 8: the hot set",
    summary: "Block 0 is in 46.3 % of the requests and blocks 46 to 57 in 39 %; 59.2 % of re-uses \
              come within 10 requests, 38.3 % after more than 100.",
    source: SOURCE,
    workload: WORKLOAD,
    default_seeds: 1,
    presets: &[],
};

/// The table row.
pub static ROW: StudyRow = StudyRow { about: ABOUT, cells: |_| Vec::new(), conclude };

fn conclude(findings: &Findings<'_>) -> Study {
    let beside = Facts::of(findings.log).notes();
    let rows = beside.iter().map(|it| Row::new(it.what, vec![Some(it.published), Some(it.here)]));
    let is_near = |it: &&crate::analyze::facts::Beside| (it.here - it.published).abs() <= NEAR;
    let near = beside.iter().filter(is_near).count();
    let sentence = match beside.iter().find(|it| !is_near(it)) {
        None => format!("all {near} shares are within 2 points of the notes'"),
        Some(it) => format!(
            "{near} of {} shares are within 2 points of the notes'; {}: {} where they have {}",
            beside.len(),
            it.what,
            percent(it.here),
            percent(it.published)
        ),
    };
    Study {
        tables: vec![Table {
            title: "Shares of the notes, and of this trace".to_owned(),
            columns: columns([
                ("What", Unit::Name),
                ("Notes", Unit::Share),
                ("This trace", Unit::Share),
            ]),
            rows: rows.collect(),
        }],
        facts: vec![fact("near", "within 2 points of the notes'")],
        verdict: Verdict { holds: Holds::whether(near == beside.len()), sentence },
    }
}
