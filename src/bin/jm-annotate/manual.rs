//! The manual page of the whole program.
//!
//! Owns its sections. What an option does is said in `args`, and what is in `--help`, too, in
//! `help`.

use std::collections::BTreeSet;
use std::io;

use clap::{Arg, Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};
use jm_annotate::catalog::FAMILIES;

use crate::args::Cli;
use crate::help::{
    ABOUT, EXAMPLES, GENERATE_USAGE, SIGNALS, STATUSES, VARIABLES, usage_of, with_texts,
};

/// The date of the newest release. Only these bytes of the file get into the program.
const DATE: [u8; 10] = newest_date(include_bytes!("../../../CHANGELOG.md"));

/// The date in the first heading of a release: `## [0.1.0] - 2026-11-23`.
const fn newest_date(changes: &[u8]) -> [u8; 10] {
    let mut rest = changes;
    loop {
        rest = match rest {
            [b']', b' ', b'-', b' ', b'2', b'0', ..] => {
                let (_, date) = rest.split_at(4);
                return *date.first_chunk().expect("a date has ten bytes");
            }
            [_, rest @ ..] => rest,
            [] => panic!("no release in the changelog"),
        };
    }
}

/// The page, in the language of `man`.
pub(crate) fn page() -> io::Result<String> {
    let mut command = with_texts(Cli::command());
    command.build();
    let date = String::from_utf8_lossy(&DATE);
    let man = Man::new(command.clone()).title("JM-ANNOTATE").date(date).manual("User Commands");
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    let mut roff = Roff::new();
    synopsis(&mut roff);
    roff.control("SH", ["DESCRIPTION"]);
    paragraphs(&mut roff, ABOUT, "PP");
    options(&mut roff, &command);
    commands(&mut roff, &command);
    examples(&mut roff);
    environment(&mut roff, &command);
    statuses(&mut roff);
    see_also(&mut roff);
    roff.to_writer(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

fn synopsis(roff: &mut Roff) {
    roff.control("SH", ["SYNOPSIS"]);
    for (at, line) in usage_of("").iter().chain([&GENERATE_USAGE]).enumerate() {
        if at > 0 {
            roff.control("br", []);
        }
        roff.text([roman(*line)]);
    }
}

fn options(roff: &mut Roff, command: &Command) {
    roff.control("SH", ["OPTIONS"]);
    arguments(roff, command.get_arguments());
}

/// Arguments, then options.
fn arguments<'a>(roff: &mut Roff, all: impl Iterator<Item = &'a Arg>) {
    let (files, options): (Vec<_>, Vec<_>) = all.partition(|arg| arg.is_positional());
    files.into_iter().chain(options).for_each(|arg| option(roff, arg));
}

/// One option or argument, and what it does.
fn option(roff: &mut Roff, arg: &Arg) {
    let mut names: Vec<Inline> = Vec::new();
    let short = arg.get_short().map(|short| format!("-{short}"));
    let long = arg.get_long().map(|long| format!("--{long}"));
    for name in short.into_iter().chain(long) {
        if !names.is_empty() {
            names.push(roman(", "));
        }
        names.push(bold(name));
    }
    if arg.get_action().takes_values() {
        if !names.is_empty() {
            names.push(roman(" "));
        }
        let values = arg.get_value_names().unwrap_or_default();
        names.extend(values.iter().map(|value| italic(value.as_str())));
    }
    roff.control("TP", []);
    roff.text(names);
    let help = arg.get_long_help().or(arg.get_help());
    let help = help.map(ToString::to_string).unwrap_or_default();
    paragraphs(roff, &help, "IP");
}

/// The subcommands, each with the options that only it has.
fn commands(roff: &mut Roff, command: &Command) {
    roff.control("SH", ["COMMANDS"]);
    let shared = command.get_arguments().filter(|arg| arg.is_global_set());
    let shared: Vec<String> =
        shared.filter_map(Arg::get_long).map(|long| format!("--{long}")).collect();
    let shared = shared.join(", ");
    let shared = format!("Each command also takes the shared options: {shared}.");
    paragraphs(roff, &shared, "PP");
    for subcommand in command.get_subcommands() {
        roff.control("SS", [subcommand.get_name()]);
        let about = subcommand.get_long_about().or(subcommand.get_about());
        let about = about.map(ToString::to_string).unwrap_or_default();
        paragraphs(roff, &format!("{about}."), "PP");
        let is_own =
            |arg: &&Arg| !arg.is_global_set() && !arg.is_hide_set() && arg.get_id() != "help";
        arguments(roff, subcommand.get_arguments().filter(is_own));
    }
}

fn examples(roff: &mut Roff) {
    roff.control("SH", ["EXAMPLES"]);
    EXAMPLES.iter().for_each(|(line, what)| term(roff, line, what));
}

/// Variables that stand for no option.
const OTHER_VARIABLES: [(&str, &str); 5] = [
    ("NO_COLOR", "If it is not empty, --color auto means never."),
    ("CLICOLOR_FORCE, FORCE_COLOR", "If one is neither empty nor 0, --color auto means always."),
    ("CLICOLOR", "If it is 0, --color auto means never."),
    ("TERM, COLORTERM", "How many colors a terminal has."),
    ("GITHUB_STEP_SUMMARY", "A file to which the github report appends its table."),
];

fn environment(roff: &mut Roff, command: &Command) {
    roff.control("SH", ["ENVIRONMENT"]);
    paragraphs(roff, VARIABLES, "PP");
    for arg in command.get_arguments() {
        if let (Some(variable), Some(long)) = (arg.get_env(), arg.get_long()) {
            term(roff, &variable.to_string_lossy(), &format!("The default of --{long}."));
        }
    }
    OTHER_VARIABLES.iter().for_each(|(names, what)| term(roff, names, what));
}

fn statuses(roff: &mut Roff) {
    roff.control("SH", ["EXIT STATUS"]);
    STATUSES.iter().for_each(|(status, why)| term(roff, status, why));
    roff.control("PP", []);
    paragraphs(roff, SIGNALS, "PP");
}

fn see_also(roff: &mut Roff) {
    roff.control("SH", ["SEE ALSO"]);
    let pages = [("adb", " (1), "), ("grep", " (1), "), ("jq", " (1)")];
    for (name, section) in pages {
        roff.control("BR", [name, section.trim_start()]);
    }
    roff.control("PP", []);
    roff.text([roman("The vendor's lists of codes:")]);
    for page in FAMILIES.iter().map(|family| family.page).collect::<BTreeSet<_>>() {
        roff.control("br", []);
        roff.text([roman(page)]);
    }
}

/// A term, and what it means.
fn term(roff: &mut Roff, name: &str, what: &str) {
    roff.control("TP", []);
    roff.text([bold(name)]);
    roff.text([roman(what)]);
}

/// How long a line of the source is, in bytes; `mandoc` wants at most 80, and hyphens take two.
const LINE_BYTES: usize = 70;

/// A text, with this macro between its paragraphs.
fn paragraphs(roff: &mut Roff, text: &str, between: &str) {
    for (at, paragraph) in text.split("\n\n").enumerate() {
        if at > 0 {
            roff.control(between, []);
        }
        for line in textwrap::wrap(paragraph, LINE_BYTES) {
            roff.text([roman(line)]);
        }
    }
}
