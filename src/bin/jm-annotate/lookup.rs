//! Answers about codes: `explain CODE` and `list`.
//!
//! Owns the form of these answers. Knows nothing about logs.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::io::stdout;

use jm_annotate::catalog::{self, Bilingual, Catalog, Code, CodeRange, Entry, Language, Severity};
use jm_annotate::layout::{self, Cell, Column, Fit, Width};
use jm_annotate::render::{Colors, Languages, Paint, Palette};
use jm_annotate::report::write_line;
use serde::Serialize;

use crate::args::{Format, Shared, TextOrJson};
use crate::messages::{complain_with, say};
use crate::nearest::{is_in_thousand_of, nearest};
use crate::output::print;
use crate::{Status, screen, settings};

/// `explain CODE…`
pub(crate) fn explain(
    arguments: &[String],
    shared: &Shared,
    catalog: &Catalog<'_>,
) -> anyhow::Result<Status> {
    let format = shared.format.text_or_json()?;
    let (mut status, mut found) = (Status::Success, Vec::new());
    let (listed, mut seen) = (catalog.entries(), BTreeSet::new());
    for argument in arguments {
        match find(argument, shared, catalog, &listed) {
            Ok(entries) => found.extend(entries.filter(|entry| seen.insert(entry.code))),
            Err(Unfound { what, details }) => {
                complain_with(&what, &details);
                status = Status::Failure;
            }
        }
    }
    let text = match format {
        TextOrJson::Json => json_lines(found.iter().map(|entry| Record::new(entry)))?,
        TextOrJson::Text => {
            let look = Look::new(shared);
            let cards: Vec<_> = found.iter().map(|entry| card(entry, look)).collect();
            cards.join("\n")
        }
    };
    Ok(status.max(print(&text)))
}

/// Why an argument of `explain` has no entries.
struct Unfound {
    what: String,
    /// Lines below it.
    details: Vec<String>,
}

impl From<String> for Unfound {
    fn from(what: String) -> Self {
        Unfound { what, details: Vec::new() }
    }
}

/// The entries of a code or range; `listed` are those of the catalog.
fn find<'l, 'c>(
    argument: &str,
    shared: &Shared,
    catalog: &Catalog<'_>,
    listed: &'l [&'c Entry<'c>],
) -> Result<impl Iterator<Item = &'c Entry<'c>> + use<'l, 'c>, Unfound> {
    let range: CodeRange =
        argument.parse().map_err(|error| format!("invalid code `{argument}`; {error}"))?;
    let entries = in_range(&range, listed);
    if entries.is_empty() {
        return Err(match range.single() {
            Some(code) => not_listed(code, shared, catalog, listed),
            None => format!(
                "no listed code is in the range `{argument}`; `jm-annotate list` shows all codes"
            )
            .into(),
        });
    }
    Ok(entries.iter().copied())
}

/// The entries of a range, of all that are listed.
fn in_range<'l, 'c>(range: &CodeRange, listed: &'l [&'c Entry<'c>]) -> &'l [&'c Entry<'c>] {
    let start = listed.partition_point(|entry| entry.code < range.first());
    let count = listed[start..].partition_point(|entry| range.contains(entry.code));
    &listed[start..start + count]
}

fn not_listed(
    code: Code,
    shared: &Shared,
    catalog: &Catalog<'_>,
    listed: &[&Entry<'_>],
) -> Unfound {
    if let Some(entry) = catalog.get_any(code) {
        let (family, codes) = (entry.family.name(), shared.replaced.name("codes"));
        return format!("{code} is in the family {family}, which {codes} excludes").into();
    }
    let near = nearest(code, listed);
    let codes = match near.len() {
        0 => {
            let list = "`jm-annotate list TEXT` searches numbers and texts";
            return format!("{code} is not in any list and not near a code; {list}").into();
        }
        1 => "code is",
        _ => "codes are",
    };
    let mut details = Vec::new();
    for entry in &near {
        let mut head = format!("  {}  ", entry.code);
        for language in languages(settings::languages(shared.lang)) {
            details.push(format!("{head}{}", entry.meaning.get(language)));
            head = " ".repeat(head.len());
        }
    }
    let same = near.iter().find(|entry| is_in_thousand_of(code, entry));
    if let Some(source) = same.and_then(|entry| entry.source()) {
        details.push(format!("  newer codes may be on the vendor's page {}", source.page));
    }
    Unfound { what: format!("{code} is not in any list; the nearest {codes}"), details }
}

/// Whether `explain` has something to say about these codes, whatever families are selected.
pub(crate) fn helps(range: &CodeRange, catalog: &Catalog<'_>) -> bool {
    let listed = catalog.entries();
    let is_near = |code| catalog.get_any(code).is_some() || !nearest(code, &listed).is_empty();
    range.single().map_or_else(|| !in_range(range, &listed).is_empty(), is_near)
}

/// Which languages, in order.
fn languages(languages: Languages) -> Vec<Language> {
    match languages {
        Languages::Both => vec![Language::English, Language::Chinese],
        Languages::One(language) => vec![language],
    }
}

/// How an answer for people looks.
#[derive(Clone, Copy)]
struct Look {
    languages: Languages,
    palette: Palette,
    width: Width,
}

impl Look {
    fn new(shared: &Shared) -> Self {
        Look {
            languages: settings::languages(shared.lang),
            palette: settings::palette(shared.color, &stdout()),
            width: screen::stdout_width(),
        }
    }

    /// The languages to show, each with its color.
    fn languages(self, severity: Severity) -> Vec<(Language, Paint)> {
        let Colors { first, second } = self.palette.colors(severity);
        languages(self.languages).into_iter().zip([first, second]).collect()
    }
}

/// Where the texts of a card begin.
const LABEL_COLUMNS: usize = 11;

/// One entry for people.
fn card(entry: &Entry<'_>, look: Look) -> String {
    let head = format!(
        "{}  {}  ({}, {})",
        entry.code,
        entry.name,
        entry.family.name(),
        entry.severity.word()
    );
    let mut text = layout::hanging(&head, 2, look.width);
    text.push('\n');
    let mut row = |label: &str, value: &str, (open, close): Paint| {
        let mut label = label;
        for line in layout::wrapped(value, LABEL_COLUMNS, look.width) {
            let _ = writeln!(text, "  {label:<9}{open}{line}{close}");
            label = "";
        }
    };
    const PLAIN: Paint = ("", "");
    row("message", entry.message.unwrap_or("(none)"), PLAIN);
    let mut both = |label: &str, texts: Bilingual<'_>| {
        let mut label = label;
        for (language, paint) in look.languages(entry.severity) {
            row(label, texts.get(language), paint);
            label = "";
        }
    };
    both("meaning", entry.meaning);
    if let Some(advice) = entry.advice {
        both("advice", advice);
    }
    if let Some(source) = entry.source() {
        row("page", &format!("{} ({})", source.page, source.date), PLAIN);
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
    let (mut status, mut entries) = (Status::Success, catalog.entries());
    if let Some(text) = text {
        let wanted = searchable(text);
        entries.retain(|entry| holds(entry, &wanted));
        if entries.is_empty() {
            status = say(&format!(
                "no code has `{text}` in its number, family, name, message, or meaning"
            ));
        }
    }
    let output = match shared.format {
        Format::Text => text_list(&entries, Look::new(shared)),
        Format::Json => json_lines(entries.iter().map(|entry| Record::new(entry)))?,
        Format::Tsv => catalog::print(entries),
    };
    Ok(status.max(print(&output)))
}

fn text_list(entries: &[&Entry<'_>], look: Look) -> String {
    match look.width {
        Some(width) if width < table_columns_min(look.languages) => rows(entries, look, width),
        _ => table(entries, look),
    }
}

/// Whether an entry contains a text that [`searchable`] has prepared.
fn holds(entry: &Entry<'_>, wanted: &str) -> bool {
    let code = entry.code.to_string();
    let texts = [
        code.as_str(),
        entry.family.name(),
        entry.name,
        entry.message.unwrap_or(""),
        entry.meaning.en,
        entry.meaning.zh,
    ];
    texts.iter().any(|text| searchable(text).contains(wanted))
}

/// In lower case and without whitespace: the vendor writes both "chatroom" and "chat room".
fn searchable(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// The columns of `list`: number, family, severity, and what the code means. The name of a
/// catalog's family may be long.
const COLUMNS: [Column; 5] = [
    Column { screen_min: 0, fit: Fit::Number },
    Column { screen_min: 60, fit: Fit::CutEnd },
    Column { screen_min: 50, fit: Fit::Whole },
    Column { screen_min: 0, fit: Fit::CutEnd },
    Column { screen_min: 0, fit: Fit::CutEnd },
];

/// One line per code.
fn table(entries: &[&Entry<'_>], look: Look) -> String {
    let row = |entry: &&Entry<'_>| {
        let languages = look.languages(entry.severity);
        let mut meanings = languages.into_iter().map(|(language, paint)| {
            let text = entry.meaning.get(language).to_owned();
            Cell { text, paint }
        });
        let paint = look.palette.colors(entry.severity).first;
        [
            Cell::plain(entry.code.to_string()),
            Cell::plain(entry.family.name()),
            Cell { text: entry.severity.word().to_owned(), paint },
            meanings.next().unwrap_or_else(|| Cell::plain("")),
            meanings.next().unwrap_or_else(|| Cell::plain("")),
        ]
    };
    layout::table(&COLUMNS, entries.iter().map(row), look.width).collect()
}

/// The fewest columns of a screen for a table. On a narrower one, so little of each text would be
/// left that many rows would look the same.
fn table_columns_min(languages: Languages) -> usize {
    match languages {
        Languages::Both => 120,
        Languages::One(_) => 80,
    }
}

/// The fewest columns of a screen on which each row has its family.
const FAMILY_MIN: usize = 80;
/// The most columns of a family: only a catalog's own has a longer name.
const FAMILY_COLUMNS_MAX: usize = 10;
/// The fewest columns of a screen on which each row has its severity.
const SEVERITY_MIN: usize = 50;
const SEVERITY_COLUMNS: usize = "warning".len();

/// Each code with its whole texts, one below the other.
fn rows(entries: &[&Entry<'_>], look: Look, width: usize) -> String {
    let longest = |length: fn(&Entry<'_>) -> usize| {
        entries.iter().map(|entry| length(entry)).max().unwrap_or_default()
    };
    let digits = longest(|entry| entry.code.to_string().len());
    let family_columns = longest(|entry| entry.family.name().len()).min(FAMILY_COLUMNS_MAX);
    let mut text = String::new();
    for entry in entries {
        let _ = write!(text, "{:>digits$}  ", entry.code);
        let mut indent = digits + 2;
        if width >= FAMILY_MIN {
            let family = layout::cut(entry.family.name(), family_columns);
            let _ = write!(text, "{family:family_columns$}  ");
            indent += family_columns + 2;
        }
        if width >= SEVERITY_MIN {
            let (open, close) = look.palette.colors(entry.severity).first;
            let _ = write!(text, "{open}{:SEVERITY_COLUMNS$}{close}  ", entry.severity.word());
            indent += SEVERITY_COLUMNS + 2;
        }
        let mut before = 0;
        for (language, (open, close)) in look.languages(entry.severity) {
            for line in layout::wrapped(entry.meaning.get(language), indent, look.width) {
                let _ = writeln!(text, "{:before$}{open}{line}{close}", "");
                before = indent;
            }
        }
    }
    text
}

pub(crate) fn json_lines<T: Serialize>(
    records: impl IntoIterator<Item = T>,
) -> anyhow::Result<String> {
    let mut text = Vec::new();
    for record in records {
        write_line(&record, &mut text)?;
    }
    Ok(String::from_utf8(text)?)
}
