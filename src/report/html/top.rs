//! What is at the top of the page, and what is below the codes: the verdict of the policy, the
//! totals, and the inputs by name.

use maud::{Markup, html};

use super::super::Outcome;
use super::super::detail::{Detail, InputCount};
use super::super::outcome::BuildResult;
use super::super::text::{Row, counted, cut_front};
use super::super::unread::{Extent, UnreadInputs};
use super::words::{NAME_CHARS_MAX, grouped, log_text, name_text, paragraphs, shown, size, words};
use crate::visible::without_commands;

/// How many of the codes that fail are in the verdict: those that someone reads at a glance.
const WORST_MAX: usize = 3;
/// How many characters of a text are in the verdict.
const TEXT_CHARS_MAX: usize = 300;
/// How many characters of the policy's message are shown.
const MESSAGE_CHARS_MAX: usize = 600;
/// How many of the inputs that could not be read are named.
const UNREAD_MAX: usize = 3;
/// How many bytes of the page the inputs take.
const INPUTS_BYTES_MAX: usize = 16_000;

/// The title of the page, for a tab of a browser.
pub(super) fn title(outcome: &Outcome<'_, '_>) -> String {
    let codes = outcome.tally.counts().count();
    match outcome.verdict() {
        BuildResult::Fails(_) => "✖ fails 不通过: JMessage error codes 错误码".to_owned(),
        BuildResult::Passes => "✔ passes 通过: JMessage error codes 错误码".to_owned(),
        BuildResult::Unread => "⚠ not all read 未全部读取: JMessage error codes 错误码".to_owned(),
        BuildResult::NoPolicy => format!("{codes} JMessage error codes 错误码"),
    }
}

/// What the policy says, and the worst codes with what to do.
pub(super) fn verdict(outcome: &Outcome<'_, '_>, detail: &Detail) -> Markup {
    let class = match outcome.verdict() {
        BuildResult::Fails(_) => "fails",
        BuildResult::Passes => "passes",
        BuildResult::Unread => "unread",
        BuildResult::NoPolicy if outcome.failing_codes() > 0 => "fails open",
        BuildResult::NoPolicy => "open",
    };
    let counts = outcome.tally.by_severity().into_iter();
    let worst: Vec<_> = counts.filter(|count| outcome.fails(count)).take(WORST_MAX).collect();
    let first_time = |index| detail.samples.of(index).map(|known| log_text(&known.first_time));
    let more = outcome.failing_codes().saturating_sub(WORST_MAX);
    let message = match outcome.verdict() {
        BuildResult::Fails(message) if more > 0 || outcome.fails_besides_codes() => Some(message),
        _ => None,
    };
    html! {
        section class={ "verdict " (class) } {
            h2 { (headline(outcome)) }
            (unread(outcome.tally.unread_inputs()))
            @if !worst.is_empty() {
                ol.worst {
                    @for count in worst {
                        li { (worst_code(&Row::new(outcome, count), first_time(count.index))) }
                    }
                }
            }
            @if more > 0 {
                p.more {
                    (words(
                        &format!("and {more} more, in the table below"),
                        &format!("另有 {more} 个，见下表"),
                    ))
                }
            }
            @if let Some(message) = message {
                p.message { code { "--fail-on: " (shown(message, MESSAGE_CHARS_MAX)) } }
            }
        }
    }
}

fn headline(outcome: &Outcome<'_, '_>) -> Markup {
    let icon = |icon: &str| html! { span.icon aria-hidden="true" { (icon) } " " };
    let (codes, inputs) = (outcome.failing_codes(), outcome.failing_inputs());
    let are = |count: usize| if count == 1 { "code" } else { "codes" };
    let found = outcome.tally.counts().count();
    match outcome.verdict() {
        BuildResult::Fails(_) if codes == 0 && inputs > 0 => html! {
            (icon("✖")) (words("Fails: an input is empty", "不通过：有空的输入"))
        },
        BuildResult::Fails(_) => html! {
            (icon("✖"))
            (words(&format!("Fails: {codes} {}", are(codes)), &format!("不通过：{codes} 个错误码")))
        },
        BuildResult::Unread => {
            let (en, zh) = of_the_rest(outcome);
            html! {
                (icon("⚠")) (words("Not all of the input could be read", "输入未能全部读取"))
                " " small { (words(&en, &zh)) }
            }
        }
        BuildResult::Passes if found == 0 => html! {
            (icon("✔")) (words("Passes: no error code found", "通过：没有发现错误码"))
        },
        BuildResult::Passes => html! {
            (icon("✔"))
            (words(
                &format!("Passes: {found} {} found, none of which fails", are(found)),
                &format!("通过：发现 {found} 个错误码，都在允许范围内"),
            ))
        },
        BuildResult::NoPolicy if found == 0 => html! {
            (icon("✔")) (words("No error code found", "没有发现错误码"))
        },
        BuildResult::NoPolicy => html! {
            (icon(if codes > 0 { "▲" } else { "●" }))
            (words(
                &format!("{codes} {} of severity error", are(codes)),
                &format!("{codes} 个级别为 error 的错误码"),
            ))
            " " small { (words("No policy was given (--fail-on)", "没有指定策略（--fail-on）")) }
        },
    }
}

/// What is known of that which could be read.
fn of_the_rest(outcome: &Outcome<'_, '_>) -> (String, String) {
    let (found, failing) = (outcome.tally.counts().count(), outcome.failing_codes());
    match failing {
        0 if found == 0 => {
            ("No error code in the rest".to_owned(), "其余部分没有错误码".to_owned())
        }
        0 if outcome.has_policy() => (
            format!("{} in the rest, none of which fails", counted(found as u64, "code")),
            format!("其余部分有 {found} 个错误码，都在允许范围内"),
        ),
        0 => (
            format!("{} in the rest, none of severity error", counted(found as u64, "code")),
            format!("其余部分有 {found} 个错误码，级别都不是 error"),
        ),
        _ => (
            format!("{} of severity error in the rest", counted(failing as u64, "code")),
            format!("其余部分有 {failing} 个级别为 error 的错误码"),
        ),
    }
}

/// What could not be read, and why.
fn unread(unread: &UnreadInputs) -> Markup {
    let shown_count = unread.named().len().min(UNREAD_MAX);
    let more = unread.count() - shown_count as u64;
    html! {
        @if unread.count() > 0 {
            ul.unread {
                @for input in &unread.named()[..shown_count] {
                    li {
                        code { (shown(&cut_front(&input.name(), NAME_CHARS_MAX), NAME_CHARS_MAX)) } ": "
                        @match input.extent {
                            Extent::Nothing => { (words("could not be read", "无法读取")) },
                            Extent::Part => { (words("only a part could be read", "只读取了一部分")) },
                        }
                        " (" (without_commands(input.reason())) ")"
                    }
                }
                @if more > 0 {
                    li { (words(&format!("and {more} more"), &format!("另有 {more} 个"))) }
                }
            }
        }
    }
}

fn worst_code(row: &Row<'_>, first_time: Option<String>) -> Markup {
    html! {
        p {
            b { (row.code) } " " span.name { (shown(&row.name, TEXT_CHARS_MAX)) } " "
            span.when {
                "×" (grouped(row.count)) ", " (words("first", "首次")) " "
                @if let Some(time) = first_time.filter(|time| !time.is_empty()) {
                    span { (time) } ", "
                }
                code { (shown(&cut_front(&row.first, NAME_CHARS_MAX), NAME_CHARS_MAX)) }
            }
        }
        (paragraphs(row.advice.as_ref().unwrap_or(&row.meaning), TEXT_CHARS_MAX))
    }
}

/// How much was read and found, and when the log begins and ends.
pub(super) fn totals(outcome: &Outcome<'_, '_>, detail: &Detail) -> Markup {
    let totals = outcome.tally.totals();
    let one_name = match &detail.inputs.named[..] {
        [input] => Some(name_text(&input.name)),
        _ => None,
    };
    let number = |en: &str, zh: &str, value: Markup| {
        html! { div { dt { (words(en, zh)) } dd { (value) } } }
    };
    html! {
        dl.totals {
            (number("Codes", "错误码", html! { (grouped(outcome.tally.counts().count() as u64)) }))
            (number("Occurrences", "出现次数", html! { (grouped(outcome.tally.annotations())) }))
            (number("Lines", "行数", html! { (grouped(totals.lines)) }))
            (number("Size", "大小", html! { span title={ (grouped(totals.bytes)) " B" } { (size(totals.bytes)) } }))
            @match one_name {
                Some(name) => { (number("Input", "输入", html! { span.input { (name) } })) },
                None => { (number("Inputs", "输入", html! { (grouped(detail.inputs.count())) })) },
            }
            @if let Some([begin, end]) = detail.timeline.begin_and_end() {
                (number("Log begins", "日志开始", moment(begin)))
                (number("Log ends", "日志结束", moment(end)))
            }
        }
    }
}

/// A time as it is in the log, with its date if it is only seconds.
fn moment((text, date): (&[u8], Option<String>)) -> Markup {
    html! { (log_text(text)) @if let Some(date) = date { " " small { "(" (date) " UTC)" } } }
}

/// The inputs by name, if there are several. If that is too long, the last ones are left out, first
/// those without codes.
pub(super) fn inputs(detail: &Detail) -> Markup {
    let inputs = &detail.inputs;
    if inputs.count() < 2 {
        return html! {};
    }
    let row =
        |input: &InputCount| input_row(html! { (name_text(&input.name)) }, input).into_string();
    let mut rows: Vec<_> = inputs.named.iter().map(|input| (input, row(input))).collect();
    let mut bytes: usize = rows.iter().map(|(_, row)| row.len()).sum();
    let mut rest =
        InputCount { totals: inputs.of_others.totals, codes: inputs.of_others.codes, name: None };
    while bytes > INPUTS_BYTES_MAX {
        let without_codes = rows.iter().rposition(|(input, _)| input.codes == 0);
        let (input, row) = rows.remove(without_codes.unwrap_or(rows.len() - 1));
        bytes -= row.len();
        rest.totals += input.totals;
        rest.codes += input.codes;
    }
    let more = inputs.count() - rows.len() as u64;
    html! {
        section {
            h2 { (words("Inputs", "输入")) }
            div.scroll tabindex="0" {
                table.inputs {
                    thead {
                        tr {
                            th scope="col" { (words("Name", "名称")) }
                            th scope="col" { (words("Occurrences", "出现次数")) }
                            th scope="col" { (words("Lines", "行数")) }
                            th scope="col" { (words("Bytes", "字节")) }
                        }
                    }
                    tbody {
                        @for (_, row) in &rows { (maud::PreEscaped(row)) }
                        @if more > 0 {
                            (input_row(words(&format!("{more} more"), &format!("其余 {more} 个")), &rest))
                        }
                    }
                }
            }
        }
    }
}

fn input_row(name: Markup, input: &InputCount) -> Markup {
    html! {
        tr {
            th scope="row" { (name) }
            td { (grouped(input.codes)) }
            td { (grouped(input.totals.lines)) }
            td { (grouped(input.totals.bytes)) }
        }
    }
}
