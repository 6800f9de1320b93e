//! The table of migration and replication rules.

use super::{MigrationRow, rules};

/// Every rule, in the order menus show them. The id `auto` (the router's own rule) and `none`
/// are not rows: they say which row, if any, applies.
pub static MIGRATIONS: &[&MigrationRow] =
    &[&rules::cold_first::ROW, &rules::heat_window::ROW, &rules::ttft_doubling::ROW];

/// The row called `id`.
pub fn find(id: &str) -> Option<&'static MigrationRow> {
    MIGRATIONS.iter().copied().find(|row| row.id == id)
}
