//! Data that anybody can make from these few lines: the streams of scripts/reference-counts.py.

/// splitmix64: integers only, the same in every language.
pub(crate) struct SplitMix(pub(crate) u64);

impl SplitMix {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// Seven accesses of ten favour low ids, two walk a loop, one is never seen again.
pub(crate) fn mix() -> Vec<u64> {
    const HOT: u64 = 50_000;
    const LOOP: u64 = 10_000;
    let (mut random, mut scan, mut at) = (SplitMix(2), 0, 0);
    let mut id = || match random.next() % 10 {
        0..7 => {
            let wide = random.next();
            wide % (random.next() % HOT + 1)
        }
        7..9 => {
            let id = HOT + at;
            at = (at + 1) % LOOP;
            id
        }
        _ => {
            scan += 1;
            HOT + LOOP + scan - 1
        }
    };
    (0..300_000).map(|_| id()).collect()
}

/// Few ids, low ones far more often.
pub(crate) fn hot() -> Vec<u64> {
    let mut random = SplitMix(3);
    let mut id = || {
        let (wide, middle) = (random.next(), random.next());
        wide % (middle % (random.next() % 64 + 1) + 1)
    };
    (0..200_000).map(|_| id()).collect()
}

/// Requests over a bushy tree, each with its prompt length. An id says only which child it is,
/// so that it recurs behind every parent.
pub(crate) fn twigs() -> Vec<(u64, Vec<u64>)> {
    let mut random = SplitMix(5);
    let mut request = || {
        let length = random.next() % 9 + 1;
        let mut id = || {
            let wide = random.next();
            wide % (random.next() % 6 + 1)
        };
        let ids = (0..length).map(|_| id()).collect();
        (length * 512 - random.next() % 512, ids)
    };
    (0..4000).map(|_| request()).collect()
}
