//! Small states at random: the set of workers that are cheapest.

use super::real::{Asked, Load, Selector, Settings};
use crate::common::seat::{Decided, Seat};
use crate::common::streams::SplitMix;
use crate::report::Row;
use kvscope::model::BlockId;
use kvscope::params::ParamValue;
use kvscope::route::Router;

const STATES: u64 = 1_000_000;
/// States that share their settings and number of workers.
const TOGETHER: u64 = 1000;

/// Draws what a parameter may be.
fn one_of<const K: usize>(random: &mut SplitMix, values: [f64; K]) -> f64 {
    values[(random.next() % K as u64) as usize]
}

pub(super) fn settings(random: &mut SplitMix) -> Settings {
    Settings {
        credit: one_of(random, [0.0, 0.5, 1.0, 1.0, 1.0, 1.5, 3.0]),
        scale: one_of(random, [0.0, 0.5, 1.0, 1.0, 2.0, 8.0]),
        credit_decay: one_of(random, [0.0, 0.0, 0.3, 1.0]),
    }
}

/// A request of few blocks, and workers about as busy as each other.
pub(super) fn state(random: &mut SplitMix, nodes: usize) -> Asked {
    let block_size = [1, 3, 16, 64][(random.next() % 4) as usize];
    let tokens = (random.next() % (6 * u64::from(block_size))) as u32 + 1;
    let complete = u64::from(tokens / block_size);
    let mut load = || Load {
        // Whole blocks more often than not, so that there are ties.
        active_tokens: random.next() % 4 * u64::from(block_size) + random.next() % 8 / 6,
        active_blocks: random.next() % 6,
        additional_blocks: random.next() % (complete + 1),
    };
    let loads = (0..nodes).map(|_| load()).collect();
    let overlap = (0..nodes).map(|_| (random.next() % (complete + 1)) as u32).collect();
    Asked { block_size, tokens, overlap, loads }
}

/// Our router with these settings.
pub(super) fn router(seat: &Seat, settings: &Settings) -> Box<dyn Router> {
    let number = |name, value| (name, ParamValue::Number(value));
    let given = [
        number("credit", settings.credit),
        number("scale", settings.scale),
        number("credit_decay", settings.credit_decay),
    ];
    seat.router("dynamo_kv", &given)
}

/// What our router decides in a state.
pub(super) fn decide(seat: &mut Seat, router: &mut dyn Router, asked: &Asked) -> Decided {
    let complete = asked.tokens / asked.block_size;
    seat.block_size = asked.block_size;
    seat.matched.clone_from(&asked.overlap);
    for (node, load) in asked.loads.iter().enumerate() {
        seat.signals.active_tokens[node] = load.active_tokens;
        seat.signals.active_blocks[node] = load.active_blocks;
        seat.active_matched[node] = complete - load.additional_blocks as u32;
    }
    let blocks: Vec<BlockId> = (0..asked.tokens.div_ceil(asked.block_size)).map(BlockId).collect();
    seat.decide(router, asked.tokens, &blocks)
}

pub(super) fn compare() -> Row {
    let note = "random states of 2 to 8 workers: the set of cheapest workers, its selector asked \
                until every one has come out; credit, scale and credit decay vary";
    let (mut row, mut random) = (Row::new("states", note), SplitMix(16));
    for _ in 0..STATES / TOGETHER {
        let (nodes, settings) = ((random.next() % 7 + 2) as usize, settings(&mut random));
        let selector = Selector::new(nodes, settings);
        let mut seat = Seat::new(nodes, 16);
        let mut router = router(&seat, &settings);
        for _ in 0..TOGETHER {
            let asked = state(&mut random, nodes);
            let ours = decide(&mut seat, &mut *router, &asked).minima;
            let theirs = selector.minima(&asked, &ours);
            let told = || format!("{asked:?} {settings:?}: ours {ours:?}, theirs {theirs:?}");
            row.count(ours == theirs, told);
        }
    }
    row
}
