//! The README and its translation say the same, as far as a test can tell: the same headings, the
//! same commands to the letter, the same links, the same figures.

/// What must not differ, in the order in which it stands there.
#[derive(Debug, PartialEq)]
struct Parts {
    /// Depths of headings.
    headings: Vec<usize>,
    /// Lines of fenced code.
    fenced: Vec<String>,
    /// Rows of tables, by how many cells they have.
    tables: Vec<usize>,
    /// What stands between backticks, sorted: a translation has another order of words.
    code: Vec<String>,
    /// Where links lead, sorted; not from one of the two to the other.
    links: Vec<String>,
    /// Figures outside of code, sorted.
    figures: Vec<String>,
}

impl Parts {
    fn of(text: &str) -> Self {
        let (mut headings, mut fenced, mut tables) = (Vec::new(), Vec::new(), Vec::new());
        let mut prose = String::new();
        let mut in_code = false;
        for line in text.lines() {
            if line.starts_with("```") {
                in_code = !in_code;
                fenced.push(line.to_owned());
            } else if in_code {
                fenced.push(line.to_owned());
            } else {
                if line.starts_with('#') {
                    headings.push(line.bytes().take_while(|&byte| byte == b'#').count());
                } else if line.starts_with('|') {
                    tables.push(line.replace("\\|", "").matches('|').count());
                }
                prose += line;
                prose.push('\n');
            }
        }
        // Every other piece stands between backticks.
        let pieces: Vec<&str> = prose.split('`').collect();
        let mut code: Vec<String> =
            pieces.iter().skip(1).step_by(2).map(|piece| (*piece).to_owned()).collect();
        let outside = pieces.iter().step_by(2).copied().collect::<Vec<&str>>().join(" ");
        let mut links: Vec<String> = outside
            .split("](")
            .skip(1)
            .filter_map(|piece| piece.split(')').next())
            .filter(|link| !link.starts_with("README"))
            .map(str::to_owned)
            .collect();
        let without_links: String = outside
            .split("](")
            .map(|piece| piece.split_once(')').map_or(piece, |it| it.1))
            .collect();
        let mut figures: Vec<String> = without_links
            .split(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != ',')
            .map(|word| word.trim_matches(['.', ',']).to_owned())
            .filter(|word| word.contains(|letter: char| letter.is_ascii_digit()))
            .collect();
        code.sort();
        links.sort();
        figures.sort();
        Self { headings, fenced, tables, code, links, figures }
    }
}

#[test]
fn the_translation_is_in_step_with_the_readme() {
    let (readme, translation) = (super::read("README.md"), super::read("README.zh-CN.md"));
    let (one, other) = (Parts::of(&readme), Parts::of(&translation));
    assert_eq!(one.headings, other.headings, "headings");
    assert_eq!(one.fenced, other.fenced, "fenced code");
    assert_eq!(one.tables, other.tables, "tables");
    assert_eq!(one.code, other.code, "commands");
    assert_eq!(one.links, other.links, "links");
    assert_eq!(one.figures, other.figures, "figures");
}

/// The pictures that a page shows, by their paths.
fn pictures(text: &str) -> Vec<&str> {
    let named = text.split([' ', '\n']).filter_map(|word| {
        let path = word.strip_prefix("srcset=\"").or_else(|| word.strip_prefix("src=\""))?;
        path.split('"').next()
    });
    named.filter(|path| path.starts_with("docs/")).collect()
}

/// `npm run animation` in www makes them.
#[test]
fn the_pictures_of_the_readme_are_there_move_and_are_small() {
    let readme = super::read("README.md");
    let named = pictures(&readme);
    assert_eq!(named, pictures(&super::read("README.zh-CN.md")));
    assert_eq!(named.len(), 3, "{named:?}");
    for path in named {
        let bytes = std::fs::read(super::root().join(path)).expect(path);
        assert!(bytes.starts_with(b"RIFF") && bytes[8..].starts_with(b"WEBP"), "{path}");
        assert!(bytes.len() < 2_000_000, "{path} has {} bytes", bytes.len());
        let moves = bytes.windows(4).filter(|word| **word == *b"ANMF").count() > 20;
        assert_eq!(moves, !path.contains("still"), "{path}");
    }
}

#[test]
fn a_step_apart_is_seen() {
    let text = "# A\n\nRun `x` on 12.5 nodes: [here](a.md).\n\n| a | b |\n\n```sh\nx\n```\n";
    let same = "# 甲\n\n在 12.5 个节点上运行 `x`：[这里](a.md)。\n\n| 甲 | 乙 |\n\n```sh\nx\n```\n";
    assert_eq!(Parts::of(text), Parts::of(same));
    for (from, to) in [
        ("# 甲", "## 甲"),
        ("12.5", "12"),
        ("`x`", "`y`"),
        ("a.md", "b.md"),
        ("| 甲 | 乙 |", "| 甲 |"),
        ("\nx\n", "\ny\n"),
    ] {
        assert_ne!(Parts::of(text), Parts::of(&same.replacen(from, to, 1)), "{from}");
    }
}
