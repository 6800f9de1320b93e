//! What a cluster that watches itself said: alerts, and changes of its router's weights.

use crate::event::{Alerted, Event, Tuned, Watched};
use crate::model::{AlertKind, Reading, TuneReason};
use serde::{Deserialize, Serialize};

/// Alerts and changes kept of each; later ones are counted only.
pub const WATCHED_LIMIT: usize = 10_000;

/// One alert, from when it was raised until it was cleared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertRecord {
    /// What it is about: `hit_rate` or `concentration`.
    pub alert: String,
    /// Number of the request after which it was raised, from 1.
    pub raised: u64,
    /// Arrival of that request in trace seconds.
    pub raised_s: f64,
    /// The figure of the window then.
    pub value: f64,
    /// Number of the request after which it was cleared; `None` while it is not.
    pub cleared: Option<u64>,
    /// Arrival of that request; `None` while it is not.
    pub cleared_s: Option<f64>,
}

/// One weight that was changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TurnRecord {
    /// The router's parameter.
    pub name: String,
    /// Its value until then.
    pub old: f64,
    /// Its value from then on.
    pub new: f64,
}

/// Weights that changed together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TunedRecord {
    /// The detection window after which they did, from 1.
    pub window: u64,
    /// Number of the first request that was routed by them, from 1.
    pub request: u64,
    /// Arrival of the request before it in trace seconds.
    pub time_s: f64,
    /// Token hit rate of the window.
    pub hit_rate: f64,
    /// Concentration of its work.
    pub concentration: f64,
    /// What changed.
    pub changes: Vec<TurnRecord>,
    /// Why: `concentration`, `hit_rate`, `back` or `undone`.
    pub reason: String,
}

impl TunedRecord {
    /// The same as perturbations of a configuration that does not tune.
    pub fn perturbations(&self) -> impl Iterator<Item = String> {
        let of =
            |turn: &TurnRecord| format!("set:router.{}={}@{}", turn.name, turn.new, self.request);
        self.changes.iter().map(of)
    }
}

/// The account of a run that is watched.
#[derive(Clone, Debug, Default)]
pub struct Account {
    windows: u64,
    latest: Option<Reading>,
    alerts: Vec<AlertRecord>,
    raised: u64,
    /// By kind, the record of the alert that is up, where it is kept.
    up: [Option<Up>; 2],
    tuned: Vec<TunedRecord>,
    changes: u64,
    undone: u64,
}

/// An alert that is up.
#[derive(Clone, Copy, Debug)]
struct Up {
    record: Option<usize>,
}

impl Account {
    /// Windows that were judged.
    pub fn windows(&self) -> u64 {
        self.windows
    }

    /// The latest of them.
    pub fn latest(&self) -> Option<&Reading> {
        self.latest.as_ref()
    }

    /// Alerts in the order in which they were raised; at most the first [`WATCHED_LIMIT`].
    pub fn alerts(&self) -> &[AlertRecord] {
        &self.alerts
    }

    /// How many were raised.
    pub fn raised(&self) -> u64 {
        self.raised
    }

    /// Alerts that are up.
    pub fn up(&self) -> impl Iterator<Item = AlertKind> {
        AlertKind::ALL.into_iter().filter(|&kind| self.up[kind as usize].is_some())
    }

    /// Changes of weights, oldest first; at most the first [`WATCHED_LIMIT`].
    pub fn tuned(&self) -> &[TunedRecord] {
        &self.tuned
    }

    /// How many there were.
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// How many of them took an earlier one back.
    pub fn undone(&self) -> u64 {
        self.undone
    }

    pub(super) fn on(&mut self, event: &Event<'_>) {
        match event {
            Event::Watched(watched) => {
                self.windows += 1;
                self.latest = Some(watched.reading);
            }
            Event::Alerted(alerted) => self.alert(alerted),
            Event::Tuned(tuned) => self.tune(tuned),
            _ => {}
        }
    }

    fn alert(&mut self, &Alerted { kind, raised, watched }: &Alerted) {
        let Watched { number, time_s, reading } = watched;
        if !raised {
            let up = self.up[kind as usize].take();
            if let Some(record) = up.and_then(|up| up.record) {
                let record = &mut self.alerts[record];
                (record.cleared, record.cleared_s) = (Some(number), Some(time_s));
            }
            return;
        }
        self.raised += 1;
        let kept = self.alerts.len() < WATCHED_LIMIT;
        self.up[kind as usize] = Some(Up { record: kept.then_some(self.alerts.len()) });
        if kept {
            self.alerts.push(AlertRecord {
                alert: kind.id().to_owned(),
                raised: number,
                raised_s: time_s,
                value: match kind {
                    AlertKind::HitRate => reading.hit_rate,
                    AlertKind::Concentration => reading.concentration,
                },
                cleared: None,
                cleared_s: None,
            });
        }
    }

    fn tune(&mut self, &Tuned { number, time_s, retuning }: &Tuned<'_>) {
        self.changes += 1;
        self.undone += u64::from(retuning.reason == TuneReason::Undone);
        if self.tuned.len() == WATCHED_LIMIT {
            return;
        }
        let turns = retuning.turns.iter();
        let turns =
            turns.map(|it| TurnRecord { name: it.name.to_owned(), old: it.old, new: it.new });
        self.tuned.push(TunedRecord {
            window: retuning.reading.window,
            request: number,
            time_s,
            hit_rate: retuning.reading.hit_rate,
            concentration: retuning.reading.concentration,
            changes: turns.collect(),
            reason: retuning.reason.id().to_owned(),
        });
    }
}
