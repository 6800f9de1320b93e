//! Figure 5 of Mooncake FAST'25 within 5 % of the paper's four means.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use kvscope::analyze::figure5::figure5;
use kvscope::trace::{Log, ReadOptions, TraceReader};

const SEEDS: u32 = 20;

#[test]
fn the_four_means_are_within_five_percent_of_the_papers() {
    let Some(path) = common::trace_path("figure5") else { return };
    let bytes = std::fs::read(path).expect("the trace can be read");
    let (mut reader, mut log) = (TraceReader::new(ReadOptions::default()), Log::new());
    reader.push(&bytes, &mut log);
    reader.finish(&mut log);
    log.end();
    let figure = figure5(&log, SEEDS).expect("a run without foresight");
    println!("| router | paper | as is | difference | spread | difference |");
    for row in &figure.rows {
        println!(
            "| {} | {:.2} s | {:.2} s ({:.2} to {:.2}) | {:+.1} % | {:.2} s | {:+.1} % |",
            row.router,
            row.paper_s,
            row.mean_s,
            row.range_s[0],
            row.range_s[1],
            row.difference * 100.0,
            row.spread_s,
            row.spread_difference * 100.0,
        );
    }
    for constant in &figure.constants {
        let fitted = if constant.fitted { ", fitted" } else { "" };
        println!("{}: {}{fitted}", constant.name, constant.value);
    }
    for row in &figure.rows {
        assert!(row.difference.abs() < 0.05, "{row:?}");
    }
    assert_eq!(figure.constants.iter().filter(|constant| constant.fitted).count(), 2);
}
