//! Escape sequences in a log: where one begins, how long it is, and whether it is a color.
//!
//! The only code that recognizes them; `render` makes them. Knows ECMA-48's control sequences
//! (`ESC [`, parameters, intermediate bytes, a final byte) and nothing about lines or codes.

use std::ops::RangeInclusive;

/// The first byte of an escape sequence.
pub(crate) const ESCAPE: u8 = 0x1b;

/// The color that logcat ends a message with.
pub(crate) const RESET: &[u8] = b"\x1b[0m";

/// What a sequence begins with.
const CSI: &[u8] = b"\x1b[";

/// The longest sequence that is recognized, in bytes: true colors for text, background, and
/// underline take 60. The limit bounds the time for a sequence of parameters that never ends.
const SEQUENCE_BYTES_MAX: usize = 80;

/// A control sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sequence<'t> {
    /// All of its bytes, from the escape on.
    pub(crate) bytes: &'t [u8],
    /// Between `ESC [` and the final byte: parameters and intermediate bytes.
    pub(crate) parameters: &'t [u8],
    /// The final byte; `None` if the sequence is cut or broken.
    pub(crate) ending: Option<u8>,
}

impl<'t> Sequence<'t> {
    /// The sequence at the beginning of `text`, whole or cut; `None` if there is no `ESC [`.
    pub(crate) fn at_start(text: &'t [u8]) -> Option<Self> {
        let rest = after_introducer(text)?;
        let length = count_in(rest, &PARAMETERS);
        let ending = rest.get(length).copied().filter(|byte| is_final(*byte));
        let bytes = &text[..CSI.len() + length + usize::from(ending.is_some())];
        Some(Sequence { bytes, parameters: &rest[..length], ending })
    }

    /// The color sequence at the beginning of `text`: ECMA-48's "select graphic rendition",
    /// `ESC[…m`, its parameters separated by `;` or `:`.
    pub(crate) fn color_at_start(text: &'t [u8]) -> Option<Self> {
        let rest = after_introducer(text)?;
        let (parameters, rest) = rest.split_at(count_in(rest, &COLOR_PARAMETERS));
        let ending = rest.first().filter(|byte| **byte == b'm')?;
        let bytes = &text[..CSI.len() + parameters.len() + 1];
        Some(Sequence { bytes, parameters, ending: Some(*ending) })
    }

    /// A sequence that does the same with these parameters.
    pub(crate) fn with_parameters(&self, parameters: &[u8]) -> Vec<u8> {
        let (start, end) = (&self.bytes[..CSI.len()], self.ending.as_slice());
        [start, parameters, end].concat()
    }
}

/// What follows `ESC [` at the beginning of a text, as far as a sequence goes.
#[inline]
fn after_introducer(text: &[u8]) -> Option<&[u8]> {
    let rest = text.strip_prefix(CSI)?;
    Some(&rest[..rest.len().min(SEQUENCE_BYTES_MAX - CSI.len())])
}

/// What a sequence may have between `ESC [` and its end.
const PARAMETERS: RangeInclusive<u8> = 0x20..=0x3f;
/// What a color has there: digits, `:`, and `;`.
const COLOR_PARAMETERS: RangeInclusive<u8> = b'0'..=b';';

/// How many bytes at the beginning of a text are in a range, which begins at a multiple of its
/// size. They are compared 16 at a time, since most sequences are shorter: where each ends cannot
/// be predicted, and a loop over its bytes would guess wrong.
#[inline]
fn count_in(text: &[u8], range: &RangeInclusive<u8>) -> usize {
    const BYTES: usize = size_of::<u128>();
    const EACH: u128 = u128::MAX / 0xff;
    const HIGH: u128 = EACH << 7;
    let (first, size) = (*range.start(), *range.end() - *range.start() + 1);
    let mut count = 0;
    while let Some(chunk) = text[count..].first_chunk::<BYTES>() {
        // How far each byte is from the first one of the range.
        let from_first = u128::from_le_bytes(*chunk) ^ (EACH * u128::from(first));
        let sum = (from_first & !HIGH) + EACH * u128::from(0x80 - size);
        let outside = (sum | from_first) & HIGH;
        if outside != 0 {
            return count + (outside.trailing_zeros() / u8::BITS) as usize;
        }
        count += BYTES;
    }
    let rest = &text[count..];
    count + rest.iter().position(|byte| !range.contains(byte)).unwrap_or(rest.len())
}

/// Whether a sequence may end with this byte.
fn is_final(byte: u8) -> bool {
    (0x40..0x7f).contains(&byte)
}

/// Where the whole sequences that begin at byte `from` of `text` end; `from` if there are none. A
/// program that colors also erases up to the line's end (`ESC[K`).
pub(crate) fn skip_sequences(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(found) = text.get(at..).and_then(Sequence::at_start)
        && found.ending.is_some()
    {
        at += found.bytes.len();
    }
    at
}

/// A text without the sequences at its end, and without what of a line end is between them: a
/// program that colors line by line puts its last sequence between `\r` and `\n`.
pub(crate) fn without_last_sequences(text: &[u8]) -> &[u8] {
    let mut end = text.len();
    while let Some(last) = text[..end].last().filter(|last| **last == b'\r' || is_final(**last)) {
        if *last == b'\r' {
            end -= 1;
            continue;
        }
        let sequence = &text[end.saturating_sub(SEQUENCE_BYTES_MAX)..end - 1];
        let parameters = sequence.iter().rev().take_while(|byte| PARAMETERS.contains(byte)).count();
        let start = end - 1 - parameters;
        if !text[..start].ends_with(CSI) || start - CSI.len() + SEQUENCE_BYTES_MAX < end {
            break;
        }
        end = start - CSI.len();
    }
    &text[..end]
}

/// Every color sequence in a text, in order.
pub(crate) fn colors(text: &[u8]) -> impl Iterator<Item = Sequence<'_>> {
    memchr::memchr_iter(ESCAPE, text).filter_map(|at| Sequence::color_at_start(&text[at..]))
}

/// Whether a text contains an escape.
pub(crate) fn has_escape(text: &[u8]) -> bool {
    memchr::memchr(ESCAPE, text).is_some()
}

/// Whether a text ends inside the parameters of a sequence, so that a digit after it belongs to
/// them.
pub(crate) fn ends_in_parameters(text: &[u8]) -> bool {
    let window = &text[text.len().saturating_sub(SEQUENCE_BYTES_MAX)..];
    let parameters = window.iter().rev().take_while(|byte| (b'0'..=b'?').contains(*byte)).count();
    window[..window.len() - parameters].ends_with(b"\x1b[")
}

/// Where to cut a text so that no sequence is cut in two: at `end`, or before the sequence that is
/// there.
pub(crate) fn before_sequence(text: &[u8], end: usize) -> usize {
    let from = end.saturating_sub(SEQUENCE_BYTES_MAX);
    let start = memchr::memrchr(ESCAPE, &text[from..end]).map(|at| from + at);
    let goes_on = |start: &usize| {
        Sequence::at_start(&text[*start..]).is_some_and(|found| start + found.bytes.len() > end)
    };
    start.filter(goes_on).unwrap_or(end)
}

/// Where to begin in a text so that no sequence is cut in two: at `start`, or after the sequence
/// that is there.
#[cfg(feature = "cli")]
pub(crate) fn after_sequence(text: &[u8], start: usize) -> usize {
    let from = before_sequence(text, start);
    let sequence = Sequence::at_start(&text[from..]).filter(|_| from < start);
    sequence.map_or(start, |sequence| from + sequence.bytes.len())
}

/// A text without its color sequences.
#[cfg(feature = "cli")]
pub(crate) fn without_colors(text: &str) -> String {
    let (mut plain, mut from) = (String::with_capacity(text.len()), 0);
    for at in memchr::memchr_iter(ESCAPE, text.as_bytes()) {
        if let Some(color) = Sequence::color_at_start(&text.as_bytes()[at..]) {
            plain.push_str(&text[from..at]);
            from = at + color.bytes.len();
        }
    }
    plain.push_str(&text[from..]);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text, with the length and the ending of the sequence at its start.
    type Case<'t> = (&'t [u8], Option<(usize, Option<u8>)>);

    #[test]
    fn a_sequence_is_whole_or_cut() {
        let cases: [Case<'_>; 9] = [
            (b"\x1b[38;5;75mx", Some((10, Some(b'm')))),
            (b"\x1b[2Kx", Some((4, Some(b'K')))),
            (b"\x1b[?25lx", Some((6, Some(b'l')))),
            (b"\x1b[m", Some((3, Some(b'm')))),
            (b"\x1b[31", Some((4, None))),
            (b"\x1b[31\n", Some((4, None))),
            (b"\x1b[", Some((2, None))),
            (b"\x1b]0;title\x07", None),
            (b"x\x1b[m", None),
        ];
        for (text, want) in cases {
            let found = Sequence::at_start(text).map(|found| (found.bytes.len(), found.ending));
            assert_eq!(found, want, "{text:?}");
        }
    }

    #[test]
    fn bytes_of_a_range_are_counted_up_to_any_other() {
        for range in [&PARAMETERS, &COLOR_PARAMETERS] {
            for byte in 0..=u8::MAX {
                for (before, after) in (0..20).flat_map(|before| [(before, 0), (before, 13)]) {
                    let mut text = vec![*range.end(); before];
                    text.push(byte);
                    text.extend(vec![*range.start(); after]);
                    let want = if range.contains(&byte) { text.len() } else { before };
                    assert_eq!(count_in(&text, range), want, "{range:?}: {text:?}");
                }
            }
        }
    }

    #[test]
    fn colors_have_both_separators_and_a_limit() {
        let is_color = |text: &str| Sequence::color_at_start(text.as_bytes()).is_some();
        let with = |digits: usize| format!("\x1b[{}m", "0".repeat(digits));
        let [longest, long] = [3, 2].map(|others| with(SEQUENCE_BYTES_MAX - others));
        for text in ["\x1b[m", "\x1b[0m", "\x1b[38;5;75m", "\x1b[38:5:75m", &longest] {
            assert!(is_color(text), "{text:?}");
        }
        for text in ["\x1b[2J", "\x1b[31", "\x1b[?1m", "\x1b", "x", "", &long] {
            assert!(!is_color(text), "{text:?}");
        }
        assert_eq!(colors(b"a\x1b[1mb\x1b[2J\x1b[31mc").count(), 2);
    }

    #[test]
    fn whole_sequences_are_skipped() {
        let limit = SEQUENCE_BYTES_MAX - 3;
        for (text, want) in [
            ("ab", 1),
            ("a\x1b[1m\x1b[Kb", 8),
            ("a\x1b[1m\x1b[3", 5),
            ("a\x1b", 1),
            ("a", 1),
            (&format!("a\x1b[{}m", "0".repeat(limit)), SEQUENCE_BYTES_MAX + 1),
            (&format!("a\x1b[{}m", "0".repeat(limit + 1)), 1),
        ] {
            assert_eq!(skip_sequences(text.as_bytes(), 1), want, "{text:?}");
        }
    }

    #[test]
    fn sequences_at_the_end_are_not_shown() {
        let limit = SEQUENCE_BYTES_MAX - 3;
        for (text, want) in [
            ("tag)", "tag)"),
            ("tag)\x1b[0m", "tag)"),
            ("tag)\r\x1b[1m\x1b[K\r", "tag)"),
            ("tag)\x1b[0m ", "tag)\x1b[0m "),
            ("tag)\x1b[0mm", "tag)\x1b[0mm"),
            ("tag)\x1b[0m\x1b[3", "tag)\x1b[0m\x1b[3"),
            ("tag)\x1bm", "tag)\x1bm"),
            ("\x1b[0m", ""),
            ("", ""),
            (&format!("a\x1b[{}m", "0".repeat(limit)), "a"),
        ] {
            assert_eq!(without_last_sequences(text.as_bytes()), want.as_bytes(), "{text:?}");
        }
        let long = format!("a\x1b[{}m", "0".repeat(limit + 1));
        assert_eq!(without_last_sequences(long.as_bytes()), long.as_bytes());
    }

    #[test]
    fn a_number_inside_parameters_belongs_to_them() {
        for (text, want) in
            [("\x1b[38;", true), ("\x1b[", true), ("\x1b[38m", false), ("[38;", false), ("", false)]
        {
            assert_eq!(ends_in_parameters(text.as_bytes()), want, "{text:?}");
        }
    }

    #[test]
    fn a_cut_moves_before_the_sequence_that_it_is_in() {
        for (end, want) in [(1, 1), (2, 1), (3, 1), (5, 1), (6, 6), (7, 7)] {
            assert_eq!(before_sequence(b"a\x1b[31mbc", end), want, "{end}");
        }
        assert_eq!(before_sequence(b"a\x1bbc", 2), 2);
    }

    #[cfg(feature = "cli")]
    #[test]
    fn colors_are_removed_and_other_sequences_stay() {
        let cases = [
            ("\u{1b}[1;38:5:75mx\u{1b}[0m y\u{1b}[m", "x y"),
            ("\u{1b}[2Jx", "\u{1b}[2Jx"),
            ("\u{1b}[\u{1b}[31m", "\u{1b}["),
            ("\u{1b}[", "\u{1b}["),
        ];
        for (text, want) in cases {
            assert_eq!(without_colors(text), want, "{text:?}");
        }
    }

    #[cfg(feature = "cli")] // as the function
    #[test]
    fn a_text_may_begin_before_or_after_a_sequence_but_not_in_it() {
        let text = b"ab\x1b[31mcd\x1b[2K";
        let found: Vec<usize> = (0..=text.len()).map(|at| after_sequence(text, at)).collect();
        assert_eq!(found, [0, 1, 2, 7, 7, 7, 7, 7, 8, 9, 13, 13, 13, 13]);
    }
}
