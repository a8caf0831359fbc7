//! The summary: a table for a terminal, at the end of a pass.
//!
//! Owns its columns. A code takes one line, however long its texts are, so that `grep` finds all of
//! it; the texts come last. Knows nothing about terminals or colors.
//!
//! ```
//! use jm_annotate::report::{Outcome, Tally, summary};
//!
//! let tally = Tally::default();
//! let mut table = Vec::new();
//! summary::write(&Outcome::new(&tally, None), Some(80), &mut table)?;
//! assert_eq!(String::from_utf8_lossy(&table).lines().count(), 1);
//! # Ok::<(), std::io::Error>(())
//! ```

use std::io::{self, Write as _};

use crate::catalog::Language;
use crate::layout::{self, Cell, Column, Fit, Width};
use crate::render::Languages;
use crate::visible::inert;

use super::Outcome;
use super::text::{Row, cut_front, rows, totals};

/// Writes the summary: a row per code, the worst first, then the most frequent, and the totals; a
/// single line if there is no code. On a screen, no line is wider than it. The texts are in the
/// languages of the outcome.
///
/// # Errors
/// The writer's.
pub fn write(
    outcome: &Outcome<'_, '_>,
    width: Width,
    writer: &mut dyn io::Write,
) -> io::Result<()> {
    // So that a short table is one write.
    let writer = &mut io::BufWriter::new(writer);
    if rows(outcome).len() > 0 {
        match outcome.languages {
            Languages::Both => {
                write_table(outcome, [0, 1, 2, 3, 4, ENGLISH, CHINESE], width, writer)
            }
            Languages::One(Language::English) => {
                write_table(outcome, [0, 1, 2, 3, 4, ENGLISH], width, writer)
            }
            Languages::One(Language::Chinese) => {
                write_table(outcome, [0, 1, 2, 3, 4, CHINESE], width, writer)
            }
        }?;
    }
    let unread = outcome.tally.unread_inputs().text().map(|what| format!("{what}."));
    for line in [totals(outcome.tally)].into_iter().chain(unread) {
        writeln!(writer, "{}", layout::hanging(&line, 2, width))?;
    }
    writer.flush()
}

/// Writes the table with these columns.
fn write_table<const N: usize>(
    outcome: &Outcome<'_, '_>,
    shown: [usize; N],
    width: Width,
    writer: &mut impl io::Write,
) -> io::Result<()> {
    let head = HEAD.map(Cell::plain);
    let all = std::iter::once(head).chain(rows(outcome).map(|row| cells(&row)));
    let cells = all.map(|cells| shown.map(|at| cells[at].clone()));
    for line in layout::table(&shown.map(|at| COLUMNS[at]), cells, width) {
        writer.write_all(line.as_bytes())?;
    }
    Ok(())
}

fn cells(row: &Row<'_>) -> [Cell; HEAD.len()] {
    let [first, last] = [&row.first, &row.last].map(|place| cut_front(place, NAME_CHARS_MAX));
    let texts =
        [&first, &last, &*row.inline.en, &row.inline.zh].map(|text| inert(text).into_owned());
    let [first, last, en, zh] = texts;
    let severity = row.severity.word().to_owned();
    [row.count.to_string(), row.code.clone(), severity, first, last, en, zh].map(Cell::plain)
}

/// How many characters of a file's name and line number are shown here: two of them must fit next
/// to the rest of a row.
const NAME_CHARS_MAX: usize = 32;

const HEAD: [&str; 7] = ["count", "code", "severity", "first", "last", "English", "中文"];
/// What a code is and what it means has room on every screen; where it was, on wider ones.
const COLUMNS: [Column; HEAD.len()] = [
    Column { screen_min: 0, fit: Fit::Number },
    Column { screen_min: 0, fit: Fit::Number },
    Column { screen_min: 50, fit: Fit::Whole },
    Column { screen_min: 70, fit: Fit::CutFront },
    Column { screen_min: 110, fit: Fit::CutFront },
    Column { screen_min: 0, fit: Fit::CutEnd },
    Column { screen_min: 0, fit: Fit::CutEnd },
];
const ENGLISH: usize = 5;
const CHINESE: usize = 6;

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr;

    use super::super::testing::{Input, catalog, codes, hostile, tally, twelve};
    use super::*;

    fn summary(inputs: &[Input]) -> String {
        summary_on(inputs, None)
    }

    fn summary_on(inputs: &[Input], width: Width) -> String {
        let catalog = catalog();
        let mut text = Vec::new();
        write(&Outcome::new(&tally(&catalog, inputs), None), width, &mut text)
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
    fn a_row_fits_on_a_screen_and_says_what_its_code_means() {
        for width in [40, 60, 80, 120] {
            for inputs in [twelve(), hostile()] {
                let text = summary_on(&inputs, Some(width));
                assert!(text.lines().all(|line| line.width() <= width), "{width}: {text}");
            }
        }
        let want = "\
count    code  English      中文
    1  871300  Have not l…  api调用发起…
1 annotation of 1 code in 1 line, 32
  bytes.
";
        assert_eq!(summary_on(&codes(&[871_300]), Some(40)), want);
    }

    #[test]
    fn a_table_in_one_language_has_one_column_of_texts() {
        let (catalog, inputs) = (catalog(), codes(&[871_300]));
        let tally = tally(&catalog, &inputs);
        for (language, want) in [
            (Language::English, "English\n    1  871300  error     stdin:1  stdin:1  Have not"),
            (Language::Chinese, "中文\n    1  871300  error     stdin:1  stdin:1  api调用"),
        ] {
            let outcome = Outcome::new(&tally, None).in_languages(Languages::One(language));
            let mut text = Vec::new();
            write(&outcome, None, &mut text).expect("memory does not fail");
            let text = String::from_utf8(text).expect("a summary is UTF-8");
            let want = format!("count    code  severity  first    last     {want}");
            assert!(text.starts_with(&want), "{text}");
            let other = if language == Language::English { "api调用" } else { "Have not" };
            assert!(!text.contains(other), "{text}");
        }
    }

    #[test]
    fn hostile_names_reach_no_terminal() {
        let text = summary(&hostile());
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text}");
        assert!(text.contains("␊::error::from a name␊") && !text.contains("\n::error"), "{text}");
        assert!(!text.contains("##"), "{text}");
    }
}
