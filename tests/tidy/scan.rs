//! Just enough reading of Rust to find functions, imports and words.

/// A function's name, its first line (from 1) and its number of lines.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) line: usize,
    pub(crate) lines: usize,
}

/// The text with comments, strings and character literals blanked out, line for line.
pub(crate) fn code(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => until(&chars, at, "\n"),
            '/' if chars.get(at + 1) == Some(&'*') => end_of_comment(&chars, at),
            '"' => end_of_string(&chars, at),
            'r' if !in_word(&chars, at) => end_of_raw_string(&chars, at),
            '\'' => end_of_char(&chars, at),
            _ => at,
        };
        if end == at {
            out.push(chars[at]);
            at += 1;
        }
        while at < end {
            out.push(if chars[at] == '\n' { '\n' } else { ' ' });
            at += 1;
        }
    }
    out
}

/// Where `mark` next begins after `from`, or the end.
fn until(chars: &[char], from: usize, mark: &str) -> usize {
    let mark: Vec<char> = mark.chars().collect();
    let found = (from..chars.len()).find(|&at| chars[at..].starts_with(&mark));
    found.unwrap_or(chars.len())
}

fn end_of_comment(chars: &[char], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0);
    while at < chars.len() {
        if chars[at..].starts_with(&['/', '*']) {
            depth += 1;
            at += 2;
        } else if chars[at..].starts_with(&['*', '/']) {
            depth -= 1;
            at += 2;
        } else {
            at += 1;
        }
        if depth == 0 {
            break;
        }
    }
    at.min(chars.len())
}

fn end_of_string(chars: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    (at + 1).min(chars.len())
}

/// The end of `r"…"` or `r#"…"#`; `from` itself if there is none (a raw name, or just an r).
fn end_of_raw_string(chars: &[char], from: usize) -> usize {
    let hashes = chars[from + 1..].iter().take_while(|&&c| c == '#').count();
    if chars.get(from + 1 + hashes) != Some(&'"') {
        return from;
    }
    let mark = format!("\"{}", "#".repeat(hashes));
    (until(chars, from + 2 + hashes, &mark) + 1 + hashes).min(chars.len())
}

/// The end of a character literal; `from` itself for a lifetime.
fn end_of_char(chars: &[char], from: usize) -> usize {
    match (chars.get(from + 1), chars.get(from + 2)) {
        (Some('\\'), _) => (until(chars, from + 3, "'") + 1).min(chars.len()),
        (Some(_), Some('\'')) => from + 3,
        _ => from,
    }
}

/// Whether the character before `at` belongs to the same word. A byte string's b does not.
fn in_word(chars: &[char], at: usize) -> bool {
    let is_word = |at: usize| chars[at].is_alphanumeric() || chars[at] == '_';
    let is_byte_string = |at: usize| chars[at] == 'b' && (at == 0 || !is_word(at - 1));
    at > 0 && is_word(at - 1) && !is_byte_string(at - 1)
}

/// Where the item that begins at `from` ends: after its braces, or after its semicolon.
fn end_of_item(code: &str, from: usize) -> usize {
    let (mut braces, mut others) = (0_u32, 0_u32);
    for (offset, byte) in code[from..].bytes().enumerate() {
        match byte {
            b'(' | b'[' => others += 1,
            b')' | b']' => others = others.saturating_sub(1),
            b'{' => braces += 1,
            b'}' => {
                braces = braces.saturating_sub(1);
                if braces == 0 {
                    return from + offset + 1;
                }
            }
            b';' if braces == 0 && others == 0 => return from + offset + 1,
            _ => {}
        }
    }
    code.len()
}

fn line_at(code: &str, at: usize) -> usize {
    code[..at].bytes().filter(|&byte| byte == b'\n').count() + 1
}

/// Every place where `word` stands by itself.
fn places<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).map(|(at, _)| at).filter(move |&at| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        let glued_before = word.starts_with(is_word) && before.is_some_and(is_word);
        let glued_after = word.ends_with(is_word) && after.is_some_and(is_word);
        !glued_before && !glued_after
    })
}

fn first_word(text: &str) -> &str {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    &text[..end]
}

/// Every function that has a body and a name.
pub(crate) fn functions(code: &str) -> Vec<Function> {
    let mut found = Vec::new();
    for at in places(code, "fn") {
        let name = first_word(&code[at + 2..]);
        let item = &code[at..end_of_item(code, at)];
        if !name.is_empty() && item.ends_with('}') {
            let lines = item.lines().count();
            found.push(Function { name: name.to_owned(), line: line_at(code, at), lines });
        }
    }
    found
}

/// The code without the items that only tests see.
pub(crate) fn without_tests(code: &str) -> String {
    let mark = "#[cfg(test)]";
    let mut out = code.to_owned();
    for (at, _) in code.match_indices(mark) {
        let end = end_of_item(code, at + mark.len());
        let blank = |c: char| if c == '\n' { '\n' } else { ' ' };
        let blanks: String =
            code[at..end].chars().flat_map(|c| vec![blank(c); c.len_utf8()]).collect();
        out.replace_range(at..end, &blanks);
    }
    out
}

/// What is used from a path root, with its line: `a` and `b` of `root::a::x`, `root::{b, c::d}`.
pub(crate) fn names_under(code: &str, root: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for at in places(code, root) {
        let Some(rest) = code[at + root.len()..].trim_start().strip_prefix("::") else {
            continue;
        };
        let line = line_at(code, at);
        match rest.trim_start().strip_prefix('{') {
            None => found.push((line, first_word(rest).to_owned())),
            Some(group) => found.extend(members(group).into_iter().map(|name| (line, name))),
        }
    }
    found
}

/// The first words of the members of a `{…}` group, read from after its opening brace.
fn members(group: &str) -> Vec<String> {
    let mut depth = 0;
    let mut names = vec![String::new()];
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(String::new()),
            c if depth == 0 => names.last_mut().expect("never empty").push(c),
            _ => {}
        }
    }
    let names = names.iter().map(|name| first_word(name).to_owned());
    names.filter(|name| !name.is_empty()).collect()
}

/// Which of `words` the code has, with their lines.
pub(crate) fn words<'a>(code: &str, words: &[&'a str]) -> Vec<(usize, &'a str)> {
    let all = words.iter();
    all.flat_map(|word| places(code, word).map(|at| (line_at(code, at), *word))).collect()
}

/// Whether `super` in this file is the crate's root.
pub(crate) fn is_top_module(path: &str) -> bool {
    let inside = path.strip_prefix("src/").unwrap_or_default();
    match inside.split('/').collect::<Vec<_>>()[..] {
        [file] => file != "lib.rs" && file.ends_with(".rs"),
        [_, file] => file == "mod.rs",
        _ => false,
    }
}

/// A note of something left to do that does not say who will do it.
pub(crate) fn unnamed_todo(line: &str) -> Option<&'static str> {
    // In halves, so that this file does not contain them.
    let words = [concat!("TO", "DO"), concat!("FIX", "ME")];
    words.into_iter().find(|word| {
        places(line, word).any(|at| {
            let after = &line[at + word.len()..];
            after.strip_prefix('(').is_none_or(|name| first_word(name).is_empty())
        })
    })
}

#[cfg(test)]
#[path = "scan_tests.rs"]
mod tests;
