//! The one place that knows JavaScript: converts and delegates.
//!
//! Numbers cross as columns in typed arrays, which are copies; everything else as plain objects.
//! The TypeScript of it all is written by hand in `kvscope.d.ts`. JavaScript keeps to no types, so
//! arguments come in as they are and are looked at in `argument`.

mod argument;
#[cfg(feature = "crash-test")]
mod crash;
mod frame;
mod object;

use crate::analyze::figure5::figure5;
use crate::metrics::MigrationRecord;
use crate::sim::Simulator as Core;
use crate::tables::tables;
use crate::trace::synth::{self, Workload};
use crate::trace::{Decided, DecidedBy, Interner, RawRequest, ReadReport, TraceReader};
use object::{plain, thrown, told};
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

/// The longest chunk that [`Simulator::reserve`] makes room for.
const MOST_CHUNK_BYTES: u32 = 64 << 20;
/// Each seed serves the trace twice.
const MOST_SEEDS: u32 = 1000;

/// A cluster serving a trace that arrives in chunks.
#[wasm_bindgen(skip_typescript)]
pub struct Simulator {
    core: Core,
    intake: Intake,
    ended: bool,
    shown: frame::Shown,
}

/// Where requests come from.
enum Intake {
    /// Bytes of a file.
    File { reader: Box<TraceReader>, input: Vec<u8> },
    /// A built-in workload.
    Workload { made: u32, workload: Box<Workload>, interner: Interner, raw: RawRequest },
}

impl Intake {
    /// The reader and its room, while it reads.
    fn file(&mut self, ended: bool) -> Result<(&mut TraceReader, &mut Vec<u8>), JsValue> {
        match self {
            _ if ended => Err(thrown("state", "the trace has ended")),
            Self::File { reader, input } => Ok((reader, input)),
            Self::Workload { .. } => Err(thrown("state", "a workload takes no bytes")),
        }
    }
}

#[wasm_bindgen]
impl Simulator {
    /// A cluster with empty caches.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new(config: JsValue) -> Result<Simulator, JsValue> {
        let config = argument::config(&config)?;
        let core = Core::new(&config).map_err(|error| told(&error))?;
        let reader = Box::new(TraceReader::new(core.config().read_options()));
        let intake = Intake::File { reader, input: Vec::new() };
        Ok(Self { core, intake, ended: false, shown: frame::Shown::default() })
    }

    /// Room for a chunk; returns its address.
    #[wasm_bindgen(skip_typescript)]
    pub fn reserve(&mut self, bytes: JsValue) -> Result<usize, JsValue> {
        let bytes = argument::whole(&bytes, "bytes", 0..=MOST_CHUNK_BYTES)? as usize;
        let (_, input) = self.intake.file(self.ended)?;
        let more = bytes.saturating_sub(input.len());
        input.try_reserve(more).map_err(|_| thrown("state", "no memory is left for a chunk"))?;
        input.resize(input.len() + more, 0);
        Ok(input.as_ptr() as usize)
    }

    /// Parses the chunk written.
    #[wasm_bindgen(skip_typescript)]
    pub fn commit(&mut self, bytes: JsValue) -> Result<(), JsValue> {
        let (reader, input) = self.intake.file(self.ended)?;
        // No more than there is room for.
        let bytes = argument::whole(&bytes, "bytes", 0..=input.len() as u32)? as usize;
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
        self.end();
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
        if self.ended {
            return Ok(false);
        }
        if let Intake::File { reader, .. } = &self.intake {
            if reader.report().bytes > 0 {
                return Err(thrown("state", "this simulator reads a file"));
            }
            let workload = Box::new(Workload::new(row, seed, total));
            let (interner, raw) = (Interner::new(), RawRequest::default());
            self.intake = Intake::Workload { made: 0, workload, interner, raw };
        }
        let Intake::Workload { made, workload, interner, raw } = &mut self.intake else {
            return Ok(false);
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
            self.end();
        }
        Ok(more)
    }

    /// Serves at most n requests; returns how many.
    #[wasm_bindgen(skip_typescript)]
    pub fn step(&mut self, n: JsValue) -> Result<usize, JsValue> {
        let n = argument::whole(&n, "n", 0..=u32::MAX)?;
        #[cfg(feature = "crash-test")]
        crash::on_purpose(&self.core);
        self.core.step(n as usize).map_err(|error| told(&error))
    }

    /// Requests parsed and not yet served.
    #[wasm_bindgen(skip_typescript)]
    pub fn waiting(&self) -> usize {
        self.core.waiting()
    }

    /// The cluster at this moment.
    #[wasm_bindgen(skip_typescript)]
    pub fn frame(&mut self, series: JsValue) -> Result<JsValue, JsValue> {
        let series = argument::switch(&series, "series")?;
        frame::frame(&self.core, &mut self.shown, series)
    }

    /// What the reader has seen.
    #[wasm_bindgen(skip_typescript)]
    pub fn report(&self) -> Result<JsValue, JsValue> {
        match &self.intake {
            Intake::File { reader, .. } => plain(reader.report()),
            Intake::Workload { made, .. } => plain(&self.workload_report(*made)),
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
    pub fn explain(&mut self, wanted: JsValue) -> Result<(), JsValue> {
        self.core.explain(argument::switch(&wanted, "wanted")?);
        Ok(())
    }

    /// The latest decision taken down.
    #[wasm_bindgen(skip_typescript)]
    pub fn decision(&self) -> Result<JsValue, JsValue> {
        self.core.decision().map_or(Ok(JsValue::NULL), plain)
    }

    /// Figure 5 of Mooncake FAST'25 over the requests that wait: the trace fed and not served.
    #[wasm_bindgen(skip_typescript)]
    pub fn figure5(&mut self, seeds: JsValue) -> Result<JsValue, JsValue> {
        let seeds = argument::whole(&seeds, "seeds", 1..=MOST_SEEDS)?;
        if self.core.waiting() > self.core.queue().len() || self.core.number() > 0 {
            return Err(thrown("state", "Figure 5 needs the trace from its beginning"));
        }
        let figure = figure5(self.core.queue(), seeds).map_err(|error| told(&error))?;
        plain(&figure)
    }

    /// What a reader would say of the requests of a workload so far.
    fn workload_report(&self, made: u32) -> ReadReport {
        let (sums, config) = (self.core.metrics().sums(), self.core.config());
        let by = if config.block_size_given { DecidedBy::Option } else { DecidedBy::Schema };
        let why = "built-in workloads have blocks of 512 tokens".to_owned();
        ReadReport {
            requests: u64::from(made),
            blocks: sums.blocks,
            distinct_blocks: self.core.distinct_blocks(),
            input_tokens: sums.input_tokens,
            output_tokens: sums.output_tokens,
            block_size: Some(Decided { value: config.block_size, by, why }),
            ..ReadReport::default()
        }
    }

    fn end(&mut self) {
        self.ended = true;
        self.core.end();
    }

    fn take_block_size(&mut self) {
        if let Intake::File { reader, .. } = &self.intake
            && let Some(size) = &reader.report().block_size
        {
            self.core.set_block_size(size.value);
        }
    }
}
