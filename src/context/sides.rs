//! What stands on the two sides of a number, as a reader of the log would see it.
//!
//! Owns the undoing of quoting: escape sequences, `\n` `\t` `\"` `\u003d`, `%3D`, `&quot;` are
//! looked through. Knows nothing of codes.

use std::borrow::Cow;

/// How many bytes on either side of a number are looked at. The longest message of the vendor with
/// a key before it fits.
const SIDE_BYTES: usize = 192;
/// How many bytes one quoted character takes at most (`\\\\u003d`, `ESC[38;2;255;255;255m`).
const QUOTED_BYTES_MAX: usize = 24;

/// The bytes of a text that stand before `at`, cleaned.
#[must_use]
pub fn left(text: &[u8], at: usize) -> Cow<'_, [u8]> {
    clean(&text[at.saturating_sub(SIDE_BYTES)..at])
}

/// The bytes of a text that stand from `at` on, cleaned.
#[must_use]
pub fn right(text: &[u8], at: usize) -> Cow<'_, [u8]> {
    clean(&text[at..text.len().min(at + SIDE_BYTES)])
}

/// The text without escape sequences and with quoted characters as themselves.
fn clean(text: &[u8]) -> Cow<'_, [u8]> {
    let quotes = |byte: u8| matches!(byte, 0x1b | b'\\' | b'%' | b'&');
    if !text.iter().copied().any(quotes) {
        return Cow::Borrowed(text);
    }
    let (mut cleaned, mut at) = (Vec::with_capacity(text.len()), 0);
    while let Some(&byte) = text.get(at) {
        let quoted = if quotes(byte) {
            unquote(&text[at..text.len().min(at + QUOTED_BYTES_MAX)])
        } else {
            None
        };
        let (length, character) = quoted.unwrap_or((1, Some(char::from(byte))));
        match character {
            Some(character) if length > 1 => {
                cleaned.extend(character.encode_utf8(&mut [0; 4]).bytes())
            }
            Some(_) => cleaned.push(byte),
            None => {}
        }
        at += length;
    }
    Cow::Owned(cleaned)
}

/// How long the quoted character at the beginning is, and what it stands for (`None`: nothing that
/// is seen).
fn unquote(text: &[u8]) -> Option<(usize, Option<char>)> {
    match text {
        [0x1b, b'[', rest @ ..] => {
            let parameters = rest.iter().take_while(|byte| (0x20..0x40).contains(*byte)).count();
            let end = rest.get(parameters).filter(|byte| (0x40..0x7f).contains(*byte));
            Some((2 + parameters + usize::from(end.is_some()), None))
        }
        [0x1b, ..] => Some((1, None)),
        [b'\\', ..] => unquote_backslash(text),
        [b'%', high, low, ..] => {
            Some((3, Some(char::from(hex(&[*high, *low]).filter(|value| *value < 0x80)? as u8))))
        }
        [b'&', ..] => unquote_entity(text),
        _ => None,
    }
}

/// `\n`, `\"`, `\u003d`, also where quoting was quoted again (`\\\"`).
fn unquote_backslash(text: &[u8]) -> Option<(usize, Option<char>)> {
    let slashes = text.iter().take_while(|byte| **byte == b'\\').count();
    match text.get(slashes)? {
        b'n' | b't' | b'r' => Some((slashes + 1, Some(' '))),
        quote @ (b'"' | b'\'' | b'/') => Some((slashes + 1, Some(char::from(*quote)))),
        b'u' => {
            let value = hex(text.get(slashes + 1..slashes + 5)?)?;
            Some((slashes + 5, Some(char::from_u32(value)?)))
        }
        _ => None,
    }
}

fn unquote_entity(text: &[u8]) -> Option<(usize, Option<char>)> {
    let entities: [(&[u8], char); 6] = [
        (b"&quot;", '"'),
        (b"&apos;", '\''),
        (b"&#39;", '\''),
        (b"&lt;", '<'),
        (b"&gt;", '>'),
        (b"&amp;", '&'),
    ];
    let (entity, character) = entities.into_iter().find(|(entity, _)| text.starts_with(entity))?;
    Some((entity.len(), Some(character)))
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting_is_looked_through() {
        let cases: [(&[u8], &str); 13] = [
            (b"code = ", "code = "),
            (b"\x1b[38;5;196mcode\x1b[0m ", "code "),
            (b"{\\\"code\\\":", "{\"code\":"),
            (b"{\\\\\\\"code\\\\\\\":", "{\"code\":"),
            (b"code\\u003d", "code="),
            (b"code%3D", "code="),
            (b"a\\nb\\tc", "a b c"),
            (b"expected:&lt;", "expected:<"),
            (b"50% off", "50% off"),
            (b"cut \x1b[38;5", "cut "),
            (b"cut \\u00", "cut \\u00"),
            (b"C:\\dir", "C:\\dir"),
            (b"a&b", "a&b"),
        ];
        for (text, want) in cases {
            assert_eq!(String::from_utf8_lossy(&clean(text)), want);
        }
    }

    #[test]
    fn bytes_that_are_no_text_stay_as_they_are() {
        assert_eq!(*clean(b"\xff\x1b[1m\xb4\xed"), *b"\xff\xb4\xed");
    }
}
