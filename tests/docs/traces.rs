//! docs/traces.md is made from the table of formats as far as it is a table.

use kvscope::trace::formats::FORMATS;

/// The page's table, a row a format.
fn table() -> String {
    let mut text = "| format | project | fields | time unit | block size | identity of a block | \
                    modelled | not modelled |\n|---|---|---|---|---|---|---|---|\n"
        .to_owned();
    for format in FORMATS {
        let about = format.about;
        text += &format!(
            "| {} (`{}`) | {} | {} | {} | {} | {} | {} | {} |\n",
            format.title,
            format.id,
            format.project,
            about.fields,
            about.time,
            about.block,
            about.identity,
            about.modelled,
            about.not_modelled
        );
    }
    text
}

#[test]
fn the_table_of_traces_is_that_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/traces.md");
    let page = std::fs::read_to_string(path).expect("the page is there");
    let (start, end) = ("<!-- table -->\n\n", "\n<!-- end of table -->");
    let from = page.find(start).expect("the table's start") + start.len();
    let to = page.find(end).expect("the table's end");
    if std::env::var_os("KVSCOPE_WRITE_DOCS").is_some() {
        let written = [&page[..from], &table(), &page[to..]].concat();
        std::fs::write(path, written).expect("the page can be written");
        return;
    }
    assert!(
        page[from..to] == table(),
        "docs/traces.md is not what the table says: write it anew with \
         `KVSCOPE_WRITE_DOCS=1 cargo test --test docs traces`"
    );
}
