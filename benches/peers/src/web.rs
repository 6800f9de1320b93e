//! The border to JavaScript, which has the clock.

use crate::case::{Ready, prepare};
use crate::streams::Streams;
use wasm_bindgen::prelude::*;

/// Cases, one ready at a time.
#[wasm_bindgen]
pub struct Bench {
    streams: Streams,
    ready: Option<Ready>,
}

#[wasm_bindgen]
impl Bench {
    /// With the lines of the conversation trace; none of them: the built-in workload.
    #[wasm_bindgen(constructor)]
    pub fn new(lines: Vec<u8>) -> Bench {
        Self { streams: Streams::new((!lines.is_empty()).then_some(lines)), ready: None }
    }

    /// The lines of the trace.
    pub fn lines(&self) -> Vec<u8> {
        self.streams.lines().to_vec()
    }

    /// Makes a case ready; returns its work and its twin.
    pub fn prepare(&mut self, name: &str) -> Result<String, String> {
        self.ready = None;
        let ready = prepare(name, &self.streams)?;
        let told = format!("{}\t{}", ready.work, ready.twin);
        self.ready = Some(ready);
        Ok(told)
    }

    /// Runs it; returns what it counted.
    pub fn run(&mut self) -> String {
        let ready = self.ready.as_mut().expect("a case was made ready");
        (ready.run)()
    }
}
