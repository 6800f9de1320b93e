//! What is done to the cluster while it serves: docs/metrics.md, "What if".

use super::Lane;
use super::flights::Flight;
use super::serve::{Arrival, Placed};
use crate::clock::timed::Timed;
use crate::config::{Change, Moment, Part, Perturbation, Setting};
use crate::event::{Event, Interrupted, Perturbed, Postponed};
use crate::model::{BlockId, NodeId, RequestRef, Retimed, Tally};
use crate::params::ParamValue;
use crate::trace::Log;

/// The perturbations that are still to come.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    /// With their places in the configuration's list, in its order.
    left: Vec<(usize, Perturbation)>,
}

/// A perturbation whose moment has come.
struct Due {
    at_s: f64,
    index: usize,
    perturbation: Perturbation,
}

impl Schedule {
    /// `None` where nothing will happen.
    pub(super) fn new(all: &[Perturbation]) -> Option<Box<Self>> {
        let left: Vec<_> = all.iter().cloned().enumerate().collect();
        (!left.is_empty()).then(|| Box::new(Self { left }))
    }

    /// Takes the first that comes before request `number`, which arrives at `at_s`: by its moment,
    /// then as the list has them. One that names the request comes at its arrival.
    fn take(&mut self, number: u64, at_s: f64) -> Option<Due> {
        let due = self.left.iter().enumerate().filter_map(|(place, (_, one))| match one.moment {
            Moment::Request(named) => (named <= number).then_some((at_s, place)),
            Moment::Seconds(moment_s) => (moment_s <= at_s).then_some((moment_s, place)),
        });
        let (at_s, place) = due.min_by(|one, other| one.0.total_cmp(&other.0))?;
        let (index, perturbation) = self.left.remove(place);
        Some(Due { at_s, index, perturbation })
    }

    fn is_over(&self) -> bool {
        self.left.is_empty()
    }

    /// Whether what waits on a node may still be moved to another time.
    pub(super) fn reschedules(&self) -> bool {
        let does = |change: &Change| matches!(change, Change::Kill(_) | Change::Slow(..));
        self.left.iter().any(|(_, one)| does(&one.change))
    }
}

impl Lane {
    /// Carries out everything that comes before the next request of the order.
    pub(super) fn perturb(&mut self, log: &Log) {
        while let Some(schedule) = &mut self.schedule
            && let Some((place, arrival_s)) = self.order.peek(log)
        {
            // Without time the trace's own timestamps are all there is.
            let trace_s = log.get(place).request.arrival_s;
            let since_s = trace_s - self.first_arrival_s.unwrap_or(trace_s);
            // One that comes too late to be sorted arrives now.
            let reached_s = self.cluster.timed().map_or(0.0, Timed::now_s);
            let here_s = arrival_s.map_or(since_s, |arrival_s| arrival_s.max(reached_s));
            let Some(due) = schedule.take(self.number + 1, here_s) else {
                return;
            };
            if schedule.is_over() {
                self.schedule = None;
            }
            let now_s = match arrival_s {
                Some(_) => self.advance(due.at_s),
                None => self.number as f64,
            };
            self.carry_out(&due, now_s, log);
            if !self.schedule.as_ref().is_some_and(|schedule| schedule.reschedules()) {
                self.flights = None;
            }
        }
    }

    fn carry_out(&mut self, due: &Due, now_s: f64, log: &Log) {
        let mut lost_blocks = 0;
        let mut interrupted = Default::default();
        match due.perturbation.change {
            Change::Kill(node) => {
                let (fresh, node) = (self.config.cache(node as usize), NodeId(node as u16));
                if let Some(flights) = &mut self.flights {
                    interrupted = flights.take(node, now_s);
                }
                lost_blocks = self.cluster.kill(node, fresh);
            }
            Change::Drain(node) => self.cluster.drain(NodeId(node as u16)),
            Change::Heal(node) => self.cluster.heal(NodeId(node as u16)),
            Change::Add(nodes) => self.cluster.add(nodes),
            Change::Slow(node, factor) => self.slow(NodeId(node as u16), factor, now_s, log),
            Change::Forget(block) => lost_blocks = self.cluster.drop_block(BlockId(block)),
            Change::Set(ref set) => {
                self.set(set);
                if let (Part::Router, ParamValue::Number(value)) = (set.part, &set.value) {
                    self.rebase(&set.name, *value);
                }
            }
            Change::Rate(factor) => self.order.change_rate(log, due.at_s, factor),
        }
        self.metrics.on(&Event::Perturbed(Perturbed {
            index: due.index,
            number: self.number + 1,
            at_s: due.at_s,
            timed: self.cluster.timed().is_some(),
            resident: self.cluster.resident(),
            lost_blocks,
        }));
        for flight in &interrupted {
            let last_finish_s = self.flights.as_ref().map_or(0.0, |it| it.last_finish_s());
            let Flight { number, node, tally, wasted_blocks, timing, .. } = *flight;
            self.metrics.on(&Event::Interrupted(Interrupted {
                number,
                node,
                tally,
                wasted_blocks,
                timing,
                last_finish_s,
            }));
        }
        for flight in &interrupted {
            self.arrive_again(flight, now_s, log);
        }
    }

    /// Keeps a request that is placed until its prefill ends; `tally` is what it adds.
    pub(super) fn keep(
        &mut self,
        arrival: &Arrival,
        placed: &Placed,
        found: &RequestRef<'_>,
        tally: &Tally<u32>,
    ) {
        let (Some(flights), Some(timing), Some(counted)) =
            (&mut self.flights, &placed.timing, placed.counted)
        else {
            return;
        };
        let visible = self.config.timed.as_ref().is_some_and(|it| !it.visible_at_completion);
        let stored = if visible { tally.blocks - tally.block_hits } else { 0 };
        // What was evicted is gone, and what was fetched went over a link.
        let taken_back =
            Tally { evictions: 0, rewanted: 0, refused: 0, transferred_blocks: 0, ..*tally };
        let flight = Flight {
            number: arrival.number,
            node: placed.route.node,
            place: u64::from(found.request.index),
            first_s: arrival.again.map_or(timing.arrival_s, |(first_s, _)| first_s),
            ceiling: placed.ceiling,
            again: arrival.again.is_some(),
            sequence: self.arrivals,
            queued: *timing,
            tokens: (found.request.input_tokens, placed.cached),
            tally: taken_back,
            wasted_blocks: stored,
            timing: counted,
        };
        flights.push(flight, timing.arrival_s);
    }

    pub(super) fn set(&mut self, set: &Setting) {
        let (of_router, of_rule) = self.config.checked.set(set);
        if of_router {
            self.router.tune(&self.config.checked.router_params);
        }
        if of_rule
            && let (Some(migrator), Some((_, params))) =
                (&mut self.migrator, &self.config.checked.migration)
        {
            migrator.tune(params);
        }
    }

    /// Prefills that start on `node` from now on take `factor` times as long, and what waits behind
    /// them waits longer.
    fn slow(&mut self, node: NodeId, factor: f64, now_s: f64, log: &Log) {
        self.cluster.slow(node, factor);
        let (Some(flights), Some(timed)) = (&mut self.flights, self.cluster.timed()) else {
            return;
        };
        let service = &timed.config().service;
        let prefill_s = |tokens, cached| timed.prefill_s(node, tokens, cached);
        let moved = flights.retime(node, now_s, (prefill_s, service.fixed_s));
        let last_finish_s = flights.last_finish_s();
        let ends_s = |flight: &Flight| {
            let output_tokens = log.get(flight.place).request.output_tokens;
            service.ends_at(flight.queued.finish_s(), output_tokens)
        };
        let retimed = |(before, after): &(Flight, Flight)| Retimed {
            sequence: after.sequence,
            before: before.queued,
            after: after.queued,
            ended_s: ends_s(after),
        };
        let retimed: Vec<Retimed> = moved.iter().map(retimed).collect();
        self.cluster.retime(node, &retimed);
        for ((before, after), retimed) in moved.iter().zip(&retimed) {
            let (number, before, place) = (after.number, before.timing, after.place);
            let after = after.timing;
            let postponed = Postponed { number, before, after, last_finish_s };
            self.metrics.on(&Event::Postponed(postponed));
            self.order.revise(log, place, retimed.ended_s);
        }
    }

    fn arrive_again(&mut self, flight: &Flight, now_s: f64, log: &Log) {
        let found = log.get(flight.place);
        let finish_s = self.arrive(&found, &flight.again(), now_s);
        self.order.revise(log, flight.place, finish_s);
    }
}
