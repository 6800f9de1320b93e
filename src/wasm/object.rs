//! Plain values to JavaScript ones.

use crate::error::{Error, Reason};
use crate::observe::columns::Cells;
use js_sys::{Object, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};

/// A plain object: maps as objects, whole numbers as numbers.
pub(super) fn plain<T: Serialize + ?Sized>(value: &T) -> Result<JsValue, JsValue> {
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serializer).map_err(JsValue::from)
}

/// An Error with a kind.
pub(super) fn thrown(kind: &str, message: &str) -> JsValue {
    let error = js_sys::Error::new(message);
    error.set_name("KvscopeError");
    set(&error, "kind", kind.into());
    error.into()
}

/// An error as JavaScript sees it: the same text, with kind and reasons.
pub(super) fn told(error: &Error) -> JsValue {
    let value = thrown(error.kind(), &error.to_string());
    if let Error::Config(reasons) = error
        && let Ok(reasons) = plain(&reason_rows(reasons))
    {
        set(&value, "reasons", reasons);
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

/// Sets a property of an object that this module made.
pub(super) fn set(object: &JsValue, name: &str, value: JsValue) {
    let done = Reflect::set(object, &name.into(), &value);
    debug_assert_eq!(done, Ok(true), "property {name}");
}

/// An object under construction.
pub(super) struct Fields(Object);

impl Fields {
    pub(super) fn new() -> Self {
        Self(Object::new())
    }

    pub(super) fn with(self, name: &str, value: impl Into<JsValue>) -> Self {
        set(&self.0, name, value.into());
        self
    }

    /// A column of doubles.
    pub(super) fn doubles(self, name: &str, column: impl Iterator<Item = f64>) -> Self {
        let column: Vec<f64> = column.collect();
        self.with(name, js_sys::Float64Array::from(&column[..]))
    }

    /// A column of whole numbers below 2^32.
    pub(super) fn wholes(self, name: &str, column: impl Iterator<Item = u32>) -> Self {
        let column: Vec<u32> = column.collect();
        self.with(name, js_sys::Uint32Array::from(&column[..]))
    }

    /// A column of such cells.
    pub(super) fn column(
        self,
        name: &str,
        cells: Cells,
        column: impl Iterator<Item = f64>,
    ) -> Self {
        match cells {
            Cells::Shorts => {
                let column: Vec<u16> = column.map(|value| value as u16).collect();
                self.with(name, js_sys::Uint16Array::from(&column[..]))
            }
            Cells::Wholes => self.wholes(name, column.map(|value| value as u32)),
            Cells::Doubles => self.doubles(name, column),
        }
    }

    pub(super) fn done(self) -> JsValue {
        self.0.unchecked_into()
    }
}
