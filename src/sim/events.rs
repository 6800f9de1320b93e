//! What happened on the way, as comma-separated values (docs/metrics.md, "Events").

use super::Lane;
use crate::columns::order;
use crate::observe::{AlertRecord, MigrationRecord, TunedRecord};

/// The columns, in their order.
const COLUMNS: &str = "event,what,why,request,time_s,value,until_request,until_s\n";

/// A line, and how many requests had been served by then.
struct Line {
    served: u64,
    text: String,
}

impl Lane {
    /// Perturbations, migrations, alerts and changes of weights so far, in the order in which they
    /// came: what follows on a request before what precedes the next one. O(n log n).
    pub fn events_csv(&self) -> String {
        let metrics = self.metrics();
        let mut lines = Vec::new();
        if let Some(account) = metrics.watched() {
            lines.extend(account.alerts().iter().map(alert));
            account.tuned().iter().for_each(|record| tuned(record, &mut lines));
        }
        for event in self.perturbed().into_iter().flat_map(|found| found.events) {
            let (what, record) = (event.what, event.record);
            let (request, at_s, lost) = (record.request, record.at_s, record.lost_blocks);
            let text = format!("perturbation,{what},,{request},{at_s},{lost},,\n");
            lines.push(Line { served: request - 1, text });
        }
        if let Some(detail) = metrics.detail() {
            lines.extend(detail.history().records().iter().map(moved));
        }
        let mut ordered: Vec<&Line> = lines.iter().collect();
        order::sort_by(&mut ordered, |one, other| one.served.cmp(&other.served));
        ordered.iter().fold(COLUMNS.to_owned(), |csv, line| csv + &line.text)
    }
}

fn alert(record: &AlertRecord) -> Line {
    let AlertRecord { alert, raised, raised_s, value, cleared, cleared_s } = record;
    let until = cleared.map_or(String::new(), |cleared| cleared.to_string());
    let until_s = cleared_s.map_or(String::new(), |cleared_s| cleared_s.to_string());
    let text = format!("alert,{alert},,{raised},{raised_s},{value},{until},{until_s}\n");
    Line { served: *raised, text }
}

/// A line for each weight.
fn tuned(record: &TunedRecord, lines: &mut Vec<Line>) {
    let TunedRecord { request, time_s, reason, .. } = record;
    lines.extend(record.changes.iter().map(|turn| {
        let text = format!("tuned,{},{reason},{request},{time_s},{},,\n", turn.name, turn.new);
        Line { served: request - 1, text }
    }));
}

fn moved(record: &MigrationRecord) -> Line {
    let MigrationRecord { request, time_s, source, target, kind, moved, .. } = record;
    let text = format!("migration,{source} to {target},{kind},{request},{time_s},{moved},,\n");
    Line { served: request - 1, text }
}
