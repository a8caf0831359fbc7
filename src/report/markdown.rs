//! Markdown: one table of codes, for a file that people read and for GitHub's step summary.
//!
//! Owns the escapes: whatever comes from the log, a file name or a catalog stays text in Markdown,
//! in GitHub's dialect of it, and in the HTML that GitHub allows.

use std::io;

use super::Tally;
use super::text::{Both, Row, counted, rows, totals};

/// Writes the report: a heading, a row per code (most frequent first) and the totals; a single
/// sentence if there is no code.
///
/// # Errors
/// The writer's.
pub(super) fn write(tally: &Tally<'_>, writer: &mut dyn io::Write) -> io::Result<()> {
    writer.write_all(render(tally, usize::MAX).as_bytes())
}

const HEADING: &str = "## JMessage error codes\n\n";
const TABLE_HEAD: &str = "| Code | Count | Severity | First | Last | Meaning | Advice |\n\
                          | ---: | ---: | --- | --- | --- | --- | --- |\n";

/// The report in at most `bytes_max` bytes: rows that do not fit are left out, and a line says how
/// many. Empty if not even that line fits.
pub(super) fn render(tally: &Tally<'_>, bytes_max: usize) -> String {
    let rows: Vec<String> = rows(tally).iter().map(table_row).collect();
    let totals = totals(tally);
    if rows.is_empty() {
        return within(format!("{HEADING}{totals}\n"), bytes_max);
    }
    let all = format!("{HEADING}{TABLE_HEAD}{}\n{totals}\n", rows.concat());
    if all.len() <= bytes_max {
        return all;
    }
    let foot = |left_out: usize| {
        format!(
            "\n{totals}\n\n{} omitted here: the table would be too long.\n",
            counted(left_out as u64, "code")
        )
    };
    let room = bytes_max.saturating_sub(HEADING.len() + TABLE_HEAD.len() + foot(rows.len()).len());
    let ends = rows.iter().scan(0, |end, row| {
        *end += row.len();
        Some(*end)
    });
    let (shown, left_out) = rows.split_at(ends.take_while(|end| *end <= room).count());
    within(format!("{HEADING}{TABLE_HEAD}{}{}", shown.concat(), foot(left_out.len())), bytes_max)
}

fn within(text: String, bytes_max: usize) -> String {
    if text.len() <= bytes_max { text } else { String::new() }
}

fn table_row(row: &Row<'_>) -> String {
    let family = row.family.map_or(String::new(), |family| format!(" ({})", escaped(family)));
    format!(
        "| {}<br>{}{family} | {} | {} | {} | {} | {} | {} |\n",
        row.code,
        escaped(&row.name),
        row.count,
        row.severity.map_or("unknown", |severity| severity.word()),
        code_span(&row.first),
        code_span(&row.last),
        both(&row.meaning),
        row.advice.as_ref().map_or(String::new(), both),
    )
}

fn both(text: &Both<'_>) -> String {
    format!("{}<br>{}", escaped(&text.en), escaped(&text.zh))
}

/// A name as code, where GitHub does not link addresses or notify people. It is HTML because
/// nothing can be escaped between backticks.
fn code_span(text: &str) -> String {
    format!("<code>{}</code>", escaped(text))
}

/// Markdown that shows a text, which has no control characters. It uses character references, not
/// backslashes: a reference is never markup, in a table or in HTML.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let within_word =
            before.is_alphanumeric() && rest.peek().is_some_and(|next| next.is_alphanumeric());
        match c {
            '_' if within_word => safe.push('_'),
            '&' | '<' | '>' | '"' | '\'' | '|' | '`' | '[' | ']' | '\\' | '*' | '_' | '~' | '#'
            | '@' | '$' => {
                safe.push_str(&format!("&#{};", u32::from(c)));
            }
            _ => safe.push(c),
        }
        before = c;
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::super::testing::{catalog, codes, hostile, tally, twelve};
    use super::*;

    fn report(inputs: &[super::super::testing::Input]) -> String {
        let catalog = catalog();
        let mut text = Vec::new();
        write(&tally(&catalog, inputs), &mut text).expect("memory does not fail");
        String::from_utf8(text).expect("a report is UTF-8")
    }

    /// The cells of a table's row, as GitHub splits it.
    fn cells(row: &str) -> Vec<&str> {
        row.split('|').map(str::trim).collect()
    }

    #[test]
    fn nothing_found_is_a_sentence() {
        assert_eq!(
            report(&codes(&[])),
            "## JMessage error codes\n\nNo JMessage error code in 0 lines, 0 bytes.\n"
        );
    }

    #[test]
    fn one_code_is_a_row_in_both_languages() {
        let text = report(&codes(&[871_300]));
        let row = text.lines().nth(4).expect("heading, blank, head, rule, row");
        let want = "| 871300<br>not logged in (android) | 1 | error | <code>stdin:1</code> | <code>stdin:1</code> | \
                    The API was called while no user is logged in<br>api调用发起者尚未登录 | Call JMessageClient.login";
        assert!(row.starts_with(want), "{row}");
        assert!(text.ends_with("\n\n1 annotation of 1 code in 1 line, 32 bytes.\n"), "{text}");
    }

    #[test]
    fn twelve_codes_are_twelve_rows_most_frequent_first() {
        let text = report(&twelve());
        let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| 8")).collect();
        assert_eq!(rows.len(), 12);
        assert!(
            rows[0].starts_with("| 871300<br>") && rows[11].starts_with("| 898001<br>"),
            "{text}"
        );
        assert!(text.contains("| 871999<br>unknown code | 1 | unknown |"), "{text}");
    }

    #[test]
    fn hostile_names_stay_in_their_cells() {
        let text = report(&hostile());
        let rows: Vec<_> = text.lines().filter(|line| line.starts_with('|')).collect();
        assert_eq!((rows.len(), text.lines().count()), (4, 8), "{text}");
        for row in rows {
            assert_eq!(cells(row).len(), 9, "{row}");
            let plain = row.replace("<br>", "").replace("<code>", "").replace("</code>", "");
            assert!(!plain.contains(['<', '>', '`', '[', ']', '\\', '*', '@']), "{row}");
        }
    }

    #[test]
    fn a_word_keeps_its_underscores() {
        assert_eq!(escaped("my_log _x_ a&b"), "my_log &#95;x&#95; a&#38;b");
        assert_eq!(
            escaped("##[error] ![x](y) <b>"),
            "&#35;&#35;&#91;error&#93; !&#91;x&#93;(y) &#60;b&#62;"
        );
    }

    #[test]
    fn a_limit_cuts_whole_rows_and_says_so() {
        let catalog = catalog();
        let tally = tally(&catalog, &twelve());
        let all = render(&tally, usize::MAX);
        assert_eq!(render(&tally, all.len()), all);
        let mut shown_before = 12;
        for bytes_max in (0..all.len()).rev().step_by(29) {
            let text = render(&tally, bytes_max);
            assert!(text.len() <= bytes_max);
            let shown =
                text.lines().filter(|line| line.starts_with("| 8") && line.ends_with(" |")).count();
            assert!(shown <= shown_before, "{bytes_max}");
            let says = format!("{} omitted here", counted(12 - shown as u64, "code"));
            assert!(text.is_empty() || text.contains(&says), "{bytes_max}: {text}");
            shown_before = shown;
        }
        assert_eq!(shown_before, 0);
    }
}
