//! A trace too long to hold: a sample of its blocks, taken while it is read, and what that says of
//! the whole.

use super::analysis::read;
use super::argument;
use super::curves::Curves;
use super::object::{Fields, plain, thrown, told};
use crate::trace::synth::{self, BLOCK_TOKENS, Workload};
use crate::trace::thin::{Thinner, Whole};
use crate::trace::{Interner, Log, RawRequest, TraceReader, pack};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const VALUES: &str = "
export class Sampler {
  /** Of `rate` in (0, 1] of the blocks of a trace that is read as the configuration says; of less
   *  once the sample has more than `most` references. */
  constructor(config: Config, rate: number, most: number);
}
export class Sampled {
  /** Of what a sampler has packed, and what it was taken from. */
  constructor(packed: Uint8Array, whole: Whole);
}
";

/// The longest chunk that [`Sampler::reserve`] makes room for.
const MOST_CHUNK_BYTES: u32 = 64 << 20;

/// Takes a sample of a trace that arrives in chunks, or of a workload.
#[wasm_bindgen(skip_typescript)]
pub struct Sampler {
    reader: TraceReader,
    log: Log,
    thinner: Thinner,
    /// Room for a chunk.
    input: Vec<u8>,
}

#[wasm_bindgen]
impl Sampler {
    /// Nothing yet.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new(config: JsValue, rate: JsValue, most: JsValue) -> Result<Sampler, JsValue> {
        let checked = argument::config(&config)?.check().map_err(|error| told(&error))?;
        let share = rate.as_f64().filter(|rate| 0.0 < *rate && *rate <= 1.0);
        let share = share.ok_or_else(|| argument::wrong("rate", &rate, "a share in (0, 1]"))?;
        let most = argument::whole(&most, "most", 1..=u32::MAX)?;
        let (log, input) = (Log::new(), Vec::new());
        let reader = TraceReader::new(checked.read_options());
        Ok(Self { reader, log, thinner: Thinner::new(share, most.into()), input })
    }

    /// Room for a chunk; returns its address.
    #[wasm_bindgen(skip_typescript)]
    pub fn reserve(&mut self, bytes: JsValue) -> Result<usize, JsValue> {
        let bytes = argument::whole(&bytes, "bytes", 0..=MOST_CHUNK_BYTES)? as usize;
        let more = bytes.saturating_sub(self.input.len());
        let room = self.input.try_reserve(more);
        room.map_err(|_| thrown("state", "no memory is left for a chunk"))?;
        self.input.resize(self.input.len() + more, 0);
        Ok(self.input.as_ptr() as usize)
    }

    /// Takes in the chunk written.
    #[wasm_bindgen(skip_typescript)]
    pub fn commit(&mut self, bytes: JsValue) -> Result<(), JsValue> {
        let bytes = argument::whole(&bytes, "bytes", 0..=self.input.len() as u32)? as usize;
        self.reader.push(&self.input[..bytes], &mut self.log);
        self.thinner.take_read(&mut self.log, &mut self.reader);
        Ok(())
    }

    /// The trace has ended.
    #[wasm_bindgen(skip_typescript)]
    pub fn finish(&mut self) -> Result<(), JsValue> {
        self.reader.finish(&mut self.log);
        self.thinner.take_read(&mut self.log, &mut self.reader);
        match &self.reader.report().stopped {
            Some(reason) => Err(thrown("state", reason)),
            None => Ok(()),
        }
    }

    /// Takes in a built-in workload instead.
    #[wasm_bindgen(skip_typescript)]
    pub fn synthesize(
        &mut self,
        id: JsValue,
        seed: JsValue,
        requests: JsValue,
    ) -> Result<(), JsValue> {
        let row = synth::find(&argument::text(&id, "id")?)
            .ok_or_else(|| argument::wrong("id", &id, "the id of a workload"))?;
        let number = argument::text(&seed, "seed")?.parse().map_err(|_| {
            argument::wrong("seed", &seed, "a whole number below 2^64, as decimal text")
        })?;
        let requests = argument::whole(&requests, "requests", 0..=u32::MAX)?;
        let mut workload = Workload::new(row, number, requests);
        let (mut names, mut raw) = (Interner::new(), RawRequest::default());
        self.log.set_block_size(BLOCK_TOKENS);
        let mut index = 0;
        while workload.next_into(&mut raw) {
            names.push_raw(&raw, index, &mut self.log);
            self.thinner.take(&mut self.log, &names);
            index += 1;
        }
        Ok(())
    }

    /// The sample as one buffer, and what it was taken from.
    #[wasm_bindgen(skip_typescript)]
    pub fn sample(&self) -> Result<JsValue, JsValue> {
        let sample = self.thinner.clone().finish();
        let bytes = pack::pack(&sample.log).map_err(|error| told(&error))?;
        let packed = JsValue::from(Uint8Array::from(&bytes[..]));
        Ok(Fields::new().with("packed", packed).with("whole", plain(&sample.whole)?).done())
    }
}

/// A sample of a trace, which has curves and nothing else.
#[wasm_bindgen(skip_typescript)]
pub struct Sampled {
    log: Log,
    whole: Whole,
    curves: Curves,
}

#[wasm_bindgen]
impl Sampled {
    /// Of what a sampler has packed.
    #[wasm_bindgen(constructor, skip_typescript)]
    pub fn new(packed: JsValue, whole: JsValue) -> Result<Sampled, JsValue> {
        let bytes: &Uint8Array = packed
            .dyn_ref()
            .ok_or_else(|| argument::wrong("packed", &packed, "the bytes of a packed log"))?;
        let log = pack::unpack(&bytes.to_vec()).map_err(|error| told(&error))?;
        Ok(Self { log, whole: read("whole", &whole)?, curves: Curves::default() })
    }

    /// Estimated curves as far as they were measured, and what is to be measured next.
    #[wasm_bindgen(skip_typescript)]
    pub fn curves(&mut self, asked: JsValue, answers: JsValue) -> Result<JsValue, JsValue> {
        self.curves.follow(&mut self.log, Some(self.whole), &asked, &answers)
    }

    /// What is to be measured next of a line of curves.
    #[wasm_bindgen(skip_typescript)]
    pub fn next(
        &mut self,
        asked: JsValue,
        line: JsValue,
        answers: JsValue,
    ) -> Result<JsValue, JsValue> {
        self.curves.next(&mut self.log, Some(self.whole), &asked, [&line, &answers])
    }

    /// Measures a line of curves at a capacity.
    #[wasm_bindgen(skip_typescript)]
    pub fn measure(
        &mut self,
        asked: JsValue,
        line: JsValue,
        capacity: JsValue,
    ) -> Result<JsValue, JsValue> {
        Curves::measure(&mut self.log, Some(&self.whole), &asked, [&line, &capacity])
    }
}
