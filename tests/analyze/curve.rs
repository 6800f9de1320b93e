//! Curves: exact lines equal simulated ones, points equal runs, knees and crossings are those that
//! were built in.

use super::{log_of, workload};
use kvscope::analyze::curve::{Answer, Curve, Measured, Plan, measure};
use kvscope::config::{Config, PolicyChoice};
use kvscope::model::BlockId;
use kvscope::params::ParamValue;
use kvscope::session::Session;
use kvscope::trace::{Log, pack};

fn config(eviction: &str, insertion: &str, nodes: usize) -> Config {
    Config::new(nodes, 7)
        .eviction(PolicyChoice::new(eviction))
        .with("insertion", ParamValue::Text(insertion.to_owned()))
}

/// Runs every job; the last of a round first where `backwards`.
fn drawn(log: &Log, configs: &[Config], backwards: bool) -> Curve {
    let mut plan = Plan::new(log, configs, None, 24).expect("configurations that can be run");
    loop {
        let mut jobs = plan.round();
        if jobs.is_empty() {
            return plan.curve(true);
        }
        if backwards {
            jobs.reverse();
        }
        for job in &jobs {
            plan.take(job, measure(log, job).expect("the future is known"));
        }
    }
}

fn seen(log: &mut Log) -> &Log {
    log.look_ahead().expect("a whole trace");
    log
}

#[test]
fn every_point_is_a_run_of_its_own() {
    let mut log = workload("toolagent", 4, 900);
    let log = seen(&mut log);
    let policies = [
        ("lru", "flat"),
        ("lru", "tree"),
        ("fifo", "flat"),
        ("s3fifo", "flat"),
        ("optimal_tree", "tree"),
    ];
    for nodes in [1, 3] {
        let configs: Vec<Config> = policies.iter().map(|it| config(it.0, it.1, nodes)).collect();
        let curve = drawn(log, &configs, false);
        assert_eq!((curve.lines.len(), curve.nodes), (5, nodes as u32));
        let methods: Vec<&str> = curve.lines.iter().map(|line| line.method).collect();
        let exact = if nodes == 1 { "exact" } else { "simulated" };
        assert_eq!(methods, [exact, exact, "simulated", "simulated", "simulated"]);
        let packed = pack::pack(log).expect("a whole log");
        for (line, config) in curve.lines.iter().zip(&configs) {
            assert!((8..=24).contains(&line.points.len()), "{}: {}", line.name, line.points.len());
            for point in line.points.iter().step_by(5) {
                let blocks = ParamValue::Number(f64::from(point.capacity));
                let config = config.clone().with("capacity_blocks", blocks);
                let mut session = Session::packed(&[config], &packed).expect("a packed log");
                session.run().expect("a whole log");
                let summary = session.lanes()[0].summary();
                assert_eq!(point.token_hit_rate, summary.token_hit_rate, "{}", line.name);
                assert_eq!(point.prefix_hit_rate, summary.prefix_hit_rate, "{}", line.name);
                assert_eq!(point.hits.block_hits, summary.sums.block_hits, "{}", line.name);
                assert_eq!(curve.ceiling_token_rate, summary.ceiling_token_rate);
            }
        }
    }
}

#[test]
fn a_curve_does_not_depend_on_who_ran_what_when() {
    let log = workload("conversation", 2, 500);
    let configs = [config("fifo", "flat", 1), config("lfu", "flat", 2), config("sieve", "flat", 1)];
    assert_eq!(drawn(&log, &configs, true), drawn(&log, &configs, false));
}

/// Whoever has some of the answers goes on where they end, and the curve is the same.
#[test]
fn a_curve_is_followed_from_any_answers_there_are() {
    let log = workload("toolagent", 3, 700);
    let configs = [config("lru", "flat", 1), config("fifo", "flat", 1), config("lfu", "flat", 2)];
    let whole = drawn(&log, &configs, false);
    let plan = Plan::new(&log, &configs, None, 24).expect("configurations that can be run");
    let mut answers: Vec<Answer> = Vec::new();
    let mut asked = 0;
    let last = loop {
        let (open, curve) = plan.follow(&answers);
        for line in 0..configs.len() {
            let own: Vec<Answer> = answers.iter().filter(|it| it.line == line).copied().collect();
            let of_line = open.iter().filter(|job| job.line == line).map(|job| job.capacity);
            assert!(plan.next(line, &own).into_iter().eq(of_line), "no line waits for another");
        }
        // The last of a round comes first, and one at a time.
        let Some(job) = open.last() else { break curve };
        assert!(!curve.is_complete, "something is open");
        let measured = measure(&log, job).expect("no foresight");
        answers.insert(0, Answer { line: job.line, capacity: job.capacity, measured });
        asked += 1;
    };
    assert_eq!(last, whole);
    let simulated = whole.lines[1..].iter().map(|line| line.points.len());
    assert_eq!(asked, simulated.sum::<usize>(), "each once, and LRU on one node never");
    let job = plan.job(1, 77).expect("a line");
    assert_eq!((job.capacity, &job.config.eviction.id[..]), (77, "fifo"));
    assert!(plan.job(3, 77).is_none() && plan.next(3, &[]).is_empty(), "there are three");
}

#[test]
fn few_points_still_reach_from_end_to_end() {
    let log = workload("toolagent", 3, 700);
    let configs = [config("lru", "flat", 1), config("fifo", "flat", 1)];
    for points in [2, 3, 6] {
        let mut plan = Plan::new(&log, &configs, Some(10..=900), points).expect("they can be run");
        loop {
            let jobs = plan.round();
            if jobs.is_empty() {
                break;
            }
            for job in jobs {
                let measured = measure(&log, &job).expect("no foresight");
                plan.take(&job, measured);
            }
        }
        for line in plan.curve(true).lines {
            let ends = [line.points.first(), line.points.last()].map(|it| it.map(|it| it.capacity));
            assert_eq!(ends, [Some(10), Some(900)], "{} with {points}", line.name);
            assert!(line.points.len() <= points, "{}: {}", line.name, line.points.len());
        }
    }
}

/// A hundred documents of one block, over and over: LRU hits all or nothing.
#[test]
fn the_knee_of_a_loop_is_its_length() {
    let log = log_of((0..4000).map(|at| vec![BlockId(at % 100)]));
    let curve = drawn(&log, &[config("lru", "flat", 1)], false);
    let knee = curve.lines[0].knee.expect("there is one");
    assert_eq!(knee.capacity, 100);
    assert!(knee.token_hit_rate > 0.9 && knee.token_hit_rate == curve.ceiling_token_rate);
    assert!(curve.crossings.is_empty(), "one line crosses none");
}

/// Ten hot blocks among others that are used twice and never again. A small LRU cache loses the hot
/// ones, which LFU keeps; in a large one LFU keeps what was used twice instead of what is to be.
#[test]
fn a_crossing_is_found_and_said() {
    let uses = |at: u32| [Some(at % 10), Some(10 + at), (60 <= at).then(|| at - 50)];
    let blocks = (0..3000).flat_map(uses).flatten();
    let log = log_of(blocks.map(|block| vec![BlockId(block)]));
    let curve = drawn(&log, &[config("lru", "flat", 1), config("lfu", "flat", 1)], false);
    // While nothing was used twice yet, the hot blocks are 20 apart, and LRU has them first.
    let found = curve.crossings.last().expect("they cross");
    assert_eq!((&*found.below, &*found.above), ("lfu", "lru"));
    // Between two uses of a hot block lie less than 30 others, between the others' two 130.
    let [from, to] = found.between;
    assert!(from < to && from <= 32 && to <= 140, "{found:?}");
    let want =
        format!("lfu hits more than lru up to {from} blocks, lru more than lfu from {to} on");
    assert_eq!(found.sentence, want);
}

#[test]
fn what_needs_more_room_has_no_point_there_and_what_is_wrong_is_refused() {
    let log = workload("extreme", 2, 300);
    let curve = drawn(&log, &[config("two_q", "flat", 1)], false);
    assert!(curve.lines[0].points.len() > 3);
    let least = curve.lines[0].points[0].capacity;
    assert!(least >= 2, "a queue of a quarter has at least one block");
    let wrong = Plan::new(&log, &[config("nothing", "flat", 1)], None, 9);
    assert!(wrong.err().expect("refused").to_string().contains("nothing"));
    let mut plan = Plan::new(&log, &[config("fifo", "flat", 1)], Some(5..=50), 9).expect("a plan");
    let jobs = plan.round();
    assert_eq!((jobs.len(), jobs[0].capacity, jobs[8].capacity <= 50), (9, 5, true));
    // Stopped with one job done: the curve has that and says so.
    let measured = measure(&log, &jobs[0]).expect("no foresight");
    plan.take(&jobs[0], measured);
    let curve = plan.curve(false);
    assert_eq!((curve.lines[0].points.len(), curve.is_complete), (1, false));
    let Measured { input_tokens, .. } = measured.expect("room for it");
    assert_eq!(input_tokens, curve.totals.input_tokens);
}
