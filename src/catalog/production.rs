//! Routers as they are said where they run in production.

use crate::route::{Production, Word};
use serde::Serialize;

/// The same router in production.
#[derive(Clone, Debug, Serialize)]
pub struct ProductionLine {
    /// The project, with the version that the words are of.
    pub project: &'static str,
    /// What switches it on.
    pub switch: &'static str,
    /// What parameters are called there.
    pub words: Vec<ProductionWord>,
}

/// A parameter in production.
#[derive(Clone, Debug, Serialize)]
pub struct ProductionWord {
    /// The row's parameter.
    pub param: &'static str,
    /// What stands for it; `{}` is its value.
    pub form: &'static str,
    /// What the value is multiplied by there.
    pub times: f64,
}

impl ProductionLine {
    pub(super) fn of(row: &Production) -> Self {
        let word = |&(param, word): &(&'static str, Word)| ProductionWord {
            param,
            form: word.form,
            times: word.times,
        };
        let words = row.words.iter().map(word).collect();
        Self { project: row.project, switch: row.switch, words }
    }
}
