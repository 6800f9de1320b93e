//! Parameters of policies: declared once in a table row, checked in one place.
//!
//! A row's declaration feeds construction, validation, the command line, the page's controls
//! and the documentation. Values arrive as [`ParamValue`]s by name and leave as [`Params`],
//! which holds a checked value for every declared parameter.

mod need;
mod origin;
mod formula;
mod spec;
mod value;
mod fit;
mod build;

pub use build::Build;
pub use fit::blocks_of;
pub use formula::Formula;
pub use need::Need;
pub use origin::{Group, Origin};
pub use spec::{Choice, Fixed, ParamKind, ParamSpec, Role, Wording, with_role};
pub use value::ParamValue;

use crate::error::Reason;
use crate::suggest;
use std::collections::BTreeMap;

/// A checked value for every declared parameter of one row.
///
/// The getters panic on a name that the row does not declare or declares with another kind:
/// that is a broken row, not a user's mistake.
#[derive(Clone, Debug, Default)]
pub struct Params {
    /// In the order of their names.
    values: Vec<(&'static str, ParamValue)>,
}

/// Where values are given, for the reasons why they cannot stand there.
pub struct Place<'a> {
    /// Where in the configuration: `router.params`.
    pub path: &'a str,
    /// What a name there is, in words: `a parameter of it`.
    pub kind: &'static str,
    /// What to do about a name that is not declared and near to none that is.
    pub hint: &'a dyn Fn(&str) -> Option<String>,
}

impl Params {
    /// Checks `given` against `specs`, appending a reason for every fault under `path`.
    pub fn resolve(
        specs: &[ParamSpec],
        given: &BTreeMap<String, ParamValue>,
        path: &str,
        reasons: &mut Vec<Reason>,
    ) -> Self {
        let place = Place { path, kind: "a parameter of it", hint: &|_| None };
        Self::resolve_at(&place, specs, given, reasons)
    }

    /// Likewise, with reasons that say more of the place.
    pub fn resolve_at(
        place: &Place<'_>,
        specs: &[ParamSpec],
        given: &BTreeMap<String, ParamValue>,
        reasons: &mut Vec<Reason>,
    ) -> Self {
        let mut refuse = |name: &str, value: &ParamValue, expected: String| {
            let (path, value) = (format!("{}.{name}", place.path), value.told());
            reasons.push(Reason { path, value, expected });
        };
        for (name, value) in given {
            if !specs.iter().any(|spec| spec.name == name) {
                refuse(name, value, place.names(name, specs));
            }
        }
        let mut values: Vec<(&str, ParamValue)> = Vec::new();
        for spec in specs {
            let mut value = given.get(spec.name).cloned().unwrap_or_else(|| spec.default_value());
            if let Some(expected) = spec.fault(&value) {
                refuse(spec.name, &value, expected);
                value = spec.default_value();
            }
            let place = values.partition_point(|(name, _)| *name < spec.name);
            values.insert(place, (spec.name, value));
        }
        let params = Self { values };
        for (name, value) in given {
            if let Some(why) = params.silenced_by(specs, name) {
                refuse(name, value, format!("nothing, since {why}; leave it out, or change that"));
            }
        }
        params
    }

    /// Why nobody reads the parameter called `name`, if so: what it depends on has another value,
    /// or depends on something that has.
    fn silenced_by(&self, specs: &[ParamSpec], name: &str) -> Option<String> {
        let spec = specs.iter().find(|spec| spec.name == name)?;
        let (other, wanted) = spec.only_if?;
        if self.value(other) != &wanted.value() {
            let (wanted, found) = (wanted.value(), self.value(other));
            return Some(format!("it counts only while {other} is {wanted}, and that is {found}"));
        }
        self.silenced_by(specs, other)
    }

    /// The same with another value for a declared parameter.
    pub fn with(mut self, spec: &ParamSpec, value: ParamValue) -> Self {
        let place = self.values.iter_mut().find(|(name, _)| *name == spec.name);
        if let Some((_, known)) = place {
            *known = value;
        }
        self
    }

    /// The defaults of `specs`.
    pub fn defaults(specs: &[ParamSpec]) -> Self {
        Self::resolve(specs, &BTreeMap::new(), "", &mut Vec::new())
    }

    /// A number.
    pub fn number(&self, name: &str) -> f64 {
        match self.find(name) {
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
        match self.find(name) {
            Some(ParamValue::Switch(on)) => *on,
            other => panic!("parameter {name} is {other:?}, not a switch"),
        }
    }

    /// The id of a choice.
    pub fn choice(&self, name: &str) -> &str {
        match self.find(name) {
            Some(ParamValue::Text(id)) => id,
            other => panic!("parameter {name} is {other:?}, not a choice"),
        }
    }

    /// A value of any kind.
    pub fn value(&self, name: &str) -> &ParamValue {
        self.find(name).unwrap_or_else(|| panic!("no parameter {name}"))
    }

    fn find(&self, name: &str) -> Option<&ParamValue> {
        self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// Every value by name.
    pub fn values(&self) -> impl Iterator<Item = (&'static str, &ParamValue)> {
        self.values.iter().map(|(name, value)| (*name, value))
    }
}

impl Place<'_> {
    /// What is expected in place of an undeclared name.
    fn names(&self, name: &str, specs: &[ParamSpec]) -> String {
        let names: Vec<&str> = specs.iter().map(|spec| spec.name).collect();
        let listed = match names.len() {
            0 => "no parameters".to_owned(),
            _ => format!("{}: {}", self.kind, names.join(", ")),
        };
        let meant = suggest::did_you_mean(name, &names);
        let hint = || (self.hint)(name).map_or(String::new(), |hint| format!("; {hint}"));
        if meant.is_empty() { listed + &hint() } else { listed + &meant }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPECS: &[ParamSpec] = &[
        ParamSpec::number("alpha", 0.6, 0.0, 10.0),
        ParamSpec::integer("window", 100, 1, 1000).unit("requests"),
        ParamSpec::choice("match", "prefix", &[("prefix", "leading run"), ("any", "anywhere")]),
        ParamSpec::number("floor", 0.0, 0.0, 1.0).only_if("match", "any"),
        ParamSpec::switch("soft", false).only_if_number("floor", 0.5),
    ];

    fn told(given: &[(&str, &str)]) -> Vec<String> {
        let given = given.iter();
        let given =
            given.map(|(name, value)| ((*name).to_owned(), ParamValue::parse(value))).collect();
        let mut reasons = Vec::new();
        Params::resolve(SPECS, &given, "router.params", &mut reasons);
        reasons.iter().map(Reason::to_string).collect()
    }

    #[test]
    fn a_text_that_reads_like_a_number_is_told_as_text() {
        let of = |text: &str| ParamValue::Text(text.to_owned());
        let given =
            BTreeMap::from([("alpha".to_owned(), of("0.5")), ("window".to_owned(), of("x"))]);
        let mut reasons = Vec::new();
        Params::resolve(SPECS, &given, "router.params", &mut reasons);
        let told: Vec<&str> = reasons.iter().map(|reason| reason.value.as_str()).collect();
        assert_eq!(told, ["the text \"0.5\"", "x"]);
    }

    #[test]
    fn every_fault_is_told_at_once_with_its_path() {
        let given =
            [("alpha", "nan"), ("window", "1.5"), ("match", "al"), ("beta", "1"), ("windw", "3")];
        assert_eq!(
            told(&given),
            [
                "router.params.beta: found 1, expected a parameter of it: alpha, window, match, \
                 floor, soft",
                "router.params.windw: found 3, expected a parameter of it: alpha, window, match, \
                 floor, soft; did you mean window?",
                "router.params.alpha: found nan, expected a number in [0, 10]",
                "router.params.window: found 1.5, expected a whole number in [1, 1000] requests",
                "router.params.match: found al, expected one of prefix, any",
            ]
        );
        assert_eq!(
            told(&[("match", "anny")]),
            ["router.params.match: found anny, expected one of prefix, any; did you mean any?"]
        );
    }

    #[test]
    fn what_nobody_reads_is_refused_whatever_its_value() {
        assert_eq!(told(&[("match", "any"), ("floor", "0.5"), ("soft", "on")]), [""; 0]);
        assert_eq!(
            told(&[("floor", "0"), ("match", "prefix")]),
            ["router.params.floor: found 0, expected nothing, since it counts only while match \
                 is any, and that is prefix; leave it out, or change that"]
        );
        let alone = told(&[("match", "any"), ("soft", "on")]);
        assert!(alone[0].contains("only while floor is 0.5, and that is 0;"), "{alone:?}");
        // Two steps away.
        let both = told(&[("floor", "0.5"), ("soft", "off")]);
        assert_eq!(both.len(), 2, "{both:?}");
        assert!(both.iter().all(|told| told.contains("only while match is any")), "{both:?}");
    }

    #[test]
    fn defaults_fill_what_is_not_given() {
        let params = Params::defaults(SPECS);
        assert_eq!(params.number("alpha"), 0.6);
        assert_eq!(params.integer("window"), 100);
        assert_eq!(params.choice("match"), "prefix");
    }
}
