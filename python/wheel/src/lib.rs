//! The module `kvscope._core`: a trace held whole, and what can be asked of it.
//!
//! Everything structured crosses as JSON text, which is what the command line prints; the Python
//! side (`kvscope/__init__.py`) makes dictionaries of it. Nothing here holds the GIL while it
//! serves.

use kvscope::analyze::Facts;
use kvscope::analyze::curve::{Job, Plan, measure};
use kvscope::catalog;
use kvscope::config::Config;
use kvscope::error::Error;
use kvscope::observe::Observe;
use kvscope::sim::{Lane, Summary};
use kvscope::studies::{self, Findings, StudyRow};
use kvscope::sweep::{Grid, Seeds, Shard, Sweep, TraceWords, run_cell};
use kvscope::trace::{Log, ReadReport, TraceReader, synth};
use pyo3::create_exception;
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use rayon::prelude::*;
use serde::Serialize;

create_exception!(kvscope, ConfigError, PyValueError, "A configuration that cannot be run.");
create_exception!(kvscope, TraceError, PyValueError, "A trace that cannot be read.");

/// What the core says, as an exception.
fn told(error: Error) -> PyErr {
    match error {
        Error::Config(_) => ConfigError::new_err(error.to_string()),
        Error::State(_) => PyRuntimeError::new_err(error.to_string()),
    }
}

fn json<T: Serialize + ?Sized>(value: &T) -> PyResult<String> {
    serde_json::to_string(value).map_err(|error| PyRuntimeError::new_err(error.to_string()))
}

fn grid_of(text: &str) -> PyResult<Grid> {
    serde_json::from_str(text).map_err(|error| ConfigError::new_err(error.to_string()))
}

/// The configuration that the base of a grid says, with the first of its seeds.
fn config_of(text: &str) -> PyResult<Config> {
    let grid = grid_of(text)?;
    let mut config = grid.base().map_err(told)?;
    config.perturb.clone_from(&grid.perturb);
    if let Seeds::List(seeds) = &grid.seeds
        && let Some(seed) = seeds.first()
    {
        config.seed = seed.clone();
    }
    Ok(config)
}

/// Reads a trace that comes in chunks.
#[pyclass]
struct Reader {
    reader: Option<TraceReader>,
    log: Log,
}

#[pymethods]
impl Reader {
    /// With the settings of reading that a configuration has.
    #[new]
    fn new(config: &str) -> PyResult<Self> {
        let options = config_of(config)?.check().map_err(told)?.read_options();
        Ok(Self { reader: Some(TraceReader::new(options)), log: Log::new() })
    }

    /// The next bytes.
    fn push(&mut self, py: Python<'_>, chunk: &[u8]) -> PyResult<()> {
        let Self { reader, log } = self;
        let reader = reader.as_mut().ok_or_else(ended)?;
        py.detach(|| reader.push(chunk, log));
        Ok(())
    }

    /// The trace, whose bytes have all come.
    fn finish(&mut self) -> PyResult<Trace> {
        let mut reader = self.reader.take().ok_or_else(ended)?;
        let mut log = std::mem::take(&mut self.log);
        reader.finish(&mut log);
        log.end();
        let report = reader.report();
        if let Some(reason) = &report.stopped {
            return Err(TraceError::new_err(reason.to_string()));
        }
        if log.is_empty() {
            let first = report.bad_lines.first().map(|line| format!(": {line:?}"));
            let why = first.unwrap_or_default();
            let told = format!("the trace has no request that can be served{why}");
            return Err(TraceError::new_err(told));
        }
        let words = Words::of(report)?;
        Trace::of(log, words)
    }
}

fn ended() -> PyErr {
    PyRuntimeError::new_err("the trace has ended: a Reader reads one trace")
}

/// How a trace was read.
struct Words {
    bad_lines: u64,
    facts: serde_json::Value,
}

impl Words {
    fn of(report: &ReadReport) -> PyResult<Self> {
        let facts = serde_json::to_value(report.facts());
        let facts = facts.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
        Ok(Self { bad_lines: report.bad_lines_total, facts })
    }
}

/// A whole trace, which knows its future. Nothing that is asked of it changes it.
#[pyclass(frozen)]
struct Trace {
    log: Log,
    words: Words,
}

impl Trace {
    fn of(mut log: Log, words: Words) -> PyResult<Self> {
        log.look_ahead().map_err(told)?;
        Ok(Self { log, words })
    }
}

#[pymethods]
impl Trace {
    /// Requests.
    fn __len__(&self) -> usize {
        self.log.len() as usize
    }

    /// How it was read, as `trace` of `kvscope run --json`.
    fn report(&self) -> PyResult<String> {
        json(&self.words.facts)
    }

    /// What is in it, as `kvscope trace --json`.
    fn facts(&self, py: Python<'_>) -> PyResult<String> {
        json(&py.detach(|| Facts::of(&self.log)))
    }

    /// One run, as `kvscope run --json`.
    fn run(&self, py: Python<'_>, config: &str) -> PyResult<String> {
        let config = config_of(config)?;
        let summary = py.detach(|| serve(&self.log, &config)).map_err(told)?;
        let fail = |error: serde_json::Error| PyRuntimeError::new_err(error.to_string());
        let mut object = serde_json::to_value(&summary).map_err(fail)?;
        object["bad_lines"] = self.words.bad_lines.into();
        object["trace"] = self.words.facts.clone();
        json(&object)
    }

    /// Hit rate against capacity, as `kvscope curve --json`.
    fn curve(
        &self,
        py: Python<'_>,
        configs: Vec<String>,
        capacities: Option<(u32, u32)>,
        points: usize,
        threads: usize,
    ) -> PyResult<String> {
        let configs = configs.iter().map(|it| config_of(it)).collect::<PyResult<Vec<_>>>()?;
        let capacities = capacities.map(|(from, to)| from..=to);
        let curve = py.detach(|| {
            let mut plan = Plan::new(&self.log, &configs, capacities, points)?;
            loop {
                let jobs = plan.round();
                if jobs.is_empty() {
                    return Ok(plan.curve(true));
                }
                let work = |job: &Job| measure(&self.log, job);
                for (job, measured) in jobs.iter().zip(each(threads, &jobs, work)?) {
                    plan.take(job, measured);
                }
            }
        });
        json(&curve.map_err(told)?)
    }

    /// Every cell of a grid, or those of a slice, as `kvscope sweep --json`.
    fn sweep(
        &self,
        py: Python<'_>,
        grid: &str,
        shard: Option<(u32, u32)>,
        threads: usize,
    ) -> PyResult<String> {
        let grid = grid_of(grid)?;
        let shard = match shard {
            None => Shard::WHOLE,
            Some((index, of)) if index < of => Shard { index, of },
            Some((index, of)) => {
                let told = format!("found shard ({index}, {of}), expected (i, n) with 0 <= i < n");
                return Err(PyValueError::new_err(told));
            }
        };
        let sweep = py.detach(|| {
            let cells = grid.cells()?;
            let mut sweep = Sweep::new(grid, TraceWords::of(&self.log), cells.len() as u32);
            let open: Vec<_> = cells.iter().filter(|cell| shard.has(cell.number)).collect();
            for row in each(threads, &open, |cell| run_cell(&self.log, cell))? {
                sweep.add(row)?;
            }
            Ok(sweep)
        });
        json(&sweep.map_err(told)?)
    }

    /// A published figure or claim beside what comes out here, as `kvscope study --json`.
    fn study(
        &self,
        py: Python<'_>,
        id: &str,
        seeds: Option<u32>,
        threads: usize,
    ) -> PyResult<String> {
        let row = row_of(id)?;
        let seeds = seeds.unwrap_or(row.about.default_seeds).max(1);
        let study = py.detach(|| {
            let cells = (row.cells)(seeds);
            let summaries = each(threads, &cells, |cell| cell.run(&self.log))?;
            Ok((row.conclude)(&Findings { seeds, log: &self.log, summaries: &summaries }))
        });
        json(&study.map_err(told)?)
    }
}

fn serve(log: &Log, config: &Config) -> Result<Summary, Error> {
    let config = config.check()?.with_block_size(log.block_size())?;
    let mut lane = Lane::of(config, Observe::All);
    lane.run(log)?;
    Ok(lane.summary())
}

/// Does each job on so many threads (0: one a core); results stand in the order of the jobs.
fn each<J: Sync, R: Send>(
    threads: usize,
    jobs: &[J],
    work: impl Fn(&J) -> Result<R, Error> + Sync + Send,
) -> Result<Vec<R>, Error> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    let pool = pool.map_err(|error| Error::State(error.to_string()))?;
    pool.install(|| jobs.par_iter().map(work).collect())
}

/// A built-in workload as a trace; without a length, that of the trace it stands for.
#[pyfunction]
#[pyo3(signature = (id, seed = 0, requests = None))]
fn workload(id: &str, seed: u64, requests: Option<u32>) -> PyResult<Trace> {
    let row = synth::find(id).ok_or_else(|| {
        let ids: Vec<&str> = synth::workloads().iter().map(|row| row.id).collect();
        PyValueError::new_err(format!("found workload {id}, expected one of {}", ids.join(", ")))
    })?;
    let log = synth::log(row, seed, requests.unwrap_or(row.default_requests));
    let facts = serde_json::json!({ "workload": id, "seed": seed, "rows": log.len() });
    Trace::of(log, Words { bad_lines: 0, facts })
}

/// The built-in workload that stands for a study's own trace.
#[pyfunction]
fn stand_in(study: &str) -> PyResult<Trace> {
    workload(row_of(study)?.about.workload, 0, None)
}

fn row_of(study: &str) -> PyResult<&'static StudyRow> {
    studies::find(study).ok_or_else(|| {
        let ids: Vec<&str> = studies::ABOUT.iter().map(|about| about.id).collect();
        PyValueError::new_err(format!("found study {study}, expected one of {}", ids.join(", ")))
    })
}

/// Every table of this build, as `kvscope policies --json`.
#[pyfunction]
fn tables() -> PyResult<String> {
    json(&catalog::tables())
}

#[pymodule]
fn _core(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("ConfigError", module.py().get_type::<ConfigError>())?;
    module.add("TraceError", module.py().get_type::<TraceError>())?;
    module.add_class::<Reader>()?;
    module.add_class::<Trace>()?;
    module.add_function(wrap_pyfunction!(workload, module)?)?;
    module.add_function(wrap_pyfunction!(stand_in, module)?)?;
    module.add_function(wrap_pyfunction!(tables, module)?)
}
