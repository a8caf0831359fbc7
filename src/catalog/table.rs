//! The table format of catalogs: one entry per line, in tab-separated columns. Owns the parser for
//! the built-in lists and for a user's file, and its inverse, the printer. Does not know where the
//! text comes from.

use std::borrow::Cow;
use std::fmt;

use crate::visible::hidden;

use super::{Bilingual, Code, Entry, Evidence, Family, Severity};

/// The columns, in order. The last two may be left out of a row together.
pub const COLUMNS: [&str; 10] = [
    "code", "family", "evidence", "severity", "name", "message", "en", "zh", "advice_en",
    "advice_zh",
];

/// What a text must not contain: it would end an explanation early, or break the quoted text around
/// it.
const FORBIDDEN: [char; 5] = ['"', '\\', '[', ']', '|'];
/// What a text must not begin with: at the beginning of a line, it is a command to GitHub's runner.
/// (Azure's commands hold a `[`.)
const COMMAND: &str = "::";

/// The most bytes of a text: twice as many as the longest one of the vendor's lists and ours has. A
/// block may contain thousands of codes, and its explanations are in memory together.
const TEXT_BYTES_MAX: usize = 500;

/// A mistake in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableError {
    /// The line with the mistake, 1-based.
    pub line: usize,
    /// What is wrong and what was expected.
    pub what: String,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.what)
    }
}

impl std::error::Error for TableError {}

/// Reads a table. Skips blank lines, lines that begin with `#`, and a UTF-8 byte order mark at the
/// beginning; lines may end with `\r\n`.
///
/// # Errors
/// The first line that is not a row of the format, or repeats a code.
pub fn parse(text: &str) -> Result<Vec<Entry<'_>>, TableError> {
    let mut seen = std::collections::BTreeMap::new();
    let mut entries = Vec::new();
    for (line, row) in numbered_rows(text) {
        let wrong = |what| TableError { line, what };
        let entry =
            read_row(row).and_then(|entry| check_texts(&entry).map(|()| entry)).map_err(wrong)?;
        if let Some(first) = seen.insert(entry.code, line) {
            let code = entry.code;
            return Err(wrong(format!("{code} is already in line {first}; a code has one row")));
        }
        entries.push(entry);
    }
    Ok(entries)
}

/// Reads a table without checking its texts or looking for repeated codes.
pub(super) fn rows(text: &str) -> impl Iterator<Item = Result<Entry<'_>, String>> {
    numbered_rows(text).map(|(_, row)| read_row(row))
}

/// Writes entries as a table with a heading; [`parse`] reads the same entries back.
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
            "expected {} columns separated by tabs ({}), or {} without advice; found {count}",
            COLUMNS.len(),
            COLUMNS.join(", "),
            COLUMNS.len() - 2
        ));
    }
    let [code, family, evidence, severity, name, message, en, zh, advice_en, advice_zh] = cells;
    Ok(Entry {
        code: read_code(code)?,
        family: Family::new(family).ok_or_else(|| bad_family(family))?,
        evidence: read_word("evidence", evidence, Evidence::ALL, Evidence::word)?,
        severity: read_word("severity", severity, Severity::ALL, Severity::word)?,
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
        let cell = cut(cell);
        format!("invalid code `{cell}`; expected {min} to {max} digits without a leading zero")
    })
}

fn bad_family(cell: &str) -> String {
    let (cell, reserved) = (cut(cell), Family::RESERVED.join(", "));
    format!(
        "invalid family `{cell}`; expected a lower-case letter, then at most {} letters, digits, \
         or `-`, and none of the words {reserved}",
        Family::NAME_BYTES_MAX - 1
    )
}

fn read_word<T: Copy>(
    column: &str,
    cell: &str,
    all: [T; 3],
    word: impl Fn(T) -> &'static str,
) -> Result<T, String> {
    let found = all.into_iter().find(|value| word(*value) == cell);
    found.ok_or_else(|| {
        let (cell, words) = (cut(cell), all.map(word).join(", "));
        format!("unknown {column} `{cell}`; expected one of: {words}")
    })
}

/// The beginning of a cell, for an error: a file that is no catalog may be one long line.
fn cut(cell: &str) -> Cow<'_, str> {
    match cell.char_indices().nth(CELL_CHARS_MAX) {
        Some((end, _)) => Cow::Owned(format!("{}…", &cell[..end])),
        None => Cow::Borrowed(cell),
    }
}

/// How many characters of a cell an error shows.
const CELL_CHARS_MAX: usize = 40;

fn read_meaning<'t>(en: &'t str, zh: &'t str) -> Result<Bilingual<'t>, String> {
    match (en.is_empty(), zh.is_empty()) {
        (false, false) => Ok(Bilingual { en, zh }),
        (true, _) => Err("the column `en` is empty; expected the meaning in English".to_owned()),
        (_, true) => Err("the column `zh` is empty; expected the meaning in Chinese".to_owned()),
    }
}

fn read_advice<'t>(en: &'t str, zh: &'t str) -> Result<Option<Bilingual<'t>>, String> {
    match (en.is_empty(), zh.is_empty()) {
        (true, true) => Ok(None),
        (false, false) => Ok(Some(Bilingual { en, zh })),
        _ => Err("advice in one language; expected both `advice_en` and `advice_zh`, or neither"
            .to_owned()),
    }
}

fn check_texts(entry: &Entry<'_>) -> Result<(), String> {
    let advice = entry.advice.unwrap_or(Bilingual { en: "", zh: "" });
    let message = entry.message.unwrap_or("");
    let texts = [entry.name, message, entry.meaning.en, entry.meaning.zh, advice.en, advice.zh];
    for (column, text) in COLUMNS[4..].iter().zip(texts) {
        if let Some(bad) = text.chars().find(|c| FORBIDDEN.contains(c)) {
            return Err(format!(
                "the column `{column}` holds {bad:?}; expected text without \" \\ [ ] |"
            ));
        }
        if let Some(bad) = hidden(text) {
            return Err(format!(
                "the column `{column}` holds U+{:04X}; expected text without control characters \
                 and invisible characters",
                u32::from(bad)
            ));
        }
        if text.starts_with(COMMAND) {
            return Err(format!(
                "the column `{column}` begins with `{COMMAND}`; expected text that a CI runner \
                 does not take for a command"
            ));
        }
        check_length(column, text)?;
        if text.trim() != text {
            return Err(format!(
                "the column `{column}` begins or ends with whitespace; expected text without it"
            ));
        }
    }
    if entry.name.is_empty() {
        return Err("the column `name` is empty; expected a few words for the code".to_owned());
    }
    Ok(())
}

fn check_length(column: &str, text: &str) -> Result<(), String> {
    match text.len() {
        0..=TEXT_BYTES_MAX => Ok(()),
        length => Err(format!(
            "the column `{column}` has {length} bytes; expected at most {TEXT_BYTES_MAX}"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        "50001\tteam\tneeded\terror\tno stock\tOut of stock\tNothing left\t没有库存\tRefill\t补货";

    #[test]
    fn a_good_row_is_printed_the_way_it_was_read() {
        let text = format!("#{}\n{GOOD}\n", COLUMNS.join("\t"));
        assert_eq!(print(&parse(&text).expect("it is good")), text);
    }

    #[test]
    fn a_text_may_be_as_long_as_the_limit() {
        let row = GOOD.replace("Refill", &"x".repeat(TEXT_BYTES_MAX));
        assert_eq!(parse(&row).expect("it is good").len(), 1);
    }

    #[test]
    fn advice_comments_blank_lines_and_line_ends_are_optional() {
        let short = "\u{feff}# ours\r\n\r\n50001\tteam\tneeded\terror\tno stock\t\tNothing left\t没有库存\r\n";
        let entries = parse(short).expect("it is good");
        assert_eq!((entries.len(), entries[0].advice, entries[0].message), (1, None, None));
    }

    #[test]
    fn every_mistake_is_reported_with_its_line_and_what_was_expected() {
        let with = |column: usize, cell: &str| {
            let mut cells: Vec<&str> = GOOD.split('\t').collect();
            cells[column] = cell;
            cells.join("\t")
        };
        let cases = [
            ("50001".to_owned(), "expected 10 columns separated by tabs (code, family, evidence,"),
            (format!("{GOOD}\tx"), "advice_zh), or 8 without advice; found 11"),
            (with(0, "5000"), "invalid code `5000`; expected 5 to 10 digits"),
            (with(0, "05000"), "without a leading zero"),
            (with(0, "12345678901"), "invalid code"),
            (with(0, "x"), "invalid code `x`"),
            (with(0, &"没".repeat(41)), "没没…`; expected 5"),
            (with(1, &"没".repeat(40)), "没没`; expected a lower-case"),
            (with(2, &"x".repeat(1 << 20)), "xx…`; expected one of"),
            (with(1, "Team"), "invalid family `Team`; expected a lower-case letter"),
            (
                with(1, "any"),
                "and none of the words all, any, empty, error, info, unknown, warning",
            ),
            (with(2, "x"), "unknown evidence `x`; expected one of: needed, weighed, sure"),
            (with(3, "fatal"), "unknown severity `fatal`; expected one of: error, warning, info"),
            (with(4, ""), "the column `name` is empty"),
            (with(5, "a [b]"), "the column `message` holds '['"),
            (with(6, ""), "the column `en` is empty"),
            (with(7, ""), "the column `zh` is empty"),
            (with(6, "a | b"), "the column `en` holds '|'"),
            (with(7, " 有"), "the column `zh` begins or ends with whitespace"),
            (with(8, ""), "advice in one language"),
            (with(9, ""), "advice in one language"),
            (with(4, &"x".repeat(501)), "the column `name` has 501 bytes; expected at most 500"),
            (with(9, &"没".repeat(167)), "the column `advice_zh` has 501 bytes"),
            (with(9, "\u{7}"), "the column `advice_zh` holds U+0007"),
            (with(8, "a\u{202e}b"), "the column `advice_en` holds U+202E"),
            (with(7, "::error::x"), "the column `zh` begins with `::`"),
            (GOOD.to_owned(), "50001 is already in line 2; a code has one row"),
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
