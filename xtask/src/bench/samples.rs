//! What the measuring programs print, gathered over all runs.

use std::collections::BTreeMap;

use anyhow::{Context, bail};

/// Cases by name.
#[derive(Default)]
pub(crate) struct Samples {
    measured: BTreeMap<String, Measured>,
    /// Why a case has no value.
    missing: BTreeMap<String, String>,
    /// Twin, the case that counted first, and what it counted.
    counted: BTreeMap<String, (String, String)>,
}

#[derive(Default)]
struct Measured {
    values: Vec<f64>,
    work: f64,
}

impl Samples {
    /// Takes the lines `name, value, work, twin, counted` or `name, "none", reason` of a program
    /// called `program`; both are parted by tabs. Fails where twins counted differently.
    pub(crate) fn take(&mut self, program: &str, lines: &str) -> anyhow::Result<()> {
        for line in lines.lines() {
            let parts: Vec<&str> = line.split('\t').collect();
            match parts[..] {
                [name, "none", reason] => self.lacks(&named(program, name), reason),
                [name, value, work, twin, counted] => {
                    let name = named(program, name);
                    let number =
                        |text: &str| text.parse().with_context(|| format!("{name}: {line}"));
                    let (value, work): (f64, f64) = (number(value)?, number(work)?);
                    self.compare(&name, twin, counted)?;
                    let measured = self.measured.entry(name).or_default();
                    measured.values.push(value);
                    measured.work = work;
                }
                _ => bail!("{program} printed what is no measurement: {line}"),
            }
        }
        Ok(())
    }

    fn compare(&mut self, name: &str, twin: &str, counted: &str) -> anyhow::Result<()> {
        if twin.is_empty() {
            return Ok(());
        }
        let first = self.counted.entry(twin.to_owned());
        let (other, before) = first.or_insert_with(|| (name.to_owned(), counted.to_owned()));
        if before != counted {
            bail!("not the same work: {name} counted {counted}, and {other} {before}");
        }
        Ok(())
    }

    /// Notes that there will be no value, and why.
    pub(crate) fn lacks(&mut self, name: &str, reason: &str) {
        self.missing.insert(name.to_owned(), reason.to_owned());
    }

    /// The median of a case's values, or why there is none.
    pub(crate) fn median(&self, name: &str) -> Result<f64, &str> {
        let Some(measured) = self.measured.get(name) else {
            return Err(self.missing.get(name).map_or("not measured", String::as_str));
        };
        let mut values = measured.values.clone();
        values.sort_by(f64::total_cmp);
        Ok(values[values.len() / 2])
    }

    /// The same for one unit of its work.
    pub(crate) fn cost(&self, name: &str) -> Result<f64, &str> {
        Ok(self.median(name)? / self.measured[name].work)
    }
}

/// The same case run by several programs has a name by each.
fn named(program: &str, name: &str) -> String {
    if program == "native" { name.to_owned() } else { format!("{program}:{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_taken_over_all_runs() {
        let mut samples = Samples::default();
        for value in ["3", "1", "9"] {
            samples.take("native", &format!("a\t{value}\t2\t\t")).unwrap();
        }
        samples.take("wasm", "a\t8\t2\t\t\nb\tnone\tnobody has it\n").unwrap();
        assert_eq!(samples.median("a"), Ok(3.0));
        assert_eq!(samples.cost("a"), Ok(1.5));
        assert_eq!(samples.cost("wasm:a"), Ok(4.0));
        assert_eq!(samples.median("wasm:b"), Err("nobody has it"));
        assert_eq!(samples.median("c"), Err("not measured"));
    }

    #[test]
    fn twins_that_count_differently_are_an_error() {
        let mut samples = Samples::default();
        samples.take("native", "a\t1\t1\tt\t7 hits").unwrap();
        samples.take("wasm", "a\t1\t1\tt\t7 hits\nb\t1\t1\t\t8 hits").unwrap();
        let error = samples.take("native", "c\t1\t1\tt\t8 hits").unwrap_err().to_string();
        assert_eq!(error, "not the same work: c counted 8 hits, and a 7 hits");
    }

    #[test]
    fn what_is_no_measurement_is_an_error() {
        assert!(Samples::default().take("native", "Segmentation fault").is_err());
        assert!(Samples::default().take("native", "a\tsoon\t1\t\t").is_err());
    }
}
