//! The one place that knows JavaScript: converts and delegates.
//!
//! Numbers cross as columns in typed arrays, which are copies; everything else as plain objects.
//! The TypeScript of it all is written by hand in `kvscope.d.ts`.

mod frame;
mod object;

use crate::analyze::figure5::figure5;
use crate::catalog::tables;
use crate::config::Config;
use crate::error::{Error, Reason};
use crate::observe::MigrationRecord;
use crate::session::Session;
use crate::sim::Lane;
use crate::trace::ReadReport;
use crate::trace::synth::{self, Workload};
use object::{plain, thrown};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("kvscope.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const VALUES: &str = "
export class Simulator {
  /** Throws a KvscopeError of kind config with every reason at once. */
  constructor(config: Config);
}
/** The tables of this build. */
export function policies(): Tables;
/** A seed nobody has chosen, as decimal text. */
export function new_seed(): string;
";

/// Runs once when the module is loaded.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// The tables of this build.
#[wasm_bindgen(skip_typescript)]
pub fn policies() -> Result<JsValue, JsValue> {
    plain(&tables())
}

/// A seed nobody has chosen.
#[wasm_bindgen(skip_typescript)]
pub fn new_seed() -> Result<String, JsValue> {
    let seed = getrandom::u64().map_err(|error| thrown("state", &error.to_string()))?;
    Ok(seed.to_string())
}

/// A cluster serving a trace that arrives in chunks.
#[wasm_bindgen(skip_typescript)]
pub struct Simulator {
    config: Config,
    core: Session,
    input: Vec<u8>,
    workload: bool,
    shown: frame::Shown,
}

#[wasm_bindgen]
impl Simulator {
    /// A cluster with empty caches.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new(config: JsValue) -> Result<Simulator, JsValue> {
        let config: Config = serde_wasm_bindgen::from_value(config).map_err(|error| {
            let expected = "an object of the shape of Config".to_owned();
            let (path, value) = ("config".to_owned(), error.to_string());
            told(&Error::Config(vec![Reason { path, value, expected }]))
        })?;
        let core = Session::read(std::slice::from_ref(&config)).map_err(|error| told(&error))?;
        let (input, shown) = (Vec::new(), frame::Shown::default());
        Ok(Self { config, core, input, workload: false, shown })
    }

    /// Room for a chunk; returns its address.
    #[wasm_bindgen(skip_typescript)]
    pub fn reserve(&mut self, bytes: usize) -> Result<usize, JsValue> {
        if self.workload {
            return Err(thrown("state", "a workload takes no bytes"));
        }
        self.input.resize(bytes.max(self.input.len()), 0);
        Ok(self.input.as_ptr() as usize)
    }

    /// Parses the chunk written.
    #[wasm_bindgen(skip_typescript)]
    pub fn commit(&mut self, bytes: usize) -> Result<(), JsValue> {
        let Some(chunk) = self.input.get(..bytes) else {
            return Err(thrown("state", "more bytes committed than reserved"));
        };
        self.core.push(chunk).map_err(|error| told(&error))
    }

    /// The trace has ended.
    #[wasm_bindgen(skip_typescript)]
    pub fn finish(&mut self) {
        self.core.finish();
    }

    /// Makes at most `requests` more requests of a workload of `total`; returns whether there
    /// are more.
    #[wasm_bindgen(skip_typescript)]
    pub fn synthesize(
        &mut self,
        id: &str,
        seed: &str,
        total: u32,
        requests: u32,
    ) -> Result<bool, JsValue> {
        if !self.workload {
            let row = synth::find(id)
                .ok_or_else(|| thrown("state", &format!("no workload is called {id}")))?;
            let seed = seed.parse().map_err(|_| {
                thrown("state", &format!("the seed {seed} is not a whole number below 2^64"))
            })?;
            let workload = Workload::new(row, seed, total);
            let configs = std::slice::from_ref(&self.config);
            self.core = Session::workload(configs, workload).map_err(|error| told(&error))?;
            self.workload = true;
        }
        self.core.make(requests).map_err(|error| told(&error))
    }

    /// Serves at most n requests; returns how many.
    #[wasm_bindgen(skip_typescript)]
    pub fn step(&mut self, n: usize) -> Result<usize, JsValue> {
        let served = self.core.step(n as u64).map_err(|error| told(&error))?;
        Ok(served as usize)
    }

    /// Requests parsed and not yet served.
    #[wasm_bindgen(skip_typescript)]
    pub fn waiting(&self) -> usize {
        self.core.waiting() as usize
    }

    /// The cluster at this moment.
    #[wasm_bindgen(skip_typescript)]
    pub fn frame(&mut self, series: bool) -> Result<JsValue, JsValue> {
        frame::frame(&self.core, &mut self.shown, series)
    }

    /// What the reader has seen.
    #[wasm_bindgen(skip_typescript)]
    pub fn report(&self) -> Result<JsValue, JsValue> {
        if let Some(report) = self.core.report() {
            return plain(report);
        }
        let sums = self.lane().metrics().sums();
        plain(&ReadReport {
            requests: self.core.log().len(),
            blocks: sums.blocks,
            distinct_blocks: self.lane().distinct_blocks(),
            input_tokens: sums.input_tokens,
            output_tokens: sums.output_tokens,
            ..Default::default()
        })
    }

    /// Every migration kept.
    #[wasm_bindgen(skip_typescript)]
    pub fn migrations(&self) -> Result<JsValue, JsValue> {
        let detail = self.lane().metrics().detail();
        let records: &[MigrationRecord] = detail.map_or(&[], |detail| detail.history().records());
        plain(&records)
    }

    /// What the command line prints.
    #[wasm_bindgen(skip_typescript)]
    pub fn summary(&self) -> Result<JsValue, JsValue> {
        plain(&self.lane().summary())
    }

    /// Whether decisions are taken down.
    #[wasm_bindgen(skip_typescript)]
    pub fn explain(&mut self, wanted: bool) -> Result<(), JsValue> {
        self.core.explain(wanted).map_err(|error| told(&error))
    }

    /// The latest decision taken down.
    #[wasm_bindgen(skip_typescript)]
    pub fn decision(&self) -> Result<JsValue, JsValue> {
        self.lane().decision().map_or(Ok(JsValue::NULL), plain)
    }

    /// Figure 5 of Mooncake FAST'25 over the requests that wait: the trace fed and not served.
    #[wasm_bindgen(skip_typescript)]
    pub fn figure5(&mut self, seeds: u32) -> Result<JsValue, JsValue> {
        if self.lane().number() > 0 {
            return Err(thrown("state", "Figure 5 needs the trace from its beginning"));
        }
        let figure = figure5(self.core.log(), seeds.max(1)).map_err(|error| told(&error))?;
        plain(&figure)
    }

    fn lane(&self) -> &Lane {
        &self.core.lanes()[0]
    }
}

/// An error as JavaScript sees it: the same text, with kind and reasons.
fn told(error: &Error) -> JsValue {
    let value = thrown(error.kind(), &error.to_string());
    if let Error::Config(reasons) = error
        && let Ok(reasons) = plain(&reason_rows(reasons))
    {
        object::set(&value, "reasons", reasons);
    }
    value
}

#[derive(serde::Serialize)]
struct ReasonRow<'a> {
    #[serde(flatten)]
    reason: &'a Reason,
    message: String,
}

fn reason_rows(reasons: &[Reason]) -> Vec<ReasonRow<'_>> {
    reasons.iter().map(|reason| ReasonRow { reason, message: reason.to_string() }).collect()
}
