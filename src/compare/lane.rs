//! A lane as a person writes it: what it has differently from what all lanes share.
//!
//! `router=cache_aware:load_weight=20,match=any,eviction=lfu,nodes=16`: names as in a sweep's axes
//! (`router`, `eviction`, `migration`, `clock`, any setting, `router.alpha`), values as there. What
//! follows a row and is no such name is a parameter of the row.

use crate::config::Config;
use crate::error::{Error, Reason, Result};
use crate::params::ParamValue;
use crate::sweep::{Place, READING, Value, counts, place, put};

/// Another word for a name, as flags have them: `("capacity", "capacity_blocks")`.
pub type Alias = (&'static str, &'static str);

/// One `name=value` of the text.
struct Item {
    name: String,
    value: String,
    place: Place,
}

/// The configuration of a lane, checked: `base` with what `text` says.
///
/// # Errors
/// Every reason at once, under the name `called`.
pub fn lane(base: &Config, text: &str, called: &str, aliases: &[Alias]) -> Result<Config> {
    let mut reasons = Vec::new();
    let items = items(text, aliases, &mut reasons);
    let mut config = base.clone();
    for params in [false, true] {
        for item in items.iter().filter(|item| item.place.is_param() == params) {
            if let Err(expected) = put_item(&mut config, item) {
                reasons.push(refused(&item.name, &item.value, expected));
            }
        }
    }
    if let Err(Error::Config(more)) = config.check() {
        reasons.extend(
            more.into_iter().filter(|reason| !reasons.contains(reason)).collect::<Vec<_>>(),
        );
    }
    if reasons.is_empty() {
        return Ok(config);
    }
    for reason in &mut reasons {
        reason.path = format!("{called}: {}", reason.path);
    }
    Err(Error::Config(reasons))
}

fn refused(name: &str, value: &str, expected: String) -> Reason {
    Reason { path: name.to_owned(), value: value.to_owned(), expected }
}

/// The text in its parts, with a reason for each that has no place.
fn items(text: &str, aliases: &[Alias], reasons: &mut Vec<Reason>) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let Some((word, value)) = pair.split_once('=') else {
            let expected = "name=value after each comma, as in router=cache_aware";
            reasons.push(refused("lane", pair, expected.to_owned()));
            continue;
        };
        let alias = aliases.iter().find(|alias| alias.0 == word);
        let name = alias.map_or(word, |alias| alias.1);
        let last = items.last_mut().filter(|last| matches!(last.place, Place::Part(_)));
        match (fault(name), place(name), last) {
            (None, Ok(place), _) => {
                if items.iter().any(|item| item.name == name) {
                    let expected = "one value: it was given before; leave one of them out";
                    reasons.push(refused(name, value, expected.to_owned()));
                }
                items.push(Item { name: name.to_owned(), value: value.to_owned(), place });
            }
            (Some(expected), _, _) => reasons.push(refused(name, value, expected.to_owned())),
            // A parameter of the row before, which says so itself if it has none of that name.
            (None, Err(_), Some(row)) => {
                row.value += if row.value.contains(':') { "," } else { ":" };
                row.value += pair;
            }
            (None, Err(expected), None) => reasons.push(refused(name, value, expected)),
        }
    }
    items
}

/// Why no lane has a value of its own for a name, if so.
fn fault(name: &str) -> Option<&'static str> {
    if name == "seed" {
        return Some("nothing: all lanes have one seed, so that chance is the same for all");
    }
    let reading = READING.contains(&name);
    reading.then_some("nothing: the trace is read once for all lanes, so say it beside them")
}

fn put_item(config: &mut Config, item: &Item) -> std::result::Result<(), String> {
    if !counts(config, &item.place) {
        return Err("a parameter of the row that this lane chooses".to_owned());
    }
    let value = match item.place {
        Place::Part(_) => ParamValue::Text(item.value.clone()),
        _ => ParamValue::parse(&item.value),
    };
    put(config, &item.place, &Value::Plain(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::PolicyChoice;

    const ALIASES: &[Alias] = &[("capacity", "capacity_blocks"), ("rate", "clock.rate")];

    fn told(text: &str) -> Vec<String> {
        match lane(&Config::new(4, 100), text, "lane B", ALIASES) {
            Err(Error::Config(reasons)) => reasons.iter().map(Reason::to_string).collect(),
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn what_a_lane_sets_goes_before_what_all_share() {
        let base = Config::new(4, 100).router(PolicyChoice::new("random"));
        let made = |text: &str| lane(&base, text, "lane B", ALIASES).expect("a lane that runs");
        assert_eq!(made(""), base);
        let number = ParamValue::Number;
        let row = PolicyChoice::new("cache_aware")
            .with("load_weight", number(20.0))
            .with("match", ParamValue::Text("any".to_owned()));
        let wanted = base.clone().router(row).eviction(PolicyChoice::new("lfu"));
        let wanted = wanted.with("capacity_blocks", number(500.0));
        let text = "router=cache_aware:load_weight=20,match=any,eviction=lfu,capacity=500";
        assert_eq!(made(text), wanted);
        assert_eq!(
            made("router=cache_aware,load_weight=20,match=any, eviction=lfu ,capacity=500"),
            { wanted.clone() }
        );
        // A parameter finds its row wherever it stands.
        let dotted = "router.match=any,eviction=lfu,router.load_weight=20,router=cache_aware,";
        assert_eq!(made(&format!("{dotted}capacity_blocks=500")), wanted);
        let timed = made("rate=2,clock=timed");
        assert_eq!(timed.clock, PolicyChoice::new("timed").with("rate", number(2.0)));
    }

    #[test]
    fn every_fault_is_told_at_once_with_its_lane() {
        assert_eq!(
            told("nodse=3,lfu,seed=2,time_unit=seconds,router=cache_aware,load_weigth=3"),
            [
                "lane B: nodse: found 3, expected router, eviction, migration, clock, a setting, \
                 or a parameter as in router.alpha or cache_aware.load_weight; did you mean \
                 nodes?",
                "lane B: lane: found lfu, expected name=value after each comma, as in \
                 router=cache_aware",
                "lane B: seed: found 2, expected nothing: all lanes have one seed, so that chance \
                 is the same for all",
                "lane B: time_unit: found seconds, expected nothing: the trace is read once for \
                 all lanes, so say it beside them",
                "lane B: router.params.load_weigth: found 3, expected a parameter of it: \
                 load_weight, match, load_signal, window, refresh; did you mean load_weight?",
            ]
        );
        assert!(told("nodes=2,nodes=3")[0].contains("given before"));
        assert!(
            told("router.alpha=1")[0].contains("a parameter of the row that this lane chooses")
        );
        assert!(told("nodes=0")[0].starts_with("lane B: nodes: found 0"));
        assert!(told("rate=2")[0].contains("a parameter of the row"));
    }
}
