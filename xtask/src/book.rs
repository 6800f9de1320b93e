//! `cargo xtask book`: the pages of docs/ as a book, made by mdBook.

use crate::shell::Shell;
use crate::tools;

/// The exact version, as of every tool.
const MDBOOK: &str = "0.5.4";

/// Builds the book into the place that book.toml names.
pub(crate) fn build(sh: &Shell) -> anyhow::Result<()> {
    tools::cargo_tool(sh, "mdbook", "mdbook", MDBOOK, &["--locked"])?;
    sh.run("building the book", &mut sh.with("mdbook", ["build"]))?;
    println!("The book is in target/book.");
    Ok(())
}
