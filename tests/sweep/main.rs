//! Sweeps: the cells of a grid, rows against single runs, slices, and searches whose answers are
//! known.
#![cfg(not(target_arch = "wasm32"))]

mod command;
#[cfg(feature = "cli")]
#[path = "../common/program.rs"]
mod program;
mod known;

use kvscope::config::Config;
use kvscope::error::{Error, Result};
use kvscope::session::Session;
use kvscope::sim::Lane;
use kvscope::sweep::{Grid, Row, Shard, Sweep, TraceWords, groups, run_cell};
use kvscope::trace::Log;
use kvscope::trace::pack::unpack;
use kvscope::trace::synth::{Workload, find};
use serde_json::{Value, json};

fn grid(value: Value) -> Grid {
    serde_json::from_value(value).expect("a grid")
}

fn reasons(grid: &Grid) -> Vec<String> {
    match grid.cells() {
        Err(Error::Config(reasons)) => reasons.iter().map(ToString::to_string).collect(),
        other => panic!("expected reasons, found {other:?}"),
    }
}

fn log(requests: u32) -> Log {
    let workload = Workload::new(find("toolagent").expect("a workload"), 7, requests);
    let mut session = Session::workload(&[Config::default()], workload).expect("it can be run");
    session.keep();
    while session.make(1_000).expect("it fits") {}
    unpack(&session.pack().expect("a whole trace")).expect("a packed log")
}

#[test]
fn cells_are_all_combinations_in_a_stated_order() {
    let grid = grid(json!({
        "base": {"nodes": 2, "random.nothing": 1},
        "axes": {"capacity_blocks": [5, 9], "router": ["random", "cache_aware"]},
    }));
    assert!(reasons(&grid)[0].starts_with("base.random.nothing: found 1, expected a parameter of"));
    let grid = self::grid(json!({
        "base": {"nodes": 2},
        "axes": {
            "capacity_blocks": [5, 9],
            "router": ["random", {"id": "cache_aware", "params": {"match": "any"}}],
            "cache_aware.load_weight": [1, 2],
        },
        "seeds": 2,
    }));
    let told = |cell: &kvscope::sweep::Cell| {
        let point: Vec<&str> = cell.point.values().map(String::as_str).collect();
        format!("{} {} {} {}", cell.number, cell.group, cell.config.seed, point.join(" "))
    };
    let cells = grid.cells().expect("it can be run");
    // A random router has no load_weight: its cells stand there once.
    assert_eq!(
        cells.iter().map(told).collect::<Vec<_>>(),
        [
            "0 0 1 5 random",
            "1 0 2 5 random",
            "2 1 1 9 random",
            "3 1 2 9 random",
            "4 2 1 1 5 cache_aware:match=any",
            "5 2 2 1 5 cache_aware:match=any",
            "6 3 1 1 9 cache_aware:match=any",
            "7 3 2 1 9 cache_aware:match=any",
            "8 4 1 2 5 cache_aware:match=any",
            "9 4 2 2 5 cache_aware:match=any",
            "10 5 1 2 9 cache_aware:match=any",
            "11 5 2 2 9 cache_aware:match=any",
        ],
    );
    let last = &cells[11].config;
    assert_eq!(last.router.params.len(), 2);
    assert_eq!(last.settings.len(), 2);
}

#[test]
fn everything_wrong_with_a_grid_is_told_at_once() {
    let grid = grid(json!({
        "base": {"eviction": "lru", "ruoter": "random"},
        "axes": {
            "eviction": ["lru", "fifo"],
            "nodes": [],
            "router": ["rond_robin", "random", "random"],
            "time_unit": ["seconds"],
            "router.alhpa": [1],
        },
        "seeds": [],
    }));
    let told = reasons(&grid).join("\n");
    for part in [
        "axes.eviction: found 2 values, expected nothing: base has a value for it",
        "axes.nodes: found 0 values, expected at least one value",
        "axes.router: found 3 values, expected each value once: random stands twice",
        "axes.time_unit: found 1 values, expected nothing: the trace is read once",
        "axes.router.alhpa: found 1, expected a parameter of router; did you mean alpha?",
        "base.ruoter: found random, expected router, eviction",
        "seeds: found none, expected at least one seed",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    let grid = self::grid(json!({"axes": {"router": ["rond_robin", "random"], "nodes": [0, 3]}}));
    let told = reasons(&grid);
    assert!(told.iter().any(|told| told.contains("did you mean round_robin?")), "{told:?}");
    assert!(told.iter().any(|told| told.contains("nodes: found 0")), "{told:?}");
    assert_eq!(told.len(), 2, "each once: {told:?}");
    let gone = json!({"axes": {"nodes": [8, 4]}, "perturb": ["kill:6@5"]});
    let told = reasons(&self::grid(gone)).join("\n");
    assert!(told.contains("kill:6@5") && told.contains("(at nodes=4)"), "{told}");
    let told = reasons(&self::grid(json!({"perturb": ["kil:1@9"]}))).join("\n");
    assert!(told.contains("did you mean kill?"), "{told}");
    let alone = self::grid(json!({"axes": {"cache_aware.load_weight": [1, 2]}}));
    assert!(reasons(&alone)[0].contains("expected a parameter of a row that some cell chooses"));
    let many: Vec<u32> = (1..1_100).collect();
    let many = self::grid(json!({"axes": {"capacity_blocks": many, "window": many}}));
    assert!(reasons(&many)[0].contains("expected at most 1000000 cells"));
}

/// A grid over both clocks, with routers that draw lots.
fn both_clocks() -> Grid {
    grid(json!({
        "base": {"nodes": 4, "timed.rate": 2},
        "axes": {
            "clock": ["logical", "timed"],
            "router": ["random", "cache_aware", "least_loaded"],
            "eviction": ["lru", "lfu"],
            "capacity_blocks": [200, "900000tokens"],
            "cache_aware.load_weight": [1, 20],
        },
        "seeds": [3, "18446744073709551615"],
    }))
}

fn rows(grid: &Grid, log: &Log) -> Vec<Row> {
    let cells = grid.cells().expect("it can be run");
    cells.iter().map(|cell| run_cell(log, cell).expect("it runs")).collect()
}

#[test]
fn a_row_is_what_a_single_run_prints() -> Result<()> {
    let (log, mut changing) = (log(700), both_clocks());
    changing.perturb = ["kill:1@300", "add:1@350", "drain:0@400"].map(str::to_owned).to_vec();
    let changed = rows(&changing, &log);
    let undisturbed = rows(&both_clocks(), &log);
    let lost = |row: &Row| row.summary.perturbed.as_ref().map(|it| it.lost_blocks);
    assert!(changed.iter().all(|row| lost(row).is_some_and(|lost| lost > 0)));
    assert!(undisturbed.iter().all(|row| lost(row).is_none()));
    for row in undisturbed.into_iter().chain(changed) {
        let config: Config = serde_json::from_value(json!(row.config)).expect("a configuration");
        let mut lane = Lane::new(&config, log.block_size())?;
        lane.run(&log)?;
        let (single, row) = (json!(lane.summary()), json!(row.summary));
        let row = row.as_object().expect("an object");
        for (key, value) in row {
            assert_eq!(value.to_string(), single[key].to_string(), "{key} of {config:?}");
        }
        assert!(row.len() > 25);
    }
    Ok(())
}

#[test]
fn slices_come_together_to_the_same_bytes() -> Result<()> {
    let (grid, log) = (both_clocks(), log(300));
    let rows = rows(&grid, &log);
    let empty = || Sweep::new(grid.clone(), TraceWords::of(&log), rows.len() as u32);
    let mut whole = empty();
    rows.iter().try_for_each(|row| whole.add(row.clone()))?;
    assert_eq!(whole.missing(), 0);
    let text = serde_json::to_string(&whole).expect("JSON");
    for of in [1, 2, 5, 7, 100] {
        let mut merged = empty();
        // Backwards, and through text.
        for index in (0..of).rev() {
            let shard = Shard { index, of };
            let mut slice = empty();
            let mine = rows.iter().rev().filter(|row| shard.has(row.cell));
            mine.cloned().try_for_each(|row| slice.add(row))?;
            let text = serde_json::to_string(&slice).expect("JSON");
            merged.merge(serde_json::from_str(&text).expect("a sweep"))?;
        }
        assert!(serde_json::to_string(&merged).expect("JSON") == text, "{of} slices");
    }
    let mut other = empty();
    other.trace.digest = "0".repeat(16);
    assert!(whole.clone().merge(other).unwrap_err().to_string().contains("another trace"));
    let mut changed = rows[0].clone();
    changed.summary.stranded += 1;
    assert!(whole.add(changed).unwrap_err().to_string().contains("two rows that differ"));
    let mut far = rows[0].clone();
    far.cell = 1_000;
    assert!(whole.add(far).is_err());
    Ok(())
}

#[test]
fn groups_are_means_over_the_seeds() {
    let rows = rows(&both_clocks(), &log(300));
    let groups = groups(&rows);
    assert_eq!(groups.len() * 2, rows.len());
    for (group, rows) in groups.iter().zip(rows.chunks(2)) {
        let rates = [rows[0].summary.token_hit_rate, rows[1].summary.token_hit_rate];
        let mean = group.means[0].expect("every clock tells it");
        assert!((mean.mean - (rates[0] + rates[1]) / 2.0).abs() < 1e-15);
        let (router, capacity) = (&group.point["router"], &group.point["capacity_blocks"]);
        let chance = router == "random" && capacity == "200";
        assert_eq!(mean.half_width != Some(0.0), chance, "{:?}", group.point);
        // Times are told under the timed clock alone.
        assert_eq!(group.means[9].is_some(), group.point["clock"] == "timed");
    }
}
