//! Caches of real engines, block for block: SGLang's radix cache and vLLM's block pool beside our
//! policies under the tree discipline.
//!
//! SGLang's tree has a node for a run of blocks. A twin of it, [`RadixTwin`], shows that three
//! things and no others part it from ours: the whole run of a leaf goes at once, where ours gives
//! up as many blocks as are wanted; where a request shares only the beginning of a run, the rest of
//! it counts as used now; and a request makes room before it stores, where ours makes it block by
//! block and may push out its own last one. With the three it counts SGLang's hits, else ours.

use crate::caches::{self, Count, Peer, Prepared};
use crate::common::{self, PlainRequest};
use crate::report::Row;
use kvscope::cache::{self, Lookup, Marks};
use kvscope::model::BlockId;
use std::collections::BTreeMap;
use std::path::Path;

/// The programs count these of a stream.
const REQUESTS: usize = 3000;

const RUNS: &str = "a node is a run of blocks: it goes whole, and what a request does not share of \
                    a run counts as used; room is made before anything is stored; with these \
                    three a twin counts its hits in every case, without them ours";

/// Compares with the lines that `python/engines.py sglang` printed.
pub(crate) fn sglang(trace: Option<&Path>, counted: &str, wanted: &[&str]) -> Vec<Row> {
    let measure = |prepared: &Prepared, policy: &str, capacity| {
        hits(of(prepared), &format!("leaf_{policy}"), capacity)
    };
    let twin = |prepared: &Prepared, case: &Count| {
        let Count { policy, capacity, count, .. } = case;
        RadixTwin::hits(of(prepared), policy, *capacity, Runs::Whole) == *count
            && RadixTwin::hits(of(prepared), policy, *capacity, Runs::InBlocks)
                == measure(prepared, policy, *capacity)
    };
    caches::compare(
        trace,
        counted,
        wanted,
        &Peer { measure: &measure, note: &|_| RUNS, twin: &twin },
    )
}

/// Compares with the lines that `python/engines.py vllm` printed.
pub(crate) fn vllm(trace: Option<&Path>, counted: &str, wanted: &[&str]) -> Vec<Row> {
    let measure =
        |prepared: &Prepared, _: &str, capacity| hits(of(prepared), "lru_tail_first", capacity);
    let note = |_: &str| "blocks hit in its block pool; our `lru_tail_first` under `tree`";
    caches::compare(
        trace,
        counted,
        wanted,
        &Peer { measure: &measure, note: &note, twin: &|_, _| false },
    )
}

fn of(prepared: &Prepared) -> &[PlainRequest] {
    let requests = &prepared.stream.requests;
    &requests[..requests.len().min(REQUESTS)]
}

/// Blocks that requests found as their prefix under the tree discipline.
fn hits(requests: &[PlainRequest], policy: &str, capacity: u32) -> u64 {
    let row = cache::find(policy).expect("a row of that name");
    let mut cache = common::build(row.policy, row.tree.expect("a tree"), capacity, &[]);
    let mut hits = 0;
    for PlainRequest { blocks, .. } in requests {
        let resident = |&&block: &&_| cache.store().slot(block).is_some();
        hits += blocks.iter().take_while(resident).count() as u64;
        cache.serve(&Lookup { blocks, next_use: &[] }, &mut Marks::nobody());
    }
    hits
}

/// What a leaf gives up when room is wanted, and what of a run counts as used.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Runs {
    /// All of it, and all of it; before the request is stored.
    Whole,
    /// As many of its last blocks as are wanted, and what was shared; block by block.
    InBlocks,
}

/// A run of blocks.
#[derive(Default)]
struct Node {
    run: Vec<BlockId>,
    children: BTreeMap<BlockId, usize>,
    parent: usize,
    uses: u32,
    used_at: u64,
}

/// SGLang's radix tree in its plainest form; node 0 is its root.
struct RadixTwin {
    nodes: Vec<Node>,
    runs: Runs,
    now: u64,
}

impl RadixTwin {
    fn hits(requests: &[PlainRequest], policy: &str, capacity: u32, runs: Runs) -> u64 {
        let mut tree = Self { nodes: vec![Node::default()], runs, now: 0 };
        let (mut free, mut hits) = (capacity as usize, 0);
        for PlainRequest { blocks, .. } in requests {
            tree.now += 1;
            let (path, matched) = tree.walk(blocks);
            hits += matched as u64;
            for &node in &path[1..] {
                tree.nodes[node].uses += 1;
            }
            let new = &blocks[matched..];
            if runs == Runs::InBlocks {
                free = tree.insert_in_blocks(policy, &path, new, free);
                continue;
            }
            while free < new.len() {
                free += tree.give_up(policy, &path, new.len() - free);
            }
            if !new.is_empty() {
                tree.add(*path.last().expect("the root"), new.to_vec(), 1);
                free -= new.len();
            }
        }
        hits
    }

    /// Makes room block by block, until the request would push out its own last one; returns how
    /// many blocks are free.
    fn insert_in_blocks(
        &mut self,
        policy: &str,
        path: &[usize],
        new: &[BlockId],
        mut free: usize,
    ) -> usize {
        let mut own = None;
        for (length, &block) in new.iter().enumerate() {
            if free == 0 {
                free = self.give_up(policy, path, 1);
            }
            let Some(node) = own else {
                own = Some(self.add(*path.last().expect("the root"), vec![block], 1));
                free -= 1;
                continue;
            };
            if self.nodes[node].run.len() < length {
                break;
            }
            self.nodes[node].run.push(block);
            free -= 1;
        }
        free
    }

    /// Makes a node below `parent`.
    fn add(&mut self, parent: usize, run: Vec<BlockId>, uses: u32) -> usize {
        let node = self.nodes.len();
        self.nodes[parent].children.insert(run[0], node);
        self.nodes.push(Node { run, parent, uses, used_at: self.now, ..Node::default() });
        node
    }

    /// Uses the nodes that `blocks` begin with, the last one split if they share a part of it;
    /// returns them from the root on, and how many blocks they hold.
    fn walk(&mut self, blocks: &[BlockId]) -> (Vec<usize>, usize) {
        let (mut path, mut matched) = (vec![0], 0);
        while let Some(&next) = blocks.get(matched) {
            let parent = path[path.len() - 1];
            let Some(&node) = self.nodes[parent].children.get(&next) else { break };
            let run = &self.nodes[node].run;
            let shared = run.iter().zip(&blocks[matched..]).take_while(|(a, b)| a == b).count();
            matched += shared;
            if shared == run.len() {
                self.nodes[node].used_at = self.now;
                path.push(node);
                continue;
            }
            let (begin, rest) = (run[..shared].to_vec(), run[shared..].to_vec());
            let begin = self.add(parent, begin, self.nodes[node].uses);
            self.nodes[begin].children.insert(rest[0], node);
            if self.runs == Runs::Whole {
                self.nodes[node].used_at = self.now;
            }
            (self.nodes[node].run, self.nodes[node].parent) = (rest, begin);
            path.push(begin);
            break;
        }
        (path, matched)
    }

    /// Drops the leaf of least worth that is not on `path`; returns how many blocks are free by it.
    fn give_up(&mut self, policy: &str, path: &[usize], wanted: usize) -> usize {
        let worth = |node: &Node| match policy {
            "lru" => (0, node.used_at),
            "lfu" => (node.uses, node.used_at),
            "slru" => (u32::from(2 <= node.uses), node.used_at),
            _ => panic!("no policy is called {policy}"),
        };
        let is_leaf = |&at: &usize| {
            let node = &self.nodes[at];
            !node.run.is_empty() && node.children.is_empty() && !path.contains(&at)
        };
        let leaves = (1..self.nodes.len()).filter(is_leaf);
        let leaf = leaves.min_by_key(|&at| worth(&self.nodes[at])).expect("there is room for one");
        let run = &mut self.nodes[leaf].run;
        let given = if self.runs == Runs::Whole { run.len() } else { run.len().min(wanted) };
        let first = run[0];
        run.truncate(run.len() - given);
        if run.is_empty() {
            let parent = self.nodes[leaf].parent;
            self.nodes[parent].children.remove(&first);
        }
        given
    }
}
