//! Units of a trace's times.

use serde::Serialize;

/// Unit of a trace's times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Microseconds.
    Microseconds,
    /// Nanoseconds.
    Nanoseconds,
}

impl TimeUnit {
    /// Every unit, the longest first.
    pub const ALL: [Self; 4] =
        [Self::Seconds, Self::Milliseconds, Self::Microseconds, Self::Nanoseconds];

    /// How many of this unit make a second.
    pub fn per_second(self) -> f64 {
        match self {
            Self::Seconds => 1.0,
            Self::Milliseconds => 1e3,
            Self::Microseconds => 1e6,
            Self::Nanoseconds => 1e9,
        }
    }

    /// The short name, as used in traces and in configurations.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::Milliseconds => "ms",
            Self::Microseconds => "us",
            Self::Nanoseconds => "ns",
        }
    }

    /// The unit that `name` stands for: a symbol or an English word.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "s" | "sec" | "secs" | "second" | "seconds" => Self::Seconds,
            "ms" | "msec" | "millis" | "millisecond" | "milliseconds" => Self::Milliseconds,
            "us" | "usec" | "micros" | "microsecond" | "microseconds" => Self::Microseconds,
            "ns" | "nsec" | "nanos" | "nanosecond" | "nanoseconds" => Self::Nanoseconds,
            _ => return None,
        })
    }

    /// The unit in which a time of this many digits before the point is a date of our days.
    pub(in crate::trace) fn of_date(value: f64) -> Option<Self> {
        /// September 2001, from which on seconds have ten digits, to the year 2100.
        const DAYS_S: std::ops::Range<f64> = 1e9..4.102e9;
        Self::ALL.into_iter().find(|unit| DAYS_S.contains(&(value / unit.per_second())))
    }
}
