//! Observers against a twin that keeps every event and counts anew, over random events.
#![cfg(not(target_arch = "wasm32"))]

mod twin;

use kvscope::cache::CACHES;
use kvscope::config::{Config, PolicyChoice};
use kvscope::event::Event;
use kvscope::model::{BlockId, Decision, NodeId, Tally, Timing};
use kvscope::observe::{COLUMNS, Metrics, Observe};
use kvscope::params::ParamValue;
use kvscope::rng::Stream;
use kvscope::sim::Lane;
use kvscope::trace::synth::{Workload, find};
use kvscope::trace::{Interner, Log};
use serde_json::Value;
use twin::{Happened, Place, Twin};

const SLO_S: f64 = 1.0;

/// Makes events that could happen: queues only get longer by a placed request, and a node's
/// resident blocks change where something happens.
struct World {
    stream: Stream,
    timed: bool,
    number: u64,
    queues: Vec<u32>,
    resident: Vec<u32>,
}

impl World {
    fn new(seed: u64, nodes: usize) -> Self {
        let stream = Stream::new(seed, "events", 0);
        let (queues, resident) = (vec![0; nodes], vec![0; nodes]);
        Self { stream, timed: seed % 2 == 1, number: 0, queues, resident }
    }

    fn below(&mut self, below: usize) -> u32 {
        self.stream.below(below as u64) as u32
    }

    /// Something happens on `node`, after which it holds some other number of blocks.
    fn place(&mut self, node: usize) -> Place {
        let capacity = 20;
        self.resident[node] = match self.below(4) {
            0 => self.below(capacity + 1),
            _ => (self.resident[node] + 3).min(capacity as u32),
        };
        let (number, time_s) = (self.number, self.number as f64 / 4.0);
        let resident = self.resident[node];
        Place { number, time_s, node: NodeId::from_index(node), resident, timing: None }
    }

    fn routed(&mut self) -> Happened {
        let node = self.below(self.queues.len()) as usize;
        for queue in 0..self.queues.len() {
            self.queues[queue] -= self.stream.below(u64::from(self.queues[queue]) + 1) as u32;
        }
        self.queues[node] += u32::from(self.timed);
        let mut at = self.place(node);
        if self.timed {
            let (wait_s, prefill_s) = (self.stream.unit(), self.stream.unit());
            let ttft_s = wait_s + prefill_s;
            let arrival_s = at.time_s;
            at.timing = Some(Timing { arrival_s, wait_s, transfer_s: 0.0, prefill_s, ttft_s });
        }
        let count = self.below(6);
        let blocks = (0..count).map(|_| BlockId(self.below(12))).collect();
        let (hits, ceiling) = (self.below(9), self.below(9));
        let tally = Tally {
            requests: 1,
            blocks: count,
            block_hits: self.below(3),
            prefix_hits: hits,
            reachable_hits: hits + ceiling,
            ceiling_hits: hits + ceiling,
            hit_tokens: 4 * hits,
            input_tokens: 4 * (hits + self.below(3)),
            output_tokens: self.below(5),
            ceiling_tokens: ceiling,
            evictions: self.below(4),
            rewanted: self.below(2),
            refused: self.below(2),
            transferred_blocks: self.below(2),
            ..Tally::default()
        };
        Happened::Routed { tally, at, blocks, queues: self.queues.clone() }
    }

    fn next(&mut self) -> Happened {
        let nodes = self.queues.len();
        let node = self.below(nodes) as usize;
        match self.below(12) {
            0 => {
                let tally = Tally { block_hits: 1, evictions: self.below(4), ..Tally::default() };
                Happened::Stored { tally, at: self.place(node) }
            }
            1 => {
                self.number += 1;
                let (number, time_s) = (self.number, self.number as f64 / 4.0);
                Happened::Rejected { number, time_s, node: NodeId::from_index(node) }
            }
            2 if nodes > 1 => {
                let tally = Tally {
                    migrations: 1,
                    chosen_blocks: 5,
                    migrated_blocks: self.below(6),
                    evictions: self.below(3),
                    ..Tally::default()
                };
                let source = self.place((node + 1) % nodes);
                let at = Place { number: self.number + 1, ..self.place(node) };
                Happened::Migrated { tally, at, source }
            }
            _ => {
                self.number += 1;
                self.routed()
            }
        }
    }
}

/// Everything that is observed agrees with the twin.
fn compare(metrics: &Metrics, sums_only: &Metrics, twin: &Twin) {
    assert_eq!(metrics.nodes(), twin.sums());
    assert_eq!(sums_only.nodes(), metrics.nodes());
    assert_eq!(metrics.sums(), Tally::sum(&twin.sums()));
    let (times, mut sorted) = (twin.times(), twin.times());
    sorted.sort_by(f64::total_cmp);
    for latency in [metrics.latency(), sums_only.latency()] {
        assert_eq!(latency.count, times.len() as u64);
        assert_eq!(latency.ttft_s, times.iter().sum::<f64>());
        let inside = times.iter().filter(|&&ttft_s| ttft_s <= SLO_S).count();
        assert_eq!(latency.inside_slo, inside as u64);
        let rank = (9 * times.len() / 10).min(times.len().saturating_sub(1));
        assert_eq!(latency.quantiles.at([0.9])[0], sorted.get(rank).copied().unwrap_or(0.0));
    }
    let bins = |metrics: &Metrics| metrics.latency().quantiles.bins();
    assert_eq!(bins(metrics), bins(sums_only));
    let detail = metrics.detail().expect("everything is observed");
    assert_eq!(detail.window().nodes(), twin.window(twin.events.len()));
    for share in [0.0, 0.1, 0.5] {
        assert_eq!(detail.hot().over(share), twin.hot(share));
    }
    let marks = detail.tape().since(0).map(|mark| (mark.number, mark.node, mark.evicted));
    assert_eq!(marks.collect::<Vec<_>>(), twin.tape());
    let records = detail.history().records().iter();
    let told = records.map(|it| {
        let (rate, rate_after) = (it.hit_rate_before, it.hit_rate_after);
        let (share, share_after) = (it.concentration_before, it.concentration_after);
        format!("{rate:?} {rate_after:?} {share:?} {share_after:?}")
    });
    assert_eq!(told.collect::<Vec<_>>(), twin.history());
    let series = detail.series();
    let told = series.samples().iter().map(|it| {
        let by_node = it.node_requests.iter().zip(&it.node_work_tokens).collect::<Vec<_>>();
        let (share, longest) = (it.resident_share(), it.longest_queue);
        let head = format!("{} {} {share} {} {longest}", it.request, it.time_s, it.timed);
        format!("{head} {by_node:?} {:?}", it.tally)
    });
    assert_eq!((series.stride(), told.collect::<Vec<_>>()), twin.series());
}

#[test]
fn observers_agree_with_a_recount_of_all_events() {
    for seed in 0..24 {
        let nodes = 1 + seed as usize % 5;
        let window = [1, 3, 40][seed as usize % 3];
        let count_from = [1, 30][seed as usize / 12];
        let mut world = World::new(seed, nodes);
        let mut twin = Twin { nodes, window, count_from, events: Vec::new() };
        let [mut all, mut sums] = [Observe::All, Observe::Sums].map(|observe| {
            let mut metrics = Metrics::new(observe, nodes, window, SLO_S);
            metrics.count_from(count_from);
            metrics
        });
        let events = if seed % 4 == 0 { 5000 } else { 300 };
        for at in 0..events {
            let happened = world.next();
            all.on(&happened.event());
            sums.on(&happened.event());
            twin.events.push(happened);
            if at < 40 || at % 1700 == 0 {
                all.validate(&world.resident);
                compare(&all, &sums, &twin);
            }
        }
        compare(&all, &sums, &twin);
        assert!(sums.detail().is_none(), "nothing else is kept");
    }
}

#[test]
fn a_run_of_sums_only_says_the_same_but_for_what_it_did_not_observe() {
    let mut log = Log::new();
    let mut interner = Interner::new();
    let workload = Workload::new(find("toolagent").expect("a row"), 7, 1500);
    for (index, raw) in (0..).zip(workload) {
        interner.push_raw(&raw, index, &mut log);
    }
    log.end();
    for clock in ["logical", "timed"] {
        let router = PolicyChoice::new("hotspot_migration")
            .with("threshold", ParamValue::Number(0.13))
            .with("interval", ParamValue::Number(10.0));
        let config = Config::new(8, 500).router(router).clock(PolicyChoice::new(clock));
        let config = config.with("warmup", ParamValue::Number(0.1));
        let [all, sums] = [Observe::All, Observe::Sums].map(|observe| {
            let config = config.check().expect("a configuration that runs");
            let mut lane = Lane::of(config.with_block_size(log.block_size()).expect("it"), observe);
            lane.run(&log).expect("no foresight");
            lane.validate();
            serde_json::to_value(lane.summary()).expect("a summary is JSON")
        });
        let (Value::Object(all), Value::Object(sums)) = (all, sums) else { panic!("objects") };
        let absent = all.keys().filter(|&key| !sums.contains_key(key));
        let want = ["first_migrations", "hot_blocks", "monitoring", "replicas_per_hot_block"];
        assert_eq!(absent.collect::<Vec<_>>(), want, "{clock}");
        assert!(sums.iter().all(|(key, value)| all[key] == *value), "{clock}: a value differs");
        assert_ne!(all["first_migrations"], Value::Array(vec![]), "{clock}");
    }
}

/// On one node a run of sums only asks no router and goes over no block twice: every policy under
/// both disciplines, with and without requests that warm the cache.
#[test]
fn a_run_of_sums_only_on_one_node_says_the_same_for_every_policy() {
    let (mut log, mut interner) = (Log::new(), Interner::new());
    let workload = Workload::new(find("toolagent").expect("a row"), 3, 600);
    for (index, raw) in (0..).zip(workload) {
        interner.push_raw(&raw, index, &mut log);
    }
    log.end();
    log.look_ahead().expect("the whole trace is held");
    let mut runs = 0;
    for row in CACHES {
        let disciplines = [("flat", row.flat.is_some()), ("tree", row.tree.is_some())];
        for (insertion, _) in disciplines.into_iter().filter(|&(_, is_there)| is_there) {
            for (capacity, warmup) in [(1, 0.0), (40, 0.25), (700, 0.0)] {
                let config = Config::new(1, capacity)
                    .eviction(PolicyChoice::new(row.policy.id))
                    .with("insertion", ParamValue::Text(insertion.to_owned()))
                    .with("warmup", ParamValue::Number(warmup));
                // Some policies have no use for the least capacity.
                let Ok(checked) = config.check() else { continue };
                let lanes = [Observe::All, Observe::Sums].map(|observe| {
                    let resolved = checked.clone().with_block_size(log.block_size()).expect("it");
                    let mut lane = Lane::of(resolved, observe);
                    lane.run(&log).expect("the future is known");
                    lane
                });
                let [all, sums] = lanes.each_ref().map(|lane| lane.metrics().sums());
                assert_eq!(all, sums, "{} {insertion} {capacity}", row.policy.id);
                assert_eq!(lanes[0].signals().assigned, lanes[1].signals().assigned);
                let [held, same] = lanes.each_ref().map(|lane| {
                    lane.validate();
                    let mut held: Vec<_> = lane.cache(0).resident().map(|it| it.1).collect();
                    held.sort_unstable();
                    (held, lane.stranded())
                });
                assert!(held == same, "{} {insertion} {capacity}: the cache", row.policy.id);
                assert!(0 < sums.requests && (capacity < 40 || 0 < sums.prefix_hits));
                runs += 1;
            }
        }
    }
    assert!(2 * CACHES.len() <= runs, "{runs} runs");
}

#[test]
fn decisions_are_kept_where_they_are_observed_and_refused_elsewhere() {
    let decision = Decision { request: 7, node: 1, ..Decision::default() };
    let mut all = Metrics::new(Observe::All, 2, 10, SLO_S);
    assert!(!all.explains());
    all.explain(true).expect("everything is observed");
    assert!(all.explains());
    all.on(&Event::Decided(&decision));
    assert_eq!(all.detail().and_then(|detail| detail.decision()), Some(&decision));
    let mut sums = Metrics::new(Observe::Sums, 2, 10, SLO_S);
    let refused = sums.explain(true).expect_err("sums only").to_string();
    assert!(refused.contains("keeps sums only"), "{refused}");
    sums.explain(false).expect("nothing is asked for");
    assert!(!sums.explains());
}

#[test]
fn a_csv_has_a_line_for_every_sample_and_a_cell_for_every_name() {
    for timed in [false, true] {
        let mut world = World::new(u64::from(timed), 3);
        let mut metrics = Metrics::new(Observe::All, 3, 10, SLO_S);
        for _ in 0..200 {
            metrics.on(&world.next().event());
        }
        let series = metrics.detail().expect("everything is observed").series();
        let csv = kvscope::observe::columns::series_csv(series);
        let lines: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
        assert_eq!(lines.len(), 1 + series.samples().len());
        let each = COLUMNS.series.len() + if timed { COLUMNS.series_timed.len() } else { 0 };
        assert!(lines.iter().all(|line| line.len() == each + 3 * COLUMNS.series_by_node.len()));
        let names = if timed { "resident_share,ttft_mean_s" } else { "resident_share,node_" };
        assert!(csv.contains(names) && csv.contains(",node_work_tokens_1,node_work_tokens_2\n"));
        let evictions = lines[0].iter().position(|&name| name == "evictions").expect("a column");
        let told = lines[1..].iter().map(|line| line[evictions].parse::<u64>().expect("a number"));
        assert_eq!(told.sum::<u64>(), metrics.sums().evictions);
    }
}
