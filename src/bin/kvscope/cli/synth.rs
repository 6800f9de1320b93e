//! `synth`: a built-in workload as a trace file.

use super::args::SynthArgs;
use super::{AskedWrong, print};
use anyhow::Result;
use kvscope::suggest;
use kvscope::trace::synth::{Workload, find, workloads};
use kvscope::trace::{RawRequest, write_line};
use std::io::Write;

/// Written at once.
const CHUNK: usize = 1 << 16;

pub(crate) fn synth(args: &SynthArgs) -> Result<()> {
    let Some(row) = find(&args.workload) else {
        let ids: Vec<&str> = workloads().iter().map(|row| row.id).collect();
        let expected = suggest::one_of(&args.workload, &ids);
        let told = format!("found workload {}, expected {expected}", args.workload);
        return Err(AskedWrong(told).into());
    };
    let requests = args.requests.unwrap_or(row.default_requests);
    let mut workload = Workload::new(row, args.seed, requests);
    let (mut request, mut lines) = (RawRequest::default(), Vec::new());
    print::results(|out| {
        while workload.next_into(&mut request) {
            write_line(&request, &mut lines);
            if CHUNK <= lines.len() {
                out.write_all(&lines)?;
                lines.clear();
            }
        }
        out.write_all(&lines)
    })
}
