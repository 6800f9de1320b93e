//! Figure 5 of Mooncake FAST'25 within 5 % of the paper's four means.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use kvscope::studies::{self, Holds};
use kvscope::trace::{Log, ReadOptions, TraceReader};

#[test]
fn the_four_means_are_within_five_percent_of_the_papers() {
    let Some(path) = common::trace_path("figure5") else { return };
    let bytes = std::fs::read(path).expect("the trace can be read");
    let (mut reader, mut log) = (TraceReader::new(ReadOptions::default()), Log::new());
    reader.push(&bytes, &mut log);
    reader.finish(&mut log);
    log.end();
    let row = studies::find("figure5").expect("a study");
    let study = row
        .run(&log, row.about.default_seeds, |_, _| true)
        .expect("no foresight")
        .expect("not cancelled");
    let table = &study.tables[0];
    let off = table.columns.iter().position(|column| column.name == "off the paper's");
    let off = off.expect("a column of differences") - 1;
    for row in &table.rows {
        println!("{}: {:?}", row.name, row.values);
        assert!(row.values[off].is_some_and(|off| off.abs() < 0.05), "{row:?}");
    }
    println!("{}", study.verdict.sentence);
    // As many seeds as decide it, and few that do not.
    let few = row.run(&log, 5, |_, _| true).expect("no foresight").expect("not cancelled");
    assert_eq!(few.verdict.holds, Holds::Undecided, "{}", few.verdict.sentence);
    assert_eq!(study.verdict.holds, Holds::Supported, "{}", study.verdict.sentence);
    assert!(study.verdict.sentence.contains("the order is the paper's; each mean is within 5 %"));
    assert_eq!(study.facts.iter().filter(|fact| fact.fitted).count(), 2);
}
