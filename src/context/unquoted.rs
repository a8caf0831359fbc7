//! Windows of a text around a number, unquoted.
//!
//! Owns how far a text is looked at before and after a number, and what is kept for the next number
//! in the same text. Knows nothing about codes.

use std::cell::{Ref, RefCell};
use std::ops::{Deref, Range};

use super::unquote::{Quoted, extend, extend_unquoted, next_quote, unquote};
use crate::ansi::{ESCAPE, Sequence};

/// How many bytes before and after a number are looked at: enough for the vendor's longest message
/// with a key before it.
pub(super) const WINDOW_BYTES: usize = 192;
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
    /// The last windows, if they cut a quoted character in two.
    cut: [Vec<u8>; 2],
}

/// A quoted character of an [`Unquoted`], or a row of sequences, and where in the plain text it is.
#[derive(Debug)]
struct Quote {
    range: Range<usize>,
    plain: Range<usize>,
}

impl Quote {
    /// Whether it is a row of sequences.
    fn is_row(&self) -> bool {
        self.plain.is_empty()
    }

    /// Where it begins to show nothing, if it is cut at byte `at`: after the sequence that is cut.
    fn shown_until(&self, text: &[u8], at: usize) -> usize {
        let Range { end, .. } = self.range;
        let next = memchr::memchr(ESCAPE, &text[at..end]).filter(|_| self.is_row());
        next.map_or(end, |next| at + next)
    }
}

/// Where an end of a window is.
struct Edge<'q> {
    /// Where in the plain text.
    plain: usize,
    /// The quoted character that it cuts in two; it is in the plain text then as a whole.
    cut: Option<&'q Quote>,
}

/// Whether a quoted character begins in a part of a text and ends after it, as `&amp;` does if the
/// part has the `[&a` that is left of a sequence, `ESC[&a`, which is cut.
fn quotes_across(text: &[u8], part: Range<usize>) -> bool {
    let mut at = part.start;
    while let Some(next) = next_quote(&text[at.min(part.end)..part.end]) {
        at += next;
        at += Quoted::at_start(&text[at..]).map_or(1, |quoted| quoted.length);
    }
    at > part.end
}

/// What a window shows.
enum Shown {
    /// Itself.
    Itself,
    /// This part of the plain text.
    Plain(Range<usize>),
    /// Another text, since it cuts a quoted character in two.
    Cut,
}

/// A window of a text, unquoted.
pub(super) enum Window<'w> {
    Text(&'w [u8]),
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
    let shown = [0, 1].map(|index| {
        let mut cut = std::mem::take(&mut going_on.cut[index]);
        let shown = going_on.shown(text, &windows[index], before[index], &mut cut);
        going_on.cut[index] = cut;
        shown
    });
    drop(going_on);
    let [before, after] = shown;
    [(0, before), (1, after)].map(|(index, shown)| match shown {
        Shown::Itself => Window::Text(&text[windows[index].clone()]),
        Shown::Plain(place) => {
            Window::Plain(Ref::map(unquoted.borrow(), |found| &found.plain[place]))
        }
        Shown::Cut => Window::Plain(Ref::map(unquoted.borrow(), |found| &*found.cut[index])),
    })
}

impl Unquoted {
    /// A window of the text up to which it was unquoted; `before` is how many quoted characters
    /// begin before its start and its end. If it cuts one in two, what it shows is put into `cut`.
    fn shown(
        &self,
        text: &[u8],
        window: &Range<usize>,
        before: [usize; 2],
        cut: &mut Vec<u8>,
    ) -> Shown {
        let start = self.edge(window.start, before[0], |quote| quote.plain.end);
        let end = self.edge(window.end, before[1], |quote| quote.plain.start);
        if start.cut.is_none() && end.cut.is_none() {
            return match end.plain - start.plain == window.len() {
                true => Shown::Itself, // what is shown is shorter than its quote
                false => Shown::Plain(start.plain..end.plain),
            };
        }
        // A quoted character that is cut in two is read as far as the window has it.
        let from = start.cut.map_or(window.start, |cut| cut.range.end);
        let to = end.cut.map_or(window.end, |cut| cut.range.start);
        let end_of_first =
            start.cut.map(|quote| window.start..quote.shown_until(text, window.start));
        let goes_on = |end: &Range<usize>| quotes_across(&text[..window.end], end.clone());
        cut.clear();
        if from > to || end_of_first.as_ref().is_some_and(goes_on) {
            cut.extend_from_slice(&unquote(&text[window.clone()]));
        } else {
            if let Some(end_of_first) = end_of_first {
                extend_unquoted(cut, &text[end_of_first]);
            }
            cut.extend_from_slice(&self.plain[start.plain..end.plain]);
            if end.cut.is_some_and(|quote| !quote.is_row()) {
                extend_unquoted(cut, &text[to..window.end]);
            }
        }
        Shown::Cut
    }

    /// Goes on up to the end of a window, and over a quoted character that is there. Between two
    /// windows is a number, or a little text.
    fn go_on(&mut self, text: &[u8], window: &Range<usize>) {
        let is_near = |after: usize| after.saturating_sub(self.part.end) <= WINDOW_BYTES;
        let is_first = self.plain.capacity() == 0; // the part of a first window may be empty, too
        if is_first || window.start < self.part.start || !is_near(window.start) {
            self.part = window.start..window.start;
            self.plain.clear();
            self.quotes.clear();
        }
        if is_first {
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
                let mut end = at + length;
                // Sequences show nothing, so a row of them is as good as one.
                while shown.is_none()
                    && end < window.end
                    && let Some(next) = Sequence::at_start(&text[end..])
                {
                    end += next.bytes.len();
                }
                let (range, plain) = (at..end, start..self.plain.len());
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

    /// An end of a window, before which `before` quoted characters begin; `side` says where in the
    /// plain text it is if it cuts the last one.
    fn edge(&self, at: usize, before: usize, side: impl FnOnce(&Quote) -> usize) -> Edge<'_> {
        match before.checked_sub(1).map(|last| &self.quotes[last]) {
            None => Edge { plain: at - self.part.start, cut: None },
            Some(quote) if at < quote.range.end => Edge { plain: side(quote), cut: Some(quote) },
            Some(Quote { range, plain }) => Edge { plain: plain.end + at - range.end, cut: None },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Windows in any order are those of a new search, also where they cut a quoted character.
    #[test]
    fn windows_are_unquoted_as_if_alone() {
        let long = [b"\x1b[", &[b'1'; 76][..], b"%41&#39;m &"].concat();
        let texts: [&[u8]; 3] = [
            b"\x1b[38;5m\x1b[1m\x1b[%3Dco\\\\\"d%3De\\u00&quot;\\\\&amp;\x1b[1 \x1b\x1b[x%3\\u003d\\/&quot\\\x1b[\\n\x1b[%3D\x1b[%\xe4\x1b\x1b[\x1b[0m\x1b[&#39;m",
            b"a\x1b[&amp;\x1b[&quot;\x1b[1m\x1b[&lt;&\x1b[&#39;%4\x1b[%41\\\x1b[1;\\\\\"",
            &long,
        ];
        texts.into_iter().for_each(assert_unquoted_as_if_alone);
    }

    fn assert_unquoted_as_if_alone(text: &[u8]) {
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
        for at in 0..text.len() {
            assert_shown(&RefCell::default(), [&(at..at), &(at + 1..text.len())]);
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
