//! Which bytes of the memory at its start come in which part.

use std::collections::BTreeSet;
use std::ops::Range;

use anyhow::{Context, ensure};
use wasm_encoder::{ConstExpr, DataSection};
use wasmparser::{Data, Operator};

use super::linked::{Linked, address_of};
use super::module::Module;

/// So many bytes of nothing are worth another segment.
const GAP: usize = 16;

/// The bytes that the first part has: all that its functions can reach.
pub(crate) struct Needed {
    /// Addresses, in order; none touches another.
    ranges: Vec<Range<u32>>,
}

impl Needed {
    /// What the functions `called` refer to, at first or at second hand.
    pub(crate) fn by(
        module: &Module<'_>,
        called: &BTreeSet<u32>,
        linked: &Linked,
    ) -> anyhow::Result<Self> {
        let mut names = Vec::new();
        for &function in called {
            match linked.known(module.names.get(&function).map_or("", String::as_str))? {
                Some(name) => names.push(name),
                None => refuse_addresses(module, function)?,
            }
        }
        let mut ranges: Vec<Range<u32>> = Vec::new();
        let mut pieces = linked.needed(names);
        pieces.sort_by_key(|piece| piece.start);
        for piece in pieces {
            match ranges.last_mut() {
                Some(last) if piece.start <= last.end => last.end = last.end.max(piece.end),
                _ => ranges.push(piece),
            }
        }
        Ok(Self { ranges })
    }

    /// The bytes of a segment, without those that nobody needs.
    pub(crate) fn first(&self, address: u32, bytes: &[u8]) -> Vec<u8> {
        let mut kept = vec![0; bytes.len()];
        for range in self.within(address, bytes.len()) {
            kept[range.clone()].copy_from_slice(&bytes[range]);
        }
        kept
    }

    /// The others, as segments. What the first part has may have changed since and is left alone.
    pub(crate) fn rest(&self, address: u32, bytes: &[u8], into: &mut DataSection) {
        let mut from = 0;
        let end = bytes.len()..bytes.len();
        for range in self.within(address, bytes.len()).chain([end]) {
            for piece in without_nothing(bytes, from..range.start) {
                let at = ConstExpr::i32_const((address + piece.start as u32) as i32);
                into.active(0, &at, bytes[piece].iter().copied());
            }
            from = range.end;
        }
    }

    /// What is needed of a segment, counted from its beginning.
    fn within(&self, address: u32, length: usize) -> impl Iterator<Item = Range<usize>> {
        let end = address + length as u32;
        let touches = self.ranges.iter().filter(move |it| address < it.end && it.start < end);
        touches.map(move |it| {
            (it.start.max(address) - address) as usize..(it.end.min(end) - address) as usize
        })
    }
}

/// The pieces of a range between long runs of zeros, which the memory has anyway.
fn without_nothing(bytes: &[u8], range: Range<usize>) -> Vec<Range<usize>> {
    let mut pieces: Vec<Range<usize>> = Vec::new();
    for at in range.filter(|&at| bytes[at] != 0) {
        match pieces.last_mut() {
            Some(last) if at < last.end + GAP => last.end = at + 1,
            _ => pieces.push(at..at + 1),
        }
    }
    pieces
}

/// What wasm-bindgen made is unknown to the linker, and holds no address of data; this looks.
fn refuse_addresses(module: &Module<'_>, function: u32) -> anyhow::Result<()> {
    let lowest = module.data.iter().map(address_of).collect::<Result<Vec<_>, _>>()?;
    let lowest = lowest.into_iter().min().context("a module without data")?;
    for operator in module.body(function).get_operators_reader()? {
        if let Operator::I32Const { value } = operator? {
            let name = module.names.get(&function).map_or("without a name", String::as_str);
            ensure!(
                (value as u32) < lowest || value < 0,
                "the function {name} is unknown to the linker and may hold the address {value}"
            );
        }
    }
    Ok(())
}

/// A segment's place and bytes.
pub(crate) fn laid<'a>(segment: &Data<'a>) -> anyhow::Result<(u32, &'a [u8])> {
    Ok((address_of(segment)?, segment.data))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_part_lacks_the_other_has() {
        let needed = Needed { ranges: vec![100..103, 110..112, 150..900] };
        let bytes: Vec<u8> = (1..=60).collect();
        let first = needed.first(100, &bytes);
        let kept: Vec<usize> = (0..60).filter(|&at| first[at] != 0).collect();
        assert_eq!(kept, [0, 1, 2, 10, 11, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59]);
        assert!(kept.iter().all(|&at| first[at] == bytes[at]));

        let mut rest = DataSection::new();
        needed.rest(100, &bytes, &mut rest);
        assert_eq!(rest.len(), 2, "103 to 110, and 112 to 150");
    }

    #[test]
    fn runs_of_zeros_are_left_out_where_they_are_long() {
        let mut bytes = vec![0; 100];
        for at in [3, 4, 10, 60] {
            bytes[at] = 7;
        }
        assert_eq!(without_nothing(&bytes, 0..100), [3..11, 60..61]);
        assert_eq!(without_nothing(&bytes, 4..60), vec![4..11; 1]);
        assert_eq!(without_nothing(&bytes, 20..50), []);
    }
}
