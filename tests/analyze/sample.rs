//! Samples of a trace's blocks: what they hold, that a whole one is the trace, that neither the
//! reader's memory nor the sample's own changes what is in it, and how far the curves are off.

use super::{common, log_of, real, workload};
use kvscope::analyze::curve::{Curve, Plan, measure};
use kvscope::config::{Config, PolicyChoice};
use kvscope::model::BlockId;
use kvscope::params::ParamValue;
use kvscope::trace::synth::{self, Workload};
use kvscope::trace::thin::{Sample, Thinner};
use kvscope::trace::{Interner, Log, RawId, ReadOptions, TraceReader, write_line};
use std::collections::BTreeMap;

const NO_LIMIT: u64 = u64::MAX;

/// The log again, with names that an interner gives: its own numbers stand for raw ids.
fn sample_of(log: &Log, rate: f64, most_references: u64) -> Sample {
    let (mut names, mut named) = (Interner::new(), Log::new());
    let mut thinner = Thinner::new(rate, most_references);
    named.set_block_size(log.block_size().expect("blocks have a size"));
    for found in log.iter() {
        let (mut parent, mut path) = (BlockId::NONE, Vec::new());
        for block in found.blocks {
            parent = names.child(parent, RawId::Number(u64::from(block.0)));
            path.push(parent);
        }
        named.push(*found.request, &path);
        thinner.take(&mut named, &names);
    }
    thinner.finish()
}

fn config(eviction: &str, insertion: &str) -> Config {
    Config::new(1, 7)
        .eviction(PolicyChoice::new(eviction))
        .with("insertion", ParamValue::Text(insertion.to_owned()))
}

fn drawn(mut plan: Plan, log: &Log) -> Curve {
    loop {
        let jobs = plan.round();
        if jobs.is_empty() {
            return plan.curve(true);
        }
        for job in jobs {
            let measured = measure(log, &job).expect("the future is known");
            plan.take(&job, measured);
        }
    }
}

const POLICIES: [(&str, &str); 7] = [
    ("lru", "flat"),
    ("lru", "tree"),
    ("fifo", "flat"),
    ("lfu", "flat"),
    ("s3fifo", "flat"),
    ("fifo", "tree"),
    ("optimal_tree", "tree"),
];

/// All blocks in the sample: every line is the trace's own, hit for hit.
#[test]
fn a_sample_of_everything_is_the_trace() {
    let mut log = workload("toolagent", 4, 900);
    log.look_ahead().expect("a whole trace");
    let mut sample = sample_of(&log, 1.0, NO_LIMIT);
    sample.log.look_ahead().expect("a whole sample");
    let configs: Vec<Config> = POLICIES.iter().map(|it| config(it.0, it.1)).collect();
    let whole = drawn(Plan::new(&log, &configs, None, 15).expect("a plan"), &log);
    let plan = Plan::of_sample(&sample.log, sample.whole, &configs, None, 15).expect("a plan");
    let found = drawn(plan, &sample.log);
    assert_eq!((found.sample_rate, whole.sample_rate), (Some(1.0), None));
    assert_eq!(found.totals, whole.totals);
    for (one, other) in found.lines.iter().zip(&whole.lines) {
        assert_eq!(one.points, other.points, "{}", one.name);
        assert_eq!((one.knee, one.worth), (other.knee, None), "{}", one.name);
    }
    let methods: Vec<&str> = found.lines.iter().map(|line| line.method).collect();
    assert_eq!(methods[..3], ["estimated", "estimated", "estimated_runs"]);
}

/// A slow twin: hashes anew for every request, blocks looked up by them.
#[test]
fn a_sample_has_every_use_of_its_blocks_and_no_other() {
    let log = workload("conversation", 3, 1500);
    let sample = sample_of(&log, 0.2, NO_LIMIT);
    let (mut names, mut numbers) = (Interner::new(), BTreeMap::new());
    let (mut place, mut used, mut all_tokens) = (0, 0, 0);
    for found in log.iter() {
        let (mut parent, mut hash, mut depth) = (BlockId::NONE, 0, 0);
        let (mut sampled, mut tokens) = (Vec::new(), 0);
        for block in found.blocks {
            parent = names.child(parent, RawId::Number(u64::from(block.0)));
            hash = names.path_hash(hash, parent);
            depth += 1;
            if (hash as f64) < 0.2 * (1_u128 << 64) as f64 {
                sampled.push(hash);
                let input = u64::from(found.request.input_tokens);
                tokens += found.tokens_in(depth, 512).min(input)
                    - found.tokens_in(depth - 1, 512).min(input);
            }
        }
        all_tokens += u64::from(found.request.input_tokens);
        if sampled.is_empty() {
            continue;
        }
        let thinned = sample.log.get(place);
        (place, used) = (place + 1, used + sampled.len() as u64);
        assert_eq!(thinned.request.arrival_s, found.request.arrival_s);
        assert_eq!(u64::from(thinned.request.input_tokens), tokens);
        assert_eq!(thinned.blocks.len(), sampled.len());
        for (hash, block) in sampled.into_iter().zip(thinned.blocks) {
            assert_eq!(numbers.entry(hash).or_insert(*block), block);
        }
    }
    assert_eq!((place, used), (sample.log.len(), sample.log.references()));
    let (share, distinct) = (used as f64 / log.references() as f64, numbers.len());
    assert!((0.15..0.25).contains(&share) && distinct > 1000, "{share}, {distinct}");
    let whole = sample.whole;
    assert_eq!((whole.requests, whole.blocks), (1500, log.references()));
    assert_eq!((whole.input_tokens, whole.block_tokens), (all_tokens, all_tokens));
}

/// A sample that halves itself is the one that had the smaller rate from the start.
#[test]
fn a_sample_that_grew_too_long_is_the_smaller_one() {
    let log = workload("toolagent", 5, 2000);
    let bounded = sample_of(&log, 0.8, 3000);
    assert!(bounded.log.references() <= 3000 && bounded.whole.rate < 0.4);
    let small = sample_of(&log, bounded.whole.rate, NO_LIMIT);
    assert_eq!(bounded.whole, small.whole);
    assert!(bounded.log.iter().eq(small.log.iter()));
    assert!(small.log.references() > 1000, "there is something in it");
}

/// Forgetting the names of blocks, over and over, changes nothing.
#[test]
fn a_sample_does_not_depend_on_what_the_reader_remembers() {
    let row = synth::find("toolagent").expect("a workload");
    let mut text = Vec::new();
    for raw in Workload::new(row, 6, 1200) {
        write_line(&raw, &mut text);
    }
    let read = |most_names: usize, chunk: usize| {
        let (mut reader, mut log) = (TraceReader::new(ReadOptions::default()), Log::new());
        let mut thinner = Thinner::new(0.3, NO_LIMIT).forgetting_after(most_names);
        for bytes in text.chunks(chunk) {
            reader.push(bytes, &mut log);
            thinner.take_read(&mut log, &mut reader);
        }
        reader.finish(&mut log);
        thinner.take_read(&mut log, &mut reader);
        (thinner.finish(), reader.interner().len())
    };
    let (all, known) = read(usize::MAX, 1 << 16);
    let (few, held) = read(2000, 4096);
    assert!(held < known / 3, "{held} of {known} names are held");
    assert_eq!(all.whole, few.whole);
    assert!(all.log.iter().eq(few.log.iter()) && all.log.len() > 500);
}

#[test]
fn what_a_sample_says_nothing_of_is_refused() {
    let sample = sample_of(&workload("extreme", 2, 200), 0.5, NO_LIMIT);
    let wrong = Config::new(4, 7).with("warmup", ParamValue::Number(0.5));
    let plan = Plan::of_sample(&sample.log, sample.whole, &[wrong], None, 9);
    let told = plan.err().expect("refused").to_string();
    assert!(told.contains("nodes") && told.contains("routers go by whole requests"), "{told}");
    assert!(told.contains("warmup"), "{told}");
}

/// Mean and largest absolute error, and the mean with its sign, in points, by measure: tokens,
/// prefix, any.
fn errors(log: &Log, sample: &Sample, policy: (&str, &str)) -> [[f64; 3]; 3] {
    let configs = [config(policy.0, policy.1)];
    let plan = Plan::of_sample(&sample.log, sample.whole, &configs, None, 13).expect("a plan");
    let found = drawn(plan, &sample.log);
    let points = &found.lines[0].points;
    let exact = Plan::new(log, &configs, None, 2).expect("a plan");
    let mut errors = [[0.0; 3]; 3];
    for point in points {
        let job = exact.job(0, point.capacity).expect("a line");
        let want = measure(log, &job).expect("the future is known").expect("room for it");
        let blocks = want.blocks as f64;
        let off = [
            point.token_hit_rate - want.hits.hit_tokens as f64 / want.input_tokens as f64,
            point.prefix_hit_rate - want.hits.prefix_hits as f64 / blocks,
            point.block_hit_rate - want.hits.block_hits as f64 / blocks,
        ];
        for (error, off) in errors.iter_mut().zip(off) {
            error[0] += 100.0 * off.abs() / points.len() as f64;
            error[1] = error[1].max(100.0 * off.abs());
            error[2] += 100.0 * off / points.len() as f64;
        }
    }
    errors
}

/// Prints the table of docs/metrics.md, and holds to it.
fn stated(log: &mut Log, what: &str, bounds: [(f64, f64); 2]) {
    log.look_ahead().expect("a whole trace");
    for (rate, most) in bounds {
        let mut sample = sample_of(log, rate, NO_LIMIT);
        sample.log.look_ahead().expect("a whole sample");
        for policy in POLICIES {
            let errors = errors(log, &sample, policy);
            println!("{what} {rate} {policy:?}: {errors:.2?}");
            for [mean, ..] in errors {
                assert!(mean <= most, "{what} at {rate}, {policy:?}: {mean} points");
            }
        }
    }
}

#[test]
fn the_stated_error_on_the_real_trace() {
    let Some(mut log) = real("analyze::sample::the_stated_error_on_the_real_trace") else { return };
    stated(&mut log, "conversation", [(0.1, 0.7), (0.01, 2.8)]);
}

#[test]
fn the_stated_error_on_generated_streams() {
    stated(&mut workload("toolagent", 7, 6000), "toolagent", [(0.5, 1.0), (0.1, 3.0)]);
    let raw = common::streams::mix().into_iter().take(60_000).map(|id| (512, vec![id]));
    let blocks = common::name_blocks(raw).into_iter().map(|request| request.blocks);
    stated(&mut log_of(blocks), "mix", [(0.5, 1.0), (0.1, 3.0)]);
}
