//! What a configuration may say: capacities in every form, and what is refused with which reason.
#![cfg(not(target_arch = "wasm32"))]

use kvscope::config::{Config, Draft, Part, Perturbation, PolicyChoice};
use kvscope::error::{Error, Result};
use kvscope::params::ParamValue;
use kvscope::session::Session;
use kvscope::sim::Lane;
use kvscope::studies::figure5;
use kvscope::trace::{Log, ReadOptions, TraceReader};

/// A trace whose lines state blocks of `block_size` tokens: `requests` prompts, a second apart,
/// of which every third continues an earlier one.
fn trace(block_size: u32, requests: u32) -> String {
    let line = |at: u32| {
        let blocks = 4 + at % 5;
        let family = if at.is_multiple_of(3) { 0 } else { at };
        let ids: Vec<String> = (0..blocks).map(|k| (family * 100 + k).to_string()).collect();
        let (tokens, ids) = (blocks * block_size, ids.join(", "));
        format!(
            "{{\"timestamp\": {}, \"input_length\": {tokens}, \"output_length\": 1, \
             \"hash_ids\": [{ids}], \"block_size\": {block_size}}}\n",
            at * 1000
        )
    };
    (0..requests).map(line).collect()
}

fn log(block_size: u32, requests: u32) -> Log {
    let (mut reader, mut log) = (TraceReader::new(ReadOptions::default()), Log::new());
    reader.push(trace(block_size, requests).as_bytes(), &mut log);
    reader.finish(&mut log);
    log.end();
    assert_eq!(log.block_size(), Some(block_size));
    log
}

fn text(value: &str) -> ParamValue {
    ParamValue::Text(value.to_owned())
}

fn capacity(value: &str, model: &str) -> Config {
    let clock = PolicyChoice::new("logical").with("model", text(model));
    Config::default().with("capacity_blocks", text(value)).clock(clock)
}

/// Blocks that a node of the first lane may hold once `trace` was read.
fn blocks(config: &Config, trace: &str) -> Result<u32> {
    let mut session = Session::read(std::slice::from_ref(config))?;
    session.push(trace.as_bytes())?;
    session.run()?;
    session.finish();
    session.run()?;
    assert!(session.is_done());
    Ok(session.lanes()[0].config().capacity)
}

fn reasons<T>(result: Result<T>) -> Vec<String> {
    match result {
        Err(Error::Config(reasons)) => reasons.iter().map(ToString::to_string).collect(),
        Err(error) => panic!("{error}"),
        Ok(_) => Vec::new(),
    }
}

#[test]
fn bytes_become_blocks_of_the_size_that_the_trace_turns_out_to_have() {
    let (small, large) = (trace(16, 100), trace(512, 100));
    // 512 tokens of 128 KiB each are 64 MiB: sixteen of them in 1 GiB.
    let one = capacity("1GiB", "llama3.1-8b");
    assert_eq!(blocks(&one, &small), Ok(512));
    assert_eq!(blocks(&one, &large), Ok(16));
    assert_eq!(blocks(&one.clone().with("block_size", ParamValue::Number(64.0)), &large), Ok(128));
    assert_eq!(blocks(&capacity("1TiB", "llama3-70b"), &large), Ok(6553));
    assert_eq!(blocks(&capacity("24000tokens", "llama3-70b"), &small), Ok(1500));
    // A trace that ends before the sample is full, and one without a request.
    assert_eq!(blocks(&one, &trace(16, 3)), Ok(512));
    assert_eq!(blocks(&one, ""), Ok(16));
}

#[test]
fn a_capacity_is_refused_only_once_no_block_of_the_trace_fits() {
    let config = capacity("100MiB", "llama3-70b");
    assert_eq!(blocks(&config, &trace(16, 100)), Ok(20));
    let told = "capacity_blocks: found 100MiB, expected room for at least one \
                block: 512 tokens of Llama-3-70B are 160 MiB of KV cache";
    assert_eq!(reasons(blocks(&config, &trace(512, 100))), [told]);
    assert_eq!(reasons(config.with("block_size", ParamValue::Number(512.0)).check()), [told]);
    // Not even a block of one token.
    assert_eq!(reasons(capacity("0.1MiB", "llama3-70b").check()).len(), 1);
}

/// Mean times to first token of Figure 5's four schedulers, arrivals as logged, with one seed.
fn figure5(log: &Log) -> Vec<f64> {
    let study = figure5::ROW.run(log, 1, |_, _| true).expect("a run").expect("not cancelled");
    study.tables[0].rows.iter().map(|row| row.values[1].expect("a mean")).collect()
}

#[test]
fn a_study_counts_in_the_traces_blocks() {
    for (block_size, capacity) in [(16, 187_500), (512, 5859)] {
        let log = log(block_size, 200);
        let as_logged = (figure5::ROW.cells)(1).into_iter().step_by(2);
        let means = as_logged.map(|cell| {
            let mut lane = Lane::new(&cell.config, Some(block_size)).expect("a lane");
            lane.run(&log).expect("a run");
            assert_eq!((lane.config().block_size, lane.config().capacity), (block_size, capacity));
            lane.ttft_summary().expect("timed").mean_ttft_s
        });
        assert_eq!(figure5(&log), means.collect::<Vec<f64>>(), "{block_size} tokens a block");
    }
}

#[test]
fn a_trace_of_short_blocks_is_not_taken_for_one_of_long_blocks() {
    // With every block of 16 tokens taken for 512, a match would save 32 times too much.
    let log = log(16, 200);
    let shortest_ttft = (figure5::ROW.cells)(1).swap_remove(4);
    let mut lane = Lane::new(&shortest_ttft.config, None).expect("a lane");
    lane.run(&log).expect("a run");
    let (wrong, right) = (lane.ttft_summary().expect("timed").mean_ttft_s, figure5(&log)[2]);
    assert!(wrong < right, "{wrong} < {right}");
}

/// `router`, `eviction`, `migration` and `clock` as a command line says them.
fn drafted(said: [&str; 4]) -> Result<Config> {
    let mut draft = Draft::new();
    let parts = [Part::Router, Part::Eviction, Part::Migration, Part::Clock];
    for (part, text) in parts.into_iter().zip(said) {
        draft.choose(part, text);
    }
    draft.config()
}

/// What a command line says of router, eviction, migration and clock, and what it is told.
const SAID: &[([&str; 4], &[&str])] = &[
    (["round_robin", "lru", "auto", "logical"], &[]),
    (["hotspot_migration:interval=50", "lru", "auto", "logical"], &[]),
    (["hotspot_migration:threshold=0.5", "lru", "none", "logical"], &[]),
    (
        ["hotspot_migration", "lru", "auto:threshold=0.01", "logical"],
        &["migration.params.threshold: found 0.01, expected no parameters; cold_first comes \
           with hotspot_migration and takes its parameters: give it threshold"],
    ),
    (
        ["random", "lru", "auto:threshold=0.01", "logical"],
        &["migration.params.threshold: found 0.01, expected no parameters; random has no rule \
           of its own, cold_first has it"],
    ),
    (
        ["random", "lru", "none:x=1", "logical"],
        &["migration.params.x: found 1, expected no parameters"],
    ),
    (
        ["hotspot_migration:interval=50", "lru", "none", "logical"],
        &["router.params.interval: found 50, expected nothing, since only the router's own \
           migration rule reads it, and migration is none; leave it out, or set migration to \
           auto"],
    ),
    (
        ["cache_aware:load_weight=1,load_weight=2", "lru", "auto", "logical"],
        &["router.params.load_weight: found 2, expected one value: 1 was given before; leave \
           one of them out"],
    ),
    (
        ["cache_aware:load_weight,", "lru:", "auto", "logical"],
        &[
            "router.params: found load_weight, expected key=value after the colon and after \
             each comma",
            "router.params: found , expected key=value after the colon and after each comma",
            "eviction.params: found , expected key=value after the colon and after each comma",
        ],
    ),
    (
        ["cache_aware:load_signal=none,window=50", "lru", "auto", "logical"],
        &["router.params.window: found 50, expected nothing, since it counts only while \
           load_signal is recent, and that is none; leave it out, or change that"],
    ),
    (
        ["random", "lru", "auto", "timed:service=h100_tp8,mfu=0.5,hardware=8xh800"],
        &[
            "clock.params.hardware: found 8xh800, expected nothing, since it counts only while \
             service is formula, and that is h100_tp8; leave it out, or change that",
            "clock.params.mfu: found 0.5, expected nothing, since it counts only while service \
             is formula, and that is h100_tp8; leave it out, or change that",
        ],
    ),
    (
        ["random", "lru", "auto", "timed:flops=1e15,mfu=0.5"],
        &["clock.params.mfu: found 0.5, expected nothing, since it counts only while flops is \
           0, and that is 1000000000000000; leave it out, or change that"],
    ),
    (
        ["random", "lru", "auto", "logical:mfu=0.5,model=nope"],
        &[
            "clock.params.mfu: found 0.5, expected a parameter of it: model; mfu needs the timed \
             clock: set clock to timed",
            "clock.params.model: found nope, expected one of llama3-70b, llama3.1-8b, \
             qwen2.5-7b, qwen2.5-72b, qwen3-8b, qwen3-32b, qwen3-30b-a3b, qwen3-235b-a22b, \
             deepseek-v3, kimi-k2",
        ],
    ),
    (
        ["conductor", "optimal", "heat_window", "logical"],
        &[
            "router: found conductor, expected one that works under the logical clock: this \
             one needs arrival times, queues and service times; set clock to timed, or choose \
             another",
            "migration: found heat_window, expected one that works under the logical clock: \
             this one needs arrival times, queues and service times; set clock to timed, or \
             choose another",
        ],
    ),
    (
        ["conductor", "optimal", "auto", "timed"],
        &["eviction: found optimal, expected one that works under the timed clock: this one \
           needs when blocks will be used next; set clock to logical, or choose another"],
    ),
    // A mistyped clock is the only reason: nothing is held against what needs one.
    (
        ["conductor", "lru", "auto", "timd"],
        &["clock.id: found timd, expected one of logical, timed; did you mean timed?"],
    ),
];

#[test]
fn nothing_given_is_ignored_in_silence() {
    for (said, told) in SAID {
        assert_eq!(reasons(drafted(*said)), *told, "{said:?}");
    }
}

#[test]
fn settings_are_read_or_refused() {
    let number = ParamValue::Number;
    let config = Config::default()
        .with("capcity_blocks", number(5.0))
        .with("mfu", number(0.5))
        .with("insertion", text("forest"))
        .with("time_unit", text("ms"))
        .with("sessions", text("closed"));
    let told = reasons(config.check());
    let expected = [
        "; did you mean capacity_blocks?",
        "; mfu is a parameter of the clock",
        "time_unit: found ms, expected one of auto, seconds, milliseconds, microseconds, \
         nanoseconds; did you mean milliseconds?",
        "insertion: found forest, expected one of flat, tree",
        "sessions: found closed, expected one that works under the logical clock: this \
         one needs arrival times, queues and service times; set clock to timed, or choose another",
    ];
    assert_eq!(told.len(), expected.len(), "{told:?}");
    for end in expected {
        assert!(told.iter().any(|told| told.ends_with(end)), "{end} in {told:?}");
    }
    let mut draft = Draft::new();
    draft.set("nodes", number(4.0));
    draft.set("nodes", number(8.0));
    let twice = "nodes: found 8, expected one value: 4 was given before; leave one of \
                 them out";
    assert_eq!(reasons(draft.config()), [twice]);
}

#[test]
fn perturbations_that_cannot_be_are_refused_each_with_its_reason() {
    let perturbed = |clock: &str, texts: &[&str]| {
        let router = PolicyChoice::new("cache_aware");
        let clock = PolicyChoice::new(clock);
        let mut config = Config::new(2, 100).router(router).clock(clock);
        config.perturb = texts.iter().map(|&text| text.to_owned()).collect();
        reasons(config.check())
    };
    let read = [
        ("kill:1", "perturb: found kill:1, expected WHAT@WHEN"),
        ("kil:1@5", "did you mean kill?"),
        ("slow:1:2@5", "the timed clock: without time slow means nothing; set clock to timed"),
        ("set:router.load@5", "set:PART.NAME=VALUE before the moment"),
        ("set:router.load_wait=2@5", "one of load_weight; did you mean load_weight?"),
        ("set:router.load_weight=-1@5", "a number in [0, 100000] after ="),
        ("set:migration.threshold=0.5@5", "no migration rule is chosen"),
    ];
    let told = perturbed("logical", &read.map(|(text, _)| text));
    assert_eq!(told.len(), read.len(), "all at once: {told:#?}");
    for ((text, part), told) in read.iter().zip(&told) {
        assert!(told.contains(text) && told.contains(part), "{told}: {part}");
    }
    let done = [
        ("kill:2@10", "expected a node in [0, 1], the nodes there are then"),
        ("heal:1@10", "expected a node that is draining or dead then: node 1 is alive"),
        ("kill:0@30", "expected a node that is alive or draining then: node 0 is dead"),
        ("add:1023@40", "expected at most 1021 more nodes, 1024 in all"),
    ];
    // By their moments, not as they are listed: node 2 is there from 35 on.
    let fine = ["kill:2@36", "add:1@35", "kill:0@20", "slow:1:3@50"];
    let texts: Vec<&str> = done.iter().map(|(text, _)| *text).chain(fine).collect();
    let told = perturbed("timed", &texts);
    assert_eq!(told.len(), done.len(), "{told:#?}");
    for ((text, part), told) in done.iter().zip(&told) {
        assert!(told.contains(text) && told.contains(part), "{told}: {part}");
    }
    assert_eq!(perturbed("timed", &fine), [""; 0]);
}

/// What cannot be read hides nothing but what it would have decided: who is there and alive then.
#[test]
fn perturbations_of_every_kind_of_fault_are_refused_at_once() {
    let refused = |texts: &[&str]| -> Vec<String> {
        let router = PolicyChoice::new("cache_aware");
        let mut config = Config::new(4, 100).router(router).clock(PolicyChoice::new("timed"));
        config.perturb = texts.iter().map(|&text| text.to_owned()).collect();
        let value =
            |told: String| told.split_once("found ")?.1.split_once(", ").map(|it| it.0.to_owned());
        reasons(config.check()).into_iter().filter_map(value).collect()
    };
    assert_eq!(refused(&["kill:30@5", "slow:1:900@9"]), ["slow:1:900@9", "kill:30@5"]);
    let each = [
        "kill:30@5",
        "slow:1:900@9",
        "slow:30:2@9",
        "heal:0@0",
        "rate:0@9",
        "boom:1@9",
        "kill:3",
        "set:router.load_weight=-1@5",
        "drain:40@3s",
        "add:2000@9",
    ];
    let mut told = refused(&each);
    told.sort_unstable();
    let mut all = each.map(str::to_owned);
    all.sort_unstable();
    assert_eq!(told, all);
    // Who is alive by then is not known, that there is no node 30 is.
    assert_eq!(refused(&["kill:x@5", "heal:0@7", "kill:30@8"]), ["kill:x@5", "kill:30@8"]);
    assert_eq!(refused(&["heal:0@7", "kill:x@8"]), ["kill:x@8", "heal:0@7"]);
    // How many there are by then is not known, only how many there can be.
    assert_eq!(refused(&["ad:9@5", "kill:8@7", "kill:1024@8"]), ["ad:9@5", "kill:1024@8"]);
    assert_eq!(refused(&["kill:8@7", "add:x@8"]), ["add:x@8", "kill:8@7"]);
    assert_eq!(refused(&["kill:8@7", "add:1@0"]), ["add:1@0"], "when is not known");
    assert_eq!(refused(&["add:2000@5", "kill:8@7"]), ["add:2000@5"]);
    // Both halves of one are told.
    let both = Perturbation::parse("slow:1:900@0").expect_err("neither can be read");
    assert!(both.contains("a request from 1") && both.contains("slow:NODE:FACTOR"), "{both}");
}
