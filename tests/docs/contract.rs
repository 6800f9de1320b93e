//! The wasm contract, `kvscope.d.ts`, beside the table of columns.

use crate::read;
use kvscope::observe::COLUMNS;
use kvscope::observe::columns::{Cells, Column};

/// Fields of an exported interface with their types, those of objects inside it left out.
fn declared(contract: &str, interface: &str) -> Vec<(String, String)> {
    let head = format!("export interface {interface} {{\n");
    let (_, body) = contract.split_once(&head).unwrap_or_else(|| panic!("no {head}"));
    let body = body.split_once("\n}\n").expect("it ends").0;
    let fields = body.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let fields = fields.filter_map(|line| line.trim().strip_suffix(';')?.split_once(": "));
    fields.map(|(name, kind)| (name.to_owned(), kind.to_owned())).collect()
}

fn arrays<F>(columns: &[Column<F>]) -> Vec<(String, String)> {
    let kind = |cells| match cells {
        Cells::Shorts => "Uint16Array",
        Cells::Wholes => "Uint32Array",
        Cells::Doubles => "Float64Array",
    };
    columns.iter().map(|it| (it.name.to_owned(), kind(it.cells).to_owned())).collect()
}

fn numbers(names: &[&str]) -> Vec<(String, String)> {
    names.iter().map(|&name| (name.to_owned(), "number".to_owned())).collect()
}

fn names<F>(columns: &[Column<F>]) -> Vec<&'static str> {
    columns.iter().map(|column| column.name).collect()
}

#[test]
fn the_contract_declares_every_column_and_no_other() {
    let contract = read("src/wasm/kvscope.d.ts");
    let heat = [("heat".to_owned(), "Uint32Array".to_owned())];
    let nodes = [arrays(COLUMNS.nodes), heat.into(), numbers(&["heat_bands"])].concat();
    assert_eq!(declared(&contract, "NodeColumns"), nodes);
    assert_eq!(declared(&contract, "RecentColumns"), arrays(COLUMNS.recent));
    let shape = numbers(&["stride", "samples", "nodes"]);
    let (each, by_node) = (arrays(COLUMNS.series), arrays(COLUMNS.series_by_node));
    let series = [shape, each, by_node, arrays(COLUMNS.series_timed)].concat();
    assert_eq!(declared(&contract, "Series"), series);
    let totals = declared(&contract, "Totals").into_iter().filter(|(_, kind)| kind == "number");
    let beside = ["distinct_blocks", "names_known_to?", "resident_blocks"];
    let sums = [numbers(&names(COLUMNS.totals)), numbers(&beside)];
    assert_eq!(totals.collect::<Vec<_>>(), sums.concat());
    let window: Vec<String> =
        names(COLUMNS.window).iter().map(|name| format!("\"{name}\"")).collect();
    let window = window.join(" | ");
    assert!(contract.contains(&format!("  window: Record<{window}, number>;\n")), "{window}");
}
