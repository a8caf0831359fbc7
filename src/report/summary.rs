//! The summary: an aligned table for a terminal, at the end of a pass.
//!
//! Owns the widths: Chinese characters take two columns, long texts go on in further lines of their own column. Knows no
//! terminal and no color.

use std::io;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Tally;
use super::text::{cut_front, rows, totals};

/// Writes the summary: a row a code, most frequent first, and the totals; without a code one line.
///
/// # Errors
/// The writer's.
pub fn write(tally: &Tally<'_>, writer: &mut dyn io::Write) -> io::Result<()> {
    let rows = rows(tally);
    let mut text = String::new();
    if !rows.is_empty() {
        let cells = rows.iter().map(|row| {
            let severity = row.severity.map_or("unknown", |severity| severity.word());
            let (en, zh) = (row.inline.en.to_string(), row.inline.zh.to_string());
            let (count, code) = (row.count.to_string(), row.code.clone());
            [count, code, severity.to_owned(), en, zh, name(&row.first), name(&row.last)]
        });
        let mut table = vec![HEAD.map(str::to_owned)];
        table.extend(cells);
        draw(&table, &mut text);
    }
    text.push_str(&totals(tally));
    text.push('\n');
    writer.write_all(text.as_bytes())
}

/// A place for a line of its own that a runner may read: `##[error]` and `##vso[…]` are commands anywhere in a line.
fn name(place: &str) -> String {
    cut_front(place, NAME_CHARS_MAX).replace("##", "#＃")
}

/// How many characters of a name and a line number are shown here: two of them have to fit beside the rest of a row.
const NAME_CHARS_MAX: usize = 32;

const HEAD: [&str; 7] = ["count", "code", "severity", "English", "中文", "first", "last"];
/// The columns with texts, which are folded.
const TEXTS: [usize; 2] = [3, 4];
/// Numbers stand on the right of their column: the count and the code.
const NUMBERS: usize = 2;
const GAP: &str = "  ";
/// How many columns a row should take: what CI consoles and wide terminals show in one line.
const ROW_COLUMNS: usize = 120;
/// A text's column is not made narrower than this for the sake of [`ROW_COLUMNS`]: three in four texts fit into two
/// lines of it.
const TEXT_COLUMNS_MIN: usize = 22;

type Cells = [String; HEAD.len()];

fn draw(table: &[Cells], text: &mut String) {
    let widths = widths(table);
    for row in table {
        let folded: [Vec<&str>; HEAD.len()] = std::array::from_fn(|column| match TEXTS.contains(&column) {
            true => fold(&row[column], widths[column]),
            false => vec![row[column].as_str()],
        });
        let lines = folded.iter().map(Vec::len).max().unwrap_or(0);
        for line in 0..lines {
            let cells = folded.each_ref().map(|cell| cell.get(line).copied().unwrap_or(""));
            draw_line(&cells, &widths, text);
        }
    }
}

fn draw_line(cells: &[&str; HEAD.len()], widths: &[usize; HEAD.len()], text: &mut String) {
    let start = text.len();
    for (column, (cell, width)) in cells.iter().zip(widths).enumerate() {
        let blanks = " ".repeat(width.saturating_sub(cell.width()));
        let (before, behind) = if column < NUMBERS { (blanks.as_str(), "") } else { ("", blanks.as_str()) };
        text.extend([if column == 0 { "" } else { GAP }, before, cell, behind]);
    }
    text.truncate(start + text[start..].trim_end().len());
    text.push('\n');
}

/// How many columns each column takes: its widest cell, but the texts share what the others leave of a row.
fn widths(table: &[Cells]) -> [usize; HEAD.len()] {
    let mut widths = [0; HEAD.len()];
    for row in table {
        widths = std::array::from_fn(|column| widths[column].max(row[column].width()));
    }
    let [en, zh] = TEXTS.map(|column| widths[column]);
    let others = widths.iter().sum::<usize>() - en - zh + GAP.len() * (HEAD.len() - 1);
    let room = ROW_COLUMNS.saturating_sub(others).max(2 * TEXT_COLUMNS_MIN);
    let en_width = en.min((room / 2).max(room.saturating_sub(zh)));
    widths[TEXTS[0]] = en_width;
    widths[TEXTS[1]] = zh.min(room - en_width);
    widths
}

/// A text in lines of at most so many columns: broken at blanks and beside wide characters, else within a word.
fn fold(text: &str, columns_max: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    loop {
        let end = line_end(rest, columns_max);
        lines.push(rest[..end].trim_end());
        rest = rest[end..].trim_start();
        if rest.is_empty() {
            return lines;
        }
    }
}

/// Where the first line of a text ends, in bytes; behind at least one character.
fn line_end(text: &str, columns_max: usize) -> usize {
    let (mut columns, mut good, mut before) = (0, 0, ' ');
    for (at, c) in text.char_indices() {
        let width = c.width().unwrap_or(0);
        let beside_wide =
            (width == 2 || before.width() == Some(2)) && !CLOSING.contains(&c) && !OPENING.contains(&before);
        if at > 0 && (c == ' ' || before == ' ' || beside_wide) {
            good = at;
        }
        columns += width;
        if columns > columns_max && at > 0 {
            return if good > 0 { good } else { at };
        }
        before = c;
    }
    text.len()
}

/// Punctuation that does not begin a line.
const CLOSING: [char; 15] = ['，', '。', '、', '；', '：', '？', '！', '）', '》', '”', '’', ')', ',', '.', ';'];
/// Punctuation that does not end a line.
const OPENING: [char; 5] = ['（', '《', '“', '‘', '('];

#[cfg(test)]
mod tests {
    use super::super::testing::{Input, catalog, codes, hostile, tally, twelve};
    use super::*;

    fn summary(inputs: &[Input]) -> String {
        let catalog = catalog();
        let mut text = Vec::new();
        write(&tally(&catalog, inputs), &mut text).expect("memory does not fail");
        String::from_utf8(text).expect("a summary is UTF-8")
    }

    /// How many terminal columns stand before a text in its line.
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
count    code  severity  English              中文                   first    last
    1  871300  error     Have not logged in.  api调用发起者尚未登录  stdin:1  stdin:1
1 annotation of 1 code in 1 line, 32 bytes.
";
        assert_eq!(summary(&codes(&[871_300])), want);
    }

    #[test]
    fn twelve_codes_are_aligned_by_width_and_most_frequent_first() {
        let text = summary(&twelve());
        let places = column(&text, "first").expect("a heading");
        let rows: Vec<_> = text.lines().filter(|line| line.contains("stdin:")).collect();
        assert_eq!(rows.len(), 12, "{text}");
        assert!(rows[0].starts_with("    2  871300  error "), "{text}");
        for row in rows {
            assert_eq!(column(row, "stdin:"), Some(places), "{text}");
        }
        assert!(text.lines().all(|line| line.width() <= ROW_COLUMNS), "{text}");
        assert!(text.contains("871999  unknown   unknown JMessage code"), "{text}");
    }

    #[test]
    fn hostile_names_reach_no_terminal() {
        let text = summary(&hostile());
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text}");
        assert!(text.contains("␊::error::from a name␊") && !text.contains("\n::error"), "{text}");
        assert!(!text.contains("##"), "{text}");
    }

    #[test]
    fn a_text_is_folded_where_it_may_break() {
        let cases: [(&str, usize, &[&str]); 7] = [
            ("not logged in", 20, &["not logged in"]),
            ("not logged in", 10, &["not logged", "in"]),
            ("not logged in", 9, &["not", "logged in"]),
            ("unbreakable", 4, &["unbr", "eaka", "ble"]),
            ("请求失败，请检查", 8, &["请求失", "败，请检", "查"]),
            ("错误（码）", 6, &["错误", "（码）"]),
            ("", 4, &[""]),
        ];
        for (text, columns_max, want) in cases {
            assert_eq!(fold(text, columns_max), want, "{text} in {columns_max}");
        }
        assert_eq!(fold("错", 1), ["错"]);
    }

    #[test]
    fn folding_loses_nothing_but_blanks() {
        let catalog = catalog();
        let without_blanks = |text: &str| text.replace(' ', "");
        for entry in catalog.entries() {
            for text in [entry.meaning.en, entry.meaning.zh] {
                let lines = fold(text, TEXT_COLUMNS_MIN);
                assert_eq!(without_blanks(&lines.concat()), without_blanks(text));
                assert!(lines.iter().all(|line| line.width() <= TEXT_COLUMNS_MIN), "{lines:?}");
            }
        }
    }
}
