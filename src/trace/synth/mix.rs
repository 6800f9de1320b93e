//! A mix of families that arrive together in groups, as in the Mooncake traces.

use super::chat::{Chat, ChatModel};
use super::draw::{Deck, Quantiles};
use super::prompt::{Prompt, PromptModel};
use super::{Names, Process};
use crate::rng::Stream;
use crate::trace::RawRequest;

/// The parameters of a mix.
#[derive(Debug)]
pub(super) struct MixModel {
    /// When groups arrive and how large they are.
    pub(super) arrivals: ArrivalModel,
    /// The chat population; it gets what the prompt families leave.
    pub(super) chat: ChatModel,
    /// Families behind a shared prompt, each with its share of all requests.
    pub(super) prompts: &'static [(f64, PromptModel)],
    /// Family and own blocks of the first requests: fixes which ids the shared prompts get.
    pub(super) opening: &'static [(Family, u32)],
}

/// Which part of a mix a request comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Family {
    /// The chat population.
    Chat,
    /// The prompt family in this place of the list.
    Prompt(usize),
}

/// Groups of simultaneous requests at nearly equal distances.
#[derive(Debug)]
pub(super) struct ArrivalModel {
    /// Milliseconds between groups.
    pub(super) interval_ms: f64,
    /// Requests in a group.
    pub(super) group_size: Quantiles,
}

#[derive(Debug)]
struct Arrivals {
    model: &'static ArrivalModel,
    sizes: Deck<1>,
    jitter: Stream,
    groups: u64,
    now_ms: u64,
    left: u32,
    /// What rounding group sizes to whole requests has left over.
    carry: f64,
}

impl Arrivals {
    fn next_ms(&mut self) -> u64 {
        while self.left == 0 {
            let [unit] = self.sizes.deal();
            let size = self.model.group_size.at(unit) + self.carry;
            self.left = size as u32;
            self.carry = size - f64::from(self.left);
            let start = (self.groups as f64 * self.model.interval_ms) as u64;
            // Half of the clock's ticks come a millisecond early, as in the traces.
            self.now_ms = start.saturating_sub(self.jitter.below(2));
            self.groups += 1;
        }
        self.left -= 1;
        self.now_ms
    }
}

/// The endless process behind a mix.
#[derive(Debug)]
pub(super) struct Mix {
    model: &'static MixModel,
    arrivals: Arrivals,
    families: Deck<1>,
    chat: Chat,
    prompts: Vec<Prompt>,
    names: Names,
    opened: usize,
}

impl Mix {
    pub(super) fn new(model: &'static MixModel, seed: u64) -> Self {
        Self {
            model,
            arrivals: Arrivals {
                model: &model.arrivals,
                sizes: Deck::new(seed, "group sizes"),
                jitter: Stream::new(seed, "group jitter", 0),
                groups: 0,
                now_ms: 0,
                left: 0,
                carry: 0.0,
            },
            families: Deck::new(seed, "families"),
            chat: Chat::new(&model.chat, seed),
            prompts: model.prompts.iter().map(|(_, family)| Prompt::new(family, seed)).collect(),
            names: Names::default(),
            opened: 0,
        }
    }

    fn draw_family(&mut self) -> Family {
        let [mut unit] = self.families.deal();
        for (place, (share, _)) in self.model.prompts.iter().enumerate() {
            if unit < *share {
                return Family::Prompt(place);
            }
            unit -= share;
        }
        Family::Chat
    }
}

impl Process for Mix {
    fn fill(&mut self, out: &mut RawRequest) {
        out.timestamp_ms = self.arrivals.next_ms();
        let family = self.draw_family();
        let names = &mut self.names;
        match self.model.opening.get(self.opened) {
            Some(&(family, own)) => {
                self.opened += 1;
                match family {
                    Family::Chat => self.chat.fill_opening(own, names, out),
                    Family::Prompt(place) => self.prompts[place].fill(Some(own), names, out),
                }
            }
            None => match family {
                Family::Chat => self.chat.fill(names, out),
                Family::Prompt(place) => self.prompts[place].fill(None, names, out),
            },
        }
    }
}
