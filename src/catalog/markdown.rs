//! The page docs/policies.md. The web page has no use for it, so it is not in the wasm.

use super::{ChoiceRow, Param, Row, Tables};

impl ChoiceRow {
    fn told(&self) -> String {
        match self.foresight.as_str() {
            "" => self.id.to_owned(),
            known => format!("{} (knows the future: {known})", self.id),
        }
    }
}

impl Param {
    /// What values it takes, in words.
    pub fn values(&self) -> String {
        let unit = if self.unit.is_empty() { String::new() } else { format!(" {}", self.unit) };
        match (self.min, self.max) {
            (Some(min), None) => format!("at least {min}{unit}"),
            (Some(min), Some(max)) => {
                let range = match self.least {
                    Some(least) => format!("0, or in [{least}, {max}]{unit}"),
                    None => format!("in [{min}, {max}]{unit}"),
                };
                match self.least_blocks {
                    Some(1) => format!("{range}, at least 1 block"),
                    Some(blocks) => format!("{range}, at least {blocks} blocks"),
                    None => range,
                }
            }
            _ if self.choices.is_empty() => "true or false".to_owned(),
            _ => self.choices.iter().map(ChoiceRow::told).collect::<Vec<_>>().join(" | "),
        }
    }
}

/// The page docs/policies.md.
pub fn markdown(all: &Tables) -> String {
    let mut page = String::from(
        "# Policies\n\nThis page is made from the tables by `kvscope policies --markdown`; a test \
         compares them.\n",
    );
    let sections: [(&str, &str, Vec<&Row>); 6] = [
        ("Routers", "src/route/policies", all.routers.iter().collect()),
        ("Eviction policies", "src/evict/policies", all.evictions.iter().collect()),
        ("Migration and replication", "src/migrate/rules", all.migrations.iter().collect()),
        ("Clocks", "", all.clocks.iter().collect()),
        ("Workloads", "", all.workloads.iter().map(|line| &line.row).collect()),
        ("Hardware", "", all.hardware.iter().collect()),
    ];
    for (title, folder, rows) in sections {
        page.push_str(&format!("\n## {title}\n"));
        for row in rows {
            section(&mut page, row, folder);
        }
    }
    page.push_str("\n## Presets\n\n| id | title | lesson |\n|---|---|---|\n");
    for preset in &all.presets {
        page.push_str(&format!("| `{}` | {} | {} |\n", preset.id, preset.title, preset.lesson));
    }
    page.push_str("\n## Studies\n\n| id | title | what it answers | source |\n|---|---|---|---|\n");
    for study in &all.studies {
        page.push_str(&format!(
            "| `{}` | {} | {} | {} |\n",
            study.id, study.title, study.summary, study.source
        ));
    }
    page.push_str("\n## Models\n\n| id | model | KV KiB a token | source |\n|---|---|---|---|\n");
    for model in &all.models {
        let kib = model.kv_bytes_per_token / 1024.0;
        page.push_str(&format!(
            "| `{}` | {} | {kib} | {} |\n",
            model.id, model.title, model.source
        ));
    }
    page
}

/// Rows that say what happens without a rule, and have no file.
const WITHOUT_FILE: [&str; 2] = ["auto", "none"];

/// A row; `folder` has a file for each, whose head is its definition.
fn section(page: &mut String, row: &Row, folder: &str) {
    page.push_str(&format!("\n### `{}`: {}\n\n{}\n", row.id, row.title, row.summary));
    if !row.formula.is_empty() {
        page.push_str(&format!("\n    {}\n", row.formula));
    }
    let mut facts = Vec::new();
    if !row.source.is_empty() {
        facts.push(format!("Source: {}.", row.source));
    }
    if let Some(origin) = row.origin {
        facts.push(format!("Origin: {origin}."));
    }
    if !row.needs.is_empty() {
        facts.push(format!("Needs: {}.", row.needs.join(", ")));
    }
    if !row.foresight.is_empty() {
        facts.push(format!("Knows the future: {}.", row.foresight));
    }
    if let Some(rule) = row.migration {
        facts.push(format!("Comes with the migration rule `{rule}`."));
    }
    if !folder.is_empty() && !WITHOUT_FILE.contains(&row.id) {
        facts.push(format!("Definition: `{folder}/{}.rs`.", row.id));
    }
    if !facts.is_empty() {
        page.push_str(&format!("\n{}\n", facts.join(" ")));
    }
    if let Some(production) = &row.production {
        let words = production.words.iter().map(|word| {
            let times =
                if word.times == 1.0 { String::new() } else { format!(" × {}", word.times) };
            format!(", `{}` ({}{times})", word.form, word.param)
        });
        page.push_str(&format!(
            "\nThe same in production ({}): `{}`{}.\n",
            production.project,
            production.switch,
            words.collect::<String>()
        ));
    }
    if row.params.is_empty() {
        return;
    }
    page.push_str("\n| parameter | default | values | meaning |\n|---|---|---|---|\n");
    for param in &row.params {
        let values = param.values().replace('|', "\\|");
        page.push_str(&format!(
            "| `{}` | {} | {values} | {} |\n",
            param.name, param.default, param.help
        ));
    }
}
