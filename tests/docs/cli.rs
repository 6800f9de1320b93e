//! docs/cli.md is made from the command line's own words.

use crate::read;
use std::process::Command;

#[test]
fn the_page_of_the_command_line_is_made_from_its_words() {
    let made = Command::new(env!("CARGO_BIN_EXE_kvscope")).args(["man", "--markdown"]).output();
    let made = made.expect("the command line runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(
        read("docs/cli.md").as_bytes() == made.stdout,
        "docs/cli.md is not what the command line says; make it anew with\n\
         cargo run --quiet --bin kvscope -- man --markdown > docs/cli.md"
    );
}
