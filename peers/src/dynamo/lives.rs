//! Whole lives of requests: booking, the end of prefills, the end of requests; the loads that
//! both accounts tell at every decision, and the decision.

use super::real::{Asked, Load, Selector, worker};
use super::states;
use crate::common::seat::Seat;
use crate::common::streams::SplitMix;
use crate::report::Row;
use dynamo_kv_router::protocols::PrefillLoadHint;
use dynamo_kv_router::sequences::{
    ActiveSequencesMultiWorker, NoopSequencePublisher, SequenceRequest,
};
use kvscope::clock::account::{Account, Booking, complete};
use kvscope::model::{BlockId, NodeId};
use std::collections::{BTreeMap, HashMap};
use tokio::time::Instant;

const DECISIONS: u64 = 100_000;
/// Decisions of one cluster; its requests then begin anew.
const TOGETHER: u64 = 500;
const BLOCK_SIZE: u32 = 16;

/// Dynamo's account of active requests, driven by the times at which ours ends them.
pub(super) struct Sequences {
    real: ActiveSequencesMultiWorker<NoopSequencePublisher>,
    now: Instant,
    /// What ends next, in order: the time as bits (all are positive), the request.
    prefills: BTreeMap<(u64, u64), String>,
    requests: BTreeMap<(u64, u64), String>,
}

impl Sequences {
    pub(super) fn new(nodes: usize, block_size: u32) -> Self {
        let workers: HashMap<u64, (u32, u32)> = (0..nodes as u64).map(|id| (id, (0, 1))).collect();
        Self {
            real: ActiveSequencesMultiWorker::new_without_expiry(
                NoopSequencePublisher,
                block_size as usize,
                workers,
                false,
                0,
                "prefill",
            ),
            now: Instant::now(),
            prefills: BTreeMap::new(),
            requests: BTreeMap::new(),
        }
    }

    /// Ends what has ended by `now_s`.
    pub(super) fn advance(&mut self, now_s: f64) {
        let ended = |(time, _): &(u64, u64)| f64::from_bits(*time) <= now_s;
        while let Some(first) = self.prefills.first_entry().filter(|entry| ended(entry.key())) {
            let name = first.remove();
            self.real.mark_prefill_completed(&name, self.now).expect("it is active");
        }
        while let Some(first) = self.requests.first_entry().filter(|entry| ended(entry.key())) {
            let name = first.remove();
            self.real.free(&name, self.now).expect("it is active");
        }
    }

    /// What every worker would carry with a request of these complete blocks.
    pub(super) fn loads(&self, nodes: usize, blocks: &[BlockId]) -> Vec<Load> {
        let projected = self.real.project_worker_loads(Some(&hashes(blocks)), self.now);
        (0..nodes).map(|node| projected[&worker(node)].into()).collect()
    }

    pub(super) fn book(&mut self, booking: &Booking<'_>) {
        let name = booking.number.to_string();
        let request = SequenceRequest {
            request_id: name.clone(),
            token_sequence: Some(hashes(booking.blocks)),
            track_prefill_tokens: true,
            expected_output_tokens: None,
            prefill_load_hint: Some(PrefillLoadHint {
                initial_effective_prefill_tokens: booking.tokens as usize,
                expected_prefill_duration: None,
            }),
            worker: worker(booking.node.index()),
            lora_name: None,
        };
        self.real.add_request(request, self.now).expect("its worker is there");
        self.prefills.insert((booking.prefilled_s.to_bits(), booking.number), name.clone());
        self.requests.insert((booking.ended_s.to_bits(), booking.number), name);
    }
}

fn hashes(blocks: &[BlockId]) -> Vec<u64> {
    blocks.iter().map(|block| u64::from(block.0) + 1).collect()
}

/// A request whose blocks are a path in a small tree, so that prefixes are shared.
fn path(random: &mut SplitMix, names: &mut HashMap<(u32, u64), u32>) -> (u32, Vec<BlockId>) {
    let length = random.next() % 7;
    let (mut parent, mut blocks) = (u32::MAX, Vec::new());
    for _ in 0..length {
        let (next, child) = (names.len() as u32, random.next() % 3);
        parent = *names.entry((parent, child)).or_insert(next);
        blocks.push(BlockId(parent));
    }
    let tokens = BLOCK_SIZE * length as u32 + (random.next() % u64::from(BLOCK_SIZE)) as u32;
    (tokens.max(1), blocks)
}

pub(super) fn compare() -> Row {
    let note = "lives of requests at 2 to 8 workers: active tokens, blocks in use and blocks to \
                come of every worker by its ActiveSequencesMultiWorker, and the cheapest workers";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let runtime = runtime.expect("a runtime for its timers");
    let _entered = runtime.enter();
    let (mut row, mut random) = (Row::new("lives", note), SplitMix(61));
    for _ in 0..DECISIONS / TOGETHER {
        one_cluster(&mut row, &mut random);
    }
    row
}

fn one_cluster(row: &mut Row, random: &mut SplitMix) {
    let (nodes, settings) = ((random.next() % 7 + 2) as usize, states::settings(random));
    let (selector, mut real) = (Selector::new(nodes, settings), Sequences::new(nodes, BLOCK_SIZE));
    let (mut seat, mut account) = (Seat::new(nodes, BLOCK_SIZE), Account::new(nodes));
    let (mut router, mut names) = (states::router(&seat, &settings), HashMap::new());
    for number in 1..=TOGETHER {
        let now_s = number as f64;
        let (tokens, blocks) = path(random, &mut names);
        let full = complete(&blocks, tokens, BLOCK_SIZE);
        account.advance(now_s, &mut seat.signals);
        real.advance(now_s);
        account.matches(full, &mut seat.active_matched);
        let overlap = (0..nodes).map(|_| (random.next() % (full.len() as u64 + 1)) as u32);
        seat.matched = overlap.collect();
        let loads = real.loads(nodes, full);
        let ours = (0..nodes).map(|node| Load {
            active_tokens: seat.signals.active_tokens[node],
            active_blocks: seat.signals.active_blocks[node],
            additional_blocks: full.len() as u64 - u64::from(seat.active_matched[node]),
        });
        let ours: Vec<Load> = ours.collect();
        let overlap = seat.matched.clone();
        let asked = Asked { block_size: BLOCK_SIZE, tokens, overlap, loads };
        let decided = seat.decide(&mut *router, tokens, &blocks);
        let theirs = selector.minima(&asked, &decided.minima);
        let equal = ours == asked.loads && decided.minima == theirs;
        row.count(equal, || format!("{asked:?} {settings:?}: ours {ours:?}, minima {theirs:?}"));
        let node = theirs[(random.next() % theirs.len() as u64) as usize];
        let prefilled_s = now_s + (random.next() % 12) as f64;
        let booking = Booking {
            number,
            node: NodeId::from_index(node),
            blocks: full,
            tokens: u64::from(tokens - BLOCK_SIZE * seat.matched[node]),
            prefilled_s,
            ended_s: prefilled_s + (random.next() % 30) as f64,
        };
        account.book(&booking, &mut seat.signals);
        real.book(&booking);
    }
}
