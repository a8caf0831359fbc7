//! The summary: an aligned table for a terminal, at the end of a pass.
//!
//! Owns the widths: a Chinese character takes two columns. A code takes one line, however long its
//! texts are, so that `grep` finds all of it; the texts come last. Knows nothing about terminals or
//! colors.

use std::io;

use unicode_width::UnicodeWidthStr;

use crate::visible::inert;

use super::Outcome;
use super::text::{cut_front, rows, totals};

/// Writes the summary: a row per code, the worst first, then the most frequent, and the totals; a
/// single line if there is no code.
///
/// # Errors
/// The writer's.
pub fn write(outcome: &Outcome<'_, '_>, writer: &mut dyn io::Write) -> io::Result<()> {
    let rows = rows(outcome);
    let mut text = String::new();
    if rows.len() > 0 {
        let cells = rows.map(|row| {
            let [first, last] =
                [&row.first, &row.last].map(|place| cut_front(place, NAME_CHARS_MAX));
            let texts = [&first, &last, &*row.inline.en, &row.inline.zh]
                .map(|text| inert(text).into_owned());
            let [first, last, en, zh] = texts;
            let severity = row.severity.word().to_owned();
            [row.count.to_string(), row.code.clone(), severity, first, last, en, zh]
        });
        let mut table = vec![HEAD.map(str::to_owned)];
        table.extend(cells);
        draw(&table, &mut text);
    }
    text.push_str(&totals(outcome.tally));
    text.push('\n');
    writer.write_all(text.as_bytes())
}

/// How many characters of a file's name and line number are shown here: two of them must fit next
/// to the rest of a row.
const NAME_CHARS_MAX: usize = 32;

const HEAD: [&str; 7] = ["count", "code", "severity", "first", "last", "English", "中文"];
/// The first columns hold numbers, which are aligned to the right: the count and the code.
const NUMBERS: usize = 2;
const GAP: &str = "  ";

type Cells = [String; HEAD.len()];

fn draw(table: &[Cells], text: &mut String) {
    let mut widths = [0; HEAD.len()];
    for row in table {
        widths = std::array::from_fn(|column| widths[column].max(row[column].width()));
    }
    for row in table {
        draw_line(row, &widths, text);
    }
}

fn draw_line(cells: &Cells, widths: &[usize; HEAD.len()], text: &mut String) {
    let start = text.len();
    for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let blanks = " ".repeat(width.saturating_sub(cell.width()));
        let (before, after) =
            if column < NUMBERS { (blanks.as_str(), "") } else { ("", blanks.as_str()) };
        text.extend([if column == 0 { "" } else { GAP }, before, cell, after]);
    }
    text.truncate(start + text[start..].trim_end().len());
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Input, catalog, codes, hostile, tally, twelve};
    use super::*;

    fn summary(inputs: &[Input]) -> String {
        let catalog = catalog();
        let mut text = Vec::new();
        write(&Outcome::new(&tally(&catalog, inputs), None), &mut text)
            .expect("memory does not fail");
        String::from_utf8(text).expect("a summary is UTF-8")
    }

    /// How many terminal columns precede a text in its line.
    fn column(line: &str, text: &str) -> Option<usize> {
        line.find(text).map(|at| line[..at].width())
    }

    #[test]
    fn nothing_found_is_one_line() {
        let inputs = [(None, b"all is well\n".to_vec())];
        assert_eq!(summary(&inputs), "No JMessage error code in 1 line, 12 bytes.\n");
    }

    #[test]
    fn one_code_is_one_row() {
        let want = "\
count    code  severity  first    last     English              中文
    1  871300  error     stdin:1  stdin:1  Have not logged in.  api调用发起者尚未登录
1 annotation of 1 code in 1 line, 32 bytes.
";
        assert_eq!(summary(&codes(&[871_300])), want);
    }

    #[test]
    fn twelve_codes_are_aligned_by_width_and_the_worst_first() {
        let text = summary(&twelve());
        let places = column(&text, "first").expect("a heading");
        let chinese = text.lines().next().and_then(|head| column(head, "中文")).expect("a heading");
        let rows: Vec<_> = text.lines().filter(|line| line.contains("stdin:")).collect();
        assert_eq!(rows.len(), 12, "{text}");
        assert!(rows[0].starts_with("    2  871300  error "), "{text}");
        for row in rows {
            assert_eq!(column(row, "stdin:"), Some(places), "{text}");
            let texts: Vec<&str> = row.split("  ").filter(|cell| !cell.trim().is_empty()).collect();
            let last = texts.last().expect("a Chinese text").trim();
            assert_eq!(column(row, last), Some(chinese), "{text}");
        }
        assert!(
            text.contains("871999  error ") && text.contains("unknown JMessage code"),
            "{text}"
        );
    }

    #[test]
    fn hostile_names_reach_no_terminal() {
        let text = summary(&hostile());
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text}");
        assert!(text.contains("␊::error::from a name␊") && !text.contains("\n::error"), "{text}");
        assert!(!text.contains("##"), "{text}");
    }
}
