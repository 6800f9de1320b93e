//! Same trace, configuration and seed: same bytes, however the run is cut.
#![cfg(not(target_arch = "wasm32"))]

use kvscope::config::{Config, PolicyChoice};
use kvscope::params::ParamValue;
use kvscope::session::Session;
use kvscope::trace::synth::{Workload, find};
use kvscope::trace::{RawRequest, write_line};
use serde_json::Value;

/// FNV-1a of a text, in hexadecimal.
fn digest(text: &str) -> String {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", text.bytes().fold(0xcbf2_9ce4_8422_2325, step))
}

fn config() -> Config {
    let number = ParamValue::Number;
    Config::new(8, 500)
        .router(
            PolicyChoice::new("hotspot_migration")
                .with("threshold", number(0.13))
                .with("interval", number(10.0)),
        )
        .eviction(PolicyChoice::new("lfu"))
        .clock(PolicyChoice::new("timed").with("spread_arrivals", ParamValue::Switch(true)))
        .seed(7)
}

fn toolagent(requests: u32) -> Vec<RawRequest> {
    let mut workload = Workload::new(find("toolagent").expect("a row"), 7, requests);
    let mut all = Vec::new();
    let mut request = RawRequest::default();
    while workload.next_into(&mut request) {
        all.push(request.clone());
    }
    all
}

fn summary(session: &Session) -> Value {
    serde_json::to_value(session.lanes()[0].summary()).expect("a summary is JSON")
}

/// tests/web asserts the same digest in a browser. To regenerate the file: run this test and
/// copy what it found.
#[test]
fn a_workload_gives_the_digest_that_it_gives_in_a_browser() {
    let workload = Workload::new(find("toolagent").expect("a row"), 7, 3000);
    let mut session = Session::workload(&[config()], workload).expect("it can be run");
    while session.make(100).expect("no whole trace") {
        session.run().expect("no whole trace");
    }
    session.run().expect("no whole trace");
    let columns = ["requests", "hit_tokens", "evictions", "mean_ttft_s", "p99", "migrated_blocks"];
    let summary = summary(&session);
    let told: Vec<String> = columns.iter().map(|key| format!("{key}={}", summary[key])).collect();
    let found = format!("{} {}", told.join(" "), digest(&summary["node_requests"].to_string()));
    assert_eq!(found, include_str!("data/toolagent.digest").trim());
}

#[test]
fn any_chunking_and_any_step_split_give_identical_bytes() {
    let mut trace = Vec::new();
    for raw in toolagent(600) {
        write_line(&raw, &mut trace);
    }
    let mut stream = kvscope::rng::Stream::new(1, "chunks", 0);
    let mut outcomes = Vec::new();
    for (chunk, step) in [(1, 1), (7, 10_000), (1 << 16, 3), (0, 0), (0, 0), (trace.len(), 64)] {
        let mut session = Session::read(&[config()]).expect("it can be run");
        let mut rest = &trace[..];
        while !rest.is_empty() {
            let size = if chunk == 0 { stream.below(5000) as usize } else { chunk };
            let (now, later) = rest.split_at(size.min(rest.len()));
            session.push(now).expect("no whole trace");
            let step = if step == 0 { 1 + stream.below(90) } else { step };
            session.step(step).expect("no whole trace");
            rest = later;
        }
        session.finish();
        session.run().expect("no whole trace");
        let lane = &session.lanes()[0];
        lane.validate();
        let detail = lane.metrics().detail().expect("everything is observed");
        let series: Vec<String> =
            detail.series().samples().iter().map(|it| format!("{it:?}")).collect();
        let records = detail.history().records();
        outcomes.push((summary(&session).to_string(), series, format!("{records:?}")));
    }
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]));
}
