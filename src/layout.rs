//! Text that fits a screen: paragraphs with wrapped words, and tables with cut columns.
//!
//! Owns how wide a text is: a Chinese character takes two columns. Without a width, as for a pipe,
//! nothing is wrapped or cut. Knows nothing about terminals, codes, or languages.
//!
//! ```
//! use jm_annotate::layout::{cut, wrapped};
//!
//! assert_eq!(wrapped("Have not logged in.", 2, Some(12)), ["Have not", "logged in."]);
//! assert_eq!(cut("没有登录", 5), "没有…");
//! ```

mod number;
#[cfg(test)]
mod tests;

use textwrap::core::{Word, display_width};
use textwrap::wrap_algorithms::wrap_first_fit;
use unicode_truncate::UnicodeTruncateStr;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::explanation::Paint;

pub use number::rounded;

/// The columns of a screen; `None` for what is no screen.
pub type Width = Option<usize>;

/// The fewest columns that a text may be squeezed into.
const COLUMNS_MIN: usize = 8;

/// A text in lines that fit between an indent and the right edge. A word that is wider than a line
/// is broken, unless it is an address (URL).
#[must_use]
pub fn wrapped(text: &str, indent: usize, width: Width) -> Vec<String> {
    let Some(width) = width else { return vec![text.to_owned()] };
    let columns = width.saturating_sub(indent).max(COLUMNS_MIN);
    let words = words(text, columns).flat_map(|word| pieces(word, columns));
    let words: Vec<Word<'_>> = words.collect();
    let line = |words: &&[Word<'_>]| {
        let parts = words.iter().flat_map(|word| [word.word, word.whitespace]);
        parts.collect::<String>().trim_end_matches(' ').to_owned()
    };
    let mut lines: Vec<_> = wrap_first_fit(&words, &[columns as f64]).iter().map(line).collect();
    lines.iter_mut().skip(1).for_each(begin_no_command);
    lines
}

/// What a CI runner obeys at the beginning of a line, `::error::`, may come there only by wrapping:
/// its first colon becomes a sign that looks the same (U+2236). Wrapping leaves spaces that are not
/// blanks where they are, so they may precede it.
fn begin_no_command(line: &mut String) {
    let start = line.len() - line.trim_start().len();
    if line[start..].starts_with("::") {
        line.replace_range(start..=start, "\u{2236}");
    }
}

/// What of a word may be on a line of its own.
fn pieces(word: Word<'_>, columns: usize) -> Vec<Word<'_>> {
    let is_whole = word.contains("://") || display_width(&word) <= columns;
    if is_whole { vec![word] } else { word.break_apart(columns).collect() }
}

/// A text whose lines after the first one are indented, without an end of the last line.
#[must_use]
pub fn hanging(text: &str, indent: usize, width: Width) -> String {
    between(text, 0, indent, width)
}

/// The same, after something that takes the first columns of the first line.
fn between(text: &str, first: usize, indent: usize, width: Width) -> String {
    let mut lines = wrapped(text, first, width).into_iter().next().unwrap_or_default();
    let rest = text[lines.len()..].trim_start();
    for mut line in if rest.is_empty() { Vec::new() } else { wrapped(rest, indent, width) } {
        begin_no_command(&mut line);
        lines.push_str(&format!("\n{:indent$}{line}", ""));
    }
    lines
}

/// The fewest columns for a description beside what it describes.
const DESCRIPTION_COLUMNS_MIN: usize = 24;
/// Where a description begins that has no room beside what it describes.
const BELOW: usize = 10;

/// A page of help or an error, which may have colors, in lines that fit. A line that is too long
/// goes on below its beginning, indented by this much more; a description, which two blanks or more
/// precede, goes on below itself, or on lines of its own where it has too little room.
#[must_use]
pub fn page(text: &str, hang: usize, width: Width) -> String {
    let mut lines = String::new();
    for line in text.lines() {
        lines.push_str(&fitted(line.trim_end_matches(' '), hang, width));
        lines.push('\n');
    }
    lines
}

fn fitted(line: &str, hang: usize, width: Width) -> String {
    let Some(columns) = width.filter(|columns| display_width(line) > *columns) else {
        return line.to_owned();
    };
    let text = line.trim_start_matches(' ');
    let indent = line.len() - text.len();
    let Some((name, description)) = text.split_once(GAP) else {
        let text = between(text, indent, indent + hang, width);
        return format!("{:indent$}{text}", "");
    };
    let description = description.trim_start_matches(' ');
    let start = display_width(line) - display_width(description);
    if start + DESCRIPTION_COLUMNS_MIN <= columns {
        let before = &line[..line.len() - description.len()];
        return format!("{before}{}", between(description, start, start, width));
    }
    let name = between(name, indent, indent + hang, width);
    let mut description = between(description, BELOW, BELOW, width);
    begin_no_command(&mut description);
    format!("{:indent$}{name}\n{:BELOW$}{description}", "", "")
}

/// The words of a text: a line may break after blanks, and before or after a Chinese character, but
/// not before the punctuation that follows it, nor after an opening bracket, nor in a command in
/// backquotes that fits on a line.
fn words(text: &str, columns: usize) -> impl Iterator<Item = Word<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut letters = rest.char_indices().peekable();
        let (mut end, mut whole, mut before) = (rest.len(), 0, ' ');
        while let Some((at, letter)) = letters.next() {
            if at >= whole && !before.is_alphanumeric() {
                let quoted = quoted(&rest[at..]).filter(|quoted| display_width(quoted) <= columns);
                whole = at + quoted.map_or(0, str::len);
            }
            before = letter;
            let Some((next_at, next)) = letters.peek() else { break };
            if *next_at >= whole && may_break(letter, *next) {
                end = *next_at;
                break;
            }
        }
        let (word, after) = rest.split_at(end);
        rest = after;
        (!word.is_empty()).then(|| Word::from(word))
    })
}

/// What is in backquotes at the beginning of a text, with them.
fn quoted(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('`').filter(|inner| !inner.starts_with([' ', '`']))?;
    Some(&text[..=inner.find('`')? + 1])
}

fn may_break(before: char, after: char) -> bool {
    const OPENING: &str = "（《「『【“‘([";
    const CLOSING: &str = "，。、；：？！）》」』】”’…—,.;:?!)]";
    if after == ' ' {
        return false;
    }
    let is_wide = |letter: char| letter.width() == Some(2);
    before == ' '
        || ((is_wide(before) || is_wide(after))
            && !CLOSING.contains(after)
            && !OPENING.contains(before))
}

/// A text in at most `columns` columns: what is too long is cut and ends with `…`.
#[must_use]
pub fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    format!("{}…", text.unicode_truncate(columns.saturating_sub(1)).0)
}

/// The same, but the beginning is cut: names of files differ at their ends.
#[must_use]
pub fn cut_front(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    format!("…{}", text.unicode_truncate_start(columns.saturating_sub(1)).0)
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// On a screen with fewer columns, it is left out.
    pub screen_min: usize,
    /// What happens to a text that is too long.
    pub fit: Fit,
}

/// What happens to the texts of a column on a narrow screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// Nothing: they are short.
    Whole,
    /// Nothing: they are numbers, and aligned to the right.
    Number,
    /// Their end is cut.
    CutEnd,
    /// Their beginning is cut.
    CutFront,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What is in it.
    pub text: String,
    /// What opens and closes its color.
    pub paint: Paint,
}

impl Cell {
    /// A cell without a color.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Cell { text: text.into(), paint: ("", "") }
    }
}

const GAP: &str = "  ";

/// A table, one line for each row, each made when it is asked for: together, those of a long table
/// take far more memory than what they are made of. The rows are asked for twice, first for the
/// widths of their columns.
pub fn table<const N: usize>(
    columns: &[Column; N],
    rows: impl Iterator<Item = [Cell; N]> + Clone,
    width: Width,
) -> impl Iterator<Item = String> {
    let is_shown = |at: &usize| width.is_none_or(|width| width >= columns[*at].screen_min);
    let shown: Vec<usize> = (0..N).filter(is_shown).collect();
    let mut widths = [0; N];
    for row in rows.clone() {
        widths = std::array::from_fn(|at| widths[at].max(row[at].text.width()));
    }
    if let Some(width) = width {
        squeeze(&mut widths, columns, &shown, width);
    }
    rows.map(move |row| line(&row, columns, &shown, &widths))
}

/// The line of a row, with its end.
fn line(row: &[Cell], columns: &[Column], shown: &[usize], widths: &[usize]) -> String {
    let (mut text, mut blanks) = (String::new(), 0);
    for at in shown {
        let (cell, fit) = (&row[*at], columns[*at].fit);
        let cut = match fit {
            Fit::CutFront => cut_front(&cell.text, widths[*at]),
            Fit::CutEnd => cut(&cell.text, widths[*at]),
            Fit::Whole | Fit::Number => cell.text.clone(),
        };
        let padding = widths[*at] - cut.width().min(widths[*at]);
        let (before, after) = if fit == Fit::Number { (padding, 0) } else { (0, padding) };
        if !cut.is_empty() {
            let (open, close) = cell.paint;
            text.push_str(&" ".repeat(blanks + before));
            text.extend([open, &cut, close]);
            blanks = 0;
        } else {
            blanks += before;
        }
        blanks += after + GAP.len();
    }
    text.push('\n');
    text
}

/// Shares what is left of a screen among the columns that may be cut: a column that needs less than
/// its share leaves the rest to the others.
fn squeeze(widths: &mut [usize], columns: &[Column], shown: &[usize], width: usize) {
    let may_be_cut = |at: &&usize| matches!(columns[**at].fit, Fit::CutEnd | Fit::CutFront);
    let mut flexible: Vec<usize> = shown.iter().filter(may_be_cut).copied().collect();
    let fixed = shown.iter().filter(|at| !may_be_cut(at)).map(|at| widths[*at]).sum::<usize>();
    let gaps = GAP.len() * shown.len().saturating_sub(1);
    let mut left = width.saturating_sub(fixed + gaps);
    flexible.sort_by_key(|at| widths[*at]);
    for (done, at) in flexible.iter().enumerate() {
        let share = left / (flexible.len() - done);
        widths[*at] = widths[*at].min(share.max(1));
        left = left.saturating_sub(widths[*at]);
    }
}
