//! Nodes that are killed, drained, healed and added, as the twin has it: from docs/metrics.md,
//! "What if". Who was placed on a node that is killed and has not finished is taken off the list
//! and arrives again.

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
    Slow(usize, f64),
    Forget(u32),
    Rate(f64),
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kill(node) => write!(f, "kill:{node}"),
            Self::Drain(node) => write!(f, "drain:{node}"),
            Self::Heal(node) => write!(f, "heal:{node}"),
            Self::Add(nodes) => write!(f, "add:{nodes}"),
            Self::Slow(node, factor) => write!(f, "slow:{node}:{factor}"),
            Self::Forget(block) => write!(f, "forget:{block}"),
            Self::Rate(factor) => write!(f, "rate:{factor}"),
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
    /// What came: before which request, and when.
    pub(crate) came: Vec<(u64, f64)>,
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
    /// By what prefills of each node are stretched.
    pub(super) stretch: Vec<f64>,
    /// From when on, on the run's clock, gaps are divided by what.
    rates: Vec<(f64, f64)>,
    pub(crate) postponed: u64,
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
            came: Vec::new(),
            arrivals: 0,
            latest_pick: 0,
            first_placed_s: f64::INFINITY,
            no_node: 0,
            aborted: 0,
            retried: 0,
            lost_blocks: 0,
            wasted_blocks: 0,
            wasted_transfers: 0,
            stretch: vec![1.0; all],
            rates: Vec::new(),
            postponed: 0,
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

    /// Does the first of what comes before the next request, which arrives at `now_s` unless that
    /// changes it; returns whether anything does.
    pub(super) fn perturb(&mut self, asked: &Asked, now_s: f64) -> bool {
        let number = self.nodes.len() as u64 + 1;
        let here_s = if self.settings.logical { asked.timestamp_s } else { now_s };
        let all = self.settings.perturb.iter().enumerate();
        let due =
            all.filter(|(at, _)| !self.members.done[*at]).filter_map(
                |(at, (when, _))| match *when {
                    When::Request(named) => (named <= number).then_some((here_s, at)),
                    When::Seconds(moment_s) => (moment_s <= here_s).then_some((moment_s, at)),
                },
            );
        // The earliest, and the first of the list among equals.
        let first = due.reduce(|one, two| if two.0 < one.0 { two } else { one });
        let Some((at_s, at)) = first else { return false };
        self.members.done[at] = true;
        let at_s = if self.settings.logical { now_s } else { at_s };
        self.store_finished(at_s);
        self.members.came.push((number, at_s));
        self.change(self.settings.perturb[at].1, at_s);
        true
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
            What::Slow(node, factor) => self.slow(node, factor, now_s),
            What::Forget(block) => {
                let lost: u64 = self.caches.iter_mut().map(|cache| cache.forget(block)).sum();
                self.members.lost_blocks += lost;
            }
            What::Rate(factor) => self.members.rates.push((now_s, factor)),
        }
    }

    /// When something happens that would at `steady_s` if the rate had never changed.
    pub(super) fn pace(&self, steady_s: f64) -> f64 {
        let (mut run_s, mut done_s, mut rate) = (0.0, 0.0, 1.0);
        for &(at_s, factor) in &self.members.rates {
            done_s += (at_s - run_s) * rate;
            (run_s, rate) = (at_s, factor);
        }
        run_s + (steady_s - done_s) / rate
    }

    /// Everything that starts at `now_s` or later takes other times, and what follows waits.
    fn slow(&mut self, node: usize, factor: f64, now_s: f64) {
        self.members.stretch[node] = factor;
        let mut free_s = None;
        for at in 0..self.placed.len() {
            let placed = &self.placed[at];
            let begin_s = placed.arrival_s + placed.wait_s;
            if placed.node != node || begin_s < now_s || placed.finish_s() <= now_s {
                continue;
            }
            let prefill_s = self.prefill_s(&placed.asked, placed.prefix, node);
            let fixed_s = self.settings.fixed_s;
            let placed = &mut self.placed[at];
            if let Some(free_s) = free_s {
                placed.wait_s = f64::max(free_s - placed.arrival_s, 0.0);
            }
            placed.prefill_s = prefill_s;
            placed.ttft_s = placed.wait_s + placed.transfer_s + prefill_s + fixed_s;
            free_s = Some(placed.finish_s());
            self.members.postponed += 1;
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
