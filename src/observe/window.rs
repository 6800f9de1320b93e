//! Sums over the last W requests.

use crate::event::Routed;
use std::collections::VecDeque;

/// Sums inside the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WindowSums {
    /// Requests.
    pub requests: u64,
    /// Block references.
    pub blocks: u64,
    /// Inside the prefix.
    pub prefix_hits: u64,
    /// Longest prefix on any node.
    pub reachable_hits: u64,
    /// Prompt tokens saved.
    pub hit_tokens: u64,
    /// Prompt tokens.
    pub input_tokens: u64,
}

impl WindowSums {
    /// Prompt tokens saved over prompt tokens; `None` while there are none.
    pub fn token_hit_rate(&self) -> Option<f64> {
        (self.input_tokens > 0).then(|| self.hit_tokens as f64 / self.input_tokens as f64)
    }
}

#[derive(Clone, Copy, Debug)]
struct Item {
    node: u16,
    blocks: u32,
    prefix_hits: u32,
    reachable_hits: u32,
    hit_tokens: u32,
    input_tokens: u32,
}

/// The last W requests: 24 bytes each.
#[derive(Clone, Debug)]
pub struct Window {
    size: usize,
    items: VecDeque<Item>,
    total: WindowSums,
    nodes: Vec<WindowSums>,
}

impl Window {
    /// Empty, for the last `size` requests.
    pub fn new(size: usize, nodes: usize) -> Self {
        let (items, total) = (VecDeque::new(), WindowSums::default());
        Self { size, items, total, nodes: vec![total; nodes] }
    }

    /// W.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Over all nodes.
    pub fn total(&self) -> &WindowSums {
        &self.total
    }

    /// By node.
    pub fn nodes(&self) -> &[WindowSums] {
        &self.nodes
    }

    pub(super) fn push(&mut self, routed: &Routed<'_>) {
        if self.items.len() == self.size
            && let Some(item) = self.items.pop_front()
        {
            for sums in [&mut self.total, &mut self.nodes[usize::from(item.node)]] {
                sums.requests -= 1;
                sums.blocks -= u64::from(item.blocks);
                sums.prefix_hits -= u64::from(item.prefix_hits);
                sums.reachable_hits -= u64::from(item.reachable_hits);
                sums.hit_tokens -= u64::from(item.hit_tokens);
                sums.input_tokens -= u64::from(item.input_tokens);
            }
        }
        let item = Item {
            node: routed.node.0,
            blocks: routed.blocks.len() as u32,
            prefix_hits: routed.prefix,
            reachable_hits: routed.reachable,
            hit_tokens: routed.hit_tokens,
            input_tokens: routed.request.input_tokens,
        };
        for sums in [&mut self.total, &mut self.nodes[usize::from(item.node)]] {
            sums.requests += 1;
            sums.blocks += u64::from(item.blocks);
            sums.prefix_hits += u64::from(item.prefix_hits);
            sums.reachable_hits += u64::from(item.reachable_hits);
            sums.hit_tokens += u64::from(item.hit_tokens);
            sums.input_tokens += u64::from(item.input_tokens);
        }
        self.items.push_back(item);
    }
}
