//! Searches on traces whose answers can be worked out by hand.

use kvscope::config::{Config, PolicyChoice};
use kvscope::model::{BlockId, Request};
use kvscope::params::ParamValue;
use kvscope::sweep::{Cost, Probe, least_nodes, most_rate};
use kvscope::trace::Log;

/// So many requests a second apart, each of one block of its own.
fn every_second(requests: u32) -> Log {
    let mut log = Log::new();
    for index in 0..requests {
        let (input_tokens, output_tokens) = (512, 1);
        let (arrival_s, session) = (f64::from(index), Request::NO_SESSION);
        let request = Request { index, arrival_s, input_tokens, output_tokens, session };
        log.push(request, &[BlockId(index)]);
    }
    log.set_block_size(512);
    log.end();
    log
}

/// Round robin under the timed clock with so many seconds of service a request.
fn config(nodes: usize, service_s: f64, slo_s: f64) -> Config {
    let number = ParamValue::Number;
    // LLaMA3-70B: 80 layers of width 8192, a = 4 and b = 22 (docs/metrics.md).
    let (n, l, d) = (512.0, 80.0, 8192.0);
    let flop = l * (4.0 * n * n * d + 22.0 * n * d * d);
    let clock = PolicyChoice::new("timed")
        .with("flops", number(flop / service_s))
        .with("slo_s", number(slo_s));
    Config::new(nodes, 4).clock(clock)
}

/// One server, a request every 1/x seconds, half a second of service: request k waits
/// k·(0.5 − 1/x) once that is positive, and the p99 of a thousand is that of k = 990.
#[test]
fn the_rate_at_which_the_p99_leaves_the_objective_is_found() {
    let (log, service_s) = (every_second(1_000), 0.5);
    for slo_s in [0.6, 5.0, 50.0] {
        let edge = 1.0 / (service_s - (slo_s - service_s) / 990.0);
        let search = most_rate(&log, &config(1, service_s, slo_s), |_| true).expect("it runs");
        let search = search.expect("nobody stopped it");
        let found = search.found.expect("a rate");
        assert!(found <= edge && edge / found < 1.0101, "{slo_s}: {found}, by hand {edge}");
        assert!(search.probes.iter().all(|probe| probe.kept == (probe.at <= edge)), "{search:?}");
    }
    // An objective below the service time is kept at no rate.
    let never = most_rate(&log, &config(1, service_s, 0.4), |_| true).expect("it runs");
    let never = never.expect("nobody stopped it");
    assert_eq!((never.found, never.slo_s), (None, 0.4));
    // At a rate at which nobody waits the p99 is the service time.
    let why = never.why_none.expect("there is none");
    let told = "the objective is a p99 TTFT of at most 0.4 s (slo_s), and at the lowest multiple \
                of the logged rate that is tried, 0.01, it is 0.500 s; hardly any of it is waiting \
                (0.000 s on average, prefill 0.500 s), so that neither a lower rate nor more nodes \
                shorten it";
    assert_eq!(why, told);
    let mut rejecting = config(1, service_s, 0.4);
    rejecting.clock = rejecting.clock.with("enforce_slo", ParamValue::Switch(true));
    let rejected = most_rate(&log, &rejecting, |_| true).expect("it runs").expect("it ended");
    let why = rejected.why_none.expect("there is none");
    assert!(
        why.ends_with("it is 0.000 s with 1,000 requests rejected, where none may be"),
        "{why}"
    );
    let kept = most_rate(&log, &config(1, service_s, 5.0), |_| true).expect("it runs");
    assert_eq!(kept.expect("nobody stopped it").why_none, None);
    let stopped = most_rate(&log, &config(1, service_s, 5.0), |_| false).expect("it runs");
    assert_eq!(stopped, None);
    let mut disturbed = config(1, service_s, 5.0);
    disturbed.perturb = vec!["add:1@9".to_owned()];
    for refused in
        [most_rate(&log, &disturbed, |_| true), least_nodes(&log, &disturbed, 8, |_| true)]
    {
        assert!(
            refused.unwrap_err().to_string().contains("perturb: found add:1@9, expected nothing")
        );
    }
    let logical = Config::new(1, 4);
    assert!(most_rate(&log, &logical, |_| true).unwrap_err().to_string().contains("logical clock"));
}

/// Round robin over N nodes gives each a request every N seconds: 7.5 s of service need 8.
#[test]
fn the_least_number_of_nodes_is_found() {
    let log = every_second(1_000);
    let search = least_nodes(&log, &config(1, 7.5, 8.0), 1_024, |_| true).expect("it runs");
    let search = search.expect("nobody stopped it");
    assert_eq!(search.found, Some(8.0), "{search:?}");
    let never = least_nodes(&log, &config(1, 7.5, 8.0), 7, |_| true).expect("it runs");
    let never = never.expect("nobody stopped it");
    let why = never.why_none.expect("there is none");
    let Probe { p99_s, mean_wait_s, .. } = *never.probes.last().expect("a run");
    let told = format!(
        "and at the most nodes that are tried, 7, it is {p99_s:.3} s; requests wait \
         {mean_wait_s:.3} s there on average, and are prefilled in 7.500 s"
    );
    assert!(never.found.is_none() && p99_s > 8.0 && why.ends_with(&told), "{why}");
    // The k-th request of a node waits k times the half second by which it is late.
    assert!((mean_wait_s - 0.25 * 142.0).abs() < 1.0, "{mean_wait_s}");
}

#[test]
fn a_cluster_costs_its_nodes_and_their_cache() {
    let cost = Cost { node: 10.0, gib: 0.5 };
    assert_eq!(cost.of(4.0, 8.0 * f64::from(1 << 30)), 56.0);
}
