//! Lanes beside the first, which the other methods of a simulator speak of, and going to any
//! moment of all of them.

use super::object::{Fields, plain, thrown, told};
use super::{Simulator, argument, frame};
use crate::analyze::Explained;
use crate::compare::Comparison;
use crate::sim::Lane;
use js_sys::Array;
use wasm_bindgen::prelude::*;

/// The most that checkpoints may take: half of what a wasm memory can have.
const MOST_MEBIBYTES: u32 = 2048;

#[wasm_bindgen]
impl Simulator {
    /// Keeps the whole trace from here on, and checkpoints within so many MiB.
    #[wasm_bindgen(skip_typescript)]
    pub fn remember(&mut self, mebibytes: JsValue) -> Result<(), JsValue> {
        let mebibytes = argument::whole(&mebibytes, "mebibytes", 0..=MOST_MEBIBYTES)?;
        self.keeps = true;
        self.remembers_bytes = u64::from(mebibytes) << 20;
        self.session.remember(self.remembers_bytes);
        Ok(())
    }

    /// Goes to the moment after request n, forwards or back; returns where the lanes are then.
    #[wasm_bindgen(skip_typescript)]
    pub fn seek(&mut self, n: JsValue) -> Result<f64, JsValue> {
        let n = argument::whole(&n, "n", 0..=u32::MAX)?;
        let at = self.session.seek(n.into()).map_err(|error| told(&error))?;
        // What is new is new since here, whatever frames have shown of later moments.
        self.shown = self.session.lanes().iter().map(frame::Shown::at).collect();
        Ok(at as f64)
    }

    /// Every lane but the first at this moment: its frame, and the latest decision taken down.
    #[wasm_bindgen(skip_typescript)]
    pub fn others(&mut self, series: JsValue) -> Result<Array, JsValue> {
        let series = argument::switch(&series, "series")?;
        let (session, shown) = (&self.session, &mut self.shown);
        let others = session.lanes().iter().enumerate().zip(shown).skip(1);
        let others = others.map(|((at, lane), shown)| {
            let decision = lane.decision().map(|decision| plain(&Explained::of(decision)));
            Ok(Fields::new()
                .with("frame", frame::frame(session, at, shown, series)?)
                .with("decision", decision.transpose()?.unwrap_or(JsValue::NULL))
                .done())
        });
        others.collect()
    }

    /// Every migration kept of a lane.
    #[wasm_bindgen(skip_typescript)]
    pub fn migrations_of(&self, lane: JsValue) -> Result<JsValue, JsValue> {
        let most = self.session.lanes().len() as u32 - 1;
        let lane = argument::whole(&lane, "lane", 0..=most)?;
        let lane: &Lane = &self.session.lanes()[lane as usize];
        let detail = lane.metrics().detail();
        plain(&detail.map_or(&[][..], |detail| detail.history().records()))
    }

    /// What happened to a lane on the way.
    #[wasm_bindgen(skip_typescript)]
    pub fn events_csv(&self, lane: JsValue) -> Result<String, JsValue> {
        let most = self.session.lanes().len() as u32 - 1;
        let lane = argument::whole(&lane, "lane", 0..=most)?;
        Ok(self.session.lanes()[lane as usize].events_csv())
    }

    /// The lanes beside each other, as the command line has them.
    #[wasm_bindgen(skip_typescript)]
    pub fn comparison(&self) -> Result<JsValue, JsValue> {
        if self.configs.len() < 2 {
            return Err(thrown("state", "one lane has nothing to be compared with"));
        }
        let runs: Vec<_> = self.session.lanes().iter().map(|lane| vec![lane.summary()]).collect();
        plain(&Comparison::new(&self.configs, &runs).map_err(|error| told(&error))?)
    }

    /// What the command line prints of each lane.
    #[wasm_bindgen(skip_typescript)]
    pub fn summaries(&self) -> Result<JsValue, JsValue> {
        let summaries: Vec<_> = self.session.lanes().iter().map(Lane::summary).collect();
        plain(&summaries)
    }
}
