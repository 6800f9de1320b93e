//! Questions about a whole trace that take many runs: curves, the limits of configurations, advice,
//! lanes over seeds, decisions looked up.
//!
//! The workers of a pool keep nothing that another might need. What was measured so far comes with
//! the question, and what is still to be measured is the answer, so that any worker goes on with
//! what any other began.

use super::analysis::{Analysis, read};
use super::argument;
use super::curves::Curves;
use super::object::{Fields, plain, thrown, told};
use crate::advise::{self, Answers, Question, Unit, Weights};
use crate::analyze::Facts;
use crate::analyze::decisions::{First, Search};
use crate::compare::{Comparison, repeat};
use crate::config::{Config, PolicyChoice, file};
use crate::error::Error;
use crate::model::BlockId;
use crate::sim::Summary;
use crate::sweep::{
    Cost, Grid, MOST_NODES, Probe, Row, Sweep, TraceWords, cache_bytes, least_nodes, most_rate,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use wasm_bindgen::prelude::*;

/// What a worker knows of the questions it was asked last.
#[derive(Default)]
pub(super) struct Known {
    curves: Curves,
    advice: Option<(Advice, advise::Plan)>,
    search: Option<Search>,
    words: Option<TraceWords>,
}

/// As [`Question`] has it.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Advice {
    config: Config,
    #[serde(default)]
    routers: Vec<PolicyChoice>,
    #[serde(default)]
    evictions: Vec<PolicyChoice>,
    seeds: u32,
    /// By goal; what is left out weighs 1.
    #[serde(default)]
    weights: BTreeMap<String, f64>,
    scenario_requests: u32,
}

/// What a unit of advice gave.
#[derive(Serialize, Deserialize)]
struct UnitAnswer {
    unit: u32,
    summaries: Vec<Summary>,
}

/// Which decision.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Wanted {
    Number { number: u64 },
    At { at_s: f64 },
    Family { family: u32, from: u64 },
}

#[wasm_bindgen]
impl Analysis {
    /// A sweep as `kvscope sweep --json` prints it, to the byte.
    #[wasm_bindgen(skip_typescript)]
    pub fn document(&mut self, grid: JsValue, rows: JsValue) -> Result<String, JsValue> {
        let grid: Grid = read("grid", &grid)?;
        let rows: Vec<Row> = read("rows", &rows)?;
        let cells = grid.cells().map_err(|error| told(&error))?.len() as u32;
        let words = self.known.words.get_or_insert_with(|| TraceWords::of(&self.log)).clone();
        let mut sweep = Sweep::new(grid, words, cells);
        rows.into_iter().try_for_each(|row| sweep.add(row)).map_err(|error| told(&error))?;
        let text = serde_json::to_string(&sweep).map_err(|it| thrown("state", &it.to_string()))?;
        Ok(text + "\n")
    }

    /// The largest arrival rate of a cell; `hear` is told how many runs were made so far.
    #[wasm_bindgen(skip_typescript)]
    pub fn most_rate(&self, number: JsValue, hear: JsValue) -> Result<JsValue, JsValue> {
        let (cell, hear) = (self.cell(&number)?, argument::function(&hear, "hear")?);
        let mut runs = 0;
        let found = most_rate(&self.log, &cell.config, |_: &Probe| count(&hear, &mut runs));
        plain(&found.map_err(|error| told(&error))?)
    }

    /// The smallest number of nodes of a cell, and the bytes that each caches.
    #[wasm_bindgen(skip_typescript)]
    pub fn least_nodes(&self, number: JsValue, hear: JsValue) -> Result<JsValue, JsValue> {
        let (cell, hear) = (self.cell(&number)?, argument::function(&hear, "hear")?);
        let mut runs = 0;
        let proceed = |_: &Probe| count(&hear, &mut runs);
        let found = least_nodes(&self.log, &cell.config, MOST_NODES, proceed);
        let found = plain(&found.map_err(|error| told(&error))?)?;
        let bytes = cache_bytes(&self.log, &cell.config).map_err(|error| told(&error))?;
        Ok(Fields::new().with("search", found).with("cache_bytes", plain(&bytes)?).done())
    }

    /// Curves as far as they were measured, and what is to be measured next.
    #[wasm_bindgen(skip_typescript)]
    pub fn curves(&mut self, asked: JsValue, answers: JsValue) -> Result<JsValue, JsValue> {
        self.known.curves.follow(&mut self.log, None, &asked, &answers)
    }

    /// What is to be measured next of a line of curves.
    #[wasm_bindgen(skip_typescript)]
    pub fn next(
        &mut self,
        asked: JsValue,
        line: JsValue,
        answers: JsValue,
    ) -> Result<JsValue, JsValue> {
        self.known.curves.next(&mut self.log, None, &asked, [&line, &answers])
    }

    /// Measures a line of curves at a capacity.
    #[wasm_bindgen(skip_typescript)]
    pub fn measure(
        &mut self,
        asked: JsValue,
        line: JsValue,
        capacity: JsValue,
    ) -> Result<JsValue, JsValue> {
        Curves::measure(&mut self.log, None, &asked, [&line, &capacity])
    }

    /// Advice as far as its units were run, and which are to be run next.
    #[wasm_bindgen(skip_typescript)]
    pub fn advice(&mut self, asked: JsValue, answers: JsValue) -> Result<JsValue, JsValue> {
        let given: Vec<UnitAnswer> = read("answers", &answers)?;
        let Self { collector, facts, log, .. } = self;
        if collector.number() < log.len() {
            return Err(thrown("state", "advice on a trace needs its facts"));
        }
        let popularity: &Facts = facts.get_or_insert_with(|| collector.clone().finish(log));
        let popularity = popularity.popularity.clone();
        let plan = self.advice_plan(&asked)?;
        let mut answers = Answers::new(plan);
        for UnitAnswer { unit, summaries } in given {
            if plan.unit(unit).is_none() {
                return Err(thrown("argument", "answers: this question has no such unit"));
            }
            answers.put(unit, summaries);
        }
        let open: Vec<u32> = plan.open(&answers).iter().map(|unit| unit.number).collect();
        let advice = plain(&plan.advise(&popularity, &answers))?;
        Ok(Fields::new().with("open", plain(&open)?).with("advice", advice).done())
    }

    /// Runs a unit of advice.
    #[wasm_bindgen(skip_typescript)]
    pub fn advice_unit(&mut self, asked: JsValue, number: JsValue) -> Result<JsValue, JsValue> {
        let number = argument::whole(&number, "number", 0..=u32::MAX)?;
        let unit: Option<Unit> = self.advice_plan(&asked)?.unit(number).cloned();
        let unit = unit.ok_or_else(|| {
            thrown("argument", "number: this question has no unit of that number")
        })?;
        let summaries = unit.run(&self.log).map_err(|error| told(&error))?;
        plain(&UnitAnswer { unit: number, summaries })
    }

    /// Serves the whole trace in a lane of a comparison, with the seed that comes `by` after its
    /// own.
    #[wasm_bindgen(skip_typescript)]
    pub fn repeat(&mut self, config: JsValue, by: JsValue) -> Result<JsValue, JsValue> {
        let config: Config = read("config", &config)?;
        let by = argument::whole(&by, "by", 0..=u32::MAX)?;
        let config = config.check().map_err(|error| told(&error))?;
        self.foresee(config.needs_future)?;
        plain(&repeat(&config, by, &self.log).map_err(|error| told(&error))?)
    }

    /// Begins to look for decisions, for [`Analysis::look`].
    #[wasm_bindgen(skip_typescript)]
    pub fn find(
        &mut self,
        config: JsValue,
        wanted: JsValue,
        count: JsValue,
    ) -> Result<(), JsValue> {
        let config: Config = read("config", &config)?;
        let count = argument::whole(&count, "count", 1..=10_000)?;
        let first = match read("wanted", &wanted)? {
            Wanted::Number { number } => First::Number(number),
            Wanted::At { at_s } => First::At(at_s),
            Wanted::Family { family, from } => First::Family(BlockId(family), from),
        };
        self.foresee(config.check().map_err(|error| told(&error))?.needs_future)?;
        let search = Search::new(&self.log, &config, first, count.into());
        self.known.search = Some(search.map_err(|error| told(&error))?);
        Ok(())
    }

    /// Serves the next n requests of the run whose decisions are looked for; whether there is more
    /// to do.
    #[wasm_bindgen(skip_typescript)]
    pub fn look(&mut self, n: JsValue) -> Result<bool, JsValue> {
        let n = argument::whole(&n, "n", 0..=u32::MAX)?;
        let Some(search) = &mut self.known.search else { return Err(no_search()) };
        search.step(&self.log, n.into()).map_err(|error| told(&error))
    }

    /// Requests that it has served, and the decisions found.
    #[wasm_bindgen(skip_typescript)]
    pub fn found(&self) -> Result<JsValue, JsValue> {
        let search = self.known.search.as_ref().ok_or_else(no_search)?;
        plain(&search.found)
    }
}

impl Analysis {
    fn foresee(&mut self, needs_future: bool) -> Result<(), JsValue> {
        if needs_future { self.log.look_ahead().map_err(|error| told(&error)) } else { Ok(()) }
    }

    fn advice_plan(&mut self, asked: &JsValue) -> Result<&advise::Plan, JsValue> {
        let asked: Advice = read("asked", asked)?;
        if self.known.advice.as_ref().is_none_or(|(before, _)| *before != asked) {
            let question = question(asked.clone())?;
            let plan = advise::Plan::new(question, self.log.block_size());
            self.known.advice = Some((asked, plan.map_err(|error| told(&error))?));
        }
        let (_, plan) = self.known.advice.as_ref().expect("it was made above");
        Ok(plan)
    }
}

/// Lanes beside each other over seeds: of each the summaries of its runs, in the order of the
/// seeds.
#[wasm_bindgen(skip_typescript)]
pub fn beside(configs: JsValue, runs: JsValue) -> Result<JsValue, JsValue> {
    let configs: Vec<Config> = read("configs", &configs)?;
    let runs: Vec<Vec<Summary>> = read("runs", &runs)?;
    let seeds = runs.first().map_or(0, Vec::len);
    let are_even = seeds > 0 && runs.iter().all(|lane| lane.len() == seeds);
    if !are_even || runs.len() != configs.len() {
        return Err(thrown("argument", "runs: expected as many of each lane, one at least"));
    }
    plain(&Comparison::new(&configs, &runs).map_err(|error| told(&error))?)
}

/// A configuration as a file says it, checked.
#[wasm_bindgen(skip_typescript)]
pub fn configuration(file: JsValue) -> Result<JsValue, JsValue> {
    let entry: file::Entry = read("file", &file)?;
    plain(&file::read(&entry).config().map_err(|error| told(&error))?)
}

/// What configurations cost, which need so many nodes that cache so many bytes each.
#[wasm_bindgen(skip_typescript)]
pub fn prices(sizes: JsValue, node: JsValue, gib: JsValue) -> Result<JsValue, JsValue> {
    let sizes: Vec<[Option<f64>; 2]> = read("sizes", &sizes)?;
    let cost = Cost { node: read("node", &node)?, gib: read("gib", &gib)? };
    let price = |[nodes, bytes]: [Option<f64>; 2]| Some(cost.of(nodes?, bytes?));
    plain(&sizes.into_iter().map(price).collect::<Vec<_>>())
}

fn question(asked: Advice) -> Result<Question, JsValue> {
    let weights: Vec<String> =
        asked.weights.iter().map(|(goal, weight)| format!("{goal}={weight}")).collect();
    let weights = match weights.is_empty() {
        true => Ok(Weights::default()),
        false => Weights::parse(&weights.join(",")),
    };
    Ok(Question {
        routers: asked.routers,
        evictions: asked.evictions,
        seeds: asked.seeds,
        weights: weights.map_err(|told| thrown("argument", &format!("weights: {told}")))?,
        scenario_requests: asked.scenario_requests,
        ..Question::new(asked.config)
    })
}

/// Tells how many runs were made, and goes on.
fn count(hear: &js_sys::Function, runs: &mut u32) -> bool {
    *runs += 1;
    // What the listener makes of it is not ours to judge.
    let _ = hear.call1(&JsValue::NULL, &JsValue::from(*runs));
    true
}

fn no_search() -> JsValue {
    told(&Error::State("decisions are looked for once somebody has said which".to_owned()))
}
