//! The program: everything that deals with terminals, files or options.
//!
//! `args` is what was typed, `environment` completes it with variables, and `settings` is what
//! follows from both; `filter` passes logs through, `lookup` and `explain_line` answer questions,
//! and `generate` writes what shells and `man` read. The exit status is decided here, and only
//! here.

mod access;
mod ahead;
mod args;
#[cfg(unix)]
mod closed;
mod completion;
#[cfg(windows)]
mod console;
mod container;
mod decode;
#[cfg(any(windows, test))]
mod device;
mod environment;
mod explain_line;
mod filter;
mod generate;
mod help;
mod hint;
mod identity;
mod input;
mod interrupt;
mod log_writer;
mod lookup;
mod manual;
mod messages;
mod nearest;
#[cfg(target_os = "linux")]
mod opened;
mod output;
mod pass;
mod plain;
mod progress;
mod reports;
mod screen;
mod settings;
#[cfg(any(windows, test))]
mod shown;
mod targets;
mod unpack;
mod values;
mod version;
mod writable;
mod zip;

use std::io::{self, ErrorKind};
use std::process::ExitCode;

use args::{Cli, Command};
use clap::FromArgMatches;
use environment::Replaced;
use messages::complain;
use settings::Settings;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    /// Everything was done.
    Success,
    /// `--fail-on` found something.
    Found,
    /// An input or output failed, or the command line is wrong.
    Failure,
}

fn main() -> ExitCode {
    #[cfg(windows)]
    console::enable_escapes();
    let status = run().unwrap_or_else(|error| show(&error));
    ExitCode::from(match status {
        Status::Success => 0,
        Status::Found => 1,
        Status::Failure => 2,
    })
}

fn run() -> anyhow::Result<Status> {
    #[cfg(unix)]
    closed::refuse()?;
    let matches = environment::parse()?;
    let mut cli = Cli::from_arg_matches(&matches)?;
    args::check_subcommand(&matches)?;
    cli.shared.replaced = Replaced::new(&matches);
    cli.shared.keep_all_catalogs(&environment::catalogs(std::env::args_os().skip(1)));
    #[cfg(unix)]
    closed::take_places(cli.read_paths(), cli.written_paths())?;
    cli.filter.report = targets::with_stdout(cli.filter.report)?;
    if let Some(Command::Generate { what, words }) = &cli.command {
        return generate::run(*what, words);
    }
    let texts = settings::read_catalogs(&cli.shared)?;
    let catalog = settings::build_catalog(&cli.shared, &texts)?;
    match &cli.command {
        None => filter::run(&Settings::new(&cli.shared, &cli.filter, &catalog)?, &catalog),
        Some(Command::Explain { numbers, line: None, .. }) => {
            lookup::explain(numbers, &cli.shared, &catalog)
        }
        Some(Command::Explain { line: Some(line), strictness, encoding, .. }) => {
            let question =
                explain_line::Question { text: line, strictness: *strictness, encoding: *encoding };
            explain_line::run(&question, &cli.shared, &catalog)
        }
        Some(Command::List { text }) => lookup::list(text.as_deref(), &cli.shared, &catalog),
        Some(Command::Generate { .. }) => unreachable!("it needs no catalog"),
    }
}

/// Shows an error, or what clap returns as one: the help and the version.
fn show(error: &anyhow::Error) -> Status {
    match error.downcast_ref::<clap::Error>() {
        None => match error.downcast_ref::<io::Error>() {
            Some(error) => complain(&reason(error)),
            None => complain(&format!("{error:#}")),
        },
        Some(error) if error.use_stderr() => messages::usage_error(error),
        Some(answer) => return messages::answer(answer),
    }
    Status::Failure
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
