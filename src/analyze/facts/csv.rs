//! Facts as lines of series,x,y: every distribution and series, for a spreadsheet.

use super::{Bin, Facts};
use std::fmt::Write;

/// Lines of series,x,y with a head; x is what the series is over, told by its name.
pub fn csv(facts: &Facts) -> String {
    let mut out = "series,x,y\n".to_owned();
    let mut line = |series: &str, x: f64, y: f64| {
        let _ = writeln!(out, "{series},{x},{y}");
    };
    for (at, bin) in (0..).zip(&facts.times.bins) {
        let from_s = f64::from(at) * facts.times.bin_s;
        line("requests_from_second", from_s, bin.requests as f64);
        line("input_tokens_from_second", from_s, bin.input_tokens as f64);
        line("output_tokens_from_second", from_s, bin.output_tokens as f64);
    }
    let mut bins = |series: &str, bins: &[Bin]| {
        bins.iter().for_each(|bin| line(series, bin.upto as f64, bin.count as f64));
    };
    bins("requests_with_input_tokens_upto", &facts.input_tokens.bins);
    bins("requests_with_output_tokens_upto", &facts.output_tokens.bins);
    bins("requests_with_blocks_upto", &facts.request_blocks.bins);
    bins("reuses_after_requests_upto", &facts.gaps.requests);
    bins("reuses_after_ms_upto", &facts.gaps.milliseconds);
    bins("blocks_of_depth_upto", &facts.tree.depths);
    bins("blocks_with_children_upto", &facts.tree.children);
    if let Some(sessions) = &facts.sessions {
        bins("sessions_with_turns_upto", &sessions.turns.bins);
        bins("session_gaps_ms_upto", &sessions.gaps_ms.bins);
    }
    for it in &facts.popularity.ranks {
        line("uses_of_rank", it.rank as f64, it.uses as f64);
    }
    for it in &facts.popularity.hottest {
        line("share_of_hottest", it.blocks as f64, it.share);
    }
    for (at, part) in (0..).zip(&facts.course.parts) {
        let from = (at * facts.course.part_requests + 1) as f64;
        line("references_from_request", from, part.references as f64);
        line("first_uses_from_request", from, part.first_uses as f64);
        line("last_uses_from_request", from, part.last_uses as f64);
        line("ceiling_token_rate_from_request", from, part.ceiling_token_rate);
    }
    for it in &facts.working_sets {
        line("mean_blocks_in_window_of_requests", it.window as f64, it.mean_blocks);
    }
    for it in &facts.tree.largest {
        line("requests_of_family", f64::from(it.block.0), it.requests as f64);
        line("prefix_blocks_of_family", f64::from(it.block.0), it.prefix_blocks as f64);
    }
    for window in &facts.hot_set.windows {
        line("hot_set_changed_from_request", window.from_request as f64, window.changed as f64);
    }
    out
}
