use super::*;
use crate::columns::Kept;
use std::collections::HashMap;

/// A small generator, so that the tests need no crate: splitmix64.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[test]
fn the_same_id_behind_another_parent_is_another_block() {
    let mut interner = Interner::new();
    let a = interner.child(BlockId::NONE, RawId::Number(7));
    let b = interner.child(a, RawId::Number(7));
    let c = interner.child(BlockId::NONE, RawId::Number(8));
    let d = interner.child(c, RawId::Number(7));
    assert_eq!([a, b, c, d].map(|block| block.0), [0, 1, 2, 3]);
    assert_eq!(interner.child(c, RawId::Number(7)), d);
    assert_eq!(interner.parent_of(d), c);
    assert_eq!(interner.parent_of(a), BlockId::NONE);
    assert_eq!(interner.raw_of(d), RawId::Number(7));
}

#[test]
fn numbers_and_texts_are_never_confused() {
    let mut interner = Interner::new();
    let zero = interner.child(BlockId::NONE, RawId::Number(0));
    let text = interner.child(BlockId::NONE, RawId::Text("0x0"));
    let other = interner.child(BlockId::NONE, RawId::Text("0x00"));
    assert_eq!([zero, text, other].map(|block| block.0), [0, 1, 2]);
    let mut path = Vec::new();
    interner.extend_run(&mut path, 0, 0, 1);
    assert_eq!(path, [zero]);
    assert_eq!(interner.raw_of(other), RawId::Text("0x00"));
    interner.validate();
}

#[test]
fn a_scope_makes_first_blocks_its_own() {
    let mut interner = Interner::new();
    let plain = interner.child(BlockId::NONE, RawId::Number(7));
    let a = interner.first_in(0, RawId::Number(7));
    let b = interner.first_in(1, RawId::Number(7));
    let text = interner.first_in(1, RawId::Text("7"));
    let negative = interner.child(BlockId::NONE, RawId::Negative(-1));
    let largest = interner.child(BlockId::NONE, RawId::Number(u64::MAX));
    let all = [plain, a, b, text, negative, largest];
    assert_eq!(all.map(|block| block.0), [0, 1, 2, 3, 4, 5]);
    assert_eq!(interner.first_in(0, RawId::Number(7)), a);
    assert_eq!(interner.first_in(1, RawId::Text("7")), text);
    assert_eq!(interner.raw_of(b), RawId::Number(7));
    assert_eq!(interner.raw_of(text), RawId::Text("7"));
    assert_eq!(interner.raw_of(negative), RawId::Negative(-1));
    assert_eq!(interner.parent_of(a), BlockId::NONE);
    let behind = interner.child(a, RawId::Number(8));
    assert_ne!(interner.child(b, RawId::Number(8)), behind);
    assert_eq!(interner.find(a, RawId::Number(8)), Some(behind));
    assert_eq!(interner.find(a, RawId::Number(9)), None);
    assert_eq!(interner.find(plain, RawId::Number(8)), None);
    assert_eq!(interner.find(BlockId::NONE, RawId::Negative(-1)), Some(negative));
    assert_eq!(interner.find(BlockId::NONE, RawId::Text("none")), None);
    interner.validate();
}

#[test]
fn agrees_with_a_hash_map_over_random_paths() {
    for seed in 0..20 {
        let mut state = seed;
        let mut interner = Interner::new();
        let mut twin: HashMap<(u32, bool, u64), u32> = HashMap::new();
        for _ in 0..400 {
            let mut path = Vec::new();
            let mut parent = BlockId::NONE;
            for _ in 0..next(&mut state) % 12 {
                let raw = [0, 1, 2, 3, u64::MAX][next(&mut state) as usize % 5];
                let text = next(&mut state).is_multiple_of(4);
                let new = twin.len() as u32;
                let expected = *twin.entry((parent.0, text, raw)).or_insert(new);
                let got = if text {
                    interner.child(parent, RawId::Text(&format!("x{raw}")))
                } else {
                    interner.extend_run(&mut path, 0, raw, 1);
                    path[path.len() - 1]
                };
                assert_eq!(got.0, expected);
                if text {
                    path.push(got);
                }
                parent = got;
            }
        }
        assert_eq!(interner.len(), twin.len());
        interner.validate();
    }
}

#[test]
fn a_run_names_the_same_blocks_as_its_members_one_by_one() {
    let (mut runs, mut singles) = (Interner::new(), Interner::new());
    for (first, count) in [(0, 5), (3, 4), (0, 9), (u64::MAX - 1, 2), (0, 3)] {
        let mut path = vec![BlockId(9)];
        runs.extend_run(&mut path, 1, first, count);
        let mut parent = BlockId::NONE;
        for (k, block) in path[1..].iter().enumerate() {
            parent = singles.child(parent, RawId::Number(first + k as u64));
            assert_eq!(parent, *block);
        }
    }
}

#[test]
fn runs_longer_than_words_of_bits_are_found_again() {
    let mut interner = Interner::new();
    let (mut first, mut again) = (Vec::new(), Vec::new());
    interner.extend_run(&mut first, 0, u64::MAX - 150, 400);
    interner.extend_run(&mut again, 0, u64::MAX - 150, 400);
    assert_eq!(first, again);
    assert_eq!(interner.len(), 400);
    let mut branch = Vec::new();
    interner.extend_run(&mut branch, 0, u64::MAX - 150, 130);
    interner.extend_run(&mut branch, 0, 7, 2);
    assert_eq!(branch[..130], first[..130]);
    assert_eq!(branch[130..].iter().map(|block| block.0).collect::<Vec<_>>(), [400, 401]);
    interner.validate();
}

#[test]
fn a_path_names_the_same_blocks_as_its_members_one_by_one() {
    for seed in 0..50 {
        let mut state = seed;
        let (mut paths, mut singles) = (Interner::new(), Interner::new());
        for _ in 0..100 {
            // Few ids, so that paths part and meet again and stretches are known in part.
            let raws: Vec<u64> = (0..next(&mut state) % 9).map(|_| next(&mut state) % 3).collect();
            let mut path = vec![BlockId(99)];
            for run in raws.chunk_by(|a, b| a + 1 == *b) {
                paths.extend_run(&mut path, 1, run[0], run.len());
            }
            let mut parent = BlockId::NONE;
            for (block, raw) in path[1..].iter().zip(&raws) {
                parent = singles.child(parent, RawId::Number(*raw));
                assert_eq!(parent, *block);
            }
            assert_eq!(path.len(), 1 + raws.len());
        }
        paths.validate();
    }
}

/// Paths as of a trace that numbers blocks in order of first appearance: they branch off earlier
/// ones, go on with new numbers, and name what is known behind another parent. In half of the
/// rounds some numbers are out of step.
#[test]
fn names_in_step_with_their_numbers_are_found_like_others() {
    for seed in 0..60 {
        let mut state = seed;
        let mut interner = Interner::new();
        let mut twin: HashMap<(u32, u64), u32> = HashMap::new();
        let (ahead, mut next_raw) = ([0, 46, u64::MAX - 300][seed as usize % 3], 0);
        let mut paths: Vec<Vec<u64>> = vec![Vec::new()];
        for _ in 0..150 {
            let mut raws = paths[next(&mut state) as usize % paths.len()].clone();
            raws.truncate(next(&mut state) as usize % 30);
            for _ in 0..next(&mut state) % 40 {
                next_raw += u64::from(seed % 2 == 1 && next(&mut state).is_multiple_of(50));
                raws.push(next_raw.wrapping_add(ahead));
                next_raw += 1;
            }
            if next(&mut state).is_multiple_of(40) {
                raws.insert(0, (next(&mut state) % (next_raw + 2)).wrapping_add(ahead));
            }
            let mut path = Vec::new();
            let runs: Vec<(u64, usize)> = raws
                .chunk_by(|a, b| a.wrapping_add(1) == *b)
                .map(|run| (run[0], run.len()))
                .collect();
            extend(&mut interner, &mut path, &runs);
            let mut parent = BlockId::NONE.0;
            for (block, raw) in path.iter().zip(&raws) {
                let new = twin.len() as u32;
                parent = *twin.entry((parent, *raw)).or_insert(new);
                assert_eq!(block.0, parent);
            }
            assert_eq!(path.len(), raws.len());
            // A known number behind another parent has taken a name.
            next_raw = next_raw.max(interner.len() as u64);
            paths.push(raws);
        }
        assert_eq!(interner.len(), twin.len());
        interner.validate();
        // All names are given back: what was in step is forgotten with them.
        interner.reclaim(&Kept::default());
        let mut fresh = Interner::new();
        for raws in paths.iter().rev() {
            let (mut path, mut expected) = (Vec::new(), Vec::new());
            let runs: Vec<(u64, usize)> = raws.iter().map(|&raw| (raw, 1)).collect();
            extend(&mut interner, &mut path, &runs);
            extend(&mut fresh, &mut expected, &runs);
            assert_eq!(path, expected);
        }
        interner.validate();
    }
}

/// Names the blocks of a path that consists of these runs.
fn extend(interner: &mut Interner, path: &mut Vec<BlockId>, runs: &[(u64, usize)]) {
    runs.iter().for_each(|&(first, count)| interner.extend_run(path, 0, first, count));
}

/// An id of any kind: a number, one below 0, a text.
fn raw_id(kind: u64, id: u64, text: &mut String) -> RawId<'_> {
    match kind {
        0 => RawId::Negative(-1 - id as i64),
        1 => {
            *text = format!("x{id}");
            RawId::Text(text)
        }
        _ => RawId::Number(if id == 0 { u64::MAX } else { id }),
    }
}

#[test]
fn names_that_are_kept_stay_and_others_come_again_as_new_ones() {
    for seed in 0..60 {
        let mut state = seed;
        let mut interner = Interner::new();
        let mut twin = HashMap::<Vec<(u64, u64)>, BlockId>::new();
        for _ in 0..300 {
            let (mut path, mut blocks) = (Vec::new(), Vec::new());
            let scoped = next(&mut state).is_multiple_of(3);
            for depth in 0..next(&mut state) % 9 {
                let (kind, id) = (next(&mut state) % 4, next(&mut state) % 4);
                let parent = blocks.last().copied().unwrap_or(BlockId::NONE);
                let mut text = String::new();
                let raw = raw_id(kind, id, &mut text);
                // Scopes have numbers that no kind has.
                let scope = if depth == 0 && scoped { 100 + id % 2 } else { 0 };
                path.push((kind.min(2) + scope, id));
                let block = match (scope, raw) {
                    (0, RawId::Number(number)) => {
                        interner.extend_run(&mut blocks, 0, number, 1);
                        blocks.pop().expect("one was added")
                    }
                    (0, raw) => interner.child(parent, raw),
                    (scope, raw) => interner.first_in(scope as u32, raw),
                };
                let taken = twin.values().any(|&known| known == block);
                assert_eq!(taken, twin.contains_key(&path), "{path:?}");
                assert_eq!(*twin.entry(path.clone()).or_insert(block), block, "{path:?}");
                assert_eq!(interner.raw_of(block), raw_id(kind, id, &mut String::new()));
                assert_eq!(interner.parent_of(block), parent);
                blocks.push(block);
            }
            assert_eq!(interner.len(), twin.len());
            if next(&mut state).is_multiple_of(25) {
                let mut kept = Kept::default();
                for &block in twin.values().filter(|block| block.0 % 5 == 0) {
                    interner.keep_path(block, &mut kept);
                }
                let bound = interner.bound();
                interner.reclaim(&kept);
                interner.validate();
                twin.retain(|_, block| kept.contains(*block));
                assert_eq!((interner.len(), interner.bound()), (twin.len(), bound));
            }
        }
        interner.validate();
        assert!(interner.bound() < 2500, "numbers are given again: {}", interner.bound());
    }
}
