//! Completion for shells: the answers to what their scripts ask.
//!
//! Owns the values that an option may have. A script runs `jm-annotate generate SHELL -- WORD…`
//! with the words up to the cursor. The answer has one line per candidate,
//! `VALUE<TAB>DESCRIPTION`, and `:paths<TAB>PREFIX` if a path may follow PREFIX: the shell
//! completes and quotes paths itself. An answer is given only to these arguments, never because of
//! a variable (clap's `CompleteEnv` waits for `COMPLETE`), so whatever a CI system sets, the filter
//! filters.
//!
//! The static scripts of `clap_complete` cannot be used: the one for bash completes nothing after a
//! subcommand (<https://github.com/clap-rs/clap/issues/6421>). The dynamic ones do not know that
//! bash splits words at `=` (<https://github.com/clap-rs/clap/issues/6280>), so the scripts are our
//! own.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Arg, ArgMatches, Command, CommandFactory};
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate, complete};
use jm_annotate::catalog::{Catalog, Entry, FAMILIES, Selection, Severity, parse};
use jm_annotate::report::Kind;

use crate::args::Cli;
use crate::environment;
use crate::values::{FamilyNames, Paths};

/// What stands for any path in an answer. No candidate begins with `:`.
const PATHS: &str = ":paths";

/// How a shell's script passes words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Words {
    /// As they were typed, with quotes and backslashes as in a POSIX shell.
    Posix,
    /// As they were typed in PowerShell, where a backslash separates the parts of a path.
    PowerShell,
    /// As the program would get them.
    Plain,
}

/// The candidates for the last word. The first word is the program.
pub(crate) fn answer(words: &[OsString], form: Words) -> String {
    let words: Vec<OsString> = words.iter().map(|word| plain(word, form)).collect();
    let Some((current, typed)) = words.split_last() else { return String::new() };
    let mut command = with_completers(Cli::command(), &Arc::new(Known::new(typed)));
    let found = complete(&mut command, words.clone(), typed.len(), None).unwrap_or_default();
    let is_wanted = |value: &str| {
        // Options would hide the rest, as long as no dash asks for them.
        !value.contains(char::is_control) && (!value.starts_with('-') || !current.is_empty())
    };
    let mut text = String::new();
    for candidate in found {
        let value = candidate.get_value().to_string_lossy();
        let help = candidate.get_help().map(ToString::to_string).unwrap_or_default();
        let is_path = candidate.get_tag().is_some_and(|tag| tag.to_string() == PATHS);
        if is_path {
            text += &format!("{PATHS}\t{value}\n");
        } else if is_wanted(&value) {
            text += &format!("{value}\t{}\n", help.lines().next().unwrap_or_default());
        }
    }
    text
}

/// A word as the program would get it. The last one may lack its closing quote.
fn plain(word: &OsStr, form: Words) -> OsString {
    let Some(text) = word.to_str() else { return word.to_owned() };
    match form {
        Words::Posix => match (text.strip_prefix("~/"), home()) {
            (Some(path), Some(home)) => home.join(unquoted(path)).into(),
            _ => unquoted(text).into(),
        },
        Words::PowerShell => text.replace(['"', '\''], "").into(),
        Words::Plain => word.to_owned(),
    }
}

/// What `~` is to a POSIX shell, also to Git Bash on Windows.
fn home() -> Option<PathBuf> {
    std::env::var_os("HOME").map(PathBuf::from).or_else(std::env::home_dir)
}

/// A word of a POSIX shell without its quotes and backslashes.
fn unquoted(word: &str) -> String {
    let (mut text, mut quote, mut letters) = (String::new(), None, word.chars());
    while let Some(letter) = letters.next() {
        let is_special = || letters.clone().next().is_some_and(|next| "\"\\$`!".contains(next));
        match (letter, quote) {
            ('\\', None) => text.extend(letters.next()),
            ('\\', Some('"')) if is_special() => text.extend(letters.next()),
            ('"' | '\'', None) => quote = Some(letter),
            (letter, Some(open)) if letter == open => quote = None,
            _ => text.push(letter),
        }
    }
    text
}

/// What the catalogs hold: names, each with a description.
struct Known {
    /// Every family, for `--codes`.
    families: Vec<(String, String)>,
    /// The families and codes that `--codes` leaves.
    selected: Vec<(String, String)>,
    codes: Vec<(String, String)>,
}

impl Known {
    /// The built-in catalog, and those of the words and of the variable, without the codes that
    /// another word or variable excludes. What is wrong with one of them, the run will report.
    fn new(typed: &[OsString]) -> Self {
        let matches = Cli::command().ignore_errors(true).try_get_matches_from(typed).ok();
        let mut catalogs = environment::catalogs(typed.iter().cloned());
        if catalogs.is_empty() {
            let of_variable = matches.iter().filter_map(|found| found.get_many("catalog"));
            catalogs.extend(of_variable.flatten().flat_map(|Paths(paths)| paths).cloned());
        }
        let texts = texts(&catalogs);
        let catalog = |selection| {
            let mut catalog = Catalog::new(selection);
            let own = texts.iter().filter_map(|text| parse(text).ok());
            own.for_each(|entries| catalog.overlay(entries));
            catalog
        };
        let (all, selected) =
            (catalog(Selection::All), catalog(matches.as_ref().map_or(Selection::All, selection)));
        let code = |entry: &&Entry<'_>| (entry.code.to_string(), entry.name.to_owned());
        Known {
            families: families_of(&all),
            selected: families_of(&selected),
            codes: selected.entries().iter().map(code).collect(),
        }
    }
}

/// The families that have a code in a catalog, the built-in ones first.
fn families_of(catalog: &Catalog<'_>) -> Vec<(String, String)> {
    let entries = catalog.entries();
    let names: BTreeSet<&str> = entries.iter().map(|entry| entry.family.name()).collect();
    let built_in = FAMILIES.iter().map(|family| (family.name, family.about));
    let built_in = built_in.filter(|(name, _)| names.contains(name));
    let built_in = built_in.map(|(name, about)| (name.to_owned(), about.to_owned()));
    let own = names.iter().filter(|name| !FAMILIES.iter().any(|family| family.name == **name));
    let own = own.map(|name| ((*name).to_owned(), format!("a catalog's own family {name}")));
    built_in.chain(own).collect()
}

/// The texts of files, as far as they can be read without waiting.
fn texts(paths: &[PathBuf]) -> Vec<String> {
    let files = paths.iter().filter(|path| path.is_file());
    files.filter_map(|path| fs::read_to_string(path).ok()).collect()
}

/// The families of `--codes`.
fn selection(matches: &ArgMatches) -> Selection {
    match matches.get_one::<FamilyNames>("codes") {
        Some(FamilyNames(names)) if !names.iter().any(|name| name == "all") => {
            Selection::Only(names.clone())
        }
        _ => Selection::All,
    }
}

/// The command with what clap does not know about the values of its options.
fn with_completers(command: Command, known: &Arc<Known>) -> Command {
    let complete = |arg: Arg| {
        let Some(candidates) = completer(arg.get_id().as_str()) else { return arg };
        let known = Arc::clone(known);
        arg.add(ArgValueCompleter::new(move |word: &OsStr| {
            candidates(&word.to_string_lossy(), &known)
        }))
    };
    command.mut_args(complete).mut_subcommands(|subcommand| subcommand.mut_args(complete))
}

/// What returns the candidates for a word.
type Completer = fn(&str, &Known) -> Vec<CompletionCandidate>;

/// The completer of an option.
fn completer(id: &str) -> Option<Completer> {
    match id {
        "catalog" => Some(|_, _| vec![paths_after("")]),
        "codes" => Some(families),
        "encoding" => Some(encodings),
        "fail_on" => Some(fail_on),
        "files" => Some(files),
        "numbers" => Some(|word, known| matching("", word, &known.codes)),
        "report" => Some(report),
        _ => None,
    }
}

/// Candidates for the filter's inputs. A word with a dash begins an option.
fn files(word: &str, _: &Known) -> Vec<CompletionCandidate> {
    if word.starts_with('-') { Vec::new() } else { vec![paths_after("")] }
}

/// Any path, after this part of the word.
fn paths_after(prefix: &str) -> CompletionCandidate {
    CompletionCandidate::new(prefix).tag(Some(PATHS.into()))
}

/// The pairs of a name and its description that begin with what was typed of the name.
fn matching<'p, Text: AsRef<str> + 'p>(
    before: &str,
    typed: &str,
    pairs: impl IntoIterator<Item = &'p (Text, Text)>,
) -> Vec<CompletionCandidate> {
    let pairs = pairs.into_iter().map(|(name, about)| (name.as_ref(), about.as_ref()));
    let candidate = |(name, about): (&str, &str)| {
        CompletionCandidate::new(format!("{before}{name}")).help(Some(about.to_owned().into()))
    };
    pairs.filter(|(name, _)| name.starts_with(typed)).map(candidate).collect()
}

/// A list up to its last comma, and the item after it.
fn last_item(list: &str) -> (&str, &str) {
    list.split_at(list.rfind(',').map_or(0, |comma| comma + 1))
}

/// Whether a list already has an item of this name.
fn has_item(list: &str, name: &str) -> bool {
    list.split(',').any(|item| item == name)
}

/// Candidates for `--codes`.
fn families(list: &str, known: &Known) -> Vec<CompletionCandidate> {
    let (before, item) = last_item(list);
    let all = ("all".to_owned(), "every family".to_owned());
    let names = known.families.iter().chain([&all]);
    matching(before, item, names.filter(|(name, _)| !has_item(before, name)))
}

/// Labels that a log of an Android device or of CI is likely to need. No two have the same
/// description: zsh would show them out of order.
const ENCODINGS: [(&str, &str); 14] = [
    ("auto", "what the byte order mark says, otherwise unchanged"),
    ("none", "unchanged, whatever the byte order mark says"),
    ("gbk", "Simplified Chinese"),
    ("gb18030", "Chinese, what followed gbk"),
    ("big5", "Traditional Chinese"),
    ("euc-jp", "Japanese, as in Unix"),
    ("shift_jis", "Japanese, as in Windows"),
    ("euc-kr", "Korean"),
    ("utf-8", "Unicode, the same as auto"),
    ("utf-16le", "UTF-16 without a byte order mark, as in Windows"),
    ("utf-16be", "UTF-16 without a byte order mark"),
    ("windows-1251", "Cyrillic"),
    ("windows-1252", "Western European"),
    ("iso-8859-1", "the same as windows-1252"),
];

/// Candidates for `--encoding`.
fn encodings(label: &str, _: &Known) -> Vec<CompletionCandidate> {
    matching("", label, &ENCODINGS)
}

/// Candidates for `--fail-on`. Codes come only after a digit: there are hundreds.
fn fail_on(list: &str, known: &Known) -> Vec<CompletionCandidate> {
    const FOUND: [(&str, &str); 2] = [("any", "any code"), ("empty", "an input without text")];
    let (before, item) = last_item(list);
    let (before, item) = match item.strip_prefix('!') {
        Some(item) => (format!("{before}!"), item),
        None => (before.to_owned(), item),
    };
    if item.starts_with(|first: char| first.is_ascii_digit()) {
        return matching(&before, item, &known.codes);
    }
    // Each has a description of its own: zsh shows values with the same one out of order.
    let severities = [
        (Severity::Error.word(), "codes that somebody has to fix"),
        (Severity::Warning.word(), "codes that even a correct app gets"),
        (Severity::Info.word(), "codes after which nothing is lost"),
    ];
    let found = FOUND.iter().filter(|_| !before.ends_with('!'));
    let words = found.chain(&[("unknown", "a code in no list")]).chain(&severities);
    let mut candidates = matching(&before, item, words.filter(|(name, _)| !has_item(list, name)));
    let names = known.selected.iter().filter(|(name, _)| !has_item(list, name));
    candidates.extend(matching(&before, item, names));
    candidates
}

/// Candidates for `--report`: a kind, then a path.
fn report(value: &str, _: &Known) -> Vec<CompletionCandidate> {
    match value.split_once('=') {
        Some((kind, _)) if kind.parse::<Kind>().is_ok() => vec![paths_after(&format!("{kind}="))],
        Some(_) => Vec::new(),
        None => {
            let words = Kind::words();
            let kinds: Vec<_> =
                words.split(", ").map(|kind| (format!("{kind}="), String::new())).collect();
            matching("", value, &kinds)
        }
    }
}
