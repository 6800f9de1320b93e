//! Chat: sessions whose later turns repeat what was said and append to it.
//!
//! A turn's prompt is the last turn's prompt, its answer and the user's new words, so it shares
//! all full blocks of the last prompt. Some sessions ask anew about the same beginning instead:
//! their turns share that beginning only. All sessions share one first block (a system prompt).

use super::draw::{Deck, Quantiles};
use super::{BLOCK_TOKENS, Names};
use crate::trace::RawRequest;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The parameters of a chat population.
#[derive(Debug)]
pub(super) struct ChatModel {
    /// Prompt tokens of a first turn.
    pub(super) first_tokens: Quantiles,
    /// The chance of a second turn, by the share of first prompts that are shorter: the very
    /// short ones are one-shot calls, and long documents get fewer questions.
    pub(super) second_turn: Quantiles,
    /// The chance of another turn after 2, 3, ... turns; the last one repeats.
    pub(super) follow_ups: &'static [f64],
    /// A trace begins in the middle of things: so many of its first sessions are past their
    /// first turn, so they go on as `follow_ups[1]` says.
    pub(super) under_way: u32,
    /// The share of first prompts that are shorter than any session under way.
    pub(super) under_way_from: f64,
    /// The longest session, in turns.
    pub(super) max_turns: u32,
    /// Seconds from the arrival of the last turn but one to that of the last.
    pub(super) pause_s: Quantiles,
    /// A pause is longer by this share per thousand prompt tokens: long answers take reading.
    pub(super) pause_growth: f64,
    /// With n further turns to come a pause is shorter by 1 + n x this: busy sessions hurry.
    pub(super) pause_hurry: f64,
    /// Tokens the user adds in a turn: a few words, or a pasted document.
    pub(super) added_tokens: Quantiles,
    /// The same for the last turn of a session.
    pub(super) last_added_tokens: Quantiles,
    /// Share of the sessions that ask anew about the same beginning instead of appending.
    pub(super) reask_share: f64,
    /// How much of their first prompt such sessions keep.
    pub(super) reask_keep: Quantiles,
    /// Tokens that follow what they keep, in every turn.
    pub(super) reask_tokens: Quantiles,
    /// Tokens of an answer.
    pub(super) output_tokens: Quantiles,
    /// Prompts end here: a session that would outgrow it is over.
    pub(super) context_tokens: u32,
    /// One session in so many is a marathon: the hottest blocks but the first are its own.
    pub(super) marathon_every: u32,
    /// Tokens of its first prompt.
    pub(super) marathon_tokens: u32,
    /// Turns of a marathon.
    pub(super) marathon_turns: u32,
    /// Seconds between the turns of a marathon.
    pub(super) marathon_pause_s: Quantiles,
}

/// A session that waits for its next turn.
#[derive(Clone, Debug, Default)]
struct Session {
    /// The blocks that the next turn starts with: full ones only.
    shared: Vec<u64>,
    /// Prompt tokens of the next turn.
    next_tokens: u32,
    turns_left: u32,
    habit: Habit,
}

/// How a session's prompts follow from each other.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Habit {
    /// Each repeats the last one and appends.
    #[default]
    Append,
    /// Each repeats so many leading blocks of the first one.
    Reask(u32),
    /// As `Append`, for very many turns and without pasted documents.
    Marathon,
}

/// The place of the first marathon among the sessions: early, so that it fits into an hour.
const FIRST_MARATHON: u32 = 40;

/// All sessions of one chat population. Memory follows the sessions that will go on.
#[derive(Debug)]
pub(super) struct Chat {
    model: &'static ChatModel,
    first: Deck<4>,
    turn: Deck<3>,
    /// The block all sessions start with, once it has appeared.
    root: Option<u64>,
    started: u32,
    sessions: Vec<Session>,
    free: Vec<u32>,
    /// Due time, order of scheduling (ties), place in `sessions`.
    due: BinaryHeap<Reverse<(u64, u64, u32)>>,
    scheduled: u64,
}

impl Chat {
    pub(super) fn new(model: &'static ChatModel, seed: u64) -> Self {
        Self {
            model,
            first: Deck::new(seed, "chat first turn"),
            turn: Deck::new(seed, "chat turn"),
            root: None,
            started: 0,
            sessions: Vec::new(),
            free: Vec::new(),
            due: BinaryHeap::new(),
            scheduled: 0,
        }
    }

    /// Makes the request that arrives now: the session that has waited longest beyond its due
    /// time, or a new one while nobody is due.
    pub(super) fn fill(&mut self, names: &mut Names, out: &mut RawRequest) {
        let now_ms = out.timestamp_ms;
        match self.due.peek() {
            Some(&Reverse((due_ms, _, place))) if due_ms <= now_ms => {
                self.due.pop();
                let mut session = std::mem::take(&mut self.sessions[place as usize]);
                self.free.push(place);
                session.turns_left -= 1;
                self.take_turn(session, names, out);
            }
            _ => {
                let session = self.start(names, None);
                self.take_turn(session, names, out);
            }
        }
    }

    /// As [`Self::fill`], but always a new session, with `own_blocks` blocks after the first.
    pub(super) fn fill_opening(&mut self, own: u32, names: &mut Names, out: &mut RawRequest) {
        let session = self.start(names, Some(own));
        self.take_turn(session, names, out);
    }

    /// A new session before its first turn, of so many `own_blocks` or else of drawn length.
    fn start(&mut self, names: &mut Names, own_blocks: Option<u32>) -> Session {
        let model = self.model;
        let [length, turns, habit, keep] = self.first.deal();
        let number = self.started % model.marathon_every;
        let under_way = self.started < model.under_way;
        self.started = self.started.saturating_add(1);
        let floor = if under_way { model.under_way_from } else { 0.0 };
        let length = floor + (1.0 - floor) * length;
        let drawn = model.first_tokens.whole_at(length);
        let tokens = match own_blocks {
            Some(own) => drawn.clamp(own * BLOCK_TOKENS + 1, (own + 1) * BLOCK_TOKENS),
            None if number == FIRST_MARATHON => model.marathon_tokens,
            None => drawn,
        };
        let root = *self.root.get_or_insert_with(|| names.take(1));
        let mut session = Session { shared: vec![root], next_tokens: tokens, ..Session::default() };
        if number == FIRST_MARATHON {
            session.habit = Habit::Marathon;
            session.turns_left = model.marathon_turns - 1;
            return session;
        }
        let second = if under_way { model.follow_ups[1] } else { model.second_turn.at(length) };
        session.turns_left = model.later_turns(second, turns);
        if habit < model.reask_share {
            let full = f64::from(tokens / BLOCK_TOKENS);
            session.habit = Habit::Reask(((full * model.reask_keep.at(keep)) as u32).max(1));
        }
        session
    }

    /// Emits the turn that `session` is at, and schedules the following one.
    fn take_turn(&mut self, mut session: Session, names: &mut Names, out: &mut RawRequest) {
        let model = self.model;
        let [pause, added, answer] = self.turn.deal();
        let input = session.next_tokens;
        let output = model.output_tokens.whole_at(answer);
        out.input_tokens = input;
        out.output_tokens = output;
        out.hash_ids.extend_from_slice(&session.shared);
        names.extend_to(&mut out.hash_ids, input);
        if session.turns_left == 0 {
            return;
        }
        let full = input / BLOCK_TOKENS;
        let (shared, next_tokens) = match session.habit {
            Habit::Marathon => (full, input + output),
            Habit::Reask(base) => (base, base * BLOCK_TOKENS + model.reask_tokens.whole_at(added)),
            Habit::Append if session.turns_left == 1 => {
                (full, input + output + model.last_added_tokens.whole_at(added))
            }
            Habit::Append => (full, input + output + model.added_tokens.whole_at(added)),
        };
        if next_tokens > model.context_tokens {
            return;
        }
        let pause_s = match session.habit {
            Habit::Marathon => model.marathon_pause_s.at(pause),
            _ => model.pause_s.at(pause) * model.pause_factor(input, session.turns_left),
        };
        session.next_tokens = next_tokens;
        session.shared.clear();
        session.shared.extend_from_slice(&out.hash_ids[..shared as usize]);
        self.schedule(session, out.timestamp_ms + (pause_s * 1000.0) as u64);
    }

    fn schedule(&mut self, session: Session, due_ms: u64) {
        let place = self.free.pop().unwrap_or_else(|| {
            self.sessions.push(Session::default());
            self.sessions.len() as u32 - 1
        });
        self.sessions[place as usize] = session;
        self.due.push(Reverse((due_ms, self.scheduled, place)));
        self.scheduled += 1;
    }
}

impl ChatModel {
    fn pause_factor(&self, input_tokens: u32, turns_left: u32) -> f64 {
        let slow = 1.0 + f64::from(input_tokens) * self.pause_growth / 1000.0;
        slow / (1.0 + f64::from(turns_left - 1) * self.pause_hurry)
    }

    /// How many turns follow the first one, for a uniform draw.
    fn later_turns(&self, second: f64, unit: f64) -> u32 {
        let mut reached = second;
        let mut later = 0;
        while unit < reached && later + 1 < self.max_turns {
            reached *= self.follow_ups[(later as usize).min(self.follow_ups.len() - 1)];
            later += 1;
        }
        later
    }
}
