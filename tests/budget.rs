//! With a budget of distinct blocks a run does what it does without one, in flat memory.
#![cfg(not(target_arch = "wasm32"))]

use kvscope::clock::CLOCKS;
use kvscope::config::{Config, PolicyChoice};
use kvscope::evict::EVICTIONS;
use kvscope::migrate::MIGRATIONS;
use kvscope::model::Tally;
use kvscope::params::ParamValue;
use kvscope::rng::Stream;
use kvscope::route::ROUTERS;
use kvscope::session::Session;
use kvscope::sim::{Lane, Summary};
use std::fmt::Write;

const BUDGET: f64 = 900.0;

/// Requests that share prefixes with the latest and now and then with any earlier one, so that
/// what was forgotten comes again. Some ids are texts, some are the same behind other parents.
fn trace(seed: u64, requests: u64) -> Vec<u8> {
    let mut stream = Stream::new(seed, "requests", 0);
    let (mut bytes, mut paths) = (Vec::new(), Vec::<Vec<String>>::new());
    let (mut next, mut time_ms) = (1_000_000_u64, 0);
    for number in 0..requests {
        let age = match stream.below(20) {
            0..8 => None,
            8..17 => Some(stream.below(30)),
            _ => Some(stream.below(number + 1)),
        };
        let old = age.and_then(|age| paths.get((number.checked_sub(age + 1)?) as usize));
        let mut path = old.cloned().unwrap_or_default();
        path.truncate(stream.below(path.len() as u64 + 1) as usize);
        for _ in 0..stream.below(6) {
            next += 1 + stream.below(8) / 7;
            path.push(match stream.below(12) {
                0 => format!("\"text {}\"", next / 2),
                1 => format!("-{}", stream.below(40) + 1),
                2 => stream.below(40).to_string(),
                _ => next.to_string(),
            });
        }
        time_ms += stream.below(400);
        let line = format!(
            "{{\"timestamp\": {time_ms}, \"input_length\": {}, \"output_length\": {}, \
             \"hash_ids\": [{}]}}\n",
            (512 * path.len() as u64).saturating_sub(stream.below(500)),
            stream.below(300),
            path.join(", ")
        );
        bytes.extend(line.into_bytes());
        paths.push(path);
    }
    bytes
}

fn number(value: f64) -> ParamValue {
    ParamValue::Number(value)
}

fn config(router: &str, eviction: &str, insertion: &str, clock: &PolicyChoice) -> Config {
    Config::new(3, 40)
        .router(PolicyChoice::new(router))
        .eviction(PolicyChoice::new(eviction))
        .clock(clock.clone())
        .with("insertion", ParamValue::Text(insertion.to_owned()))
        .with("window", number(20.0))
        .seed(11)
}

fn budgeted(config: &Config) -> Config {
    config.clone().with("distinct_budget", number(BUDGET))
}

/// The clocks, the timed one in forms in which blocks are remembered in other ways too.
fn clocks() -> Vec<PolicyChoice> {
    let mut clocks: Vec<_> = CLOCKS.iter().map(|row| PolicyChoice::new(row.id)).collect();
    let timed = || PolicyChoice::new("timed").with("rate", number(2.0));
    let text = |text: &str| ParamValue::Text(text.to_owned());
    clocks.push(timed().with("transfers_wait", ParamValue::Switch(true)));
    clocks.push(timed().with("visibility", text("completion")));
    clocks
}

/// The session after the whole trace, and whether a number was given to a second block.
fn served(configs: &[Config], bytes: &[u8]) -> (Session, bool) {
    let mut session = Session::read(configs).expect("lanes that run");
    let mut largest = 0;
    for chunk in bytes.chunks(9_000) {
        session.push(chunk).expect("a part of the trace");
        session.run().expect("the future is not needed yet");
        let blocks = session.log().iter().flat_map(|it| it.blocks.to_vec());
        largest = largest.max(blocks.map(|block| u64::from(block.0)).max().unwrap_or(0));
    }
    session.finish();
    session.run().expect("a whole trace");
    assert!(session.is_done());
    session.lanes().iter().for_each(Lane::validate);
    let reused = session.lanes().iter().all(|lane| largest + 1 < lane.distinct_blocks());
    (session, reused)
}

/// All that a lane says of itself, without what may be a bound.
fn exact(lane: &Lane) -> (Summary, String) {
    let mut summary = lane.summary();
    let bare = |it: &mut Tally| (it.ceiling_hits, it.ceiling_tokens, it.rewanted) = (0, 0, 0);
    bare(&mut summary.sums);
    (summary.ceiling_token_rate, summary.distinct_blocks, summary.bounds) = (0.0, 0, None);
    // Nor hot blocks and families, which are told of the names that are known.
    let hot = summary.monitoring.as_mut().expect("it watches itself");
    (hot.hot_blocks, hot.hottest_block, hot.hottest_share) = (None, None, None);
    let (detail, mut more) = (lane.metrics().detail().expect("all is observed"), String::new());
    for sample in detail.series().samples() {
        let mut sample = sample.clone();
        bare(&mut sample.tally);
        more += &format!("{sample:?}");
    }
    let mut records = detail.history().records().to_vec();
    records.iter_mut().for_each(|record| record.families = Default::default());
    detail.tape().since(0).for_each(|mark| more += &format!("{} {}", mark.number, mark.node));
    more += &format!("{records:?}");
    (summary, more)
}

/// Compares a lane with the one without a budget; whether it has bounds.
fn compare(lane: &Lane, free: &Lane, what: &str) -> bool {
    assert!(exact(lane) == exact(free), "{what}: another run");
    let (sums, all) = (lane.metrics().sums(), free.metrics().sums());
    assert!(sums.ceiling_hits <= all.ceiling_hits && sums.rewanted <= all.rewanted, "{what}");
    assert!(sums.ceiling_tokens <= all.ceiling_tokens, "{what}");
    assert!(free.distinct_blocks() <= lane.distinct_blocks(), "{what}");
    assert!(free.bounds().is_none() && free.budget_warning().is_none(), "{what}");
    let bounded = lane.bounds().is_some();
    let same = lane.summary() == free.summary();
    assert_eq!(same, !bounded, "{what}: bounds are told where there are any, and only there");
    bounded
}

/// Who keeps every name, by docs/metrics.md.
const KEEPERS: [&str; 8] = [
    "chwbl",
    "prefix_hash_bounded",
    "session_affinity",
    "hotspot_migration",
    "lfu_persistent",
    "wtinylfu",
    "optimal",
    "optimal_tree",
];

/// Every router with every eviction policy in both disciplines; with the forms of a clock every
/// policy, but not every pair.
fn every_pair(clock: &PolicyChoice, least_runs: usize) {
    let bytes = trace(1, 2400);
    let (mut runs, mut bounded_runs, mut reusing) = (0, 0, 0);
    for router in ROUTERS {
        for (at, eviction) in EVICTIONS.iter().enumerate() {
            for insertion in ["flat", "tree"] {
                let config = config(router.id, eviction.id, insertion, clock);
                let skips = !clock.params.is_empty() && (at + router.id.len()) % 4 > 0;
                if skips || config.check().is_err() {
                    continue;
                }
                let what = format!("{} {} {insertion} {clock:?}", router.id, eviction.id);
                let (session, reused) = served(&[budgeted(&config)], &bytes);
                let (free, _) = served(std::slice::from_ref(&config), &bytes);
                let (lane, free) = (&session.lanes()[0], &free.lanes()[0]);
                let bounded = compare(lane, free, &what);
                let keeps = KEEPERS.contains(&router.id) || KEEPERS.contains(&eviction.id);
                assert_eq!(bounded, !keeps, "{what}: {:?}", lane.budget_warning());
                assert!(keeps <= lane.budget_warning().is_some(), "{what}");
                (runs, bounded_runs) = (runs + 1, bounded_runs + usize::from(bounded));
                reusing += usize::from(reused);
            }
        }
    }
    assert!(least_runs <= runs && runs / 2 < bounded_runs, "{bounded_runs} of {runs}");
    assert_eq!(reusing, bounded_runs, "numbers go to other blocks");
}

#[test]
fn every_pair_of_policies_under_the_logical_clock_runs_as_without_a_budget() {
    every_pair(&clocks()[0], 200);
}

#[test]
fn every_pair_of_policies_under_the_timed_clock_runs_as_without_a_budget() {
    every_pair(&clocks()[1], 500);
}

#[test]
fn every_policy_runs_as_without_a_budget_while_blocks_wait_to_be_ready_or_visible() {
    clocks()[2..].iter().for_each(|clock| every_pair(clock, 100));
}

#[test]
fn every_migration_rule_moves_the_same_blocks() {
    let bytes = trace(2, 3500);
    for rule in MIGRATIONS {
        for (at, eviction) in ["lru", "s3fifo", "arc", "leaf_lru"].into_iter().enumerate() {
            let insertion = if at == 0 { "tree" } else { "flat" };
            let mut config = config("least_requests", eviction, insertion, &clocks()[1]);
            let rule_as = PolicyChoice::new(rule.id);
            config.migration = match rule.id {
                "heat_window" => rule_as.with("rate", number(0.3)),
                "ttft_doubling" => {
                    rule_as.with("growth", number(1.0)).with("window_s", number(30.0))
                }
                _ => rule_as,
            };
            let what = format!("{} {eviction}", rule.id);
            let (session, _) = served(&[budgeted(&config)], &bytes);
            let (free, _) = served(&[config], &bytes);
            let bounded = compare(&session.lanes()[0], &free.lanes()[0], &what);
            assert_eq!(bounded, rule.id != "cold_first", "{what}");
            let moved = free.lanes()[0].metrics().sums().migrations;
            assert!(moved > 0 || rule.id == "cold_first", "{what} moves nothing");
        }
    }
}

/// Two to four lanes that forget at different requests.
fn lanes(stream: &mut Stream) -> Vec<Config> {
    let pick =
        |stream: &mut Stream, of: &[&str]| of[stream.below(of.len() as u64) as usize].to_owned();
    (0..2 + stream.below(3))
        .map(|_| {
            let router = pick(stream, &["cache_aware", "conductor", "dynamo_kv", "round_robin"]);
            let eviction = pick(stream, &["lru", "two_q", "arc", "leaf_lfu", "random", "fifo"]);
            let clock = &clocks()[1 + stream.below(3) as usize];
            let config = config(&router, &eviction, "flat", clock);
            let nodes = [1.0, 3.0, 70.0][stream.below(3) as usize];
            let budget = (700 + stream.below(2000)) as f64;
            config.with("nodes", number(nodes)).with("distinct_budget", number(budget))
        })
        .collect()
}

#[test]
fn lanes_with_budgets_are_as_many_runs_however_they_are_cut() {
    let mut stream = Stream::new(4, "lanes", 0);
    let bytes = trace(3, 5000);
    for _ in 0..6 {
        let configs = lanes(&mut stream);
        let told = |lane: &Lane| (lane.summary(), exact(lane).1, lane.budget_warning());
        let alone = configs.iter().map(|config| {
            let (session, reused) = served(std::slice::from_ref(config), &bytes);
            assert!(reused && session.lanes()[0].bounds().is_some(), "{config:?}");
            told(&session.lanes()[0])
        });
        let alone: Vec<_> = alone.collect();
        let mut session = Session::read(&configs).expect("lanes that run");
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let size = 1 + stream.below(60_000) as usize;
            let (now, later) = rest.split_at(size.min(rest.len()));
            session.push(now).expect("a part of the trace");
            session.step(1 + stream.below(900)).expect("no foresight");
            rest = later;
        }
        session.finish();
        session.run().expect("no foresight");
        for (lane, alone) in session.lanes().iter().zip(&alone) {
            assert!(told(lane) == *alone, "lanes differ from runs: {configs:?}");
        }
    }
}

/// Rows of sessions that carry what is new since the session's row before, however long ago, and
/// between them rows of no session, whose names are given back.
#[test]
fn sessions_go_on_where_names_between_were_given_back() {
    for scope in ["global", "local"] {
        let (mut stream, mut text) = (Stream::new(9, scope, 0), String::new());
        for number in 0..5000_u64 {
            let (session, chance) = (stream.below(40 + number / 20), stream.below(9));
            let (of, first) = match (number % 2, scope) {
                (0, _) => (String::new(), 1_000_000 + 2 * number),
                (_, "local") => (format!("\"s{session}\", \"hash_id_scope\": \"local\""), chance),
                _ => (format!("\"s{session}\""), 2 * number),
            };
            let of = if of.is_empty() { of } else { format!("\"session_id\": {of}, ") };
            let rest = "\"input_length\": 1024, \"output_length\": 0, \"hash_ids\": ";
            let ids = format!("[{first}, {}]", first + 1);
            writeln!(text, "{{{of}\"timestamp\": {number}, {rest}{ids}}}").expect("a text grows");
        }
        let config = config("cache_aware", "lru", "flat", &clocks()[0]);
        let config = config.with("rows", ParamValue::Text("delta".to_owned()));
        let (session, _) = served(&[budgeted(&config)], text.as_bytes());
        let (free, _) = served(&[config], text.as_bytes());
        assert!(compare(&session.lanes()[0], &free.lanes()[0], scope), "{scope}: bounds");
        let read = |session: &Session| session.report().cloned().expect("a file");
        let (mut read, all) = (read(&session), read(&free));
        assert!(read.distinct_blocks < all.distinct_blocks, "{scope}: names are given back");
        read.distinct_blocks = all.distinct_blocks;
        assert!(read == all, "{scope}: another reading");
    }
}

#[test]
fn a_trace_that_is_held_is_known_by_every_name_and_packs_as_ever() {
    let bytes = trace(5, 3000);
    let config = config("cache_aware", "lru", "flat", &clocks()[0]);
    let (free, _) = served(std::slice::from_ref(&config), &bytes);
    let mut kept = Session::read(&[budgeted(&config)]).expect("a lane that runs");
    kept.keep();
    kept.push(&bytes).expect("a trace that fits");
    kept.finish();
    kept.run().expect("no foresight");
    let packed = kept.pack().expect("a whole log");
    let mut unpacked = Session::packed(&[budgeted(&config)], &packed).expect("a packed log");
    unpacked.run().expect("no foresight");
    let warm = config.with("warmup", number(0.2));
    let (warm_free, _) = served(std::slice::from_ref(&warm), &bytes);
    let (warm, _) = served(&[budgeted(&warm)], &bytes);
    for (lane, free) in [(&kept, &free), (&unpacked, &free), (&warm, &warm_free)] {
        assert!(!compare(&lane.lanes()[0], &free.lanes()[0], "held whole"));
    }
    let warning = warm.lanes()[0].budget_warning().expect("the budget is not in force");
    assert!(warning.contains("a warm-up") && warning.contains("900"), "{warning}");
}

#[test]
fn bounds_begin_after_the_request_that_names_too_many() {
    // Request r names one new block and the first block again.
    let line = |id: u64| {
        format!("{{\"timestamp\": {id}, \"input_length\": 1024, \"output_length\": 1, ")
            + &format!("\"hash_ids\": [0, {}]}}\n", id + 1)
    };
    let bytes: Vec<u8> = (0..400).flat_map(|id| line(id % 300).into_bytes()).collect();
    let config =
        Config::new(1, 4).with("window", number(2.0)).with("distinct_budget", number(100.0));
    let (session, _) = served(&[config], &bytes);
    let (lane, summary) = (&session.lanes()[0], session.lanes()[0].summary());
    // 100 − ⌊100 / 16⌋ = 94 blocks are known after 93 requests: 0 and one of each.
    let bounds = lane.bounds().expect("some were forgotten");
    assert_eq!((bounds.names_known_to, bounds.names_budget), (93, 100));
    // The last 100 requests name what 1 … 100 did, all but block 0 forgotten: first uses again.
    assert_eq!(summary.distinct_blocks, 1 + 300 + 100);
    assert_eq!(summary.sums.ceiling_hits, 399);
    assert_eq!((summary.sums.rewanted, summary.sums.prefix_hits), (0, 399));
    // Known: 94, then those remembered (0, the three with it, no more in the window) and so on.
    assert_eq!(lane.generations(), (400 - 93) / 90 + 1);
    let json = serde_json::to_string(&summary).expect("a summary is JSON");
    assert!(json.contains("\"names_known_to\":93,\"names_budget\":100"), "{json}");
}

#[test]
fn a_budget_below_what_is_remembered_is_raised_and_says_so() {
    let bytes = trace(6, 3000);
    let config = config("cache_aware", "lru", "flat", &clocks()[0]);
    let small = config.with("distinct_budget", number(50.0));
    let (session, _) = served(&[small], &bytes);
    let lane = &session.lanes()[0];
    let bounds = lane.bounds().expect("some were forgotten");
    let resident: u32 = lane.summary().node_resident.iter().sum();
    assert!(2 * resident <= bounds.names_budget, "{bounds:?}, {resident} resident");
    let warning = lane.budget_warning().expect("it was raised");
    assert!(warning.contains("budget of 50") && warning.contains("raised to"), "{warning}");
}

/// Requests of ten new blocks behind one that all share, and every fourth an earlier one again.
fn stream_of(requests: std::ops::Range<u64>) -> Vec<u8> {
    let mut text = String::new();
    for number in requests {
        let first = 10 * (if number % 4 == 3 { number - 2 } else { number }) + 1;
        let ids: Vec<String> = (first..first + 10).map(|id| format!("\"block-{id}\"")).collect();
        let line = "{\"timestamp\": 0, \"input_length\": 5632, \"output_length\": 1, ";
        writeln!(text, "{line}\"hash_ids\": [0, {}]}}", ids.join(", ")).expect("a text grows");
    }
    text.into_bytes()
}

#[test]
fn memory_is_flat_for_a_stream_of_any_length() {
    let of = |nodes: f64, capacity: f64, router: &str| {
        let config = config(router, "lru", "flat", &clocks()[0]).with("nodes", number(nodes));
        let config = config.with("capacity_blocks", number(capacity));
        config.with("distinct_budget", number(20_000.0))
    };
    let configs = [
        of(4.0, 500.0, "cache_aware"),
        of(64.0, 50.0, "round_robin"),
        of(100.0, 30.0, "random"),
        of(1.0, 2000.0, "round_robin"),
    ];
    let mut session = Session::read(&configs).expect("lanes that run");
    let (mut most, mut total) = ([0; 4], 0);
    for part in 0..40 {
        session.push(&stream_of(part * 1000..(part + 1) * 1000)).expect("a part of the trace");
        session.run().expect("no foresight");
        let quarter = &mut most[part as usize / 10];
        *quarter = session.names_bytes().max(*quarter);
        total = session.lanes()[0].distinct_blocks();
    }
    assert!(total > 300_000, "{total} distinct blocks");
    // The first quarter fills up; from there on generations differ by how many are remembered.
    assert!(most[2].max(most[3]) < most[1] + most[1] / 50, "{most:?} bytes");
    // A name with its text and what four lanes keep of it, where 300,000 would take 30 MB.
    assert!(most[3] < 20_000 * 200, "{most:?} bytes");
}
