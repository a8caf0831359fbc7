//! Answers about codes: `explain`, `list`, and why a number in a line is taken for a code.

use std::fmt::Write as _;
use std::io::{self, ErrorKind, Write};

use clap::CommandFactory;
use jm_annotate::catalog::{self, Bilingual, Catalog, Code, Entry, FAMILIES, Language, Severity};
use jm_annotate::render::{Languages, Palette};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::args::{Cli, Format, Generated, Shared, usage_error};
use crate::{Status, complain, reason, settings};

/// `explain CODE…`
pub(crate) fn explain(
    arguments: &[String],
    shared: &Shared,
    catalog: &Catalog<'_>,
) -> anyhow::Result<Status> {
    let (mut status, mut found) = (Status::Success, Vec::new());
    for argument in arguments {
        match find(argument, catalog) {
            Ok(entries) => found.extend(entries),
            Err(error) => {
                complain(&error);
                status = Status::Failure;
            }
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    found.retain(|entry| seen.insert(entry.code));
    let text = match shared.format {
        Format::Json => json_lines(found.iter().map(|entry| Record::new(entry)))?,
        Format::Text => {
            let card = |entry: &&Entry<'_>| {
                card(entry, settings::languages(shared.lang), settings::palette(shared.color))
            };
            found.iter().map(card).collect::<Vec<_>>().join("\n")
        }
        Format::Tsv => usage_error("--format tsv is for list; explain writes text or json"),
    };
    Ok(status.max(print(&text)))
}

/// The entries of a code or range.
fn find<'c>(argument: &str, catalog: &'c Catalog<'c>) -> Result<Vec<&'c Entry<'c>>, String> {
    let code = |text: &str| Code::from_digits(text.as_bytes());
    if let Some((first, last)) = argument.split_once('-') {
        let range = code(first)
            .zip(code(last))
            .filter(|(first, last)| first <= last)
            .ok_or_else(|| no_code(argument))?;
        let inside = |entry: &&Entry<'_>| (range.0..=range.1).contains(&entry.code);
        let entries: Vec<_> = catalog.entries().into_iter().filter(inside).collect();
        let none = || {
            format!(
                "{argument}: no code of this range is in the lists; `jm-annotate list` shows all"
            )
        };
        return if entries.is_empty() { Err(none()) } else { Ok(entries) };
    }
    let code = code(argument).ok_or_else(|| no_code(argument))?;
    catalog.get(code).map(|entry| vec![entry]).ok_or_else(|| not_listed(code, catalog))
}

fn no_code(argument: &str) -> String {
    format!(
        "`{argument}` is no code; a code is a number (871300), a range two of them (871300-871310)"
    )
}

/// How many neighbors of an unknown number are named.
const NEAREST_MAX: usize = 3;

fn not_listed(code: Code, catalog: &Catalog<'_>) -> String {
    if let Some(entry) = catalog.get_any(code) {
        return format!(
            "{code} is in the family {}, which --codes leaves out",
            entry.family.name()
        );
    }
    let mut entries = catalog.entries();
    entries.retain(|entry| entry.code != Code::SUCCESS);
    let (number, prefix) = (code.number(), |code: Code| code.number() / 1000);
    entries.sort_by_key(|entry| {
        (prefix(entry.code) != prefix(code), entry.code.number().abs_diff(number))
    });
    let nearest: Vec<String> =
        entries.iter().take(NEAREST_MAX).map(|entry| entry.code.to_string()).collect();
    let server =
        FAMILIES.iter().find(|family| family.name == "server").map_or("", |family| family.page);
    format!(
        "{code} is in no list; the nearest are {}; newer codes may stand on the vendor's page {server}",
        nearest.join(", ")
    )
}

/// One entry for people.
fn card(entry: &Entry<'_>, languages: Languages, palette: Palette) -> String {
    let colors = palette.colors();
    let shown = |language| languages == Languages::Both || languages == Languages::One(language);
    let mut text = format!(
        "{}  {}  ({}, {})\n",
        entry.code,
        entry.name,
        entry.family.name(),
        entry.severity.word()
    );
    let mut row = |label: &str, value: &str, language: Option<Language>| {
        let (open, close) = language.map_or(("", ""), |language| colors.of(language));
        let _ = writeln!(text, "  {label:<9}{open}{value}{close}");
    };
    row("message", entry.message.unwrap_or("(none)"), None);
    let mut both = |label: &str, texts: Bilingual<'_>| {
        let mut label = label;
        for language in
            [Language::English, Language::Chinese].into_iter().filter(|language| shown(*language))
        {
            row(label, texts.get(language), Some(language));
            label = "";
        }
    };
    both("meaning", entry.meaning);
    if let Some(advice) = entry.advice {
        both("advice", advice);
    }
    if let Some(source) = entry.source() {
        row("page", &format!("{} ({})", source.page, source.date), None);
    }
    text
}

/// One entry for programs.
#[derive(Serialize)]
struct Record<'e> {
    code: u64,
    family: &'e str,
    severity: &'static str,
    name: &'e str,
    message: Option<&'e str>,
    en: &'e str,
    zh: &'e str,
    advice_en: Option<&'e str>,
    advice_zh: Option<&'e str>,
    page: Option<&'static str>,
    date: Option<&'static str>,
}

impl<'e> Record<'e> {
    fn new(entry: &'e Entry<'e>) -> Self {
        let source = entry.source();
        Record {
            code: entry.code.number(),
            family: entry.family.name(),
            severity: entry.severity.word(),
            name: entry.name,
            message: entry.message,
            en: entry.meaning.en,
            zh: entry.meaning.zh,
            advice_en: entry.advice.map(|advice| advice.en),
            advice_zh: entry.advice.map(|advice| advice.zh),
            page: source.map(|source| source.page),
            date: source.map(|source| source.date),
        }
    }
}

/// `list [TEXT]`
pub(crate) fn list(
    text: Option<&str>,
    shared: &Shared,
    catalog: &Catalog<'_>,
) -> anyhow::Result<Status> {
    let mut entries = catalog.entries();
    if let Some(text) = text {
        let wanted = searchable(text);
        entries.retain(|entry| holds(entry, &wanted));
        if entries.is_empty() {
            complain(&format!(
                "nothing in the lists has `{text}` in its number, family, name, message or meaning"
            ));
        }
    }
    let output = match shared.format {
        Format::Text => {
            table(&entries, settings::languages(shared.lang), settings::palette(shared.color))
        }
        Format::Json => json_lines(entries.iter().map(|entry| Record::new(entry)))?,
        Format::Tsv => catalog::print(entries),
    };
    Ok(print(&output))
}

fn holds(entry: &Entry<'_>, wanted: &str) -> bool {
    let code = entry.code.to_string();
    let family = entry.family.name();
    let texts = [
        code.as_str(),
        family,
        entry.name,
        entry.message.unwrap_or(""),
        entry.meaning.en,
        entry.meaning.zh,
    ];
    texts.iter().any(|text| searchable(text).contains(wanted))
}

/// In lower case and without blanks: the vendor writes both "chatroom" and "chat room".
fn searchable(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// One line a code. English is padded by what a terminal shows; Chinese, at the end, needs no
/// padding.
fn table(entries: &[&Entry<'_>], languages: Languages, palette: Palette) -> String {
    let colors = palette.colors();
    let english = |entry: &Entry<'_>| entry.inline(Language::English).width();
    let width = entries.iter().map(|entry| english(entry)).max().unwrap_or(0);
    let word = |severity: Severity| severity.word();
    let mut text = String::new();
    for entry in entries {
        let family = entry.family.name();
        let _ = write!(text, "{:>7}  {family:7}  {:7}", entry.code.number(), word(entry.severity));
        let mut column = |language: Language, padding: usize| {
            let (open, close) = colors.of(language);
            let _ = write!(text, "  {open}{}{close}{:padding$}", entry.inline(language), "");
        };
        match languages {
            Languages::Both => {
                column(Language::English, width - english(entry));
                column(Language::Chinese, 0);
            }
            Languages::One(language) => column(language, 0),
        }
        text.push('\n');
    }
    text
}

/// A completion script or the manual page.
pub(crate) fn generate(what: Generated) -> anyhow::Result<Status> {
    use clap_complete::Shell;
    let mut command = Cli::command();
    let mut text = Vec::new();
    let mut complete =
        |shell: Shell| clap_complete::generate(shell, &mut command, "jm-annotate", &mut text);
    match what {
        Generated::Bash => complete(Shell::Bash),
        Generated::Elvish => complete(Shell::Elvish),
        Generated::Fish => complete(Shell::Fish),
        Generated::Powershell => complete(Shell::PowerShell),
        Generated::Zsh => complete(Shell::Zsh),
        Generated::Man => clap_mangen::Man::new(command).render(&mut text)?,
    }
    Ok(print(&String::from_utf8_lossy(&text)))
}

pub(crate) fn json_lines<T: Serialize>(
    records: impl IntoIterator<Item = T>,
) -> anyhow::Result<String> {
    let mut text = String::new();
    for record in records {
        text.push_str(&serde_json::to_string(&record)?);
        text.push('\n');
    }
    Ok(text)
}

/// Writes to standard output; a closed pipe is no failure.
pub(crate) fn print(text: &str) -> Status {
    match io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush()) {
        Ok(()) => Status::Success,
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Status::Success,
        Err(error) => {
            complain(&format!("standard output: {}", reason(&error)));
            Status::Failure
        }
    }
}
