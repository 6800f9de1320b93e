//! The figures of a row that tables, charts and frontiers are made of.
//!
//! A new one is a row here; its id is its key in a summary (docs/metrics.md).

use crate::sim::{Summary, TtftSummary};
use serde::Serialize;

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// The more the better.
    More,
    /// The less the better.
    Less,
    /// No goal: a count of what happened on the way, or what the trace allows. More of it comes of
    /// better choices here and of worse ones there, and none of several is the best.
    Neither,
}

/// One figure. Of one id there is one row, so that rows are the same where their ids are.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Metric {
    /// Its key in a summary; dots go down.
    pub id: &'static str,
    /// Its head in a table.
    pub label: &'static str,
    /// Unit: `share`, `s`, `1/s`, `blocks`, or empty for a pure number.
    pub unit: &'static str,
    /// Which way is better.
    pub better: Better,
    /// Its value; none where the clock does not tell it, or a trace without block ids.
    #[serde(skip)]
    pub of: fn(&Summary) -> Option<f64>,
}

impl PartialEq for Metric {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

const fn metric(
    id: &'static str,
    label: &'static str,
    unit: &'static str,
    better: Better,
    of: fn(&Summary) -> Option<f64>,
) -> Metric {
    Metric { id, label, unit, better, of }
}

fn timed(summary: &Summary, of: fn(&TtftSummary) -> f64) -> Option<f64> {
    summary.ttft.as_ref().map(of)
}

/// Where requests come and none names a block, no hit rate can be told.
fn hits(summary: &Summary, rate: f64) -> Option<f64> {
    (summary.sums.blocks > 0 || summary.sums.requests == 0).then_some(rate)
}

use Better::{Less, More, Neither};

/// All of them, in the order of tables.
pub static METRICS: &[Metric] = &[
    metric("token_hit_rate", "Token hit rate", "share", More, |it| hits(it, it.token_hit_rate)),
    metric("prefix_hit_rate", "Prefix hit rate", "share", More, |it| hits(it, it.prefix_hit_rate)),
    metric("ceiling_token_rate", "Ceiling", "share", Neither, |it| hits(it, it.ceiling_token_rate)),
    metric("balance_work.largest_share", "Largest share of work", "share", Less, |it| {
        Some(it.balance_work.largest_share)
    }),
    metric("balance_requests.largest_share", "Largest share of requests", "share", Less, |it| {
        Some(it.balance_requests.largest_share)
    }),
    metric("balance_work.jain", "Jain's index of work", "", More, |it| Some(it.balance_work.jain)),
    metric("mean_ttft_s", "Mean TTFT", "s", Less, |it| timed(it, |it| it.mean_ttft_s)),
    metric("p50", "p50 TTFT", "s", Less, |it| timed(it, |it| it.p50)),
    metric("p90", "p90 TTFT", "s", Less, |it| timed(it, |it| it.p90)),
    metric("p99", "p99 TTFT", "s", Less, |it| timed(it, |it| it.p99)),
    metric("mean_wait_s", "Mean wait", "s", Less, |it| timed(it, |it| it.mean_wait_s)),
    metric("inside_slo_share_of_arrivals", "Inside the objective", "share", More, |it| {
        timed(it, |it| it.inside_slo_share_of_arrivals)
    }),
    metric("goodput_rps", "Goodput", "1/s", More, |it| timed(it, |it| it.goodput_rps)),
    metric("evictions", "Evictions", "blocks", Neither, |it| Some(it.sums.evictions as f64)),
    metric("migrated_blocks", "Migrated blocks", "blocks", Neither, |it| {
        Some(it.sums.migrated_blocks as f64)
    }),
    metric("transferred_blocks", "Fetched blocks", "blocks", Neither, |it| {
        Some(it.sums.transferred_blocks as f64)
    }),
];
