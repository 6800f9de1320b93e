//! Decisions of Dynamo's selector, written out for the ordinary tests.

use super::real::{Load, Selector};
use super::states;
use crate::common::seat::Seat;
use crate::common::streams::SplitMix;
use serde_json::{Value, json};
use std::fmt::Write;

/// States written out for each number of workers.
const STATES: usize = 120;

/// JSON with one state a line: settings, the request, the workers, and which were cheapest.
pub(crate) fn write() -> String {
    let (mut random, mut lines) = (SplitMix(1016), Vec::new());
    for nodes in [2, 3, 4, 8] {
        for _ in 0..STATES {
            let (settings, asked) =
                (states::settings(&mut random), states::state(&mut random, nodes));
            let mut seat = Seat::new(nodes, asked.block_size);
            let mut router = states::router(&seat, &settings);
            let decided = states::decide(&mut seat, &mut *router, &asked);
            let minima = Selector::new(nodes, settings).minima(&asked, &decided.minima);
            let column = |of: fn(&Load) -> u64| -> Value { asked.loads.iter().map(of).collect() };
            lines.push(json!({
                "credit": settings.credit,
                "scale": settings.scale,
                "credit_decay": settings.credit_decay,
                "block_size": asked.block_size,
                "tokens": asked.tokens,
                "overlap": asked.overlap,
                "active_tokens": column(|load| load.active_tokens),
                "active_blocks": column(|load| load.active_blocks),
                "additional_blocks": column(|load| load.additional_blocks),
                "minima": minima,
            }));
        }
    }
    let mut out =
        String::from("{\n  \"made_by\": \"cargo xtask peers --record dynamo-kv-router\",\n");
    out.push_str("  \"peer\": \"dynamo-kv-router 1.6.1\",\n  \"states\": [\n");
    let lines: Vec<String> = lines.iter().map(|line| format!("    {line}")).collect();
    writeln!(out, "{}\n  ]\n}}", lines.join(",\n")).expect("a String");
    out
}
