use kvscope::config::Config;
use kvscope::sim::Simulator;
use kvscope::trace::{ReadOptions, TraceReader};

/// Token hit rate of a trace on eight nodes of 5,859 blocks.
pub fn token_hit_rate(trace: &[u8]) -> kvscope::error::Result<f64> {
    let mut simulator = Simulator::new(&Config::new(8, 5859))?;
    let mut reader = TraceReader::new(ReadOptions::default());
    reader.push(trace, simulator.queue()); // chunks of any size
    reader.finish(simulator.queue());
    simulator.end();
    simulator.run()?;
    Ok(simulator.summary().token_hit_rate)
}
