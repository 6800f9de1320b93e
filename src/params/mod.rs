//! Parameters of policies: declared once in a table row, checked in one place.
//!
//! A row's declaration feeds construction, validation, the command line, the page's controls
//! and the documentation. Values arrive as [`ParamValue`]s by name and leave as [`Params`],
//! which holds a checked value for every declared parameter.

mod need;
mod spec;
mod value;
mod fit;

pub use fit::blocks_of;
pub use need::Need;
pub use spec::{Choice, ParamKind, ParamSpec, Wording};
pub use value::ParamValue;

use crate::error::Reason;
use std::collections::BTreeMap;

/// A checked value for every declared parameter of one row.
///
/// The getters panic on a name that the row does not declare or declares with another kind:
/// that is a broken row, not a user's mistake.
#[derive(Clone, Debug, Default)]
pub struct Params {
    values: BTreeMap<&'static str, ParamValue>,
}

impl Params {
    /// Checks `given` against `specs`, appending a reason for every fault under `path`.
    pub fn resolve(
        specs: &[ParamSpec],
        given: &BTreeMap<String, ParamValue>,
        path: &str,
        reasons: &mut Vec<Reason>,
    ) -> Self {
        for (name, value) in given {
            if !specs.iter().any(|spec| spec.name == name) {
                let names: Vec<&str> = specs.iter().map(|spec| spec.name).collect();
                let expected = if names.is_empty() {
                    "no parameters".to_owned()
                } else {
                    format!("a parameter of it: {}", names.join(", "))
                };
                reasons.push(Reason {
                    path: format!("{path}.{name}"),
                    value: value.to_string(),
                    expected,
                });
            }
        }
        let values = specs.iter().map(|spec| {
            let Some(value) = given.get(spec.name) else {
                return (spec.name, spec.default_value());
            };
            if let Some(expected) = spec.fault(value) {
                let (path, value) = (format!("{path}.{}", spec.name), value.to_string());
                reasons.push(Reason { path, value, expected });
                return (spec.name, spec.default_value());
            }
            (spec.name, value.clone())
        });
        Self { values: values.collect() }
    }

    /// The defaults of `specs`.
    pub fn defaults(specs: &[ParamSpec]) -> Self {
        Self::resolve(specs, &BTreeMap::new(), "", &mut Vec::new())
    }

    /// A number.
    pub fn number(&self, name: &str) -> f64 {
        match self.values.get(name) {
            Some(ParamValue::Number(number)) => *number,
            other => panic!("parameter {name} is {other:?}, not a number"),
        }
    }

    /// A whole number.
    pub fn integer(&self, name: &str) -> u64 {
        self.number(name) as u64
    }

    /// A switch.
    pub fn switch(&self, name: &str) -> bool {
        match self.values.get(name) {
            Some(ParamValue::Switch(on)) => *on,
            other => panic!("parameter {name} is {other:?}, not a switch"),
        }
    }

    /// The id of a choice.
    pub fn choice(&self, name: &str) -> &str {
        match self.values.get(name) {
            Some(ParamValue::Text(id)) => id,
            other => panic!("parameter {name} is {other:?}, not a choice"),
        }
    }

    /// A value of any kind.
    pub fn value(&self, name: &str) -> &ParamValue {
        self.values.get(name).unwrap_or_else(|| panic!("no parameter {name}"))
    }

    /// Every value by name.
    pub fn values(&self) -> impl Iterator<Item = (&'static str, &ParamValue)> {
        self.values.iter().map(|(name, value)| (*name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPECS: &[ParamSpec] = &[
        ParamSpec::number("alpha", 0.6, 0.0, 10.0),
        ParamSpec::integer("window", 100, 1, 1000).unit("requests"),
        ParamSpec::choice("match", "prefix", &[("prefix", "leading run"), ("any", "anywhere")]),
    ];

    #[test]
    fn every_fault_is_told_at_once_with_its_path() {
        let given = [
            ("alpha", ParamValue::Number(f64::NAN)),
            ("window", ParamValue::Number(1.5)),
            ("match", ParamValue::Text("all".into())),
            ("beta", ParamValue::Number(1.0)),
        ];
        let given = given.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let mut reasons = Vec::new();
        Params::resolve(SPECS, &given, "router.params", &mut reasons);
        let told: Vec<String> = reasons.iter().map(Reason::to_string).collect();
        assert_eq!(
            told,
            [
                "router.params.beta: found 1, expected a parameter of it: alpha, window, match",
                "router.params.alpha: found NaN, expected a number in [0, 10]",
                "router.params.window: found 1.5, expected a whole number in [1, 1000] requests",
                "router.params.match: found all, expected one of prefix, any",
            ]
        );
    }

    #[test]
    fn defaults_fill_what_is_not_given() {
        let params = Params::defaults(SPECS);
        assert_eq!(params.number("alpha"), 0.6);
        assert_eq!(params.integer("window"), 100);
        assert_eq!(params.choice("match"), "prefix");
    }
}
