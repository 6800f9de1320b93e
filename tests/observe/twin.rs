//! The observers' twin: it keeps every event and counts anew whenever it is asked.

use kvscope::event::{Event, Migrated, Rejected, Routed, Stored};
use kvscope::model::{BlockId, NodeId, Tally, Timing};
use std::collections::BTreeMap;

/// An event that owns what it says.
#[derive(Clone, Debug)]
pub(crate) enum Happened {
    Routed { tally: Tally<u32>, at: Place, blocks: Vec<BlockId>, queues: Vec<u32> },
    Stored { tally: Tally<u32>, at: Place },
    Rejected { number: u64, time_s: f64, node: NodeId },
    Migrated { tally: Tally<u32>, at: Place, source: Place },
}

/// What most events have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) number: u64,
    pub(crate) time_s: f64,
    pub(crate) node: NodeId,
    pub(crate) resident: u32,
    pub(crate) timing: Option<Timing>,
}

impl Happened {
    /// The event as observers get it.
    pub(crate) fn event(&self) -> Event<'_> {
        match self {
            Self::Routed { tally, at, blocks, queues } => Event::Routed(Routed {
                number: at.number,
                time_s: at.time_s,
                node: at.node,
                blocks,
                fetched_from: None,
                tally: *tally,
                resident: at.resident,
                timing: at.timing,
                queues,
            }),
            Self::Stored { tally, at } => {
                Event::Stored(Stored { node: at.node, tally: *tally, resident: at.resident })
            }
            Self::Rejected { number, time_s, node } => Event::Rejected(Rejected {
                number: *number,
                time_s: *time_s,
                node: Some(*node),
                again: false,
            }),
            Self::Migrated { tally, at, source } => Event::Migrated(Migrated {
                number: at.number,
                time_s: at.time_s,
                source: source.node,
                target: at.node,
                kind: "move",
                blocks: &[],
                tally: *tally,
                resident: [source.resident, at.resident],
                share_before: 0.0,
            }),
        }
    }

    /// The node on which it counts.
    fn node(&self) -> usize {
        match self {
            Self::Rejected { node, .. } => node.index(),
            Self::Routed { at, .. } | Self::Stored { at, .. } | Self::Migrated { at, .. } => {
                at.node.index()
            }
        }
    }

    /// Where a request was placed.
    fn placed(&self) -> Option<&Place> {
        if let Self::Routed { at, .. } = self { Some(at) } else { None }
    }

    /// When the request came, be it placed or turned away.
    fn arrival_s(&self) -> Option<f64> {
        match self {
            Self::Routed { at, .. } => Some(at.time_s),
            Self::Rejected { time_s, .. } => Some(*time_s),
            Self::Stored { .. } | Self::Migrated { .. } => None,
        }
    }

    /// What is counted of it.
    fn tally(&self) -> Tally {
        let mut sum = Tally::default();
        match self {
            Self::Routed { tally, .. }
            | Self::Stored { tally, .. }
            | Self::Migrated { tally, .. } => sum += *tally,
            Self::Rejected { .. } => sum.rejected = 1,
        }
        sum
    }

    fn is_request(&self) -> bool {
        matches!(self, Self::Routed { .. } | Self::Rejected { .. })
    }
}

/// Everything that has happened.
#[derive(Clone, Debug)]
pub(crate) struct Twin {
    pub(crate) nodes: usize,
    pub(crate) window: usize,
    pub(crate) count_from: u64,
    pub(crate) events: Vec<Happened>,
}

/// A sample as text, but for what a sketch makes of its times.
pub(crate) type SampleText = String;

impl Twin {
    /// Sums of every node over the counted requests.
    pub(crate) fn sums(&self) -> Vec<Tally> {
        let mut nodes = vec![Tally::default(); self.nodes];
        let mut latest = 0;
        for event in &self.events {
            let number = match event {
                Happened::Routed { at, .. } | Happened::Migrated { at, .. } => at.number,
                Happened::Rejected { number, .. } => *number,
                Happened::Stored { .. } => latest,
            };
            if event.is_request() {
                latest = number;
            }
            if self.count_from <= number {
                nodes[event.node()] += event.tally();
            }
        }
        nodes
    }

    /// Times to first token of the counted requests, in their order.
    pub(crate) fn times(&self) -> Vec<f64> {
        let placed = self.events.iter().filter_map(Happened::placed);
        let counted = placed.filter(|at| self.count_from <= at.number);
        counted.filter_map(|at| Some(at.timing?.ttft_s)).collect()
    }

    /// The last W placed requests after the first `events` events.
    fn last(&self, events: usize) -> Vec<&Happened> {
        let placed = self.events[..events].iter().filter(|event| event.placed().is_some());
        let placed: Vec<_> = placed.collect();
        placed[placed.len().saturating_sub(self.window)..].to_vec()
    }

    /// Sums of every node over the window.
    pub(crate) fn window(&self, events: usize) -> Vec<Tally> {
        let mut nodes = vec![Tally::default(); self.nodes];
        for event in self.last(events) {
            nodes[event.node()] += event.tally();
        }
        nodes
    }

    /// Blocks in strictly more than `share` of the window's requests.
    pub(crate) fn hot(&self, share: f64) -> Vec<(BlockId, u32)> {
        let last = self.last(self.events.len());
        let mut counts = BTreeMap::new();
        for event in &last {
            if let Happened::Routed { blocks, .. } = event {
                blocks.iter().for_each(|&block| *counts.entry(block).or_insert(0) += 1);
            }
        }
        let least = share * last.len() as f64;
        counts.into_iter().filter(|&(_, count)| least < f64::from(count)).collect()
    }

    /// The last 256 placed requests: number, node, and what was evicted from each up to the next.
    pub(crate) fn tape(&self) -> Vec<(u64, u16, u32)> {
        let mut marks: Vec<(u64, u16, u32)> = Vec::new();
        for event in &self.events {
            match event {
                Happened::Routed { tally, at, .. } => {
                    marks.push((at.number, at.node.0, tally.evictions));
                }
                Happened::Stored { tally, .. } => {
                    if let Some(mark) = marks.last_mut() {
                        mark.2 += tally.evictions;
                    }
                }
                _ => {}
            }
        }
        marks.split_off(marks.len().saturating_sub(256))
    }

    /// For every migration the token hit rate and the largest share of requests of the window
    /// before it, and of the first full one after it.
    pub(crate) fn history(&self) -> Vec<String> {
        let rates = |events: usize| {
            let nodes = self.window(events);
            let sum = Tally::sum(&nodes);
            let most = nodes.iter().map(|node| node.requests).max().unwrap_or(0);
            (sum.token_hit_rate(), most as f64 / sum.requests.max(1) as f64)
        };
        let migrations = self
            .events
            .iter()
            .enumerate()
            .filter_map(|(at, event)| matches!(event, Happened::Migrated { .. }).then_some(at));
        let told = migrations.map(|at| {
            let (rate, share) = rates(at);
            let after =
                self.events[at..].iter().enumerate().filter(|(_, it)| it.placed().is_some());
            let full = after.map(|(later, _)| at + later + 1).nth(self.window - 1).map(rates);
            let rate_after = full.and_then(|(rate, _)| rate);
            let share_after = full.map(|(_, share)| share);
            format!("{rate:?} {rate_after:?} {share:?} {share_after:?}")
        });
        told.collect()
    }

    /// The columns: one request a sample at first, then neighbours together until they are few.
    pub(crate) fn series(&self) -> (u64, Vec<SampleText>) {
        // Events by the request they belong to: a migration to the next one, the rest to the
        // latest.
        let mut units: Vec<Vec<usize>> = Vec::new();
        let mut open = false;
        for (index, event) in self.events.iter().enumerate() {
            let later = matches!(event, Happened::Stored { .. });
            if !open && (!later || units.is_empty()) {
                units.push(Vec::new());
                open = true;
            }
            units.last_mut().expect("one was pushed").push(index);
            open &= !event.is_request();
        }
        let mut stride = 1;
        while 1024 * stride < units.len() {
            stride *= 2;
        }
        let samples = units.chunks(stride).map(|units| self.sample(&units.concat()));
        (stride as u64, samples.collect())
    }

    fn sample(&self, events: &[usize]) -> SampleText {
        let mut tally = Tally::<u64>::default();
        let mut by_node = vec![(0, 0); self.nodes];
        let (mut timed, mut longest) = (0, 0);
        let mut share = 0.0;
        for &index in events {
            let event = &self.events[index];
            tally += event.tally();
            if let Happened::Routed { tally, at, queues, .. } = event {
                let node = &mut by_node[at.node.index()];
                node.0 += tally.requests;
                node.1 += u64::from(tally.input_tokens - tally.hit_tokens);
                timed += u64::from(at.timing.is_some());
                longest = longest.max(queues.iter().copied().max().unwrap_or(0));
            }
            if event.is_request() {
                share = self.resident_share(index + 1);
            }
        }
        let until = events.last().map_or(0, |&last| last + 1);
        let until = &self.events[..until];
        let request = until.iter().filter(|event| event.is_request()).count();
        let time_s = until.iter().rev().find_map(Happened::arrival_s).unwrap_or(0.0);
        format!("{request} {time_s} {share} {timed} {longest} {by_node:?} {tally:?}")
    }

    /// Resident blocks of the fullest node over all resident after the first `events` events.
    fn resident_share(&self, events: usize) -> f64 {
        let mut resident = vec![0; self.nodes];
        for event in &self.events[..events] {
            match event {
                Happened::Rejected { .. } => {}
                Happened::Routed { at, .. } | Happened::Stored { at, .. } => {
                    resident[at.node.index()] = at.resident;
                }
                Happened::Migrated { at, source, .. } => {
                    resident[source.node.index()] = source.resident;
                    resident[at.node.index()] = at.resident;
                }
            }
        }
        let (sum, most) = (resident.iter().sum::<u32>(), resident.iter().max());
        if sum == 0 { 0.0 } else { f64::from(*most.expect("a node")) / f64::from(sum) }
    }
}
