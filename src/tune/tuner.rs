//! The auto-tuner: the router's weights of match and load follow what the windows say.
//!
//! Source: the notes' weights for crowded clusters; the rest of the rule, its bounds and what is
//! undone are ours. docs/metrics.md, "Monitoring", has all of it. When not to use it: where the
//! weights are right it moves them anyway whenever a window is bad for reasons of its own.

use crate::config::{Checked, Monitoring};
use crate::model::{Reading, Retuning, TuneReason, Turn};
use crate::params::{ParamKind, ParamSpec, Role};
use std::collections::VecDeque;

/// Least and most that a weight may become, times what was configured.
const BOUNDS: [f64; 2] = [0.2, 5.0];

/// Concentration above which the match counts much less.
const CROWDED: f64 = 0.8;

/// Part of the way back that a window goes where nothing is wrong.
const BACK: f64 = 0.1;

/// The part of the largest concentration below which hits may be sought at its cost.
const SPREAD: f64 = 0.9;

/// How far the hit rate must have fallen for a change to be undone.
const LOSS: f64 = 0.02;

/// Windows after a change at the end of which it is judged.
const TRIAL: u64 = 2;

/// Windows after an undoing in which nothing changes.
const HOLD_OFF: u64 = 4;

/// A weight that is tuned.
#[derive(Clone, Copy, Debug)]
struct Weight {
    name: &'static str,
    /// What the row accepts.
    range: [f64; 2],
    /// What a person gave.
    base: f64,
    value: f64,
}

impl Weight {
    fn new(checked: &Checked, role: Role) -> Option<Self> {
        let spec: &ParamSpec = checked.router.params.iter().find(|it| it.role == Some(role))?;
        let ParamKind::Number { min, max, .. } = spec.kind else { return None };
        let base = checked.router_params.number(spec.name);
        Some(Self { name: spec.name, range: [min, max], base, value: base })
    }

    fn bounded(&self, value: f64) -> f64 {
        let [least, most] = BOUNDS.map(|factor| factor * self.base);
        value.clamp(least, most).clamp(self.range[0], self.range[1])
    }
}

/// A change that may yet be undone.
#[derive(Clone, Debug)]
struct Trial {
    /// After which judged window it was made.
    judged: u64,
    hit_rate: f64,
    concentration: f64,
    /// The weights before.
    values: [f64; 2],
}

/// The weights of a router, and what was changed of late.
#[derive(Clone, Debug)]
pub(super) struct Tuner {
    monitoring: Monitoring,
    /// Of the match, where the router has one, and of the load.
    affinity: Option<Weight>,
    balance: Option<Weight>,
    /// Windows judged so far.
    judged: u64,
    trials: VecDeque<Trial>,
    /// Until this window, itself included, nothing changes.
    held_until: u64,
}

impl Tuner {
    pub(super) fn new(checked: &Checked) -> Self {
        Self {
            monitoring: checked.monitoring,
            affinity: Weight::new(checked, Role::Affinity),
            balance: Weight::new(checked, Role::Balance),
            judged: 0,
            trials: VecDeque::new(),
            held_until: 0,
        }
    }

    /// A person's value is what the bounds are of and what it goes back to; what was changed before
    /// is no longer judged.
    pub(super) fn rebase(&mut self, name: &str, value: f64) {
        let weights = self.affinity.iter_mut().chain(&mut self.balance);
        for weight in weights.filter(|weight| weight.name == name) {
            (weight.base, weight.value) = (value, value);
            self.trials.clear();
        }
    }

    /// What changes after this window, if anything.
    pub(super) fn judge(&mut self, reading: &Reading) -> Option<Retuning> {
        self.judged += 1;
        let ended = self.trials.pop_front_if(|trial| trial.judged + TRIAL == self.judged);
        if self.judged <= self.held_until {
            return None;
        }
        let failed = ended.filter(|trial| {
            let lost = reading.hit_rate < trial.hit_rate - LOSS;
            lost && trial.concentration <= reading.concentration
        });
        let before = self.values();
        let (wanted, reason) = match failed {
            Some(trial) => {
                self.trials.clear();
                self.held_until = self.judged + HOLD_OFF;
                (trial.values, TuneReason::Undone)
            }
            None => self.wanted(reading),
        };
        let turns = self.turn(wanted);
        if turns.is_empty() {
            return None;
        }
        if reason != TuneReason::Undone {
            let Reading { hit_rate, concentration, .. } = *reading;
            let (judged, values) = (self.judged, before);
            self.trials.push_back(Trial { judged, hit_rate, concentration, values });
        }
        Some(Retuning { reading: *reading, turns, reason })
    }

    /// The weights of match and load; 0 for one that the router has not.
    fn values(&self) -> [f64; 2] {
        [self.affinity, self.balance].map(|weight| weight.map_or(0.0, |weight| weight.value))
    }

    /// What a window asks for.
    fn wanted(&self, reading: &Reading) -> ([f64; 2], TuneReason) {
        let [affinity, balance] = self.values();
        let (h, c) = (reading.hit_rate, reading.concentration);
        let Monitoring { hit_rate_min, concentration_max, .. } = self.monitoring;
        if concentration_max < c {
            let factor = if CROWDED < c { 0.3 } else { 0.9 };
            ([affinity * factor, balance * 1.5], TuneReason::Concentration)
        } else if h < hit_rate_min && c < SPREAD * concentration_max {
            ([affinity * 1.1, balance * 0.9], TuneReason::HitRate)
        } else {
            let back = |weight: Option<Weight>| {
                weight.map_or(0.0, |it| it.value + BACK * (it.base - it.value))
            };
            ([back(self.affinity), back(self.balance)], TuneReason::Back)
        }
    }

    /// Gives the weights these values, as far as their bounds let them.
    fn turn(&mut self, wanted: [f64; 2]) -> Vec<Turn> {
        let mut turns = Vec::new();
        for (weight, wanted) in [&mut self.affinity, &mut self.balance].into_iter().zip(wanted) {
            let Some(weight) = weight else { continue };
            let (old, new) = (weight.value, weight.bounded(wanted));
            if old != new {
                weight.value = new;
                turns.push(Turn { name: weight.name, old, new });
            }
        }
        turns
    }
}
