//! The budget of distinct blocks: when a lane forgets names, and what its figures are then.
//!
//! A lane whose requests have named more blocks than its budget asks everybody who remembers
//! blocks, once a generation, and forgets the others. What it does is as before, since nobody knew
//! these; what it counts of names is from then on a bound. docs/metrics.md has the definition. A
//! lane forgets by what it has served alone, so that neither chunks nor steps nor other lanes
//! change its figures.

use super::Lane;
use crate::columns::Kept;
use serde::{Deserialize, Serialize};

/// Of so many parts of the budget one is for the requests that wait to be served.
const WAITING_PARTS: u32 = 16;

/// The budget as it is in force.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    /// As it was set; 0 is none.
    set: u32,
    /// Who needs every name, so that none is forgotten.
    needed_by: Option<String>,
    /// Names known at which some are forgotten.
    next: u32,
    generations: u64,
    /// Requests served before the first name was forgotten.
    known_to: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { set: 0, needed_by: None, next: u32::MAX, generations: 0, known_to: 0 }
    }
}

impl Budget {
    /// Whether a lane that knows so many names is to forget some.
    #[inline]
    pub(super) fn is_reached(&self, known: u32) -> bool {
        self.next <= known
    }

    /// Names known at which the first are forgotten.
    fn least(&self) -> u32 {
        (self.set - self.set / WAITING_PARTS).max(1)
    }
}

/// Which figures are bounds because names were forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bounds {
    /// Requests up to which every name was known. What comes after may have been named before:
    /// the ceiling and what was wanted again are then at least as told, the distinct blocks at
    /// most.
    pub names_known_to: u64,
    /// Names that are known at most, the budget as it is in force.
    pub names_budget: u32,
}

impl Lane {
    /// From now on at most `blocks` names are known, or twice as many as are remembered; 0 is any
    /// number. To be called before the first request. Without effect, but for a
    /// [warning](Lane::budget_warning), where somebody needs every name.
    pub fn set_budget(&mut self, blocks: u32) {
        debug_assert_eq!(self.number, 0, "before the first request");
        self.budget = Budget { set: blocks, ..Budget::default() };
        if blocks > 0 {
            self.budget.needed_by = self.needs_names();
            if self.budget.needed_by.is_none() {
                self.budget.next = self.budget.least();
            }
        }
    }

    /// Generations of names that were forgotten.
    pub fn generations(&self) -> u64 {
        self.budget.generations
    }

    /// Since when which figures are bounds; `None` while all are exact.
    pub fn bounds(&self) -> Option<Bounds> {
        let Budget { generations, known_to, next, .. } = self.budget;
        let names_budget = next.max(self.budget.set);
        (generations > 0).then_some(Bounds { names_known_to: known_to, names_budget })
    }

    /// What there is to say of a budget that could not be kept.
    pub fn budget_warning(&self) -> Option<String> {
        let Budget { set, next, needed_by, generations, .. } = &self.budget;
        if let Some(needed_by) = needed_by {
            let passed = *set < self.cluster.caches().known();
            return passed.then(|| {
                format!(
                    "there are more than the budget of {set} distinct blocks, and it is not in \
                     force: {needed_by}, so every name is kept and memory follows the distinct \
                     blocks"
                )
            });
        }
        let raised = *generations > 0 && set < next;
        raised.then(|| {
            format!(
                "over half of the budget of {set} distinct blocks are remembered at once \
                 (resident, in ghost lists, in flight, in the window, and what leads to them): it \
                 was raised to {next}"
            )
        })
    }

    /// Adds to `kept` the names that this lane knows.
    pub fn keep_named(&self, kept: &mut Kept) {
        self.cluster.caches().keep_named(kept);
    }

    /// Memory held by what is kept of every name and of every session, in bytes.
    pub fn names_bytes(&self) -> usize {
        self.cluster.caches().memory_bytes() + self.order.memory_bytes()
    }

    /// Forgets the names that nobody remembers. O(names known), after at least half as many new
    /// ones.
    #[cold]
    pub(super) fn forget(&mut self) {
        let mut kept = Kept::default();
        self.cluster.keep_names(&mut kept);
        self.router.keep_names(&mut kept);
        if let Some(migrator) = &self.migrator {
            migrator.keep_names(&mut kept);
        }
        self.metrics.keep_names(&mut kept);
        if let Some(monitor) = &mut self.monitor {
            monitor.forget_names();
        }
        assert!(!kept.is_all(), "who needs every name says so from the beginning");
        self.cluster.forget(&mut kept);
        self.metrics.forget(&kept);
        let budget = &mut self.budget;
        if budget.generations == 0 {
            budget.known_to = self.number;
        }
        budget.generations += 1;
        let remembered = self.cluster.caches().known();
        budget.next = budget.least().max(remembered.saturating_mul(2));
        if cfg!(debug_assertions) {
            self.validate();
        }
    }

    /// Who needs every name, in words.
    pub(crate) fn needs_names(&self) -> Option<String> {
        let checked = &self.config.checked;
        if checked.needs_whole_trace {
            let reason = "a warm-up, or a policy that needs the future, holds the whole trace";
            return Some(reason.to_owned());
        }
        if !checked.perturb.is_empty() {
            let reason = "what is done to the cluster calls blocks and requests by their numbers";
            return Some(reason.to_owned());
        }
        let needs_all = |ask: &dyn Fn(&mut Kept)| {
            let mut kept = Kept::default();
            ask(&mut kept);
            kept.is_all()
        };
        let rule = |kept: &mut Kept| self.migrator.iter().for_each(|rule| rule.keep_names(kept));
        let rule_id = checked.migration.as_ref().map_or("", |(row, _)| row.id);
        if needs_all(&|kept| self.router.keep_names(kept)) {
            Some(format!("the router {} goes by the numbers of blocks", checked.router.id))
        } else if needs_all(&rule) {
            Some(format!("the migration rule {rule_id} goes by the numbers of blocks"))
        } else if needs_all(&|kept| self.cluster.keep_names(kept)) {
            Some(format!("the eviction policy {} forgets no block", checked.eviction.id))
        } else {
            None
        }
    }
}
