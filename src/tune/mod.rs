//! A cluster that watches itself: detection windows, hot blocks, alerts, and the tuner that has the
//! router's weights follow. docs/metrics.md, "Monitoring", has the rules.
//!
//! Nothing here acts. The lane feeds a [`Monitor`] with what was placed, asks it after each window
//! and carries out what it says, each as an event.

mod alert;
mod hot;
mod tuner;
mod window;

use crate::config::{Checked, Monitoring};
use crate::event::Routed;
use crate::model::{AlertKind, Reading, Retuning};
use alert::Alarm;
use hot::Hotspots;
use tuner::Tuner;
use window::Sums;

/// What a lane that is watched keeps for it. A clone goes on as the original would.
#[derive(Clone, Debug)]
pub struct Monitor {
    monitoring: Monitoring,
    sums: Sums,
    /// Blocks of the window's requests, where hot ones are looked for.
    hotspots: Option<Hotspots>,
    alarms: [Alarm; 2],
    tuner: Option<Tuner>,
}

/// What is said at the end of a window.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What the window amounts to.
    pub reading: Reading,
    /// Alerts that were raised (`true`) or cleared.
    pub alerts: Vec<(AlertKind, bool)>,
    /// What is to change before the next request.
    pub retuning: Option<Retuning>,
}

impl Monitor {
    /// Of a lane with this configuration: everything where it is looked at, else only what tunes
    /// it; `None` where neither is so.
    pub fn new(checked: &Checked, looked_at: bool) -> Option<Box<Self>> {
        let monitoring = checked.monitoring;
        (looked_at || monitoring.tunes).then(|| {
            Box::new(Self {
                monitoring,
                sums: Sums::new(checked.all_nodes()),
                hotspots: looked_at.then(Hotspots::default),
                alarms: [Alarm::default(); 2],
                tuner: monitoring.tunes.then(|| Tuner::new(checked)),
            })
        })
    }

    /// A request was placed, for the first time or again.
    #[inline]
    pub fn on(&mut self, routed: &Routed<'_>) {
        self.sums.push(routed.node, &routed.tally);
        if let Some(hotspots) = &mut self.hotspots {
            hotspots.push(routed.blocks);
        }
    }

    /// Whether a window ends with the request of this number, from 1.
    #[inline]
    pub fn is_due(&self, number: u64) -> bool {
        number.is_multiple_of(self.monitoring.window)
    }

    /// A person has given the router's parameter `name` another value.
    pub fn rebase(&mut self, name: &str, value: f64) {
        if let Some(tuner) = &mut self.tuner {
            tuner.rebase(name, value);
        }
    }

    /// Ends the window with the request of this number; `None` where it has no token.
    pub fn end(&mut self, number: u64, alive: &[bool]) -> Option<Verdict> {
        let sums = self.sums.take(alive);
        let share = self.monitoring.hot_share;
        let hot = self.hotspots.as_mut().and_then(|hotspots| hotspots.take(share));
        let (hit_rate, concentration) = sums?;
        let window = number / self.monitoring.window;
        let reading = Reading { window, hit_rate, concentration, hot };
        let alerts = AlertKind::ALL.iter().zip(&mut self.alarms).filter_map(|(&kind, alarm)| {
            Some((kind, alarm.judge(alert::side(kind, &reading, &self.monitoring))?))
        });
        let alerts = alerts.collect();
        let retuning = self.tuner.as_mut().and_then(|tuner| tuner.judge(&reading));
        Some(Verdict { reading, alerts, retuning })
    }

    /// Numbers of blocks that nobody remembers may go to others: hot blocks of this window cannot
    /// be told apart.
    pub fn forget_names(&mut self) {
        if let Some(hotspots) = &mut self.hotspots {
            hotspots.forget();
        }
    }
}
