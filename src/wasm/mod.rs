//! The one place that knows JavaScript: converts and delegates.
//!
//! Numbers cross as columns in typed arrays, which are copies; everything else as plain objects.
//! The TypeScript of it all is written by hand: `kvscope.d.ts` of a run (with `monitoring.d.ts`),
//! `compare.d.ts` of lanes beside each other, `analysis.d.ts` of a trace as a whole, which is a
//! package of its own (feature `answers`). JavaScript keeps to no types, so arguments come in as
//! they are and are looked at in `argument`.

#[cfg(feature = "answers")]
mod analysis;
#[cfg(feature = "answers")]
mod answers;
mod argument;
mod compare;
#[cfg(feature = "answers")]
mod curves;
#[cfg(feature = "crash-test")]
mod crash;
mod frame;
mod object;
#[cfg(feature = "answers")]
mod sample;

use crate::analyze::Explained;
use crate::catalog::tables;
use crate::config::Config;
use crate::observe::MigrationRecord;
use crate::session::Session;
use crate::sim::Lane;
use crate::trace::synth::{self, Workload};
use crate::trace::{Decided, DecidedBy, ReadReport};
#[cfg(feature = "answers")]
pub use analysis::{Analysis, amount};
#[cfg(feature = "answers")]
pub use answers::{beside, configuration, prices};
use object::{plain, set, thrown, told};
#[cfg(feature = "answers")]
pub use sample::{Sampled, Sampler};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("kvscope.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const MONITORING: &str = include_str!("monitoring.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const COMPARE: &str = include_str!("compare.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const VALUES: &str = "
export class Simulator {
  /** Of one lane, or of two to four that serve one trace in lock-step. Throws a KvscopeError of
   *  kind config with every reason at once. */
  constructor(config: Config | Config[]);
}
export interface Simulator extends Compared {}
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

/// The longest chunk that [`Simulator::reserve`] makes room for.
const MOST_CHUNK_BYTES: u32 = 64 << 20;

/// A cluster serving a trace that arrives in chunks.
#[wasm_bindgen(skip_typescript)]
pub struct Simulator {
    /// One for each lane.
    configs: Vec<Config>,
    session: Session,
    /// Room for a chunk of a file.
    input: Vec<u8>,
    /// Whether requests come from a built-in workload.
    makes: bool,
    /// Whether the whole trace is kept.
    keeps: bool,
    /// What checkpoints may take; 0: none are kept.
    remembers_bytes: u64,
    /// By lane.
    shown: Vec<frame::Shown>,
}

#[wasm_bindgen]
impl Simulator {
    /// A cluster with empty caches.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new(config: JsValue) -> Result<Simulator, JsValue> {
        let configs = argument::configs(&config)?;
        let session = Session::read(&configs).map_err(|it| told(&it))?;
        let (input, shown) = (Vec::new(), vec![frame::Shown::default(); configs.len()]);
        Ok(Self { configs, session, input, makes: false, keeps: false, remembers_bytes: 0, shown })
    }

    /// Room for a chunk; returns its address.
    #[wasm_bindgen(skip_typescript)]
    pub fn reserve(&mut self, bytes: JsValue) -> Result<usize, JsValue> {
        let bytes = argument::whole(&bytes, "bytes", 0..=MOST_CHUNK_BYTES)? as usize;
        let input = self.file()?;
        let more = bytes.saturating_sub(input.len());
        input.try_reserve(more).map_err(|_| thrown("state", "no memory is left for a chunk"))?;
        input.resize(input.len() + more, 0);
        Ok(input.as_ptr() as usize)
    }

    /// Parses the chunk written.
    #[wasm_bindgen(skip_typescript)]
    pub fn commit(&mut self, bytes: JsValue) -> Result<(), JsValue> {
        let room = self.file()?.len();
        // No more than there is room for.
        let bytes = argument::whole(&bytes, "bytes", 0..=room as u32)? as usize;
        self.session.push(&self.input[..bytes]).map_err(|error| told(&error))
    }

    /// The trace has ended.
    #[wasm_bindgen(skip_typescript)]
    pub fn finish(&mut self) {
        self.session.finish();
    }

    /// Nobody wants more of the trace.
    #[wasm_bindgen(skip_typescript)]
    pub fn finish_early(&mut self) {
        self.session.finish_early();
    }

    /// Makes at most `requests` more requests of a workload of `total`; returns whether there
    /// are more.
    #[wasm_bindgen(skip_typescript)]
    pub fn synthesize(
        &mut self,
        id: JsValue,
        seed: JsValue,
        total: JsValue,
        requests: JsValue,
    ) -> Result<bool, JsValue> {
        let row = synth::find(&argument::text(&id, "id")?)
            .ok_or_else(|| argument::wrong("id", &id, "the id of a workload"))?;
        let seed = argument::text(&seed, "seed")?.parse().map_err(|_| {
            argument::wrong("seed", &seed, "a whole number below 2^64, as decimal text")
        })?;
        let total = argument::whole(&total, "total", 0..=u32::MAX)?;
        let requests = argument::whole(&requests, "requests", 0..=u32::MAX)?;
        if self.session.log().is_ended() {
            return Ok(false);
        }
        if !self.makes {
            if self.session.report().is_some_and(|report| report.bytes > 0) {
                return Err(thrown("state", "this simulator reads a file"));
            }
            let workload = Workload::new(row, seed, total);
            let explains = self.lane().explains();
            let session = Session::workload(&self.configs, workload);
            self.session = session.map_err(|error| told(&error))?;
            self.session.explain(explains).map_err(|error| told(&error))?;
            self.makes = true;
            if self.keeps {
                self.session.remember(self.remembers_bytes);
            }
        }
        self.session.make(requests).map_err(|error| told(&error))
    }

    /// Serves at most n requests; returns how many.
    #[wasm_bindgen(skip_typescript)]
    pub fn step(&mut self, n: JsValue) -> Result<f64, JsValue> {
        let n = argument::whole(&n, "n", 0..=u32::MAX)?;
        #[cfg(feature = "crash-test")]
        crash::on_purpose(self.lane());
        let served = self.session.step(n.into()).map_err(|error| told(&error))?;
        Ok(served as f64)
    }

    /// Keeps the whole trace from here on.
    #[wasm_bindgen(skip_typescript)]
    pub fn keep(&mut self) {
        self.keeps = true;
        self.session.keep();
    }

    /// The whole trace as one buffer.
    #[wasm_bindgen(skip_typescript)]
    pub fn pack(&self) -> Result<js_sys::Uint8Array, JsValue> {
        let bytes = self.session.pack().map_err(|error| told(&error))?;
        Ok(js_sys::Uint8Array::from(&bytes[..]))
    }

    /// Requests parsed and not yet served.
    #[wasm_bindgen(skip_typescript)]
    pub fn waiting(&self) -> f64 {
        self.session.waiting() as f64
    }

    /// The cluster at this moment.
    #[wasm_bindgen(skip_typescript)]
    pub fn frame(&mut self, series: JsValue) -> Result<JsValue, JsValue> {
        let series = argument::switch(&series, "series")?;
        frame::frame(&self.session, 0, &mut self.shown[0], series)
    }

    /// What the reader has seen.
    #[wasm_bindgen(skip_typescript)]
    pub fn report(&self) -> Result<JsValue, JsValue> {
        let made;
        let report = match self.session.report() {
            Some(report) => report,
            None => {
                made = self.workload_report();
                &made
            }
        };
        let object = plain(report)?;
        set(&object, "facts", plain(&report.facts().lines())?);
        Ok(object)
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

    /// The most used blocks of the window.
    #[wasm_bindgen(skip_typescript)]
    pub fn hottest(&self, lane: JsValue, most: JsValue) -> Result<JsValue, JsValue> {
        let last = self.session.lanes().len() as u32 - 1;
        let lane = argument::whole(&lane, "lane", 0..=last)?;
        let most = argument::whole(&most, "most", 0..=u32::MAX)?;
        plain(&self.session.lanes()[lane as usize].hottest(most as usize))
    }

    /// Whether decisions are taken down.
    #[wasm_bindgen(skip_typescript)]
    pub fn explain(&mut self, wanted: JsValue) -> Result<(), JsValue> {
        let wanted = argument::switch(&wanted, "wanted")?;
        self.session.explain(wanted).map_err(|error| told(&error))
    }

    /// The latest decision taken down.
    #[wasm_bindgen(skip_typescript)]
    pub fn decision(&self) -> Result<JsValue, JsValue> {
        let explained = |decision| plain(&Explained::of(decision));
        self.lane().decision().map_or(Ok(JsValue::NULL), explained)
    }

    /// What a reader would say of the requests of a workload so far.
    fn workload_report(&self) -> ReadReport {
        let (lane, sums) = (self.lane(), self.lane().metrics().sums());
        let config = lane.config();
        let given = config.checked.block_size.is_some();
        let by = if given { DecidedBy::Option } else { DecidedBy::Schema };
        let why = "built-in workloads have blocks of 512 tokens".to_owned();
        ReadReport {
            requests: self.session.log().len(),
            blocks: sums.blocks,
            distinct_blocks: lane.distinct_blocks(),
            input_tokens: sums.input_tokens,
            output_tokens: sums.output_tokens,
            block_size: Some(Decided { value: config.block_size, by, why }),
            ..ReadReport::default()
        }
    }

    /// Room for bytes of a file, while one is read.
    fn file(&mut self) -> Result<&mut Vec<u8>, JsValue> {
        if self.session.log().is_ended() {
            return Err(thrown("state", "the trace has ended"));
        }
        if self.makes {
            return Err(thrown("state", "a workload takes no bytes"));
        }
        Ok(&mut self.input)
    }

    fn lane(&self) -> &Lane {
        &self.session.lanes()[0]
    }
}
