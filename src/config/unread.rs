//! Settings that not every run reads: nothing that was given is ignored in silence.

use super::{Config, SETTINGS};
use crate::params::{ParamSpec, Role};

impl Config {
    /// Settings that were given another value than their default, and that only a run which is
    /// looked at reads: one that keeps sums alone, or tells decisions alone, is the same without.
    pub fn unread_on_sums(&self) -> Vec<&'static str> {
        // Where weights follow, what is watched changes the run.
        let tunes = self.has_own("auto_tuning_enabled");
        let watching = |spec: &ParamSpec| spec.role == Some(Role::Monitoring) && !tunes;
        let unread = |spec: &&ParamSpec| spec.name == "window" || watching(spec);
        let names = SETTINGS.iter().filter(unread).map(|spec| spec.name);
        names.filter(|name| self.has_own(name)).collect()
    }

    /// Likewise those that a run of a trace which is held whole does not read.
    pub fn unread_of_whole(&self) -> Vec<&'static str> {
        ["distinct_budget"].into_iter().filter(|name| self.has_own(name)).collect()
    }

    /// Whether a setting was given another value than its default.
    fn has_own(&self, name: &str) -> bool {
        let spec = SETTINGS.iter().find(|spec| spec.name == name).expect("a setting");
        self.settings.get(name).is_some_and(|value| *value != spec.default_value())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params::ParamValue;

    fn unread(settings: &[(&str, &str)]) -> Vec<&'static str> {
        let with = |config: Config, &(name, value): &(&str, &str)| {
            config.with(name, ParamValue::parse(value))
        };
        let config = settings.iter().fold(Config::default(), with);
        [config.unread_on_sums(), config.unread_of_whole()].concat()
    }

    #[test]
    fn what_only_lookers_read_is_named_unless_it_is_the_default_or_weights_follow_it() {
        assert_eq!(unread(&[("window", "1000"), ("nodes", "3"), ("hot_share", "0.05")]), [""; 0]);
        let watched = [("window", "9"), ("hit_rate_min", "0.5"), ("distinct_budget", "64")];
        assert_eq!(unread(&watched), ["window", "hit_rate_min", "distinct_budget"]);
        let tuned = [("window", "9"), ("hit_rate_min", "0.5"), ("auto_tuning_enabled", "true")];
        assert_eq!(unread(&tuned), ["window"]);
    }
}
