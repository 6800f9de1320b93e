//! One frame: the cluster at this moment, as columns the page may keep.

use super::object::{Fields, plain};
use crate::cache::HEAT_BUCKETS;
use crate::observe::{Balance, Series};
use crate::sim::Simulator;
use wasm_bindgen::JsValue;

/// What earlier frames have shown.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shown {
    number: u64,
    migrations: usize,
    series_at: u64,
}

/// The frame after what was `shown`.
pub(super) fn frame(core: &Simulator, shown: &mut Shown, series: bool) -> Result<JsValue, JsValue> {
    let records = core.metrics().history().records();
    let frame = Fields::new()
        .with("requests", core.number() as f64)
        .with("waiting", core.waiting() as f64)
        .with("done", core.is_done())
        .with("time_s", core.time_s())
        .with("totals", totals(core)?)
        .with("nodes", nodes(core))
        .with("recent", recent(core, shown.number))
        .with("migrations", plain(&records[shown.migrations..])?);
    shown.migrations = records.len();
    shown.number = core.number();
    let changed = shown.series_at != core.number() || core.number() == 0;
    if !(series && changed) {
        return Ok(frame.done());
    }
    shown.series_at = core.number();
    Ok(frame.with("series", columns(core.metrics().series(), core.config().nodes)).done())
}

fn totals(core: &Simulator) -> Result<JsValue, JsValue> {
    let metrics = core.metrics();
    let (sums, window) = (metrics.sums(), metrics.window());
    let total = window.total();
    let resident: u64 = (0..core.config().nodes).map(|at| u64::from(core.cache(at).len())).sum();
    let recent = Fields::new()
        .with("requests", total.requests as f64)
        .with("blocks", total.blocks as f64)
        .with("prefix_hits", total.prefix_hits as f64)
        .with("hit_tokens", total.hit_tokens as f64)
        .with("input_tokens", total.input_tokens as f64);
    let balance = Fields::new()
        .with("requests", plain(&metrics.balance(|node| node.requests))?)
        .with("work", plain(&metrics.balance(|node| node.work_tokens))?)
        .with("resident", plain(&core.balance_resident())?);
    let of_window = |of: fn(&crate::observe::window::WindowSums) -> u64| {
        plain(&Balance::new(window.nodes().iter().map(of)))
    };
    let window_balance = Fields::new()
        .with("requests", of_window(|node| node.requests)?)
        .with("work", of_window(|node| node.input_tokens - node.hit_tokens)?);
    let fields = Fields::new()
        .with("requests", sums.requests as f64)
        .with("blocks", sums.blocks as f64)
        .with("block_hits", sums.block_hits as f64)
        .with("prefix_hits", sums.prefix_hits as f64)
        .with("reachable_hits", sums.reachable_hits as f64)
        .with("ceiling_hits", sums.ceiling_hits as f64)
        .with("hit_tokens", sums.hit_tokens as f64)
        .with("input_tokens", sums.input_tokens as f64)
        .with("output_tokens", sums.output_tokens as f64)
        .with("ceiling_tokens", sums.ceiling_tokens as f64)
        .with("evictions", sums.evictions as f64)
        .with("rewanted", sums.rewanted as f64)
        .with("migrations", sums.migrations as f64)
        .with("chosen_blocks", sums.chosen_blocks as f64)
        .with("migrated_blocks", sums.migrated_blocks as f64)
        .with("dropped_blocks", sums.dropped_blocks as f64)
        .with("transferred_blocks", sums.transferred_blocks as f64)
        .with("rejected", sums.rejected as f64)
        .with("distinct_blocks", core.distinct_blocks() as f64)
        .with("resident_blocks", resident as f64)
        .with("window", recent.done())
        .with("balance", balance.done())
        .with("window_balance", window_balance.done());
    Ok(with_ttft(fields, core).done())
}

fn with_ttft(fields: Fields, core: &Simulator) -> Fields {
    let Some(ttft) = core.ttft_summary() else { return fields };
    let latency = core.metrics().latency();
    let ttft = Fields::new()
        .with("mean_s", ttft.mean_ttft_s)
        .with("p50_s", ttft.p50)
        .with("p90_s", ttft.p90)
        .with("p99_s", ttft.p99)
        .with("wait_s", ttft.mean_wait_s)
        .with("transfer_s", ttft.mean_transfer_s)
        .with("prefill_s", ttft.mean_prefill_s)
        .with("slo_s", ttft.slo_s)
        .with("goodput_rps", ttft.goodput_rps)
        .with("inside_slo", latency.inside_slo as f64)
        .with("completed", latency.count as f64)
        .doubles("bin_s", latency.quantiles.bins().iter().map(|bin| bin.0))
        .doubles("bin_requests", latency.quantiles.bins().iter().map(|bin| bin.1 as f64));
    fields.with("ttft", ttft.done())
}

fn nodes(core: &Simulator) -> JsValue {
    let (metrics, signals) = (core.metrics(), core.signals());
    let (nodes, window) = (metrics.nodes(), metrics.window().nodes());
    let all = 0..core.config().nodes;
    Fields::new()
        .doubles("requests", nodes.iter().map(|node| node.requests as f64))
        .doubles("work_tokens", nodes.iter().map(|node| node.work_tokens as f64))
        .doubles("hit_tokens", nodes.iter().map(|node| node.hit_tokens as f64))
        .doubles("blocks", nodes.iter().map(|node| node.blocks as f64))
        .doubles("prefix_hits", nodes.iter().map(|node| node.prefix_hits as f64))
        .wholes("resident", all.clone().map(|node| core.cache(node).len()))
        .doubles("evictions", nodes.iter().map(|node| node.evictions as f64))
        .wholes("queue", signals.unfinished.iter().copied())
        .doubles("wait_s", signals.wait_s.iter().copied())
        .wholes("window_requests", window.iter().map(|node| node.requests as u32))
        .doubles(
            "window_work_tokens",
            window.iter().map(|node| (node.input_tokens - node.hit_tokens) as f64),
        )
        .doubles("window_blocks", window.iter().map(|node| node.blocks as f64))
        .doubles("window_prefix_hits", window.iter().map(|node| node.prefix_hits as f64))
        .wholes("heat", all.flat_map(|node| core.cache(node).heat()))
        .with("heat_buckets", HEAT_BUCKETS as f64)
        .done()
}

fn recent(core: &Simulator, after: u64) -> JsValue {
    let marks: Vec<_> = core.metrics().tape().since(after).collect();
    let nodes: Vec<u16> = marks.iter().map(|mark| mark.node).collect();
    Fields::new()
        .wholes("request", marks.iter().map(|mark| mark.number as u32))
        .with("node", js_sys::Uint16Array::from(&nodes[..]))
        .wholes("blocks", marks.iter().map(|mark| mark.blocks))
        .wholes("prefix_hits", marks.iter().map(|mark| mark.prefix_hits))
        .wholes("evicted", marks.iter().map(|mark| mark.evicted))
        .done()
}

fn columns(series: &Series, nodes: usize) -> JsValue {
    let samples = series.samples();
    let timed = samples.iter().filter(|_| samples.iter().any(|sample| sample.timed > 0));
    let timed: Vec<_> = timed.collect();
    let mean = |sum: f64, count: u64| if count == 0 { f64::NAN } else { sum / count as f64 };
    Fields::new()
        .with("stride", series.stride() as f64)
        .with("samples", samples.len() as f64)
        .with("nodes", nodes as f64)
        .doubles("request", samples.iter().map(|sample| sample.request as f64))
        .doubles("time_s", samples.iter().map(|sample| sample.time_s))
        .doubles("blocks", samples.iter().map(|sample| sample.blocks as f64))
        .doubles("prefix_hits", samples.iter().map(|sample| sample.prefix_hits as f64))
        .doubles("input_tokens", samples.iter().map(|sample| sample.input_tokens as f64))
        .doubles("hit_tokens", samples.iter().map(|sample| sample.hit_tokens as f64))
        .doubles("ceiling_tokens", samples.iter().map(|sample| sample.ceiling_tokens as f64))
        .doubles("evictions", samples.iter().map(|sample| sample.evictions as f64))
        .doubles("migrated_blocks", samples.iter().map(|sample| sample.migrated_blocks as f64))
        .doubles("resident_share", samples.iter().map(|sample| sample.resident_share))
        .wholes("node_requests", samples.iter().flat_map(|it| it.node_requests.iter().copied()))
        .doubles(
            "node_work_tokens",
            samples.iter().flat_map(|it| it.node_work_tokens.iter().map(|&work| work as f64)),
        )
        .doubles("ttft_mean_s", timed.iter().map(|sample| mean(sample.ttft_s, sample.timed)))
        .doubles("ttft_p99_s", timed.iter().map(|sample| sample.ttft.at(0.99)))
        .wholes("queue_max", timed.iter().map(|sample| sample.longest_queue))
        .done()
}
