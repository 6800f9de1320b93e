//! One policy of a curve: what is known of it, and where to look next.

use super::reading::Rising;
use super::{CurveLine, Measured, Point, estimate, reading};
use crate::analyze::{ReuseCurve, share};
use crate::config::Config;
use crate::trace::thin::Whole;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// Capacities of the first round.
const FIRST: usize = 13;

/// New capacities of a later round at most.
const MORE: usize = 4;

/// A line that bends by less is straight enough: a tenth of a point of token hit rate.
const STRAIGHT: f64 = 0.001;

/// What one pass tells of all capacities: of the log, or of the trace that it is a sample of.
#[derive(Clone, Debug)]
pub(super) struct Exact {
    pub(super) curve: ReuseCurve,
    pub(super) whole: Option<Whole>,
}

impl Exact {
    fn at(&self, capacity: u32) -> Measured {
        let totals = self.curve.totals();
        let (blocks, input_tokens) = (totals.blocks, totals.input_tokens);
        let of = |capacity| Measured { hits: self.curve.at(capacity), blocks, input_tokens };
        match &self.whole {
            None => of(capacity),
            Some(whole) => estimate::hits(whole, &of(estimate::served(whole, capacity))),
        }
    }

    /// The smallest capacity that hits whatever an unlimited one does.
    fn enough(&self) -> u32 {
        let enough = self.curve.enough();
        self.whole.map_or(enough, |whole| estimate::size(&whole, enough))
    }
}

/// What is known of one policy.
#[derive(Clone, Debug)]
pub(super) struct Line {
    name: String,
    exact: Option<Arc<Exact>>,
    pub(super) config: Config,
    /// What was asked for, and what came back: `None` while it has not, or where nothing can.
    known: BTreeMap<u32, Option<Measured>>,
}

impl Line {
    pub(super) fn new(name: String, exact: Option<Exact>, config: Config) -> Self {
        Self { name, exact: exact.map(Arc::new), config, known: BTreeMap::new() }
    }

    /// The capacities to measure next, `points` in all at most. An exact line answers itself, to
    /// the end, and asks for none.
    pub(super) fn ask(&mut self, capacities: &RangeInclusive<u32>, points: usize) -> Vec<u32> {
        loop {
            let mut wanted = self.wanted(capacities, points);
            wanted.truncate(points.saturating_sub(self.known.len()));
            wanted.iter().for_each(|&capacity| {
                self.known.insert(capacity, None);
            });
            let Some(exact) = &self.exact else { return wanted };
            if wanted.is_empty() {
                return wanted;
            }
            for capacity in wanted {
                self.known.insert(capacity, Some(exact.at(capacity)));
            }
        }
    }

    pub(super) fn take(&mut self, capacity: u32, measured: Option<Measured>) {
        self.known.insert(capacity, measured);
    }

    /// At first capacities even on a logarithmic axis, both ends among them; then the middles of
    /// the intervals where the line bends most.
    fn wanted(&self, capacities: &RangeInclusive<u32>, points: usize) -> Vec<u32> {
        if self.known.is_empty() {
            let count = points.clamp(2, FIRST);
            return spread(*capacities.start(), *capacities.end(), count);
        }
        let points = self.rates();
        let mut bends: Vec<(f64, u32)> = Vec::new();
        for at in 1..points.len() {
            let bend = bend(&points, at - 1).max(bend(&points, at));
            let middle = middle(points[at - 1].0, points[at].0);
            if STRAIGHT < bend && !self.known.contains_key(&middle) {
                bends.push((bend, middle));
            }
        }
        bends.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        bends.into_iter().take(MORE).map(|(_, capacity)| capacity).collect()
    }

    fn rates(&self) -> Vec<(u32, f64)> {
        let rate = Measured::token_hit_rate;
        let known = self.known.iter();
        known.filter_map(|(&capacity, it)| Some((capacity, rate(it.as_ref()?)))).collect()
    }

    /// The line; a cache of `distinct` blocks never evicts any.
    pub(super) fn told(
        &self,
        distinct: u32,
        is_sample: bool,
        bytes: impl Fn(u32) -> f64,
    ) -> CurveLine {
        let gib = |capacity: u32| bytes(capacity) / f64::from(1 << 30);
        let point = |(&capacity, measured): (&u32, &Option<Measured>)| {
            let it = measured.as_ref()?;
            Some(Point {
                capacity,
                gib: gib(capacity),
                token_hit_rate: it.token_hit_rate(),
                prefix_hit_rate: share(it.hits.prefix_hits, it.blocks),
                block_hit_rate: share(it.hits.block_hits, it.blocks),
                hits: it.hits,
            })
        };
        let rates = self.rates();
        let knees = match &self.exact {
            Some(exact) => {
                // LRU hits with more cache whatever it hits with less.
                let rates = Rising(|capacity: u32| exact.at(capacity).token_hit_rate());
                let least = exact.whole.map_or(1, |whole| estimate::least(&whole));
                let range = least..=exact.enough().max(least);
                [
                    reading::knee(range.clone(), true, &rates),
                    reading::worth(range, true, &rates, gib),
                ]
            }
            None => match (rates.first(), rates.last()) {
                (Some(&(first, _)), Some(&(last, _))) => {
                    let rates = reading::Straight(&rates);
                    let (range, flat) = (first..=last, distinct <= last);
                    let knee = reading::knee(range.clone(), flat, &rates);
                    [knee, reading::worth(range, flat, &rates, gib)]
                }
                _ => [None, None],
            },
        };
        let [knee, worth] = knees.map(|found| {
            let (capacity, token_hit_rate) = found?;
            Some(reading::Knee { capacity, gib: gib(capacity), token_hit_rate })
        });
        CurveLine {
            name: self.name.clone(),
            method: match (&self.exact, is_sample) {
                (Some(_), false) => "exact",
                (None, false) => "simulated",
                (Some(_), true) => "estimated",
                (None, true) => "estimated_runs",
            },
            points: self.known.iter().filter_map(point).collect(),
            knee,
            // A GiB is a block or less of most samples, which says nothing of what it brings.
            worth: worth.filter(|_| !is_sample),
        }
    }
}

/// The whole number in the middle of two on a logarithmic axis.
fn middle(a: u32, b: u32) -> u32 {
    libm::round(libm::sqrt(f64::from(a) * f64::from(b))) as u32
}

/// At most `count` ≥ 2 capacities from `first` to `last`, even on a logarithmic axis.
fn spread(first: u32, last: u32, count: usize) -> Vec<u32> {
    let ratio = f64::from(last) / f64::from(first);
    let at = |step: usize| {
        let part = step as f64 / (count - 1) as f64;
        libm::round(f64::from(first) * libm::pow(ratio, part)) as u32
    };
    let mut capacities: Vec<u32> = (0..count).map(at).collect();
    capacities.dedup();
    capacities
}

/// How far the point at `at` lies from the straight line between its neighbours; 0 at the ends.
fn bend(points: &[(u32, f64)], at: usize) -> f64 {
    if at == 0 || at + 1 == points.len() {
        return 0.0;
    }
    let line = reading::straight(points[at - 1], points[at + 1], points[at].0);
    (points[at].1 - line).abs()
}
