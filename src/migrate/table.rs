//! The table of migration and replication rules.

use super::{MigrationRow, rules};

/// The choice of the router's own rule: not a row, it says which one applies.
pub const AUTO: &str = "auto";

/// The choice of no rule.
pub const NONE: &str = "none";

/// Every rule, in the order menus show them, after [`AUTO`] and [`NONE`].
pub static MIGRATIONS: &[&MigrationRow] =
    &[&rules::cold_first::ROW, &rules::heat_window::ROW, &rules::ttft_doubling::ROW];

/// The row called `id`.
pub fn find(id: &str) -> Option<&'static MigrationRow> {
    MIGRATIONS.iter().copied().find(|row| row.id == id)
}
