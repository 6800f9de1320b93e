//! `completions` and `man`: what a shell and `man` have of the command line, made from its words.

use super::args::Cli;
use super::{AskedWrong, chapter, print};
use anyhow::Result;
use clap::{Args, Command, CommandFactory};
use clap_mangen::Man;
use kvscope::suggest;
use std::io::Write;

const PROGRAM: &str = "kvscope";

#[derive(Args)]
#[command(after_help = "Example: kvscope completions bash > /etc/bash_completion.d/kvscope")]
pub(crate) struct CompletionsArgs {
    /// The shell.
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Args)]
#[command(after_help = "Example: kvscope man run | man -l -")]
pub(crate) struct ManArgs {
    /// The command; without one, the program.
    pub(crate) command: Option<String>,
    /// Print the page docs/cli.md.
    #[arg(long, conflicts_with = "command")]
    pub(crate) markdown: bool,
}

pub(crate) fn completions(args: &CompletionsArgs) -> Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), PROGRAM, &mut script);
    print::results(|out| out.write_all(&script))
}

pub(crate) fn man(args: &ManArgs) -> Result<()> {
    if args.markdown {
        return print::results(|out| out.write_all(chapter::page().as_bytes()));
    }
    let mut program = Cli::command();
    program.build();
    let page = match &args.command {
        None => Man::new(program),
        Some(name) => {
            let names: Vec<&str> = program.get_subcommands().map(Command::get_name).collect();
            let Some(found) = program.find_subcommand(name) else {
                let told = suggest::one_of(name, &names);
                return Err(AskedWrong(format!("found command {name}, expected {told}")).into());
            };
            Man::new(found.clone()).title(format!("{PROGRAM}-{name}"))
        }
    };
    let mut text = Vec::new();
    page.render(&mut text)?;
    print::results(|out| out.write_all(&text))
}
