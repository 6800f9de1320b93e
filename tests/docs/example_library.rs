use kvscope::config::Config;
use kvscope::session::Session;

/// Token hit rate of a trace on eight nodes of 5,859 blocks.
pub fn token_hit_rate(trace: &[u8]) -> kvscope::error::Result<f64> {
    let mut session = Session::read(&[Config::new(8, 5859)])?;
    session.push(trace)?; // chunks of any size, with steps in between
    session.finish();
    session.run()?;
    Ok(session.lanes()[0].summary().token_hit_rate)
}
