//! A text as a reader of the log sees it.
//!
//! Owns how quoting is undone: escape sequences disappear, and `\n` `\t` `\"` `\u003d`, `%3D`,
//! `&quot;` become what they show. Knows nothing about codes.

use std::borrow::Cow;

use crate::ansi::{ESCAPE, Sequence};

/// The most backslashes that one quoted character takes: a character that was quoted four times has
/// 15.
const BACKSLASHES_MAX: usize = 23;

/// Whether a text may have quoted characters.
#[must_use]
pub(super) fn may_be_quoted(text: &[u8]) -> bool {
    quote(text).is_some()
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
pub(super) fn extend_unquoted(plain: &mut Vec<u8>, text: &[u8]) {
    match text.iter().any(|byte| IS_QUOTE[usize::from(*byte)]) {
        true => plain.extend_from_slice(&unquote(text)),
        false => plain.extend_from_slice(text),
    }
}

pub(super) fn extend(plain: &mut Vec<u8>, shown: Option<char>) {
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
pub(super) fn next_quote(text: &[u8]) -> Option<usize> {
    let (near, far) = text.split_at(text.len().min(NEAR_BYTES));
    let found = near.iter().position(|byte| IS_QUOTE[usize::from(*byte)]);
    found.or_else(|| quote(far).map(|at| near.len() + at))
}

/// How near, in bytes: comparing these takes less time than a search takes to begin.
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
pub(super) struct Quoted {
    /// How many bytes it takes.
    pub(super) length: usize,
    /// What it shows; `None` if it shows nothing.
    pub(super) shown: Option<char>,
}

impl Quoted {
    pub(super) fn at_start(text: &[u8]) -> Option<Self> {
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

    #[test]
    fn bytes_that_are_not_text_stay_as_they_are() {
        assert_eq!(*unquote(b"\xff\x1b[1m\xb4\xed"), *b"\xff\xb4\xed");
    }
}
