//! Renaming the nodes renames the decisions of the routers whose rows say so, ties apart.
//!
//! A router and its twin see the same clusters, the twin's with other node names. What is
//! compared must be the same for every node under its other name, and the pick too unless it
//! was a tie; a tie that falls differently ends the episode, since the two then have different
//! pasts.

use kvscope::clock::{self, ServiceModel};
use kvscope::columns::Ledger;
use kvscope::model::BlockId;
use kvscope::model::Decode;
use kvscope::model::Request;
use kvscope::params::Params;
use kvscope::rng::Stream;
use kvscope::route::{Build, ClusterView, Notes, Outcome, ROUTERS, Router, RouterRow, Signals};

const NODES: usize = 6;
const BLOCKS: u32 = 24;

/// What a decision sees of the nodes, one value a node.
struct Cluster {
    now_s: f64,
    matched: Vec<u32>,
    active_matched: Vec<u32>,
    resident: Vec<u32>,
    signals: Signals,
    residency: Ledger,
    /// What generates on each node.
    generating: Vec<Vec<Decode>>,
}

impl Cluster {
    /// Nodes that differ in everything.
    fn random(step: u32, stream: &mut Stream) -> Self {
        let mut distinct = |scale: u64| -> Vec<u64> {
            let mut values: Vec<u64> =
                (0..NODES as u64).map(|rank| rank * scale + stream.below(scale)).collect();
            for last in (1..NODES).rev() {
                values.swap(last, stream.below(last as u64 + 1) as usize);
            }
            values
        };
        let narrow = |values: Vec<u64>| values.into_iter().map(|value| value as u32).collect();
        let (matched, active_matched) = (narrow(distinct(4)), narrow(distinct(4)));
        let now_s = f64::from(step) * 0.7;
        let mut signals = Signals::new(NODES);
        signals.taken_s = now_s;
        signals.assigned = distinct(50);
        signals.unfinished = narrow(distinct(5));
        signals.outstanding_tokens = distinct(5000);
        signals.prefill_blocks = distinct(40);
        signals.active_tokens = distinct(3000);
        signals.active_blocks = distinct(30);
        signals.wait_s = distinct(1000).into_iter().map(|value| value as f64 * 1e-3).collect();
        let (counts, blocks) = (distinct(4), distinct(15));
        let generating = counts.into_iter().zip(blocks).map(|(count, blocks)| {
            let (begun_s, prompt_blocks) = (now_s * 0.5, blocks / 2);
            vec![Decode { begun_s, prompt_blocks, blocks }; count as usize]
        });
        let resident = narrow(distinct(160));
        let generating = generating.collect();
        Self {
            now_s,
            residency: Ledger::holding(&matched),
            matched,
            active_matched,
            resident,
            signals,
            generating,
        }
        .with_generating()
    }

    /// Counts the generating requests in the signals.
    fn with_generating(mut self) -> Self {
        for (node, decodes) in self.generating.iter().enumerate() {
            decodes.iter().for_each(|decode| self.signals.begin_decode(node, decode));
        }
        self
    }

    /// The same cluster, its node i called `names[i]`.
    fn renamed(&self, names: &[usize]) -> Self {
        fn renamed<T: Clone>(values: &[T], names: &[usize]) -> Vec<T> {
            let old = |name: usize| names.iter().position(|&new| new == name).expect("a name");
            (0..values.len()).map(|name| values[old(name)].clone()).collect()
        }
        let mut signals = Signals::new(NODES);
        signals.taken_s = self.signals.taken_s;
        signals.assigned = renamed(&self.signals.assigned, names);
        signals.unfinished = renamed(&self.signals.unfinished, names);
        signals.outstanding_tokens = renamed(&self.signals.outstanding_tokens, names);
        signals.prefill_blocks = renamed(&self.signals.prefill_blocks, names);
        signals.active_tokens = renamed(&self.signals.active_tokens, names);
        signals.active_blocks = renamed(&self.signals.active_blocks, names);
        signals.wait_s = renamed(&self.signals.wait_s, names);
        let generating = renamed(&self.generating, names);
        let matched = renamed(&self.matched, names);
        Self {
            now_s: self.now_s,
            residency: Ledger::holding(&matched),
            matched,
            active_matched: renamed(&self.active_matched, names),
            resident: renamed(&self.resident, names),
            signals,
            generating,
        }
        .with_generating()
    }

    /// Lets `router` decide and hear of it; the pick and what was compared.
    fn decide(&self, step: u32, router: &mut dyn Router) -> (usize, Vec<f64>) {
        let request = Request {
            index: step,
            arrival_s: self.now_s,
            input_tokens: BLOCKS * 512 - 100,
            output_tokens: 50,
            session: Request::NO_SESSION,
        };
        let blocks: Vec<BlockId> = (0..BLOCKS).map(BlockId).collect();
        let timed = clock::find("timed").expect("a row");
        let service = ServiceModel::new(&Params::defaults(timed.params), 512);
        let view = ClusterView {
            request: (&request).into(),
            blocks: &blocks,
            token_ends: &[],
            decisions: u64::from(step),
            now_s: self.now_s,
            block_size: 512,
            capacity: 900,
            matched: &self.matched,
            alive: &vec![true; self.resident.len()],
            active_matched: &self.active_matched,
            resident: &self.resident,
            residency: &self.residency,
            signals: &self.signals,
            refreshed: true,
            service: Some(&service),
            outputs: Some(self.signals.outputs(&request)),
        };
        let mut notes = Notes::new(true);
        let node = router.route(&view, &mut notes).node;
        let hit_blocks = self.matched[node.index()];
        let ttft_s = f64::from(hit_blocks);
        router.learn(&view, &Outcome { node, ttft_s, hit_blocks, evicted_blocks: 0 });
        let decision = notes.decision(u64::from(step) + 1, node.index() as u32);
        (node.index(), decision.column(decision.columns.last().expect("a column")))
    }
}

fn build(row: &RouterRow) -> Box<dyn Router> {
    let stream = Stream::new(5, row.id, 0);
    let params = &Params::defaults(row.params);
    (row.build)(Build { params, nodes: NODES, joining: 0, capacity: 100, block_size: 512, stream })
}

fn equal(a: f64, b: f64) -> bool {
    // Sums over nodes are taken in another order.
    a == b || (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

#[test]
fn renaming_nodes_renames_the_decisions_of_symmetric_routers() {
    for row in ROUTERS.iter().filter(|row| row.symmetric) {
        let mut stream = Stream::new(9, row.id, 0);
        let (mut decided, mut ties) = (0, 0);
        for _ in 0..60 {
            let mut names: Vec<usize> = (0..NODES).collect();
            for last in (1..NODES).rev() {
                names.swap(last, stream.below(last as u64 + 1) as usize);
            }
            let (mut router, mut twin) = (build(row), build(row));
            for step in 0..20 {
                let cluster = Cluster::random(step, &mut stream);
                let (node, compared) = cluster.decide(step, &mut *router);
                let (other, twins) = cluster.renamed(&names).decide(step, &mut *twin);
                for (at, &name) in names.iter().enumerate() {
                    let (one, two) = (compared[at], twins[name]);
                    assert!(equal(one, two), "{}: {compared:?} {twins:?} {names:?}", row.id);
                }
                if names[node] != other {
                    let tied = equal(compared[node], twins[other]);
                    assert!(tied, "{}: {node} and {other} of {names:?}", row.id);
                    ties += 1;
                    break;
                }
                decided += 1;
            }
        }
        println!("{}: {decided} decisions renamed, {ties} episodes ended by a tie", row.id);
    }
}
