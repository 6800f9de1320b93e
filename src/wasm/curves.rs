//! Curves of a whole log, or of the trace that a log is a sample of: what was measured comes with
//! the question, and what is to be measured next is the answer.

use super::analysis::read;
use super::argument;
use super::object::{Fields, plain, thrown, told};
use crate::analyze::curve::{Answer, Job, Plan, measure};
use crate::config::Config;
use crate::trace::Log;
use crate::trace::thin::Whole;
use serde::Deserialize;
use wasm_bindgen::JsValue;

/// Whose curves, and at how many capacities at most.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    configs: Vec<Config>,
    points: usize,
}

/// The plan of the curves that were asked for last.
#[derive(Default)]
pub(super) struct Curves {
    last: Option<(Asked, Plan)>,
}

impl Curves {
    /// The curves as far as they were measured, and the lines and capacities that come next.
    pub(super) fn follow(
        &mut self,
        log: &mut Log,
        whole: Option<Whole>,
        asked: &JsValue,
        answers: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let answers: Vec<Answer> = read("answers", answers)?;
        let (open, curve) = self.plan(log, whole, asked)?.follow(&answers);
        let open: Vec<(usize, u32)> = open.iter().map(|job| (job.line, job.capacity)).collect();
        Ok(Fields::new().with("open", plain(&open)?).with("curve", plain(&curve)?).done())
    }

    /// The capacities of a line that come next, by its answers.
    pub(super) fn next(
        &mut self,
        log: &mut Log,
        whole: Option<Whole>,
        asked: &JsValue,
        [line, answers]: [&JsValue; 2],
    ) -> Result<JsValue, JsValue> {
        let line = argument::whole(line, "line", 0..=u32::MAX)? as usize;
        let answers: Vec<Answer> = read("answers", answers)?;
        plain(&self.plan(log, whole, asked)?.next(line, &answers))
    }

    /// Measures a line at a capacity. Takes no plan: who only measures need not make one.
    pub(super) fn measure(
        log: &mut Log,
        whole: Option<&Whole>,
        asked: &JsValue,
        [line, capacity]: [&JsValue; 2],
    ) -> Result<JsValue, JsValue> {
        let capacity = argument::whole(capacity, "capacity", 1..=u32::MAX)?;
        let line = argument::whole(line, "line", 0..=u32::MAX)? as usize;
        let asked: Asked = read("asked", asked)?;
        let config = asked.configs.get(line);
        let config =
            config.ok_or_else(|| thrown("argument", "line: these curves have no such line"))?;
        let job = Job::new(config, whole, line, capacity);
        // What has no use of so small a cache has none of the future either.
        if job.config.check().is_ok_and(|checked| checked.needs_future) {
            log.look_ahead().map_err(|error| told(&error))?;
        }
        let measured = measure(log, &job).map_err(|error| told(&error))?;
        plain(&Answer { line, capacity, measured })
    }

    fn plan(
        &mut self,
        log: &mut Log,
        whole: Option<Whole>,
        asked: &JsValue,
    ) -> Result<&Plan, JsValue> {
        let asked: Asked = read("asked", asked)?;
        if self.last.as_ref().is_none_or(|(before, _)| *before != asked) {
            let (configs, points) = (&asked.configs, asked.points);
            let plan = match whole {
                Some(whole) => Plan::of_sample(log, whole, configs, None, points),
                None => Plan::new(log, configs, None, points),
            };
            let plan = plan.map_err(|error| told(&error))?;
            if plan.needs_future() {
                log.look_ahead().map_err(|error| told(&error))?;
            }
            self.last = Some((asked, plan));
        }
        let (_, plan) = self.last.as_ref().expect("it was made above");
        Ok(plan)
    }
}
