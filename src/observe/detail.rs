//! What pictures and answers need beyond sums, warm-up included.

use super::families::Families;
use super::history::History;
use super::hot::HotBlocks;
use super::series::Series;
use super::tape::Tape;
use super::window::Window;
use crate::columns::Kept;
use crate::event::Event;
use crate::model::Decision;

/// The observers of a run that is looked at.
#[derive(Clone, Debug)]
pub struct Detail {
    /// Requests placed.
    placed: u64,
    window: Window,
    series: Series,
    hot: HotBlocks,
    families: Families,
    history: History,
    tape: Tape,
    explains: bool,
    decision: Option<Decision>,
}

impl Detail {
    pub(super) fn new(nodes: usize, window: usize) -> Self {
        Self {
            placed: 0,
            window: Window::new(window, nodes),
            series: Series::new(nodes),
            hot: HotBlocks::new(window),
            families: Families::default(),
            history: History::default(),
            tape: Tape::default(),
            explains: false,
            decision: None,
        }
    }

    pub(super) fn on(&mut self, event: &Event<'_>) {
        match event {
            Event::Decided(decision) => self.decision = Some(Decision::clone(decision)),
            Event::Routed(routed) => {
                self.placed += 1;
                self.window.push(routed.node, routed.tally);
                self.hot.push(routed.blocks);
                let family = self.families.push(routed.blocks);
                self.tape.on_routed(routed, family);
                self.series.on_routed(routed);
                self.history.settle(self.placed, &self.window);
            }
            Event::Stored(stored) => {
                self.tape.on_stored(stored);
                self.series.on_stored(stored);
            }
            Event::Rejected(rejected) => self.series.on_rejected(rejected),
            Event::Perturbed(perturbed) => self.series.on_perturbed(perturbed),
            // Windows and columns are of what was placed, when it was.
            Event::Interrupted(_) | Event::Postponed(_) => {}
            // The account of these is kept by whoever watches.
            Event::Watched(_) | Event::Alerted(_) | Event::Tuned(_) => {}
            Event::Migrated(migrated) => {
                self.history.push(migrated, self.placed, &self.window, &self.families);
                self.series.on_migrated(migrated);
            }
        }
    }

    /// The last W requests.
    pub fn window(&self) -> &Window {
        &self.window
    }

    /// The time columns.
    pub fn series(&self) -> &Series {
        &self.series
    }

    /// Blocks that recent requests share.
    pub fn hot(&self) -> &HotBlocks {
        &self.hot
    }

    /// Families that requests were seen to begin with.
    pub fn families(&self) -> &Families {
        &self.families
    }

    /// Adds to `kept` the blocks that are remembered by name.
    pub(super) fn keep_names(&self, kept: &mut Kept) {
        self.hot.keep_names(kept);
        self.families.keep_names(kept);
    }

    pub(super) fn forget(&mut self, kept: &Kept) {
        self.families.forget(kept);
    }

    /// The migrations.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The latest requests.
    pub fn tape(&self) -> &Tape {
        &self.tape
    }

    /// The latest decision that was taken down.
    pub fn decision(&self) -> Option<&Decision> {
        self.decision.as_ref()
    }

    pub(super) fn explain(&mut self, wanted: bool) {
        self.explains = wanted;
    }

    pub(super) fn explains(&self) -> bool {
        self.explains
    }

    /// Recounts everything from scratch.
    ///
    /// # Panics
    /// If anything disagrees.
    pub(super) fn validate(&self, resident: &[u32]) {
        self.window.validate();
        self.series.validate(resident);
        self.families.validate();
    }
}
