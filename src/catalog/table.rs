//! The table format of catalogs: tab-separated columns, one entry a line. One parser for the
//! built-in lists and for a user's file, and the printer that is its inverse.

use std::fmt;

use super::{Bilingual, Code, Entry, Evidence, Family, Severity};

/// The columns, in order. The last two may be left out of a row together.
pub const COLUMNS: [&str; 10] = [
    "code", "family", "evidence", "severity", "name", "message", "en", "zh", "advice_en",
    "advice_zh",
];

/// What may not stand in a text: it would end an explanation early, or harm the quoted text around
/// it.
const FORBIDDEN: [char; 5] = ['"', '\\', '[', ']', '|'];

/// A mistake in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableError {
    /// The line that is wrong, 1-based.
    pub line: usize,
    /// What is wrong with it, and what would be right.
    pub what: String,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for TableError {}

/// Reads a table. Blank lines and lines that begin with `#` are skipped; `\r\n` ends a line as well
/// as `\n`; a UTF-8 byte order mark at the beginning is skipped.
///
/// # Errors
/// The first line that is no row of the format, or that gives a code a second time.
pub fn parse(text: &str) -> Result<Vec<Entry<'_>>, TableError> {
    let mut seen = std::collections::BTreeMap::new();
    let mut entries = Vec::new();
    for (line, row) in numbered_rows(text) {
        let wrong = |what| TableError { line, what };
        let entry =
            read_row(row).and_then(|entry| check_texts(&entry).map(|()| entry)).map_err(wrong)?;
        if let Some(first) = seen.insert(entry.code, line) {
            return Err(wrong(format!(
                "{} stands in line {first} already; a code has one row",
                entry.code
            )));
        }
        entries.push(entry);
    }
    Ok(entries)
}

/// Reads a table whose texts are known to be good: no look at their characters, none for doubles.
pub(super) fn rows(text: &str) -> impl Iterator<Item = Result<Entry<'_>, String>> {
    numbered_rows(text).map(|(_, row)| read_row(row))
}

/// Writes entries as a table, with its heading; [`parse`] reads the same entries back.
#[must_use]
pub fn print<'e, 't: 'e>(entries: impl IntoIterator<Item = &'e Entry<'t>>) -> String {
    let mut text = format!("#{}\n", COLUMNS.join("\t"));
    for entry in entries {
        let advice = entry.advice.unwrap_or(Bilingual { en: "", zh: "" });
        let code = entry.code.to_string();
        let row = [
            code.as_str(),
            entry.family.name(),
            entry.evidence.word(),
            entry.severity.word(),
            entry.name,
            entry.message.unwrap_or(""),
            entry.meaning.en,
            entry.meaning.zh,
            advice.en,
            advice.zh,
        ];
        text.push_str(&row.join("\t"));
        text.push('\n');
    }
    text
}

fn numbered_rows(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text.split('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    lines
        .enumerate()
        .map(|(at, line)| (at + 1, line))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

fn read_row(row: &str) -> Result<Entry<'_>, String> {
    let mut cells = [""; COLUMNS.len()];
    let mut count = 0;
    for cell in row.split('\t') {
        if let Some(place) = cells.get_mut(count) {
            *place = cell;
        }
        count += 1;
    }
    if count != COLUMNS.len() && count != COLUMNS.len() - 2 {
        return Err(format!(
            "{count} columns; a row has {}, each behind one tab: {}",
            COLUMNS.len(),
            COLUMNS.join(", ")
        ));
    }
    let [code, family, evidence, severity, name, message, en, zh, advice_en, advice_zh] = cells;
    Ok(Entry {
        code: read_code(code)?,
        family: Family::new(family).ok_or_else(|| bad_family(family))?,
        evidence: read_word("evidence", evidence, Evidence::ALL)?,
        severity: read_word("severity", severity, Severity::ALL)?,
        name,
        message: Some(message).filter(|message| !message.is_empty()),
        meaning: read_meaning(en, zh)?,
        advice: read_advice(advice_en, advice_zh)?,
    })
}

fn read_code(cell: &str) -> Result<Code, String> {
    let code = Code::from_digits(cell.as_bytes());
    let fits = |code: &Code| *code == Code::SUCCESS || code.digits() >= Code::DIGITS_MIN;
    code.filter(fits).ok_or_else(|| {
        let (min, max) = (Code::DIGITS_MIN, Code::DIGITS_MAX);
        format!("`{cell}` is no code; a code is a number of {min} to {max} digits without a leading zero")
    })
}

fn bad_family(cell: &str) -> String {
    let max = Family::NAME_BYTES_MAX;
    format!(
        "`{cell}` is no family; a family is a lower-case letter and at most {} letters, digits or `-`, but not `all`",
        max - 1
    )
}

fn read_word<T>(column: &str, cell: &str, words: [(&'static str, T); 3]) -> Result<T, String> {
    let all = words.each_ref().map(|(word, _)| *word).join(", ");
    let found = words.into_iter().find(|(word, _)| *word == cell);
    found.map(|(_, value)| value).ok_or_else(|| format!("`{cell}` is no {column}; one of {all}"))
}

fn read_meaning<'t>(en: &'t str, zh: &'t str) -> Result<Bilingual<'t>, String> {
    match (en.is_empty(), zh.is_empty()) {
        (false, false) => Ok(Bilingual { en, zh }),
        (true, _) => Err("the column en is empty; it holds the meaning in English".to_owned()),
        (_, true) => Err("the column zh is empty; it holds the meaning in Chinese".to_owned()),
    }
}

fn read_advice<'t>(en: &'t str, zh: &'t str) -> Result<Option<Bilingual<'t>>, String> {
    match (en.is_empty(), zh.is_empty()) {
        (true, true) => Ok(None),
        (false, false) => Ok(Some(Bilingual { en, zh })),
        _ => Err(
            "advice in one language only; advice_en and advice_zh are both filled or both empty"
                .to_owned(),
        ),
    }
}

fn check_texts(entry: &Entry<'_>) -> Result<(), String> {
    let advice = entry.advice.unwrap_or(Bilingual { en: "", zh: "" });
    let message = entry.message.unwrap_or("");
    let texts = [entry.name, message, entry.meaning.en, entry.meaning.zh, advice.en, advice.zh];
    for (column, text) in COLUMNS[4..].iter().zip(texts) {
        if let Some(bad) = text.chars().find(|c| FORBIDDEN.contains(c) || c.is_control()) {
            return Err(format!(
                "the column {column} holds {bad:?}; an explanation may hold no \" \\ [ ] | or control character"
            ));
        }
        if text.trim() != text {
            return Err(format!(
                "the column {column} begins or ends with a blank; a text has none at its ends"
            ));
        }
    }
    if entry.name.is_empty() {
        return Err("the column name is empty; it says in a few words what the code is".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        "50001\tteam\tneeded\terror\tno stock\tOut of stock\tNothing left\t没有库存\tRefill\t补货";

    #[test]
    fn a_good_row_comes_back_as_it_was() {
        let text = format!("#{}\n{GOOD}\n", COLUMNS.join("\t"));
        assert_eq!(print(&parse(&text).expect("it is good")), text);
    }

    #[test]
    fn advice_comments_blank_lines_and_line_ends_are_optional() {
        let short = "\u{feff}# ours\r\n\r\n50001\tteam\tneeded\terror\tno stock\t\tNothing left\t没有库存\r\n";
        let entries = parse(short).expect("it is good");
        assert_eq!((entries.len(), entries[0].advice, entries[0].message), (1, None, None));
    }

    #[test]
    fn every_mistake_says_its_line_and_what_would_be_right() {
        let with = |column: usize, cell: &str| {
            let mut cells: Vec<&str> = GOOD.split('\t').collect();
            cells[column] = cell;
            cells.join("\t")
        };
        let cases = [
            ("50001".to_owned(), "1 columns; a row has 10"),
            (format!("{GOOD}\tx"), "11 columns; a row has 10"),
            (with(0, "5000"), "`5000` is no code; a code is a number of 5 to 10 digits"),
            (with(0, "05000"), "without a leading zero"),
            (with(0, "12345678901"), "is no code"),
            (with(0, "x"), "`x` is no code"),
            (with(1, "Team"), "`Team` is no family"),
            (with(1, "all"), "`all` is no family"),
            (with(2, "maybe"), "`maybe` is no evidence; one of needed, weighed, sure"),
            (with(3, "fatal"), "`fatal` is no severity; one of error, warning, info"),
            (with(4, ""), "the column name is empty"),
            (with(5, "a [b]"), "the column message holds '['"),
            (with(6, ""), "the column en is empty"),
            (with(7, ""), "the column zh is empty"),
            (with(6, "a | b"), "the column en holds '|'"),
            (with(7, " 有"), "the column zh begins or ends with a blank"),
            (with(8, ""), "advice in one language only"),
            (with(9, ""), "advice in one language only"),
            (with(9, "\u{7}"), "the column advice_zh holds '\\u{7}'"),
            (GOOD.to_owned(), "50001 stands in line 2 already; a code has one row"),
        ];
        for (row, want) in cases {
            let error = parse(&format!("# ours\n{GOOD}\n{row}\n")).expect_err(want);
            assert!(
                error.to_string().starts_with("line 3: ") && error.what.contains(want),
                "{error}"
            );
        }
    }
}
