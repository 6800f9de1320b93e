//! Routers that go by a hash move only what they must when nodes leave, come back and join.

use crate::trace::{BLOCK_TOKENS, Trace, choice, lane};
use kvscope::config::Config;
use kvscope::model::{BlockId, Request};

const KEYS: u32 = 400;
const NODES: usize = 5;

/// Each of the keys once and alone, four times over: sessions where they are asked for.
fn rounds(sessions: bool) -> Trace {
    let request = |index: u32| {
        let key = index % KEYS;
        let request = Request {
            index,
            // Nothing waits for anything.
            arrival_s: f64::from(index) * 100.0,
            input_tokens: BLOCK_TOKENS,
            output_tokens: 0,
            session: if sessions { key } else { Request::NO_SESSION },
        };
        (request, vec![BlockId(key)])
    };
    (0..4 * KEYS).map(request).collect()
}

/// The node of every key, round by round, while something happens between the rounds.
fn homes(router: &str, sessions: bool, between: [&str; 3]) -> Vec<Vec<u32>> {
    let mut config =
        Config::new(NODES, 1000).router(choice(router, &[])).clock(choice("timed", &[]));
    let moments = between.iter().zip(1..).filter(|(what, _)| !what.is_empty());
    config.perturb = moments.map(|(what, round)| format!("{what}@{}", round * KEYS + 1)).collect();
    let mut lane = lane(&config, &rounds(sessions));
    lane.explain(true).expect("everything is observed");
    let mut homes = Vec::new();
    for _ in 0..4 * KEYS {
        lane.step(1).expect("no foresight");
        homes.push(lane.decision().expect("it is explained").node);
    }
    homes.chunks(KEYS as usize).map(<[u32]>::to_vec).collect()
}

const HASHED: [(&str, bool); 4] = [
    ("session_affinity", true),
    ("session_affinity", false),
    ("chwbl", false),
    ("prefix_hash_bounded", false),
];

#[test]
fn only_the_keys_of_a_node_that_leaves_move_and_they_come_back_with_it() {
    for (router, sessions) in HASHED {
        for word in ["kill", "drain"] {
            let leaves = format!("{word}:2");
            let homes = homes(router, sessions, [&leaves, "heal:2", ""]);
            assert!(homes[0].contains(&2), "{router}");
            for (before, after) in homes[0].iter().zip(&homes[1]) {
                assert_ne!(*after, 2, "{router}");
                assert!(*before == 2 || before == after, "{router}: a key moved for nothing");
            }
            let took: Vec<u32> = (0..NODES as u32).filter(|node| *node != 2).collect();
            let moved = homes[0].iter().zip(&homes[1]).filter(|(before, _)| **before == 2);
            let to: Vec<u32> = moved.map(|(_, after)| *after).collect();
            assert!(took.iter().all(|node| to.contains(node)), "{router}: all to one node");
            assert_eq!(homes[0], homes[2], "{router}: they come back");
        }
    }
}

#[test]
fn a_node_that_joins_takes_its_share_and_nothing_else_moves() {
    for (router, sessions) in HASHED {
        let homes = homes(router, sessions, ["add:1", "", "add:1"]);
        for (round, joined) in [(1, 5_u32), (3, 6)] {
            let pairs = homes[round - 1].iter().zip(&homes[round]);
            let moved = pairs.clone().filter(|(before, after)| before != after);
            assert!(moved.clone().all(|(_, after)| *after == joined), "{router}");
            let (moved, fair) = (moved.count(), KEYS as usize / (joined as usize + 1));
            assert!(fair / 2 < moved && moved < 2 * fair, "{router}: {moved} of {KEYS}");
        }
        assert_eq!(homes[1], homes[2], "{router}: nothing happened");
    }
}
