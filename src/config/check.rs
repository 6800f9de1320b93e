//! The one place where a configuration is checked. Nothing given is ignored in silence: what no
//! row reads is refused, with what to do about it.

use super::checked::room;
use super::perturb::Rows;
use super::{Capacity, Checked, Config, Monitoring, Perturbation, PolicyChoice, Reading, SETTINGS};
use crate::cache::{self, CacheRow, Constructor};
use crate::clock::{self, CLOCKS, ClockRow};
use crate::error::{Error, Reason, Result};
use crate::evict::{EVICTIONS, EvictionRow};
use crate::migrate::{self, MIGRATIONS, MigrationRow};
use crate::params::{Need, ParamSpec, ParamValue, Params, Place, Role, with_role};
use crate::route::{self, ROUTERS, RouterRow};
use crate::suggest;

impl Config {
    /// Checks everything.
    ///
    /// # Errors
    /// [`Error::Config`] with every reason at once.
    pub fn check(&self) -> Result<Checked> {
        let mut reasons = Vec::new();
        let place = Place { path: "settings", kind: "one of the settings", hint: &elsewhere };
        let settings = Params::resolve_at(&place, SETTINGS, &self.settings, &mut reasons);
        let block_size = Some(settings.integer("block_size") as u32).filter(|&size| size > 0);
        let capacity = Capacity::of(settings.value("capacity_blocks"));
        let tree = settings.choice("insertion") == "tree";
        let seed = self.checked_seed(&mut reasons);
        let clock = self.checked_clock(&mut reasons);
        let row = clock.as_ref().map(|(row, _)| *row);
        refuse_choices("settings", SETTINGS, &settings, row, &mut reasons);
        let router = self.checked_router(row, &mut reasons);
        let eviction = self.checked_eviction(tree, row, &mut reasons);
        let monitoring = Monitoring::new(&settings);
        refuse_untunable(&monitoring, router.as_ref().map(|(row, _)| *row), &mut reasons);
        let migration = match &router {
            Some(router) => self.checked_migration(router, row, &mut reasons),
            None => None,
        };
        if let Some((_, params)) = &clock {
            // Where the trace has yet to say its block size, any has at least one token.
            let (least, model) = (block_size.unwrap_or(1), clock::model(params));
            let eviction = eviction.as_ref().map(|(row, params, _)| (*row, params));
            room(capacity, least, model, eviction, &mut reasons);
        }
        let nodes = settings.integer("nodes") as usize;
        let timed = row.is_none_or(|row| row.meets.contains(&Need::TimedClock));
        let shared = self.migration.id == migrate::AUTO;
        let rows = Rows {
            router: router.as_ref().map_or(&[][..], |(row, _)| row.params),
            migration: migration.as_ref().map(|(row, _)| row.params),
            shared,
        };
        let perturb = Perturbation::all(&self.perturb, nodes, timed, &rows, &mut reasons);
        let (Some(clock), Some(router), Some(eviction), true) =
            (clock, router, eviction, reasons.is_empty())
        else {
            return Err(Error::Config(reasons));
        };
        let warmup = settings.number("warmup");
        let needs_future = eviction.0.needs.contains(&Need::Future);
        let needs_outputs = needs_outputs(router.0, &router.1);
        Ok(Checked {
            nodes,
            perturb,
            capacity,
            block_size,
            reading: Reading::new(&settings),
            window: settings.integer("window") as usize,
            warmup,
            distinct_budget: settings.integer("distinct_budget") as u32,
            monitoring,
            tree,
            seed,
            needs_whole_trace: warmup > 0.0 || needs_future,
            needs_future,
            needs_outputs,
            router: router.0,
            router_params: router.1,
            eviction: eviction.0,
            eviction_params: eviction.1,
            build: eviction.2,
            migration,
            shared,
            clock: clock.0,
            clock_params: clock.1,
        })
    }

    fn checked_seed(&self, reasons: &mut Vec<Reason>) -> u64 {
        let seed = match &self.seed {
            ParamValue::Text(text) => text.parse().ok(),
            ParamValue::Number(number) => {
                let whole = 0.0 <= *number && *number <= 9_007_199_254_740_992.0;
                (whole && libm::trunc(*number) == *number).then_some(*number as u64)
            }
            ParamValue::Switch(_) => None,
        };
        seed.unwrap_or_else(|| {
            let expected = "a whole number in [0, 2^64), as text above 2^53".to_owned();
            push(reasons, "seed", &self.seed.to_string(), expected);
            0
        })
    }

    fn checked_clock(&self, reasons: &mut Vec<Reason>) -> Option<(&'static ClockRow, Params)> {
        let ids = CLOCKS.iter().map(|row| row.id);
        let row = found(clock::find(&self.clock.id), "clock", &self.clock, ids, reasons)?;
        let needed = |name: &str| {
            let having = CLOCKS.iter().filter(|row| row.params.iter().any(|it| it.name == name));
            let ids: Vec<&str> = having.map(|row| row.id).collect();
            let ids = ids.join(" or ");
            (!ids.is_empty()).then(|| format!("{name} needs the {ids} clock: set clock to {ids}"))
        };
        Some((row, resolved("clock.params", row.params, &self.clock, &needed, reasons)))
    }

    fn checked_router(
        &self,
        clock: Option<&ClockRow>,
        reasons: &mut Vec<Reason>,
    ) -> Option<(&'static RouterRow, Params)> {
        let ids = ROUTERS.iter().map(|row| row.id);
        let row = found(route::find(&self.router.id), "router", &self.router, ids, reasons)?;
        let others = |name: &str| owners(ROUTERS.iter().map(|row| (row.id, row.params)), name);
        let params = resolved("router.params", row.params, &self.router, &others, reasons);
        refuse_row("router", (row.id, row.needs, row.params), &params, clock, reasons);
        Some((row, params))
    }

    fn checked_eviction(
        &self,
        tree: bool,
        clock: Option<&ClockRow>,
        reasons: &mut Vec<Reason>,
    ) -> Option<(&'static EvictionRow, Params, Constructor)> {
        let ids = EVICTIONS.iter().map(|row| row.id);
        let cache = cache::find(&self.eviction.id);
        let cache: &CacheRow = found(cache, "eviction", &self.eviction, ids, reasons)?;
        let row = cache.policy;
        let others = |name: &str| owners(EVICTIONS.iter().map(|row| (row.id, row.params)), name);
        let params = resolved("eviction.params", row.params, &self.eviction, &others, reasons);
        refuse_row("eviction", (row.id, row.needs, row.params), &params, clock, reasons);
        let (build, other) = if tree { (cache.tree, "flat") } else { (cache.flat, "tree") };
        if build.is_none() {
            let expected = format!(
                "an eviction policy that is defined for this insertion discipline: {} needs \
                 insertion {other}",
                row.id
            );
            push(reasons, "eviction", row.id, expected);
        }
        Some((row, params, build?))
    }

    fn checked_migration(
        &self,
        (router, router_params): &(&'static RouterRow, Params),
        clock: Option<&ClockRow>,
        reasons: &mut Vec<Reason>,
    ) -> Option<(&'static MigrationRow, Params)> {
        let (choice, path) = (&self.migration, "migration.params");
        if choice.id == migrate::AUTO {
            let instead = |name: &str| Some(instead_of_auto(router, name));
            resolved(path, &[], choice, &instead, reasons);
            let row = migrate::find(router.migration?).expect("routers name rows of the table");
            return Some((row, router_params.clone()));
        }
        self.refuse_params_of_the_rule(router, reasons);
        let others = |name: &str| owners(MIGRATIONS.iter().map(|row| (row.id, row.params)), name);
        if choice.id == migrate::NONE {
            resolved(path, &[], choice, &others, reasons);
            return None;
        }
        let ids = [migrate::AUTO, migrate::NONE].into_iter();
        let ids = ids.chain(MIGRATIONS.iter().map(|row| row.id));
        let row = found(migrate::find(&choice.id), "migration", choice, ids, reasons)?;
        let params = resolved(path, row.params, choice, &others, reasons);
        refuse_row("migration", (row.id, row.needs, row.params), &params, clock, reasons);
        Some((row, params))
    }

    /// Parameters of the router that only its own rule would read, while another is chosen.
    fn refuse_params_of_the_rule(&self, router: &RouterRow, reasons: &mut Vec<Reason>) {
        let rule = |spec: &&ParamSpec| spec.role == Some(Role::Rule);
        for spec in router.params.iter().filter(rule) {
            if let Some(value) = self.router.params.get(spec.name) {
                let expected = format!(
                    "nothing, since only the router's own migration rule reads it, and migration \
                     is {}; leave it out, or set migration to {}",
                    self.migration.id,
                    migrate::AUTO
                );
                let path = format!("router.params.{}", spec.name);
                push(reasons, &path, &value.to_string(), expected);
            }
        }
    }
}

fn push(reasons: &mut Vec<Reason>, path: &str, value: &str, expected: String) {
    reasons.push(Reason { path: path.to_owned(), value: value.to_owned(), expected });
}

fn found<T>(
    row: Option<T>,
    path: &str,
    choice: &PolicyChoice,
    ids: impl Iterator<Item = &'static str>,
    reasons: &mut Vec<Reason>,
) -> Option<T> {
    if row.is_none() {
        let ids: Vec<&str> = ids.collect();
        push(reasons, &format!("{path}.id"), &choice.id, suggest::one_of(&choice.id, &ids));
    }
    row
}

/// The checked parameters of a chosen row.
fn resolved(
    path: &str,
    specs: &[ParamSpec],
    choice: &PolicyChoice,
    hint: &dyn Fn(&str) -> Option<String>,
    reasons: &mut Vec<Reason>,
) -> Params {
    let place = Place { path, kind: "a parameter of it", hint };
    Params::resolve_at(&place, specs, &choice.params, reasons)
}

/// Most rows that are named as those that have a parameter.
const MOST_OWNERS: usize = 3;

/// Which rows have a parameter, if they are few.
fn owners(
    rows: impl Iterator<Item = (&'static str, &'static [ParamSpec])>,
    name: &str,
) -> Option<String> {
    let having = rows.filter(|(_, specs)| specs.iter().any(|spec| spec.name == name));
    let ids: Vec<&str> = having.map(|(id, _)| id).collect();
    match ids.len() {
        0 => None,
        1 => Some(format!("{} has it", ids[0])),
        2..=MOST_OWNERS => Some(format!("{} have it", ids.join(" and "))),
        _ => None,
    }
}

/// What to do with a parameter that `auto` was given.
fn instead_of_auto(router: &RouterRow, name: &str) -> String {
    let rules = MIGRATIONS.iter().map(|row| (row.id, row.params));
    match (router.migration, owners(rules, name)) {
        (Some(rule), _) if router.params.iter().any(|spec| spec.name == name) => {
            format!("{rule} comes with {} and takes its parameters: give it {name}", router.id)
        }
        (Some(rule), _) => format!("{rule} comes with {} and takes its parameters", router.id),
        (None, Some(owners)) => format!("{} has no rule of its own, {owners}", router.id),
        (None, None) => format!("{} has no rule of its own", router.id),
    }
}

/// Refuses to tune a router that has no weight of the load.
fn refuse_untunable(
    monitoring: &Monitoring,
    router: Option<&RouterRow>,
    reasons: &mut Vec<Reason>,
) {
    let tunable = |row: &RouterRow| with_role(row.params, Role::Balance).is_some();
    let Some(router) = router.filter(|row| monitoring.tunes && !tunable(row)) else { return };
    let ids = ROUTERS.iter().filter(|row| tunable(row)).map(|row| row.id);
    let expected = format!(
        "false, since {} has no weight of the load to tune; or one of the routers that have: {}",
        router.id,
        ids.collect::<Vec<_>>().join(", ")
    );
    push(reasons, "settings.auto_tuning_enabled", "true", expected);
}

/// Where a name that is no setting belongs.
fn elsewhere(name: &str) -> Option<String> {
    let clocks = owners(CLOCKS.iter().map(|row| (row.id, row.params)), name);
    clocks.map(|_| format!("{name} is a parameter of the clock"))
}

/// What the choices made for parameters need: the parameter, the choice, the need.
fn needs_of_choices(
    specs: &'static [ParamSpec],
    params: &Params,
) -> impl Iterator<Item = (&'static str, &'static str, Need)> {
    specs.iter().flat_map(|spec| {
        let made = spec.choice_needs.iter().filter(|choice| params.choice(spec.name) == choice.0);
        made.map(|&(id, need)| (spec.name, id, need))
    })
}

/// Whether a router is shown the true output lengths.
fn needs_outputs(row: &'static RouterRow, params: &Params) -> bool {
    let mut chosen = needs_of_choices(row.params, params).map(|(_, _, need)| need);
    row.needs.contains(&Need::OutputLengths) || chosen.any(|need| need == Need::OutputLengths)
}

/// Refuses a row, and choices made for its parameters, that the clock does not serve.
fn refuse_row(
    path: &str,
    (id, needs, specs): (&str, &[Need], &'static [ParamSpec]),
    params: &Params,
    clock: Option<&ClockRow>,
    reasons: &mut Vec<Reason>,
) {
    for &need in needs {
        refuse_unmet(path, id, need, clock, reasons);
    }
    refuse_choices(&format!("{path}.params"), specs, params, clock, reasons);
}

fn refuse_choices(
    path: &str,
    specs: &'static [ParamSpec],
    params: &Params,
    clock: Option<&ClockRow>,
    reasons: &mut Vec<Reason>,
) {
    for (name, id, need) in needs_of_choices(specs, params) {
        refuse_unmet(&format!("{path}.{name}"), id, need, clock, reasons);
    }
}

/// A mistyped clock is refused for itself, and nothing is held against it.
fn refuse_unmet(
    path: &str,
    id: &str,
    need: Need,
    clock: Option<&ClockRow>,
    reasons: &mut Vec<Reason>,
) {
    let Some(clock) = clock.filter(|clock| !clock.meets.contains(&need)) else { return };
    let meeting = CLOCKS.iter().filter(|row| row.meets.contains(&need)).map(|row| row.id);
    let expected = format!(
        "one that works under the {} clock: this one needs {}; set clock to {}, or choose another",
        clock.id,
        need.title(),
        meeting.collect::<Vec<_>>().join(" or "),
    );
    push(reasons, path, id, expected);
}
