//! Monitoring as docs/metrics.md says it: plain functions over the list of what became of every
//! request. Nothing is kept from one window to the next but what the text names.

use kvscope::observe::watched::TurnRecord;
use kvscope::observe::{AlertRecord, TunedRecord};

/// What became of a request.
#[derive(Clone, Debug)]
pub(crate) struct Outcome {
    /// Node, prompt tokens and hit tokens; `None` where it was turned away.
    pub(crate) placed: Option<(usize, u64, u64)>,
    /// Its arrival.
    pub(crate) time_s: f64,
    /// Who is alive after it.
    pub(crate) alive: Vec<bool>,
}

/// What a configuration says of monitoring.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    pub(crate) window: usize,
    pub(crate) hit_rate_min: f64,
    pub(crate) concentration_max: f64,
    /// Names and values of the weights, that of the match first where there is one; empty where
    /// nothing is tuned.
    pub(crate) weights: Vec<(&'static str, f64)>,
    /// Which of them is that of the match.
    pub(crate) affinity: Option<usize>,
    /// A weight that a person sets before the request of this number: which, to what.
    pub(crate) set: Option<(usize, usize, f64)>,
}

/// A window that says something.
struct Window {
    number: u64,
    last_request: u64,
    time_s: f64,
    h: f64,
    c: f64,
}

fn windows(outcomes: &[Outcome], size: usize) -> Vec<Window> {
    let mut all = Vec::new();
    for (at, chunk) in outcomes.chunks_exact(size).enumerate() {
        let last = &chunk[size - 1];
        let placed: Vec<_> = chunk.iter().filter_map(|outcome| outcome.placed).collect();
        let input: u64 = placed.iter().map(|it| it.1).sum();
        let hits: u64 = placed.iter().map(|it| it.2).sum();
        if input == 0 {
            continue;
        }
        let of = |node: usize| placed.iter().filter(|it| it.0 == node).map(|it| it.1 - it.2).sum();
        let living: Vec<usize> = (0..last.alive.len()).filter(|&node| last.alive[node]).collect();
        let work: Vec<u64> = living.iter().map(|&node| of(node)).collect();
        let (most, sum) = (work.iter().max().copied().unwrap_or(0), work.iter().sum::<u64>());
        let c = if living.len() < 2 || sum == 0 { 0.0 } else { most as f64 / sum as f64 };
        all.push(Window {
            number: at as u64 + 1,
            last_request: ((at + 1) * size) as u64,
            time_s: last.time_s,
            h: hits as f64 / input as f64,
            c,
        });
    }
    all
}

/// Alerts by the windows: the last two decide.
pub(crate) fn alerts(outcomes: &[Outcome], rules: &Rules) -> Vec<AlertRecord> {
    let windows = windows(outcomes, rules.window);
    let mut all: Vec<AlertRecord> = Vec::new();
    for (alert, figure, bad, good) in [
        (
            "hit_rate",
            (|w: &Window| w.h) as fn(&Window) -> f64,
            Box::new(|h: f64| h < rules.hit_rate_min) as Box<dyn Fn(f64) -> bool>,
            Box::new(|h: f64| rules.hit_rate_min + 0.02 <= h) as Box<dyn Fn(f64) -> bool>,
        ),
        (
            "concentration",
            |w| w.c,
            Box::new(|c| rules.concentration_max < c),
            Box::new(|c| c <= rules.concentration_max - 0.02),
        ),
    ] {
        let mut up: Option<AlertRecord> = None;
        let mut since = 0;
        for (at, window) in windows.iter().enumerate() {
            // Both windows of a pair come after the latest turn.
            let pair = since < at;
            let both = |is: &dyn Fn(f64) -> bool| {
                pair && is(figure(&windows[at - 1])) && is(figure(window))
            };
            match &mut up {
                None if both(&bad) => {
                    up = Some(AlertRecord {
                        alert: alert.to_owned(),
                        raised: window.last_request,
                        raised_s: window.time_s,
                        value: figure(window),
                        cleared: None,
                        cleared_s: None,
                    });
                    since = at + 1;
                }
                Some(record) if both(&good) => {
                    record.cleared = Some(window.last_request);
                    record.cleared_s = Some(window.time_s);
                    all.extend(up.take());
                    since = at + 1;
                }
                _ => {}
            }
        }
        all.extend(up);
    }
    // In the order in which they were raised, hit rates first.
    all.sort_by_key(|record| (record.raised, record.alert == "concentration"));
    all
}

/// What a window asks for, bounds apart, and why.
fn wanted(window: &Window, rules: &Rules, base: &[f64], now: &[f64]) -> (&'static str, Vec<f64>) {
    let (affinity, balance, reason) = if rules.concentration_max < window.c {
        (if window.c > 0.8 { 0.3 } else { 0.9 }, 1.5, "concentration")
    } else if window.h < rules.hit_rate_min && window.c < 0.9 * rules.concentration_max {
        (1.1, 0.9, "hit_rate")
    } else {
        (0.0, 0.0, "back")
    };
    let each = |which: usize| match reason {
        "back" => now[which] + 0.1 * (base[which] - now[which]),
        _ if rules.affinity == Some(which) => now[which] * affinity,
        _ => now[which] * balance,
    };
    (reason, (0..now.len()).map(each).collect())
}

/// The limits of a weight.
fn bounded(name: &str, base: f64, value: f64) -> f64 {
    let most = if name == "load_weight" { 100_000.0 } else { 100.0 };
    value.max(0.2 * base).min(5.0 * base).min(most)
}

/// What a tuner does, window by window.
pub(crate) fn tuned(outcomes: &[Outcome], rules: &Rules) -> Vec<TunedRecord> {
    let mut all: Vec<TunedRecord> = Vec::new();
    let mut base: Vec<f64> = rules.weights.iter().map(|(_, value)| *value).collect();
    let mut now = base.clone();
    // By judged window: figures, weights before, and whether something changed that may be undone.
    let mut judged: Vec<(f64, f64, Vec<f64>, bool)> = Vec::new();
    let mut undone_at: Option<usize> = None;
    let mut is_set = false;
    for window in windows(outcomes, rules.window) {
        if let Some((request, which, value)) = rules.set
            && !is_set
            && (which < now.len() && request as u64 <= window.last_request)
        {
            is_set = true;
            (base[which], now[which]) = (value, value);
            judged.iter_mut().for_each(|it| it.3 = false);
        }
        let at = judged.len();
        let before = now.clone();
        let held = undone_at.is_some_and(|undone| at <= undone + 4);
        let failed = at >= 2 && {
            let (h, c, _, open) = &judged[at - 2];
            *open && window.h < h - 0.02 && window.c >= *c
        };
        let mut reason = "";
        if failed && !held {
            reason = "undone";
            now = judged[at - 2].2.clone();
        } else if !held {
            (reason, now) = wanted(&window, rules, &base, &now);
        }
        for which in 0..now.len() {
            now[which] = bounded(rules.weights[which].0, base[which], now[which]);
        }
        let request = window.last_request + 1;
        // What a person sets for the same request goes before it.
        let is_set_then =
            |which| rules.set.is_some_and(|it| it.0 as u64 == request && it.1 == which);
        let changes: Vec<TurnRecord> = (0..now.len())
            .filter(|&which| now[which] != before[which])
            .map(|which| {
                let (name, old, new) = (rules.weights[which].0, before[which], now[which]);
                TurnRecord { name: name.to_owned(), old, new }
            })
            .collect();
        let changed = !changes.is_empty();
        judged.push((window.h, window.c, before, changed && reason != "undone"));
        if failed && !held {
            undone_at = Some(at);
            judged.iter_mut().for_each(|it| it.3 = false);
        }
        let changes: Vec<TurnRecord> =
            changes.into_iter().filter(|change| !is_set_then(place(rules, &change.name))).collect();
        // What no request comes after is never carried out.
        if !changes.is_empty() && window.last_request < outcomes.len() as u64 {
            all.push(TunedRecord {
                window: window.number,
                request,
                time_s: window.time_s,
                hit_rate: window.h,
                concentration: window.c,
                changes,
                reason: reason.to_owned(),
            });
        }
    }
    all
}

/// Which weight is called so.
fn place(rules: &Rules, name: &str) -> usize {
    rules.weights.iter().position(|weight| weight.0 == name).expect("a weight")
}
