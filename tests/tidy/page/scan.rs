//! Just enough reading of TypeScript to find functions, imports and words.

/// A function's first line (from 1) and its number of lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Function {
    pub(super) line: usize,
    pub(super) lines: usize,
}

/// The text with comments, strings and regular expressions blanked out, line for line.
pub(super) fn code(text: &str) -> String {
    blanked(text, true)
}

fn blanked(text: &str, strings: bool) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = match chars[at] {
            '/' if chars.get(at + 1) == Some(&'/') => find(&chars, at, "\n"),
            '/' if chars.get(at + 1) == Some(&'*') => find(&chars, at + 2, "*/") + 2,
            '/' if begins_expression(&out) => end_of_regex(&chars, at),
            quote @ ('"' | '\'') if strings => end_of_quoted(&chars, at, quote),
            // What stands inside ${} is blanked with the rest: no function of length is there.
            '`' => end_of_template(&chars, at),
            _ => at,
        };
        let end = end.min(chars.len());
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

fn find(chars: &[char], from: usize, mark: &str) -> usize {
    let mark: Vec<char> = mark.chars().collect();
    (from..chars.len()).find(|&at| chars[at..].starts_with(&mark)).unwrap_or(chars.len())
}

/// Whether a slash after this code begins a regular expression, rather than dividing.
fn begins_expression(before: &str) -> bool {
    let before = before.trim_end();
    let after_word = ["return", "case", "typeof"].iter().any(|word| before.ends_with(word));
    after_word || before.ends_with(|c| "(,=:[!&|?{};>+".contains(c)) || before.is_empty()
}

fn end_of_regex(chars: &[char], from: usize) -> usize {
    let (mut at, mut class) = (from + 1, false);
    while at < chars.len() && chars[at] != '\n' {
        match chars[at] {
            '\\' => at += 1,
            '[' => class = true,
            ']' => class = false,
            '/' if !class => return at + 1,
            _ => {}
        }
        at += 1;
    }
    at
}

fn end_of_quoted(chars: &[char], from: usize, quote: char) -> usize {
    let mut at = from + 1;
    while at < chars.len() && chars[at] != quote {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

fn end_of_template(chars: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < chars.len() && chars[at] != '`' {
        match chars[at] {
            '\\' => at += 2,
            '$' if chars.get(at + 1) == Some(&'{') => at = end_of_hole(chars, at + 2),
            _ => at += 1,
        }
    }
    at + 1
}

/// After the brace that closes `${`, with templates and strings inside it skipped.
fn end_of_hole(chars: &[char], from: usize) -> usize {
    let (mut at, mut depth) = (from, 1);
    while at < chars.len() && depth > 0 {
        match chars[at] {
            '{' => depth += 1,
            '}' => depth -= 1,
            '`' => {
                at = end_of_template(chars, at);
                continue;
            }
            quote @ ('"' | '\'') => {
                at = end_of_quoted(chars, at, quote);
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    at
}

/// Every function with a body: after `=>`, or after a parameter list that is no condition's.
pub(super) fn functions(code: &str) -> Vec<Function> {
    let bytes = code.as_bytes();
    let opened = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'{');
    opened
        .filter_map(|(at, _)| {
            let head = head_of(code, at)?;
            let end = closing(bytes, at)?;
            let line = 1 + code[..head].matches('\n').count();
            Some(Function { line, lines: 1 + code[head..end].matches('\n').count() })
        })
        .collect()
}

/// Where the head of the function begins whose body opens at `brace`, if it is one.
fn head_of(code: &str, brace: usize) -> Option<usize> {
    let before = code[..brace].trim_end();
    if let Some(arrow) = before.strip_suffix("=>") {
        return Some(arrow.rfind('\n').map_or(0, |at| at + 1));
    }
    // Then it is a result type that opens, and not yet the body.
    if before.ends_with([':', '|', '&', '<', ',']) {
        return None;
    }
    let list = without_result(before);
    let open = list.strip_suffix(')').and_then(opening)?;
    let name_end = list[..open].trim_end().len();
    let word = |c: char| !(c.is_alphanumeric() || c == '_' || c == '$');
    let start = list[..name_end].rfind(word).map_or(0, |at| at + 1);
    let conditions = ["if", "for", "while", "switch", "catch", "with"];
    (!conditions.contains(&&list[start..name_end])).then_some(start)
}

/// The text without a result type at its end: `f(): A | { b: C }` is `f()`. A declaration behind
/// a function is no result of it.
fn without_result(before: &str) -> &str {
    let mut depth = 0;
    for (at, c) in before.char_indices().rev() {
        match c {
            '}' | '>' | ']' => depth += 1,
            '{' | '<' | '[' if depth > 0 => depth -= 1,
            ')' if depth == 0 => {
                let declares = ["interface ", "class "].iter().any(|it| before[at..].contains(it));
                return if declares { "" } else { &before[..=at] };
            }
            ';' | '{' | '=' if depth == 0 => return "",
            _ => {}
        }
    }
    ""
}

/// Where the parenthesis opens that closes right after `list`.
fn opening(list: &str) -> Option<usize> {
    let mut depth = 1;
    for (at, c) in list.char_indices().rev() {
        match c {
            ')' => depth += 1,
            '(' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn closing(bytes: &[u8], open: usize) -> Option<usize> {
    let mut depth = 0;
    for (at, byte) in bytes.iter().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// What a file imports or exports from elsewhere, with its line.
pub(super) fn imports(text: &str) -> Vec<(usize, String)> {
    let code = blanked(text, false);
    let mut found = Vec::new();
    for mark in ["from ", "import ", "import("] {
        for (at, _) in code.match_indices(mark) {
            let glued = code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.');
            let rest = code[at + mark.len()..].trim_start();
            let Some(quote) = rest.chars().next().filter(|c| "\"'".contains(*c)) else { continue };
            if glued {
                continue;
            }
            let path = rest[1..].split(quote).next().unwrap_or_default();
            found.push((1 + code[..at].matches('\n').count(), path.to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE: &str = r#"import { a } from "./a.ts";
// function gone() { "
export function first(x: number): { y: number } {
  const re = /[/"{]/g; const s = 'it\'s {';
  if (x > 1) {
    return { y: x / 2 };
  }
  return { y: `${`{${x}`} {`.length };
}
class A {
  #m(): Map<string, B[]> {
    return new Map();
  }
  get n(): number { return 1; }
}
const f = (b: string) => {
  for (const c of b) { g(c); }
};
interface I { x: number }
type T = { y: string };
export function last(work: W): boolean {
  return !work.done;
}
export interface J {
  z: number;
}
"#;

    #[test]
    fn functions_are_measured_and_blocks_are_not() {
        let found: Vec<_> = functions(&code(SAMPLE)).iter().map(|it| (it.line, it.lines)).collect();
        assert_eq!(found, [(3, 7), (11, 3), (14, 1), (16, 3), (21, 3)]);
    }

    #[test]
    fn imports_are_found_wherever_they_stand() {
        let text = "import type {\n  A,\n} from '../a.ts';\nexport * from \"./b.ts\";\n\
                    import \"./c.css\";\nconst d = import(\"./d.ts\"); // from \"./e.ts\"\n";
        let mut found = imports(text);
        found.sort();
        let expected = [(3, "../a.ts"), (4, "./b.ts"), (5, "./c.css"), (6, "./d.ts")];
        assert_eq!(found, expected.map(|(line, path)| (line, path.to_owned())));
    }
}
