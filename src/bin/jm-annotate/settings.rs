//! What the program needs, worked out from what was typed and from the environment.
//!
//! Owns the checks of options against each other. Does no work of its own except reading catalogs.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{ErrorKind, IsTerminal, Read, stdout};
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use jm_annotate::catalog::{self, Catalog, FAMILIES, Language, Selection};
use jm_annotate::context::Strictness;
use jm_annotate::render::{Languages, Palette, Place};
use jm_annotate::report::{FailOn, Kind};
use jm_annotate::stream::{Around, OnWriteError};

use crate::args::{Filter, Lang, Place as ArgPlace, Shared, TextOrJson, When, usage_error};
#[cfg(windows)]
use crate::console::has_escapes;
use crate::decode::TextEncoding;
use crate::environment::Replaced;
use crate::identity::{Identity, refuse_output};
use crate::input::error_of_folder;
use crate::interrupt;
use crate::output::stdout_file;
use crate::values::{FamilyNames, Report, Target};

/// What the filter does.
pub(crate) struct Settings {
    pub(crate) inputs: Vec<OsString>,
    pub(crate) catalogs: Vec<PathBuf>,
    pub(crate) languages: Languages,
    pub(crate) palette: Palette,
    pub(crate) place: Place,
    pub(crate) strictness: Strictness,
    /// With `--only`: the context of a line.
    pub(crate) only: Option<Around>,
    pub(crate) main_output: MainOutput,
    pub(crate) reports: Vec<Report>,
    pub(crate) summary: bool,
    pub(crate) fail_on: Option<FailOn>,
    pub(crate) encoding: TextEncoding,
    pub(crate) hints: bool,
}

/// What is written to standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MainOutput {
    /// The log.
    Log,
    /// The log, kept from the CI system that would obey it, then a report of this kind.
    EchoedLog(Kind),
    /// One JSON object per line.
    Json,
    /// A report of this kind, at the end.
    Report(Kind),
}

impl Settings {
    /// # Errors
    /// A usage error if options do not fit together.
    pub(crate) fn new(
        shared: &Shared,
        filter: &Filter,
        catalog: &Catalog<'_>,
    ) -> Result<Self, clap::Error> {
        let main_output = main_output(shared.format.text_or_json()?, &filter.report)?;
        let only = filter.only.then(|| around(filter));
        if only.is_some() && matches!(main_output, MainOutput::Json | MainOutput::Report(_)) {
            return Err(usage_error(
                "`--only` selects lines of the log, but `--format json` and a report on `-` \
                 replace the log; write the report to a file, or omit `--only`",
            ));
        }
        if let Some(fail_on) = &filter.fail_on {
            check_fail_on(fail_on, &shared.replaced, catalog)?;
        }
        Ok(Settings {
            inputs: filter.files.clone(),
            catalogs: shared.catalogs().cloned().collect(),
            languages: languages(shared.lang),
            palette: palette(shared.color, &stdout()),
            place: match filter.place {
                ArgPlace::Inline => Place::Inline,
                ArgPlace::End => Place::End,
            },
            strictness: filter.strictness,
            only,
            main_output,
            reports: filter.report.clone(),
            summary: filter.summary,
            fail_on: filter.fail_on.clone(),
            encoding: filter.encoding,
            hints: !filter.quiet,
        })
    }

    /// What happens when the output fails: for a report or `--fail-on`, the input is read to its
    /// end.
    pub(crate) fn on_write_error(&self) -> OnWriteError {
        if self.reports.is_empty() && self.fail_on.is_none() {
            OnWriteError::End
        } else {
            OnWriteError::ReadOn
        }
    }

    /// Whether something is written at the end, so that the first signal only ends the input.
    pub(crate) fn ends_with_something(&self) -> bool {
        self.on_write_error() == OnWriteError::ReadOn || self.summary
    }
}

/// `-A`, `-B` and `-C`.
fn around(filter: &Filter) -> Around {
    let before = filter.before_context.or(filter.context);
    let after = filter.after_context.or(filter.context);
    match (before, after) {
        (None, None) => Around::Nothing,
        _ => Around::Lines { before: before.unwrap_or(0), after: after.unwrap_or(0) },
    }
}

fn main_output(format: TextOrJson, reports: &[Report]) -> Result<MainOutput, clap::Error> {
    let on_stdout = reports.iter().filter(|report| report.target == Target::Stdout);
    let kinds: Vec<Kind> = on_stdout.map(|report| report.kind).collect();
    match (format, kinds.as_slice()) {
        (TextOrJson::Json, []) => Ok(MainOutput::Json),
        (TextOrJson::Text, []) => Ok(MainOutput::Log),
        (TextOrJson::Text, [kind @ (Kind::Github | Kind::Azure)]) => {
            Ok(MainOutput::EchoedLog(*kind))
        }
        (TextOrJson::Text, [kind]) => Ok(MainOutput::Report(*kind)),
        (TextOrJson::Json, [_]) => Err(usage_error(
            "`--format json` and a report on `-` both need standard output; write the report to a \
             file",
        )),
        (_, [_, _, ..]) => Err(usage_error(
            "two reports on `-`; only one can go to standard output, write the others to files",
        )),
    }
}

fn check_fail_on(
    fail_on: &FailOn,
    replaced: &Replaced,
    catalog: &Catalog<'_>,
) -> Result<(), clap::Error> {
    fail_on
        .check(catalog)
        .map_err(|error| usage_error(format!("{}: {error}", replaced.name("fail_on"))))
}

pub(crate) fn languages(lang: Lang) -> Languages {
    match lang {
        Lang::Both => Languages::Both,
        Lang::En => Languages::One(Language::English),
        Lang::Zh => Languages::One(Language::Chinese),
    }
}

/// The flag or its variable wins, then `NO_COLOR`, then `CLICOLOR_FORCE` and `FORCE_COLOR`, then
/// the terminal. A CI system alone does not force color.
pub(crate) fn palette(when: When, output: &impl IsTerminal) -> Palette {
    let forced =
        |name| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let colored = match when {
        When::Always => true,
        When::Never => false,
        When::Auto if anstyle_query::no_color() => false,
        When::Auto if forced("CLICOLOR_FORCE") || forced("FORCE_COLOR") => true,
        When::Auto => {
            anstyle_query::clicolor() != Some(false) && output.is_terminal() && obeys_escapes()
        }
    };
    match colored {
        true if has_256_colors() => Palette::Ansi256,
        true => Palette::Ansi16,
        false => Palette::Plain,
    }
}

/// Whether a terminal has 256 colors: it says so, or there is no `TERM`, as for Windows' consoles
/// and the pages of CI systems. An empty one says that nothing is known.
fn has_256_colors() -> bool {
    /// Terminals that have them and do not have the number in their name.
    const NAMES: [&str; 8] =
        ["256", "direct", "alacritty", "contour", "foot", "ghostty", "kitty", "wezterm"];
    let has_color_term = std::env::var_os("COLORTERM").is_some_and(|value| !value.is_empty());
    let has_them = |term: OsString| {
        let term = term.to_string_lossy();
        NAMES.iter().any(|name| term.contains(name))
    };
    has_color_term || std::env::var_os("TERM").is_none_or(has_them)
}

/// Whether the terminal, if there is one, obeys escape sequences.
pub(crate) fn obeys_escapes() -> bool {
    anstyle_query::term_supports_color() && has_escapes()
}

/// Whether nothing on this system keeps a terminal from it.
#[cfg(unix)]
fn has_escapes() -> bool {
    true
}

/// The texts of the `--catalog` files, read before anything else happens.
pub(crate) fn read_catalogs(shared: &Shared) -> anyhow::Result<Vec<String>> {
    let read = |path: &PathBuf| read_catalog(path).map_err(|error| of_catalog(shared, error));
    shared.catalogs().map(read).collect()
}

/// An error in a catalog, after the name of the variable if that has named the catalog.
fn of_catalog(shared: &Shared, error: anyhow::Error) -> anyhow::Error {
    match shared.replaced.variable("catalog") {
        Some(variable) => error.context(variable),
        None => error,
    }
}

/// The most bytes of a catalog file, which is kept in memory: room for 40,000 rows as long as the
/// built-in ones. A device may never end.
const CATALOG_BYTES_MAX: u64 = 16 * 1024 * 1024;

fn read_catalog(path: &Path) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    interrupt::open(path)
        .and_then(|file| {
            // A log that is appended to its catalog would destroy it.
            refuse_output("catalog", Identity::of_regular(&file)?.as_ref(), &stdout_file()?)?;
            file.take(CATALOG_BYTES_MAX + 1).read_to_end(&mut bytes)
        })
        .map_err(|error| match error.kind() {
            ErrorKind::IsADirectory => error_of_folder(path),
            _ => error,
        })
        .map_err(|error| anyhow!("{}: {}", path.display(), crate::reason(&error)))?;
    if bytes.len() as u64 > CATALOG_BYTES_MAX {
        let limit = CATALOG_BYTES_MAX / 1024 / 1024;
        return Err(anyhow!("{}: the catalog has more than {limit} MiB", path.display()));
    }
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = memchr::memchr_iter(b'\n', valid).count() + 1;
        anyhow!("{}: line {line}: invalid UTF-8; a catalog must be UTF-8 text", path.display())
    })
}

/// The built-in catalog with the entries of the files, and the selected families.
pub(crate) fn build_catalog<'t>(
    shared: &Shared,
    texts: &'t [String],
) -> anyhow::Result<Catalog<'t>> {
    let mut families: Vec<String> = FAMILIES.iter().map(|family| family.name.to_owned()).collect();
    let mut known: BTreeSet<String> = families.iter().cloned().collect();
    let mut overlays = Vec::new();
    for (path, text) in shared.catalogs().zip(texts) {
        let entries = catalog::parse(text)
            .map_err(|error| of_catalog(shared, anyhow!("{}: {error}", path.display())))?;
        for entry in &entries {
            let name = entry.family.name();
            if !known.contains(name) {
                known.insert(name.to_owned());
                families.push(name.to_owned());
            }
        }
        overlays.push(entries);
    }
    let mut catalog = Catalog::new(selection(shared, &families, &known)?);
    overlays.into_iter().for_each(|entries| catalog.overlay(entries));
    Ok(catalog)
}

/// How many families an error names: a catalog may have one in each row.
const FAMILIES_NAMED_MAX: usize = 20;

fn selection(
    shared: &Shared,
    families: &[String],
    known: &BTreeSet<String>,
) -> Result<Selection, clap::Error> {
    let FamilyNames(names) = &shared.codes;
    match names.iter().find(|name| *name != "all" && !known.contains(*name)) {
        Some(name) => {
            let (named, more) = families.split_at(families.len().min(FAMILIES_NAMED_MAX));
            Err(usage_error(format!(
                "{}: unknown family `{name}`; expected one of: {}, {}all",
                shared.replaced.name("codes"),
                named.join(", "),
                if more.is_empty() { "" } else { "…, " }
            )))
        }
        None if names.iter().any(|name| name == "all") => Ok(Selection::All),
        None => Ok(Selection::Only(names.clone())),
    }
}
