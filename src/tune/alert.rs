//! Alerts, raised and cleared with hysteresis.

use crate::config::Monitoring;
use crate::model::{AlertKind, Reading};

/// Windows in a row that raise an alert, or clear it.
const IN_A_ROW: u32 = 2;

/// How far on the good side of its threshold a figure must be for an alert to be cleared.
pub(super) const MARGIN: f64 = 0.02;

/// Where a figure stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// Beyond the threshold.
    Bad,
    /// Within it, and not by the margin.
    Between,
    /// Within it by the margin or more.
    Good,
}

/// One alert.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Alarm {
    raised: bool,
    /// Windows in a row that ask for the other.
    streak: u32,
}

impl Alarm {
    /// Takes in a window; returns whether the alert was raised or cleared by it.
    pub(super) fn judge(&mut self, side: Side) -> Option<bool> {
        let wanted = if self.raised { Side::Good } else { Side::Bad };
        self.streak = if side == wanted { self.streak + 1 } else { 0 };
        (self.streak == IN_A_ROW).then(|| {
            *self = Self { raised: !self.raised, streak: 0 };
            self.raised
        })
    }
}

/// Where the figure of an alert stands in a window.
pub(super) fn side(kind: AlertKind, reading: &Reading, monitoring: &Monitoring) -> Side {
    let (bad, good) = match kind {
        AlertKind::HitRate => {
            let (h, least) = (reading.hit_rate, monitoring.hit_rate_min);
            (h < least, least + MARGIN <= h)
        }
        AlertKind::Concentration => {
            let (c, most) = (reading.concentration, monitoring.concentration_max);
            (most < c, c <= most - MARGIN)
        }
    };
    match (bad, good) {
        (true, _) => Side::Bad,
        (_, true) => Side::Good,
        _ => Side::Between,
    }
}
