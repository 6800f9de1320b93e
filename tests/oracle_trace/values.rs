//! Values as the twin reads them: numbers, times, names, lists of ids.

use super::twin::{Keys, Name};
use serde_json::value::RawValue;
use std::collections::HashMap;

const GROUPS: [&str; 5] = ["sys_prompt", "passages_ids", "history", "web_search", "user_input"];

/// What stands between the quotes, if this is a string.
pub(crate) fn quoted(text: &str) -> Option<&str> {
    text.strip_prefix('"')?.strip_suffix('"')
}

/// A number as JSON writes it, or such a number in quotes.
pub(crate) fn number(text: &str) -> Option<f64> {
    let text = quoted(text).map_or(text, |inner| inner.trim_matches([' ', '\t']));
    let raw: &RawValue = serde_json::from_str(text).ok()?;
    let begins = raw.get().starts_with(|c: char| c == '-' || c.is_ascii_digit());
    (begins && raw.get() == text).then(|| text.parse().ok())?
}

pub(crate) fn length(text: &str) -> Option<u32> {
    let value = number(text)?;
    let fits = value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value);
    fits.then_some(value as u32)
}

pub(crate) fn lengths(text: &str) -> Option<Vec<u32>> {
    let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    items.iter().map(|item| length(item.get())).collect()
}

pub(crate) fn size(text: &str) -> Option<u32> {
    length(text).filter(|&size| size > 0)
}

/// A time, and whether it is a date.
pub(crate) fn time(text: &str) -> Option<(f64, bool)> {
    let value = match (number(text), quoted(text)) {
        (Some(value), _) => (value, false),
        (None, Some(inner)) => (date(inner.trim_matches([' ', '\t']))?, true),
        (None, None) => return None,
    };
    (value.0.is_sign_positive() && value.0 <= 1e30).then_some(value)
}

/// `2025-07-01T10:00:00.5+02:00`, by counting days one after the other.
pub(crate) fn date(text: &str) -> Option<f64> {
    let (day, clock) = (text.get(..10)?, text.get(11..)?);
    if !["T", "t", " "].contains(&text.get(10..11)?) {
        return None;
    }
    let digits = |text: &str, count: usize| {
        let plain = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| text.parse::<i64>().ok())?
    };
    let mut parts = day.split('-');
    let mut next = |count| digits(parts.next()?, count);
    let (year, month, day) = (next(4)?, next(2)?, next(2)?);
    let month_days = |year: i64, month: i64| match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    if year < 1971 || !(1..=month_days(year, month)).contains(&day) {
        return None;
    }
    let before = (1970..year).flat_map(|year| (1..=12).map(move |month| month_days(year, month)));
    let this = (1..month).map(|month| month_days(year, month));
    let days = before.sum::<i64>() + this.sum::<i64>() + day - 1;
    let colons = clock.get(2..3)? == ":" && clock.get(5..6)? == ":";
    let (hour, minute) = (digits(clock.get(..2)?, 2)?, digits(clock.get(3..5)?, 2)?);
    let (second, mut rest) = (digits(clock.get(6..8)?, 2)?, clock.get(8..)?);
    if !colons || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let mut fraction = 0.0;
    if let Some(more) = rest.strip_prefix('.') {
        let end = more.find(|c: char| !c.is_ascii_digit()).unwrap_or(more.len());
        fraction = format!("0.{}", &more[..end]).parse().ok().filter(|_| end > 0)?;
        rest = &more[end..];
    }
    let east = match rest {
        "" | "Z" | "z" => 0,
        _ => {
            let sign = if rest.starts_with('-') { -1 } else { 1 };
            let bare = rest.strip_prefix(['+', '-'])?;
            let (hours, minutes) = match bare.len() {
                2 => (bare, "00"),
                4 => bare.split_at(2),
                5 => bare.split_once(':')?,
                _ => return None,
            };
            sign * (digits(hours, 2)? * 60 + digits(minutes, 2)?)
        }
    };
    Some((((days * 24 + hour) * 60 + minute - east) * 60 + second) as f64 + fraction)
}

pub(crate) fn name(text: &str) -> Option<Name> {
    let whole = |text: &str| match (text.parse::<u64>(), text.parse::<i64>()) {
        (Ok(number), _) => Some(Name::Number(number)),
        (_, Ok(0)) => Some(Name::Number(0)),
        (_, Ok(number)) => Some(Name::Negative(number)),
        _ => None,
    };
    if !text.starts_with('"') {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        return if plain { whole(text) } else { None };
    }
    let text: String = serde_json::from_str(text).ok()?;
    let canonical = match whole(&text) {
        Some(Name::Number(number)) => number.to_string() == text,
        Some(Name::Negative(number)) => number.to_string() == text,
        _ => false,
    };
    if canonical { whole(&text) } else { Some(Name::Text(text)) }
}

pub(crate) fn list(text: &str) -> Option<Vec<Name>> {
    let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
    items.iter().map(|item| name(item.get())).collect()
}

/// Ids, plain or in groups.
pub(crate) fn ids(text: &str) -> Option<Vec<Name>> {
    if text.starts_with('[') {
        return list(text);
    }
    let groups: Keys<true> = serde_json::from_str(text).ok()?;
    let raw: HashMap<&str, &str> = groups.0.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    if raw.len() != groups.0.len() || raw.keys().any(|key| !GROUPS.contains(key)) {
        return None;
    }
    let mut all = Vec::new();
    for group in GROUPS {
        let text = raw.get(group).filter(|&&text| text != "null");
        for id in text.map_or(Some(Vec::new()), |text| list(text))? {
            let id = match id {
                Name::Number(number) => number.to_string(),
                Name::Negative(number) => number.to_string(),
                Name::Text(text) => text,
            };
            all.push(Name::Text(format!("{group}:{id}")));
        }
    }
    Some(all)
}

pub(crate) fn unit(text: &str) -> Option<()> {
    let text: String = serde_json::from_str(text).ok()?;
    kvscope::trace::TimeUnit::named(&text).map(|_| ())
}

/// Whether ids are local.
pub(crate) fn scope(text: &str) -> Option<bool> {
    match serde_json::from_str::<String>(text).ok()?.as_str() {
        "global" => Some(false),
        "local" => Some(true),
        _ => None,
    }
}
