//! What JavaScript hands over: any value at all, until it has been looked at here.
//!
//! Every argument of the facade is a `JsValue`. wasm-bindgen would convert typed ones by trust: a
//! number where text is wanted is read as an address, and a fraction is cut off in silence.

use super::object::{thrown, told};
use crate::config::{Config, PolicyChoice};
use crate::error::{Error, Reason};
use crate::params::ParamValue;
use crate::session::MOST_LANES;
use js_sys::{Array, Reflect};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use wasm_bindgen::{JsCast, JsValue};

/// A whole number in `range`.
pub(super) fn whole(
    value: &JsValue,
    name: &str,
    range: RangeInclusive<u32>,
) -> Result<u32, JsValue> {
    let number = value.as_f64().filter(|number| number.fract() == 0.0);
    let inside = number.filter(|number| {
        f64::from(*range.start()) <= *number && *number <= f64::from(*range.end())
    });
    inside.map(|number| number as u32).ok_or_else(|| {
        let (least, most) = range.into_inner();
        wrong(name, value, &format!("a whole number in [{least}, {most}]"))
    })
}

/// Text.
pub(super) fn text(value: &JsValue, name: &str) -> Result<String, JsValue> {
    value.as_string().ok_or_else(|| wrong(name, value, "text"))
}

/// True or false.
pub(super) fn switch(value: &JsValue, name: &str) -> Result<bool, JsValue> {
    value.as_bool().ok_or_else(|| wrong(name, value, "true or false"))
}

/// One configuration, or those of several lanes; what is wrong with one of several is told under
/// its letter.
pub(super) fn configs(value: &JsValue) -> Result<Vec<Config>, JsValue> {
    if !is_array(value) {
        return Ok(vec![config(value)?]);
    }
    // A proxy of an array may throw whatever it is asked: always through `Reflect`.
    let length = Reflect::get(value, &"length".into()).ok().and_then(|it| it.as_f64());
    let length = length.filter(|length| 0.0 < *length && *length <= MOST_LANES as f64);
    let Some(length) = length else {
        let (path, value) = ("config".to_owned(), found(value));
        let expected = format!("a configuration, or 1 to {MOST_LANES} of them");
        return Err(told(&Error::Config(vec![Reason { path, value, expected }])));
    };
    let each = (0..length as u32).map(|at| Reflect::get_u32(value, at));
    each.map(|value| config(&value.unwrap_or(JsValue::UNDEFINED))).collect()
}

/// Asking a revoked proxy whether it is an array throws.
fn is_array(value: &JsValue) -> bool {
    value.is_object() && Reflect::own_keys(value).is_ok() && Array::is_array(value)
}

/// A configuration whose values have the right types. What is wrong beyond that, the core says;
/// where a type is wrong, both are told at once.
pub(super) fn config(value: &JsValue) -> Result<Config, JsValue> {
    let mut reading = Reading::default();
    let mut config = Config::default();
    for (name, value) in reading.fields("config", "an object of the shape of Config", value) {
        match name.as_str() {
            "router" => reading.choice(&name, &value, &mut config.router),
            "eviction" => reading.choice(&name, &value, &mut config.eviction),
            "migration" => reading.choice(&name, &value, &mut config.migration),
            "clock" => reading.choice(&name, &value, &mut config.clock),
            "perturb" => config.perturb = reading.texts("perturb", &value),
            "seed" => {
                if let Some(seed) = reading.param("seed", &value) {
                    config.seed = seed;
                }
            }
            _ => {
                if let Some(setting) = reading.param(&format!("settings.{name}"), &value) {
                    config.settings.insert(name, setting);
                }
            }
        }
    }
    if reading.reasons.is_empty() {
        return Ok(config);
    }
    if let Err(Error::Config(more)) = config.check() {
        reading.reasons.extend(more);
    }
    Err(told(&Error::Config(reading.reasons)))
}

/// Reads an object and notes what is not as it must be.
#[derive(Default)]
struct Reading {
    reasons: Vec<Reason>,
}

impl Reading {
    /// The properties of an object that have a value; none, and a reason, where it is no object.
    fn fields(&mut self, path: &str, expected: &str, value: &JsValue) -> Vec<(String, JsValue)> {
        let Some(names) = names_of_plain(value) else {
            self.note(path, value, expected);
            return Vec::new();
        };
        let mut fields = Vec::new();
        for key in names.iter() {
            let name = key.as_string().unwrap_or_else(|| found(&key));
            match Reflect::get(value, &key) {
                Ok(value) if value.is_undefined() => {}
                Ok(value) => fields.push((name, value)),
                Err(_) => self.note(&format!("{path}.{name}"), &key, "a property to be read"),
            }
        }
        fields
    }

    /// A row's id and its parameters, into `choice` as far as they are right.
    fn choice(&mut self, path: &str, value: &JsValue, choice: &mut PolicyChoice) {
        let expected = "an object of an id and params";
        let mut id = None;
        let mut params = BTreeMap::new();
        let before = self.reasons.len();
        for (name, value) in self.fields(path, expected, value) {
            match name.as_str() {
                "id" => match value.as_string() {
                    Some(text) => id = Some(text),
                    None => self.note(&format!("{path}.id"), &value, "text"),
                },
                "params" => {
                    let path = format!("{path}.params");
                    for (name, value) in self.fields(&path, "an object of values by name", &value) {
                        if let Some(param) = self.param(&format!("{path}.{name}"), &value) {
                            params.insert(name, param);
                        }
                    }
                }
                _ => self.note(&format!("{path}.{name}"), &value, expected),
            }
        }
        match id {
            Some(id) => *choice = PolicyChoice { id, params },
            None if self.reasons.len() == before => self.note(path, value, expected),
            None => {}
        }
    }

    /// An array of texts; what is no text is left out, with a reason.
    fn texts(&mut self, path: &str, value: &JsValue) -> Vec<String> {
        let Some(array) = value.dyn_ref::<Array>() else {
            self.note(path, value, "an array of texts");
            return Vec::new();
        };
        let mut texts = Vec::new();
        for value in array.iter() {
            match value.as_string() {
                Some(text) => texts.push(text),
                None => self.note(path, &value, "an array of texts"),
            }
        }
        texts
    }

    fn param(&mut self, path: &str, value: &JsValue) -> Option<ParamValue> {
        let param = if let Some(on) = value.as_bool() {
            Some(ParamValue::Switch(on))
        } else if let Some(number) = value.as_f64() {
            Some(ParamValue::Number(number))
        } else {
            value.as_string().map(ParamValue::Text)
        };
        if param.is_none() {
            self.note(path, value, "a number, text, or true or false");
        }
        param
    }

    fn note(&mut self, path: &str, value: &JsValue, expected: &str) {
        let (path, expected) = (path.to_owned(), expected.to_owned());
        self.reasons.push(Reason { path, value: found(value), expected });
    }
}

/// The properties of an object that is not of a class; of an array, a date and the like none.
/// Asking an object may run code of its own, which may throw: always through `Reflect`.
fn names_of_plain(value: &JsValue) -> Option<Array> {
    let above = |value: &JsValue| Reflect::get_prototype_of(value).ok().map(JsValue::from);
    let names = value.is_object().then(|| Reflect::own_keys(value).ok())??;
    let parent = above(value)?;
    let plain = parent.is_null() || above(&parent)?.is_null();
    plain.then_some(names)
}

/// A function to be called back.
#[cfg(feature = "answers")]
pub(super) fn function(value: &JsValue, name: &str) -> Result<js_sys::Function, JsValue> {
    let function = value.dyn_ref::<js_sys::Function>();
    function.cloned().ok_or_else(|| wrong(name, value, "a function"))
}

/// The error that an argument is not what it must be.
pub(super) fn wrong(name: &str, value: &JsValue, expected: &str) -> JsValue {
    thrown("argument", &format!("{name}: found {}, expected {expected}", found(value)))
}

/// How much of a text is quoted.
const QUOTED_CHARS: usize = 40;

/// A value in words, whatever it is.
fn found(value: &JsValue) -> String {
    if let Some(number) = value.as_f64() {
        return number.to_string();
    }
    if let Some(text) = value.as_string() {
        let cut = text.chars().nth(QUOTED_CHARS).map_or("", |_| "…");
        let start: String = text.chars().take(QUOTED_CHARS).collect();
        return format!("the text \"{start}{cut}\"");
    }
    if let Some(on) = value.as_bool() {
        return on.to_string();
    }
    let word = match () {
        () if value.is_null() => "null",
        () if value.is_undefined() => "nothing",
        () if value.is_bigint() => "a BigInt",
        () if value.is_symbol() => "a symbol",
        () if value.is_function() => "a function",
        () if is_array(value) => "an array",
        () => "an object",
    };
    word.to_owned()
}
