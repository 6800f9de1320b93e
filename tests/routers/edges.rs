//! Edges that a program one comparison off would get wrong, seen from outside.

use crate::common::drive::{run, serve};
use crate::trace::{by_hand, choice};
use kvscope::config::Config;
use kvscope::params::ParamValue;

/// Prefill seconds of one block of 512 tokens on the measured H100.
const BLOCK_S: f64 = 0.054;

#[test]
fn recent_loads_stay_as_they_were_until_they_are_as_old_as_allowed() {
    let requests: Vec<[u32; 1]> = (0..6).map(|id| [id]).collect();
    let requests: Vec<(f64, &[u32])> = requests.iter().map(|blocks| (0.0, &blocks[..])).collect();
    let trace = by_hand(&requests);
    for router in ["least_loaded", "cache_aware", "enhanced", "hotspot_migration"] {
        let requests = |refresh| {
            let params = match router {
                "hotspot_migration" => &[("refresh", refresh), ("threshold", "1")][..],
                _ => &[("refresh", refresh)],
            };
            let config = Config::new(3, 10).router(choice(router, params));
            run(&config, &trace).summary.node_requests
        };
        assert_eq!(requests("0"), [2, 2, 2], "{router}");
        assert_eq!(requests("3"), [3, 3, 0], "{router}");
        assert_eq!(requests("6"), [6, 0, 0], "{router}");
    }
}

/// One configuration under the timed clock with measured prefill times.
fn timed(router: &str, params: &[(&str, &str)]) -> Config {
    Config::new(2, 100)
        .router(choice(router, params))
        .clock(choice("timed", &[("service", "h100_tp8")]))
}

#[test]
fn a_prefill_that_ends_when_a_request_arrives_is_finished() {
    let second = |at_s| {
        let trace = by_hand(&[(0.0, &[0]), (at_s, &[1])]);
        run(&timed("least_requests", &[]), &trace).nodes()[1]
    };
    assert_eq!([second(BLOCK_S.next_down()), second(BLOCK_S)], [1, 0]);
}

#[test]
fn a_decode_that_ends_when_a_request_arrives_is_finished() {
    let decoding = |at_s| {
        let mut trace = by_hand(&[(0.0, &[0]), (at_s, &[1])]);
        trace[0].0.output_tokens = 10;
        // The window has forgotten the first request, so that only the decode charge is left.
        let router = timed("preble_e2", &[("window_s", "1"), ("decode", "5")]);
        let mut config = router;
        config.clock = config.clock.with("output_token_s", ParamValue::Number(2.0));
        run(&config, &trace).last("load s")
    };
    let end_s = BLOCK_S + 20.0;
    assert_eq!(decoding(end_s.next_down()), [5.0, 0.0]);
    assert_eq!(decoding(end_s), [0.0, 0.0]);
}

#[test]
fn distinct_blocks_and_the_ceiling_follow_the_order_of_serving() {
    // In the file the long request comes first, in time it comes last.
    let trace = by_hand(&[(9.0, &[0, 1, 2, 3]), (5.0, &[0, 4]), (0.0, &[5]), (7.0, &[0, 4, 6])]);
    let told = |count| {
        let summary = serve(&timed("round_robin", &[]), &trace, count).summary;
        (summary.distinct_blocks, summary.sums.ceiling_hits, summary.sums.blocks)
    };
    assert_eq!([1, 2, 3, 4].map(told), [(1, 0, 1), (3, 0, 3), (4, 2, 6), (7, 3, 10)]);
}

#[test]
fn only_what_a_node_has_evicted_since_it_last_had_it_is_wanted_again() {
    // Node 0 serves every other request; before the ninth its two blocks move to node 1.
    let mut config = Config::new(2, 2);
    config.migration = choice("cold_first", &[("interval", "9"), ("fraction", "1")]);
    let (a, b, c, none) = (&[0][..], &[1][..], &[2][..], &[][..]);
    let blocks = [a, none, b, none, c, none, a, none, a, none, b];
    let requests: Vec<(f64, &[u32])> = blocks.iter().map(|&blocks| (0.0, blocks)).collect();
    let rewanted = |count| serve(&config, &by_hand(&requests), count).summary.sums.rewanted;
    assert_eq!(rewanted(6), 0);
    assert_eq!(rewanted(7), 1, "c took the place of a");
    assert_eq!(rewanted(9), 1, "a has come back and was moved away, not evicted");
    assert_eq!(rewanted(11), 2, "a took the place of b");
}
