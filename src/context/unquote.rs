//! The text before and after a number as a reader of the log sees it.
//!
//! Owns how quoting is undone: escape sequences disappear, and `\n` `\t` `\"` `\u003d`, `%3D`,
//! `&quot;` become what they show. Knows nothing about codes.

use std::borrow::Cow;
use std::cell::{Ref, RefCell};
use std::ops::{Deref, Range};

use crate::ansi::{ESCAPE, Sequence};

/// How many bytes before and after a number are looked at: enough for the vendor's longest message
/// with a key before it.
const WINDOW_BYTES: usize = 192;
/// How many bytes of a text with quoted characters one of them takes, about.
const BYTES_PER_QUOTE: usize = 16;
/// The most backslashes that one quoted character takes: a character that was quoted four times has
/// 15.
const BACKSLASHES_MAX: usize = 23;

/// The end of a part of a text, as far as it is looked at before a number.
#[must_use]
pub(super) fn end(part: Range<usize>) -> Range<usize> {
    part.start.max(part.end.saturating_sub(WINDOW_BYTES))..part.end
}

/// The beginning of a part of a text, as far as it is looked at after a number.
#[must_use]
pub(super) fn start(part: Range<usize>) -> Range<usize> {
    part.start..part.end.min(part.start + WINDOW_BYTES)
}

/// Whether a text may have quoted characters.
#[must_use]
pub(super) fn may_be_quoted(text: &[u8]) -> bool {
    quote(text).is_some()
}

/// A text as far as it was unquoted: the windows around the numbers of a line overlap, and each
/// would otherwise be unquoted anew.
#[derive(Debug, Default)]
pub(super) struct Unquoted {
    /// Which part of the text this is.
    part: Range<usize>,
    plain: Vec<u8>,
    /// The quoted characters in it, in order.
    quotes: Vec<Quote>,
    /// How many of them begin before each end of the last windows.
    before: [[usize; 2]; 2],
}

/// A quoted character of an [`Unquoted`], and where in the plain text it is.
#[derive(Debug)]
struct Quote {
    range: Range<usize>,
    plain: Range<usize>,
}

/// Where an end of a window is.
struct Edge<'q> {
    /// Where in the plain text.
    plain: usize,
    /// The quoted character that it cuts in two; it is in the plain text then as a whole.
    cut: Option<&'q Range<usize>>,
}

/// What a window shows.
enum Shown {
    /// Itself.
    Itself,
    /// This part of the plain text.
    Plain(Range<usize>),
    /// This text, since it cuts a quoted character in two.
    Cut(Vec<u8>),
}

/// A window of a text, unquoted.
pub(super) enum Window<'w> {
    Text(Cow<'w, [u8]>),
    Plain(Ref<'w, [u8]>),
}

impl Deref for Window<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Window::Text(text) => text,
            Window::Plain(plain) => plain,
        }
    }
}

/// Two windows of a text, unquoted; always of the same text.
pub(super) fn windows<'w>(
    unquoted: &'w RefCell<Unquoted>,
    text: &'w [u8],
    windows: [Range<usize>; 2],
) -> [Window<'w>; 2] {
    let mut going_on = unquoted.borrow_mut();
    windows.iter().for_each(|window| going_on.go_on(text, window));
    let before = going_on.quotes_before(&windows);
    drop(going_on);
    [0, 1].map(|index| {
        let (unquoted, window) = (unquoted.borrow(), windows[index].clone());
        match unquoted.shown(text, &window, before[index]) {
            Shown::Itself => Window::Text(Cow::Borrowed(&text[window])),
            Shown::Plain(place) => Window::Plain(Ref::map(unquoted, |found| &found.plain[place])),
            Shown::Cut(shown) => Window::Text(Cow::Owned(shown)),
        }
    })
}

impl Unquoted {
    /// A window of the text up to which it was unquoted; so many quoted characters begin before its
    /// start and its end.
    fn shown(&self, text: &[u8], window: &Range<usize>, before: [usize; 2]) -> Shown {
        let start = self.edge(window.start, before[0], |quote| quote.plain.end);
        let end = self.edge(window.end, before[1], |quote| quote.plain.start);
        if start.cut.is_none() && end.cut.is_none() {
            return match end.plain - start.plain == window.len() {
                true => Shown::Itself, // what is shown is shorter than its quote
                false => Shown::Plain(start.plain..end.plain),
            };
        }
        // A quoted character that is cut in two is read as far as the window has it.
        let from = start.cut.map_or(window.start, |cut| cut.end);
        let to = end.cut.map_or(window.end, |cut| cut.start);
        if from > to || (start.cut.is_some() && text[from - 1] == b'\\') {
            return Shown::Cut(unquote(&text[window.clone()]).into_owned());
        }
        let mut shown = Vec::with_capacity(window.len());
        extend_unquoted(&mut shown, &text[window.start..from]);
        shown.extend_from_slice(&self.plain[start.plain..end.plain]);
        extend_unquoted(&mut shown, &text[to..window.end]);
        Shown::Cut(shown)
    }

    /// Goes on up to the end of a window, and over a quoted character that is there. Between two
    /// windows is a number, or a little text.
    fn go_on(&mut self, text: &[u8], window: &Range<usize>) {
        let is_near = |after: usize| after.saturating_sub(self.part.end) <= WINDOW_BYTES;
        if window.start < self.part.start || !is_near(window.start) {
            self.part = window.start..window.start;
            self.plain.clear();
            self.quotes.clear();
        }
        if self.plain.capacity() == 0 {
            let length = (text.len() - window.start).min(4 * WINDOW_BYTES);
            self.plain.reserve(length);
            self.quotes.reserve(length / BYTES_PER_QUOTE);
        }
        while self.part.end < window.end {
            let from = self.part.end;
            let at = next_quote(&text[from..window.end]).map_or(window.end, |found| from + found);
            self.plain.extend_from_slice(&text[from..at]);
            self.part.end = at;
            if at == window.end {
                break;
            }
            if let Some(Quoted { length, shown }) = Quoted::at_start(&text[at..]) {
                let start = self.plain.len();
                extend(&mut self.plain, shown);
                let (range, plain) = (at..at + length, start..self.plain.len());
                self.part.end = range.end;
                self.quotes.push(Quote { range, plain });
            } else {
                self.plain.push(text[at]);
                self.part.end += 1;
            }
        }
    }

    /// How many quoted characters begin before the ends of two windows. These come soon after the
    /// ends of the windows before, so they are counted from there.
    fn quotes_before(&mut self, windows: &[Range<usize>; 2]) -> [[usize; 2]; 2] {
        let Unquoted { quotes, before, .. } = self;
        for (window, before) in windows.iter().zip(&mut *before) {
            for (at, before) in [window.start, window.end].into_iter().zip(before) {
                let mut count = (*before).min(quotes.len());
                let begins_before = |quote: &Quote| quote.range.start < at;
                while count > 0 && !begins_before(&quotes[count - 1]) {
                    count -= 1;
                }
                while quotes.get(count).is_some_and(begins_before) {
                    count += 1;
                }
                *before = count;
            }
        }
        *before
    }

    /// An end of a window, before which so many quoted characters begin; `side` says where in the
    /// plain text it is if it cuts the last one.
    fn edge(&self, at: usize, before: usize, side: impl FnOnce(&Quote) -> usize) -> Edge<'_> {
        match before.checked_sub(1).map(|last| &self.quotes[last]) {
            None => Edge { plain: at - self.part.start, cut: None },
            Some(quote) if at < quote.range.end => {
                Edge { plain: side(quote), cut: Some(&quote.range) }
            }
            Some(Quote { range, plain }) => Edge { plain: plain.end + at - range.end, cut: None },
        }
    }
}

/// The text, a window, without escape sequences and with quoted characters as themselves. What is
/// shown is never longer than its quote.
#[must_use]
pub(super) fn unquote(text: &[u8]) -> Cow<'_, [u8]> {
    let Some((first, quoted)) = next_quoted(text) else { return Cow::Borrowed(text) };
    let (mut plain, mut rest) = (Vec::with_capacity(text.len()), text);
    let mut next = Some((first, quoted));
    while let Some((at, Quoted { length, shown })) = next {
        plain.extend_from_slice(&rest[..at]);
        extend(&mut plain, shown);
        rest = &rest[at + length..];
        next = next_quoted(rest);
    }
    plain.extend_from_slice(rest);
    Cow::Owned(plain)
}

/// Appends a few bytes, unquoted.
fn extend_unquoted(plain: &mut Vec<u8>, text: &[u8]) {
    match text.iter().any(|byte| IS_QUOTE[usize::from(*byte)]) {
        true => plain.extend_from_slice(&unquote(text)),
        false => plain.extend_from_slice(text),
    }
}

fn extend(plain: &mut Vec<u8>, shown: Option<char>) {
    match shown {
        Some(shown) if shown.is_ascii() => plain.push(shown as u8),
        Some(shown) => plain.extend_from_slice(shown.encode_utf8(&mut [0; 4]).as_bytes()),
        None => {}
    }
}

/// The next quoted character and where it begins.
fn next_quoted(text: &[u8]) -> Option<(usize, Quoted)> {
    let mut from = 0;
    loop {
        from += next_quote(&text[from..])?;
        if let Some(quoted) = Quoted::at_start(&text[from..]) {
            return Some((from, quoted));
        }
        from += 1;
    }
}

/// The first byte that may begin a quoted character.
fn quote(text: &[u8]) -> Option<usize> {
    let first = memchr::memchr3(ESCAPE, b'\\', b'%', text);
    let window = &text[..first.unwrap_or(text.len())];
    memchr::memchr(b'&', window).or(first)
}

/// The same where there was one before: then the next one is often near.
fn next_quote(text: &[u8]) -> Option<usize> {
    let (near, far) = text.split_at(text.len().min(NEAR_BYTES));
    let found = near.iter().position(|byte| IS_QUOTE[usize::from(*byte)]);
    found.or_else(|| quote(far).map(|at| near.len() + at))
}

/// How near, in bytes: a search takes longer to begin than so many comparisons.
const NEAR_BYTES: usize = 40;

/// The bytes that quoted characters begin with.
const IS_QUOTE: [bool; 256] = {
    let mut is_quote = [false; 256];
    is_quote[ESCAPE as usize] = true;
    is_quote[b'\\' as usize] = true;
    is_quote[b'%' as usize] = true;
    is_quote[b'&' as usize] = true;
    is_quote
};

/// A quoted character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Quoted {
    /// How many bytes it takes.
    length: usize,
    /// What it shows; `None` if it shows nothing.
    shown: Option<char>,
}

impl Quoted {
    fn at_start(text: &[u8]) -> Option<Self> {
        let one = |length, shown| Quoted { length, shown };
        match text {
            [ESCAPE, ..] => {
                Some(one(Sequence::at_start(text).map_or(1, |found| found.bytes.len()), None))
            }
            [b'\\', ..] => Self::backslash(text),
            [b'%', high, low, ..] => {
                let value = hexadecimal(&[*high, *low]).filter(|value| *value < 0x80)?;
                Some(one(3, char::from_u32(value)))
            }
            [b'&', ..] => Self::entity(text),
            _ => None,
        }
    }

    /// `\n`, `\"`, `\u003d`, even if they were quoted again (`\\\"`).
    fn backslash(text: &[u8]) -> Option<Self> {
        let slashes = text.iter().take(BACKSLASHES_MAX).take_while(|byte| **byte == b'\\').count();
        let (length, shown) = match text.get(slashes)? {
            b'n' | b't' | b'r' => (slashes + 1, ' '),
            quote @ (b'"' | b'\'' | b'/') => (slashes + 1, char::from(*quote)),
            b'u' => {
                let value = hexadecimal(text.get(slashes + 1..slashes + 5)?)?;
                (slashes + 5, char::from_u32(value)?)
            }
            _ => return None,
        };
        Some(Quoted { length, shown: Some(shown) })
    }

    fn entity(text: &[u8]) -> Option<Self> {
        const ENTITIES: [(&[u8], char); 6] = [
            (b"&quot;", '"'),
            (b"&apos;", '\''),
            (b"&#39;", '\''),
            (b"&lt;", '<'),
            (b"&gt;", '>'),
            (b"&amp;", '&'),
        ];
        let (entity, shown) = ENTITIES.into_iter().find(|(entity, _)| text.starts_with(entity))?;
        Some(Quoted { length: entity.len(), shown: Some(shown) })
    }
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting_is_undone() {
        let cases: [(&[u8], &str); 15] = [
            (b"code = ", "code = "),
            (b"\x1b[38;5;196mcode\x1b[0m ", "code "),
            (b"\x1b[38:5:196mcode", "code"),
            (b"{\\\"code\\\":", "{\"code\":"),
            (b"{\\\\\\\"code\\\\\\\":", "{\"code\":"),
            (b"code\\u003d", "code="),
            (b"code%3D", "code="),
            (b"a\\nb\\tc", "a b c"),
            (b"expected:&lt;", "expected:<"),
            (b"50% off", "50% off"),
            (b"cut \x1b[38;5", "cut "),
            (b"cut \x1b", "cut "),
            (b"cut \\u00", "cut \\u00"),
            (b"C:\\dir", "C:\\dir"),
            (b"a&b", "a&b"),
        ];
        for (text, want) in cases {
            assert_eq!(String::from_utf8_lossy(&unquote(text)), want);
        }
    }

    /// Windows in any order are those of a new search, also where they cut a quoted character.
    #[test]
    fn windows_are_unquoted_as_if_alone() {
        let text = b"\x1b[38;5mco\\\\\"d%3De\\u00&quot;\\\\&amp;\x1b[1 \x1b\x1b[x%3\\u003d\\/&quot\\\x1b[\\n\x1b[%3D\x1b[%\xe4";
        let windows = |start: usize| (start..=text.len()).map(move |end| start..end);
        let windows: Vec<_> = (0..text.len()).flat_map(windows).collect();
        let assert_shown = |unquoted: &RefCell<_>, two: [&Range<usize>; 2]| {
            let shown = super::windows(unquoted, text, two.map(Clone::clone));
            for (shown, window) in shown.iter().zip(two) {
                assert_eq!(**shown, *unquote(&text[window.clone()]), "{window:?} of {two:?}");
            }
        };
        let unquoted = RefCell::default();
        for window in windows.iter().chain(windows.iter().rev().step_by(7)) {
            assert_shown(&unquoted, [window, &(window.end..window.end)]);
        }
        for (index, window) in windows.iter().enumerate().step_by(3) {
            let unquoted = RefCell::default();
            for before in [&windows[(index * 31) % windows.len()], window] {
                for length in 0..5 {
                    let after = (before.end + length).min(text.len())..text.len();
                    assert_shown(&unquoted, [before, &after]);
                }
            }
        }
    }

    #[test]
    fn bytes_that_are_not_text_stay_as_they_are() {
        assert_eq!(*unquote(b"\xff\x1b[1m\xb4\xed"), *b"\xff\xb4\xed");
    }
}
