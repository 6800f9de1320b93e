//! SHA-256, so that a digest in the repository is one that `sha256sum` prints.
//!
//! FIPS 180-4, written to be read beside it; the constants are computed as it defines them.

/// The first `N` primes.
fn primes<const N: usize>() -> [u32; N] {
    let is_prime = |number: &u32| (2..*number).all(|divisor| !number.is_multiple_of(divisor));
    let mut primes = (2..).filter(is_prime);
    std::array::from_fn(|_| primes.next().expect("there is always another prime"))
}

/// The first 32 bits of the fractional part of the `degree`-th root of `number`, which is below
/// 2^10: those of the largest x with x^degree ≤ number · 2^(32 · degree).
fn root_bits(number: u32, degree: u32) -> u32 {
    let most = u128::from(number) << (32 * degree);
    let set = |root: u128, bit: u32| {
        let with = root | 1 << bit;
        if with.pow(degree) <= most { with } else { root }
    };
    (0..37).rev().fold(0, set) as u32
}

/// The digest in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let constants = primes::<64>().map(|prime| root_bits(prime, 3));
    let mut hash = primes::<8>().map(|prime| root_bits(prime, 2));
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    padded.resize((padded.len() + 8).next_multiple_of(64) - 8, 0);
    padded.extend_from_slice(&(8 * bytes.len() as u64).to_be_bytes());
    for block in padded.chunks(64) {
        compress(&mut hash, block, &constants);
    }
    hash.iter().map(|word| format!("{word:08x}")).collect()
}

fn compress(hash: &mut [u32; 8], block: &[u8], constants: &[u32; 64]) {
    let mut words = [0_u32; 64];
    for (word, bytes) in words.iter_mut().zip(block.chunks(4)) {
        *word = u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
    for at in 16..64 {
        let (x, y) = (words[at - 15], words[at - 2]);
        let x = x.rotate_right(7) ^ x.rotate_right(18) ^ (x >> 3);
        let y = y.rotate_right(17) ^ y.rotate_right(19) ^ (y >> 10);
        let sum = words[at - 16].wrapping_add(x).wrapping_add(words[at - 7]);
        words[at] = sum.wrapping_add(y);
    }
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = *hash;
    for (word, constant) in words.iter().zip(constants) {
        let sum1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let choice = (e & f) ^ (!e & g);
        let first = [sum1, choice, *constant, *word].into_iter().fold(h, u32::wrapping_add);
        let sum0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let majority = (a & b) ^ (a & c) ^ (b & c);
        let second = sum0.wrapping_add(majority);
        (h, g, f, e) = (g, f, e, d.wrapping_add(first));
        (d, c, b, a) = (c, b, a, first.wrapping_add(second));
    }
    for (value, added) in hash.iter_mut().zip([a, b, c, d, e, f, g, h]) {
        *value = value.wrapping_add(added);
    }
}
