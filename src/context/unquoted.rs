//! Windows of a text around a number, unquoted.
//!
//! Owns how far a text is looked at before and after a number, and what is kept for the next number
//! in the same text. Knows nothing about codes.

use std::borrow::Cow;
use std::cell::{Ref, RefCell};
use std::ops::{Deref, Range};

use super::unquote::{Quoted, extend, extend_unquoted, next_quote, unquote};

/// How many bytes before and after a number are looked at: enough for the vendor's longest message
/// with a key before it.
const WINDOW_BYTES: usize = 192;
/// How many bytes of a text with quoted characters one of them takes, about.
const BYTES_PER_QUOTE: usize = 16;
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

/// Windows before and after a number that are less likely to cut a quoted character in two, which
/// would have to be copied: one that ends at the limit ends after a byte that separates, if one is
/// near.
#[must_use]
pub(super) fn apart(text: &[u8], windows: [Range<usize>; 2]) -> [Range<usize>; 2] {
    let separates = |byte: &u8| matches!(byte, b' ' | b',' | b';' | b'=' | b'"' | b'\'');
    let [mut before, mut after] = windows;
    if before.len() == WINDOW_BYTES {
        let near = &text[before.start..before.start + APART_BYTES];
        before.start += near.iter().position(separates).map_or(0, |at| at + 1);
    }
    if after.len() == WINDOW_BYTES {
        let near = &text[after.end - APART_BYTES..after.end];
        after.end -= near.iter().rev().position(separates).unwrap_or(0);
    }
    [before, after]
}

/// How near that byte has to be.
const APART_BYTES: usize = 16;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_at_the_limit_end_apart() {
        let windows = |text: &[u8]| {
            apart(text, [end(0..250), start(50..300)]).map(|window| (window.start, window.end))
        };
        let mut text = [b'x'; 300];
        assert_eq!(windows(&text), [(58, 250), (50, 242)]);
        (text[57], text[74], text[225], text[242]) = (b',', b';', b'=', b' ');
        assert_eq!(windows(&text), [(58, 250), (50, 242)], "too far, or beyond it");
        (text[73], text[226]) = (b'"', b'\'');
        assert_eq!(windows(&text), [(74, 250), (50, 227)]);
        (text[58], text[241]) = (b' ', b',');
        assert_eq!(windows(&text), [(59, 250), (50, 242)]);
        assert_eq!(apart(&text, [0..191, 200..300]), [0..191, 200..300], "not at the limit");
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
}
