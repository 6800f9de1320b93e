//! Where the next request comes from: straight from the queue, sorted by arrival, or out of a
//! trace held whole.

use crate::config::Checked;
use crate::error::{Error, Result};
use crate::trace::arrivals::Arrivals;
use crate::trace::future::{Future, MOST_HELD_BLOCKS};
use crate::trace::{Request, RequestQueue};
use crate::types::BlockId;

/// A request on its way into the cluster, with its columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Next {
    pub(super) blocks: Vec<BlockId>,
    /// Next uses by block; empty unless the eviction policy needs them.
    pub(super) next_use: Vec<u32>,
}

/// The order of requests.
#[derive(Clone, Debug)]
pub(super) struct Source {
    whole: Option<Future>,
    needs_future: bool,
    arrivals: Option<Arrivals>,
    ready: bool,
}

impl Source {
    pub(super) fn new(config: &Checked) -> Self {
        let timed = config.timed.as_ref();
        Self {
            whole: config.needs_whole_trace.then(Future::default),
            needs_future: config.needs_future,
            arrivals: timed.map(|timed| Arrivals::new(timed.rate, timed.spread_arrivals)),
            ready: false,
        }
    }

    /// Takes what waits in `queue` as far as this order needs it; returns whether a request can
    /// be served now.
    pub(super) fn prepare(&mut self, queue: &mut RequestQueue, ended: bool) -> Result<bool> {
        if let Some(whole) = &mut self.whole
            && !self.ready
        {
            if !whole.hold(queue) {
                return Err(Error::State(format!(
                    "this run must hold the whole trace (a warm-up or a policy with foresight), \
                     and it has more than {MOST_HELD_BLOCKS} block references: shorten it, or \
                     choose another policy and no warm-up"
                )));
            }
            if !ended {
                return Ok(false);
            }
            if self.needs_future {
                whole.look_ahead();
            }
            self.ready = true;
        }
        match (&mut self.arrivals, &mut self.whole) {
            (Some(arrivals), Some(whole)) => {
                // Sorted inside the window, from the held trace.
                let mut blocks = Vec::new();
                let mut one = RequestQueue::new();
                while !arrivals.prepare(&mut one, whole.waiting() == 0) {
                    let Some(request) = whole.pop_into(&mut blocks, &mut Vec::new()) else {
                        return Ok(false);
                    };
                    one.push(request, &blocks);
                }
                Ok(true)
            }
            (Some(arrivals), None) => Ok(arrivals.prepare(queue, ended)),
            (None, Some(whole)) => Ok(whole.waiting() > 0),
            (None, None) => Ok(!queue.is_empty()),
        }
    }

    /// Takes the request that [`Source::prepare`] found ready, with its arrival under the timed
    /// clock.
    pub(super) fn pop(
        &mut self,
        queue: &mut RequestQueue,
        next: &mut Next,
    ) -> Option<(Request, Option<f64>)> {
        if let Some(arrivals) = &mut self.arrivals {
            let (request, at) = arrivals.pop_into(&mut next.blocks)?;
            return Some((request, Some(at)));
        }
        let request = match &mut self.whole {
            Some(whole) => whole.pop_into(&mut next.blocks, &mut next.next_use)?,
            None => queue.pop_into(&mut next.blocks)?,
        };
        Some((request, None))
    }

    /// Requests taken from the queue and not yet served.
    pub(super) fn held(&self) -> usize {
        let whole = self.whole.as_ref().map_or(0, Future::waiting);
        whole + self.arrivals.as_ref().map_or(0, Arrivals::len)
    }

    /// Requests in the whole trace, where it is held.
    pub(super) fn total(&self) -> Option<usize> {
        self.whole.as_ref().filter(|_| self.ready).map(Future::len)
    }

    /// Requests that came too late to be sorted.
    pub(super) fn late(&self) -> u64 {
        self.arrivals.as_ref().map_or(0, Arrivals::late)
    }
}
