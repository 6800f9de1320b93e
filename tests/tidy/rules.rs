//! The rules, as data.

/// Longest line of a Rust or TypeScript file.
pub(crate) const LINE_COLUMNS: usize = 100;
/// Longest Rust function, from its `fn` to its closing brace.
pub(crate) const FUNCTION_LINES: usize = 70;
/// Longest Rust, TypeScript or style sheet file.
pub(crate) const FILE_LINES: usize = 400;

/// Text that no file may contain.
pub(crate) struct Leftover {
    pub(crate) text: String,
    /// Files with these endings only; none: every file.
    pub(crate) extensions: &'static [&'static str],
    pub(crate) except: &'static [&'static str],
    pub(crate) why: &'static str,
}

/// Put together from halves, so that this file does not contain them.
pub(crate) fn leftovers() -> Vec<Leftover> {
    let code: &[&str] = &["rs", "ts"];
    let rule = |halves: [&str; 2], extensions, why| Leftover {
        text: halves.concat(),
        extensions,
        except: &[],
        why,
    };
    let path = "a path of one machine";
    vec![
        rule(["db", "g!("], code, "meant for debugging"),
        rule(["console", ".log("], code, "meant for debugging; users see the page's own messages"),
        rule(["/wo", "rk/"], &[], path),
        rule(["/ro", "ot/"], &[], path),
        rule(["/tm", "p/wt"], &[], path),
    ]
}

/// Which names under a path root a part of the code may use.
pub(crate) struct Imports {
    /// Beginnings of paths.
    pub(crate) within: &'static [&'static str],
    pub(crate) except: &'static [&'static str],
    /// `crate` or `std`.
    pub(crate) root: &'static str,
    pub(crate) names: Names,
    pub(crate) why: &'static str,
}

/// A list of what is allowed, or of what is not.
pub(crate) enum Names {
    Only(&'static [&'static str]),
    Never(&'static [&'static str]),
}

impl Names {
    pub(crate) fn allow(&self, name: &str) -> bool {
        match self {
            Self::Only(names) => names.contains(&name),
            Self::Never(names) => !names.contains(&name),
        }
    }
}

/// The direction of knowledge: see the code map in docs/architecture.md. Unit tests are exempt.
pub(crate) const IMPORTS: &[Imports] = &[
    Imports {
        within: &["src/evict/"],
        except: &["src/evict/mod.rs"],
        root: "crate",
        names: Names::Only(&["types", "evict", "rng", "params", "error"]),
        why: "an eviction policy sees block handles only",
    },
    Imports {
        within: &["src/evict/mod.rs"],
        except: &[],
        root: "crate",
        names: Names::Only(&["types", "evict", "rng", "params", "error", "cache"]),
        why: "the table of policies also knows the cache that each row constructs, and no more",
    },
    Imports {
        within: &["src/route", "src/migrate"],
        except: &[],
        root: "crate",
        names: Names::Never(&["sim", "metrics", "cache", "wasm", "analyze"]),
        why: "routers and migrators see a read-only view and return a decision",
    },
    Imports {
        within: &["src/metrics"],
        except: &[],
        root: "crate",
        names: Names::Never(&["route", "migrate", "evict", "cache", "sim", "wasm"]),
        why: "metrics see events, and know no policy",
    },
    Imports {
        within: &["src/trace", "src/types", "src/rng", "src/error", "src/params"],
        except: &[],
        root: "crate",
        names: Names::Never(&[
            "sim", "metrics", "cache", "evict", "route", "migrate", "clock", "analyze", "wasm",
        ]),
        why: "the foundations know nothing that is built on them",
    },
    Imports {
        within: &["src/"],
        except: &["src/wasm"],
        root: "crate",
        names: Names::Never(&["wasm"]),
        why: "the core does not know the page",
    },
    Imports {
        within: &["src/"],
        except: &["src/bin/", "src/wasm"],
        root: "std",
        names: Names::Never(&["time", "fs", "env", "net", "process", "thread"]),
        why: "the core has no clock, no ambient state and no IO",
    },
];

/// Words that may not appear in a part of the code (comments, strings and unit tests aside).
pub(crate) struct Words {
    pub(crate) within: &'static [&'static str],
    pub(crate) except: &'static [&'static str],
    pub(crate) words: &'static [&'static str],
    pub(crate) why: &'static str,
}

pub(crate) const WORDS: &[Words] = &[
    Words {
        within: &["src/"],
        except: &["src/wasm"],
        words: &["wasm_bindgen", "web_sys", "js_sys", "serde_wasm_bindgen"],
        why: "one place knows JavaScript: src/wasm",
    },
    Words {
        within: &["src/"],
        except: &["src/bin/", "src/wasm"],
        words: &[
            ".exp()",
            ".exp2()",
            ".exp_m1()",
            ".ln()",
            ".ln_1p()",
            ".log2()",
            ".log10()",
            ".powf(",
            ".powi(",
            ".cbrt()",
            ".hypot(",
            ".sin()",
            ".cos()",
            ".tan()",
            ".tanh()",
        ],
        why: "differs between platforms: take it from libm",
    },
];

fn covers(within: &[&str], except: &[&str], path: &str) -> bool {
    let begins = |list: &[&str]| list.iter().any(|prefix| path.starts_with(prefix));
    begins(within) && !begins(except)
}

impl Imports {
    pub(crate) fn covers(&self, path: &str) -> bool {
        covers(self.within, self.except, path)
    }
}

impl Words {
    pub(crate) fn covers(&self, path: &str) -> bool {
        covers(self.within, self.except, path)
    }
}
