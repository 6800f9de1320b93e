//! Tools: unrelated requests behind one long system prompt.

use super::draw::{Deck, Quantiles};
use super::{BLOCK_TOKENS, Names};
use crate::trace::RawRequest;

/// The parameters of a family of requests that share a prompt.
#[derive(Debug)]
pub(super) struct PromptModel {
    /// Names the family's random stream.
    pub(super) name: &'static str,
    /// Full blocks that all its requests start with.
    pub(super) prompt_blocks: u32,
    /// Tokens behind the prompt, at least 1.
    pub(super) own_tokens: Quantiles,
    /// Tokens of an answer.
    pub(super) output_tokens: Quantiles,
}

/// One family. Memory: its prompt.
#[derive(Debug)]
pub(super) struct Prompt {
    model: &'static PromptModel,
    draws: Deck<2>,
    /// The prompt's blocks, once they have appeared.
    prompt: Vec<u64>,
}

impl Prompt {
    pub(super) fn new(model: &'static PromptModel, seed: u64) -> Self {
        Self { model, draws: Deck::new(seed, model.name), prompt: Vec::new() }
    }

    /// Makes the request that arrives now, with just `own_blocks` blocks of its own if given.
    pub(super) fn fill(&mut self, own: Option<u32>, names: &mut Names, out: &mut RawRequest) {
        let model = self.model;
        let [length, answer] = self.draws.deal();
        let drawn = model.own_tokens.whole_at(length).max(1);
        let own_tokens = match own {
            Some(blocks) => drawn.clamp((blocks - 1) * BLOCK_TOKENS + 1, blocks * BLOCK_TOKENS),
            None => drawn,
        };
        if self.prompt.is_empty() {
            names.extend_to(&mut self.prompt, model.prompt_blocks * BLOCK_TOKENS);
        }
        out.input_tokens = model.prompt_blocks * BLOCK_TOKENS + own_tokens;
        out.output_tokens = model.output_tokens.whole_at(answer);
        out.hash_ids.extend_from_slice(&self.prompt);
        names.extend_to(&mut out.hash_ids, out.input_tokens);
    }
}
