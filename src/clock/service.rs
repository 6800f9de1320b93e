//! What a prefill and a transfer take.

use super::preset::{HARDWARE, ModelRow};
use crate::params::Params;

/// Prompt lengths of the measured tables, in tokens.
const MEASURED_TOKENS: [f64; 7] = [512.0, 1024.0, 2048.0, 4096.0, 8192.0, 16384.0, 32768.0];
/// Median prefill seconds of Llama-2-70B with tensor parallelism 8 (Splitwise, ISCA'24).
const H100_TP8_S: [f64; 7] = [0.054, 0.078, 0.134, 0.376, 0.832, 1.552, 2.936];
const A100_TP8_S: [f64; 7] = [0.093, 0.161, 0.283, 0.708, 1.781, 3.525, 7.554];

/// Where prefill times come from.
#[derive(Clone, Debug, PartialEq)]
enum Prefill {
    /// `layers·(attention·(n²−p²)·width + linear·(n−p)·width²) / flops`.
    Formula { layers: f64, width: f64, attention: f64, linear: f64, flops: f64 },
    /// Interpolated at [`MEASURED_TOKENS`].
    Measured([f64; 7]),
}

/// Service times of one node.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceModel {
    prefill: Prefill,
    token_bytes: f64,
    block_size: u32,
    bandwidth_bytes_s: f64,
    /// Added to every time to first token; occupies nothing.
    pub fixed_s: f64,
    /// Seconds of decoding for each output token.
    pub output_token_s: f64,
}

impl ServiceModel {
    /// From the timed clock's checked parameters.
    pub fn new(params: &Params, block_size: u32) -> Self {
        let model = super::model(params);
        let prefill = match params.choice("service") {
            "h100_tp8" => Prefill::Measured(H100_TP8_S),
            "a100_tp8" => Prefill::Measured(A100_TP8_S),
            _ => formula(model, params),
        };
        Self {
            prefill,
            token_bytes: model.kv_bytes_per_token,
            block_size,
            bandwidth_bytes_s: params.number("bandwidth_bytes_s"),
            fixed_s: params.number("fixed_s"),
            output_token_s: params.number("output_token_s"),
        }
    }

    /// Seconds of prefill for a prompt of `tokens` of which the first `cached` are; 0 for none.
    pub fn prefill_s(&self, tokens: u32, cached: u32) -> f64 {
        if tokens == 0 {
            return 0.0;
        }
        let (n, p) = (f64::from(tokens), f64::from(cached));
        match &self.prefill {
            Prefill::Formula { layers, width, attention, linear, flops } => {
                let quadratic = attention * (n * n - p * p) * width;
                let linear = linear * (n - p) * (width * width);
                layers * (quadratic + linear) / flops
            }
            Prefill::Measured(seconds) => interpolate(seconds, n) - interpolate(seconds, p),
        }
    }

    /// Seconds to move `blocks` whole blocks over one link.
    pub fn transfer_s(&self, blocks: u32) -> f64 {
        f64::from(blocks) * self.block_bytes() / self.bandwidth_bytes_s
    }

    /// When a request whose prefill ends at `prefilled_s` has generated `output_tokens` tokens.
    pub fn ends_at(&self, prefilled_s: f64, output_tokens: u32) -> f64 {
        prefilled_s + f64::from(output_tokens) * self.output_token_s
    }

    /// KV cache of a block in bytes.
    pub fn block_bytes(&self) -> f64 {
        f64::from(self.block_size) * self.token_bytes
    }
}

fn formula(model: &ModelRow, params: &Params) -> Prefill {
    let hardware = HARDWARE.iter().find(|row| row.id == params.choice("hardware"));
    let hardware = hardware.expect("a choice made from the table");
    let given = params.number("flops");
    let peak = hardware.devices * hardware.device_flops;
    Prefill::Formula {
        layers: model.layers,
        width: model.width,
        attention: model.attention,
        linear: model.linear,
        flops: if given == 0.0 { params.number("mfu") * peak } else { given },
    }
}

/// Piecewise linear through the origin and the measured points, with the last slope beyond.
fn interpolate(seconds: &[f64; 7], tokens: f64) -> f64 {
    let last = MEASURED_TOKENS.len() - 1;
    let upper = MEASURED_TOKENS.iter().position(|&at| tokens <= at).unwrap_or(last);
    let (x1, y1) = (MEASURED_TOKENS[upper], seconds[upper]);
    let (x0, y0) = match upper {
        0 => (0.0, 0.0),
        upper => (MEASURED_TOKENS[upper - 1], seconds[upper - 1]),
    };
    y0 + (y1 - y0) * ((tokens - x0) / (x1 - x0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock;

    fn model(changes: &[(&str, &str)]) -> ServiceModel {
        let row = clock::find("timed").expect("a row");
        let given = changes
            .iter()
            .map(|(name, value)| ((*name).to_owned(), crate::params::ParamValue::parse(value)));
        let mut reasons = Vec::new();
        let params = Params::resolve(row.params, &given.collect(), "clock", &mut reasons);
        assert!(reasons.is_empty(), "{reasons:?}");
        ServiceModel::new(&params, 512)
    }

    #[test]
    fn the_formula_is_the_papers() {
        let model = model(&[("flops", "748.8e12")]);
        // 80·(4·1000²·8192 + 22·1000·8192²) FLOP at 748.8 TFLOP/s.
        let flop = 80.0 * (4.0 * 1e6 * 8192.0 + 22.0 * 1e3 * 8192.0 * 8192.0);
        assert_eq!(model.prefill_s(1000, 0), flop / 748.8e12);
        assert_eq!(model.prefill_s(0, 0), 0.0);
        assert!(model.prefill_s(1000, 999) > 0.0);
        assert_eq!(model.block_bytes(), 160.0 * 1024.0 * 1024.0);
    }

    #[test]
    fn measured_times_pass_through_their_points_and_go_on_straight() {
        let model = model(&[("service", "h100_tp8")]);
        assert!((model.prefill_s(2048, 0) - 0.134).abs() < 1e-12);
        assert!((model.prefill_s(256, 0) - 0.027).abs() < 1e-12);
        assert!((model.prefill_s(49_152, 0) - (2.936 + 1.384)).abs() < 1e-12);
        assert!((model.prefill_s(4096, 2048) - 0.242).abs() < 1e-12);
    }
}
