use super::*;

const SAMPLE: &str = r##"
use std::{collections::{BTreeMap, fs}, time::Duration};
use crate::model::BlockId; // crate::sim
fn a<'a>(x: &'a [u8; 4]) -> char {
    let s = "fn b() { crate::sim::x \" }";
    let r = r#"fn c() { " }"#;
    /* } /* nested } */ } */
    if s == r { '}' } else { '\'' }
}
trait T { fn declared(&self) -> [u8; 2]; }
#[cfg(test)]
mod tests {
    use crate::sim::Simulator;
    fn d() {}
}
fn e() {}
"##;

#[test]
fn comments_strings_and_characters_are_blank() {
    let code = code(SAMPLE);
    assert_eq!(code.lines().count(), SAMPLE.lines().count());
    for gone in ["b()", "c()", "nested", "'}'"] {
        assert!(!code.contains(gone), "{gone} in {code}");
    }
    assert!(code.contains("x: &'a [u8; 4]"));
}

#[test]
fn functions_are_measured() {
    let functions = functions(&code(SAMPLE));
    let found: Vec<_> = functions.iter().map(|f| (f.name.as_str(), f.line, f.lines)).collect();
    assert_eq!(found, [("a", 4, 6), ("d", 14, 1), ("e", 16, 1)]);
}

#[test]
fn imports_are_found_outside_tests_only() {
    let code = without_tests(&code(SAMPLE));
    assert_eq!(names_under(&code, "crate"), [(3, "model".to_owned())]);
    let std: Vec<_> = names_under(&code, "std").into_iter().map(|(_, name)| name).collect();
    assert_eq!(std, ["collections", "time"]);
    assert!(code.contains("fn e()"));
}

#[test]
fn words_stand_by_themselves() {
    let code = "use js_sys::Array; let not_js_sys = x.powi(2);";
    assert_eq!(words(code, &["js_sys", ".powi("]), [(1, "js_sys"), (1, ".powi(")]);
}

#[test]
fn a_note_needs_a_name() {
    let word = concat!("TO", "DO");
    assert_eq!(unnamed_todo(&format!("// {word}: later")), Some(word));
    assert_eq!(unnamed_todo(&format!("// {word}(): later")), Some(word));
    assert_eq!(unnamed_todo(&format!("// {word}(ada): later")), None);
    assert_eq!(unnamed_todo(&format!("{word}S")), None);
}

#[test]
fn top_modules_are_those_below_lib() {
    assert!(is_top_module("src/sim.rs") && is_top_module("src/evict/mod.rs"));
    assert!(!is_top_module("src/lib.rs") && !is_top_module("src/evict/lru.rs"));
}
