//! Finding the relative links of Markdown pages, and those that lead nowhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Every Markdown page of the repository.
pub(crate) fn pages(root: &Path) -> Vec<PathBuf> {
    let args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"];
    let listed = Command::new("git").args(args).current_dir(root).output().expect("git runs");
    let names = String::from_utf8(listed.stdout).expect("file names are UTF-8");
    let pages = names.split_terminator('\0').map(|name| root.join(name));
    pages.filter(|page| page.is_file()).collect()
}

/// The links of a page to files, or headings, that are not there.
pub(crate) fn dead(root: &Path, page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).expect("a page");
    let name = page.strip_prefix(root).unwrap_or(page).display();
    let mut dead = Vec::new();
    for link in targets(&text) {
        if link.contains("://") || link.starts_with("mailto:") {
            continue;
        }
        let (path, heading) = link.split_once('#').unwrap_or((link, ""));
        let target = if path.is_empty() {
            page.to_path_buf()
        } else {
            page.parent().unwrap_or(root).join(path)
        };
        if !target.exists() {
            dead.push(format!("{name}: {link}: no such file"));
        } else if !heading.is_empty() && !anchors(&target).iter().any(|anchor| anchor == heading) {
            dead.push(format!("{name}: {link}: no such heading"));
        }
    }
    dead
}

/// What stands in `](…)`, outside code.
fn targets(text: &str) -> Vec<&str> {
    let mut fenced = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        }
        if !fenced {
            let links = line.split("](").skip(1);
            found.extend(links.filter_map(|rest| Some(rest.split_once(')')?.0)));
        }
    }
    found
}

/// The anchors that a page's headings get: lower case, hyphens for blanks, no punctuation.
fn anchors(page: &Path) -> Vec<String> {
    let text = fs::read_to_string(page).unwrap_or_default();
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let anchor = |line: &str| {
        let words = line.trim_start_matches('#').trim().to_lowercase();
        let kept = words.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(anchor).collect()
}
