//! What was typed: the command line as clap sees it. Knows nothing of what it leads to.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Explains JMessage (Jiguang IM) error codes where they stand in a log.
#[derive(Debug, Parser)]
#[command(name = "jm-annotate", version, long_version = crate::version::long_version(), before_help = EXAMPLES)]
#[command(subcommand_negates_reqs = true, disable_help_subcommand = true, max_term_width = 100, after_help = EXIT_STATUS)]
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
  jm-annotate build.log.gz other.log       in files, also gzip, zstd and UTF-16
  jm-annotate explain 871300               what it means and what to do about it
  jm-annotate --only -C2 --summary ci.log  hits with lines around, and a table
  jm-annotate --fail-on error --report junit=jm.xml ci.log > annotated.log";

const EXIT_STATUS: &str = "\
Exit status: 0; 1 when --fail-on found something; 2 for a wrong command line or an input or output that failed.
A FILE named like a subcommand is given as ./list.";

/// Options that stand before or behind a subcommand.
#[derive(Debug, Args)]
pub(crate) struct Shared {
    /// The language of explanations
    #[arg(long, global = true, value_enum, default_value_t = Lang::Both)]
    pub(crate) lang: Lang,
    /// When to color: auto is when the output is a terminal; NO_COLOR, CLICOLOR_FORCE and
    /// FORCE_COLOR are heeded
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    pub(crate) color: When,
    /// Only the codes of these families, separated by commas: android,rtc,ios,server,web,all or a
    /// catalog's own
    #[arg(long, global = true, value_name = "LIST", default_value = "all")]
    pub(crate) codes: String,
    /// More codes, in the format that `list --format tsv` writes; the later one wins; repeatable
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) catalog: Vec<PathBuf>,
    /// The format of the output: json is one object a line for each code (the filter writes no log
    /// then); tsv is for list only
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// Options of the filter.
#[derive(Debug, Args)]
pub(crate) struct Filter {
    /// Logs to read, in order; none or `-`: standard input
    #[arg(value_name = "FILE")]
    pub(crate) files: Vec<OsString>,
    /// Where explanations stand: behind the code, or at the end of its line
    #[arg(long, value_enum, default_value_t = Place::Inline)]
    pub(crate) place: Place,
    /// Explain a number only where the context says that it is a code
    #[arg(long)]
    pub(crate) strict: bool,
    /// Write only the lines with an explanation
    #[arg(long)]
    pub(crate) only: bool,
    /// With --only: so many lines after each
    #[arg(short = 'A', long, value_name = "N", requires = "only")]
    pub(crate) after_context: Option<usize>,
    /// With --only: so many lines before each
    #[arg(short = 'B', long, value_name = "N", requires = "only")]
    pub(crate) before_context: Option<usize>,
    /// With --only: so many lines before and after each
    #[arg(short = 'C', long, value_name = "N", requires = "only")]
    pub(crate) context: Option<usize>,
    /// At the end, a table of the codes on standard error
    #[arg(long)]
    pub(crate) summary: bool,
    /// Write a report in the same pass: github, junit or markdown, to a file or `-`; repeatable
    #[arg(long, value_name = "KIND=PATH")]
    pub(crate) report: Vec<OsString>,
    /// End with status 1 if one of these was found: any, codes, ranges 871300-871399, families,
    /// severities; `!X` takes out, `X:N` counts from N times on
    #[arg(long, value_name = "LIST", allow_hyphen_values = true)]
    pub(crate) fail_on: Option<String>,
    /// No hints on standard error
    #[arg(long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// What codes mean and what to do about them, or why a number in a line is taken for a code
    Explain {
        /// Codes and ranges: 871300 898001 871300-871310
        #[arg(value_name = "CODE", required_unless_present = "line", conflicts_with = "line")]
        numbers: Vec<String>,
        /// Each number in TEXT (`-`: lines of standard input), its verdict and the rule that gave
        /// it
        #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
        line: Option<OsString>,
        /// With --line: judge as the filter does with --strict
        #[arg(long, requires = "line")]
        strict: bool,
    },
    /// The codes, or those with TEXT in their number, message or meaning
    List {
        /// What to look for, in any case
        #[arg(value_name = "TEXT")]
        text: Option<String>,
    },
    /// A completion script for a shell, or the manual page, on standard output
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

impl Filter {
    /// Whether an option of the filter was given: a subcommand has none of them.
    pub(crate) fn given(&self) -> Option<&'static str> {
        let options = [
            (!self.files.is_empty(), "FILE"),
            (self.place != Place::Inline, "--place"),
            (self.strict, "--strict"),
            (self.only, "--only"),
            (self.after_context.is_some(), "--after-context"),
            (self.before_context.is_some(), "--before-context"),
            (self.context.is_some(), "--context"),
            (self.summary, "--summary"),
            (!self.report.is_empty(), "--report"),
            (self.fail_on.is_some(), "--fail-on"),
            (self.quiet, "--quiet"),
        ];
        options.into_iter().find(|(given, _)| *given).map(|(_, name)| name)
    }
}

/// Lets `clap` print the usage error and end the program with status 2.
pub(crate) fn usage_error(what: impl std::fmt::Display) -> ! {
    use clap::CommandFactory;
    Cli::command().error(clap::error::ErrorKind::ValueValidation, what).exit()
}
