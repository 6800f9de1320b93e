//! A session: one trace, read once, and one to four lanes that serve it in lock-step.
//!
//! This is what the page, the command line and the tests drive: bytes or a workload go in, steps
//! are asked for, lanes are looked at. Nothing is served before the trace has said how many tokens
//! a block has, for the lanes are made for blocks of that size. The log gives back what every lane
//! has passed, unless the session is told to keep it.

mod intake;
mod seek;

use crate::columns::Kept;
use crate::config::{Checked, Config, Resolved};
use crate::error::{Error, Reason, Result};
use crate::model::DEFAULT_BLOCK_SIZE;
use crate::observe::Observe;
use crate::sim::Lane;
use crate::trace::synth::Workload;
use crate::trace::{Log, ReadReport, pack};
use intake::Intake;
use seek::Checkpoints;

/// The most lanes a session has.
pub const MOST_LANES: usize = 4;

/// Most block references that a log which must be kept whole may hold: 8 bytes each with their
/// next uses, so 1.6 GB.
pub const MOST_KEPT_REFERENCES: u64 = 200_000_000;

/// With a budget of distinct blocks, one session for so many of them may be open at once, but not
/// less than a small number.
const SESSIONS_PARTS: usize = 16;
const LEAST_SESSIONS: usize = 1024;

/// Requests that lanes are stepped by before the next lane's turn.
const STRIDE: u64 = 256;

/// One trace and the lanes that serve it.
pub struct Session {
    intake: Intake,
    log: Log,
    configs: Vec<Checked>,
    lanes: Vec<Lane>,
    /// The block size that the lanes are made for, once the trace has said it.
    sized: Option<u32>,
    keep: bool,
    /// Generations of names that the lanes had forgotten when names were last given back.
    generations: u64,
    checkpoints: Checkpoints,
}

impl Session {
    /// Lanes that serve a trace file, whose bytes are pushed in chunks.
    ///
    /// # Errors
    /// A configuration error with every reason at once; a number of lanes outside
    /// `[1, MOST_LANES]`; lanes that insist on different time units or block sizes.
    pub fn read(configs: &[Config]) -> Result<Self> {
        let configs = checked(configs)?;
        let options = configs[0].read_options();
        Self::new(Intake::file(options), Log::new(), configs)
    }

    /// Lanes that serve a built-in workload, which [`Session::make`] makes.
    ///
    /// # Errors
    /// As [`Session::read`].
    pub fn workload(configs: &[Config], workload: Workload) -> Result<Self> {
        let configs = checked(configs)?;
        let mut log = Log::new();
        let intake = Intake::workload(workload, &mut log);
        Self::new(intake, log, configs)
    }

    /// Lanes that serve a log packed by [`Session::pack`].
    ///
    /// # Errors
    /// As [`Session::read`], and if `bytes` are not a packed log.
    pub fn packed(configs: &[Config], bytes: &[u8]) -> Result<Self> {
        let configs = checked(configs)?;
        let (intake, log) = Intake::packed(bytes)?;
        Self::new(intake, log, configs)
    }

    fn new(intake: Intake, log: Log, configs: Vec<Checked>) -> Result<Self> {
        // These show an empty cluster until the trace has said how large its blocks are: what does
        // not fit with blocks of one token never will.
        let empty = |config: &Checked| Ok(Lane::of(config.with_block_size(Some(1))?, Observe::All));
        let lanes = configs.iter().map(empty).collect::<Result<_>>()?;
        let checkpoints = Checkpoints::default();
        let (generations, keep) = (0, false);
        let mut session =
            Self { intake, log, configs, lanes, sized: None, keep, generations, checkpoints };
        session.intake.bound_sessions(session.most_sessions());
        Ok(session)
    }

    /// How many of the trace's sessions may be open at once; 0 is any number, as where some lane
    /// keeps every name.
    fn most_sessions(&self) -> usize {
        let budgets = self.configs.iter().zip(&self.lanes).map(|(config, lane)| {
            if lane.needs_names().is_some() { 0 } else { config.distinct_budget as usize }
        });
        match budgets.min() {
            _ if self.must_keep() => 0,
            None | Some(0) => 0,
            Some(least) => (least / SESSIONS_PARTS).max(LEAST_SESSIONS),
        }
    }

    /// Keeps the whole trace from here on, for studies, seeking and packing. To be called before
    /// the first step.
    pub fn keep(&mut self) {
        self.keep = true;
        self.intake.bound_sessions(0);
    }

    /// Keeps the whole trace, and from here on checkpoints of the lanes within so many bytes, for
    /// [`Session::seek`]. To be called before the first step, or at any time of a session that
    /// keeps the trace.
    pub fn remember(&mut self, budget_bytes: u64) {
        self.keep();
        self.checkpoints = Checkpoints::within(budget_bytes);
    }

    /// Goes to the moment after request `number`, forwards or back, as far as the trace has come:
    /// returns where the lanes are then. Back, from the nearest checkpoint; the same bytes as a
    /// run from the start.
    ///
    /// # Errors
    /// As [`Session::step`]; if the trace before was given back: see [`Session::keep`].
    pub fn seek(&mut self, number: u64) -> Result<u64> {
        let Some(size) = self.sized else {
            self.step(number)?;
            return Ok(self.number());
        };
        let nearest = self.checkpoints.before(number);
        let here = self.number();
        if number < here || nearest.is_some_and(|(at, _)| here < at) {
            if !self.log.is_whole() {
                let reason = "the trace before was given back: a session that goes back keeps it";
                return Err(Error::State(reason.to_owned()));
            }
            let explains = self.lanes[0].explains();
            self.lanes = match nearest {
                Some((_, lanes)) => lanes.to_vec(),
                None => self.fresh(size)?,
            };
            self.explain(explains)?;
        }
        self.step(number - self.number())?;
        Ok(self.number())
    }

    /// Requests that every lane has served.
    fn number(&self) -> u64 {
        self.lanes[0].number()
    }

    /// Takes in the next bytes of the file.
    ///
    /// # Errors
    /// If the session reads no file, if the file has ended, or if the trace must be held whole
    /// and is too long for it.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        self.intake.push(bytes, &mut self.log)?;
        self.check_budget()
    }

    /// The file has ended. Calling it again changes nothing.
    pub fn finish(&mut self) {
        self.intake.finish(&mut self.log);
    }

    /// Nobody wants more of the file, which may have been left within a record. Calling it again
    /// changes nothing.
    pub fn finish_early(&mut self) {
        self.intake.finish_early(&mut self.log);
    }

    /// Makes at most `requests` more requests of the workload; returns whether there are more.
    ///
    /// # Errors
    /// If the session has no workload, or if the trace must be held whole and is too long for it.
    pub fn make(&mut self, requests: u32) -> Result<bool> {
        let more = self.intake.make(requests, &mut self.log)?;
        self.check_budget()?;
        Ok(more)
    }

    /// Serves at most `n` requests on every lane; returns how many. All lanes serve as many:
    /// where one must see more of the trace first, the others wait for it.
    ///
    /// # Errors
    /// As [`Lane::step`]; a configuration error once the trace has said its block size, where a
    /// lane's capacity holds no block of it.
    pub fn step(&mut self, n: u64) -> Result<u64> {
        if !self.size_lanes()? {
            return Ok(0);
        }
        if self.log.is_ended() && self.configs.iter().any(|config| config.needs_future) {
            self.log.look_ahead()?;
        }
        let mut served = 0;
        while served < n {
            let log = &self.log;
            let ready = self.lanes.iter_mut().map(|lane| lane.ready(log)).min().unwrap_or(0);
            let due = self.checkpoints.due_after(self.number());
            let stride = ready.min(n - served).min(STRIDE).min(due);
            for lane in &mut self.lanes {
                let done = lane.step(log, stride)?;
                debug_assert_eq!(done, stride, "what is ready is served");
            }
            if stride == 0 {
                break;
            }
            served += stride;
            self.checkpoints.take(self.number(), &self.lanes);
            self.free();
            self.reclaim();
        }
        Ok(served)
    }

    /// Serves everything that can be.
    ///
    /// # Errors
    /// As [`Session::step`].
    pub fn run(&mut self) -> Result<()> {
        while self.step(u64::MAX)? > 0 {}
        Ok(())
    }

    /// The lanes, in the order of their configurations.
    pub fn lanes(&self) -> &[Lane] {
        &self.lanes
    }

    /// The lanes, once nothing more is to be served.
    pub fn into_lanes(self) -> Vec<Lane> {
        self.lanes
    }

    /// Whether decisions are taken down: see [`Lane::explain`].
    ///
    /// # Errors
    /// As there.
    pub fn explain(&mut self, wanted: bool) -> Result<()> {
        self.lanes.iter_mut().try_for_each(|lane| lane.explain(wanted))
    }

    /// The configurations of the lanes.
    pub fn configs(&self) -> &[Checked] {
        &self.configs
    }

    /// The trace as far as it was read.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// What the reader says of the file; `None` without one.
    pub fn report(&self) -> Option<&ReadReport> {
        self.intake.report()
    }

    /// Requests that came in and were not served by every lane.
    pub fn waiting(&self) -> u64 {
        self.lanes.iter().map(|lane| lane.waiting(&self.log)).max().unwrap_or(0)
    }

    /// Whether every lane has served every request of an ended trace.
    pub fn is_done(&self) -> bool {
        self.log.is_ended() && self.waiting() == 0
    }

    /// Memory held by names and by what is kept of each, in the reader and in the lanes, in bytes.
    pub fn names_bytes(&self) -> usize {
        let lanes = self.lanes.iter().map(Lane::names_bytes);
        self.intake.memory_bytes() + lanes.sum::<usize>()
    }

    /// The log as one buffer, for [`Session::packed`] elsewhere.
    ///
    /// # Errors
    /// If a part of it was given back: see [`Session::keep`].
    pub fn pack(&self) -> Result<Vec<u8>> {
        pack::pack(&self.log)
    }

    /// Makes the lanes for the trace's blocks, once it has said how large they are; returns
    /// whether it has.
    fn size_lanes(&mut self) -> Result<bool> {
        if self.sized.is_some() {
            return Ok(true);
        }
        let size = self.log.block_size().or(self.log.is_ended().then_some(DEFAULT_BLOCK_SIZE));
        let Some(size) = size else { return Ok(false) };
        let explains = self.lanes[0].explains();
        self.lanes = self.fresh(size)?;
        self.explain(explains)?;
        self.sized = Some(size);
        Ok(true)
    }

    /// The lanes before the first request, for blocks of so many tokens.
    fn fresh(&self, size: u32) -> Result<Vec<Lane>> {
        let sized = self.configs.iter().map(|config| config.with_block_size(Some(size)));
        let sized: Vec<Resolved> = sized.collect::<Result<_>>()?;
        // Whoever wants the whole trace wants it with every name.
        let holds_all = self.keep || matches!(self.intake, Intake::Packed);
        let lane = |config: Resolved| {
            let budget = config.checked.distinct_budget;
            let mut lane = Lane::of(config, Observe::All);
            if !holds_all {
                lane.set_budget(budget);
            }
            lane
        };
        Ok(sized.into_iter().map(lane).collect())
    }

    fn must_keep(&self) -> bool {
        self.keep || self.configs.iter().any(|config| config.needs_whole_trace)
    }

    fn free(&mut self) {
        if !self.must_keep() {
            let oldest = self.lanes.iter().map(Lane::oldest).min().unwrap_or(0);
            self.log.free_before(oldest);
        }
    }

    /// Gives back the names that no lane knows and no request of the log has, once every lane has
    /// forgotten some and one of them has since the last time. O(names).
    fn reclaim(&mut self) {
        let generations = || self.lanes.iter().map(Lane::generations);
        let sum = generations().sum();
        if self.generations == sum || generations().any(|it| it == 0) || self.must_keep() {
            return;
        }
        self.generations = sum;
        let mut kept = Kept::default();
        self.lanes.iter().for_each(|lane| lane.keep_named(&mut kept));
        self.log.keep_names(&mut kept);
        self.intake.reclaim(kept);
    }

    fn check_budget(&self) -> Result<()> {
        if self.must_keep() && MOST_KEPT_REFERENCES < self.log.references() {
            return Err(Error::State(format!(
                "this run must hold the whole trace (a warm-up, a study or a policy with \
                 foresight), and it has more than {MOST_KEPT_REFERENCES} block references: \
                 shorten it, or choose another policy and no warm-up"
            )));
        }
        Ok(())
    }
}

/// The configurations, each checked, if they can share one trace.
fn checked(configs: &[Config]) -> Result<Vec<Checked>> {
    if configs.is_empty() || MOST_LANES < configs.len() {
        let found = configs.len();
        let reason = format!("found {found} configurations, expected 1 to {MOST_LANES}");
        return Err(Error::State(reason));
    }
    let configs = checked_each(configs)?;
    let options = configs[0].read_options();
    if configs.iter().any(|config| config.read_options() != options) {
        let reason = "lanes of one session read the trace with one time unit and one block size";
        return Err(Error::State(reason.to_owned()));
    }
    Ok(configs)
}

/// Each configuration, checked; of several, what is wrong with any is told at once, by its letter.
fn checked_each(configs: &[Config]) -> Result<Vec<Checked>> {
    let (mut checked, mut reasons) = (Vec::new(), Vec::new());
    for (lane, config) in ('A'..).zip(configs) {
        match config.check() {
            Ok(config) => checked.push(config),
            Err(Error::Config(mut more)) => {
                if configs.len() > 1 {
                    let named =
                        |reason: &mut Reason| reason.path = format!("lane {lane}: {}", reason.path);
                    more.iter_mut().for_each(named);
                }
                reasons.extend(more);
            }
            Err(other) => return Err(other),
        }
    }
    if reasons.is_empty() { Ok(checked) } else { Err(Error::Config(reasons)) }
}
