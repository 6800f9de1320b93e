//! The built-in workloads against what is published about the traces they stand for.
//!
//! The tables of docs/workloads.md are printed here. To renew them, and the digests below after
//! a change that is meant: `KVSCOPE_BLESS=1 cargo test --test workloads -- --nocapture`.

mod caches;
#[path = "../common/mod.rs"]
mod common;
mod golden;
mod published;
mod tables;
mod trace;

use kvscope::trace::synth::{Workload, WorkloadRow, find, workloads};
use kvscope::trace::{Log, RawRequest, ReadOptions, TraceReader};
use published::{CONVERSATION, Row, TOOLAGENT};
use std::path::PathBuf;
use trace::Trace;

/// Any seed should do; these are held to it.
const SEEDS: [u64; 3] = [1, 7, 42];

/// The seed of the tables in the documentation.
const SHOWN_SEED: u64 = 7;

fn make(id: &str, seed: u64) -> Trace {
    let row = find(id).expect("a built-in workload");
    Trace::from_raw(Workload::new(row, seed, row.default_requests))
}

fn match_published(id: &str, rows: &[Row]) {
    let mut off = Vec::new();
    for seed in SEEDS {
        let ours = tables::measure(rows, &make(id, seed));
        println!("\n{id}, seed {seed}\n{}", tables::render(rows, &ours));
        for (row, &ours) in rows.iter().zip(&ours).filter(|(row, ours)| !row.accepts(**ours)) {
            off.push(format!("seed {seed}: {}: {} is not {}", row.what, ours, row.published));
        }
        if seed == SHOWN_SEED {
            tables::check_documentation(id, &tables::render(rows, &ours));
        }
    }
    assert!(off.is_empty(), "{}", off.join("\n"));
}

#[test]
fn toolagent_matches_every_published_row() {
    match_published("toolagent", TOOLAGENT);
}

#[test]
fn conversation_matches_every_published_row() {
    match_published("conversation", CONVERSATION);
}

/// The same measures on the real trace give the published figures, so they measure the right
/// thing.
#[test]
fn the_measures_give_the_published_figures_on_the_real_trace() {
    let given = std::env::var_os("KVSCOPE_TRACES").map(PathBuf::from);
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/traces");
    let mut folders = given.into_iter().chain([beside]);
    let Some(bytes) =
        folders.find_map(|folder| std::fs::read(folder.join("conversation_trace.jsonl")).ok())
    else {
        println!(
            "SKIPPED the_measures_give_the_published_figures_on_the_real_trace: no trace file"
        );
        return;
    };
    let mut reader = TraceReader::new(ReadOptions::default());
    let mut log = Log::new();
    reader.push(&bytes, &mut log);
    reader.finish(&mut log);
    let real = Trace::of_log(&log);
    let ours = tables::measure(CONVERSATION, &real);
    for (row, ours) in CONVERSATION.iter().zip(ours) {
        // Shares are published to three or four digits, the rest to the last one.
        let slack = if row.published < 1.0 { 0.000_6 } else { 0.05 };
        assert!((ours - row.published).abs() <= slack, "{}: {ours}, {}", row.what, row.published);
    }
}

#[test]
fn toolagent_has_the_published_families() {
    for seed in SEEDS {
        let trace = make("toolagent", seed);
        let mut families = [0_usize; 3];
        for request in &trace.requests {
            let own = |prompt: u64| request.blocks.len() as u64 - prompt;
            if request.blocks.starts_with(&Vec::from_iter(46..58)) {
                families[1] += 1;
                assert!((1..=6).contains(&own(12)), "{request:?}");
                assert!(matches!(request.output_tokens, 3 | 20..=40), "{request:?}");
            } else if request.blocks.starts_with(&Vec::from_iter(74..79)) {
                families[2] += 1;
                assert!((2_900..=3_300).contains(&request.input_tokens), "{request:?}");
                assert!((12..=28).contains(&request.output_tokens), "{request:?}");
            } else {
                families[0] += 1;
                assert_eq!(request.blocks[0], 0);
            }
        }
        assert_eq!(families.iter().sum::<usize>(), 23_608);
        println!("seed {seed}: chat, tool and agent requests {families:?}");
    }
}

#[test]
fn every_workload_keeps_the_rules_of_a_trace() {
    for row in workloads() {
        for seed in SEEDS {
            let requests: Vec<RawRequest> = Workload::new(row, seed, 6_000).collect();
            assert_eq!(requests.len(), 6_000);
            let mut parents = Vec::new();
            let mut now_ms = 0;
            for request in &requests {
                assert!(now_ms <= request.timestamp_ms, "{}: {request:?}", row.id);
                now_ms = request.timestamp_ms;
                assert!(0 < request.input_tokens && 0 < request.output_tokens);
                assert_eq!(request.hash_ids.len() as u32, request.input_tokens.div_ceil(512));
                let mut parent = u64::MAX;
                for &id in &request.hash_ids {
                    // Numbered in order of first appearance, and chained by prefix.
                    match parents.get(id as usize) {
                        Some(&known) => assert_eq!(known, parent, "{}: block {id}", row.id),
                        None => {
                            assert_eq!(id as usize, parents.len(), "{}", row.id);
                            parents.push(parent);
                        }
                    }
                    parent = id;
                }
            }
        }
    }
}

#[test]
fn a_shorter_run_is_a_prefix_and_the_buffer_makes_no_difference() {
    for row in workloads() {
        let long: Vec<RawRequest> = Workload::new(row, 7, 3_000).collect();
        let mut short = Workload::new(row, 7, 1_000);
        let mut request = RawRequest { hash_ids: vec![99; 40], ..RawRequest::default() };
        for expected in &long[..1_000] {
            assert!(short.next_into(&mut request));
            assert_eq!(&request, expected);
        }
        assert_eq!(short.remaining(), 0);
        assert!(!short.next_into(&mut request));
        assert_eq!(&request, &long[999], "the end leaves the buffer alone");
    }
}

#[test]
fn every_row_keeps_its_own_rate_and_can_be_found() {
    for row in workloads() {
        assert!(std::ptr::eq(find(row.id).expect("its own id"), row));
        let last = Workload::new(row, 7, row.default_requests).last().expect("requests");
        let off = last.timestamp_ms as f64 / 1_000.0 / row.duration_s - 1.0;
        assert!(off.abs() < 0.05, "{}: {off}", row.id);
    }
    assert!(find("nothing").is_none());
}

#[test]
fn the_documentation_lists_every_workload() {
    let text = tables::documentation();
    for WorkloadRow { id, title, summary, source, .. } in workloads() {
        for part in [format!("`{id}`").as_str(), title, summary, source] {
            assert!(text.contains(part), "docs/workloads.md lacks {part:?}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_as_ever() {
    golden::check();
}

#[test]
fn the_same_requests_give_the_same_files_as_ever() {
    golden::check_digest();
    golden::check_files();
}
