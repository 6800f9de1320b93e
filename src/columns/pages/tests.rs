//! Pages against maps.

use super::*;
use crate::rng::Stream;
use std::collections::BTreeMap;

#[test]
fn stretches_are_as_far_as_the_page_and_as_blocks_are_alike() {
    for mut pages in [Pages::default(), Pages::dense()] {
        let mut stream = Stream::new(8, "stretches", 0);
        let mut twin = BTreeMap::new();
        for _ in 0..5_000 {
            let mut blocks: Vec<BlockId> = Vec::new();
            let mut block = stream.below(60) as u32;
            for _ in 0..1 + stream.below(30) {
                blocks.push(BlockId(block));
                block += if stream.below(8) == 0 { 2 } else { 1 };
            }
            let mut near = Near::default();
            let (slot, len) = pages.stretch(&blocks, &mut near);
            let place = |block: &BlockId| twin.get(block).copied();
            assert_eq!(slot, place(&blocks[0]));
            let alike = blocks.iter().zip(blocks[0].0..).take_while(|&(block, number)| {
                let same_page = block.0 / 16 == blocks[0].0 / 16;
                block.0 == number && same_page && place(block).is_some() == slot.is_some()
            });
            assert_eq!(len as usize, alike.count(), "{blocks:?}");
            let some = 1 + stream.below(u64::from(len)) as u32;
            match slot {
                Some(slot) => {
                    assert_eq!(pages.remove_run(slot, some), blocks[0]);
                    (0..some).for_each(|ahead| {
                        assert_eq!(twin.remove(&blocks[ahead as usize]), Some(slot + ahead));
                    });
                }
                None => {
                    let slot = pages.insert_run(blocks[0], some, &mut near);
                    let run = blocks[..some as usize].iter().copied().zip(slot..);
                    twin.extend(run);
                }
            }
            assert_eq!(pages.len() as usize, twin.len());
            pages.validate();
            let mut slots: Vec<_> = twin.iter().map(|(&block, &slot)| (slot, block)).collect();
            slots.sort_unstable();
            assert!(pages.iter().eq(slots));
        }
    }
}

#[test]
fn behaves_like_a_map_in_which_every_slot_is_taken_once() {
    let pages = check(Pages::default());
    // 4 stretches of 40 blocks lie on at most 4 pages each.
    assert!(pages.pages.len() <= 1 + 16, "{} pages", pages.pages.len());
    check(Pages::dense());
}

fn check(mut pages: Pages) -> Pages {
    let mut stream = Stream::new(7, "pages", 0);
    let (mut twin, mut near) = (BTreeMap::new(), Near::default());
    for round in 0..20_000 {
        let block = BlockId((stream.below(4) * 1000 + stream.below(40)) as u32);
        assert_eq!(pages.slot(block), twin.get(&block).copied());
        match twin.remove(&block) {
            Some(slot) => assert_eq!(pages.remove(slot), block),
            None => {
                assert_eq!(pages.find(block, &mut near), None);
                // Its neighbours may leave before it comes.
                let neighbour = BlockId(block.0 ^ 1);
                if round % 3 == 0
                    && let Some(slot) = twin.remove(&neighbour)
                {
                    assert_eq!(pages.remove(slot), neighbour);
                }
                let slot = pages.insert(block, &mut near);
                assert!(slot < pages.slots() && pages.block(slot) == block);
                assert!(twin.values().all(|&taken| taken != slot), "slot {slot} twice");
                twin.insert(block, slot);
            }
        }
        assert_eq!(pages.len() as usize, twin.len());
        if round % 64 == 0 {
            pages.validate();
            let mut slots: Vec<_> = twin.iter().map(|(&block, &slot)| (slot, block)).collect();
            slots.sort_unstable();
            assert!(pages.iter().eq(slots));
        }
    }
    pages
}
