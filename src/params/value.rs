//! Values as configurations carry them.

use crate::number;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A value as a configuration carries it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ParamValue {
    /// A switch.
    Switch(bool),
    /// A number; whole for integer parameters.
    Number(f64),
    /// The id of a choice.
    Text(String),
}

impl fmt::Display for ParamValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch(on) => write!(f, "{on}"),
            // Written out, 1e-300 would be 300 zeros.
            Self::Number(number) if *number != 0.0 && number.abs() < 1e-6 => {
                write!(f, "{number:e}")
            }
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "{text}"),
        }
    }
}

impl ParamValue {
    /// Reads a value as a command line has it: `true`, `0.5`, `prefix`.
    pub fn parse(text: &str) -> Self {
        match (text, number::parse(text)) {
            ("true" | "on", _) => Self::Switch(true),
            ("false" | "off", _) => Self::Switch(false),
            // `inf` and `nan` are no numbers that a parameter takes.
            (_, Some(number)) if number.is_finite() => Self::Number(number),
            _ => Self::Text(text.to_owned()),
        }
    }

    /// As reasons name it: a text that reads like a number or a switch says that it is one.
    pub fn told(&self) -> String {
        match self {
            Self::Text(text) if !matches!(Self::parse(text), Self::Text(_)) => {
                format!("the text \"{text}\"")
            }
            other => other.to_string(),
        }
    }
}
