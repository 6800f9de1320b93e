//! Alerts and changes of weights, for people to read.

use super::figures::{counted, fixed, grouped, plural, share};
use kvscope::observe::{AlertRecord, TunedRecord};
use kvscope::sim::MonitoringSummary;
use std::io::{Result, Write};

/// Alerts and changes that are written out; the rest is counted.
const SHOWN: usize = 20;

/// What the cluster said of itself.
pub(crate) fn monitoring(out: &mut impl Write, found: &MonitoringSummary) -> Result<()> {
    if let Some(hot) = found.hot_blocks {
        let more = match (found.hottest_block, found.hottest_share) {
            (Some(block), Some(hottest)) => {
                format!("in the latest detection window; block {block} in {}", share(hottest))
            }
            _ => "in the latest detection window".to_owned(),
        };
        writeln!(out, "{:<22}{:>16}  {more}", "hot blocks", grouped(hot))?;
    }
    let up = found.alerts.iter().filter(|alert| alert.cleared.is_none()).count();
    let windows = counted(found.windows, "detection window");
    let raised = grouped(found.alerts_raised);
    writeln!(out, "{:<22}{raised:>16}  raised in {windows}; {up} up at the end", "alerts")?;
    for alert in found.alerts.iter().take(SHOWN) {
        one_alert(out, alert)?;
    }
    and_more(out, found.alerts_raised, "alert")?;
    if found.tuned_changes > 0 {
        let (changes, undone) = (grouped(found.tuned_changes), grouped(found.tuned_undone));
        let what = plural(found.tuned_changes, "change");
        writeln!(out, "{:<22}{changes:>16}  {what} of weights, {undone} undone", "auto-tuning")?;
        for change in found.tuned.iter().take(SHOWN) {
            one_change(out, change)?;
        }
        and_more(out, found.tuned_changes, "change")?;
    }
    Ok(())
}

fn one_alert(out: &mut impl Write, alert: &AlertRecord) -> Result<()> {
    let name = if alert.alert == "hit_rate" { "hit rate" } else { "concentration" };
    let until = match alert.cleared {
        Some(cleared) => format!("cleared after request {}", grouped(cleared)),
        None => "not cleared by the end".to_owned(),
    };
    let raised = grouped(alert.raised);
    let (name, value) = (format!("  {name}"), share(alert.value));
    writeln!(out, "{name:<22}{value:>16}  raised after request {raised}; {until}")
}

fn one_change(out: &mut impl Write, change: &TunedRecord) -> Result<()> {
    let why = match change.reason.as_str() {
        "concentration" => "too much of the work on one node",
        "hit_rate" => "few hits, and the work is spread",
        "undone" => "what was changed cost hits and spread nothing",
        _ => "back toward the configuration",
    };
    let turns = change.changes.iter();
    let turns = turns.map(|it| format!("{} {} → {}", it.name, fixed(it.old, 4), fixed(it.new, 4)));
    let before = format!("  before {}", grouped(change.request));
    let (hits, most) = (share(change.hit_rate), share(change.concentration));
    let turns = turns.collect::<Vec<_>>().join(", ");
    writeln!(out, "{before:<22}{:>16}  {turns}: {why} (hit rate {hits}, most {most})", "")
}

fn and_more(out: &mut impl Write, all: u64, what: &str) -> Result<()> {
    match all.saturating_sub(SHOWN as u64) {
        0 => Ok(()),
        more => {
            let (more, what) = (grouped(more), plural(more, what));
            writeln!(out, "{:<38}  and {more} more {what} (--json)", "")
        }
    }
}
