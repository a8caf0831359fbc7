//! The program: all that knows a terminal, a file or an option.
//!
//! `args` is what was typed, `settings` what is to be done; `filter` passes logs through, `lookup`
//! answers questions. The exit status is decided here.

mod args;
mod decode;
mod explain_line;
mod filter;
mod input;
mod interrupt;
mod lookup;
mod reports;
mod settings;
mod version;

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use args::{Cli, Command};
use clap::Parser;
use settings::Settings;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// All was done.
    Success,
    /// `--fail-on` found something.
    Found,
    /// An input or output failed, or the command line is wrong.
    Failure,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    settings::check_command(&cli);
    let status = run(&cli).unwrap_or_else(|error| {
        complain(&format!("{error:#}"));
        Status::Failure
    });
    ExitCode::from(match status {
        Status::Success => 0,
        Status::Found => 1,
        Status::Failure => 2,
    })
}

fn run(cli: &Cli) -> anyhow::Result<Status> {
    let texts = settings::read_catalogs(&cli.shared.catalog).map_err(anyhow::Error::msg)?;
    let catalog = settings::build_catalog(&cli.shared, &texts).map_err(anyhow::Error::msg)?;
    match &cli.command {
        None => filter::run(&Settings::new(&cli.shared, &cli.filter, &catalog), &catalog),
        Some(Command::Explain { numbers, line: None, .. }) => {
            lookup::explain(numbers, &cli.shared, &catalog)
        }
        Some(Command::Explain { line: Some(line), strict, .. }) => {
            explain_line::run(line, settings::strictness(*strict), &cli.shared, &catalog)
        }
        Some(Command::List { text }) => lookup::list(text.as_deref(), &cli.shared, &catalog),
        Some(Command::Generate { what }) => lookup::generate(*what),
    }
}

/// One line on standard error. Nobody is left to tell if that fails.
pub(crate) fn complain(what: &str) {
    let _ = writeln!(io::stderr(), "jm-annotate: {what}");
}

/// An error's reason without the number that the standard library adds.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = match error.kind() {
        ErrorKind::IsADirectory => "Is a directory".to_owned(),
        _ => error.to_string(),
    };
    match text.find(" (os error ") {
        Some(at) => text[..at].to_owned(),
        None => text,
    }
}
