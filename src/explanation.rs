//! The form of an explanation: ` [English | Chinese]`, written and found again.
//!
//! Owns the grammar, both ways: the `find` functions find what `write` writes, in any language and
//! color, so that the program may run twice. Knows nothing about lines or verdicts.

use std::ops::Range;

use crate::ansi::{self, Sequence};
use crate::catalog::{Code, Language, Lookup};

/// Which languages an explanation is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Languages {
    /// ` [English | Chinese]`
    #[default]
    Both,
    /// One of them: ` [English]`
    One(Language),
}

const BLANK: &str = " ";
const OPENING: &str = "[";
const SEPARATOR: &str = " | ";
const CLOSING: &str = "]";

/// The sequences that open and close a text. The second one resets only the color that the first
/// one set.
pub type Paint = (&'static str, &'static str);

/// The colors of an explanation. The first one shows the severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colors {
    /// Of the first language, or the only one.
    pub first: Paint,
    /// Of the second language.
    pub second: Paint,
}

/// How an explanation is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Form {
    /// In which languages.
    pub(crate) languages: Languages,
    /// The code, where the explanation is not directly after it.
    pub(crate) code: Option<Code>,
    /// The colors of the first language and of the second one.
    pub(crate) colors: Colors,
}

/// Appends the explanation of a code.
pub(crate) fn write(text: &mut String, lookup: Lookup<'_>, form: Form) {
    let (first, second) = match form.languages {
        Languages::Both => (Language::English, Some(Language::Chinese)),
        Languages::One(language) => (language, None),
    };
    let code = form.code.map_or(String::new(), |code| format!("{code} "));
    let (open, close) = form.colors.first;
    text.extend([BLANK, open, OPENING, &code, lookup.text(first)]);
    match second.map(|second| lookup.text(second)) {
        Some(second) => {
            let (open, closed) = form.colors.second;
            text.extend([close, SEPARATOR, open, second, CLOSING, closed]);
        }
        None => text.extend([CLOSING, close]),
    }
}

/// The explanation directly after a number that ends at byte `end` of a line, with the color that
/// was restored after it.
pub(crate) fn find_after(line: &[u8], end: usize, lookup: Lookup<'_>) -> Option<Range<usize>> {
    let text = skip(line, skip(line, end, BLANK)?, OPENING)?;
    Some(end..with_colors(line, end..skip_texts(line, text, lookup)?))
}

/// An explanation at the end of a line, and the number that it explains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AtEnd {
    /// The number's digits in the line.
    pub(crate) number: Range<usize>,
    /// The whole explanation, with the color that was restored after it.
    pub(crate) range: Range<usize>,
}

/// How far from the end of a line to look for explanations, in bytes: as much as a line that comes
/// whole (`LINE_BYTES_MAX` in `stream/blocks.rs`).
const END_BYTES_MAX: usize = 16 * 1024;

/// The explanations at the end of a line, ` [871300 …]`, in order: those of `numbers`, which are in
/// order too. One in the middle of a line is not ours.
pub(crate) fn find_at_end<'c>(
    line: &[u8],
    numbers: impl DoubleEndedIterator<Item = (Range<usize>, Lookup<'c>)>,
) -> Vec<AtEnd> {
    let shown = shown(line);
    // Where the text ends, or the explanation begins that was found last, and where one begins
    // after which there is something else.
    let (mut found, mut known, mut refused) = (Vec::new(), shown.len(), None);
    if shown.ends_with(CLOSING.as_bytes()) {
        let near = |(number, _): &(Range<usize>, _)| line.len() - number.start <= END_BYTES_MAX;
        for (number, lookup) in numbers.rev().take_while(near) {
            let start = opening_before(line, number.start);
            let text = skip(line, number.end, BLANK);
            let end = text.and_then(|text| skip_texts(line, text, lookup));
            let (Some(start), Some(end)) = (start, end) else { continue };
            if is_followed_only_by_others(shown, end, known, refused) {
                known = start;
                found.push(AtEnd { number, range: start..with_colors(line, start..end) });
            } else {
                refused = Some(start);
            }
        }
        found.reverse();
    }
    found
}

/// How many brackets are looked at in search of an explanation.
const BRACKETS_MAX: usize = 1024;

/// Whether a text may have one of our explanations, or a part of one that begins in it: a bracket
/// that follows a number, a color, or a mark, or that has a number and a blank in it. Assumed if
/// there are many others.
pub(crate) fn may_be_in(text: &[u8]) -> bool {
    let mut brackets = memchr::memchr_iter(OPENING.as_bytes()[0], text);
    brackets.by_ref().take(BRACKETS_MAX).any(|at| {
        let (before, inside) = (&text[..at], &text[at + OPENING.len()..]);
        let digits = inside.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let begins_with_number = || digits > 0 && inside[digits..].starts_with(BLANK.as_bytes());
        match before {
            [.., b'0'..=b'9' | b'm' | b'K', b' '] | [.., b'm' | b'K'] => true,
            [.., b' '] => begins_with_number(),
            _ => false,
        }
    }) || brackets.next().is_some()
}

/// Each run of digits right after a `[`, in order: the numbers that explanations at the end of a
/// line may begin with.
pub(crate) fn numbers(line: &[u8]) -> impl Iterator<Item = Range<usize>> {
    memchr::memchr_iter(OPENING.as_bytes()[0], line).filter_map(|at| {
        // `[` is a part of each sequence, so a search without a limit would be quadratic.
        let reach = line.len().min(at + OPENING_BYTES_MAX);
        let start = ansi::skip_sequences(&line[..reach], at + 1);
        let digits = line[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        (digits > 0).then_some(start..start + digits)
    })
}

/// Where an explanation ends, given where its texts begin, in both languages or one.
fn skip_texts(line: &[u8], from: usize, lookup: Lookup<'_>) -> Option<usize> {
    let (en, zh) = (lookup.text(Language::English), lookup.text(Language::Chinese));
    let both = || skip(line, skip(line, skip(line, from, en)?, SEPARATOR)?, zh);
    let texts = [both(), skip(line, from, en), skip(line, from, zh)];
    texts.into_iter().flatten().find_map(|end| skip(line, end, CLOSING))
}

/// Where `text` ends in a line, if it begins at `from` or after escape sequences there.
fn skip(line: &[u8], from: usize, text: &str) -> Option<usize> {
    let at = ansi::skip_sequences(line, from);
    line.get(at..)?.starts_with(text.as_bytes()).then_some(at + text.len())
}

/// The end of an explanation with the sequences after it: the one that closes its own color, and
/// what [`restored`] wrote. What else follows belongs to the line, as does everything after an
/// explanation without color.
fn with_colors(line: &[u8], explanation: Range<usize>) -> usize {
    let end = explanation.end;
    let closing = Sequence::color_at_start(&line[end..]);
    let Some(closing) = closing.filter(|_| ansi::has_escape(&line[explanation])) else {
        return end;
    };
    let end = end + closing.bytes.len();
    end + color_without_reset(&line[end..]).map_or(0, |restored| restored.bytes.len())
}

/// What is written after a colored explanation: the sequence that sets the color of the line again.
/// If the line has the terminal's own color and goes on with a sequence, which would be taken for
/// that one, the explanation is closed a second time.
pub(crate) fn restored<'r>(colors: Colors, line: Option<&'r [u8]>, follows: &[u8]) -> &'r [u8] {
    let (_, closing) = colors.second;
    line.unwrap_or_else(|| {
        if color_without_reset(follows).is_some() { closing.as_bytes() } else { &[] }
    })
}

/// The color sequence at the beginning of a text, unless it resets all: after a colored explanation
/// it would be taken for what [`restored`] wrote.
pub(crate) fn color_without_reset(text: &[u8]) -> Option<Sequence<'_>> {
    let is_reset = |color: &Sequence<'_>| color.parameters.iter().all(|byte| b"0;".contains(byte));
    Sequence::color_at_start(text).filter(|color| !is_reset(color))
}

/// The most bytes that ` [` takes with the colors in it: ours, and those of a program that marks
/// the number after it.
const OPENING_BYTES_MAX: usize = 48;

/// Where the ` [` that ends at `end` begins, including the colors in it.
fn opening_before(line: &[u8], end: usize) -> Option<usize> {
    let window = end.saturating_sub(OPENING_BYTES_MAX);
    let start = window + memchr::memrchr(BLANK.as_bytes()[0], &line[window..end])?;
    let number = ansi::skip_sequences(line, skip(line, skip(line, start, BLANK)?, OPENING)?);
    (number == end).then_some(start)
}

/// A line without its line end and the escape sequences there.
fn shown(line: &[u8]) -> &[u8] {
    ansi::without_last_sequences(line.strip_suffix(b"\n").unwrap_or(line))
}

/// What comes after escape sequences and each `\r` that was a line's end before it got an
/// explanation.
fn skip_ends(text: &[u8], from: usize) -> usize {
    let mut at = ansi::skip_sequences(text, from);
    while text.get(at) == Some(&b'\r') {
        at = ansi::skip_sequences(text, at + 1);
    }
    at
}

/// Whether only explanations follow one that ends at `end`, up to the end of a text. From `known`
/// on there are only explanations or nothing, and after one that begins at `refused` there is
/// something else; either answers the question. Explanations of codes that are not selected now
/// count, too: a number, and text without a bracket.
fn is_followed_only_by_others(
    text: &[u8],
    end: usize,
    known: usize,
    refused: Option<usize>,
) -> bool {
    let mut end = end;
    loop {
        end = skip_ends(text, end);
        if end == known || end == text.len() {
            return true;
        }
        if Some(end) == refused {
            return false;
        }
        let next = skip(text, end, BLANK).and_then(|at| skip(text, at, OPENING));
        let Some(at) = next else { return false };
        let inside = &text[ansi::skip_sequences(text, at)..];
        let closing = memchr::memchr(CLOSING.as_bytes()[0], inside);
        let Some(closing) = closing.filter(|_| inside[0].is_ascii_digit()) else { return false };
        let opens = |at: usize| inside[at - 1] != ansi::ESCAPE; // a digit is first
        if memchr::memchr_iter(b'[', &inside[..closing]).any(opens) {
            return false;
        }
        end = text.len() - inside.len() + closing + 1;
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::catalog::{Catalog, Selection};

    static CATALOG: LazyLock<Catalog<'static>> = LazyLock::new(|| Catalog::new(Selection::All));

    fn lookup(code: u64) -> Lookup<'static> {
        CATALOG.lookup(Code::new(code)).expect("it is a code")
    }

    const PLAIN: Colors = Colors { first: ("", ""), second: ("", "") };
    const COLORED: Colors =
        Colors { first: ("\x1b[38;5;71m", "\x1b[39m"), second: ("\x1b[36m", "\x1b[39m") };

    fn form() -> impl Strategy<Value = Form> {
        let one = [Language::English, Language::Chinese].map(Languages::One);
        let languages = select(vec![Languages::Both, one[0], one[1]]);
        let colors = select(vec![PLAIN, COLORED]);
        (languages, colors).prop_map(|(languages, colors)| Form { languages, code: None, colors })
    }

    fn code() -> impl Strategy<Value = u64> {
        let codes = CATALOG.entries().into_iter().map(|entry| entry.code.number());
        select(codes.chain([871_999]).filter(|code| *code > 0).collect::<Vec<_>>())
    }

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        /// I10: what was written after a number is found there, all of it and no more.
        #[test]
        fn what_is_written_after_a_number_is_found(
            code in code(),
            form in form(),
            rest in "( [a-z\\[]|\r|){0,3}",
        ) {
            let mut line = format!("code {code}");
            let end = line.len();
            write(&mut line, lookup(code), form);
            let want = end..line.len();
            line.push_str(&rest);
            prop_assert_eq!(find_after(line.as_bytes(), end, lookup(code)), Some(want), "{}", line);
            prop_assert_eq!(find_after(line.as_bytes(), 0, lookup(code)), None);
        }

        /// I10: the same at the end of a line, for several codes.
        #[test]
        fn what_is_written_at_the_end_is_found(
            codes in proptest::collection::btree_set(code(), 1..4),
            form in form(),
            line_end in select(&["", "\n", "\r\n"][..]),
        ) {
            let (mut line, mut want, mut numbers) = ("some words".to_owned(), Vec::new(), Vec::new());
            for code in codes {
                let start = line.len();
                write(&mut line, lookup(code), Form { code: Some(Code::new(code)), ..form });
                let digits = start + line[start..].find(&code.to_string()).expect("it is there");
                let number = digits..digits + code.to_string().len();
                numbers.push((number.clone(), lookup(code)));
                want.push(AtEnd { number, range: start..line.len() });
            }
            line.push_str(line_end);
            prop_assert_eq!(find_at_end(line.as_bytes(), numbers.into_iter()), want, "{}", line);
        }
    }

    #[test]
    fn what_is_not_an_explanation_of_the_code_is_not_found() {
        for text in [
            "871300 [Invalid parameters.]",
            "871300 [Have not logged in",
            "871300[Have not logged in.]",
            "871300 [Have not logged in. | Invalid parameters.]",
            "871300",
        ] {
            assert_eq!(find_after(text.as_bytes(), 6, lookup(871_300)), None, "{text}");
        }
    }

    /// Which sequence is ours does not depend on what is before the explanation.
    #[test]
    fn sequences_of_the_line_after_an_explanation_stay() {
        let ours = " \x1b[32m[Have not logged in.]\x1b[39m";
        let red = Some(&b"\x1b[31m"[..]);
        for (line, follows, want) in [
            (None, "", ""),
            (None, "\x1b[0;m\x1b[31m", ""),
            (None, "\x1b[31m", "\x1b[39m"),
            (None, "\x1b[39m", "\x1b[39m"),
            (red, "", "\x1b[31m"),
            (red, "\x1b[m", "\x1b[31m"),
            (red, "\x1b[1m\x1b[4m", "\x1b[31m"),
        ] {
            let restored = restored(COLORED, line, follows.as_bytes());
            assert_eq!(String::from_utf8_lossy(restored), want, "{line:?} {follows:?}");
            let text = format!("871300{ours}{want}{follows}");
            let range = 6..text.len() - follows.len();
            assert_eq!(find_after(text.as_bytes(), 6, lookup(871_300)), Some(range), "{text:?}");
        }
        let plain = b"871300 [Have not logged in.]\x1b[31m";
        assert_eq!(find_after(plain, 6, lookup(871_300)), Some(6..plain.len() - 5));
        assert_eq!(restored(PLAIN, None, b"\x1b[31m"), b"");
    }

    #[test]
    fn numbers_after_a_bracket_may_be_marked() {
        let mark = |sequences: usize| "\x1b[1m".repeat(sequences);
        let (near, far) = (mark(11), mark(12));
        let line = format!("871300 [871301 [\x1b[1m871302] [x [] [{near}871303 [{far}871304 [");
        let found = numbers(line.as_bytes()).map(|range| &line[range]);
        let is_of_mark = |text: &&str| *text == "1";
        let found: Vec<&str> = found.filter(|text| !is_of_mark(text)).collect();
        assert_eq!(found, ["871301", "871302", "871303"]);
    }

    #[test]
    fn an_explanation_in_the_middle_of_a_line_belongs_to_the_line() {
        let at_end = |line: &str| {
            let numbers = line.match_indices("87130").map(|(at, _)| at..at + 6);
            let known = |number: Range<usize>| {
                (number.clone(), lookup(line[number].parse().expect("digits")))
            };
            find_at_end(line.as_bytes(), numbers.map(known).collect::<Vec<_>>().into_iter())
        };
        let middle =
            "871300 [871300 Have not logged in.] and code 871301 [871301 Invalid parameters.]";
        assert_eq!(at_end(middle).len(), 1);
        let chain =
            "871300, 871301\r [871300 Have not logged in.]\x1b[0m [871301 Invalid parameters.]\r\n";
        assert_eq!(at_end(chain).len(), 2);
        assert_eq!(at_end("871300 [871300 Have not logged in.] x").len(), 0);
        // After `--place end` on a log of Windows, another program has colored each line.
        assert_eq!(at_end("\x1b[31m871300 [871300 Have not logged in.]\r\x1b[0m\n").len(), 1);
        let broken = "err [871300 Have not logged in.] [871301 x [871300 Have not logged in.]";
        assert_eq!(at_end(broken).len(), 1);
        let unknown =
            "871300 [871300 Have not logged in.] [898001 \u{1b}[32mx\u{1b}[39m] [12345 y]";
        assert_eq!(at_end(unknown).len(), 1);
    }
}
