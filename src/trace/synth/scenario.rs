//! The notes' scenarios: questions about a pool of documents, some of them hot.
//!
//! A request is one document followed by a question of its own. With probability `skew` the
//! document is drawn from the hot ones, else from the whole pool. (Were the rest drawn from the
//! cold ones only, "uniform", hot share 0.9 with skew 0.1, would give a tenth of the documents
//! nine tenths of the requests.) All draws are uniform and independent.

use super::draw::Quantiles;
use super::{BLOCK_TOKENS, Names, Process};
use crate::rng::Stream;
use crate::trace::RawRequest;

/// Documents in the pool.
const DOCUMENTS: u32 = 1_000;

/// Mean seconds between arrivals: 10,000 requests in an hour.
pub(super) const MEAN_GAP_S: f64 = 0.36;

/// Full blocks of a document: 12 on average, so the pool is about 12,000 blocks.
const DOCUMENT_BLOCKS: Quantiles = Quantiles(&[(0.0, 4.0), (0.5, 11.0), (0.9, 20.0), (1.0, 32.0)]);

/// Tokens of a question.
const QUESTION_TOKENS: Quantiles = Quantiles(&[(0.0, 20.0), (0.7, 300.0), (1.0, 1_000.0)]);

/// Tokens of an answer.
const ANSWER_TOKENS: Quantiles = Quantiles(&[(0.0, 10.0), (0.5, 150.0), (1.0, 600.0)]);

/// Who is asked about.
#[derive(Clone, Copy, Debug)]
pub(super) struct Popularity {
    /// The share of the documents that is hot, in (0, 1].
    pub(super) hot_share: f64,
    /// The share of the requests that goes to the hot documents first of all, in [0, 1].
    pub(super) skew: f64,
}

/// Arrivals that come in busy spells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Burst {
    /// Seconds from one busy spell to the next.
    period_s: f64,
    /// Seconds that a busy spell lasts.
    busy_s: f64,
    /// How many times the quiet rate the busy one is.
    factor: f64,
}

/// A third of the time at four times the rate of the rest.
pub(super) const BURST: Burst = Burst { period_s: 60.0, busy_s: 20.0, factor: 4.0 };

impl Burst {
    /// The rate at `now_s`, as a multiple of the mean rate.
    fn rate(self, now_s: f64) -> f64 {
        let busy_share = self.busy_s / self.period_s;
        let quiet = 1.0 / (1.0 + busy_share * (self.factor - 1.0));
        let phase_s = now_s - libm::floor(now_s / self.period_s) * self.period_s;
        if phase_s < self.busy_s { quiet * self.factor } else { quiet }
    }
}

#[derive(Clone, Copy, Debug)]
struct Document {
    /// Its first block, once it has appeared; the others follow.
    first_block: Option<u64>,
    blocks: u32,
}

/// The endless process behind a scenario. Memory: the pool.
#[derive(Debug)]
pub(super) struct Scenario {
    popularity: Popularity,
    burst: Option<Burst>,
    now_s: f64,
    documents: Vec<Document>,
    arrivals: Stream,
    choices: Stream,
    lengths: Stream,
    names: Names,
}

impl Scenario {
    pub(super) fn new(popularity: Popularity, burst: Option<Burst>, seed: u64) -> Self {
        let mut sizes = Stream::new(seed, "document sizes", 0);
        let documents = (0..DOCUMENTS)
            .map(|_| Document { first_block: None, blocks: DOCUMENT_BLOCKS.whole_at(sizes.unit()) })
            .collect();
        Self {
            popularity,
            burst,
            now_s: 0.0,
            documents,
            arrivals: Stream::new(seed, "document arrivals", 0),
            choices: Stream::new(seed, "document choices", 0),
            lengths: Stream::new(seed, "question lengths", 0),
            names: Names::default(),
        }
    }

    /// The place of the document asked about next; the hot ones come first in the pool.
    fn choose(&mut self) -> usize {
        let hot = (f64::from(DOCUMENTS) * self.popularity.hot_share) as u64;
        let skewed = self.choices.unit() < self.popularity.skew;
        self.choices.below(if skewed { hot } else { DOCUMENTS.into() }) as usize
    }
}

impl Process for Scenario {
    fn fill(&mut self, out: &mut RawRequest) {
        out.timestamp_ms = (self.now_s * 1_000.0) as u64;
        let rate = self.burst.map_or(1.0, |burst| burst.rate(self.now_s));
        self.now_s -= libm::log(1.0 - self.arrivals.unit()) * MEAN_GAP_S / rate;
        let place = self.choose();
        let document = &mut self.documents[place];
        let blocks = document.blocks;
        let first = *document.first_block.get_or_insert_with(|| self.names.take(blocks));
        let question = QUESTION_TOKENS.whole_at(self.lengths.unit());
        out.input_tokens = blocks * BLOCK_TOKENS + question;
        out.output_tokens = ANSWER_TOKENS.whole_at(self.lengths.unit());
        out.hash_ids.extend(first..first + u64::from(blocks));
        self.names.extend_to(&mut out.hash_ids, out.input_tokens);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REQUESTS: u32 = 20_000;

    #[test]
    fn hot_documents_get_the_skew_and_their_part_of_the_rest() {
        for (hot_share, skew) in [(0.9, 0.1), (0.2, 0.6), (0.02, 0.9), (0.1, 0.7), (0.05, 0.8)] {
            let mut scenario = Scenario::new(Popularity { hot_share, skew }, None, 7);
            let hot = hot_share * f64::from(DOCUMENTS);
            let hits = (0..REQUESTS).filter(|_| (scenario.choose() as f64) < hot).count();
            let expected = skew + (1.0 - skew) * hot_share;
            let share = hits as f64 / f64::from(REQUESTS);
            assert!((share - expected).abs() < 0.01, "{hot_share} {skew}: {share}");
        }
    }

    #[test]
    fn bursts_keep_the_mean_rate_and_crowd_into_a_third_of_the_time() {
        let popularity = Popularity { hot_share: 0.1, skew: 0.7 };
        let mut scenario = Scenario::new(popularity, Some(BURST), 7);
        let mut request = RawRequest::default();
        let mut busy = 0_u32;
        for _ in 0..REQUESTS {
            request.hash_ids.clear();
            scenario.fill(&mut request);
            busy += u32::from(request.timestamp_ms % 60_000 < 20_000);
        }
        let mean_gap_s = request.timestamp_ms as f64 / 1_000.0 / f64::from(REQUESTS);
        assert!((mean_gap_s / MEAN_GAP_S - 1.0).abs() < 0.05, "{mean_gap_s}");
        // A third of the time at 4 parts against two thirds at 1: 4 of 6 requests.
        let share = f64::from(busy) / f64::from(REQUESTS);
        assert!((share - 4.0 / 6.0).abs() < 0.03, "{share}");
    }
}
