//! The shape of the prefix tree, and the families of requests in it.
//!
//! A family is a subtree that at least 1 % of the requests enter and whose root is used at most
//! half as often as its parent, or has none. So families nest: each inner one has at most half of
//! its outer one's requests. What a family shares is its *prefix*: the longest run of leading
//! blocks that more than half of its requests begin with, which is one path.

use super::bins::{Bin, Steps};
use crate::analyze::share;
use crate::model::BlockId;
use crate::trace::Log;
use serde::Serialize;

/// Families that are listed.
const LISTED: usize = 32;

/// A family has at least one request of so many.
const PART: u64 = 100;

/// The prefix tree of a trace.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tree {
    /// Blocks without a parent.
    pub roots: u64,
    /// Blocks without children.
    pub leaves: u64,
    /// Blocks with two children or more.
    pub branching: u64,
    /// Blocks of the deepest path.
    pub depth: u64,
    /// Blocks by depth; a root has depth 1.
    pub depths: Vec<Bin>,
    /// Blocks by number of children.
    pub children: Vec<Bin>,
    /// How many families there are.
    pub families: u64,
    /// The largest of them, by requests; ties: the one first seen earliest.
    pub largest: Vec<Family>,
}

/// Requests that begin alike.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Family {
    /// The root of its subtree: the number of the block in order of first appearance.
    pub block: BlockId,
    /// Blocks in front of that.
    pub above: u64,
    /// The root of the family that it is a part of.
    pub within: Option<BlockId>,
    /// Requests that enter.
    pub requests: u64,
    /// Of all requests.
    pub share: f64,
    /// Prompt tokens of those requests.
    pub input_tokens: u64,
    /// Of all prompt tokens.
    pub token_share: f64,
    /// Leading blocks that more than half of them share.
    pub prefix_blocks: u64,
    /// Tokens of those blocks.
    pub prefix_tokens: u64,
    /// Number, from 1, of the first request that begins with all of them.
    pub example_request: u64,
}

/// What one pass tells of the tree.
pub(super) struct Columns<'a> {
    /// The parent of each block.
    pub(super) parents: &'a [BlockId],
    /// The requests that use each block.
    pub(super) uses: &'a [u32],
    /// Blocks by depth.
    pub(super) depths: &'a Steps,
    /// A column of zeros by block.
    pub(super) zeros: Vec<u32>,
}

impl Tree {
    /// O(blocks), and the leading blocks of every request that 1 % of the requests share.
    pub(super) fn of(columns: Columns<'_>, log: &Log, block_size: u32) -> Self {
        let Columns { parents, uses, depths, zeros: mut children } = columns;
        let mut roots = 0;
        for &parent in parents {
            match parent {
                BlockId::NONE => roots += 1,
                parent => children[parent.index()] += 1,
            }
        }
        let mut by_children = Steps::default();
        children.iter().for_each(|&count| by_children.push(u64::from(count)));
        let leaves = children.iter().filter(|&&count| count == 0).count() as u64;
        let branching = children.iter().filter(|&&count| count >= 2).count() as u64;
        let depth = log.iter().map(|found| found.blocks.len() as u64).max().unwrap_or(0);
        children.fill(0);
        let mut largest = families(parents, uses, log, block_size, children);
        largest.sort_by(|a, b| (b.requests, a.block).cmp(&(a.requests, b.block)));
        let families = largest.len() as u64;
        largest.truncate(LISTED);
        let (depths, children) = (depths.bins(), by_children.bins());
        Self { roots, leaves, branching, depth, depths, children, families, largest }
    }
}

/// A block that may belong to a family's prefix: half of 1 % of the requests use it.
struct Shared {
    block: BlockId,
    /// Blocks up to it.
    depth: u64,
    /// The family that it is in, as a place in their list.
    family: Option<usize>,
}

/// All families; `mark` is a column of zeros by block.
fn families(
    parents: &[BlockId],
    uses: &[u32],
    log: &Log,
    block_size: u32,
    mut mark: Vec<u32>,
) -> Vec<Family> {
    let requests = log.len();
    let used = |block: BlockId| u64::from(uses[block.index()]);
    let is_shared = |block: &BlockId| used(*block) > 0 && requests <= 2 * PART * used(*block);
    let mut shared: Vec<Shared> = Vec::new();
    let mut families: Vec<Family> = Vec::new();
    // Parents are first seen before their children, and used as often at least.
    for block in (0..).map(BlockId).take(uses.len()).filter(is_shared) {
        let parent = parents[block.index()];
        let above = shared.binary_search_by_key(&parent, |it| it.block).ok().map(|at| &shared[at]);
        let depth = above.map_or(1, |it| it.depth + 1);
        let mut family = above.and_then(|it| it.family);
        let goes_apart = above.is_none() || 2 * used(block) <= used(parent);
        if goes_apart && requests <= PART * used(block) {
            let within = family.map(|at| families[at].block);
            family = Some(families.len());
            families.push(family_of(block, depth - 1, within, used(block), requests));
            mark[block.index()] = families.len() as u32;
        }
        if let Some(at) = family
            && families[at].requests < 2 * used(block)
        {
            families[at].prefix_blocks = depth;
        }
        shared.push(Shared { block, depth, family });
    }
    let mut input_tokens = 0;
    for (number, found) in (1..).zip(log.iter()) {
        let tokens = u64::from(found.request.input_tokens);
        input_tokens += tokens;
        for block in found.blocks.iter().take_while(|block| is_shared(block)) {
            let Some(at) = mark[block.index()].checked_sub(1) else { continue };
            let family = &mut families[at as usize];
            family.input_tokens += tokens;
            // At this depth more than half of the family's requests use one block only.
            let last = found.blocks.get(family.prefix_blocks as usize - 1);
            let whole = last.is_some_and(|&last| family.requests < 2 * used(last));
            if family.example_request == 0 && whole {
                family.example_request = number;
                let in_prefix = found.tokens_in(family.prefix_blocks as u32, block_size);
                family.prefix_tokens = in_prefix.min(tokens);
            }
        }
    }
    families.iter_mut().for_each(|it| it.token_share = share(it.input_tokens, input_tokens));
    families
}

fn family_of(
    block: BlockId,
    above: u64,
    within: Option<BlockId>,
    uses: u64,
    requests: u64,
) -> Family {
    Family {
        block,
        above,
        within,
        requests: uses,
        share: share(uses, requests),
        input_tokens: 0,
        token_share: 0.0,
        prefix_blocks: 0,
        prefix_tokens: 0,
        example_request: 0,
    }
}
