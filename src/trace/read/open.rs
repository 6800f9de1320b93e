//! Names of sessions, in two generations where their number is bounded.
//!
//! The next line may be a row of any session, so that memory follows their number. With a bound
//! the sessions idle longest are closed: names that a row has had lately are young; once there are
//! half as many as may be open, the young ones become the old ones, and of the old ones those that
//! no row has had since are closed. A row finds its session among both, and makes its name young.
//! Names of the generation closed last are kept alone, so that a row of one of its sessions can be
//! told. Cost: O(1) a row, amortised. Memory: three generations of names.

use crate::model::BlockId;
use crate::trace::intern::{Interner, RawId};

/// The names of one generation, and the places of their sessions.
#[derive(Clone, Debug, Default)]
struct Generation {
    names: Interner,
    place_of: Vec<u32>,
}

impl Generation {
    fn find(&self, name: RawId<'_>) -> Option<u32> {
        let name = self.names.find(BlockId::NONE, name)?;
        Some(self.place_of[name.index()])
    }

    fn put(&mut self, name: RawId<'_>, place: u32) {
        let name = self.names.child(BlockId::NONE, name).index();
        debug_assert_eq!(name, self.place_of.len(), "a name that this generation has not");
        self.place_of.push(place);
    }

    fn memory_bytes(&self) -> usize {
        self.names.memory_bytes() + self.place_of.capacity() * size_of::<u32>()
    }
}

/// Sessions that are open, by name; each has a place, which a later one gets once it is closed.
#[derive(Clone, Debug, Default)]
pub(super) struct Open {
    young: Generation,
    old: Generation,
    closed: Interner,
    /// By place: the generation that had a row of it last; [`Open::FREE`] where there is none.
    used: Vec<u32>,
    free: Vec<u32>,
    generation: u32,
    /// Sessions in all, and those of this generation that have no name.
    opened: u64,
    unnamed: usize,
    /// At most so many are open; 0 is any number.
    most: usize,
    /// A row was of a session that is closed.
    returned: bool,
}

impl Open {
    const FREE: u32 = u32::MAX;

    /// At most so many from here on; 0 is any number.
    pub(super) fn bound(&mut self, most: usize) {
        self.most = most;
    }

    /// How many there have been. One that was closed and comes again is counted again.
    pub(super) fn opened(&self) -> u64 {
        self.opened
    }

    /// Whether there is room for the names of `rows` more rows.
    pub(super) fn has_room(&self, rows: usize) -> bool {
        self.young.names.room() / 4 >= rows && self.used.len() <= u32::MAX as usize / 2
    }

    /// The session of `name`, if it is open.
    pub(super) fn find(&self, name: RawId<'_>) -> Option<u32> {
        self.young.find(name).or_else(|| self.old.find(name))
    }

    /// The same for a row of it.
    pub(super) fn of_row(&mut self, name: RawId<'_>) -> Option<u32> {
        let place = match self.young.find(name) {
            Some(place) => place,
            None => {
                let place = self.old.find(name)?;
                self.young.put(name, place);
                place
            }
        };
        self.used[place as usize] = self.generation;
        Some(place)
    }

    /// Gives a name that is not open to a session: to a new one where none is said. Returns its
    /// place, and whether it is new.
    pub(super) fn open(&mut self, name: RawId<'_>, session: Option<u32>) -> (u32, bool) {
        self.returned |= self.closed.find(BlockId::NONE, name).is_some();
        let place = session.unwrap_or_else(|| self.place());
        self.young.put(name, place);
        (place, session.is_none())
    }

    /// Opens a session without a name.
    pub(super) fn open_unnamed(&mut self) -> u32 {
        self.unnamed += 1;
        self.place()
    }

    fn place(&mut self) -> u32 {
        self.opened += 1;
        let place = self.free.pop().unwrap_or_else(|| {
            self.used.push(Self::FREE);
            self.used.len() as u32 - 1
        });
        self.used[place as usize] = self.generation;
        place
    }

    /// Whether a row since the last time was of a session that is closed.
    pub(super) fn take_returned(&mut self) -> bool {
        std::mem::take(&mut self.returned)
    }

    /// Closes those idle longest, if it is time: their places. Not within a record, whose sessions
    /// must stay.
    pub(super) fn close_idle(&mut self) -> Vec<u32> {
        if self.most == 0 || self.young.place_of.len() + self.unnamed < self.most.div_ceil(2) {
            return Vec::new();
        }
        let young = std::mem::take(&mut self.young);
        self.closed = std::mem::replace(&mut self.old, young).names;
        self.unnamed = 0;
        self.generation += 1;
        let idle = |&(_, used): &(u32, &u32)| *used != Self::FREE && *used + 1 < self.generation;
        let closed: Vec<u32> = (0..).zip(&self.used).filter(idle).map(|(place, _)| place).collect();
        for &place in &closed {
            self.used[place as usize] = Self::FREE;
        }
        self.free.extend(closed.iter().rev());
        closed
    }

    /// Memory held, in bytes.
    pub(super) fn memory_bytes(&self) -> usize {
        let places = self.used.capacity() + self.free.capacity();
        self.young.memory_bytes()
            + self.old.memory_bytes()
            + self.closed.memory_bytes()
            + places * size_of::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    /// The obvious form: of each name, the generation that had it last.
    #[test]
    fn those_idle_for_a_generation_are_closed_and_their_places_given_to_others() {
        let mut stream = Stream::new(3, "open", 0);
        let mut open = Open::default();
        open.bound(40);
        let (mut last, mut generation) = (vec![None::<u32>; 300], 0);
        let (mut young, mut returned, mut opened, mut most) = (0, 0, 0, 0);
        for step in 0..20_000_u64 {
            let closed = open.close_idle();
            if 20 <= young {
                generation += 1;
                young = 0;
            } else {
                assert_eq!(closed, [0; 0]);
            }
            // Most names are of a few, which moves on.
            let name = if stream.below(4) == 0 { stream.below(300) } else { step / 50 % 280 };
            let name = (name + stream.below(9)) % 300;
            let is_open = |last: Option<u32>| last.is_some_and(|last| generation <= last + 1);
            let (known, raw) = (last[name as usize], RawId::Number(name));
            assert_eq!(open.find(raw).is_some(), is_open(known), "step {step}");
            match open.of_row(raw) {
                Some(_) => young += u32::from(known != Some(generation)),
                None => {
                    (young, opened) = (young + 1, opened + 1);
                    assert!(open.open(raw, None).1);
                    let told = known.is_some_and(|last| generation == last + 2);
                    assert_eq!(open.take_returned(), told, "step {step}");
                    returned += u32::from(told);
                }
            }
            last[name as usize] = Some(generation);
            let now_open = last.iter().filter(|&&last| is_open(last)).count();
            most = most.max(now_open);
            assert_eq!(open.used.len() - open.free.len(), now_open, "step {step}");
        }
        assert!((100..5000).contains(&returned), "{returned} came again");
        assert!(open.opened() == opened && most <= 40 && open.used.len() <= 41, "{most}");
    }
}
