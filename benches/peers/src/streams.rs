//! What is replayed: the conversation trace or what stands for it, and a skewed stream.

use crate::bare::Requests;
use crate::core::{Log, built_in};
use std::cell::OnceCell;
use std::rc::Rc;

/// References and objects of the skewed stream; the k-th most popular is asked for with a
/// probability in proportion to 1/k.
const ZIPF_REFERENCES: usize = 20_000_000;
const ZIPF_OBJECTS: usize = 1_000_000;
/// Blocks of a request of it, at most: about the conversation trace's mean.
const ZIPF_REQUEST: usize = 24;
/// How often the conversation trace is replayed.
const TIMES: usize = 10;

/// Every stream, made when first asked for.
pub struct Streams {
    lines: Vec<u8>,
    once: OnceCell<Rc<Log>>,
    ten_times: OnceCell<Rc<Log>>,
    ten_times_bare: OnceCell<Rc<Requests>>,
    zipf: OnceCell<Rc<Requests>>,
}

impl Streams {
    /// With the lines of the conversation trace, or else of the built-in workload of that name.
    pub fn new(lines: Option<Vec<u8>>) -> Self {
        Self {
            lines: lines.unwrap_or_else(|| built_in("conversation")),
            once: OnceCell::new(),
            ten_times: OnceCell::new(),
            ten_times_bare: OnceCell::new(),
            zipf: OnceCell::new(),
        }
    }

    /// The trace as a file has it.
    pub fn lines(&self) -> &[u8] {
        &self.lines
    }

    /// The trace.
    pub fn once(&self) -> Rc<Log> {
        self.once.get_or_init(|| Rc::new(Log::read(&self.lines))).clone()
    }

    /// The trace ten times over.
    pub fn ten_times(&self) -> Rc<Log> {
        self.ten_times.get_or_init(|| Rc::new(self.once().repeated(TIMES))).clone()
    }

    /// The same as blocks alone.
    pub fn ten_times_bare(&self) -> Rc<Requests> {
        self.ten_times_bare.get_or_init(|| Rc::new(self.ten_times().bare())).clone()
    }

    /// The skewed stream.
    pub fn zipf(&self) -> Rc<Requests> {
        self.zipf.get_or_init(|| Rc::new(zipf(ZIPF_OBJECTS, ZIPF_REFERENCES))).clone()
    }
}

/// Objects numbered in order of first use, as an interner numbers them; cut into requests that
/// name no object twice.
fn zipf(objects: usize, references: usize) -> Requests {
    let (ranks, mut draws) = (Alias::new(objects), SplitMix(1));
    let mut names = vec![u32::MAX; objects];
    let mut stream = Requests::default();
    let mut start = 0;
    for _ in 0..references {
        let name = &mut names[ranks.draw(draws.next())];
        if *name == u32::MAX {
            *name = stream.distinct as u32;
            stream.distinct += 1;
        }
        let at = stream.blocks.len();
        if at - start == ZIPF_REQUEST || stream.blocks[start..].contains(name) {
            stream.ends.push(at as u32);
            start = at;
        }
        stream.blocks.push(*name);
    }
    stream.ends.push(stream.blocks.len() as u32);
    stream
}

/// Vose's alias table: a rank in constant time.
struct Alias(Vec<(f64, u32)>);

impl Alias {
    fn new(objects: usize) -> Self {
        let weights: Vec<f64> = (1..=objects).map(|rank| 1.0 / rank as f64).collect();
        let mean = weights.iter().sum::<f64>() / objects as f64;
        let mut table: Vec<(f64, u32)> =
            (0_u32..).zip(&weights).map(|(at, weight)| (weight / mean, at)).collect();
        let (mut short, mut long): (Vec<usize>, Vec<usize>) =
            (0..objects).partition(|&at| table[at].0 < 1.0);
        while let (Some(&low), Some(&high)) = (short.last(), long.last()) {
            short.pop();
            table[low].1 = high as u32;
            table[high].0 -= 1.0 - table[low].0;
            if table[high].0 < 1.0 {
                long.pop();
                short.push(high);
            }
        }
        // What rounding has left over is full.
        for at in short.into_iter().chain(long) {
            table[at].0 = 1.0;
        }
        Self(table)
    }

    fn draw(&self, random: u64) -> usize {
        let at = (((random >> 32) * self.0.len() as u64) >> 32) as usize;
        let (share, other) = self.0[at];
        if (random as u32 as f64) < share * 4_294_967_296.0 { at } else { other as usize }
    }
}

struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
