//! Workloads whose answers can be worked out by hand.

use super::{ask, log, name, order, question, ranking, run};
use kvscope::advise::Question;
use kvscope::config::{Config, PolicyChoice};
use kvscope::params::ParamValue;
use kvscope::trace::Log;

/// One-block requests whose blocks are used as often as a Zipf law has it, rank by rank.
fn zipf(exponent: f64, ranks: u32, most: f64) -> Log {
    let uses = |rank: u32| libm::round(most * libm::pow(f64::from(rank), -exponent)) as usize;
    log((1..=ranks).flat_map(|rank| std::iter::repeat_n(vec![rank - 1], uses(rank))))
}

#[test]
fn a_known_exponent_falls_into_the_notes_class_of_it() {
    let cases = [
        (0.2, "low", "random"),
        (0.5, "moderate", "cache_aware"),
        (0.9, "high", "hotspot_migration"),
    ];
    for (exponent, class, router) in cases {
        let log = zipf(exponent, 100, 500.0);
        let asked = question(Config::new(2, 8), &["round_robin", router], &["lru"]);
        let advice = ask(&log, Question { seeds: 2, ..asked });
        let skew = advice.class.skew.expect("blocks are used often");
        assert!((skew - exponent).abs() < 0.02, "{exponent}: {skew}");
        assert_eq!(advice.class.id, Some(class));
        let applies: Vec<_> = advice.rule.iter().filter(|leaf| leaf.applies).collect();
        assert_eq!(applies.len(), 1);
        let cost = applies[0].routers.iter().find(|cost| cost.router == router);
        assert_eq!(cost.expect("the rule's").candidate, Some(1));
        assert!(advice.words[0].contains("a skew that the notes do not define"), "{advice:?}");
        assert!(advice.words[2].starts_with("Token hit rate, the rule of thumb: "), "{advice:?}");
    }
}

/// Every request is new: nobody hits, round robin shares exactly, and has no parameters.
#[test]
fn where_nothing_is_used_again_the_simplest_will_do() {
    let log = log((0..800).map(|block| vec![block]));
    let advice = ask(&log, question(Config::new(4, 50), &["cache_aware", "round_robin"], &["lru"]));
    assert_eq!((advice.class.id, advice.class.skew), (None, None));
    assert!(advice.rule.iter().all(|leaf| !leaf.applies));
    for ranked in &ranking(&advice, "hit").ranked {
        assert_eq!((ranked.value.mean, ranked.behind.mean, ranked.told_apart), (0.0, 0.0, false));
        assert!(ranked.exact && ranked.is_near);
    }
    let balance = ranking(&advice, "balance");
    assert_eq!((order(&advice, "balance")[0], balance.ranked[0].value.mean), ("round_robin", 0.25));
    // The cluster's own stands first, and yet the one without parameters is named.
    let simplest = advice.simplest.expect("both are near");
    assert!(advice.candidates[0].is_own && advice.candidates[0].parameters > 0);
    assert_eq!(name(&advice, simplest), ("round_robin", "lru"));
    assert_eq!(advice.candidates[simplest as usize].parameters, 0);
}

/// Two nodes that hold two documents each, and three documents in turn. Who sends a document to
/// where it is hits always but for the first time. In turn each node sees all three, and LRU has
/// always just dropped the next.
#[test]
fn a_router_that_follows_the_cache_is_worth_what_can_be_worked_out() {
    let document = |number: u32| (4 * number..4 * number + 4).collect::<Vec<u32>>();
    let log = log((0..600).map(|turn| document(turn % 3)));
    let asked = question(Config::new(2, 8), &["round_robin", "cache_aware"], &["lru"]);
    let advice = ask(&log, asked);
    let hit = ranking(&advice, "hit");
    assert_eq!(order(&advice, "hit"), ["cache_aware", "round_robin"]);
    assert!((hit.ranked[0].value.mean - 597.0 / 600.0).abs() < 1e-12, "{hit:?}");
    assert_eq!(hit.ranked[1].value.mean, 0.0);
    assert!((hit.ranked[1].behind.mean - 597.0 / 600.0).abs() < 1e-12, "{hit:?}");
    assert!(hit.ranked[1].told_apart && !hit.ranked[1].is_near);
    // Round robin's work is shared evenly, and the other's is two documents to one.
    assert_eq!(order(&advice, "balance")[0], "round_robin");
    assert_eq!(advice.simplest, None);
    assert!(advice.words.iter().any(|words| words.contains("the goals contradict each other")));
    // With twice the cache round robin holds all three documents on both nodes.
    let turns = advice.turns.iter().find(|turns| turns.goal == "hit").expect("it was measured");
    let blocks: Vec<u32> = turns.at.iter().map(|at| at.capacity_blocks).collect();
    assert_eq!(blocks, [2, 4, 8, 16, 32]);
    assert!(turns.at.iter().all(|at| !at.turned), "cache_aware is never worse: {turns:?}");
    let nothing = advice.words.iter().any(|words| {
        words == "Token hit rate: no capacity tried from 2 to 32 blocks turns cache_aware with lru."
    });
    assert!(nothing, "{:?}", advice.words);
}

/// On one node, ten hot blocks, each followed by nine that never come again, then 200 blocks in
/// turn. LFU holds the hot ones from 11 blocks on and LRU from 100; but LFU holds on to them, so
/// that it has room for the 200 from 210 blocks on and LRU from 200.
fn hot_then_cyclic() -> Log {
    let mut next = 1_000;
    let mut blocks: Vec<u32> = (0..10).flat_map(|hot| [hot, hot]).collect();
    for turn in 0..600 {
        blocks.push(turn % 10);
        blocks.extend(next..next + 9);
        next += 9;
    }
    blocks.extend((0..4_000).map(|turn| 100_000 + turn % 200));
    let mut seen: Vec<u32> = Vec::new();
    let mut dense = std::collections::BTreeMap::new();
    for &block in &blocks {
        dense.entry(block).or_insert_with(|| {
            seen.push(block);
            seen.len() as u32 - 1
        });
    }
    log(blocks.into_iter().map(|block| vec![dense[&block]]))
}

#[test]
fn the_capacity_at_which_the_order_of_evictions_turns_is_found() {
    let advice = ask(
        &hot_then_cyclic(),
        question(Config::new(1, 200), &["round_robin"], &["lfu", "lru", "fifo"]),
    );
    let hit = ranking(&advice, "hit");
    assert_eq!(name(&advice, hit.ranked[0].candidate), ("round_robin", "lru"));
    let turns = advice.turns.iter().find(|turns| turns.goal == "hit").expect("it was measured");
    let found: Vec<_> = turns
        .at
        .iter()
        .map(|at| (at.capacity_blocks, name(&advice, at.best).1, at.turned))
        .collect();
    // From 400 blocks on all hit alike, and the first listed of equal parameters stands there.
    assert_eq!(found[0], (50, "lfu", true));
    assert_eq!(found[2], (200, "lru", false));
    assert!(found[1].0 == 100 && !found[1].2, "{found:?}");
    assert!(found[3..].iter().all(|at| !at.2), "{found:?}");
    // At 50 blocks LFU hits all 600 hot uses after the first pairs, and LRU the first five of
    // them: before the sixth, 54 other blocks were used.
    let all = (20 + 600 * 10 + 4_000) as f64;
    assert!((turns.at[0].behind.mean - 595.0 / all).abs() < 1e-12, "{turns:?}");
    let said = "between 50 and 100 blocks the order turns, since at 50 round_robin with lfu leads";
    assert!(advice.words.iter().any(|words| words.contains(said)), "{:?}", advice.words);
}

/// New one-block requests a second apart, 1.5 s of service, two nodes: in turn nobody waits.
#[test]
fn the_slowest_answers_are_ranked_under_the_timed_clock() {
    let log = log((0..500).map(|block| vec![block]));
    let (n, l, d) = (512.0, 80.0, 8192.0);
    let flop = l * (4.0 * n * n * d + 22.0 * n * d * d);
    let clock = PolicyChoice::new("timed").with("flops", ParamValue::Number(flop / 1.5));
    let config = Config::new(2, 4).clock(clock).seed(40);
    let advice = ask(&log, question(config.clone(), &["random", "round_robin"], &["lru"]));
    let p99 = ranking(&advice, "p99");
    assert_eq!(order(&advice, "p99"), ["round_robin", "random"]);
    let [best, random] = &p99.ranked[..] else { panic!("two") };
    assert!((best.value.mean - 1.5).abs() < 1e-9 && best.exact && best.is_near);
    // The slow way: seeds count on from the cluster's own; t is 4.303 for two degrees.
    let values: Vec<f64> = (41..=43)
        .map(|seed| config.clone().router(PolicyChoice::new("random")).seed(seed))
        .map(|config| run(&log, &config).ttft.expect("timed").p99 - 1.5)
        .collect();
    let mean = values.iter().sum::<f64>() / 3.0;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    let half = 4.3027 * (squares / 2.0).sqrt() / 3.0_f64.sqrt();
    assert!((random.behind.mean - mean).abs() < 1e-9, "{random:?} {values:?}");
    assert!((random.behind.half_width.expect("three") - half).abs() < 1e-3, "{half}: {random:?}");
    assert_eq!(random.told_apart, half < mean);
    assert!(!random.exact && !random.is_near);
}

/// What the clock leaves out of the usual routers is named, and nothing is where somebody chose.
#[test]
fn routers_that_the_clock_leaves_out_are_named() {
    let log = log((0..30).map(|block| vec![block % 7]));
    let ask = |clock: &str, routers: &[&str]| {
        let config = Config::new(2, 8).clock(PolicyChoice::new(clock));
        let mut asked = question(config, &["round_robin"], &["lru"]);
        asked.routers = routers.iter().map(|id| PolicyChoice::new(id)).collect();
        ask(&log, asked)
    };
    let advice = ask("logical", &[]);
    let told: Vec<&str> = advice.left_out.iter().map(|it| it.router.as_str()).collect();
    assert_eq!(told, ["shortest_ttft", "conductor"]);
    assert!(advice.left_out[0].why.contains("needs the timed clock, and this is the logical one"));
    assert!(advice.words[1].starts_with("Left out: shortest_ttft, conductor."), "{advice:?}");
    let compared = |id: &str| advice.candidates.iter().any(|it| it.router == id);
    assert!(compared("cache_aware") && !compared("conductor"));
    for (clock, routers) in [("timed", &[][..]), ("logical", &["random"])] {
        let advice = ask(clock, routers);
        assert_eq!(advice.left_out, [], "{clock} {routers:?}");
        assert!(!advice.words.iter().any(|words| words.starts_with("Left out")), "{clock}");
    }
}

/// Two candidates that draw: the difference is taken within a seed, not between two means.
#[test]
fn differences_are_paired_by_seed() {
    let log = log((0..400).map(|block| vec![block % 37]));
    let config = Config::new(3, 8);
    let advice = ask(&log, question(config.clone(), &["random"], &["lru", "random"]));
    let hit = ranking(&advice, "hit");
    let values = |at: usize| -> Vec<f64> {
        let (router, eviction) = name(&advice, hit.ranked[at].candidate);
        let config = config.clone().router(PolicyChoice::new(router));
        let config = config.eviction(PolicyChoice::new(eviction));
        let seeds = (1..=3).map(|seed| run(&log, &config.clone().seed(seed)).token_hit_rate);
        seeds.collect()
    };
    let (best, other) = (values(0), values(1));
    let differences: Vec<f64> = best.iter().zip(&other).map(|(best, other)| best - other).collect();
    let behind = hit.ranked[1].behind;
    let least = differences.iter().copied().fold(f64::INFINITY, f64::min);
    let most = differences.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    assert!(least < most, "the seeds differ: {differences:?}");
    assert_eq!((behind.least, behind.most), (least, most));
    assert!(!hit.ranked[0].exact && !hit.ranked[1].exact);
}
