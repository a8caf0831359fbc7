//! What the program needs, worked out from what was typed and from the environment.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata};
use std::io::{IsTerminal, stdout};
use std::path::{Path, PathBuf};

use jm_annotate::catalog::{self, Catalog, FAMILIES, Language, Selection};
use jm_annotate::context::Strictness;
use jm_annotate::render::{Languages, Palette, Place};
use jm_annotate::report::Kind;
use jm_annotate::report::fail_on::FailOn;

use crate::args::{
    Cli, Command, Filter, Format, Lang, Place as ArgPlace, Shared, When, usage_error,
};

/// What the filter is to do.
pub(crate) struct Settings {
    pub(crate) inputs: Vec<OsString>,
    pub(crate) languages: Languages,
    pub(crate) palette: Palette,
    pub(crate) place: Place,
    pub(crate) strictness: Strictness,
    /// With `--only`: lines before and after, if a number of them was given.
    pub(crate) only: Option<Option<(usize, usize)>>,
    pub(crate) main_output: MainOutput,
    pub(crate) reports: Vec<(Kind, Target)>,
    pub(crate) summary: bool,
    pub(crate) fail_on: Option<FailOn>,
    pub(crate) hints: bool,
}

/// What standard output gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MainOutput {
    /// The log.
    Log,
    /// The log between fences, then a report of this kind.
    FencedLog(Kind),
    /// One JSON object a line.
    Json,
    /// A report of this kind, at the end.
    Report(Kind),
}

/// Where a report goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    Stdout,
    Path(PathBuf),
}

impl Target {
    /// The path, of a report that has one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Target::Path(path) => Some(path),
            Target::Stdout => None,
        }
    }
}

impl Settings {
    /// Ends the program with a usage error where the options do not fit together.
    pub(crate) fn new(shared: &Shared, filter: &Filter, catalog: &Catalog<'_>) -> Self {
        let reports = read_reports(&filter.report);
        let around = |lines: Option<usize>| lines.or(filter.context).unwrap_or(0);
        let is_given = [filter.before_context, filter.after_context, filter.context]
            .iter()
            .any(Option::is_some);
        let lines = (around(filter.before_context), around(filter.after_context));
        let only = filter.only.then_some(is_given.then_some(lines));
        let main_output = main_output(shared.format, &reports);
        if only.is_some() && matches!(main_output, MainOutput::Json | MainOutput::Report(_)) {
            usage_error(
                "--only chooses lines of the log, which --format json and a report on `-` replace",
            );
        }
        Settings {
            inputs: filter.files.clone(),
            languages: languages(shared.lang),
            palette: palette(shared.color),
            place: match filter.place {
                ArgPlace::Inline => Place::Inline,
                ArgPlace::End => Place::End,
            },
            strictness: strictness(filter.strict),
            only,
            main_output,
            reports,
            summary: filter.summary,
            fail_on: filter.fail_on.as_deref().map(|list| read_fail_on(list, catalog)),
            hints: !filter.quiet,
        }
    }

    /// Whether the whole input is to be read although nobody reads the output any more.
    pub(crate) fn reads_on(&self) -> bool {
        !self.reports.is_empty() || self.fail_on.is_some()
    }

    /// Whether something is written at the end, so that the first signal only ends the input.
    pub(crate) fn ends_with_something(&self) -> bool {
        self.reads_on() || self.summary
    }
}

pub(crate) fn strictness(strict: bool) -> Strictness {
    if strict { Strictness::Strict } else { Strictness::Weighed }
}

pub(crate) fn languages(lang: Lang) -> Languages {
    match lang {
        Lang::Both => Languages::Both,
        Lang::En => Languages::One(Language::English),
        Lang::Zh => Languages::One(Language::Chinese),
    }
}

/// The flag wins, then `NO_COLOR`, then `CLICOLOR_FORCE` and `FORCE_COLOR`, then the terminal. CI
/// alone forces nothing.
pub(crate) fn palette(when: When) -> Palette {
    let forced =
        |name| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let colored = match when {
        When::Always => true,
        When::Never => false,
        When::Auto if anstyle_query::no_color() => false,
        When::Auto if forced("CLICOLOR_FORCE") || forced("FORCE_COLOR") => true,
        When::Auto => {
            anstyle_query::clicolor() != Some(false)
                && anstyle_query::term_supports_color()
                && stdout().is_terminal()
        }
    };
    if colored { Palette::Colored } else { Palette::Plain }
}

/// The texts of `--catalog` files, read before anything else is done.
pub(crate) fn read_catalogs(paths: &[PathBuf]) -> Result<Vec<String>, String> {
    let read = |path: &PathBuf| {
        let bytes = std::fs::read(path)
            .map_err(|error| format!("{}: {}", path.display(), crate::reason(&error)))?;
        String::from_utf8(bytes).map_err(|error| {
            let line =
                memchr::memchr_iter(b'\n', &error.as_bytes()[..error.utf8_error().valid_up_to()])
                    .count()
                    + 1;
            format!("{}: line {line}: invalid UTF-8; a catalog is UTF-8 text", path.display())
        })
    };
    paths.iter().map(read).collect()
}

/// The built-in catalog with the files laid over it, and the families that speak.
pub(crate) fn build_catalog<'t>(
    shared: &Shared,
    texts: &'t [String],
) -> Result<Catalog<'t>, String> {
    let mut families: Vec<String> = FAMILIES.iter().map(|family| family.name.to_owned()).collect();
    let mut overlays = Vec::new();
    for (path, text) in shared.catalog.iter().zip(texts) {
        let entries =
            catalog::parse(text).map_err(|error| format!("{}: {error}", path.display()))?;
        families.extend(entries.iter().map(|entry| entry.family.name().to_owned()));
        overlays.push(entries);
    }
    let mut catalog = Catalog::new(selection(&shared.codes, &families));
    overlays.into_iter().for_each(|entries| catalog.overlay(entries));
    Ok(catalog)
}

fn selection(list: &str, families: &[String]) -> Selection {
    let names: Vec<&str> = list.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    if let Some(name) =
        names.iter().find(|name| **name != "all" && !families.iter().any(|family| family == **name))
    {
        let mut known = families.to_vec();
        known.dedup();
        usage_error(format!("--codes: `{name}` is no family; one of {}, all", known.join(", ")));
    }
    match names.as_slice() {
        [] => usage_error(
            "--codes: the list is empty; one or more of android, rtc, ios, server, web, all",
        ),
        names if names.contains(&"all") => Selection::All,
        names => Selection::Only(names.iter().map(|name| (*name).to_owned()).collect()),
    }
}

fn read_fail_on(list: &str, catalog: &Catalog<'_>) -> FailOn {
    let is_family = |name: &str| {
        FAMILIES.iter().any(|family| family.name == name)
            || catalog.entries().iter().any(|entry| entry.family.name() == name)
    };
    FailOn::parse(list, is_family)
        .unwrap_or_else(|error| usage_error(format!("--fail-on: {error}")))
}

fn read_reports(values: &[OsString]) -> Vec<(Kind, Target)> {
    values.iter().map(|value| read_report(value)).collect()
}

fn read_report(value: &OsStr) -> (Kind, Target) {
    let (kind, path) = split_report(value).unwrap_or_else(|| {
        usage_error(format!(
            "--report: `{}` is no report; KIND=PATH, KIND is github, junit or markdown",
            value.display()
        ))
    });
    let target =
        if path == OsStr::new("-") { Target::Stdout } else { Target::Path(PathBuf::from(path)) };
    (kind, target)
}

#[cfg(unix)]
fn split_report(value: &OsStr) -> Option<(Kind, OsString)> {
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    let bytes = value.as_bytes();
    let at = memchr::memchr(b'=', bytes)?;
    let kind = report_kind(std::str::from_utf8(&bytes[..at]).ok()?)?;
    (at + 1 < bytes.len()).then(|| (kind, OsString::from_vec(bytes[at + 1..].to_vec())))
}

#[cfg(not(unix))]
fn split_report(value: &OsStr) -> Option<(Kind, OsString)> {
    let (kind, path) = value.to_str()?.split_once('=')?;
    Some((report_kind(kind)?, OsString::from(path))).filter(|_| !path.is_empty())
}

fn report_kind(word: &str) -> Option<Kind> {
    Kind::ALL.into_iter().find(|(name, _)| *name == word).map(|(_, kind)| kind)
}

fn main_output(format: Format, reports: &[(Kind, Target)]) -> MainOutput {
    let mut on_stdout =
        reports.iter().filter(|(_, target)| *target == Target::Stdout).map(|(kind, _)| *kind);
    let (first, second) = (on_stdout.next(), on_stdout.next());
    match (format, first, second) {
        (Format::Tsv, ..) => {
            usage_error("--format tsv is for list; the filter writes text or json")
        }
        (_, _, Some(_)) => usage_error("--report: two reports on `-`; standard output takes one"),
        (Format::Json, Some(_), _) => {
            usage_error("--report: a report on `-` and --format json both want standard output")
        }
        (Format::Json, None, _) => MainOutput::Json,
        (Format::Text, Some(Kind::Github), _) => MainOutput::FencedLog(Kind::Github),
        (Format::Text, Some(kind), _) => MainOutput::Report(kind),
        (Format::Text, None, _) => MainOutput::Log,
    }
}

/// Whether two paths name one regular file.
pub(crate) fn same_file(one: &Path, two: &OsStr) -> bool {
    #[cfg(unix)]
    {
        let identity = |path: &OsStr| std::fs::metadata(path).ok().as_ref().and_then(identity);
        identity(one.as_os_str()).is_some_and(|one| identity(two) == Some(one))
    }
    #[cfg(not(unix))]
    {
        one == Path::new(two)
    }
}

/// Whether a path names the regular file that is open.
pub(crate) fn is_file(path: &Path, file: &File) -> bool {
    #[cfg(unix)]
    {
        let identity = |found: std::io::Result<Metadata>| found.ok().as_ref().and_then(identity);
        identity(path.metadata()).is_some_and(|named| identity(file.metadata()) == Some(named))
    }
    #[cfg(not(unix))]
    {
        let _ = (path, file);
        false
    }
}

/// The device and number of a regular file.
#[cfg(unix)]
pub(crate) fn identity(found: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    found.is_file().then(|| (found.dev(), found.ino()))
}

#[cfg(not(unix))]
pub(crate) fn identity(_: &Metadata) -> Option<(u64, u64)> {
    None
}

/// A subcommand takes none of the filter's options.
pub(crate) fn check_command(cli: &Cli) {
    let name = match &cli.command {
        Some(Command::Explain { .. }) => "explain",
        Some(Command::List { .. }) => "list",
        Some(Command::Generate { .. }) => "generate",
        None => return,
    };
    if let Some(option) = cli.filter.given() {
        usage_error(format!("{option} is for the filter; {name} has no such argument"));
    }
}

/// Standard output as a file, unbuffered: the library's writes are whole blocks, and `Stdout` would
/// look for line ends.
pub(crate) fn stdout_file() -> std::io::Result<File> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        Ok(File::from(stdout().as_fd().try_clone_to_owned()?))
    }
    #[cfg(windows)]
    {
        use std::os::windows::io::AsHandle;
        Ok(File::from(stdout().as_handle().try_clone_to_owned()?))
    }
}
