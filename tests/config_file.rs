//! Configurations as files: the notes' production file, our own words, and what is refused.
#![cfg(not(target_arch = "wasm32"))]

mod common;

use kvscope::config::file::{Entry, read};
use kvscope::config::{Config, PolicyChoice};
use kvscope::error::Error;
use kvscope::params::ParamValue;
use serde_json::{Value, json};

fn config(file: Value) -> Result<Config, Vec<String>> {
    let entry: Entry = serde_json::from_value(file).expect("any JSON is an entry");
    read(&entry).config().map_err(|error| match error {
        Error::Config(reasons) => reasons.iter().map(ToString::to_string).collect(),
        other => panic!("{other}"),
    })
}

/// tests/data/production.yaml; tests/command_line.rs reads the file itself.
fn production() -> Value {
    json!({
        "scheduling": {
            "cache_affinity_weight": 0.6,
            "load_balance_weight": 0.8,
            "hotspot_detection_window": 100,
            "migration_threshold": 0.7,
        },
        "caching": {
            "default_policy": "LFU",
            "local_cache_size": "4GB",
            "eviction_batch_size": 50,
        },
        "monitoring": {
            "auto_tuning_enabled": true,
            "alert_thresholds": {"hit_rate_min": 0.30, "concentration_max": 0.70},
        },
    })
}

#[test]
fn the_notes_production_file_says_what_our_own_words_say() {
    let (number, text) = (ParamValue::Number, |text: &str| ParamValue::Text(text.to_owned()));
    let router = PolicyChoice::new("hotspot_migration")
        .with("alpha", number(0.6))
        .with("beta", number(0.8))
        .with("threshold", number(0.7));
    let eviction =
        PolicyChoice::new("batch").with("order", text("lfu")).with("batch_size", number(50.0));
    let want = Config::default()
        .router(router)
        .eviction(eviction)
        .with("detection_window", number(100.0))
        // 4·10⁹ bytes over 2³⁰.
        .with("capacity_blocks", text("3.725290298461914GiB"))
        .with("auto_tuning_enabled", ParamValue::Switch(true))
        .with("hit_rate_min", number(0.3))
        .with("concentration_max", number(0.7));
    let found = config(production()).expect("it runs unchanged");
    assert_eq!(found, want);
    let resolved = found.check().and_then(|checked| checked.with_block_size(Some(512)));
    // ⌊4·10⁹ / (512 × 320 KiB)⌋.
    assert_eq!(resolved.expect("it fits").capacity, 23);
}

#[test]
fn what_is_saved_is_read_back() {
    let all = json!({
        "router": "enhanced:alpha=2",
        "eviction": {"id": "arc"},
        "migration": {"id": "cold_first", "params": {"interval": 50}},
        "clock": "timed:slo_s=20",
        "model": "kimi-k2",
        "seed": "18446744073709551615",
        "perturb": ["kill:3@5000", "heal:3@90s"],
        "nodes": 16,
        "capacity_blocks": "1TiB",
        "monitoring": {"hot_share": 0.1, "alert_thresholds": {"hit_rate_min": 0.2}},
    });
    let found = config(all).expect("it can be run");
    assert_eq!(found.clock.params.len(), 2, "{:?}", found.clock);
    let saved = serde_json::to_value(&found).expect("JSON");
    assert_eq!(config(saved).expect("it can be run"), found);
    assert_eq!(config(json!({})).expect("every default"), Config::default());
}

#[test]
fn a_batch_is_that_of_the_policy_that_was_chosen() {
    let eviction = |policy: &str, size: u32| {
        let caching = json!({"default_policy": policy, "eviction_batch_size": size});
        config(json!({"caching": caching})).map(|config| config.eviction)
    };
    let size = ParamValue::Number(7.0);
    let of = |order: &str| {
        let batch = PolicyChoice::new("batch").with("batch_size", size.clone());
        Ok(batch.with("order", ParamValue::Text(order.to_owned())))
    };
    assert_eq!(eviction("LRU", 7), of("lru"));
    assert_eq!(eviction("fifo", 7), of("fifo"));
    assert_eq!(eviction("random", 7), Ok(PolicyChoice::new("random").with("bulk", size.clone())));
    assert_eq!(eviction("batch", 7), Ok(PolicyChoice::new("batch").with("batch_size", size)));
    // Every policy evicts one at a time.
    assert_eq!(eviction("arc", 1), Ok(PolicyChoice::new("arc")));
    let refused = eviction("arc", 7).expect_err("no batches of it");
    assert_eq!(
        refused,
        ["caching.eviction_batch_size: found 7, expected 1, or a policy that evicts in batches: \
          arc does not"]
    );
}

#[test]
fn every_reason_is_told_at_once_in_the_files_own_words() {
    let mut file = production();
    file["scheduling"]["router"] = json!("enhanced");
    file["scheduling"]["cache_affinity_weight"] = json!(200);
    file["scheduling"]["cache_afinity_weight"] = json!(0.5);
    file["caching"]["local_cache_size"] = json!("4 gigs");
    file["caching"]["default_policy"] = json!("LFUU");
    file["monitoring"]["alert_thresholds"]["hit_rate_min"] = json!(30);
    file["monitoring"]["alert_thresholds"]["concentration"] = json!(0.7);
    file["monitoring"]["auto_tuning_enabled"] = json!("maybe");
    file["nodez"] = json!(16);
    file["nodes"] = json!([16]);
    file["perturb"] = json!("kill:3@5000");
    file["eviction"] = json!({"id": "lru", "parms": {}});
    let told = config(file).expect_err("nearly everything is wrong");
    let parts = [
        "monitoring.alert_thresholds.concentration: found 0.7, expected one of hit_rate_min, \
         concentration_max; did you mean concentration_max?",
        "eviction.parms: found a section of 0, expected one of id, params; did you mean params?",
        "nodes: found a list of 1, expected a number, a word or a switch",
        "nodez: found 16, expected one of router, eviction, migration, clock, scheduling",
        "did you mean nodes?",
        "perturb: found kill:3@5000, expected a list of WHAT@WHEN",
        "scheduling.cache_afinity_weight: found 0.5, expected one of router, policy,",
        "did you mean cache_affinity_weight?",
        "scheduling.migration_threshold: found 0.7, expected nothing, since enhanced has no such \
         parameter; these routers have: hotspot_migration",
        "caching.default_policy: found LFUU, expected nothing: eviction says it too",
        "caching.local_cache_size: found 4 gigs, expected a whole number of blocks",
        "scheduling.cache_affinity_weight: found 200, expected a number in [0, 100]",
        "monitoring.auto_tuning_enabled: found maybe, expected true or false",
        "monitoring.alert_thresholds.hit_rate_min: found 30, expected a number in [0, 1]",
    ];
    for part in parts {
        assert!(told.iter().any(|reason| reason.contains(part)), "{part}\n{}", told.join("\n"));
    }
    // Two of the parts are of one reason.
    assert_eq!(told.len(), parts.len() - 2, "{}", told.join("\n"));
}

#[test]
fn a_parameter_of_the_clock_is_told_where_it_stands() {
    assert_eq!(
        config(json!({ "rate": 2, "nodes": 4 })),
        Err(vec!["rate: found 2, expected it in clock: {id: timed, params: {rate: …}}".to_owned()])
    );
}

#[test]
fn what_is_no_configuration_says_so() {
    for (file, part) in [
        (json!([1]), "configuration: found a list of 1, expected names with their values"),
        (json!({"scheduling": 5}), "scheduling: found 5, expected names with their values"),
        (json!({"router": 5}), "router: found 5, expected the id of a row"),
        (json!({"router": {"params": {}}}), "expected the id of a row, as id"),
        (json!({"scheduling": {"policy": "random", "router": "random"}}), "says it too"),
        (json!({"caching": {"default_policy": null}}), "found nothing, expected a number, a word"),
    ] {
        let told = config(file.clone()).expect_err("it is refused");
        assert!(told.iter().any(|it| it.contains(part)), "{file}: {told:?}");
    }
}

#[test]
fn weights_go_to_the_router_that_is_chosen_and_to_the_rule_beside_it() {
    let (number, of) = (ParamValue::Number, |file: Value| config(file).expect("it can be run"));
    let weight = json!({"cache_affinity_weight": 0.5});
    let enhanced = PolicyChoice::new("enhanced").with("alpha", number(0.5));
    let found = of(json!({"router": "enhanced", "scheduling": weight}));
    assert_eq!(found.router, enhanced, "whatever section names it");
    let inside = json!({"policy": "enhanced", "cache_affinity_weight": 0.5});
    assert_eq!(of(json!({"scheduling": inside})).router, enhanced);
    // A router without a threshold leaves it to the rule that has one.
    let threshold = json!({"migration_threshold": 0.4});
    let rule = json!({"router": "cache_aware", "migration": "cold_first", "scheduling": threshold});
    let found = of(rule);
    assert_eq!(found.migration, PolicyChoice::new("cold_first").with("threshold", number(0.4)));
    assert_eq!(found.router, PolicyChoice::new("cache_aware"));
}

#[test]
fn what_is_wrong_is_told_once_and_nothing_given_is_lost() {
    let told = |file: Value| config(file).expect_err("it is refused");
    // A router that nobody knows is refused for itself, its weights are not.
    let unknown = json!({"router": "enhancd", "scheduling": {"cache_affinity_weight": 0.5}});
    assert_eq!(told(unknown).len(), 1);
    // A section that is a word of two words is offered once.
    let section = told(json!({"monitoring": {"alert_treshold": {}}}));
    let offered = "one of auto_tuning_enabled, hot_share, alert_thresholds; did you mean";
    assert!(section[0].contains(offered), "{section:?}");
    // The row that evicts in batches takes over what the policy was given.
    let eviction = json!({"id": "lru", "params": {"nothing": 1}});
    let batch = told(json!({"eviction": eviction, "caching": {"eviction_batch_size": 7}}));
    assert!(batch[0].contains("nothing"), "{batch:?}");
}
