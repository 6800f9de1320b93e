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

/// The layers of `src/`, lowest first: a module uses those before it in this list and itself, and
/// never one that comes later, so that there is no circle. Unit tests are exempt.
pub(crate) const LAYERS: &[&str] = &[
    "model", "columns", "error", "suggest", "rng", "number", "figures", "params", "trace", "evict",
    "cache", "clock", "route", "migrate", "event", "observe", "cluster", "config", "tune", "sim",
    "session", "analyze", "sweep", "compare", "advise", "studies", "presets", "catalog", "wasm",
    "bin",
];

/// The position in [`LAYERS`] of the file or the module, if it has one.
pub(crate) fn layer(name: &str) -> Option<usize> {
    let name = name.strip_prefix("src/").unwrap_or(name);
    let end = name.find(['/', '.']).unwrap_or(name.len());
    LAYERS.iter().position(|layer| *layer == &name[..end])
}

/// What a narrower view than its layer's a part of the code has. Unit tests are exempt.
pub(crate) const IMPORTS: &[Imports] = &[
    Imports {
        within: &["src/evict/"],
        except: &[],
        root: "crate",
        names: Names::Only(&["model", "columns", "evict", "rng", "params", "error"]),
        why: "an eviction policy sees block handles only",
    },
    Imports {
        within: &["src/route", "src/migrate"],
        except: &[],
        root: "crate",
        names: Names::Never(&["cache"]),
        why: "routers and migrators see a read-only view and return a decision",
    },
    Imports {
        within: &["src/observe"],
        except: &[],
        root: "crate",
        names: Names::Never(&["route", "migrate", "evict", "cache", "clock"]),
        why: "observers see events, and know no policy",
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
        except: &[],
        words: &["print!", "println!", "eprint!", "eprintln!"],
        why: "panics where the stream is closed or full: use cli/print.rs",
    },
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
    Words {
        within: &["src/"],
        except: &["src/bin/"],
        words: &[".to_lowercase()", ".to_uppercase()", ".parse::<f64>()"],
        why: "brings tables of 10 kB to the page: ASCII case, and number::parse",
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
