//! What a mistyped word may have meant, for every reason that lists names.

use crate::columns::order;

/// Most names that are suggested.
const MOST: usize = 3;

/// Words that people use for names of ours which look nothing like them.
const ALIASES: &[(&str, &str)] = &[
    ("ns", "nanoseconds"),
    ("us", "microseconds"),
    ("µs", "microseconds"),
    ("ms", "milliseconds"),
    ("s", "seconds"),
    ("sec", "seconds"),
    ("rr", "round_robin"),
    ("2q", "two_q"),
    ("belady", "optimal"),
    ("min", "optimal"),
    ("opt", "optimal"),
];

/// `one of a, b, c`, and which of them `word` may have meant.
pub fn one_of(word: &str, names: &[&str]) -> String {
    format!("one of {}{}", names.join(", "), did_you_mean(word, names))
}

/// `; did you mean a or b?`, or nothing where no name is near.
pub fn did_you_mean(word: &str, names: &[&str]) -> String {
    let nearest = nearest(word, names);
    if nearest.is_empty() { String::new() } else { format!("; did you mean {}?", or(&nearest)) }
}

/// The names that `word` may have meant, nearest first, at most three; ties in their order.
pub fn nearest<'a>(word: &str, names: &[&'a str]) -> Vec<&'a str> {
    let word = plain(word);
    let mut near: Vec<(usize, &str)> =
        names.iter().filter_map(|name| Some((distance(&word, name)?, *name))).collect();
    order::sort_by(&mut near, |a, b| a.0.cmp(&b.0));
    // A name that fits leaves no room for those that may.
    let best = near.first().map_or(0, |(distance, _)| *distance);
    near.retain(|(distance, _)| best > 0 || *distance == 0);
    near.into_iter().take(MOST).map(|(_, name)| name).collect()
}

/// `a`, `a or b`, `a, b or c`.
fn or(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, most)) if !most.is_empty() => format!("{} or {last}", most.join(", ")),
        _ => names.concat(),
    }
}

/// How far `name` is from a plain word, or `None` where nobody would take one for the other.
fn distance(word: &str, name: &str) -> Option<usize> {
    if ALIASES.contains(&(word, name)) {
        return Some(0);
    }
    let name = plain(name);
    let (short, long) = (word.len().min(name.len()), word.len().max(name.len()));
    if word.is_empty() {
        return None;
    }
    let edits = edits(word, &name);
    let contained = short > 2 && (name.contains(word) || word.contains(&name));
    (edits <= (long / 3).max(1) || contained).then_some(edits)
}

/// In lower case, without what people leave out or put between words.
fn plain(word: &str) -> String {
    word.to_ascii_lowercase().chars().filter(|c| !" -_.".contains(*c)).collect()
}

/// Insertions, deletions, replacements and swaps of neighbours that make `b` of `a`: the optimal
/// string alignment distance. O(a × b).
fn edits(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replaced = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUTERS: &[&str] = &["random", "round_robin", "least_loaded", "cache_aware", "llm_d"];
    const EVICTIONS: &[&str] =
        &["lru", "lfu", "s3fifo", "two_q", "leaf_lru", "leaf_lfu", "optimal"];

    #[test]
    fn slips_of_the_finger_are_told_from_words_that_mean_nothing() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            ("rond_robin", ROUTERS, &["round_robin"]),
            ("Round-Robin", ROUTERS, &["round_robin"]),
            ("rr", ROUTERS, &["round_robin"]),
            ("cache", ROUTERS, &["cache_aware"]),
            ("llmd", ROUTERS, &["llm_d"]),
            ("ranodm", ROUTERS, &["random"]),
            ("nope", ROUTERS, &[]),
            ("", ROUTERS, &[]),
            ("s3-fifo", EVICTIONS, &["s3fifo"]),
            ("2q", EVICTIONS, &["two_q"]),
            ("belady", EVICTIONS, &["optimal"]),
            ("lur", EVICTIONS, &["lru"]),
            ("leaf", EVICTIONS, &["leaf_lru", "leaf_lfu"]),
            ("lfru", EVICTIONS, &["lru", "lfu"]),
        ];
        for (word, names, want) in cases {
            assert_eq!(nearest(word, names), *want, "{word}");
        }
    }

    #[test]
    fn a_reason_lists_the_names_and_asks_back() {
        let units = ["seconds", "milliseconds"];
        let told = "one of seconds, milliseconds; did you mean milliseconds?";
        assert_eq!(one_of("ms", &units), told);
        assert_eq!(one_of("weeks", &units), "one of seconds, milliseconds");
        assert_eq!(did_you_mean("leaf", EVICTIONS), "; did you mean leaf_lru or leaf_lfu?");
        assert_eq!(or(&["a", "b", "c"]), "a, b or c");
    }

    #[test]
    fn edits_are_those_of_the_recursive_definition() {
        fn slowly(a: &[char], b: &[char]) -> usize {
            let (Some((x, a_rest)), Some((y, b_rest))) = (a.split_last(), b.split_last()) else {
                return a.len() + b.len();
            };
            let replaced = slowly(a_rest, b_rest) + usize::from(x != y);
            let mut least = replaced.min(slowly(a_rest, b) + 1).min(slowly(a, b_rest) + 1);
            if let ([a_most @ .., v, _], [b_most @ .., w, _]) = (a, b)
                && (v, x) == (y, w)
            {
                least = least.min(slowly(a_most, b_most) + 1);
            }
            least
        }
        // Every pair of words of up to four letters out of two.
        let words: Vec<String> = (0..=4_u32)
            .flat_map(|length| {
                (0..1_u32 << length).map(move |bits| {
                    (0..length).map(|at| if bits >> at & 1 == 0 { 'a' } else { 'b' }).collect()
                })
            })
            .collect();
        for a in &words {
            for b in &words {
                let (left, right): (Vec<char>, Vec<char>) =
                    (a.chars().collect(), b.chars().collect());
                assert_eq!(edits(a, b), slowly(&left, &right), "{a} {b}");
            }
        }
    }
}
