//! Names that rows go by: sessions, scopes of ids, and rows that others wait for.

use super::ids::Name;
use super::open::Open;
use super::record::Record;
use crate::columns::Kept;
use crate::model::BlockId;
use crate::model::Request;
use crate::trace::intern::{Interner, RawId};

/// So many rows' names are kept before any row waits for one by its name.
const NAMES_KEPT: usize = 1 << 16;

/// Sessions numbered densely; where they are [bounded](Sessions::bound), the number of one that is
/// closed goes to another. Where turns name their parent, a session is a tree of turns.
#[derive(Clone, Debug, Default)]
pub(super) struct Sessions {
    open: Open,
    /// Scopes of ids, by kind and name.
    scopes: Interner,
    /// Names of rows, each behind its play's: a play has names of its own.
    rows: Interner,
    /// By name of a row: its request; [`u32::MAX`] for a play.
    row_of: Vec<u32>,
    waited_for: bool,
    /// By session: its latest row.
    latest: Vec<Latest>,
    /// The session of the record's own object, and those of its sub-agents.
    object: Option<u32>,
    agents: Vec<u32>,
}

/// The latest row of a session.
#[derive(Clone, Copy, Debug)]
pub(super) struct Latest {
    /// Its last block, and how many it has.
    pub(super) block: BlockId,
    pub(super) blocks: u32,
    pub(super) input: u32,
    pub(super) output: u32,
    /// When it arrived, where that is known.
    pub(super) arrival_s: f64,
    /// The index of the last row that came out.
    row: Option<u32>,
    /// The last of its full blocks, and how many these are, of the last row that came out.
    full: (BlockId, u32),
    /// How many sessions there were before it.
    serial: u32,
}

impl Latest {
    const NONE: Self = Self {
        block: BlockId::NONE,
        blocks: 0,
        input: 0,
        output: 0,
        arrival_s: f64::NAN,
        row: None,
        full: (BlockId::NONE, 0),
        serial: 0,
    };
}

/// A name as the interner takes it.
pub(super) fn raw(record: &Record, name: Name) -> RawId<'_> {
    match name {
        Name::Number(number) => RawId::Number(number),
        Name::Negative(number) => RawId::Negative(number),
        Name::Text(text) => RawId::Text(record.text(text)),
    }
}

impl Sessions {
    /// How many there were.
    pub(super) fn count(&self) -> u64 {
        self.open.opened()
    }

    /// At most so many are open from here on, 0 is any number: see [`Open`].
    pub(super) fn bound(&mut self, most: usize) {
        self.open.bound(most);
    }

    /// Closes those idle longest, if it is time; returns whether there were any. Before a record.
    pub(super) fn close_idle(&mut self) -> bool {
        let closed = self.open.close_idle();
        for &session in &closed {
            self.latest[session as usize] = Latest::NONE;
        }
        !closed.is_empty()
    }

    /// Whether a row since the last time was of a session that is closed.
    pub(super) fn take_returned(&mut self) -> bool {
        self.open.take_returned()
    }

    /// Memory held, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        let numbers = self.row_of.capacity() * size_of::<u32>();
        self.open.memory_bytes()
            + self.scopes.memory_bytes()
            + self.rows.memory_bytes()
            + self.latest.capacity() * size_of::<Latest>()
            + numbers
    }

    /// Whether there is room for the names of `rows` more rows.
    pub(super) fn has_room(&self, rows: usize) -> bool {
        let room = |interner: &Interner| interner.room() / 4 >= rows;
        self.open.has_room(rows) && room(&self.scopes) && room(&self.rows)
    }

    /// A new record begins.
    pub(super) fn open_record(&mut self) {
        self.object = None;
        self.agents.clear();
    }

    /// The session of `name`: its parent's, if that was seen before it.
    pub(super) fn named(&mut self, name: RawId<'_>, parent: Option<RawId<'_>>) -> u32 {
        let parent = parent.map(|parent| self.named(parent, None));
        if let Some(session) = self.open.of_row(name) {
            return session;
        }
        let (session, is_new) = self.open.open(name, parent);
        if is_new {
            self.begin(session);
        }
        session
    }

    /// The session of `name`, if that was seen.
    pub(super) fn find(&self, name: RawId<'_>) -> Option<u32> {
        self.open.find(name)
    }

    /// The session of the record's object, which may have a name.
    pub(super) fn of_object(&mut self, name: Option<RawId<'_>>) -> u32 {
        if let Some(session) = self.object {
            return session;
        }
        let session = match name {
            Some(name) => self.named(name, None),
            None => self.new_session(),
        };
        self.object = Some(session);
        session
    }

    /// The session of the record's sub-agent `agent`, from 1.
    pub(super) fn of_agent(&mut self, agent: u32) -> u32 {
        while self.agents.len() < agent as usize {
            self.agents.push(Request::NO_SESSION);
        }
        let at = agent as usize - 1;
        if self.agents[at] == Request::NO_SESSION {
            self.agents[at] = self.new_session();
        }
        self.agents[at]
    }

    fn new_session(&mut self) -> u32 {
        let session = self.open.open_unnamed();
        self.begin(session);
        session
    }

    fn begin(&mut self, session: u32) {
        let serial = (self.open.opened() - 1) as u32;
        let latest = Latest { serial, ..Latest::NONE };
        match self.latest.get_mut(session as usize) {
            Some(before) => *before = latest,
            None => self.latest.push(latest),
        }
    }

    /// What the scope of a session's ids goes by, which no other session has had.
    fn serial(&self, session: u32) -> RawId<'static> {
        RawId::Number(u64::from(self.latest[session as usize].serial))
    }

    /// The scope of ids of a play.
    pub(super) fn scope_of_play(&mut self, play: RawId<'_>) -> u32 {
        self.scope(0, play)
    }

    /// The scope of ids of a session.
    pub(super) fn scope_of_session(&mut self, session: u32) -> u32 {
        self.scope(1, self.serial(session))
    }

    /// The scope of ids of a play, if it was seen.
    pub(super) fn find_scope_of_play(&self, play: RawId<'_>) -> Option<u32> {
        self.find_scope(0, play)
    }

    /// The scope of ids of a session, if it was seen.
    pub(super) fn find_scope_of_session(&self, session: u32) -> Option<u32> {
        self.find_scope(1, self.serial(session))
    }

    fn find_scope(&self, kind: u64, name: RawId<'_>) -> Option<u32> {
        let kind = self.scopes.find(BlockId::NONE, RawId::Number(kind))?;
        Some(self.scopes.find(kind, name)?.0)
    }

    fn scope(&mut self, kind: u64, name: RawId<'_>) -> u32 {
        let kind = self.scopes.child(BlockId::NONE, RawId::Number(kind));
        self.scopes.child(kind, name).0
    }

    /// Takes down what a request of a play, or of none, is called; returns whether that is kept.
    pub(super) fn name_row(
        &mut self,
        play: Option<RawId<'_>>,
        name: RawId<'_>,
        request: u32,
    ) -> bool {
        if !self.waited_for && NAMES_KEPT <= self.row_of.len() {
            return false;
        }
        let play = match play {
            Some(play) => self.rows.first_in(0, play),
            None => BlockId::NONE,
        };
        let name = self.rows.child(play, name).index();
        self.row_of.resize(self.rows.len(), u32::MAX);
        self.row_of[name] = request;
        true
    }

    /// Whether any row has waited for one by its name.
    pub(super) fn waits(&self) -> bool {
        self.waited_for
    }

    /// The request called `name` in a play, else that of no play, if it came before.
    pub(super) fn row(&mut self, play: Option<RawId<'_>>, name: RawId<'_>) -> Option<u32> {
        self.waited_for = true;
        let own = play.and_then(|play| self.rows.find_first_in(0, play));
        let plays = own.into_iter().chain([BlockId::NONE]);
        let found = plays.filter_map(|play| self.rows.find(play, name));
        let mut requests = found.map(|name| self.row_of[name.index()]);
        requests.find(|&request| request != u32::MAX)
    }

    /// Adds to `kept` what later rows may begin with: the blocks of every session's latest row,
    /// and of its latest that came out.
    pub(super) fn keep_names(&self, interner: &Interner, kept: &mut Kept) {
        for latest in &self.latest {
            interner.keep_path(latest.block, kept);
            interner.keep_path(latest.full.0, kept);
        }
    }

    /// The latest row of a session; none before its first.
    pub(super) fn latest(&self, session: u32) -> Option<Latest> {
        let latest = self.latest.get(session as usize)?;
        (latest.blocks > 0 || latest.input > 0 || !latest.arrival_s.is_nan()).then_some(*latest)
    }

    /// Whether a row with these blocks, of which the first `full` are full, begins with the full
    /// blocks of the session's row before; takes them down for the row after.
    pub(super) fn goes_on(&mut self, session: u32, blocks: &[BlockId], full: u32) -> bool {
        let Some(latest) = self.latest.get_mut(session as usize) else { return true };
        let (before, count) = latest.full;
        let goes_on = count == 0 || blocks.get(count as usize - 1) == Some(&before);
        if full > 0 {
            latest.full = (blocks[full as usize - 1], full);
        }
        goes_on
    }

    /// The index and the arrival of the session's row that came out last.
    pub(super) fn latest_row(&self, session: u32) -> Option<(u32, f64)> {
        let latest = self.latest.get(session as usize)?;
        latest.row.map(|row| (row, latest.arrival_s))
    }

    /// Takes down that row.
    pub(super) fn set_latest_row(&mut self, session: u32, row: u32) {
        if let Some(latest) = self.latest.get_mut(session as usize) {
            latest.row = Some(row);
        }
    }

    /// The place of a session's latest row.
    pub(super) fn latest_mut(&mut self, session: u32) -> Option<&mut Latest> {
        self.latest.get_mut(session as usize)
    }
}
