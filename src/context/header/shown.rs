//! Where some bytes of a line end or begin as a terminal shows them: escape sequences that another
//! program has put between them take no room. Knows nothing about formats.

use crate::ansi::{self, skip_sequences};

/// How many bytes of sequences are passed over, at most: those around a few dozen marked words.
const SEQUENCES_BYTES_MAX: usize = 512;

/// Where `count` shown bytes end that begin at byte `from`; `None` if the text has fewer.
#[inline]
pub(super) fn end_of(text: &[u8], from: usize, count: usize) -> Option<usize> {
    let next = text.get(from..from + count)?;
    if !ansi::has_escape(next) {
        return Some(from + count);
    }
    let reach = text.len().min(from + count + SEQUENCES_BYTES_MAX);
    shown(&text[..reach], from).nth(count - 1).map(|at| at + 1)
}

/// Where the last `count` shown bytes begin; `None` if the text has fewer.
pub(super) fn start_of(text: &[u8], count: usize) -> Option<usize> {
    let start = text.len().checked_sub(count)?;
    let reach = ansi::before_sequence(text, start.saturating_sub(SEQUENCES_BYTES_MAX));
    if !ansi::has_escape(&text[reach..]) {
        return Some(start);
    }
    let shown: Vec<usize> = shown(text, reach).collect();
    shown.len().checked_sub(count).map(|at| shown[at])
}

/// The bytes from `from` on that are shown.
fn shown(text: &[u8], from: usize) -> impl Iterator<Item = usize> {
    let mut at = from;
    std::iter::from_fn(move || {
        let shown = skip_sequences(text, at);
        at = shown + 1;
        (shown < text.len()).then_some(shown)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_take_no_room() {
        for (text, count, want) in [
            ("abcdef", 4, Some("bcde")),
            ("abcde", 4, Some("bcde")),
            ("abcd", 4, None),
            ("a\x1b[1mbc\x1b[31m\x1b[Kde\x1b[mf", 4, Some("\x1b[1mbc\x1b[31m\x1b[Kde")),
            ("a\x1b[1mbcd", 4, None),
            ("abcd\x1b[1me", 4, Some("bcd\x1b[1me")),
            ("ab\x1b[31", 5, Some("b\x1b[31")),
        ] {
            let end = end_of(text.as_bytes(), 1, count);
            assert_eq!(end.map(|end| &text[1..end]), want, "{text:?}");
        }
        for (text, count, want) in [
            ("abcdef", 4, Some("cdef")),
            ("abcd", 4, Some("abcd")),
            ("abc", 4, None),
            ("a\x1b[1mbc\x1b[31m\x1b[Kde\x1b[mf", 4, Some("c\x1b[31m\x1b[Kde\x1b[mf")),
            ("a\x1b[1mbcdef", 5, Some("bcdef")),
            ("a\x1b[1mbcd", 6, None),
        ] {
            let start = start_of(text.as_bytes(), count);
            assert_eq!(start.map(|start| &text[start..]), want, "{text:?}");
        }
    }

    /// Thousands of sequences are not passed over in search of one more byte.
    #[test]
    fn sequences_have_a_limit() {
        for sequences in [0, 1, 100, 170, 10_000] {
            let colors = "\x1b[m".repeat(sequences);
            let text = format!("ab{colors}cd");
            let is_near = 3 * sequences <= SEQUENCES_BYTES_MAX;
            let (end, start) = (end_of(text.as_bytes(), 0, 3), start_of(text.as_bytes(), 3));
            assert_eq!(end, is_near.then_some(text.len() - 1), "{sequences}");
            assert_eq!(start, is_near.then_some(1), "{sequences}");
        }
    }
}
