//! `dynamo_kv` held to NVIDIA Dynamo's own crate: small states at random, whole lives of requests,
//! and every decision of a trace.

mod lives;
mod real;
mod states;
mod trace;
pub(crate) mod vectors;

use crate::report::Row;
use std::path::Path;

/// Every row, or those asked for.
pub(crate) fn rows(trace: Option<&Path>, wanted: &[&str]) -> Vec<Row> {
    let is_wanted = |name: &str| wanted.is_empty() || wanted.contains(&name);
    let mut rows = Vec::new();
    if is_wanted("states") {
        rows.push(states::compare());
    }
    if is_wanted("lives") {
        rows.push(lives::compare());
    }
    for nodes in [2, 8, 64] {
        let name = format!("trace-{nodes}");
        if is_wanted(&name) {
            rows.extend(trace.map(|path| trace::compare(path, nodes, &name)));
        }
    }
    rows
}
