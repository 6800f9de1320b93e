use super::*;

const NATIVE: &str = "
   Compiling kvscope v0.1.0
     Running unittests src/lib.rs (target/debug/deps/kvscope-1)

running 3 tests
test evict::a ... ok
test evict::b ... ignored, slow
test evict::c ... FAILED

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1s

     Running tests/vectors.rs (target/debug/deps/vectors-2)

running 2 tests
test conversation ... ok
test small ... ok

successes:

---- conversation stdout ----
SKIPPED conversation: no file 'x.jsonl' in KVSCOPE_TRACES

successes:
    conversation

test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1s

   Doc-tests kvscope

running 1 test
test src/lib.rs - (line 3) ... ok

test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1s
";

fn skipped(run: &Run) -> Vec<&str> {
    run.skipped.iter().map(String::as_str).collect()
}

#[test]
fn cargos_programs_are_told_apart() {
    let runs = cargo(Kind::NativeIntegration, NATIVE);
    let kinds: Vec<_> = runs.iter().map(|run| (run.kind, run.name.as_str())).collect();
    let unit = (Kind::NativeUnit, "src/lib.rs");
    let vectors = (Kind::NativeIntegration, "tests/vectors.rs");
    assert_eq!(kinds, [unit, vectors, (Kind::Doc, "kvscope")]);

    assert_eq!((runs[0].passed, runs[0].failed), (1, 1));
    assert_eq!(runs[0].failures, [Failure::new("evict::c")]);
    assert_eq!(skipped(&runs[0]), ["evict::b: slow"]);
    assert_eq!(runs[2].passed, 1);
}

#[test]
fn a_test_that_says_it_was_skipped_does_not_count_as_passed() {
    let run = &cargo(Kind::NativeIntegration, NATIVE)[1];
    assert_eq!((run.passed, run.failed), (1, 0));
    assert_eq!(skipped(run), ["conversation: no file 'x.jsonl' in KVSCOPE_TRACES"]);
}

#[test]
fn a_browser_program_without_tests_is_a_run_of_none() {
    let output = "
     Running tests/native.rs (target/wasm32-unknown-unknown/debug/deps/native-1.wasm)
no tests to run!
     Running tests/web.rs (target/wasm32-unknown-unknown/debug/deps/web-2.wasm)
running 3 tests
test a ... ignored
test b ... ok
test c ... FAIL

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 filtered out; finished in 0.00s
";
    let runs = cargo(Kind::WasmFirefox, output);
    assert_eq!(runs[0], Run::new(Kind::WasmFirefox, "tests/native.rs"));
    assert_eq!((runs[1].passed, runs[1].failed), (1, 1));
    assert_eq!(runs[1].failures, [Failure::new("c")]);
    assert_eq!(skipped(&runs[1]), ["a"]);
}

#[test]
fn nodes_tap_format() {
    let output = "
TAP version 13
# Subtest: adds
ok 1 - adds
not ok 2 - breaks
  ---
  duration_ms: 12
  error: |-
    0 is not 1

  ...
ok 3 - waits # SKIP no trace
# SKIPPED waits: no trace
1..3
# tests 3
# suites 0
# pass 1
# fail 1
# cancelled 0
# skipped 1
";
    let runs = node(Kind::PageUnit, output);
    assert_eq!((runs[0].passed, runs[0].failed), (1, 1));
    assert_eq!(runs[0].failures[0].name, "breaks");
    assert_eq!(runs[0].failures[0].why, "duration_ms: 12\nerror: |-\n0 is not 1\n");
    assert_eq!(runs[0].failures.len(), 1);
    assert_eq!(skipped(&runs[0]), ["waits: no trace"]);
    assert_eq!(passed_in_node(output), ["adds"]);
}

#[test]
fn nodes_spec_format() {
    let output = "
✔ adds (0.6ms)
✖ breaks (0.2ms)
﹣ waits (0.1ms) # no trace
ℹ tests 3
ℹ pass 1
ℹ fail 1
ℹ cancelled 0
ℹ skipped 1

✖ failing tests:

✖ breaks (0.2ms)
";
    let runs = node(Kind::PageChromium, output);
    assert_eq!((runs[0].passed, runs[0].failed), (1, 1));
    assert_eq!(runs[0].failures, [Failure::new("breaks")]);
    assert_eq!(skipped(&runs[0]), ["waits"]);
}
