//! The words of the page in both languages, and foreign text as it may be shown.
//!
//! Owns how a language is marked, how long a text may be, and how a number is written. The template
//! escapes all of it.

use std::borrow::Cow;

use maud::{Markup, html};

use super::super::tally::InputName;
use super::super::text::{Both, cut_front, input_name};
use crate::ansi;
use crate::layout;
use crate::visible::{inert, without_commands};

/// Words of the page in both languages; the style hides one of them.
pub(super) fn words(en: &str, zh: &str) -> Markup {
    html! { span lang="en" { (en) } " " span lang="zh-Hans" { (zh) } }
}

/// A text of a catalog in both languages, each a paragraph of at most `chars_max` characters.
pub(super) fn paragraphs(text: &Both<'_>, chars_max: usize) -> Markup {
    html! {
        p lang="en" { (shown(&text.en, chars_max)) }
        p lang="zh-Hans" { (shown(&text.zh, chars_max)) }
    }
}

/// A text that is [`visible`](crate::visible::visible), with `…` where it is cut, and without what
/// the console of a CI job obeys.
pub(super) fn shown(text: &str, chars_max: usize) -> Cow<'_, str> {
    match text.char_indices().nth(chars_max) {
        None => without_commands(text),
        Some(_) => {
            let end = text.char_indices().nth(chars_max - 1).map_or(0, |(at, _)| at);
            format!("{}…", without_commands(&text[..end])).into()
        }
    }
}

/// How many characters of an input's name are shown.
pub(super) const NAME_CHARS_MAX: usize = 120;

/// The name of an input; the beginning of a long one is cut.
pub(super) fn name_text(name: &InputName) -> String {
    let name = cut_front(&input_name(name.as_deref()), NAME_CHARS_MAX);
    shown(&name, NAME_CHARS_MAX).into_owned()
}

/// Bytes of a log, without colors, as text that is safe to show.
pub(super) fn log_text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    inert(&ansi::without_colors(&text)).into_owned()
}

/// A number with a comma after each three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A size, rounded: `512 B`, `1.4 MB`.
pub(super) fn size(bytes: u64) -> String {
    layout::rounded(bytes as f64, &[" B", " kB", " MB", " GB", " TB", " PB"], 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_groups_and_a_size_has_a_unit() {
        for (number, text, of_bytes) in [
            (0, "0", "0 B"),
            (999, "999", "999 B"),
            (1000, "1,000", "1.0 kB"),
            (1_048_576, "1,048,576", "1.0 MB"),
            (99_960_000, "99,960,000", "100 MB"),
            (999_600_000, "999,600,000", "1.0 GB"),
        ] {
            assert_eq!((grouped(number).as_str(), size(number).as_str()), (text, of_bytes));
        }
    }

    #[test]
    fn a_long_text_is_cut_at_a_character() {
        assert_eq!(shown("错误码", 3), "错误码");
        assert_eq!(shown("错误码码", 3), "错误…");
        assert_eq!(shown("##[error]", 99), "#＃[error]");
        assert_eq!(log_text(b"\x1b[31m\xff<\0"), "\u{fffd}<␀");
    }
}
