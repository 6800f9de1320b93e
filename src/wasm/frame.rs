//! One frame: the cluster at this moment, as columns the page may keep.

use super::object::{Fields, plain, thrown};
use crate::cache::USE_BANDS;
use crate::model::Tally;
use crate::observe::columns::{Column, NodeNow, OfTally};
use crate::observe::{Balance, COLUMNS, Detail, Series};
use crate::session::Session;
use crate::sim::Lane;
use wasm_bindgen::JsValue;

/// What earlier frames have shown.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Shown {
    number: u64,
    migrations: usize,
    series_at: u64,
    watched: Watched,
}

/// What earlier frames have shown of alerts and changes of weights.
#[derive(Clone, Copy, Debug, Default)]
struct Watched {
    windows: u64,
    /// Alerts before this place are over, and were shown so.
    alerts: usize,
    tuned: usize,
}

impl Shown {
    /// As if everything up to where the lane is had been shown, but for its columns.
    pub(super) fn at(lane: &Lane) -> Self {
        let migrations = lane.metrics().detail().map_or(0, |it| it.history().records().len());
        let watched = Watched { windows: u64::MAX, ..Watched::default() };
        Self { number: lane.number(), migrations, series_at: u64::MAX, watched }
    }
}

/// The frame of the lane at a place, after what was `shown` of it.
pub(super) fn frame(
    session: &Session,
    lane: usize,
    shown: &mut Shown,
    series: bool,
) -> Result<JsValue, JsValue> {
    let core = &session.lanes()[lane];
    let Some(detail) = core.metrics().detail() else {
        return Err(thrown("state", "this run keeps sums only and has no frames"));
    };
    let records = detail.history().records();
    let frame = monitoring(core, &mut shown.watched)?
        .with("requests", core.number() as f64)
        .with("waiting", session.waiting() as f64)
        .with("done", session.is_done())
        .with("time_s", core.time_s())
        .with("capacity_blocks", f64::from(core.config().capacity))
        .with("totals", totals(core, detail)?)
        .with("nodes", nodes(core, detail))
        .with("recent", recent(detail, shown.number))
        .with("families", families(detail))
        .with("migrations", plain(&records[shown.migrations..])?);
    shown.migrations = records.len();
    shown.number = core.number();
    let changed = shown.series_at != core.number() || core.number() == 0;
    if !(series && changed) {
        return Ok(frame.done());
    }
    shown.series_at = core.number();
    let frame = match core.perturbed() {
        Some(perturbed) => frame.with("perturbed", plain(&perturbed)?),
        None => frame,
    };
    Ok(frame.with("series", columns(detail.series())).done())
}

/// Alerts and changes of weights, where there are some that were not shown.
fn monitoring(core: &Lane, shown: &mut Watched) -> Result<Fields, JsValue> {
    let frame = Fields::new();
    let Some(account) = core.metrics().watched() else { return Ok(frame) };
    let (alerts, tuned) = (account.alerts(), account.tuned());
    if shown.windows == account.windows() && shown.tuned == tuned.len() {
        return Ok(frame);
    }
    let reading = account.latest();
    let number = |of: Option<f64>| of.map_or(JsValue::NULL, JsValue::from_f64);
    let hot = reading.and_then(|reading| reading.hot);
    let told = Fields::new()
        .with("windows", account.windows() as f64)
        .with("hit_rate", number(reading.map(|it| it.hit_rate)))
        .with("concentration", number(reading.map(|it| it.concentration)))
        .with("hot_blocks", number(hot.map(|hot| hot.blocks as f64)))
        .with("hottest_share", number(hot.and_then(|hot| hot.hottest).map(|it| it.1)))
        .with("alerts_from", shown.alerts as f64)
        .with("alerts", plain(&alerts[shown.alerts..])?)
        .with("tuned_from", shown.tuned as f64)
        .with("tuned", plain(&tuned[shown.tuned..])?);
    let over = alerts.iter().position(|alert| alert.cleared.is_none());
    let alerts = over.unwrap_or(alerts.len());
    *shown = Watched { windows: account.windows(), alerts, tuned: tuned.len() };
    Ok(frame.with("monitoring", told.done()))
}

fn totals(core: &Lane, detail: &Detail) -> Result<JsValue, JsValue> {
    let metrics = core.metrics();
    let (sums, window) = (metrics.sums(), detail.window());
    let all = 0..core.config().checked.all_nodes();
    let resident: u64 = all.map(|at| u64::from(core.cache(at).len())).sum();
    let balance = Fields::new()
        .with("requests", plain(&metrics.balance(core.alive(), |node| node.requests))?)
        .with("work", plain(&metrics.balance(core.alive(), Tally::work_tokens))?)
        .with("resident", plain(&core.balance_resident())?);
    let of_window = |of: fn(&Tally) -> u64| {
        plain(&Balance::of_living(core.alive(), window.nodes().iter().map(of)))
    };
    let window_balance = Fields::new()
        .with("requests", of_window(|node| node.requests)?)
        .with("work", of_window(Tally::work_tokens)?);
    let fields = numbers(COLUMNS.totals, &sums)
        .with("distinct_blocks", core.distinct_blocks() as f64)
        .with("resident_blocks", resident as f64)
        .with("window", numbers(COLUMNS.window, &window.total()).done())
        .with("balance", balance.done())
        .with("window_balance", window_balance.done());
    Ok(with_ttft(with_bounds(fields, core), core).done())
}

fn with_bounds(fields: Fields, core: &Lane) -> Fields {
    let fields = match core.bounds() {
        Some(bounds) => fields.with("names_known_to", bounds.names_known_to as f64),
        None => fields,
    };
    let warnings = [
        ("budget_warning", core.budget_warning()),
        ("batch_warning", core.config().batch_warning()),
    ];
    warnings.into_iter().fold(fields, |fields, (name, warning)| match warning {
        Some(warning) => fields.with(name, warning),
        None => fields,
    })
}

fn with_ttft(fields: Fields, core: &Lane) -> Fields {
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

/// One number for each column.
fn numbers(columns: &[Column<OfTally>], sums: &Tally) -> Fields {
    let start = Fields::new();
    columns.iter().fold(start, |fields, column| fields.with(column.name, (column.of)(sums)))
}

fn nodes(core: &Lane, detail: &Detail) -> JsValue {
    let signals = core.signals();
    let now = |(node, sums)| NodeNow {
        sums,
        window: &detail.window().nodes()[node],
        resident: core.cache(node).len(),
        queue: signals.unfinished[node],
        wait_s: signals.wait_s[node],
        state: core.states()[node],
        slow: core.slow_of(node),
    };
    let nodes: Vec<NodeNow<'_>> = core.metrics().nodes().iter().enumerate().map(now).collect();
    let heat = (0..nodes.len()).flat_map(|node| core.held(node)).flatten();
    let columns = COLUMNS.nodes.iter();
    columns
        .fold(Fields::new(), |fields, Column { name, cells, of }| {
            fields.column(name, *cells, nodes.iter().map(of))
        })
        .wholes("heat", heat)
        .with("heat_bands", USE_BANDS as f64)
        .done()
}

fn recent(detail: &Detail, after: u64) -> JsValue {
    let fields = COLUMNS.recent.iter().fold(Fields::new(), |fields, Column { name, cells, of }| {
        fields.column(name, *cells, detail.tape().since(after).map(of))
    });
    fields.done()
}

fn families(detail: &Detail) -> JsValue {
    let all = || detail.families().roots();
    Fields::new()
        .wholes("block", all().map(|(root, _)| root.0))
        .doubles("requests", all().map(|(_, requests)| requests as f64))
        .with("placed", detail.families().placed() as f64)
        .done()
}

fn columns(series: &Series) -> JsValue {
    let (samples, nodes) = (series.samples(), series.nodes());
    let mut fields = Fields::new()
        .with("stride", series.stride() as f64)
        .with("samples", samples.len() as f64)
        .with("nodes", nodes as f64);
    for Column { name, cells, of } in COLUMNS.series {
        fields = fields.column(name, *cells, samples.iter().map(of));
    }
    for Column { name, cells, of } in COLUMNS.series_by_node {
        let each = samples.iter().flat_map(|sample| (0..nodes).map(move |node| of(sample, node)));
        fields = fields.column(name, *cells, each);
    }
    let timed = if series.is_timed() { samples } else { &[] };
    for Column { name, cells, of } in COLUMNS.series_timed {
        fields = fields.column(name, *cells, timed.iter().map(of));
    }
    fields.done()
}
