//! HTML: a page that people look at, in one file, without the tool and without a network.
//!
//! Owns the order of its sections, and its policy for what a browser may do. Nothing in it is
//! fetched, and what comes from a log, a name, or a catalog is only ever text: the template escapes
//! it. Without the script, which sorts and filters, all of it is there.

mod chart;
mod codes;
mod page;
#[cfg(test)]
mod tests;
mod top;
mod words;

use std::io;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::Outcome;
use super::detail::Detail;
use crate::catalog::{FAMILIES, Language};
use crate::render::Languages;
use page::Page;
use words::words;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// What a browser may do: use this style and this script, known by their SHA-256, and nothing else.
const POLICY: &str = "default-src 'none'; \
    style-src 'sha256-BNrVOeX6Hq4syCODepTabtn4qzgiZCiMw/609yls9p4='; \
    script-src 'sha256-e6jqRTawnBZMz4hKq5B7CCHK3ZZOElFEVeJzAWCWLF0='; \
    base-uri 'none'; form-action 'none'";

/// Writes the page: the verdict, the totals, when codes were found, and a row per code, the worst
/// first, then the most frequent.
///
/// # Errors
/// The writer's.
pub(super) fn write(outcome: &Outcome<'_, '_>, writer: &mut dyn io::Write) -> io::Result<()> {
    let none = Detail::default();
    let detail = outcome.tally.detail().unwrap_or(&none);
    let language = match outcome.languages {
        Languages::One(Language::Chinese) => "zh-Hans",
        Languages::One(Language::English) | Languages::Both => "en",
    };
    let end = html! { (top::inputs(detail)) "\n" (PreEscaped("</main>")) "\n" (footer()) };
    let begin = html! {
        (DOCTYPE) "\n"
        (PreEscaped(format!("<html lang=\"{language}\">\n"))) (head(outcome)) "\n"
        (PreEscaped("<body>")) "\n" (header(outcome.languages)) "\n" (PreEscaped("<main>")) "\n"
        (top::verdict(outcome, detail)) (top::totals(outcome, detail)) "\n"
        (chart::section(outcome.tally, detail)) "\n"
    };
    let script = html! { script { (PreEscaped(SCRIPT)) } "\n" (PreEscaped("</body></html>")) "\n" };
    let mut page = Page::new(writer, end.0.len() + script.0.len());
    page.write(begin)?;
    codes::write(outcome, detail, &mut page)?;
    page.write(end)?;
    page.write(script)
}

fn head(outcome: &Outcome<'_, '_>) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(POLICY);
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta name="referrer" content="no-referrer";
            title { (top::title(outcome)) }
            style { (PreEscaped(STYLE)) }
        }
    }
}

/// The name of the page, and the switch of the language. It works by the style alone.
fn header(languages: Languages) -> Markup {
    let choice = |id: &str, of: Languages, text: Markup| {
        html! {
            input type="radio" name="language" id=(id) checked[languages == of];
            label for=(id) { (text) }
        }
    };
    html! {
        header {
            h1 { (words("JMessage error codes", "JMessage 错误码")) }
            fieldset.languages {
                legend { (words("Language", "语言")) }
                (choice("lang-en", Languages::One(Language::English), html! { "English" }))
                (choice("lang-zh", Languages::One(Language::Chinese), html! { span lang="zh-CN" { "中文" } }))
                (choice("lang-both", Languages::Both, html! { "English + " span lang="zh-CN" { "中文" } }))
            }
        }
    }
}

fn footer() -> Markup {
    html! {
        footer {
            p {
                (words("Written by", "生成工具："))
                " jm-annotate " (env!("CARGO_PKG_VERSION")) ". "
                (words("The vendor's lists:", "官方错误码列表："))
                @for source in FAMILIES.iter().filter(|source| source.name != "rtc") {
                    " " a href=(source.page) rel="noreferrer" { (source.name) }
                    " (" (source.date) ")"
                }
            }
        }
    }
}
