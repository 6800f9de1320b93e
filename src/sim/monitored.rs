//! What a run that is watched says of alerts, hot blocks and changes of its router's weights.

use crate::observe::{Account, AlertRecord, TunedRecord};
use serde::{Deserialize, Serialize};

/// Alerts and changes of weights; docs/metrics.md, "Monitoring".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MonitoringSummary {
    /// Detection windows that were judged.
    pub windows: u64,
    /// Token hit rate of the latest; `None` before the first.
    pub hit_rate: Option<f64>,
    /// Its largest share of work on one node.
    pub concentration: Option<f64>,
    /// How many blocks were hot in it. Absent where only sums are observed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hot_blocks: Option<u64>,
    /// The one that most of its requests named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hottest_block: Option<u32>,
    /// The share of its requests that did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hottest_share: Option<f64>,
    /// Alerts that were raised.
    pub alerts_raised: u64,
    /// The first 10,000 of them.
    pub alerts: Vec<AlertRecord>,
    /// Times that weights were changed.
    pub tuned_changes: u64,
    /// How many of these took an earlier one back.
    pub tuned_undone: u64,
    /// The first 10,000 changes.
    pub tuned: Vec<TunedRecord>,
}

impl MonitoringSummary {
    pub(super) fn new(account: &Account) -> Self {
        let latest = account.latest();
        let hot = latest.and_then(|reading| reading.hot);
        let hottest = hot.and_then(|hot| hot.hottest);
        Self {
            windows: account.windows(),
            hit_rate: latest.map(|reading| reading.hit_rate),
            concentration: latest.map(|reading| reading.concentration),
            hot_blocks: hot.map(|hot| hot.blocks),
            hottest_block: hottest.map(|(block, _)| block.0),
            hottest_share: hottest.map(|(_, share)| share),
            alerts_raised: account.raised(),
            alerts: account.alerts().to_vec(),
            tuned_changes: account.changes(),
            tuned_undone: account.undone(),
            tuned: account.tuned().to_vec(),
        }
    }
}
