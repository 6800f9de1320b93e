//! The rows of the table: which case stands beside which, and what is aimed at.

/// Rows that are measured together, in the order of the table.
pub(crate) struct Group {
    /// Its name on the command line.
    pub(crate) id: &'static str,
    pub(crate) rows: Vec<Row>,
}

/// One row.
#[derive(Clone)]
pub(crate) struct Row {
    pub(crate) what: String,
    /// The case of kvscope.
    pub(crate) ours: String,
    /// Cases beside it, of which the fastest counts.
    pub(crate) beside: Vec<String>,
    pub(crate) unit: Unit,
    pub(crate) aim: Aim,
}

/// How a value is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Nanoseconds for one unit of work.
    Nanoseconds,
    /// Millions of units of work a second.
    Millions,
    /// Megabytes a second, where a unit of work is a byte.
    Megabytes,
    /// Milliseconds in all.
    Milliseconds,
    /// The value as it is, and what it is in.
    Plain(&'static str),
}

/// What is aimed at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Aim {
    /// At most so many times what stands beside it takes.
    TimesTheTime(f64),
    /// At least so many times as fast as what stands beside it.
    TimesAsFast(f64),
    /// At most this value.
    AtMost(f64),
    /// At least this value.
    AtLeast(f64),
    /// Printed, and no aim: the ratio of the times, if anything stands beside it.
    Shown,
}

/// Every group.
pub(crate) fn groups() -> Vec<Group> {
    let group = |id, rows| Group { id, rows };
    vec![
        group("cluster", cluster()),
        group("timed", timed()),
        group("caches", caches()),
        group("grid", grid()),
        group("reader", reader()),
        group("answers", answers()),
        group("play", played()),
        group("drop", dropped()),
        group("memory", memory()),
    ]
}

fn row(what: &str, ours: &str, beside: &[String], unit: Unit, aim: Aim) -> Row {
    let (what, ours) = (what.to_owned(), ours.to_owned());
    Row { what, ours, beside: beside.to_vec(), unit, aim }
}

fn cluster() -> Vec<Row> {
    let mut rows = Vec::new();
    for (nodes, sums, everything) in [(8, 2.0, 3.0), (64, 2.5, 2.5)] {
        for router in ["round_robin", "cache_aware"] {
            let bare = ["pages", "ring"].map(|layout| format!("bare/{router}/{nodes}/{layout}"));
            for (observed, told, most) in
                [("sums", "sums only", sums), ("everything", "everything observed", everything)]
            {
                let what = format!("{nodes} nodes, `{router}`, {told}");
                let ours = format!("cluster/{router}/{nodes}/{observed}");
                rows.push(row(&what, &ours, &bare, Unit::Nanoseconds, Aim::TimesTheTime(most)));
            }
        }
    }
    let four = ["cluster/cache_aware/4/everything".to_owned()];
    let what = "64 nodes against 4, `cache_aware`, everything observed";
    let ours = "cluster/cache_aware/64/everything";
    rows.push(row(what, ours, &four, Unit::Nanoseconds, Aim::Shown));
    rows
}

fn timed() -> Vec<Row> {
    let logical = ["cluster/cache_aware/8/everything".to_owned()];
    let mut rows = Vec::new();
    for router in ["conductor", "dynamo_kv"] {
        let (what, ours) = (format!("timed, 8 nodes, `{router}`"), format!("timed/{router}/8"));
        let rate = format!("{what}, requests of 24 blocks");
        rows.push(row(&rate, &ours, &[], Unit::Millions, Aim::AtLeast(1.0)));
        let whole = format!("{what}, against `cache_aware` under the logical clock");
        rows.push(row(&whole, &ours, &logical, Unit::Milliseconds, Aim::TimesAsFast(0.5)));
    }
    rows
}

/// Policies that libCacheSim has as well, and streams.
pub(crate) const POLICIES: [&str; 5] = ["lru", "fifo", "lfu", "sieve", "s3fifo"];
pub(crate) const STREAMS: [(&str, &str, u32); 2] =
    [("conversation", "conversation × 10", 50_000), ("zipf", "Zipf, 20 M references", 100_000)];

fn caches() -> Vec<Row> {
    let mut rows = Vec::new();
    for (stream, told, _) in STREAMS {
        let crates = ["lru", "quick_cache", "moka"].map(|name| format!("crate/{name}/{stream}"));
        for policy in POLICIES {
            let (what, ours) =
                (format!("one cache, {told}, `{policy}`"), format!("cache/{policy}/{stream}"));
            let theirs = [format!("libcachesim:{policy}/{stream}")];
            rows.push(row(&what, &ours, &theirs, Unit::Nanoseconds, Aim::TimesAsFast(3.0)));
            rows.push(row(&what, &ours, &crates, Unit::Nanoseconds, Aim::TimesAsFast(1.0)));
            let (wasm, native) = (format!("wasm:{ours}"), [ours]);
            let what = format!("{what}, wasm");
            rows.push(row(&what, &wasm, &native, Unit::Nanoseconds, Aim::TimesAsFast(0.6)));
        }
    }
    rows
}

fn grid() -> Vec<Row> {
    let six = "conversation, parsed once, 6 policies × 7 capacities, sums only";
    let three = "the same capacities, the 3 policies of kvcache-simulator";
    let whole = ["kvcache-simulator:whole".to_owned()];
    let core = ["kvcache-simulator:core".to_owned()];
    let ms = Unit::Milliseconds;
    vec![
        row(&format!("{six}, native"), "grid/six", &[], ms, Aim::AtMost(150.0)),
        row(&format!("{six}, wasm"), "wasm:grid/six", &[], ms, Aim::AtMost(300.0)),
        row(&format!("{three}, its sweep"), "grid/three", &whole, ms, Aim::TimesAsFast(10.0)),
        row(&format!("{three}, its compiled loop"), "grid/three", &core, ms, Aim::Shown),
    ]
}

/// Spellings of the trace that are read, and what is aimed at.
const SPELLINGS: [(&str, &str, f64); 6] = [
    ("conversation", "conversation, over and over to 300 MB", 4.0),
    ("compact", "the same without blanks", 4.0),
    ("random", "the same with ids of 64 random bits", 2.0),
    ("hex", "the same with such ids in hex strings", 1.5),
    ("bailian", "the same as Qwen-Bailian traces have it", 1.5),
    ("sessions", "the same as sessions of 16 requests, an object each", 1.5),
];

fn reader() -> Vec<Row> {
    let rate = Unit::Megabytes;
    let spelt = |(spelling, told, least): (&str, &str, f64)| {
        let (ours, theirs) = (format!("reader/{spelling}"), format!("serde_json/{spelling}"));
        row(&format!("{told}, read and named"), &ours, &[theirs], rate, Aim::TimesAsFast(least))
    };
    let mut rows: Vec<Row> = SPELLINGS.into_iter().map(spelt).collect();
    let (ours, theirs) = ("wasm:reader/conversation", ["wasm:json/conversation".to_owned()]);
    let what = "conversation in wasm, beside JSON.parse of each line";
    rows.push(row(what, ours, &theirs, rate, Aim::TimesAsFast(5.0)));
    let raw = ["rate:file/stream", "rate:file/own_buffer"].map(str::to_owned);
    let what = "conversation, from a file into the core in a worker of Chromium, beside its stream";
    rows.push(row(what, "rate:file/core", &raw, rate, Aim::TimesAsFast(0.6)));
    rows
}

/// Policies of the curve that is measured; the grid of the sweep is a file.
pub(crate) const CURVES: [&str; 8] =
    ["lru", "fifo", "lfu", "sieve", "s3fifo", "arc", "slru", "two_q"];
pub(crate) const SWEEP: &str = "benches/sweep.json";

fn answers() -> Vec<Row> {
    let told = |what: &str, case: &str| {
        [
            ("cli", "s", "command line", Aim::Shown),
            ("plan", "s", "Chromium", Aim::AtMost(2.0)),
            ("plan", "busy_s", "processor time of the page", Aim::Shown),
        ]
        .map(|(program, unit, name, aim)| {
            let ours = format!("{program}:answers/{case}_{unit}");
            row(&format!("{what}, {name}"), &ours, &[], Unit::Plain("s"), aim)
        })
    };
    let curve = told("curves of 8 policies, 40 capacities each", "curve");
    let sweep = told("sweep of 5 × 5 × 3 at 8 nodes", "sweep");
    [curve, sweep].concat()
}

/// A run that plays, or a page that computes as much, beside which its long tasks stand.
fn played() -> Vec<Row> {
    let told = |case: &str, playing: &str, figure: &str, what: &str, unit, aim| {
        let ours = format!("played:play/{case}/{figure}");
        row(&format!("{playing}: {what}"), &ours, &[], Unit::Plain(unit), aim)
    };
    let own = [
        ("work_p99_ms", "the page's own work a frame, p99", "ms", Aim::Shown),
        ("work_median_ms", "the same, median", "ms", Aim::Shown),
        ("frame_p99_ms", "frame, p99", "ms", Aim::Shown),
        ("long_tasks", "tasks over 50 ms", "", Aim::AtMost(0.0)),
        ("longest_task_ms", "longest task", "ms", Aim::Shown),
        ("longest_task_busy_ms", "most processor time of a task", "ms", Aim::AtMost(50.0)),
    ];
    let painter = [
        ("painted_work_p99_ms", "the painter's work a frame, p99", "ms"),
        ("painted_work_median_ms", "the same, median", "ms"),
        ("painted_frame_p99_ms", "the painter's frame, p99", "ms"),
        ("painted_frames", "the painter's frames in 12 s", ""),
    ];
    let cases = [
        ("four_lanes", "four lanes of 16 nodes playing in Chromium"),
        ("nodes_256", "one run of 256 nodes playing in Chromium"),
    ];
    let mut rows = Vec::new();
    for (case, playing) in cases {
        let page = own.iter();
        rows.extend(
            page.map(|&(figure, what, unit, aim)| told(case, playing, figure, what, unit, aim)),
        );
        rows.extend(
            painter
                .iter()
                .map(|&(figure, what, unit)| told(case, playing, figure, what, unit, Aim::Shown)),
        );
    }
    let bare = "a bare page that computes 2 ms a frame, 6 in each tenth";
    rows.extend(
        own.map(|(figure, what, unit, _)| told("bare", bare, figure, what, unit, Aim::Shown)),
    );
    rows
}

fn dropped() -> Vec<Row> {
    let what = |what: &str| format!("1 GB dropped in Chromium, 16 nodes: {what}");
    let told = |told: &str, case: &str, unit: &'static str, aim: Aim| {
        row(&what(told), &format!("chromium:drop/{case}"), &[], Unit::Plain(unit), aim)
    };
    vec![
        told("drop to last request", "seconds", "s", Aim::AtMost(12.0)),
        told("processor time of the page", "busy_s", "s", Aim::Shown),
        told("frame, p99", "frame_p99_ms", "ms", Aim::AtMost(17.0)),
        told("tasks over 50 ms", "long_tasks", "", Aim::AtMost(0.0)),
        told("longest task", "longest_task_ms", "ms", Aim::Shown),
        told("most memory of the page", "memory_mb", "MB", Aim::Shown),
    ]
}

/// Nodes for which memory is measured.
pub(crate) const MEMORY_NODES: [(u32, f64); 3] = [(4, 24.0), (64, 32.0), (1024, 160.0)];

fn memory() -> Vec<Row> {
    let told = |(nodes, most): (u32, f64)| {
        let what = format!("memory of a distinct block, {nodes} nodes");
        row(&what, &format!("memory/{nodes}"), &[], Unit::Plain("bytes"), Aim::AtMost(most))
    };
    MEMORY_NODES.into_iter().map(told).collect()
}
