//! Tiny cases worked out by hand, for what no vector pins down.

use super::common;
use super::universe::Trie;
use kvscope::cache;
use kvscope::cache::{Change, Lookup, Marks, NodeCache, Served};
use kvscope::model::BlockId;

const A: u32 = 0;
const B: u32 = 1;
const C: u32 = 2;
const D: u32 = 3;
const E: u32 = 4;
const F: u32 = 5;

/// A cache with requests that come one by one.
struct Bench {
    cache: Box<dyn NodeCache>,
    trie: Trie,
}

impl Bench {
    fn flat(id: &str, capacity: u32, trie: Trie) -> Self {
        let row = cache::find(id).expect("a row");
        Self { cache: common::build(row.policy, row.flat.expect("flat"), capacity, &[]), trie }
    }

    fn tree(id: &str, capacity: u32, trie: Trie) -> Self {
        let row = cache::find(id).expect("a row");
        Self { cache: common::build(row.policy, row.tree.expect("tree"), capacity, &[]), trie }
    }

    /// Serves the request that ends with `block`.
    fn serve(&mut self, block: u32, next_use: &[u32]) -> (Served, Vec<Change>) {
        let (blocks, mut changes) = (self.trie.path(BlockId(block)), Vec::new());
        let lookup = Lookup { blocks: &blocks, next_use, rises: false };
        let served = self.cache.serve(&lookup, &mut Marks::changes(&mut changes));
        self.cache.validate();
        (served, changes)
    }

    /// Serves requests and tells which blocks they evicted, in order.
    fn evicted(&mut self, blocks: &[u32]) -> Vec<u32> {
        let mut evicted = Vec::new();
        for &block in blocks {
            let (_, changes) = self.serve(block, &[]);
            let gone = changes.iter().filter(|change| !change.inserted);
            evicted.extend(gone.map(|change| change.block.0));
        }
        evicted
    }

    fn resident(&self) -> Vec<u32> {
        let mut resident: Vec<u32> =
            self.cache.store().resident().map(|(_, block)| block.0).collect();
        resident.sort_unstable();
        resident
    }
}

fn came(block: u32) -> Change {
    Change { block: BlockId(block), inserted: true }
}

fn went(block: u32) -> Change {
    Change { block: BlockId(block), inserted: false }
}

#[test]
fn lfu_ties_among_higher_counts_go_to_the_first_that_reached_them() {
    // Counts after A A B B C C: all 2, reached in the order A, B, C. A's third use leaves B
    // first, then C; D comes with 1 and is the least from then on.
    for id in ["lfu", "lfu_persistent"] {
        let mut bench = Bench::flat(id, 3, Trie::singles(6));
        assert_eq!(bench.evicted(&[A, A, B, B, C, C, A, D]), [B], "{id}");
        assert_eq!(bench.evicted(&[E]), [D], "{id}");
        // E's second use comes after C's, which therefore goes.
        assert_eq!(bench.evicted(&[E, F]), [C], "{id}");
    }
}

#[test]
fn a_count_is_forgotten_on_eviction_unless_it_persists() {
    // Two places. A A B, then C evicts B (1). B evicts C (1). Now B has 1, or 2 if it persists,
    // later than A's: C evicts B, or A.
    let uses = [A, A, B, C, B, C];
    assert_eq!(Bench::flat("lfu", 2, Trie::singles(3)).evicted(&uses), [B, C, B]);
    assert_eq!(Bench::flat("lfu_persistent", 2, Trie::singles(3)).evicted(&uses), [B, C, A]);
}

#[test]
fn a_flat_request_may_evict_its_own_blocks() {
    // One path A B C in two places: C pushes out A.
    let mut bench = Bench::flat("lru", 2, Trie::new(&[None, Some(A), Some(B)]));
    let (served, changes) = bench.serve(C, &[]);
    assert_eq!(served, Served { inserted: 3, evicted: 1, ..Served::default() });
    assert_eq!(changes, [came(A), came(B), went(A), came(C)]);
}

#[test]
fn tail_first_drops_the_end_of_a_request_first() {
    let trie = Trie::new(&[None, Some(A), Some(B), None, None, None]);
    assert_eq!(Bench::flat("lru_tail_first", 3, trie.clone()).evicted(&[C, D, E, F]), [C, B, A]);
    assert_eq!(Bench::flat("lru", 3, trie).evicted(&[C, D, E, F]), [A, B, C]);
}

#[test]
fn length_aware_drops_the_deepest_of_equals() {
    // A B C and D, all used once, then E: C is deepest though D came later.
    let trie = Trie::new(&[None, Some(A), Some(B), None, None, None]);
    assert_eq!(Bench::flat("length_aware", 4, trie).evicted(&[C, D, E, F]), [C, B]);
}

#[test]
fn a_tree_keeps_parents_and_pins_what_the_request_found() {
    // A ─ B ─ C and A ─ D ─ E in three places. A B C fill them. For A D E, A is pinned: D takes
    // the place of the only leaf C, then E that of B, which is older than the leaf D.
    let trie = Trie::new(&[None, Some(A), Some(B), Some(A), Some(D)]);
    let mut bench = Bench::tree("lru", 3, trie);
    assert_eq!(bench.serve(C, &[]).1, [came(A), came(B), came(C)]);
    let (served, changes) = bench.serve(E, &[]);
    assert_eq!(
        served,
        Served { hits: 1, leading: 1, inserted: 2, evicted: 2, ..Served::default() }
    );
    assert_eq!(changes, [went(C), came(D), went(B), came(E)]);
}

#[test]
fn a_tree_insertion_stops_where_everything_is_pinned() {
    // A ─ B ─ C ─ D in two places: A and B are resident and pinned, so neither C nor D comes.
    let mut bench = Bench::tree("lru", 2, Trie::new(&[None, Some(A), Some(B), Some(C)]));
    bench.serve(B, &[]);
    let (served, changes) = bench.serve(D, &[]);
    assert_eq!(served, Served { hits: 2, leading: 2, refused: 2, ..Served::default() });
    assert_eq!(changes, []);
}

#[test]
fn a_tree_path_may_push_out_its_own_last_block() {
    // The same path into an empty cache: C finds only B to evict, its own parent, and stops.
    let mut bench = Bench::tree("lru", 2, Trie::new(&[None, Some(A), Some(B), Some(C)]));
    let (served, changes) = bench.serve(D, &[]);
    assert_eq!(served, Served { inserted: 2, evicted: 1, refused: 2, ..Served::default() });
    assert_eq!(changes, [came(A), came(B), went(B)]);
    assert_eq!(bench.resident(), [A]);
}

#[test]
fn a_parent_left_alone_competes_with_the_stamp_it_has() {
    // Stamps: A 1, B 2, C 3. D drops B, the oldest leaf; E then drops A, older than C.
    let trie = Trie::new(&[None, Some(A), None, None, None]);
    assert_eq!(Bench::tree("lru", 3, trie).evicted(&[B, C, D, E]), [B, A]);
}

#[test]
fn leaves_only_without_pins_still_makes_room() {
    // A ─ B ─ C in two places, flat: C drops the leaf B, nothing stops, C lies behind a gap.
    let mut bench = Bench::flat("leaf_lru", 2, Trie::new(&[None, Some(A), Some(B)]));
    assert_eq!(bench.serve(C, &[]).1, [came(A), came(B), went(B), came(C)]);
    // A B: A is used again, so of the two leaves A and C the second goes.
    assert_eq!(bench.serve(B, &[]).1, [went(C), came(B)]);
}

#[test]
fn leaf_slru_drops_blocks_used_once_before_older_ones_used_twice() {
    let mut bench = Bench::flat("leaf_slru", 3, Trie::singles(6));
    assert_eq!(bench.evicted(&[A, A, B, C, D, E]), [B, C]);
    assert_eq!(bench.resident(), [A, D, E]);
}

#[test]
fn the_tree_optimal_refuses_what_is_needed_last() {
    // Two places, A needed by request 5 and B by 6. C is needed by 7, later than both: refused.
    // D is needed by 6 as B is: not earlier, refused. E is needed by 5: B makes room.
    let mut bench = Bench::tree("optimal_tree", 2, Trie::singles(5));
    bench.serve(A, &[5]);
    bench.serve(B, &[6]);
    let refused = Served { refused: 1, ..Served::default() };
    assert_eq!(bench.serve(C, &[7]).0, refused);
    assert_eq!(bench.serve(D, &[6]).0, refused);
    assert_eq!(bench.serve(E, &[5]).1, [went(B), came(E)]);
    // A and E are needed at the same time: E was first seen later and goes.
    assert_eq!(bench.serve(B, &[4]).1, [went(E), came(B)]);
}

#[test]
fn wtinylfu_admits_what_was_asked_for_more_often() {
    // Three places: a window of one and main. After A A B C main holds A (2) and B (1), the
    // window C. D: C (1) against A (2), oldest in main: C goes. D D, then E: D (3) beats A.
    let mut bench = Bench::flat("wtinylfu", 3, Trie::singles(6));
    assert_eq!(bench.evicted(&[A, A, B, C, D]), [C]);
    assert_eq!(bench.evicted(&[D, D, E]), [A]);
    assert_eq!(bench.resident(), [B, D, E]);
}

#[test]
fn s3fifo_keeps_nothing_without_two_places_in_small() {
    // 0.1 of 19 is one place: the published implementation then admits nothing at all.
    let mut bench = Bench::flat("s3fifo", 19, Trie::singles(1));
    assert_eq!(bench.serve(A, &[]).0, Served { refused: 1, ..Served::default() });
    assert_eq!(Bench::flat("s3fifo", 20, Trie::singles(1)).serve(A, &[]).0.inserted, 1);
}
