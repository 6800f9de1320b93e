//! What a row declares of a parameter.

use super::{Need, ParamValue};
use crate::suggest;

/// The id of a choice and what a control shows for it.
pub type Choice = (&'static str, &'static str);

/// What values a parameter takes.
#[derive(Clone, Copy, Debug)]
pub enum ParamKind {
    /// A finite number in `[min, max]`; without an upper limit where `max` is infinite.
    Number {
        /// Value when none is given.
        default: f64,
        /// Smallest accepted.
        min: f64,
        /// Largest accepted.
        max: f64,
        /// Whether a slider should run logarithmically.
        log: bool,
    },
    /// A whole number in `[min, max]`.
    Integer {
        /// Value when none is given.
        default: u64,
        /// Smallest accepted.
        min: u64,
        /// Largest accepted, at most 2^53.
        max: u64,
        /// Whether a slider should run logarithmically.
        log: bool,
    },
    /// On or off.
    Switch {
        /// Value when none is given.
        default: bool,
    },
    /// One of a list.
    Choice {
        /// Value when none is given.
        default: &'static str,
        /// Ids with their labels.
        choices: &'static [Choice],
    },
}

/// One declared parameter.
#[derive(Clone, Copy, Debug)]
pub struct ParamSpec {
    /// Name in configurations, links and the command line.
    pub name: &'static str,
    /// Short label of its control.
    pub label: &'static str,
    /// One or two sentences.
    pub help: &'static str,
    /// Unit, or empty.
    pub unit: &'static str,
    /// Values and default.
    pub kind: ParamKind,
    /// Read only while the other parameter, if that is read itself, has this value.
    pub only_if: Option<(&'static str, Fixed)>,
    /// What it is to others than its own row.
    pub role: Option<Role>,
    /// Choices that not every run can honour.
    pub choice_needs: &'static [(&'static str, Need)],
    /// 0 is accepted although it is below `min`.
    pub or_zero: bool,
    /// It is a share of a node's capacity and must come to so many blocks, unless it is 0.
    pub least_blocks: u32,
    /// Other ways to say a number.
    pub wording: Option<Wording>,
    /// It may change while a run is on.
    pub live: bool,
}

/// A value as a table can hold it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fixed {
    /// The id of a choice.
    Text(&'static str),
    /// A number.
    Number(f64),
}

impl Fixed {
    /// As a configuration carries it.
    pub fn value(self) -> ParamValue {
        match self {
            Self::Text(id) => ParamValue::Text(id.to_owned()),
            Self::Number(number) => ParamValue::Number(number),
        }
    }
}

/// What a parameter is to others than its own row, so that nobody goes by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The age that a router's signals may reach.
    Refresh,
    /// The share of the resident blocks above which a node is crowded.
    Threshold,
    /// The model whose KV cache the blocks hold.
    Model,
    /// Of a router's parameters: read by the migration rule that comes with it alone.
    Rule,
    /// Of the settings: how the trace is read, where what it says is overruled.
    Reading,
    /// Of the settings: when alerts are raised, and whether weights follow.
    Monitoring,
    /// The weight of the match: the more, the more requests go where their prefix lies.
    Affinity,
    /// The weight of the load: the more, the more evenly work is spread.
    Balance,
    /// How many blocks an eviction policy drops at once.
    Batch,
}

impl Role {
    /// The word for it in tables.
    pub fn id(self) -> &'static str {
        match self {
            Self::Refresh => "refresh",
            Self::Threshold => "threshold",
            Self::Model => "model",
            Self::Rule => "rule",
            Self::Reading => "reading",
            Self::Monitoring => "monitoring",
            Self::Affinity => "affinity",
            Self::Balance => "balance",
            Self::Batch => "batch",
        }
    }
}

/// The name of the parameter that has a role in a row.
pub fn with_role(specs: &[ParamSpec], role: Role) -> Option<&'static str> {
    specs.iter().find(|spec| spec.role == Some(role)).map(|spec| spec.name)
}

/// How a number may also be said, as text.
#[derive(Clone, Copy, Debug)]
pub struct Wording {
    /// Units that a number in the text may have.
    pub units: &'static [&'static str],
    /// Texts that may stand there, as examples.
    pub examples: &'static str,
    /// `Err` is what is expected in place of a text.
    pub check: fn(&str) -> Result<(), String>,
}

impl ParamSpec {
    /// A number in `[min, max]`.
    pub const fn number(name: &'static str, default: f64, min: f64, max: f64) -> Self {
        Self::of(name, ParamKind::Number { default, min, max, log: false })
    }

    /// A whole number in `[min, max]`.
    pub const fn integer(name: &'static str, default: u64, min: u64, max: u64) -> Self {
        Self::of(name, ParamKind::Integer { default, min, max, log: false })
    }

    /// A switch.
    pub const fn switch(name: &'static str, default: bool) -> Self {
        Self::of(name, ParamKind::Switch { default })
    }

    /// One of a list.
    pub const fn choice(
        name: &'static str,
        default: &'static str,
        choices: &'static [Choice],
    ) -> Self {
        Self::of(name, ParamKind::Choice { default, choices })
    }

    const fn of(name: &'static str, kind: ParamKind) -> Self {
        Self {
            name,
            label: name,
            help: "",
            unit: "",
            kind,
            only_if: None,
            role: None,
            choice_needs: &[],
            or_zero: false,
            least_blocks: 0,
            wording: None,
            live: false,
        }
    }

    /// With a label and a help text.
    pub const fn told(mut self, label: &'static str, help: &'static str) -> Self {
        self.label = label;
        self.help = help;
        self
    }

    /// With a unit.
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    /// With a logarithmic slider.
    pub const fn log(mut self) -> Self {
        self.kind = match self.kind {
            ParamKind::Number { default, min, max, .. } => {
                ParamKind::Number { default, min, max, log: true }
            }
            ParamKind::Integer { default, min, max, .. } => {
                ParamKind::Integer { default, min, max, log: true }
            }
            other => other,
        };
        self
    }

    /// Read only while parameter `name`, a choice, is `value`.
    pub const fn only_if(mut self, name: &'static str, value: &'static str) -> Self {
        self.only_if = Some((name, Fixed::Text(value)));
        self
    }

    /// Read only while parameter `name`, a number, is `value`.
    pub const fn only_if_number(mut self, name: &'static str, value: f64) -> Self {
        self.only_if = Some((name, Fixed::Number(value)));
        self
    }

    /// With a role.
    pub const fn role(mut self, role: Role) -> Self {
        self.role = Some(role);
        self
    }

    /// With needs of some of its choices.
    pub const fn choice_needs(mut self, needs: &'static [(&'static str, Need)]) -> Self {
        self.choice_needs = needs;
        self
    }

    /// Accepting 0 as well.
    pub const fn or_zero(mut self) -> Self {
        self.or_zero = true;
        self
    }

    /// As a share of a node's capacity that must come to at least `blocks`, unless it is 0.
    pub const fn least_blocks(mut self, blocks: u32) -> Self {
        self.least_blocks = blocks;
        self
    }

    /// A number that may also be said as text.
    pub const fn or_text(self, wording: Wording) -> Self {
        Self { wording: Some(wording), ..self }
    }

    /// That may change while a run is on; who is made by the row then hears of it.
    pub const fn live(mut self) -> Self {
        self.live = true;
        self
    }

    /// The value when none is given.
    pub fn default_value(&self) -> ParamValue {
        match self.kind {
            ParamKind::Number { default, .. } => ParamValue::Number(default),
            ParamKind::Integer { default, .. } => ParamValue::Number(default as f64),
            ParamKind::Switch { default } => ParamValue::Switch(default),
            ParamKind::Choice { default, .. } => ParamValue::Text(default.to_owned()),
        }
    }

    /// What may stand here, in words.
    pub fn expected(&self) -> String {
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        let or = self.wording.map_or(String::new(), |wording| format!(", or {}", wording.examples));
        match self.kind {
            ParamKind::Number { min, max, .. } if max.is_infinite() => {
                format!("a number of {min} or more{unit}")
            }
            ParamKind::Number { min, max, .. } => {
                let zero = if self.or_zero { "0, or " } else { "" };
                format!("{zero}a number in [{min}, {max}]{unit}{or}")
            }
            ParamKind::Integer { min, max, .. } => {
                format!("a whole number in [{min}, {max}]{unit}{or}")
            }
            ParamKind::Switch { .. } => "true or false".to_owned(),
            ParamKind::Choice { choices, .. } => {
                let ids: Vec<&str> = choices.iter().map(|choice| choice.0).collect();
                format!("one of {}", ids.join(", "))
            }
        }
    }

    /// What is expected in place of `value`; `None` if it may stand here.
    pub fn fault(&self, value: &ParamValue) -> Option<String> {
        if let (Some(wording), ParamValue::Text(text)) = (self.wording, value) {
            return (wording.check)(text).err();
        }
        if self.accepts(value) {
            return None;
        }
        let ParamKind::Choice { choices, .. } = self.kind else { return Some(self.expected()) };
        let ids: Vec<&str> = choices.iter().map(|choice| choice.0).collect();
        Some(suggest::one_of(&value.to_string(), &ids))
    }

    fn accepts(&self, value: &ParamValue) -> bool {
        match (self.kind, value) {
            (ParamKind::Number { min, max, .. }, ParamValue::Number(number)) => {
                let in_range = number.is_finite() && (min..=max).contains(number);
                in_range || (self.or_zero && *number == 0.0)
            }
            (ParamKind::Integer { min, max, .. }, ParamValue::Number(number)) => {
                number.is_finite()
                    && libm::trunc(*number) == *number
                    && min as f64 <= *number
                    && *number <= max as f64
            }
            (ParamKind::Switch { .. }, ParamValue::Switch(_)) => true,
            (ParamKind::Choice { choices, .. }, ParamValue::Text(id)) => {
                choices.iter().any(|choice| choice.0 == id)
            }
            _ => false,
        }
    }
}
