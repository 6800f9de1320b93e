//! What follows from watching: docs/metrics.md, "Monitoring".

use super::Lane;
use crate::config::{Part, Setting};
use crate::event::{Alerted, Event, Tuned, Watched};
use crate::params::ParamValue;

impl Lane {
    /// Before a request: the weights are changed that the last window asked to change.
    #[inline]
    pub(super) fn retune(&mut self) {
        if let Some(retuning) = self.retuning.take() {
            for turn in &retuning.turns {
                self.set(&Setting {
                    part: Part::Router,
                    name: turn.name.to_owned(),
                    value: ParamValue::Number(turn.new),
                });
            }
            self.metrics.on(&Event::Tuned(Tuned {
                number: self.number + 1,
                time_s: self.last_arrival_s,
                retuning: &retuning,
            }));
        }
    }

    /// A person has given a weight of the router a value, which goes before what was asked for.
    pub(super) fn rebase(&mut self, name: &str, value: f64) {
        if let Some(monitor) = &mut self.monitor {
            monitor.rebase(name, value);
        }
        if let Some(retuning) = &mut self.retuning {
            retuning.turns.retain(|turn| turn.name != name);
        }
        self.retuning.take_if(|retuning| retuning.turns.is_empty());
    }

    /// After a request: a detection window may have ended with it.
    #[inline]
    pub(super) fn watch(&mut self) {
        if let Some(monitor) = &mut self.monitor
            && monitor.is_due(self.number)
            && let Some(verdict) = monitor.end(self.number, self.cluster.alive())
        {
            let (number, time_s) = (self.number, self.last_arrival_s);
            let watched = Watched { number, time_s, reading: verdict.reading };
            self.metrics.on(&Event::Watched(watched));
            for (kind, raised) in verdict.alerts {
                self.metrics.on(&Event::Alerted(Alerted { kind, raised, watched }));
            }
            self.retuning = verdict.retuning.map(Box::new);
        }
    }
}
