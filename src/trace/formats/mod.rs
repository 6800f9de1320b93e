//! The formats that traces come in: one file and one row each, and nothing else knows a name
//! that a trace uses.
//!
//! A format is told by the keys of its rows, never by the file's name. The reader itself is
//! generic: it knows what a key can mean ([`Field`]) and takes the names from here, those of all
//! formats at once, so a file that mixes them is read as well.

mod names;
mod unit;

mod mooncake;
mod dynamo;
mod agentic_mooncake;
mod dynamo_request_trace;
mod qwen_bailian;
mod kvcache_ai;
mod aiperf;
mod weka;
mod ragpulse;
mod tair_optimizer;
mod tair_timeline;
mod tair_replay;
mod llm_serving_sim;
mod lmcache_lookup;
mod baseten;
mod burstgpt;
mod azure;
mod aliases;

pub use names::Field;
pub(super) use names::{Key, Names, Vocabulary};
pub use unit::TimeUnit;

use serde::Serialize;

/// Every format, the one whose names are preferred first.
pub static FORMATS: &[&Format] = &[
    &mooncake::ROW,
    &dynamo::ROW,
    &agentic_mooncake::ROW,
    &dynamo_request_trace::ROW,
    &qwen_bailian::ROW,
    &kvcache_ai::ROW,
    &aiperf::ROW,
    &weka::ROW,
    &ragpulse::ROW,
    &tair_optimizer::ROW,
    &tair_timeline::ROW,
    &tair_replay::ROW,
    &llm_serving_sim::ROW,
    &lmcache_lookup::ROW,
    &baseten::ROW,
    &burstgpt::ROW,
    &azure::ROW,
    &aliases::ROW,
];

/// One format.
#[derive(Debug)]
pub struct Format {
    /// Short name, as reports have it.
    pub id: &'static str,
    /// What to call it in front of people.
    pub title: &'static str,
    /// The project that writes or reads it.
    pub project: &'static str,
    /// What it calls prompt and output length.
    pub lengths: &'static [Lengths],
    /// What it calls everything else.
    pub names: &'static [(Field, &'static [&'static str])],
    /// How it is told.
    pub sign: Sign,
    /// What its header's or rows' `schema` starts with.
    pub schemas: &'static [&'static str],
    /// The versions of these that are known.
    pub versions: &'static [u32],
    /// The unit of times whose name states none.
    pub time_unit: Option<TimeUnit>,
    /// That unit holds only where every time is a whole number.
    pub whole_times: bool,
    /// The block size where nothing states one and none fits.
    pub block_size: Option<u32>,
    /// Whether ids are known to be of full blocks only.
    pub full_blocks: bool,
    /// Whether rows are known to carry whole prompts.
    pub whole_rows: bool,
    /// Values of [`Field::Kind`] whose rows are no requests.
    pub skipped: &'static [(&'static str, &'static [&'static str])],
    /// For the documentation.
    pub about: About,
}

/// Names of lengths come in pairs, so that no half of one can be forgotten.
#[derive(Clone, Copy, Debug)]
pub enum Lengths {
    /// Prompt and output.
    Pair(&'static str, &'static str),
    /// Of a log that has no outputs. Yields to any other name of a prompt length.
    PromptOnly(&'static str),
}

/// How a format is told: by names that stand on its rows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sign {
    /// One of these does; none listed: nothing does.
    pub any: &'static [&'static str],
    /// All of these do; none listed: nothing is asked.
    pub all: &'static [&'static str],
    /// None of these does.
    pub none: &'static [&'static str],
    /// Ids come in groups.
    pub groups: bool,
    /// Yields to any format that is told as well.
    pub weak: bool,
}

/// A row of docs/traces.md.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// Its fields, as it spells them.
    pub fields: &'static str,
    /// Unit of its times.
    pub time: &'static str,
    /// Tokens in a block.
    pub block: &'static str,
    /// What makes two ids the same block.
    pub identity: &'static str,
    /// What of it a run takes into account.
    pub modelled: &'static str,
    /// And what not.
    pub not_modelled: &'static str,
}

impl Format {
    /// What most rows have in common.
    const PLAIN: Self = Self {
        id: "",
        title: "",
        project: "",
        lengths: &[],
        names: &[],
        sign: Sign { any: &[], all: &[], none: &[], groups: false, weak: false },
        schemas: &[],
        versions: &[],
        time_unit: None,
        whole_times: false,
        block_size: None,
        full_blocks: false,
        whole_rows: false,
        skipped: &[],
        about: About {
            fields: "",
            time: "",
            block: "",
            identity: "",
            modelled: "",
            not_modelled: "",
        },
    };

    /// Whether rows with these names, taken together, are of this format.
    fn is_told_by(&self, all: &Vocabulary, seen: &Names, groups: bool, schema: &str) -> bool {
        let sign = &self.sign;
        let any = sign.any.is_empty() || seen.meet(&all.set(sign.any));
        let whole = seen.hold(&all.set(sign.all));
        let none = !seen.meet(&all.set(sign.none));
        let asked = !sign.any.is_empty() || !sign.all.is_empty() || sign.groups;
        let named = self.schemas.iter().any(|name| schema.starts_with(name));
        named || (asked && any && whole && none && (groups || !sign.groups))
    }

    /// The format of rows that have these names, and of a header that names this `schema`.
    pub(super) fn told(
        all: &Vocabulary,
        seen: &Names,
        groups: bool,
        schema: &str,
    ) -> &'static Self {
        let told = |weak| {
            let mut rows = FORMATS.iter().filter(move |row| row.sign.weak == weak);
            rows.find(|row| row.is_told_by(all, seen, groups, schema))
        };
        told(false).or_else(|| told(true)).unwrap_or(&&aliases::ROW)
    }

    /// The format called `id`.
    pub fn find(id: &str) -> Option<&'static Self> {
        FORMATS.iter().find(|row| row.id == id).copied()
    }
}

/// Every name that a field has in any format, the preferred one first; suffixes of units aside.
pub fn names_of(field: Field) -> Vec<&'static str> {
    Vocabulary::new().names(field).collect()
}

/// Whether ids mean the same block in every session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IdScope {
    /// They do.
    Global,
    /// An id names a block of its play, session or session object.
    Local,
    /// Rows say the one and the other.
    Mixed,
}

/// What rows of a session carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RowsAre {
    /// The whole prompt.
    Whole,
    /// What is new since the session's row before.
    Delta,
}

/// When rows of a session arrive under the timed clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionsAre {
    /// After the session's row before has finished.
    Closed,
    /// When the trace says, whatever became of the row before.
    AsLogged,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_says_all_that_the_documentation_needs() {
        for (at, row) in FORMATS.iter().enumerate() {
            let about = row.about;
            let texts = [
                row.id,
                row.title,
                row.project,
                about.fields,
                about.time,
                about.block,
                about.identity,
                about.modelled,
                about.not_modelled,
            ];
            assert!(texts.iter().all(|text| !text.is_empty()), "{row:?}");
            assert!(FORMATS[..at].iter().all(|other| other.id != row.id), "{} twice", row.id);
            assert!(std::ptr::eq(Format::find(row.id).expect("it is in the table"), *row));
        }
    }

    /// Each sign is tried on its own names, and must tell its own row.
    #[test]
    fn every_sign_tells_its_row() {
        let all = Vocabulary::new();
        for row in FORMATS.iter().filter(|row| row.id != "aliases") {
            let mut seen = all.set(row.sign.all);
            if let Some(name) = row.sign.any.first() {
                seen.join(&all.set(&[name]));
            }
            let told = Format::told(&all, &seen, row.sign.groups, "");
            assert_eq!(told.id, row.id);
            for schema in row.schemas {
                assert_eq!(Format::told(&all, &Names::default(), false, schema).id, row.id);
            }
        }
        assert_eq!(Format::told(&all, &all.set(&["t", "in"]), false, "x").id, "aliases");
    }
}
