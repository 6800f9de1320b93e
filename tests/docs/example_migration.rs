//! Spread the first: the root block of a request just served is copied to the emptiest node.
//!
//! Cost: O(nodes) a request. Parameters: none. When not to use it: it is an example.

use kvscope::columns::Kept;
use kvscope::migrate::{
    Formula, MigrationRow, MigrationView, Migrator, MoveKind, Origin, Plan, Transfer,
};
use kvscope::model::{BlockId, NodeId};
use kvscope::route::Outcome;

/// The table row.
pub static ROW: MigrationRow = MigrationRow {
    id: "spread_first",
    title: "Spread the first block",
    summary: "The first block of the last request is copied to the emptiest node.",
    formula: Formula::new("first block of the last request → node with fewest blocks"),
    source: "an example",
    origin: Origin::Paper,
    params: &[],
    needs: &[],
    build: |_build| Box::new(SpreadFirst { latest: None }),
};

#[derive(Clone)]
struct SpreadFirst {
    latest: Option<(NodeId, BlockId)>,
}

impl Migrator for SpreadFirst {
    fn plan(&mut self, view: &MigrationView<'_>) -> Plan {
        let Some((source, block)) = self.latest.take() else { return Plan::new() };
        let emptiest = (0..view.resident.len()).min_by_key(|&node| view.resident[node]);
        let target = emptiest.map(NodeId::from_index);
        // The block may be gone by now; a plan must name resident blocks only.
        let held = view.residency.contains(block, source);
        let target = target.filter(|&target| held && target != source);
        let transfer =
            |target| Transfer { kind: MoveKind::Copy, source, target, blocks: vec![block] };
        target.map(transfer).into_iter().collect()
    }

    fn learn(&mut self, _now_s: f64, blocks: &[BlockId], outcome: &Outcome) {
        self.latest = blocks.first().map(|&block| (outcome.node, block));
    }

    fn keep_names(&self, kept: &mut Kept) {
        self.latest.iter().for_each(|&(_, block)| kept.keep(block));
    }
}
