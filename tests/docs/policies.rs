//! docs/policies.md is made from the tables; policies have formulas, and say what they are held to.

use crate::read;
use kvscope::catalog::{Row, Tables, markdown, tables};
use std::collections::BTreeSet;

#[test]
fn the_policies_page_is_made_from_the_tables() {
    assert!(
        read("docs/policies.md") == markdown(&tables()),
        "docs/policies.md is not what the tables say; make it anew with\n\
         cargo run --quiet --bin kvscope -- policies --markdown > docs/policies.md"
    );
}

#[test]
fn definitions_of_policies_stand_where_the_page_says() {
    let page = read("docs/policies.md");
    let named: Vec<&str> =
        page.split("Definition: `").skip(1).filter_map(|it| it.split('`').next()).collect();
    assert!(named.len() > 40, "{}", named.len());
    for path in named {
        assert!(read(path).starts_with("//! "), "{path} begins with what it does");
    }
}

/// The policies of each table with the folder of their files. `auto` and `none` are no policies.
fn policies(all: &Tables) -> [(&'static str, Vec<&Row>); 3] {
    [
        ("src/route/policies", sourced(&all.routers)),
        ("src/evict/policies", sourced(&all.evictions)),
        ("src/migrate/rules", sourced(&all.migrations)),
    ]
}

fn sourced(rows: &[Row]) -> Vec<&Row> {
    rows.iter().filter(|row| !row.source.is_empty()).collect()
}

#[test]
fn every_policy_and_clock_has_a_formula_of_its_own() {
    let all = tables();
    let clocks = ("", all.clocks.iter().collect());
    for (folder, rows) in policies(&all).into_iter().chain([clocks]) {
        let mut seen = BTreeSet::new();
        for Row { id, formula, .. } in rows {
            assert!(10 < formula.len(), "{folder}: {id} has no formula: `{formula}`");
            assert!(!formula.contains(['\n', '`']), "{id}: one line of plain text: {formula}");
            assert!(!formula.contains("  ") && !formula.ends_with(['.', ' ']), "{id}: {formula}");
            assert!(seen.insert(formula), "{folder}: {id} has the formula of another row");
        }
    }
}

/// In the row, which the page shows, in the head of the file and in the table of docs/peers.md.
#[test]
fn what_is_formula_only_says_so_in_all_three_places() {
    let (all, peers) = (tables(), read("docs/peers.md"));
    let mut known = BTreeSet::new();
    for (folder, rows) in policies(&all) {
        for Row { id, source, .. } in rows {
            let says = source.ends_with("; formula only");
            let text = read(&format!("{folder}/{id}.rs"));
            let head = text.split("\n\n").next().unwrap_or_default();
            assert_eq!(head.contains("\n//! Formula only: held to its "), says, "{folder}/{id}.rs");
            let line = format!("| `formula/{id}` | none | 0 | 0 | 0 | 0 |");
            assert_eq!(peers.contains(&line), says, "docs/peers.md: {id}");
            known.extend(says.then_some(*id));
        }
    }
    assert!(15 < known.len(), "{known:?}");
    assert_eq!(peers.matches("| `formula/").count(), known.len(), "docs/peers.md");
}
