//! Digests of the first requests of every workload: links carry seeds, so these must not change.

use super::common::drive::workload_file;
use super::common::sha256::sha256;
use super::common::{WORKLOAD_REQUESTS, WORKLOAD_SEED};
use kvscope::trace::synth::{Workload, find, workloads};

/// Workload, then its digests for [`SEEDS`].
const GOLDEN: &[(&str, [u64; 3])] = &[
    ("toolagent", [0xc8401bdccbdc6dfb, 0xdedf0cc094a64de5, 0x8e670d5e9dbd2acd]),
    ("conversation", [0x098e419330b9b82c, 0xc45e727cb5ff92c2, 0xe7344580bad2f6f0]),
    ("uniform", [0x45f7ca1a0d1f09ac, 0x91ff61b7ed8499b0, 0x254ef9f4afbf79e4]),
    ("moderate", [0x018d3abb35358975, 0xfdcd6892034652d6, 0x19652dbe3011da34]),
    ("extreme", [0x6842d3cc95681785, 0x6db4e1afd1c326ea, 0x4a77e4e6c0ab6f07]),
    ("bursty", [0x09398dea77f4e8d0, 0xde00c6c215ead07b, 0xfb6020596b029e3f]),
    ("long_tail", [0xfdcedbf6d0cfc694, 0xb5cac9398dedb5e1, 0x25f68ea6c7893516]),
];

const SEEDS: [u64; 3] = [1, 7, 42];

/// FNV-1a over the little-endian fields of the first 2,000 requests.
fn digest(id: &str, seed: u64) -> u64 {
    let row = find(id).expect("a built-in workload");
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut eat = |value: u64| {
        for byte in value.to_le_bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for request in Workload::new(row, seed, 2_000) {
        eat(request.timestamp_ms);
        eat(request.input_tokens.into());
        eat(request.output_tokens.into());
        request.hash_ids.iter().for_each(|&id| eat(id));
    }
    hash
}

pub(crate) fn check() {
    let ours: Vec<(&str, [u64; 3])> =
        workloads().iter().map(|row| (row.id, SEEDS.map(|seed| digest(row.id, seed)))).collect();
    for (id, digests) in &ours {
        let digests: Vec<String> = digests.iter().map(|digest| format!("{digest:#018x}")).collect();
        println!("    ({id:?}, [{}]),", digests.join(", "));
    }
    assert_eq!(ours, GOLDEN, "a link with a seed no longer restores the same run");
}

/// What `kvscope synth WORKLOAD --requests 3000 --seed 7 | sha256sum` prints for each.
const FILES: &str = include_str!("../data/workloads.sha256");

/// The traces that the counts under tests/data were made from.
pub(crate) fn check_files() {
    let line = |id| {
        let digest = sha256(&workload_file(id, WORKLOAD_SEED, WORKLOAD_REQUESTS));
        format!("{digest}  {id}\n")
    };
    let ours: String = workloads().iter().map(|row| line(row.id)).collect();
    assert_eq!(ours, FILES, "no published count is about these traces");
}

/// How the digests of so many letters a begin, by `sha256sum`.
const DIGESTS: [&str; 6] = [
    "e3b0c44298fc1c14",
    "9f4390f8d30c2dd9",
    "b35439a4ac6f0948",
    "7d3e74a05d7db15b",
    "ffe054fe7ae0cb6d",
    "31eba51c313a5c08",
];

/// FIPS 180-4's own example, and lengths around a block's end.
pub(crate) fn check_digest() {
    let digest = |length: usize| sha256(&vec![b'a'; length])[..16].to_owned();
    assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    let lengths = [0, 55, 56, 63, 64, 119];
    assert_eq!(lengths.map(digest), DIGESTS);
}
