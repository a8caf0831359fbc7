//! The texts of `-h`, `--help`, and the manual page that are not about one option.
//!
//! Owns how much each of them says: `-h` fits on a screen of 24 lines with the prompt, `--help` and
//! the manual say everything. Parsing needs none of it, so a plain run does not build it.

use clap::{Arg, Command};
use jm_annotate::layout::{self, Width};

/// A command line, and what it is for.
pub(crate) const EXAMPLES: [(&str, &str); 5] = [
    ("adb logcat | jm-annotate", "explain the codes in a live log"),
    ("jm-annotate build.log.gz a.log", "the same in files, even packed ones"),
    ("jm-annotate explain 871300", "what a code means, and what to do about it"),
    ("jm-annotate --only -C2 ci.log", "only lines with codes, with context"),
    ("jm-annotate --fail-on error ci.log", "exit with status 1 after an error"),
];

/// What the program does.
pub(crate) const ABOUT: &str = "\
jm-annotate reads a log and writes it back, byte for byte. Right after each JMessage (Jiguang IM) \
error code, it inserts what the code means, in English and Chinese. A number that the context \
calls something else, such as a size or a process ID, is left alone.

Compressed logs (gzip, zstd, xz, bzip2, zip) and UTF-16 are recognized by their first bytes and \
decoded. Each line is written as soon as it arrives.

To read a file that has the name of a subcommand, write ./list.";

/// What the variables of options have in common.
pub(crate) const VARIABLES: &str = "\
An environment variable counts if its option is not given. JM_ANNOTATE_CATALOG holds paths \
separated as in PATH; JM_ANNOTATE_STRICT is 1 or true, 0 or false.";

/// What an exit status means.
pub(crate) const STATUSES: [(&str, &str); 3] = [
    ("0", "success"),
    ("1", "--fail-on found something"),
    ("2", "the command line is invalid, or an input or output failed"),
];

/// What an exit status means after a signal.
pub(crate) const SIGNALS: &str = "\
After the first Ctrl-C (SIGINT) or SIGTERM, the status is one of these if a summary, a report, or \
the result of --fail-on is still to be written: the signal ends only the input. Otherwise, and \
after a second signal, the signal ends the program, which a shell shows as 130 or 143.";

/// Every way to use the program on logs and codes.
const USAGE: [&str; 3] = [
    "jm-annotate [OPTIONS] [FILE]...",
    "jm-annotate explain [OPTIONS] <CODE>... | --line <TEXT>",
    "jm-annotate list [OPTIONS] [TEXT]",
];

/// A way to use it that is needed once: it is not in a short help, which has no room.
pub(crate) const GENERATE_USAGE: &str =
    "jm-annotate generate <bash|zsh|fish|powershell|elvish|man>";

/// The ways to use a subcommand; those of the whole program for any other name.
pub(crate) fn usage_of(subcommand: &str) -> &'static [&'static str] {
    match subcommand {
        "explain" => &[
            "jm-annotate explain [OPTIONS] <CODE>...",
            "jm-annotate explain [OPTIONS] --line <TEXT>",
        ],
        "list" => &["jm-annotate list [OPTIONS] [TEXT]"],
        "generate" => &[GENERATE_USAGE],
        _ => &USAGE,
    }
}

/// The command with everything that help says. [`layout::page`] wraps it.
pub(crate) fn on_screen(command: Command, width: Width) -> Command {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let commands: String = command
        .get_subcommands()
        .map(|command| (command.get_name(), command.get_about().unwrap_or_default()))
        .map(|(name, about)| format!("  {name:8}  {about}\n"))
        .collect();
    let statuses: String =
        STATUSES.iter().map(|(status, why)| format!("  {status}  {why}\n")).collect();
    let examples = examples();
    with_usage(with_texts(command), width)
        .about(format!("{about}:  {}", EXAMPLES[0].0))
        .after_long_help(format!(
            "Commands:\n{commands}\n{VARIABLES}\n\nExit status:\n{statuses}\nExamples:\n{examples}"
        ))
        .mut_arg("files", |arg| arg.hide_short_help(true))
        .mut_arg("after_context", |arg| arg.hide_short_help(true))
        .mut_arg("before_context", |arg| arg.hide_short_help(true))
        .mut_arg("context", |arg| arg.help("With --only: and N lines around (-A, -B: one side)"))
        // The usage has them, and a short help no room for more.
        .mut_subcommands(|subcommand| subcommand.hide(true))
}

/// The command with valid usage lines: clap's own show options before a subcommand that are not
/// for it.
pub(crate) fn with_usage(command: Command, width: Width) -> Command {
    let with_usage = |command: Command| {
        let usage = usage(usage_of(command.get_name()), width);
        command.override_usage(usage)
    };
    with_usage(command).mut_subcommands(with_usage)
}

/// The command with what help and the manual say about options.
pub(crate) fn with_texts(command: Command) -> Command {
    let with_facts = |command: Command| command.mut_args(with_facts);
    with_facts(command.long_about(ABOUT)).mut_subcommands(with_facts)
}

/// The lines after `Usage: `, which clap does not indent.
pub(crate) fn usage(lines: &[&str], width: Width) -> String {
    let lines = lines.iter().map(|line| {
        let line = format!("{:7}{line}", "");
        layout::hanging(&line, 9, width)
    });
    lines.collect::<Vec<_>>().join("\n").trim_start().to_owned()
}

/// The examples as a table.
fn examples() -> String {
    let width = EXAMPLES.iter().map(|(line, _)| line.len()).max().unwrap_or_default();
    let row = |(line, what): &(&str, &str)| format!("  {line:width$}  {what}\n");
    EXAMPLES.iter().map(row).collect()
}

/// An argument whose long help names its variable, its default, and its values. In the short help,
/// they would cost a second line each.
fn with_facts(arg: Arg) -> Arg {
    let mut facts = Vec::new();
    if let Some(variable) = arg.get_env() {
        facts.push(format!("[env: {}]", variable.to_string_lossy()));
    }
    let takes_values = arg.get_action().takes_values();
    if let ([default, ..], true) = (arg.get_default_values(), takes_values) {
        facts.push(format!("[default: {}]", default.to_string_lossy()));
    }
    let values = if takes_values { arg.get_possible_values() } else { Vec::new() };
    if !values.is_empty() {
        let values: Vec<&str> = values.iter().map(|value| value.get_name()).collect();
        facts.push(format!("[possible values: {}]", values.join(", ")));
    }
    let Some(help) = arg.get_long_help().or(arg.get_help()) else { return arg };
    let help = match facts.as_slice() {
        [] => help.to_string(),
        _ => format!("{help}\n\n{}", facts.join(" ")),
    };
    let arg = arg.long_help(help).hide_env(true);
    if takes_values { arg.hide_default_value(true).hide_possible_values(true) } else { arg }
}
