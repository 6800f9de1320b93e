//! The prefix of a request on every worker, as routers' own trees find it: Ray's PrefixTree, and
//! SMG's trees of text and of tokens, beside the columns that our routers read.
//!
//! Nothing is ever dropped. Requests go to the workers that the tree itself leads to.

use crate::common::seat::send;
use crate::report::Row;
use crate::streams;
use kvscope::columns::Ledger;
use kvscope::model::{BlockId, NodeId};
use std::path::Path;

/// Of every stream.
const REQUESTS: usize = 3000;
const WORKERS: usize = 8;

/// What was sent, and what is matched of it.
struct Sent {
    ledger: Ledger,
    matched: Vec<u32>,
}

impl Sent {
    fn new() -> Self {
        Self { ledger: Ledger::new(WORKERS), matched: vec![0; WORKERS] }
    }

    fn matches(&mut self, blocks: &[BlockId]) -> &[u32] {
        self.ledger.prefix_matches(blocks, &mut self.matched);
        &self.matched
    }

    fn send(&mut self, blocks: &[BlockId], worker: usize) {
        send(&mut self.ledger, blocks, NodeId::from_index(worker));
    }
}

/// Compares with the lines that `python/trees.py` printed.
pub(crate) fn ray(trace: Option<&Path>, counted: &str, wanted: &[&str]) -> Vec<Row> {
    const NAME: &str = "prefix_tree";
    if !wanted.is_empty() && !wanted.contains(&NAME) {
        return Vec::new();
    }
    let note = "blocks of a request matched on each of 8 workers, all eight the same";
    let mut row = Row::new(NAME, note);
    for stream in streams::all(trace) {
        let of_stream = |line: &&str| line.split('\t').next() == Some(&stream.name);
        let mut sent = Sent::new();
        for (request, line) in stream.requests.iter().zip(counted.lines().filter(of_stream)) {
            let fields: Vec<&str> = line.split('\t').collect();
            let [_, worker, theirs] = fields[..] else { panic!("three fields: {line}") };
            let number = |text: &str| text.parse().unwrap_or_else(|_| panic!("a number: {line}"));
            let theirs: Vec<u32> = theirs.split(',').map(number).collect();
            let ours = sent.matches(&request.blocks);
            let told = || format!("{}: ours {ours:?}, theirs {theirs:?}", stream.name);
            row.count(ours == theirs, told);
            sent.send(&request.blocks, number(worker) as usize);
        }
    }
    vec![row]
}

/// Compares with crate kv-index.
#[cfg(feature = "kv-index")]
pub(crate) fn kv_index(trace: Option<&Path>, wanted: &[&str]) -> Vec<Row> {
    let text = "blocks of a request matched on each of 8 workers, all eight the same; the longest \
                match, and that the workers it names have it";
    let tokens = "the longest match, and that the workers it names have it; a block is one of its \
                  pages of 16 tokens";
    let rows = [Row::new("string_tree", text), Row::new("token_tree", tokens)];
    let is_wanted = |row: &Row| wanted.is_empty() || wanted.contains(&row.name.as_str());
    let mut rows: Vec<Row> = rows.into_iter().filter(is_wanted).collect();
    for stream in streams::all(trace) {
        for row in &mut rows {
            match row.name.as_str() {
                "string_tree" => smg::compare(&stream, smg::Text::default(), row),
                _ => smg::compare(&stream, smg::Tokens::default(), row),
            }
        }
    }
    rows
}

/// SMG's trees.
#[cfg(feature = "kv-index")]
mod smg {
    use super::{REQUESTS, Row, Sent, WORKERS};
    use crate::streams::Stream;
    use kv_index::{StringTree, TenantId, TokenTree};
    use kvscope::model::BlockId;

    /// Below this are control characters.
    const FIRST_CHARACTER: u32 = 0x1_0000;
    const PAGE: usize = 16;

    /// A tree in which a block is one unit, or a page of them.
    pub(super) trait Tree {
        /// Blocks of the longest match, and the workers that are said to have it.
        fn longest(&self, blocks: &[BlockId]) -> (usize, Vec<TenantId>);
        /// Blocks matched on one worker, where the tree can tell.
        fn on(&self, blocks: &[BlockId], worker: &str) -> Option<usize>;
        /// Notes that a worker has these blocks.
        fn insert(&self, blocks: &[BlockId], worker: &str);
    }

    /// The tree of text: a block is a character.
    #[derive(Default)]
    pub(super) struct Text(StringTree);

    fn text(blocks: &[BlockId]) -> String {
        let character = |block: &BlockId| char::from_u32(FIRST_CHARACTER + block.0);
        blocks.iter().map(|block| character(block).expect("ids are small")).collect()
    }

    impl Tree for Text {
        fn longest(&self, blocks: &[BlockId]) -> (usize, Vec<TenantId>) {
            let found = self.0.match_prefix_with_counts(&text(blocks));
            (found.matched_char_count, found.matched_tenants)
        }

        fn on(&self, blocks: &[BlockId], worker: &str) -> Option<usize> {
            Some(self.0.prefix_match_tenant(&text(blocks), worker).chars().count())
        }

        fn insert(&self, blocks: &[BlockId], worker: &str) {
            self.0.insert_text(&text(blocks), worker);
        }
    }

    /// The tree of tokens: a block is a page.
    #[derive(Default)]
    pub(super) struct Tokens(TokenTree);

    fn tokens(blocks: &[BlockId]) -> Vec<u32> {
        blocks.iter().flat_map(|block| [block.0; PAGE]).collect()
    }

    impl Tree for Tokens {
        fn longest(&self, blocks: &[BlockId]) -> (usize, Vec<TenantId>) {
            let found = self.0.match_prefix_with_counts(&tokens(blocks));
            assert_eq!(found.matched_token_count % PAGE, 0, "whole pages match");
            (found.matched_token_count / PAGE, found.matched_tenants)
        }

        fn on(&self, _blocks: &[BlockId], _worker: &str) -> Option<usize> {
            None
        }

        fn insert(&self, blocks: &[BlockId], worker: &str) {
            self.0.insert_tokens(&tokens(blocks), worker);
        }
    }

    /// The worker that has most of a request gets it if that is 0.3 of it, as with SMG; others
    /// go round.
    pub(super) fn compare(stream: &Stream, tree: impl Tree, row: &mut Row) {
        let names: Vec<String> = (0..WORKERS).map(|worker| worker.to_string()).collect();
        let mut sent = Sent::new();
        for (number, request) in stream.requests.iter().take(REQUESTS).enumerate() {
            let blocks = &request.blocks;
            let ours = sent.matches(blocks).to_vec();
            let (longest, have_it) = tree.longest(blocks);
            let worker_of = |name: &TenantId| name.parse::<usize>().expect("a worker's number");
            let have_it: Vec<usize> = have_it.iter().map(worker_of).collect();
            let is_longest = |&worker: &usize| ours[worker] as usize == longest;
            let alone = names.iter().zip(&ours);
            let same = alone
                .into_iter()
                .all(|(name, &ours)| tree.on(blocks, name).is_none_or(|on| on == ours as usize));
            let most = ours.iter().max().map(|&most| most as usize);
            let is_equal = same && most == Some(longest) && have_it.iter().all(is_longest);
            row.count(is_equal, || {
                format!("{} {number}: ours {ours:?}, theirs {longest} {have_it:?}", stream.name)
            });
            let aware = have_it.iter().min().filter(|_| 3 * blocks.len() <= 10 * longest);
            let worker = aware.copied().unwrap_or(number % WORKERS);
            tree.insert(blocks, &names[worker]);
            sent.send(blocks, worker);
        }
    }
}
