//! What kvscope is held to: one row a peer.

/// One peer, and how to compare with it.
pub(crate) struct Check {
    /// Its name on the command line, and the native program's task.
    pub(crate) id: &'static str,
    /// The package and its version, as people name it.
    pub(crate) peer: &'static str,
    pub(crate) kind: Kind,
    /// The file of tests/data that holds some of its decisions.
    pub(crate) recorded: Option<&'static str>,
}

/// Where the other side of a comparison runs.
pub(crate) enum Kind {
    /// In the native program, which has the peer as a crate.
    Native,
    /// In Python first; the native program compares with what it printed.
    Python {
        /// What pip installs, and how: exact versions, alone where the rest serves a GPU.
        packages: &'static [&'static str],
        /// A file of peers/python and its arguments.
        script: &'static [&'static str],
    },
}

impl Check {
    /// Whether `name` is this check or a row of it.
    pub(crate) fn has(&self, name: &str) -> bool {
        name == self.id || self.row(name).is_some()
    }

    /// The row that `name` asks for alone.
    pub(crate) fn row<'n>(&self, name: &'n str) -> Option<&'n str> {
        name.strip_prefix(self.id)?.strip_prefix('/')
    }
}

/// Every check, in the order of the table.
pub(crate) const CHECKS: &[Check] = &[
    Check {
        id: "libcachesim",
        peer: "PyPI libcachesim 0.3.5",
        kind: Kind::Python {
            packages: &["libcachesim==0.3.5"],
            script: &["caches.py", "libcachesim"],
        },
        recorded: None,
    },
    Check {
        id: "kvcache-simulator",
        peer: "PyPI kvcache-simulator 0.1.3",
        kind: Kind::Python {
            packages: &["kvcache-simulator==0.1.3"],
            script: &["caches.py", "kvcache-simulator"],
        },
        recorded: None,
    },
    Check {
        id: "sglang",
        peer: "PyPI sglang 0.5.23",
        kind: Kind::Python {
            packages: &["--no-deps", "sglang==0.5.23"],
            script: &["engines.py", "sglang"],
        },
        recorded: None,
    },
    Check {
        id: "vllm",
        peer: "PyPI vllm 0.33.0",
        kind: Kind::Python {
            packages: &["--no-deps", "vllm==0.33.0"],
            script: &["engines.py", "vllm"],
        },
        recorded: None,
    },
    Check {
        id: "dynamo-kv-router",
        peer: "crate dynamo-kv-router 1.6.1",
        kind: Kind::Native,
        recorded: Some("dynamo_kv.json"),
    },
    Check {
        id: "ai-dynamo-runtime",
        peer: "PyPI ai-dynamo-runtime 1.6.1",
        kind: Kind::Python {
            packages: &["--no-deps", "ai-dynamo-runtime==1.6.1"],
            script: &["simulator.py"],
        },
        recorded: None,
    },
    Check {
        id: "ray",
        peer: "PyPI ray 2.60.0",
        kind: Kind::Python { packages: &["--no-deps", "ray==2.60.0"], script: &["trees.py"] },
        recorded: None,
    },
    Check { id: "kv-index", peer: "crate kv-index 2.0.0", kind: Kind::Native, recorded: None },
    Check {
        id: "sglang-router",
        peer: "PyPI sglang-router 0.3.2",
        kind: Kind::Python {
            packages: &["sglang-router==0.3.2"],
            script: &["gateways.py", "sglang-router"],
        },
        recorded: Some("sglang-router.json"),
    },
    Check {
        id: "smg",
        peer: "PyPI smg 1.13.0",
        kind: Kind::Python { packages: &["smg==1.13.0"], script: &["gateways.py", "smg"] },
        recorded: Some("smg.json"),
    },
    Check {
        id: "vllm-router",
        peer: "PyPI vllm-router 0.1.17",
        kind: Kind::Python {
            packages: &["vllm-router==0.1.17"],
            script: &["gateways.py", "vllm-router"],
        },
        recorded: None,
    },
    Check { id: "formula", peer: "none", kind: Kind::Native, recorded: None },
];
