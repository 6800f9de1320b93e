//! Sessions, where the trace has them.

use super::bins::{Spread, Spreading};
use crate::model::{Request, RequestRef};
use serde::Serialize;

/// Sessions of a trace.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sessions {
    /// How many.
    pub sessions: u64,
    /// Requests that belong to one.
    pub requests: u64,
    /// Requests that wait for another to finish (closed loops).
    pub waiting: u64,
    /// Requests of a session.
    pub turns: Spread,
    /// Milliseconds from a request to the next of its session, both as the trace has them; 0 where
    /// times run backwards.
    pub gaps_ms: Spread,
}

/// Sessions in the making: 12 bytes each.
#[derive(Clone, Debug, Default)]
pub(super) struct SessionsSoFar {
    turns: Vec<u32>,
    last_s: Vec<f64>,
    waiting: u64,
    gaps_ms: Spreading,
}

impl SessionsSoFar {
    pub(super) fn push(&mut self, found: &RequestRef<'_>) {
        let request = found.request;
        self.waiting += u64::from(!found.waits.is_empty());
        if request.session == Request::NO_SESSION {
            return;
        }
        let at = request.session as usize;
        if self.turns.len() <= at {
            self.turns.resize(at + 1, 0);
            self.last_s.resize(at + 1, 0.0);
        }
        if self.turns[at] > 0 {
            let gap_s = (request.arrival_s - self.last_s[at]).max(0.0);
            self.gaps_ms.push(libm::round(gap_s * 1000.0) as u64);
        }
        self.turns[at] += 1;
        self.last_s[at] = request.arrival_s;
    }

    /// `None` where no request names a session.
    pub(super) fn finish(&self) -> Option<Sessions> {
        let mut turns = Spreading::default();
        let used = self.turns.iter().filter(|&&turns| turns > 0);
        used.for_each(|&count| turns.push(u64::from(count)));
        let turns = turns.finish();
        (turns.count > 0).then(|| Sessions {
            sessions: turns.count,
            requests: turns.sum,
            waiting: self.waiting,
            turns,
            gaps_ms: self.gaps_ms.finish(),
        })
    }
}
