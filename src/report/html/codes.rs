//! The table of codes: what, how often, where, what it means and what to do, and the lines.
//!
//! Owns the size of a row: what makes it longer than the page has room for is cut, so that the page
//! has a limit whatever is in a log or a catalog. Lines are cut before texts.

use std::io;

use maud::{Markup, PreEscaped, html};

use super::super::Outcome;
use super::super::detail::Detail;
use super::super::samples::{CODES_MAX, FIRST_MAX, OfCode, Sample, WINDOW_BYTES};
use super::super::tally::Count;
use super::super::text::{Row, cut_front, place_text};
use super::page::Page;
use super::words::{grouped, log_text, paragraphs, shown, words};
use crate::catalog::Severity;

/// The most bytes of a row for which the page always has room.
pub(super) const ROW_BYTES: usize = 2048;
/// The most bytes of a row, if the page has more room.
const ROW_BYTES_MAX: usize = 2 * ROW_BYTES;

/// How much of each part of a row is shown, in characters.
#[derive(Debug, Clone, Copy)]
struct Limits {
    text: usize,
    place: usize,
    /// How many first lines, and how many last ones.
    lines: usize,
    /// Of a line, before its number and after it.
    line: usize,
}

/// What a row has if it fits, and less and less if it does not. The last one always fits.
const LIMITS: [Limits; 9] = [
    Limits { text: 500, place: 100, lines: FIRST_MAX, line: WINDOW_BYTES },
    Limits { text: 500, place: 60, lines: FIRST_MAX, line: 100 },
    Limits { text: 500, place: 60, lines: 1, line: 100 },
    Limits { text: 500, place: 60, lines: 1, line: 60 },
    Limits { text: 300, place: 40, lines: 1, line: 60 },
    Limits { text: 140, place: 32, lines: 1, line: 60 },
    Limits { text: 80, place: 24, lines: 1, line: 32 },
    Limits { text: 40, place: 16, lines: 1, line: 16 },
    Limits { text: 12, place: 12, lines: 1, line: 8 },
];

/// Writes the section with the table, row by row.
pub(super) fn write(
    outcome: &Outcome<'_, '_>,
    detail: &Detail,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let counts = outcome.tally.by_severity();
    if counts.is_empty() {
        return Ok(());
    }
    let total = outcome.tally.annotations();
    page.write(PreEscaped("\n<section>\n".to_owned()))?;
    page.write(tools())?;
    page.write(without_lines(counts.len()))?;
    page.write(PreEscaped("\n<table id=\"codes\">\n".to_owned()))?;
    page.write(head())?;
    for count in counts {
        let bytes_max = page.room_for_row().clamp(ROW_BYTES, ROW_BYTES_MAX);
        page.write(row(outcome, count, total, detail.samples.of(count.index), bytes_max))?;
    }
    page.write(PreEscaped("\n</table>\n</section>\n".to_owned()))
}

/// The heading, and what only a script can do: it is hidden without one.
fn tools() -> Markup {
    let choice = |severity: Severity, zh: &str| {
        let word = severity.word();
        html! {
            label { input type="checkbox" value=(word) checked; " " (words(word, zh)) }
        }
    };
    html! {
        h2 #codes-title { (words("Codes", "错误码")) }
        div #tools hidden {
            label for="filter" { (words("Filter", "筛选")) }
            input #filter type="search" autocomplete="off" spellcheck="false";
            fieldset {
                legend { (words("Severity", "级别")) }
                (choice(Severity::Error, "错误"))
                (choice(Severity::Warning, "警告"))
                (choice(Severity::Info, "信息"))
            }
            button #open type="button" { (words("Open all", "全部展开")) }
            output #found for="filter" {}
        }
    }
}

/// Says that not every code has lines.
fn without_lines(codes: usize) -> Markup {
    let max = grouped(CODES_MAX as u64);
    html! {
        @if codes > CODES_MAX {
            p {
                small {
                    (words(
                        &format!("Only the first {max} codes that were found have lines."),
                        &format!("仅最先出现的 {max} 个错误码附有日志。"),
                    ))
                }
            }
        }
    }
}

fn head() -> Markup {
    html! {
        thead {
            tr {
                th scope="col" { (words("Code", "错误码")) }
                th scope="col" aria-sort="descending" { (words("Severity", "级别")) }
                th scope="col" { (words("Family", "类别")) }
                th scope="col" { (words("Count", "次数")) }
                th scope="col" { (words("First", "首次")) }
                th scope="col" { (words("Last", "末次")) }
                th scope="col" { (words("Meaning and advice", "含义与建议")) }
            }
        }
    }
}

/// A code, in at most `bytes_max` bytes.
fn row(
    outcome: &Outcome<'_, '_>,
    count: &Count<'_>,
    total: u64,
    known: Option<&OfCode>,
    bytes_max: usize,
) -> Markup {
    let row = Row::new(outcome, count);
    let page = count.lookup.entry().and_then(|entry| entry.source()).map(|source| source.page);
    let mut markup = html! {};
    for limits in LIMITS {
        markup = rendered(&row, total, known, page, limits);
        if markup.0.len() <= bytes_max {
            break;
        }
    }
    markup
}

fn rendered(
    row: &Row<'_>,
    total: u64,
    known: Option<&OfCode>,
    page: Option<&str>,
    limits: Limits,
) -> Markup {
    let fails = if row.fails { " fails" } else { "" };
    let (first_time, last_time) =
        (known.map(|known| &known.first_time), known.map(|known| &known.last_time));
    let place = |place: &str| shown(&cut_front(place, limits.place), limits.place).into_owned();
    html! {
        tbody class={ (row.severity.word()) (fails) } {
            tr {
                th scope="row" { b { (row.code) } " " span.name { (shown(&row.name, limits.text)) } }
                td { (severity(row)) }
                td { (row.family.unwrap_or("–")) }
                td {
                    (grouped(row.count)) " " small { (share(row.count, total)) }
                    (bar(row.count, total))
                }
                td.first { code { (place(&row.first)) } (time(first_time)) }
                td.last { code { (place(&row.last)) } (time(last_time)) }
                td {
                    (paragraphs(&row.meaning, limits.text))
                    div.advice {
                        @if let Some(advice) = &row.advice { (paragraphs(advice, limits.text)) }
                        @if let Some(page) = page {
                            a href=(page) rel="noreferrer" { (words("Vendor's page", "官方文档")) }
                        }
                    }
                }
            }
            @if let Some(known) = known.filter(|known| !known.first.is_empty()) { tr { td colspan="7" { (lines(known, limits)) } } }
        }
        "\n"
    }
}

fn severity(row: &Row<'_>) -> Markup {
    let (icon, zh) = match row.severity {
        Severity::Error => ("■", "错误"),
        Severity::Warning => ("▲", "警告"),
        Severity::Info => ("●", "信息"),
    };
    html! {
        span.severity { span aria-hidden="true" { (icon) } " " (words(row.severity.word(), zh)) }
        @if row.fails { " " strong { (words("fails", "不通过")) } }
    }
}

fn time(time: Option<&Vec<u8>>) -> Markup {
    html! { @if let Some(time) = time.filter(|time| !time.is_empty()) { " " span { (log_text(time)) } } }
}

/// Part of all occurrences, in percent.
fn share(count: u64, total: u64) -> String {
    let percent = count as f64 * 100.0 / total.max(1) as f64;
    if percent < 0.1 {
        "<0.1%".to_owned()
    } else if percent < 9.95 {
        format!("{percent:.1}%")
    } else {
        format!("{percent:.0}%")
    }
}

fn bar(count: u64, total: u64) -> Markup {
    let width = count * 100 / total.max(1);
    html! { svg aria-hidden="true" { rect width={ (width.max(1)) "%" } height="4" {} } }
}

/// The first and the last lines with a code.
fn lines(known: &OfCode, limits: Limits) -> Markup {
    let hidden = known.last.len().saturating_sub(limits.lines);
    html! {
        details {
            summary {
                @if known.last.is_empty() { (words("Lines", "日志")) }
                @else { (words("First and last lines", "首末日志")) }
            }
            @for sample in known.first.iter().take(limits.lines) { (line(sample, limits)) }
            @for sample in &known.last[hidden..] { (line(sample, limits)) }
        }
    }
}

fn line(sample: &Sample, limits: Limits) -> Markup {
    let [before, number, after] = sample.parts().map(log_text);
    let (front, back) = (cut_front(&before, limits.line), shown(&after, limits.line));
    let dots = |is_cut: bool| if is_cut { "…" } else { "" };
    let is_cut_front = sample.is_cut_before && front == before;
    let is_cut_back = sample.is_cut_after && back == after;
    html! {
        div {
            span { (shown(&cut_front(&place_text(&sample.place), limits.place), limits.place)) }
            code {
                (dots(is_cut_front)) (front) mark { (number) } (back) (dots(is_cut_back))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_has_two_digits_and_is_never_zero() {
        for (count, total, want) in [
            (1, 1, "100%"),
            (1, 3, "33%"),
            (995, 10_000, "10%"),
            (994, 10_000, "9.9%"),
            (1, 100, "1.0%"),
            (1, 1000, "0.1%"),
            (1, 1001, "<0.1%"),
        ] {
            assert_eq!(share(count, total), want, "{count} of {total}");
        }
    }

    #[test]
    fn a_bar_is_never_invisible() {
        for (count, total, want) in [(1, 1, "100%"), (1, 3, "33%"), (1, 1000, "1%")] {
            let bar = bar(count, total).into_string();
            assert!(bar.contains(&format!("<rect width=\"{want}\"")), "{bar}");
        }
    }
}
