//! Models and hardware, as far as the service model needs them.

/// What a model costs a token.
///
/// A prompt of n tokens with p cached takes `layers·(attention·(n²−p²)·width +
/// linear·(n−p)·width²)` FLOP.
#[derive(Clone, Copy, Debug)]
pub struct ModelRow {
    /// Name in configurations.
    pub id: &'static str,
    /// Name in menus.
    pub title: &'static str,
    /// Layers, l.
    pub layers: f64,
    /// Hidden width, d.
    pub width: f64,
    /// Coefficient a of the quadratic part: 4 × (heads × head width / d), without the causal
    /// half.
    pub attention: f64,
    /// Coefficient b of the linear part: 2 × active parameters / (l·d²), unless published.
    pub linear: f64,
    /// KV cache of one token in bytes, at bf16.
    pub kv_bytes_per_token: f64,
    /// Where the figures come from.
    pub source: &'static str,
}

const CARD: &str = "model card: dimensions and active non-embedding parameters";
const KIB: f64 = 1024.0;

/// `2 × parameters / (layers × width²)`.
const fn linear(parameters: f64, layers: f64, width: f64) -> f64 {
    2.0 * parameters / (layers * width * width)
}

const fn model(id: &'static str, title: &'static str, shape: [f64; 4], kv_kib: f64) -> ModelRow {
    let [layers, width, attention, parameters] = shape;
    ModelRow {
        id,
        title,
        layers,
        width,
        attention,
        linear: linear(parameters, layers, width),
        kv_bytes_per_token: kv_kib * KIB,
        source: CARD,
    }
}

/// Known models. The shape is [layers, width, a, active parameters without embeddings].
pub const MODELS: &[ModelRow] = &[
    ModelRow {
        id: "llama3-70b",
        title: "Llama-3-70B",
        layers: 80.0,
        width: 8192.0,
        attention: 4.0,
        linear: 22.0,
        kv_bytes_per_token: 320.0 * KIB,
        source: "Mooncake FAST'25: a = 4, b = 22",
    },
    model("llama3.1-8b", "Llama-3.1-8B", [32.0, 4096.0, 4.0, 6.98e9], 128.0),
    model("qwen2.5-7b", "Qwen2.5-7B", [28.0, 3584.0, 4.0, 6.53e9], 56.0),
    model("qwen2.5-72b", "Qwen2.5-72B", [80.0, 8192.0, 4.0, 70.0e9], 320.0),
    model("qwen3-8b", "Qwen3-8B", [36.0, 4096.0, 4.0, 6.95e9], 144.0),
    model("qwen3-32b", "Qwen3-32B", [64.0, 5120.0, 6.4, 31.2e9], 256.0),
    model("qwen3-30b-a3b", "Qwen3-30B-A3B", [48.0, 2048.0, 8.0, 3.0e9], 96.0),
    model("qwen3-235b-a22b", "Qwen3-235B-A22B", [94.0, 4096.0, 8.0, 21.0e9], 188.0),
    model("deepseek-v3", "DeepSeek-V3 / R1", [61.0, 7168.0, 11.43, 36.0e9], 68.625),
    model("kimi-k2", "Kimi-K2", [61.0, 7168.0, 5.71, 31.0e9], 68.625),
];

/// A node's hardware.
#[derive(Clone, Copy, Debug)]
pub struct HardwareRow {
    /// Name in configurations.
    pub id: &'static str,
    /// Name in menus.
    pub title: &'static str,
    /// Accelerators in a node.
    pub devices: f64,
    /// Peak bf16 FLOP/s of one.
    pub device_flops: f64,
}

/// Known nodes.
pub const HARDWARE: &[HardwareRow] = &[
    HardwareRow { id: "8xa800", title: "8 × A800 / A100", devices: 8.0, device_flops: 312e12 },
    HardwareRow { id: "8xh800", title: "8 × H800 / H100", devices: 8.0, device_flops: 989e12 },
    HardwareRow { id: "8xb200", title: "8 × B200", devices: 8.0, device_flops: 2250e12 },
    HardwareRow { id: "8xl40s", title: "8 × L40S", devices: 8.0, device_flops: 362e12 },
    HardwareRow { id: "1xa800", title: "1 × A800 / A100", devices: 1.0, device_flops: 312e12 },
    HardwareRow { id: "1xh800", title: "1 × H800 / H100", devices: 1.0, device_flops: 989e12 },
];
