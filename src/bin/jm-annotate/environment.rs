//! The command line completed by environment variables: a team's defaults.
//!
//! Owns the rank of a flag over its variable, and the name by which a message blames one of them.
//! Knows no option: which variable stands for which one is said in `args`.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, ValueEnum};

use crate::args::{When, usage_error};
use crate::messages::first_paragraph;
use crate::values::split;
use crate::{args, help, screen};

/// The command line, with the variables of the options that were not typed.
///
/// An error of clap does not say that a variable is to blame, and clap also reads the variable of
/// an option that follows a subcommand. So after an error, the command line is parsed without
/// variables, then with one needed variable at a time.
pub(crate) fn parse() -> Result<ArgMatches, clap::Error> {
    let whole = args::command().try_get_matches();
    if whole.as_ref().is_err_and(|error| error.kind() == ErrorKind::DisplayHelp) {
        return help::on_screen(args::command(), Some(screen::page_width())).try_get_matches();
    }
    if !whole.as_ref().is_err_and(clap::Error::use_stderr) {
        return whole;
    }
    let command = || help::with_usage(args::command(), None);
    let typed = with_variables(command(), &[]).try_get_matches()?;
    let mut needed = variables(&command());
    needed.retain(|variable| !is_typed(&typed, &variable.option));
    for variable in &needed {
        let alone = with_variables(command(), std::slice::from_ref(variable)).try_get_matches();
        alone.map_err(|error| variable.blame(&error))?;
    }
    with_variables(command(), &needed).try_get_matches()
}

/// When to color, as far as it can be seen in a command line that may be wrong: what clap says
/// about it obeys, too.
pub(crate) fn color() -> When {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let typed = arguments.iter().take_while(|argument| *argument != "--").enumerate();
    let typed =
        typed.filter_map(|(at, argument)| match argument.to_str()?.strip_prefix("--color") {
            Some("") => arguments.get(at + 1)?.to_str(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        });
    let when = |text: &str| When::from_str(text, false).ok();
    let of_variable = || {
        let name = args::command()
            .get_arguments()
            .find(|arg| arg.get_id() == "color")?
            .get_env()?
            .to_owned();
        when(&std::env::var(name).ok()?)
    };
    typed.filter_map(when).last().or_else(of_variable).unwrap_or(When::Auto)
}

/// The files of all `--catalog` options in a command line that is right. If some precede a
/// subcommand and others follow it, clap keeps only the latter.
pub(crate) fn catalogs(arguments: impl Iterator<Item = OsString>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut words = arguments.take_while(|word| word != "--");
    while let Some(word) = words.next() {
        match split(&word) {
            // Their values may look like options.
            _ if word == "--line" || word == "--fail-on" => drop(words.next()),
            _ if word == "--catalog" => files.extend(words.next().map(PathBuf::from)),
            Some((option, path)) if option == "--catalog" => files.push(path.into()),
            _ => {}
        }
    }
    files
}

/// A variable that stands for an option.
#[derive(Debug, Clone)]
struct Variable {
    name: String,
    /// clap's name of the option.
    option: String,
}

impl Variable {
    fn of(arg: &Arg) -> Option<Self> {
        let name = arg.get_env()?.to_string_lossy().into_owned();
        Some(Variable { name, option: arg.get_id().to_string() })
    }

    /// The error that its value causes, with its name before what clap says.
    fn blame(&self, error: &clap::Error) -> clap::Error {
        let whole = error.render().to_string();
        let what = match error.kind() {
            ErrorKind::InvalidUtf8 => "the value is not UTF-8",
            _ => first_paragraph(&whole).trim_start_matches("error: "),
        };
        usage_error(format!("{}: {what}", self.name))
    }
}

fn variables(command: &Command) -> Vec<Variable> {
    command.get_arguments().filter_map(Variable::of).collect()
}

/// The same command, which reads only these variables.
fn with_variables(command: Command, read: &[Variable]) -> Command {
    let is_read = |name: &OsStr| read.iter().any(|variable| name == variable.name.as_str());
    let keep = |arg: Arg| match arg.get_env() {
        Some(name) if !is_read(name) => arg.env(None::<&'static str>),
        _ => arg,
    };
    command.mut_args(keep).mut_subcommands(|subcommand| subcommand.mut_args(keep))
}

/// Whether an option was typed, before or after a subcommand.
pub(crate) fn is_typed(matches: &ArgMatches, option: &str) -> bool {
    source(matches, option) == Some(ValueSource::CommandLine)
        || matches.subcommand().is_some_and(|(_, matches)| is_typed(matches, option))
}

/// Where the value of an option is from; `None` if a subcommand does not have it.
fn source(matches: &ArgMatches, option: &str) -> Option<ValueSource> {
    matches.try_contains_id(option).ok().and_then(|_| matches.value_source(option))
}

/// The options whose default a variable has replaced.
#[derive(Debug, Clone, Default)]
pub(crate) struct Replaced(Vec<String>);

impl Replaced {
    pub(crate) fn new(matches: &ArgMatches) -> Self {
        let options = matches.ids().map(|id| id.as_str());
        let is_replaced = |option: &&str| source(matches, option) == Some(ValueSource::EnvVariable);
        Replaced(options.filter(is_replaced).map(str::to_owned).collect())
    }

    /// The variable that has given an option its value.
    pub(crate) fn variable(&self, option: &str) -> Option<String> {
        let Replaced(options) = self;
        let replaced = options.iter().find(|replaced| *replaced == option)?;
        let mut variables = variables(&args::command()).into_iter();
        variables.find(|variable| variable.option == *replaced).map(|variable| variable.name)
    }

    /// What a message blames for the value of an option: its variable, or its flag.
    pub(crate) fn name(&self, option: &str) -> String {
        self.variable(option).unwrap_or_else(|| format!("--{}", option.replace('_', "-")))
    }
}
