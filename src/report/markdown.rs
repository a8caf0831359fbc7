//! Markdown: one table of codes, for a file that people read and for GitHub's step summary.
//!
//! Owns what keeps text inert: a file name or a text of a catalog is never markup, HTML, or, on
//! GitHub, a link or a mention. What is more than plain words becomes code.

use std::io;

use super::Outcome;
use super::text::{Both, Row, counted, more_inputs, rows, totals};

/// Writes the report: the inputs that could not be read, a row per code (the worst first, then the
/// most frequent), in which the policy's failures are marked, the totals, and the empty inputs that
/// fail. Without a code there is no table.
///
/// # Errors
/// The writer's.
pub(super) fn write(outcome: &Outcome<'_, '_>, writer: &mut dyn io::Write) -> io::Result<()> {
    writer.write_all(render(outcome, usize::MAX).as_bytes())
}

const HEADING: &str = "## JMessage error codes\n\n";
const TABLE_HEAD: &str = "| Code | Count | Severity | First | Last | Meaning | Advice |\n\
                          | ---: | ---: | --- | --- | --- | --- | --- |\n";

/// The report in at most `bytes_max` bytes: rows that do not fit are left out, and a line says how
/// many. Empty if not even that line fits.
pub(super) fn render(outcome: &Outcome<'_, '_>, bytes_max: usize) -> String {
    let rows: Vec<String> = rows(outcome).map(|row| table_row(&row)).collect();
    let heading = format!("{HEADING}{}", unread(outcome));
    let totals = format!("{}{}", totals(outcome.tally), failures(outcome));
    if rows.is_empty() {
        return within(format!("{heading}{totals}\n"), bytes_max);
    }
    let all = format!("{heading}{TABLE_HEAD}{}\n{totals}\n", rows.concat());
    if all.len() <= bytes_max {
        return all;
    }
    let foot = |left_out: usize| {
        format!(
            "\n{totals}\n\n{} omitted here: the table would be too long.\n",
            counted(left_out as u64, "code")
        )
    };
    let room = bytes_max.saturating_sub(heading.len() + TABLE_HEAD.len() + foot(rows.len()).len());
    let ends = rows.iter().scan(0, |end, row| {
        *end += row.len();
        Some(*end)
    });
    let (shown, left_out) = rows.split_at(ends.take_while(|end| *end <= room).count());
    within(format!("{heading}{TABLE_HEAD}{}{}", shown.concat(), foot(left_out.len())), bytes_max)
}

/// What could not be read, before everything else.
fn unread(outcome: &Outcome<'_, '_>) -> String {
    let unread = outcome.tally.unread_inputs();
    let Some(what) = unread.text() else { return String::new() };
    let lines: String = unread.lines().map(|line| format!("- {}\n", code(&line))).collect();
    format!("**{what}:**\n\n{lines}\n")
}

/// What the policy fails, after the totals.
fn failures(outcome: &Outcome<'_, '_>) -> String {
    let codes = match outcome.failing_codes() as u64 {
        0 => String::new(),
        1 => " 1 code fails.".to_owned(),
        codes => format!(" {codes} codes fail."),
    };
    let (names, more) = outcome.names_of_failing_inputs();
    let named = names.iter().map(|name| format!("{} is", code(name)));
    let empty = named.chain((more > 0).then(|| more_inputs(more)));
    codes + &empty.map(|input_is| format!("\n\n**Fails:** {input_is} empty.")).collect::<String>()
}

fn within(text: String, bytes_max: usize) -> String {
    if text.len() <= bytes_max { text } else { String::new() }
}

fn table_row(row: &Row<'_>) -> String {
    let family = row.family.map_or(String::new(), |family| format!(" ({})", prose(family)));
    let severity = row.severity.word();
    format!(
        "| {}<br>{}{family} | {} | {} | {} | {} | {} | {} |\n",
        prose(&row.code),
        prose(&row.name),
        row.count,
        if row.fails { format!("**{}, fails**", severity) } else { severity.to_owned() },
        code(&row.first),
        code(&row.last),
        both(&row.meaning),
        row.advice.as_ref().map_or(String::new(), both),
    )
}

fn both(text: &Both<'_>) -> String {
    format!("{}<br>{}", prose(&text.en), prose(&text.zh))
}

/// A text as words. What is more than words becomes code: each run of printable ASCII that may be
/// markup, or that GitHub may turn into a link, a mention or a picture.
fn prose(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_ascii = first.is_ascii_graphic();
        let end = rest.find(|c: char| c.is_ascii_graphic() != is_ascii).unwrap_or(rest.len());
        let run;
        (run, rest) = rest.split_at(end);
        let (before, words, after) = split_punctuation(run);
        if !is_ascii || is_words(words) {
            safe.push_str(run);
        } else {
            safe.extend([before, &code(words), after]);
        }
    }
    safe
}

/// A run without the punctuation that a sentence has around its words, and that punctuation.
fn split_punctuation(run: &str) -> (&str, &str, &str) {
    let (before, words) = run.split_at(run.len() - run.trim_start_matches(['(', '"', '\'']).len());
    let is_open = words.contains('(');
    let is_after = |c| ".,;:!?\"'".contains(c) || c == ')' && !is_open;
    let (words, after) = words.split_at(words.trim_end_matches(is_after).len());
    (before, words, after)
}

/// Whether a run of printable ASCII is words that no one makes a link of. This is narrower than
/// GitHub's documentation ("Autolinked references and URLs") requires: a number after a hyphen is
/// code, because a repository may define its own prefixes like `GH-`.
fn is_words(run: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-'.,;!?/()".contains(&byte);
    let is_reference = |pair: &[u8]| pair[0] == b'-' && pair[1].is_ascii_digit();
    let may_be_commit =
        |word: &[u8]| word.len() >= COMMIT_DIGITS_MIN && word.iter().all(u8::is_ascii_hexdigit);
    run.bytes().all(is_plain)
        && !run.to_ascii_lowercase().contains("www")
        && !run.as_bytes().windows(2).any(is_reference)
        && !run.as_bytes().split(|byte| !byte.is_ascii_alphanumeric()).any(may_be_commit)
}

/// How many digits of a commit's hash GitHub links.
const COMMIT_DIGITS_MIN: usize = 7;

/// A text as code, the only place where GitHub makes no links and mentions. Character references
/// hide nothing from it: it looks for addresses in what they stand for.
///
/// Nothing can be escaped in a code span. What must not be in one is written between two, as a
/// character reference: a backtick, which would end the span, and `|`, which would end the cell.
/// `<` is too, so that nothing is HTML even where a span is not understood, and so is the second
/// `#` of `##[error]` and `##vso[…]`, which are commands when the report goes to the console of a
/// CI job.
fn code(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 2);
    let (mut is_open, mut before) = (false, ' ');
    for c in text.chars() {
        let is_code = !matches!((before, c), (_, '`' | '|' | '<') | ('#', '#'));
        if is_code != is_open {
            safe.push('`');
            is_open = is_code;
        }
        if is_code {
            safe.push(c);
        } else {
            safe.push_str(&format!("&#{};", u32::from(c)));
        }
        before = c;
    }
    if is_open {
        safe.push('`');
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::super::FailOn;
    use super::super::testing::{catalog, codes, empty_inputs, hostile, tally, twelve};
    use super::*;

    fn report(inputs: &[super::super::testing::Input]) -> String {
        let catalog = catalog();
        let mut text = Vec::new();
        let tally = tally(&catalog, inputs);
        write(&Outcome::new(&tally, None), &mut text).expect("memory does not fail");
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
        let want = "| 871300<br>not logged in (android) | 1 | **error, fails** | `stdin:1` | `stdin:1` | \
                    The API was called while no user was logged in<br>api调用发起者尚未登录 | Call JMessageClient.login";
        assert!(row.starts_with(want), "{row}");
        assert!(text.ends_with("\n\n1 annotation of 1 code in 1 line, 32 bytes. 1 code fails.\n"));
    }

    #[test]
    fn twelve_codes_are_twelve_rows_the_worst_first() {
        let text = report(&twelve());
        let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| 8")).collect();
        assert_eq!(rows.len(), 12);
        let codes = rows.iter().map(|row| &row[2..8]).collect::<Vec<_>>();
        assert_eq!((codes[0], codes[5], codes[6]), ("871300", "871999", "871102"), "{text}");
        assert!(text.contains("| 871999<br>unknown code | 1 | **error, fails** |"), "{text}");
    }

    #[test]
    fn what_the_policy_fails_is_marked() {
        let catalog = catalog();
        let mut tally = tally(&catalog, &codes(&[871_300, 871_201]));
        tally.set_empty_inputs(empty_inputs([Some(b"<a>".as_slice())]));
        let text = |list: &str| {
            let fail_on: FailOn = list.parse().expect("a list");
            render(&Outcome::new(&tally, Some(&fail_on)), usize::MAX)
        };
        assert!(text("871201").contains("| 1 | **warning, fails** |"));
        assert!(text("871201").contains("| 1 | error |"));
        assert!(text("empty").ends_with("\n\n**Fails:** &#60;`a>` is empty.\n"));
    }

    #[test]
    fn hostile_names_stay_in_their_cells() {
        let text = report(&hostile());
        let rows: Vec<_> = text.lines().filter(|line| line.starts_with('|')).collect();
        assert_eq!((rows.len(), text.lines().count()), (4, 8), "{text}");
        for row in rows {
            assert_eq!(cells(row).len(), 9, "{row}");
            assert!(!row.replace("<br>", "").contains('<') && !row.contains("##"), "{row}");
            let row = row.replace("**error, fails**", "");
            assert!(!outside_code(&row).contains(['[', ']', '\\', '*', '@', '$', '`']), "{row}");
        }
    }

    /// A row without its code spans.
    fn outside_code(row: &str) -> String {
        row.split('`').step_by(2).collect()
    }

    #[test]
    fn code_is_code_at_any_sign() {
        for (text, want) in [
            ("a.log:1", "`a.log:1`"),
            ("a|b", "`a`&#124;`b`"),
            ("`a``", "&#96;`a`&#96;&#96;"),
            ("a\\|", "`a\\`&#124;"),
            ("<b>&amp;", "&#60;`b>&amp;`"),
            ("#1", "`#1`"),
            ("###[error]", "`#`&#35;&#35;`[error]`"),
            ("", ""),
        ] {
            assert_eq!(code(text), want);
        }
    }

    #[test]
    fn prose_stays_prose_and_the_rest_is_code() {
        for (text, want) in [
            ("The user's audio/video (2.4.0), do-not-disturb!", ""),
            ("Note: \"this\" is fine; why?", ""),
            ("JMessageClient.login(name, password)", ""),
            ("先调用JMessageClient.login，再试", ""),
            ("no facade, no 871300", ""),
            ("send support@jiguang.cn the log", "send `support@jiguang.cn` the log"),
            ("(msg_body, msg_id).", "(`msg_body`, `msg_id`)."),
            ("use setName(a_b).", "use `setName(a_b)`."),
            ("见https://a.example。", "见`https://a.example`。"),
            ("(www.a.example)", "(`www.a.example`)"),
            ("x/WWW.例子", "`x/WWW`.例子"),
            ("a:b:c: d:", "`a:b:c`: d:"),
            ("GH-1 JIRA-12 UTF-8", "`GH-1` `JIRA-12` `UTF-8`"),
            ("7130001, 0dd5a3c.", "`7130001`, `0dd5a3c`."),
            ("* _a_ <b> &c; #1 ~~d~~", "`*` `_a_` &#60;`b>` `&c`; `#1` `~~d~~`"),
            ("@a 例@例.com", "`@a` 例`@`例.com"),
            (".", ""),
        ] {
            assert_eq!(prose(text), if want.is_empty() { text } else { want });
        }
    }

    #[test]
    fn a_limit_cuts_whole_rows_and_says_so() {
        let catalog = catalog();
        let tally = tally(&catalog, &twelve());
        let outcome = Outcome::new(&tally, None);
        let all = render(&outcome, usize::MAX);
        assert_eq!(render(&outcome, all.len()), all);
        let mut shown_before = 12;
        for bytes_max in (0..all.len()).rev().step_by(29) {
            let text = render(&outcome, bytes_max);
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
