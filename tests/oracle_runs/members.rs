//! Nodes that are killed, drained, healed and added, as the twin has it: from docs/metrics.md,
//! "What if". Who was placed on a node that is killed and has not finished is taken off the list and
//! arrives again.

use super::twin::{Asked, Placed, Settings, Twin};
use std::fmt;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum When {
    Request(u64),
    Seconds(f64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum What {
    Kill(usize),
    Drain(usize),
    Heal(usize),
    Add(usize),
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kill(node) => write!(f, "kill:{node}"),
            Self::Drain(node) => write!(f, "drain:{node}"),
            Self::Heal(node) => write!(f, "heal:{node}"),
            Self::Add(nodes) => write!(f, "add:{nodes}"),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request(number) => write!(f, "@{number}"),
            Self::Seconds(seconds) => write!(f, "@{seconds}s"),
        }
    }
}

/// Who takes part, and what was counted of that.
pub(crate) struct Members {
    /// `alive`, `draining`, `dead` or `absent`.
    pub(crate) states: Vec<&'static str>,
    done: Vec<bool>,
    pub(super) arrivals: u64,
    pub(super) latest_pick: u32,
    /// The first arrival of a request that was placed.
    pub(super) first_placed_s: f64,
    pub(crate) no_node: u64,
    pub(crate) aborted: u64,
    pub(crate) retried: u64,
    pub(crate) lost_blocks: u64,
    pub(crate) wasted_blocks: u64,
    pub(crate) wasted_transfers: u64,
    /// Every transfer: at which arrival it was placed, its ends, and when it is over.
    pub(super) links: Vec<(u64, [usize; 2], f64)>,
    /// The arrivals there had been when each node was killed last.
    killed_at: Vec<u64>,
}

impl Members {
    pub(super) fn new(settings: &Settings) -> Self {
        let added = settings.perturb.iter().map(|(_, what)| match what {
            What::Add(nodes) => *nodes,
            _ => 0,
        });
        let all = settings.nodes + added.sum::<usize>();
        let state = |node| if node < settings.nodes { "alive" } else { "absent" };
        Self {
            states: (0..all).map(state).collect(),
            done: vec![false; settings.perturb.len()],
            arrivals: 0,
            latest_pick: 0,
            first_placed_s: f64::INFINITY,
            no_node: 0,
            aborted: 0,
            retried: 0,
            lost_blocks: 0,
            wasted_blocks: 0,
            wasted_transfers: 0,
            links: Vec::new(),
            killed_at: vec![0; all],
        }
    }
}

impl Twin {
    pub(crate) fn living(&self) -> Vec<usize> {
        let states = &self.members.states;
        (0..states.len()).filter(|&node| states[node] == "alive").collect()
    }

    /// When the link of a node has nothing to do, as far as the node knows since it was killed.
    pub(super) fn link_free_s(&self, node: usize) -> f64 {
        let since = self.members.killed_at[node];
        let own =
            self.members.links.iter().filter(|(at, ends, _)| since < *at && ends.contains(&node));
        own.map(|(_, _, until_s)| *until_s).fold(0.0, f64::max)
    }

    /// Does what comes before the next request, which arrives at `now_s`.
    pub(super) fn perturb(&mut self, asked: &Asked, now_s: f64) {
        let number = self.nodes.len() as u64 + 1;
        let here_s = if self.settings.logical { asked.timestamp_s } else { now_s };
        loop {
            let all = self.settings.perturb.iter().enumerate();
            let due =
                all.filter(|(at, _)| !self.members.done[*at]).filter_map(|(at, (when, _))| {
                    match *when {
                        When::Request(named) => (named <= number).then_some((here_s, at)),
                        When::Seconds(moment_s) => (moment_s <= here_s).then_some((moment_s, at)),
                    }
                });
            // The earliest, and the first of the list among equals.
            let Some((at_s, at)) = due.reduce(|one, two| if two.0 < one.0 { two } else { one })
            else {
                return;
            };
            self.members.done[at] = true;
            let at_s = if self.settings.logical { now_s } else { at_s };
            self.store_finished(at_s);
            self.change(self.settings.perturb[at].1, at_s);
        }
    }

    fn change(&mut self, what: What, now_s: f64) {
        let states = &mut self.members.states;
        match what {
            What::Kill(node) => self.kill(node, now_s),
            What::Drain(node) => states[node] = "draining",
            What::Heal(node) => states[node] = "alive",
            What::Add(nodes) => {
                let absent = states.iter_mut().filter(|state| **state == "absent");
                absent.take(nodes).for_each(|state| *state = "alive");
            }
        }
    }

    fn kill(&mut self, node: usize, now_s: f64) {
        self.members.states[node] = "dead";
        self.members.killed_at[node] = self.members.arrivals;
        self.members.lost_blocks += self.caches[node].lose();
        let logical = self.settings.logical;
        let unfinished =
            |placed: &Placed| !logical && placed.node == node && now_s < placed.finish_s();
        let (interrupted, placed) =
            std::mem::take(&mut self.placed).into_iter().partition(unfinished);
        let interrupted: Vec<Placed> = interrupted;
        self.placed = placed;
        for it in &interrupted {
            self.caches[node].hits -= it.hits;
            self.members.wasted_transfers += (it.prefix - it.own) as u64;
            if !self.settings.completion {
                self.members.wasted_blocks += it.asked.blocks.len() as u64 - it.hits;
            }
        }
        for it in interrupted {
            self.members.retried += 1;
            self.arrive(&it.asked, now_s, Some((it.first_s, it.ceiling)));
        }
    }
}
