//! What comes in which part.

use std::collections::BTreeSet;

use wasm_encoder::{RefType, TableType};

use super::data::Needed;
use super::linked::Linked;
use super::module::{Module, callees};

/// What the first part has in the place of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The function.
    Here,
    /// The function, which asks the whole if that is there: whoever comes from outside enters here.
    Entered(u32),
    /// A stub that calls the whole's.
    Elsewhere(u32),
    /// Nothing: nobody in the first part can call it.
    Unseen,
}

pub(crate) struct Plan {
    imported_functions: u32,
    parts: Vec<Part>,
    /// Functions of the whole that the first part calls, by slot; the first of all slots is who
    /// loads the whole, and not among them.
    elsewhere: Vec<u32>,
    pub(crate) data: Needed,
}

impl Plan {
    /// `called` are those that come first.
    pub(crate) fn new(
        module: &Module<'_>,
        called: &BTreeSet<u32>,
        linked: &Linked,
    ) -> anyhow::Result<Self> {
        let entries: BTreeSet<u32> = module.exported_functions().collect();
        let mut seen = entries.clone();
        seen.extend(&module.elements);
        for &function in called {
            seen.extend(callees(module.body(function))?);
        }
        let mut plan = Self {
            imported_functions: module.imported_functions,
            parts: Vec::new(),
            elsewhere: Vec::new(),
            data: Needed::by(module, called, linked)?,
        };
        for function in module.defined() {
            let here = called.contains(&function);
            let part = if here && entries.contains(&function) {
                Part::Entered(plan.slot(function))
            } else if here {
                Part::Here
            } else if seen.contains(&function) {
                Part::Elsewhere(plan.slot(function))
            } else {
                Part::Unseen
            };
            plan.parts.push(part);
        }
        Ok(plan)
    }

    fn slot(&mut self, function: u32) -> u32 {
        self.elsewhere.push(function);
        self.elsewhere.len() as u32
    }

    /// Of a function that is not imported.
    pub(crate) fn part(&self, function: u32) -> Part {
        self.parts[(function - self.imported_functions) as usize]
    }

    pub(crate) fn elsewhere(&self) -> &[u32] {
        &self.elsewhere
    }

    /// The table in which they stand.
    pub(crate) fn slots(&self) -> TableType {
        let size = self.elsewhere.len() as u64 + 1;
        TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: size,
            maximum: Some(size),
            shared: false,
        }
    }
}
