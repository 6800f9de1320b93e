//! The page docs/cli.md: the command line's own words, with what is said in many places said once.

use super::args::{Cli, EXIT_CODES};
use super::args_cluster::{ClusterArgs, ReadingArgs};
use clap::{Arg, Args, Command, CommandFactory, Id};

const HEAD: &str = "# Command line

This page is made from the command line's own words by `kvscope man --markdown`; a test compares
them. `kvscope COMMAND --help` says the same.

```sh
cargo install --path .                 # in a clone: puts kvscope on the path
kvscope run conversation_trace.jsonl --nodes 8 --router cache_aware
kvscope synth toolagent | kvscope run - --clock timed --router conductor    # with no trace at hand
```

A shell completes commands and flags with what `kvscope completions` prints, and `man kvscope` and
`man kvscope-run` find what `kvscope man` prints:

```sh
kvscope completions bash > ~/.local/share/bash-completion/completions/kvscope
kvscope completions zsh > \"${fpath[1]}/_kvscope\"
kvscope completions fish > ~/.config/fish/completions/kvscope.fish

pages=~/.local/share/man/man1
mkdir -p $pages && kvscope man > $pages/kvscope.1
for command in run compare explain trace curve sweep merge advise study synth policies; do
  kvscope man $command > $pages/kvscope-$command.1
done
```

The same core is a [library for Rust, Python and JavaScript](python.md#other-languages).

";

/// What is said of a command whose options include a group that is told once.
const GROUPS: [(&str, &str); 2] = [("The cluster", "the-cluster"), ("Reading", "reading")];

/// The whole page.
pub(crate) fn page() -> String {
    let mut program = Cli::command();
    program.build();
    let reading = options_of::<ReadingArgs>();
    let mut cluster = options_of::<ClusterArgs>();
    cluster.retain(|arg| !has(&reading, arg.get_id()));
    let groups = [&cluster[..], &reading[..]];

    let mut page = format!("{HEAD}{}\n", exit_codes());
    let is_own = |command: &&Command| command.get_name() != "help";
    for command in program.get_subcommands().filter(is_own) {
        section(&mut page, command, groups);
    }
    for ((title, _), options) in GROUPS.iter().zip(groups) {
        page.push_str(&format!("## {title}\n\n"));
        table(&mut page, &mut options.iter());
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

fn options_of<A: Args>() -> Vec<Arg> {
    let mut command = A::augment_args(Command::new("group").disable_help_flag(true));
    command.build();
    command.get_arguments().cloned().collect()
}

fn has(options: &[Arg], id: &Id) -> bool {
    options.iter().any(|arg| arg.get_id() == id)
}

/// The codes as a table; the words are those below every command's help.
fn exit_codes() -> String {
    let mut text = String::from("| exit code | means |\n|---|---|\n");
    let mut rest = Vec::new();
    for line in EXIT_CODES.lines().skip(1) {
        match line.trim_start().split_once("  ") {
            Some((code, means)) => text.push_str(&format!("| {code} | {} |\n", cell(means))),
            None => rest.push(line),
        }
    }
    text + "\n" + &rest.join("\n") + "\n"
}

fn section(page: &mut String, command: &Command, groups: [&[Arg]; 2]) {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ");
    page.push_str(&format!("## `{}`\n\n{about}.\n\n", command.get_name()));
    page.push_str(&format!("```text\n{usage}\n```\n\n"));

    // A command has a group whole, or words of its own that only sound alike.
    let whole = |group: &[Arg]| {
        group.iter().all(|arg| command.get_arguments().any(|own| own.get_id() == arg.get_id()))
    };
    let taken: Vec<_> = GROUPS.iter().zip(groups).filter(|(_, group)| whole(group)).collect();
    let is_own = |arg: &&Arg| {
        let id = arg.get_id();
        id != "help" && !taken.iter().any(|(_, group)| has(group, id))
    };
    table(page, &mut command.get_arguments().filter(is_own));

    let links = taken.iter();
    let links: Vec<String> = links
        .map(|((title, anchor), _)| format!("[{}](#{anchor})", title.to_lowercase()))
        .collect();
    if !links.is_empty() {
        page.push_str(&format!("And the options of {}.\n\n", links.join(" and of ")));
    }
    if let Some(examples) = command.get_after_help().map(ToString::to_string)
        && let examples = examples.replace(EXIT_CODES, "")
        && !examples.trim().is_empty()
    {
        page.push_str(&format!("```text\n{}\n```\n\n", examples.trim()));
    }
}

fn table(page: &mut String, args: &mut dyn Iterator<Item = &Arg>) {
    let mut args = args.peekable();
    if args.peek().is_none() {
        return;
    }
    page.push_str("| argument | is |\n|---|---|\n");
    for arg in args {
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        page.push_str(&format!(
            "| `{}` | {}{} |\n",
            cell(&arg.to_string()),
            cell(&help),
            known(arg)
        ));
    }
    page.push('\n');
}

/// What clap itself adds to the help: a default, and the values that there are.
fn known(arg: &Arg) -> String {
    let mut text = String::new();
    if !arg.get_action().takes_values() {
        return text;
    }
    let values: Vec<String> =
        arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    if !values.is_empty() {
        text += &format!(" [one of {}]", values.join(", "));
    }
    for default in arg.get_default_values() {
        text += &format!(" [default: {}]", default.to_string_lossy());
    }
    text
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loop_over_manual_pages_names_every_command_that_serves() {
        let (_, rest) = HEAD.split_once("for command in ").expect("a loop");
        let named: Vec<&str> = rest.split(';').next().unwrap_or_default().split(' ').collect();
        let program = Cli::command();
        let mut there: Vec<&str> = program.get_subcommands().map(Command::get_name).collect();
        there.retain(|name| !["completions", "man"].contains(name));
        assert_eq!(named, there);
    }

    #[test]
    fn an_option_stands_once_however_many_commands_have_it() {
        let page = page();
        // The router of `curve` is one of its own: it counts only with several nodes.
        for (option, times) in
            [("--time-unit", 1), ("--perturb", 1), ("--shard", 1), ("--router", 2)]
        {
            assert_eq!(page.matches(&format!("| `{option} ")).count(), times, "{option}");
        }
        assert!(page.contains("And the options of [the cluster](#the-cluster) and of [reading]"));
    }
}
