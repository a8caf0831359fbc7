//! What was typed: the command line as clap sees it. Knows nothing of what it leads to.

use std::ffi::OsString;
use std::fmt::Display;
use std::path::PathBuf;

use clap::builder::{BoolValueParser, TypedValueParser};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Args, CommandFactory, Parser, Subcommand, ValueEnum};
use jm_annotate::context::Strictness;
use jm_annotate::report::FailOn;

use crate::values::{FamilyNames, Report};

/// Explains JMessage (Jiguang IM) error codes inline in a log
#[derive(Debug, Parser)]
#[command(name = "jm-annotate", version, long_version = crate::version::long_version())]
#[command(before_help = EXAMPLES, after_help = EXIT_STATUS, max_term_width = 100)]
#[command(subcommand_negates_reqs = true, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) shared: Shared,
    #[command(flatten)]
    pub(crate) filter: Filter,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  adb logcat | jm-annotate                 explain the codes in a live log
  jm-annotate build.log.gz other.log       in files, including gzip, zstd and UTF-16
  jm-annotate explain 871300               what a code means and what to do about it
  jm-annotate --only -C2 --summary ci.log  lines with codes in context, and a table
  jm-annotate --fail-on error --report junit=jm.xml ci.log > annotated.log";

const EXIT_STATUS: &str = "\
Exit status: 0; 1 if --fail-on found something; 2 if the command line is wrong, or an input or
output failed.
A FILE with the name of a subcommand is written as ./list.";

/// Options that may precede or follow a subcommand.
#[derive(Debug, Args)]
pub(crate) struct Shared {
    /// The language of explanations
    #[arg(long, global = true, value_enum, default_value_t = Lang::Both)]
    pub(crate) lang: Lang,
    /// When to color: auto means if the output is a terminal; NO_COLOR, CLICOLOR_FORCE and
    /// FORCE_COLOR are respected
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    pub(crate) color: When,
    /// Only the codes of these families, separated by commas: android,rtc,ios,server,web,all or a
    /// catalog's own
    #[arg(long, global = true, value_name = "LIST", default_value = "all")]
    pub(crate) codes: FamilyNames,
    /// More codes, in the format that `list --format tsv` writes; the later one wins; repeatable
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) catalog: Vec<PathBuf>,
    /// The format of the output: json writes one object per line and code, instead of the log; tsv
    /// is for list only
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// Options of the filter.
#[derive(Debug, Args)]
pub(crate) struct Filter {
    /// Logs to read, in order; none or `-` means standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<OsString>,
    /// Where to insert explanations: after the code, or at the end of its line
    #[arg(long, value_enum, default_value_t = Place::Inline)]
    pub(crate) place: Place,
    /// Explain a number only where the context says that it is a code
    #[arg(long = "strict", action = ArgAction::SetTrue, value_parser = strictness())]
    pub(crate) strictness: Strictness,
    /// Write only the lines with an explanation
    #[arg(long)]
    pub(crate) only: bool,
    /// With --only: also write N lines after each
    #[arg(short = 'A', long, value_name = "N", requires = "only")]
    pub(crate) after_context: Option<usize>,
    /// With --only: also write N lines before each
    #[arg(short = 'B', long, value_name = "N", requires = "only")]
    pub(crate) before_context: Option<usize>,
    /// With --only: also write N lines before and after each
    #[arg(short = 'C', long, value_name = "N", requires = "only")]
    pub(crate) context: Option<usize>,
    /// Write a table of the codes to standard error at the end
    #[arg(long)]
    pub(crate) summary: bool,
    /// Write a report in the same pass: github, junit or markdown, to a file or `-`; repeatable
    #[arg(long, value_name = "KIND=PATH", value_parser = Report::parser())]
    pub(crate) report: Vec<Report>,
    /// End with status 1 if one of these was found: any, codes, ranges 871300-871399, families,
    /// severities; `!X` takes X out, `X:N` counts from N times on
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub(crate) fail_on: Option<FailOn>,
    /// Write no hints to standard error
    #[arg(long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what codes mean and what to do about them, or why a number in a line is a code
    Explain {
        /// Codes and ranges: 871300 898001 871300-871310
        #[arg(value_name = "CODE", required_unless_present = "line", conflicts_with = "line")]
        numbers: Vec<String>,
        /// Show each number in TEXT (`-` means the lines of standard input) with its verdict and
        /// the rule that decided
        #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
        line: Option<OsString>,
        /// With --line: judge as the filter does with --strict
        #[arg(long = "strict", action = ArgAction::SetTrue, value_parser = strictness())]
        #[arg(requires = "line")]
        strictness: Strictness,
    },
    /// List the codes, or those with TEXT in their number, message or meaning
    List {
        /// What to look for; case does not matter
        #[arg(value_name = "TEXT")]
        text: Option<String>,
    },
    /// Write a completion script for a shell, or the manual page, to standard output
    #[command(hide = true)]
    Generate {
        /// bash, elvish, fish, powershell, zsh or man
        #[arg(value_enum)]
        what: Generated,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Generated {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
    Man,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    Both,
    En,
    Zh,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Place {
    Inline,
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Text,
    Json,
    Tsv,
}

/// A [`Format`] for anything but `list`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextOrJson {
    Text,
    Json,
}

impl Format {
    /// The format of anything but `list`.
    pub(crate) fn text_or_json(self) -> Result<TextOrJson, clap::Error> {
        match self {
            Format::Text => Ok(TextOrJson::Text),
            Format::Json => Ok(TextOrJson::Json),
            Format::Tsv => {
                Err(usage_error("`--format tsv` is for `list`; expected one of: text, json"))
            }
        }
    }
}

/// The flag `--strict` as what it means.
fn strictness() -> impl TypedValueParser<Value = Strictness> {
    BoolValueParser::new()
        .map(|strict| if strict { Strictness::Strict } else { Strictness::Weighed })
}

/// Checks that no option of the filter was typed before a subcommand.
pub(crate) fn check_subcommand(matches: &ArgMatches) -> Result<(), clap::Error> {
    let Some(name) = matches.subcommand_name() else { return Ok(()) };
    let mut filter = Filter::augment_args(clap::Command::new("filter"));
    filter.build();
    let typed = |option: &&clap::Arg| {
        matches.value_source(option.get_id().as_str()) == Some(ValueSource::CommandLine)
    };
    match filter.get_arguments().find(typed) {
        Some(option) => {
            Err(usage_error(format!("`{option}` is for the filter; `{name}` has no such argument")))
        }
        None => Ok(()),
    }
}

/// A usage error that clap cannot see by itself.
pub(crate) fn usage_error(what: impl Display) -> clap::Error {
    Cli::command().error(ErrorKind::ValueValidation, what)
}
