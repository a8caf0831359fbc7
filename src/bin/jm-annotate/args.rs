//! What was typed: the command line as clap sees it. Knows nothing of what it leads to.

use std::ffi::OsString;
use std::fmt::Display;
#[cfg(unix)]
use std::path::Path;
use std::path::PathBuf;

use clap::builder::{PossibleValue, PossibleValuesParser, Styles, TypedValueParser};
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Args, CommandFactory, Parser, Subcommand, ValueEnum, ValueHint};
use jm_annotate::context::Strictness;
use jm_annotate::report::{FailOn, Kind};
use jm_annotate::visible::inert;

use crate::decode::TextEncoding;
use crate::environment::{Replaced, is_typed};
use crate::help;
use crate::values::{FamilyNames, Paths, PathsParser, Report};

/// Explains JMessage (Jiguang IM) error codes in a log
#[derive(Debug, Parser)]
#[command(name = "jm-annotate", bin_name = "jm-annotate", version, long_version = crate::version::long_version())]
#[command(subcommand_negates_reqs = true, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) shared: Shared,
    #[command(flatten)]
    pub(crate) filter: Filter,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

impl Cli {
    /// The files that are read.
    #[cfg(unix)]
    pub(crate) fn read_paths(&self) -> impl Iterator<Item = &Path> {
        let catalogs = self.shared.catalogs().map(PathBuf::as_path);
        self.filter.files.iter().map(Path::new).chain(catalogs)
    }

    /// The files that are written.
    #[cfg(unix)]
    pub(crate) fn written_paths(&self) -> impl Iterator<Item = PathBuf> {
        let reports = self.filter.report.iter().filter_map(Report::path).map(Path::to_owned);
        reports.chain(crate::targets::step_summary(&self.filter.report))
    }
}

/// Options that may precede or follow a subcommand.
#[derive(Debug, Args)]
#[command(next_display_order = 10)] // After a subcommand's own.
pub(crate) struct Shared {
    /// Language of the explanations: both, en, or zh
    #[arg(long, global = true, value_enum, default_value_t = Lang::Both, overrides_with = "lang")]
    #[arg(env = "JM_ANNOTATE_LANG", hide_env_values = true)]
    pub(crate) lang: Lang,
    /// When to color: auto (in a terminal), always, never
    ///
    /// NO_COLOR, CLICOLOR_FORCE, and FORCE_COLOR decide for auto.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    #[arg(overrides_with = "color")]
    #[arg(env = "JM_ANNOTATE_COLOR", hide_env_values = true)]
    pub(crate) color: When,
    /// Only these families: android,rtc,ios,server,web
    ///
    /// A list separated by commas. It may also have the families of a catalog, and all.
    #[arg(long, global = true, value_name = "LIST", default_value = "all")]
    #[arg(env = "JM_ANNOTATE_CODES", hide_env_values = true)]
    pub(crate) codes: FamilyNames,
    /// Add the codes in FILE; repeatable
    ///
    /// The file has the format that `list --format tsv` writes. If several files have a code, the
    /// last one wins.
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::AnyPath)]
    #[arg(value_parser = PathsParser)]
    #[arg(env = "JM_ANNOTATE_CATALOG", hide_env_values = true)]
    pub(crate) catalog: Vec<Paths>,
    /// Output format: text, json, or tsv (only for list)
    ///
    /// json writes one object per code found, each on its own line, instead of the log.
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    #[arg(overrides_with = "format")]
    pub(crate) format: Format,
    /// Which of all options have their value from a variable.
    #[arg(skip)]
    pub(crate) replaced: Replaced,
}

impl Shared {
    /// The files of all `--catalog` options, in order.
    pub(crate) fn catalogs(&self) -> impl Iterator<Item = &PathBuf> {
        self.catalog.iter().flat_map(|Paths(paths)| paths)
    }

    /// Takes what was typed, if anything was, also before a subcommand that has files of its own.
    pub(crate) fn keep_all_catalogs(&mut self, typed: &[PathBuf]) {
        if typed.len() > self.catalog.len() {
            self.catalog = vec![Paths(typed.to_owned())];
        }
    }
}

/// Options of the filter.
#[derive(Debug, Args)]
pub(crate) struct Filter {
    /// Logs to read, in order; `-` or none means standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<OsString>,
    /// Where to explain: inline (after the code), or end
    ///
    /// end is the end of the line, where each code is explained once.
    #[arg(long, value_enum, default_value_t = Place::Inline, overrides_with = "place")]
    pub(crate) place: Place,
    /// Explain only what the context says is a code
    #[arg(long = "strict", action = ArgAction::SetTrue, value_parser = strictness())]
    #[arg(env = "JM_ANNOTATE_STRICT", hide_env_values = true)]
    pub(crate) strictness: Strictness,
    /// Write only lines with an explanation
    #[arg(long)]
    pub(crate) only: bool,
    /// With --only: also write N lines after each one
    #[arg(short = 'A', long, value_name = "N", requires = "only")]
    #[arg(overrides_with = "after_context")]
    pub(crate) after_context: Option<usize>,
    /// With --only: also write N lines before each one
    #[arg(short = 'B', long, value_name = "N", requires = "only")]
    #[arg(overrides_with = "before_context")]
    pub(crate) before_context: Option<usize>,
    /// With --only: N lines before and after each one
    #[arg(short = 'C', long, value_name = "N", requires = "only", overrides_with = "context")]
    pub(crate) context: Option<usize>,
    /// At the end, write a table to standard error
    #[arg(long)]
    pub(crate) summary: bool,
    /// Also write a report; repeatable
    #[arg(long, value_name = "KIND=PATH", value_parser = Report::parser())]
    #[arg(long_help = report_help())]
    pub(crate) report: Vec<Report>,
    /// Exit with status 1 if one of these was found
    ///
    /// A list separated by commas: any, unknown (a code in no list), empty (an input without
    /// text), codes, ranges (871300-871399), families, severities. `!X` excludes X, and `X:N`
    /// requires at least N occurrences. Reports mark exactly these as failed.
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    #[arg(env = "JM_ANNOTATE_FAIL_ON", hide_env_values = true)]
    pub(crate) fail_on: Option<FailOn>,
    /// The encoding of the input, such as gbk or utf-16le
    ///
    /// A label of the Encoding Standard, for an input without a byte order mark. auto, the default,
    /// leaves such an input as it is; none also ignores byte order marks.
    #[arg(short = 'E', long, value_name = "LABEL", default_value = "auto")]
    #[arg(overrides_with = "encoding")]
    pub(crate) encoding: TextEncoding,
    /// Write no hints and no progress to standard error
    #[arg(long)]
    pub(crate) quiet: bool,
}

/// The long help of `--report`, with every kind.
fn report_help() -> String {
    let kinds = Kind::words();
    format!(
        "Also write a report; repeatable\n\nThe kinds are {kinds}. The path `-` is standard output."
    )
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Explain what codes mean, or why a number is a code
    #[command(
        long_about = "Explain what codes mean and what to do about them, or why a number is \
                            a code or not"
    )]
    Explain {
        /// Codes and ranges: 871300 898001 871300-871310
        #[arg(value_name = "CODE", required_unless_present = "line", conflicts_with = "line")]
        numbers: Vec<String>,
        /// Judge each number in TEXT; `-` is standard input
        ///
        /// Show the verdict on each number in TEXT, and the rule that decided. With `-`, the lines
        /// come from standard input.
        #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
        line: Option<OsString>,
        /// With --line: judge as --strict does
        #[arg(long = "strict", action = ArgAction::SetTrue, value_parser = strictness())]
        #[arg(env = "JM_ANNOTATE_STRICT", hide_env_values = true)]
        strictness: Strictness,
        /// With --line -: the encoding of the input
        #[arg(short = 'E', long, value_name = "LABEL", default_value = "auto")]
        #[arg(overrides_with = "encoding")]
        encoding: TextEncoding,
    },
    /// List all codes, or those that contain TEXT
    #[command(long_about = "List all codes, or those with TEXT in their number, family, name, \
                            message, or meaning")]
    List {
        /// Text to search for; case and whitespace are ignored
        #[arg(value_name = "TEXT")]
        text: Option<String>,
    },
    /// Write a completion script for a shell, or the manual page, to standard output
    Generate {
        /// The shell, or man for the manual page
        #[arg(value_enum)]
        what: Generated,
        /// What a script asks: the words of a command line up to the cursor
        #[arg(value_name = "WORD", last = true, hide = true)]
        words: Vec<OsString>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Generated {
    Bash,
    Zsh,
    Fish,
    Powershell,
    Elvish,
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

/// The flag `--strict` as what it means. Its variable may also be `1`, `0`, or empty.
fn strictness() -> impl TypedValueParser<Value = Strictness> {
    let yes = PossibleValue::new("true").alias("1");
    let no = PossibleValue::new("false").aliases(["0", ""]);
    PossibleValuesParser::new([yes, no]).map(|word| match word.as_str() {
        "true" | "1" => Strictness::Strict,
        _ => Strictness::Weighed,
    })
}

/// The command line as clap reads it. Its errors have no colors if they may quote escape sequences.
pub(crate) fn command() -> clap::Command {
    let command = Cli::command();
    if typed_is_inert() { command } else { command.styles(Styles::plain()) }
}

/// Whether nothing that an error may quote would be obeyed: no argument, and no variable that
/// stands for an option.
pub(crate) fn typed_is_inert() -> bool {
    let variables = std::env::vars_os()
        .filter(|(name, _)| name.as_encoded_bytes().starts_with(b"JM_ANNOTATE_"))
        .map(|(_, value)| value);
    std::env::args_os().chain(variables).all(|text| {
        let text = text.to_string_lossy();
        inert(&text) == text
    })
}

/// Checks that no option of the filter was typed before a subcommand, and no option of
/// `explain --line` without `--line`.
pub(crate) fn check_subcommand(matches: &ArgMatches) -> Result<(), clap::Error> {
    let Some((name, own)) = matches.subcommand() else { return Ok(()) };
    let mut filter = Filter::augment_args(clap::Command::new("filter"));
    filter.build();
    let typed = |option: &&clap::Arg| {
        matches.value_source(option.get_id().as_str()) == Some(ValueSource::CommandLine)
    };
    match filter.get_arguments().find(typed) {
        Some(option) => {
            Err(usage_error(format!("`{option}` is for the filter; `{name}` does not take it")))
        }
        None if name == "explain" && is_typed(own, "strictness") && !own.contains_id("line") => {
            Err(usage_error_of(name, "`--strict` of `explain` is for `--line`"))
        }
        None if name == "explain" && is_typed(own, "encoding") && !reads_stdin(own) => {
            Err(usage_error_of(name, "`--encoding` of `explain` is for `--line -`"))
        }
        None => Ok(()),
    }
}

/// Whether these are the arguments of `explain --line -`.
fn reads_stdin(explain: &ArgMatches) -> bool {
    explain.get_one::<OsString>("line").is_some_and(|line| line == "-")
}

/// A usage error that clap cannot see by itself.
pub(crate) fn usage_error(what: impl Display) -> clap::Error {
    usage_error_of("", what)
}

/// The same about a subcommand.
pub(crate) fn usage_error_of(subcommand: &str, what: impl Display) -> clap::Error {
    let usage = help::usage(help::usage_of(subcommand), None);
    command().override_usage(usage).error(ErrorKind::ValueValidation, what)
}
