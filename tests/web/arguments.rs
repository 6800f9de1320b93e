//! Every method of the facade, called as JavaScript can call it: with anything.

use js_sys::{Array, Function, Reflect};
use kvscope::wasm::Simulator;
use std::collections::BTreeSet;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

/// What an argument must be: an expression of a right value, and one of a list of wrong values.
#[derive(Clone, Copy)]
struct Wanted {
    right: &'static str,
    wrong: &'static str,
}

/// Nobody takes these. The last two throw whatever they are asked.
const NEVER: &str = "null, undefined, 5n, Symbol('s'), () => 5, new Date(5), [], {get x() { \
    throw 1 }}, new Proxy({}, {ownKeys() { throw 1 }, get() { throw 1 }}), (() => { const {proxy, \
    revoke} = Proxy.revocable({}, {}); revoke(); return proxy; })()";
const NOT_WHOLE: &str = "'5', '', -1, NaN, 0.5, Infinity, -Infinity, 2 ** 32, 2 ** 53, true, {}, \
    [5], new Number(5)";

const WHOLE: Wanted = Wanted { right: "5", wrong: NOT_WHOLE };
/// As much as the five bytes that are reserved below, and no more.
const RESERVED: Wanted = Wanted { right: "5", wrong: "6, '5', -1, NaN, 0.5, Infinity, {}" };
const CHUNK: Wanted = Wanted { right: "5", wrong: "2 ** 26 + 1, 2 ** 31, '5', -1, NaN, 0.5, {}" };
const WORKLOAD: Wanted = Wanted {
    right: "'toolagent'",
    wrong: "'', 'nobody', 0, 5, NaN, true, {}, ['toolagent'], new String('toolagent')",
};
const SEED: Wanted = Wanted {
    right: "'7'",
    wrong: "'', '-1', '1.5', '1e3', '18446744073709551616', 'x', 0, 7, NaN, true, {}, ['7']",
};
const SWITCH: Wanted = Wanted { right: "true", wrong: "0, 1, NaN, 'true', '', {}, new Boolean(1)" };
const MEBIBYTES: Wanted = Wanted { right: "5", wrong: "2049, '5', -1, NaN, 0.5, Infinity, {}" };
const LANE: Wanted = Wanted { right: "1", wrong: "2, '0', -1, NaN, 0.5, Infinity, true, {}" };
const CONFIG: Wanted = Wanted {
    right: "[{nodes: 2}, {nodes: 3}]",
    wrong: "5, 'x', true, [5], [{nodes: 0}], [{nodes: 2}, {nodes: '5'}], [[{nodes: 2}]], \
        [{}, {}, {}, {}, {}], [{}, undefined], new Array(2), \
        {nodes: '5'}, {nodes: -1}, {nodes: NaN}, {nodes: 0.5}, {nodes: 1e300}, {nodes: 5n}, \
        {nodes: null}, {nodes: {}}, {nodes: [5]}, {nodes: true}, {nodes: Symbol('s')}, \
        {seed: -1}, {seed: 0.5}, {seed: NaN}, {seed: 5n}, {seed: null}, {seed: 'x'}, {seed: true}, \
        {seed: '18446744073709551616'}, {warmup: NaN}, {warmup: -1}, {warmup: 1}, {warmup: '0'}, \
        {insertion: 5}, {insertion: 'oak'}, {time_unit: true}, {nothing: 1}, \
        {router: 5}, {router: 'random'}, {router: null}, {router: []}, {router: {}}, \
        {router: {id: 5}}, {router: {id: 'nobody'}}, {router: {id: 'random', more: 1}}, \
        {router: {id: 'random', params: 5}}, {router: {id: 'random', params: {x: 1}}}, \
        {router: {id: 'cache_aware', params: {load_weight: '1'}}}, \
        {router: {id: 'cache_aware', params: {load_weight: NaN}}}, \
        {router: {id: 'cache_aware', params: {load_weight: 5n}}}, \
        {router: {id: 'cache_aware', params: {load_weight: null}}}, \
        {eviction: {id: 'lru', params: {x: 1}}}, {eviction: [{id: 'lru'}]}, \
        {migration: {id: 5}}, {clock: {id: 'timed', params: {flops: Infinity}}}, \
        (() => { const loop = {}; loop.router = loop; loop.nodes = loop; return loop; })()",
};

/// Every method, with its arguments.
const METHODS: [(&str, &[Wanted]); 24] = [
    ("constructor", &[CONFIG]),
    ("reserve", &[CHUNK]),
    ("commit", &[RESERVED]),
    ("finish", &[]),
    ("finish_early", &[]),
    ("synthesize", &[WORKLOAD, SEED, WHOLE, WHOLE]),
    ("step", &[WHOLE]),
    ("waiting", &[]),
    ("keep", &[]),
    ("pack", &[]),
    ("frame", &[SWITCH]),
    ("report", &[]),
    ("migrations", &[]),
    ("summary", &[]),
    ("hottest", &[LANE, WHOLE]),
    ("explain", &[SWITCH]),
    ("decision", &[]),
    ("remember", &[MEBIBYTES]),
    ("seek", &[WHOLE]),
    ("others", &[SWITCH]),
    ("migrations_of", &[LANE]),
    ("events_csv", &[LANE]),
    ("comparison", &[]),
    ("summaries", &[]),
];

fn value(expression: &str) -> JsValue {
    js_sys::eval(&format!("({expression})")).expect("an expression")
}

fn wrong_values(wanted: Wanted) -> Array {
    value(&format!("[{}, {NEVER}]", wanted.wrong)).unchecked_into()
}

/// A simulator as JavaScript holds it, with five bytes reserved.
fn object() -> JsValue {
    let mut simulator = Simulator::new(value("[{nodes: 2}, {}]")).expect("two configurations");
    simulator.reserve(JsValue::from(5)).expect("it reads a file");
    JsValue::from(simulator)
}

/// One in the state that a method needs: only a whole trace is packed.
fn ready_for(method: &str) -> JsValue {
    if method != "pack" {
        return object();
    }
    let mut simulator = Simulator::new(value("{nodes: 2}")).expect("a configuration");
    super::feed(&mut simulator, super::small_trace().as_bytes());
    simulator.finish();
    JsValue::from(simulator)
}

/// Calls a method as JavaScript does.
fn call(object: &JsValue, method: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(object, &method.into())?.unchecked_into();
    if method == "constructor" {
        return Reflect::construct(&function, arguments);
    }
    Reflect::apply(&function, object, arguments)
}

/// The kind of a KvscopeError; of anything else that was thrown, its text.
fn kind_of(thrown: &JsValue) -> Result<String, String> {
    let get =
        |name: &str| Reflect::get(thrown, &name.into()).ok().and_then(|value| value.as_string());
    match (get("name").as_deref(), get("kind")) {
        (Some("KvscopeError"), Some(kind)) => Ok(kind),
        _ => Err(format!("{thrown:?}")),
    }
}

#[wasm_bindgen_test]
fn the_table_of_methods_is_complete() {
    let prototype = Reflect::get_prototype_of(&object()).expect("a class");
    let names = Reflect::own_keys(&prototype).expect("an object").into_iter();
    let names: BTreeSet<String> = names
        .filter_map(|name| name.as_string())
        .filter(|name| !name.starts_with("__") && name != "free")
        .collect();
    let listed: BTreeSet<String> = METHODS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names, listed);
}

#[wasm_bindgen_test]
fn a_wrong_argument_of_any_method_is_a_kvscope_error_and_breaks_nothing() {
    let mut refused = 0;
    for (method, wanted) in METHODS {
        let right: Vec<JsValue> = wanted.iter().map(|wanted| value(wanted.right)).collect();
        let right = right.iter().collect::<Array>();
        let fine = call(&ready_for(method), method, &right);
        assert!(fine.is_ok(), "{method} refuses what it should take: {fine:?}");
        for (at, wanted) in wanted.iter().enumerate() {
            for (which, wrong) in wrong_values(*wanted).iter().enumerate() {
                let arguments: Array = right.slice(0, right.length());
                arguments.set(at as u32, wrong);
                let object = ready_for(method);
                let before = call(&object, "waiting", &Array::new());
                let place = format!("argument {at} of {method}, wrong value {which}");
                let thrown = call(&object, method, &arguments).expect_err(&place);
                let kind = kind_of(&thrown).unwrap_or_else(|text| panic!("{place}: {text}"));
                let expected = if method == "constructor" { "config" } else { "argument" };
                assert_eq!(kind, expected, "{place}");
                let waiting = call(&object, "waiting", &Array::new());
                assert!(waiting.is_ok() && waiting == before, "{place}: it is broken since");
                refused += 1;
            }
        }
    }
    assert!(200 <= refused, "only {refused} wrong values were tried");
}

#[wasm_bindgen_test]
fn calls_in_any_order_return_or_throw_a_kvscope_error() {
    let mut state = 1_u32;
    let mut draw = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % below
    };
    for _ in 0..40 {
        let object = object();
        for _ in 0..60 {
            let (method, wanted) = METHODS[1 + draw(METHODS.len() as u32 - 1) as usize];
            let arguments = Array::new();
            for wanted in wanted {
                let wrong = wrong_values(*wanted);
                let all = if draw(4) == 0 { wrong } else { Array::of1(&value(wanted.right)) };
                arguments.push(&all.get(draw(all.length())));
            }
            if let Err(thrown) = call(&object, method, &arguments) {
                kind_of(&thrown).unwrap_or_else(|text| panic!("{method}: {text}"));
            }
        }
    }
}

#[wasm_bindgen_test]
fn a_configuration_of_wrong_types_tells_every_reason_at_once() {
    let config = "{nodes: null, window: -1, router: {id: 5, params: {x: 5n}}, eviction: 'lru'}";
    let thrown = Simulator::new(value(config)).err().expect("it cannot be run");
    let reasons = Reflect::get(&thrown, &"reasons".into()).expect("an object");
    let text = |reason: &JsValue, name: &str| {
        Reflect::get(reason, &name.into()).ok().and_then(|it| it.as_string()).expect("text")
    };
    let told: Vec<String> = reasons
        .unchecked_into::<Array>()
        .iter()
        .map(|reason| format!("{} is {}", text(&reason, "path"), text(&reason, "value")))
        .collect();
    let expected = [
        "settings.nodes is null",
        "router.id is 5",
        "router.params.x is a BigInt",
        "eviction is the text \"lru\"",
        "settings.window is -1",
    ];
    assert_eq!(told, expected);
}
