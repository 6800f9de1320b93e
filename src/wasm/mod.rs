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
use crate::sim::Simulator as Core;
use crate::trace::synth::{self, Workload};
use crate::trace::{Interner, RawRequest, TraceReader};
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
    core: Core,
    intake: Intake,
    shown: frame::Shown,
}

/// Where requests come from.
enum Intake {
    /// Bytes of a file.
    File { reader: Box<TraceReader>, input: Vec<u8> },
    /// A built-in workload.
    Workload { made: u32, workload: Box<Workload>, interner: Interner, raw: RawRequest },
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
        let mut core = Core::new(&config).map_err(|error| told(&error))?;
        core.count_touches();
        let reader = Box::new(TraceReader::new(core.config().read_options()));
        let intake = Intake::File { reader, input: Vec::new() };
        Ok(Self { core, intake, shown: frame::Shown::default() })
    }

    /// Room for a chunk; returns its address.
    #[wasm_bindgen(skip_typescript)]
    pub fn reserve(&mut self, bytes: usize) -> Result<usize, JsValue> {
        match &mut self.intake {
            Intake::File { input, .. } => {
                input.resize(bytes.max(input.len()), 0);
                Ok(input.as_ptr() as usize)
            }
            Intake::Workload { .. } => Err(thrown("state", "a workload takes no bytes")),
        }
    }

    /// Parses the chunk written.
    #[wasm_bindgen(skip_typescript)]
    pub fn commit(&mut self, bytes: usize) -> Result<(), JsValue> {
        let Intake::File { reader, input } = &mut self.intake else {
            return Err(thrown("state", "a workload takes no bytes"));
        };
        if input.len() < bytes {
            return Err(thrown("state", "more bytes committed than reserved"));
        }
        reader.push(&input[..bytes], self.core.queue());
        self.take_block_size();
        Ok(())
    }

    /// The trace has ended.
    #[wasm_bindgen(skip_typescript)]
    pub fn finish(&mut self) {
        if let Intake::File { reader, .. } = &mut self.intake {
            reader.finish(self.core.queue());
        }
        self.take_block_size();
        self.core.end();
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
        if let Intake::File { .. } = self.intake {
            let row = synth::find(id)
                .ok_or_else(|| thrown("state", &format!("no workload is called {id}")))?;
            let seed = seed.parse().map_err(|_| {
                thrown("state", &format!("the seed {seed} is not a whole number below 2^64"))
            })?;
            let workload = Box::new(Workload::new(row, seed, total));
            let (interner, raw) = (Interner::new(), RawRequest::default());
            self.intake = Intake::Workload { made: 0, workload, interner, raw };
        }
        let Intake::Workload { made, workload, interner, raw } = &mut self.intake else {
            return Err(thrown("state", "this simulator reads a file"));
        };
        for _ in 0..requests {
            if !workload.next_into(raw) {
                break;
            }
            interner.push_raw(raw, *made, self.core.queue());
            *made += 1;
        }
        let more = workload.remaining() > 0;
        if !more {
            self.core.end();
        }
        Ok(more)
    }

    /// Serves at most n requests; returns how many.
    #[wasm_bindgen(skip_typescript)]
    pub fn step(&mut self, n: usize) -> Result<usize, JsValue> {
        self.core.step(n).map_err(|error| told(&error))
    }

    /// Requests parsed and not yet served.
    #[wasm_bindgen(skip_typescript)]
    pub fn waiting(&self) -> usize {
        self.core.waiting()
    }

    /// The cluster at this moment.
    #[wasm_bindgen(skip_typescript)]
    pub fn frame(&mut self, series: bool) -> Result<JsValue, JsValue> {
        frame::frame(&self.core, &mut self.shown, series)
    }

    /// What the reader has seen.
    #[wasm_bindgen(skip_typescript)]
    pub fn report(&self) -> Result<JsValue, JsValue> {
        match &self.intake {
            Intake::File { reader, .. } => plain(reader.report()),
            Intake::Workload { made, .. } => {
                let sums = self.core.metrics().sums();
                let report = crate::trace::ReadReport {
                    requests: u64::from(*made),
                    blocks: sums.blocks,
                    distinct_blocks: self.core.distinct_blocks(),
                    input_tokens: sums.input_tokens,
                    output_tokens: sums.output_tokens,
                    ..Default::default()
                };
                plain(&report)
            }
        }
    }

    /// Every migration kept.
    #[wasm_bindgen(skip_typescript)]
    pub fn migrations(&self) -> Result<JsValue, JsValue> {
        let records: &[MigrationRecord] = self.core.metrics().history().records();
        plain(&records)
    }

    /// What the command line prints.
    #[wasm_bindgen(skip_typescript)]
    pub fn summary(&self) -> Result<JsValue, JsValue> {
        plain(&self.core.summary())
    }

    /// Whether decisions are taken down.
    #[wasm_bindgen(skip_typescript)]
    pub fn explain(&mut self, wanted: bool) {
        self.core.explain(wanted);
    }

    /// The latest decision taken down.
    #[wasm_bindgen(skip_typescript)]
    pub fn decision(&self) -> Result<JsValue, JsValue> {
        self.core.decision().map_or(Ok(JsValue::NULL), plain)
    }

    /// Figure 5 of Mooncake FAST'25 over the requests that wait: the trace fed and not served.
    #[wasm_bindgen(skip_typescript)]
    pub fn figure5(&mut self, seeds: u32) -> Result<JsValue, JsValue> {
        if self.core.number() > 0 {
            return Err(thrown("state", "Figure 5 needs the trace from its beginning"));
        }
        let figure = figure5(self.core.queue(), seeds.max(1)).map_err(|error| told(&error))?;
        plain(&figure)
    }

    fn take_block_size(&mut self) {
        if let Intake::File { reader, .. } = &self.intake
            && let Some(size) = &reader.report().block_size
        {
            self.core.set_block_size(size.value);
        }
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
