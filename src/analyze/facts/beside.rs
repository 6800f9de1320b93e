//! Published figures beside what this trace gives: those of the research notes, and those of the
//! traces that the built-in workloads stand for.

use super::Facts;
use serde::Serialize;

/// A published figure and this trace's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Beside {
    /// What it is.
    pub what: &'static str,
    /// What was published.
    pub published: f64,
    /// The same of this trace.
    pub here: f64,
    /// Whether the two are shares in [0, 1].
    pub is_share: bool,
}

/// How a figure is read off the facts.
struct Row {
    what: &'static str,
    published: f64,
    is_share: bool,
    here: fn(&Facts) -> f64,
}

const fn share(what: &'static str, published: f64, here: fn(&Facts) -> f64) -> Row {
    Row { what, published, is_share: true, here }
}

const fn number(what: &'static str, published: f64, here: fn(&Facts) -> f64) -> Row {
    Row { what, published, is_share: false, here }
}

/// Whose figures they are, on which trace.
pub struct Source {
    /// Name on the command line.
    pub id: &'static str,
    /// Whose.
    pub title: &'static str,
    rows: &'static [Row],
}

/// Every source; the first stands beside any trace.
pub static SOURCES: &[Source] = &[
    Source {
        id: "notes",
        title: "the research notes, on Mooncake's trace of 23,608 requests",
        rows: NOTES,
    },
    Source {
        id: "toolagent",
        title: "published statistics of Mooncake's trace of 23,608 requests",
        rows: TOOLAGENT,
    },
    Source {
        id: "conversation",
        title: "published statistics of Mooncake's conversation trace",
        rows: CONVERSATION,
    },
];

const NOTES: &[Row] = &[
    share("requests with block 0", 0.463, |facts| facts.first_blocks.share_of_block_0),
    share("requests with blocks 46 to 57", 0.39, |facts| facts.first_blocks.share_of_blocks_46_57),
    share("re-uses within 10 requests", 0.592, |facts| facts.gaps.within_10_share),
    share("re-uses beyond 100 requests", 0.383, |facts| facts.gaps.beyond_100_share),
];

const TOOLAGENT: &[Row] = &[
    number("requests", 23_608.0, |facts| facts.totals.requests as f64),
    number("duration, s", 3_600.0, |facts| facts.times.duration_s),
    number("block references", 409_356.0, |facts| facts.totals.blocks as f64),
    number("distinct blocks", 183_166.0, |facts| facts.totals.distinct_blocks as f64),
    number("input tokens", 202_791_701.0, |facts| facts.totals.input_tokens as f64),
    number("mean output tokens", 182.0, |facts| facts.output_tokens.mean),
    share("ceiling, blocks", 0.55255, |facts| facts.ceiling_rate),
    share("ceiling, tokens", 0.5707, |facts| facts.ceiling_token_rate),
    share("requests with block 0", 10_938.0 / 23_608.0, |f| f.first_blocks.share_of_block_0),
    share("requests with blocks 46 to 57", 9_203.0 / 23_608.0, |facts| {
        facts.first_blocks.share_of_blocks_46_57
    }),
    share("re-uses within 10 requests", 0.592, |facts| facts.gaps.within_10_share),
    share("re-uses beyond 100 requests", 0.383, |facts| facts.gaps.beyond_100_share),
];

const CONVERSATION: &[Row] = &[
    number("requests", 12_031.0, |facts| facts.totals.requests as f64),
    number("duration, s", 3_537.0, |facts| facts.times.duration_s),
    number("distinct timestamps", 1_180.0, |facts| facts.times.moments as f64),
    number("block references", 288_500.0, |facts| facts.totals.blocks as f64),
    number("distinct blocks", 182_790.0, |facts| facts.totals.distinct_blocks as f64),
    number("input tokens", 144_793_823.0, |facts| facts.totals.input_tokens as f64),
    number("mean output tokens", 342.6, |facts| facts.output_tokens.mean),
    share("requests with block 0", 1.0, |facts| facts.first_blocks.share_of_block_0),
    share("blocks used once", 0.758, |facts| facts.popularity.used_once_share),
    share("ceiling, blocks", 0.36641, |facts| facts.ceiling_rate),
    share("ceiling, tokens", 0.37362, |facts| facts.ceiling_token_rate),
];

impl Source {
    /// Its figures beside those of `facts`.
    pub fn beside(&self, facts: &Facts) -> Vec<Beside> {
        let beside = |row: &Row| Beside {
            what: row.what,
            published: row.published,
            here: (row.here)(facts),
            is_share: row.is_share,
        };
        self.rows.iter().map(beside).collect()
    }
}

/// The source called `id`.
pub fn find(id: &str) -> Option<&'static Source> {
    SOURCES.iter().find(|source| source.id == id)
}
