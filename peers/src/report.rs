//! What a comparison found: one line a row, which `cargo xtask peers` puts into its table.

/// One row of the table.
#[derive(Clone, Debug, Default)]
pub(crate) struct Row {
    /// Its name: after the check's name and a slash it reruns the row.
    pub(crate) name: String,
    /// Comparisons that came out equal.
    pub(crate) equal: u64,
    /// Those that did not, for a reason that is known and told in `note`.
    pub(crate) explained: u64,
    /// Those that did not, and nobody knows why.
    pub(crate) open: u64,
    /// What was compared, and why some differ.
    pub(crate) note: String,
    /// How far apart those are that are explained, at most, as a share of theirs.
    furthest: f64,
    /// The first few that are open, for whoever looks into them.
    shown: Vec<String>,
}

/// How many open differences are shown in full.
const SHOWN: usize = 3;

impl Row {
    pub(crate) fn new(name: impl Into<String>, note: impl Into<String>) -> Self {
        Self { name: name.into(), note: note.into(), ..Self::default() }
    }

    /// Counts one comparison; `what` tells of a difference.
    pub(crate) fn count(&mut self, is_equal: bool, what: impl FnOnce() -> String) {
        if is_equal {
            self.equal += 1;
            return;
        }
        self.open += 1;
        if self.shown.len() < SHOWN {
            self.shown.push(what());
        }
    }

    /// Counts a difference whose reason is known, and how far apart the two are.
    pub(crate) fn explain(&mut self, ours: u64, theirs: u64) {
        self.explained += 1;
        let apart = ours.abs_diff(theirs) as f64 / theirs.max(1) as f64;
        self.furthest = self.furthest.max(apart);
    }

    /// Prints the row for the table, and the first open differences for people.
    pub(crate) fn print(&self) {
        let Self { name, equal, explained, open, note, furthest, shown } = self;
        for line in shown {
            eprintln!("open: {name}: {line}");
        }
        let cases = equal + explained + open;
        print!("{name}\t{cases}\t{equal}\t{explained}\t{open}\t{note}");
        if 0.0 < *furthest {
            print!("; at most {:.1} % apart", 100.0 * furthest);
        }
        println!();
    }
}
