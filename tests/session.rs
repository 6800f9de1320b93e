//! One to four lanes over one log give what as many runs give, byte for byte.
#![cfg(not(target_arch = "wasm32"))]

use kvscope::config::{Config, PolicyChoice};
use kvscope::params::ParamValue;
use kvscope::rng::Stream;
use kvscope::session::Session;
use kvscope::sim::Lane;
use kvscope::trace::synth::{Workload, find};
use kvscope::trace::write_line;
use std::collections::{BTreeMap, BTreeSet};

const REQUESTS: u32 = 6000;

fn trace() -> Vec<u8> {
    let mut bytes = Vec::new();
    for raw in Workload::new(find("toolagent").expect("a row"), 3, REQUESTS) {
        write_line(&raw, &mut bytes);
    }
    bytes
}

fn config(nodes: usize, router: &str, clock: &str, more: &[(&str, ParamValue)]) -> Config {
    let clock = more
        .iter()
        .fold(PolicyChoice::new(clock), |clock, (name, value)| clock.with(name, value.clone()));
    Config::new(nodes, 700).router(PolicyChoice::new(router)).clock(clock).seed(5)
}

/// Lanes that see the trace in four orders, one of which needs far more of it than the others.
fn configs(clock: &str) -> Vec<Config> {
    let on = || ParamValue::Switch(true);
    let timed: [&[(&str, ParamValue)]; 4] = [
        &[],
        &[("spread_arrivals", on())],
        &[("rate", ParamValue::Number(3.0))],
        &[("transfers_wait", on()), ("visibility", ParamValue::Text("completion".to_owned()))],
    ];
    let routers = ["cache_aware", "random", "hotspot_migration", "round_robin"];
    let lane = |at: usize| {
        let (router, more) = match clock {
            "timed" if at == 3 => ("conductor", timed[at]),
            "timed" => (routers[at], timed[at]),
            _ => (routers[at], timed[0]),
        };
        let clock = if clock == "mixed" && at % 2 == 1 { "timed" } else { clock };
        config(4 + 3 * at, router, if clock == "mixed" { "logical" } else { clock }, more)
    };
    (0..4).map(lane).collect()
}

/// Everything a lane says of itself.
fn told(lane: &Lane) -> String {
    let summary = serde_json::to_string(&lane.summary()).expect("a summary is JSON");
    let detail = lane.metrics().detail().expect("everything is observed");
    let samples: Vec<String> =
        detail.series().samples().iter().map(|sample| format!("{sample:?}")).collect();
    format!("{summary} {samples:?} {:?}", detail.history().records())
}

/// Serves the trace in chunks and steps of the sizes that `size` gives.
fn serve(configs: &[Config], bytes: &[u8], mut size: impl FnMut(u64) -> u64) -> Vec<String> {
    let mut session = Session::read(configs).expect("lanes that run");
    let mut rest = bytes;
    while !rest.is_empty() {
        let (now, later) = rest.split_at((size(90_000) as usize).min(rest.len()));
        session.push(now).expect("a part of the trace");
        session.step(size(900)).expect("no foresight");
        let numbers: Vec<u64> = session.lanes().iter().map(Lane::number).collect();
        assert!(numbers.iter().all(|&number| number == numbers[0]), "in lock-step: {numbers:?}");
        rest = later;
    }
    session.finish();
    session.run().expect("no foresight");
    assert!(session.is_done());
    session.lanes().iter().for_each(Lane::validate);
    session.lanes().iter().map(told).collect()
}

#[test]
fn four_lanes_are_four_runs_under_any_clock_chunks_and_steps() {
    let bytes = trace();
    for clock in ["logical", "timed", "mixed"] {
        let configs = configs(clock);
        let alone = configs
            .iter()
            .flat_map(|config| serve(std::slice::from_ref(config), &bytes, |_| u64::MAX >> 1));
        let alone: Vec<String> = alone.collect();
        let mut stream = Stream::new(8, "sizes", 0);
        for _ in 0..2 {
            let together = serve(&configs, &bytes, |most| 1 + stream.below(most));
            assert!(together == alone, "{clock}: lanes differ from runs");
        }
    }
}

#[test]
fn a_packed_log_serves_as_the_file_does() {
    let bytes = trace();
    let configs = configs("mixed");
    let mut session = Session::read(&configs).expect("lanes that run");
    session.keep();
    session.push(&bytes).expect("a trace that fits");
    session.finish();
    session.run().expect("no foresight");
    let packed = session.pack().expect("a whole log");
    let mut other = Session::packed(&configs, &packed).expect("a packed log");
    other.keep();
    other.run().expect("no foresight");
    let both = session.lanes().iter().zip(other.lanes());
    both.for_each(|(here, there)| assert!(told(here) == told(there), "packing changed a run"));
    assert_eq!(other.pack().expect("it was kept").len(), packed.len());
}

#[test]
fn a_clone_goes_on_as_the_original_does() {
    let mut session = Session::read(&configs("timed")).expect("lanes that run");
    session.keep();
    session.push(&trace()).expect("a trace that fits");
    session.finish();
    session.step(2500).expect("no foresight");
    let mut checkpoints: Vec<Lane> = session.lanes().to_vec();
    session.run().expect("no foresight");
    for (lane, checkpoint) in session.lanes().iter().zip(&mut checkpoints) {
        assert_eq!(checkpoint.number(), 2500);
        checkpoint.run(session.log()).expect("no foresight");
        assert!(told(checkpoint) == told(lane), "a checkpoint went another way");
    }
}

/// Back and forth, with all checkpoints that there may be, with few, and with none.
#[test]
fn any_moment_can_be_gone_to_with_the_bytes_of_a_run_from_the_start() {
    let bytes = trace();
    for clock in ["logical", "timed"] {
        let configs = configs(clock);
        let mut stream = Stream::new(8, "moments", 0);
        let jumps: Vec<u64> = (0..100).map(|_| stream.below(u64::from(REQUESTS) + 1)).collect();
        let mut session = Session::read(&configs).expect("lanes that run");
        session.push(&bytes).expect("a trace that fits");
        session.finish();
        let mut wanted = BTreeMap::new();
        for &number in jumps.iter().collect::<BTreeSet<_>>() {
            session.step(number - session.lanes()[0].number()).expect("no foresight");
            wanted.insert(number, session.lanes().iter().map(told).collect::<Vec<_>>());
        }
        for (budget, jumps) in [(1 << 30, &jumps[..]), (6 << 20, &jumps[..20]), (0, &jumps[..8])] {
            let mut session = Session::read(&configs).expect("lanes that run");
            session.remember(budget);
            session.push(&bytes).expect("a trace that fits");
            session.finish();
            for &number in jumps {
                assert_eq!(session.seek(number).expect("the trace is kept"), number);
                let here: Vec<String> = session.lanes().iter().map(told).collect();
                assert!(here == wanted[&number], "{clock}, {budget} bytes, at {number}");
            }
            // Beyond the end is the end.
            assert_eq!(session.seek(u64::MAX).expect("it is kept"), u64::from(REQUESTS));
            assert!(session.is_done());
        }
    }
}

#[test]
fn what_was_given_back_cannot_be_gone_back_to() {
    let mut session = Session::read(&[Config::new(2, 10)]).expect("a lane that runs");
    session.push(&trace()).expect("a trace that fits");
    session.finish();
    assert_eq!(session.seek(5000).expect("forwards"), 5000);
    let told = session.seek(10).expect_err("it was given back").to_string();
    assert!(told.contains("keeps it"), "{told}");
}

#[test]
fn the_log_gives_back_what_every_lane_has_passed() {
    let mut session = Session::read(&configs("mixed")).expect("lanes that run");
    let mut most = 0;
    for chunk in trace().chunks(20_000) {
        session.push(chunk).expect("a part of the trace");
        session.run().expect("no foresight");
        most = most.max(session.log().references());
    }
    session.finish();
    session.run().expect("no foresight");
    let all = session.lanes()[0].metrics().sums().blocks;
    assert!(session.log().references() < all / 4, "{} of {all}", session.log().references());
    assert!(!session.log().is_whole() && most < all, "{most} of {all}");
    let told = session.pack().expect_err("it is not whole").to_string();
    assert!(told.contains("kept whole"), "{told}");
}

#[test]
fn what_cannot_share_a_trace_is_refused() {
    let one = Config::new(2, 10);
    let refusal = |configs: &[Config]| Session::read(configs).err().expect("refused").to_string();
    assert_eq!(refusal(&[]), "found 0 configurations, expected 1 to 4");
    assert_eq!(refusal(&vec![one.clone(); 5]), "found 5 configurations, expected 1 to 4");
    let other = one.clone().with("time_unit", ParamValue::Text("seconds".to_owned()));
    assert!(refusal(&[one.clone(), other]).contains("one time unit and one block size"));
    // What is wrong with any lane is told at once, by its letter; of a single one without.
    let broken = |id: &str| one.clone().router(PolicyChoice::new(id));
    let told = refusal(&[broken("x"), one.clone(), broken("y")]);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), 2, "{told}");
    assert!(lines[0].starts_with("lane A: router.id: found x"), "{told}");
    assert!(lines[1].starts_with("lane C: router.id: found y"), "{told}");
    assert!(refusal(&[broken("x")]).starts_with("router.id: found x"));
}
