//! A message in which each number that only counts as a number is another one of its kind.
//!
//! Owns which numbers these are: the rules say the same about a code whichever of them is next to
//! it, unless a text of the catalog has digits, or a test compares two codes. Knows nothing about
//! rules, but a test compares what they say.

use std::ops::Range;

use super::lexicon;
use crate::catalog::{self, Code, Entry};

/// How many digits a number has that may be replaced, at least; more after a letter: `0` alone and
/// `win32` have a meaning.
const DIGITS_MIN: usize = 2;
const DIGITS_AFTER_LETTER_MIN: usize = 3;
/// How many it has at most: more than any number in a log.
const DIGITS_MAX: usize = 20;
/// How many bytes of `\u0041` may be before its last digits.
const QUOTE_BYTES: usize = 5;
/// What numbers that begin like a code become, and a digit of any other.
const LIKE_A_CODE: &[u8; 6] = b"871000";
const OTHER: u8 = b'1';
/// What they begin with.
const CODE_BEGINS: &[u8] = b"871";

/// The message with its numbers replaced; `None` if there are not two or more to replace: the text
/// around a number that is the only one is the same without this.
pub(super) fn canonical(message: &[u8]) -> Option<Vec<u8>> {
    let mut numbers = numbers(message);
    let (first, second) = (numbers.next()?, numbers.next()?);
    let mut canonical = message.to_vec();
    for number in [first, second].into_iter().chain(numbers) {
        let number = &mut canonical[number];
        if is_like_a_code(number) {
            number.copy_from_slice(LIKE_A_CODE);
        } else {
            number.fill(OTHER);
        }
    }
    Some(canonical)
}

/// Whether two of the numbers that may be replaced are codes of the built-in lists, or like those
/// of the Android SDK.
pub(super) fn has_codes(message: &[u8]) -> bool {
    let is_code = |number: &Range<usize>| {
        let digits = &message[number.clone()];
        is_like_a_code(digits) || Code::from_digits(digits).is_some_and(catalog::is_built_in)
    };
    numbers(message).filter(is_code).nth(1).is_some()
}

/// The numbers that may be replaced.
fn numbers(message: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = next_number(message, from)?;
        let digits = message[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        from = start + digits;
        Some(start..from)
    })
    .filter(|number| is_replaceable(&message[..number.start], &message[number.clone()]))
}

/// Whether digits next to a code may be those of its message, or the beginning of them.
pub(super) fn may_have_digits_of(entry: &Entry<'_>) -> bool {
    let texts = [entry.message.unwrap_or_default(), entry.meaning.zh];
    let has_digit = |text: &str| text.bytes().fold(false, |has, byte| has | byte.is_ascii_digit());
    texts.into_iter().any(has_digit)
}

fn is_like_a_code(number: &[u8]) -> bool {
    number.len() == LIKE_A_CODE.len() && number.starts_with(CODE_BEGINS)
}

/// Whether a number after some text means the same as any other of its kind: it is part of no term
/// and no quoted character (`\u0041`, `%41`, `&#39;`), and cannot be taken for a code where the
/// text that the rules see begins.
fn is_replaceable(before: &[u8], number: &[u8]) -> bool {
    let quote = &before[before.len().saturating_sub(QUOTE_BYTES)..];
    let least = match before {
        [.., b'\\' | b'%' | b'#'] => return false,
        _ if quote.windows(2).any(|two| two == b"\\u") => return false,
        [.., byte] if byte.is_ascii_alphabetic() => DIGITS_AFTER_LETTER_MIN,
        _ => DIGITS_MIN,
    };
    let may_be_code = || {
        number.len() > LIKE_A_CODE.len()
            && number.windows(CODE_BEGINS.len()).any(|part| part == CODE_BEGINS)
    };
    (least..=DIGITS_MAX).contains(&number.len())
        && !may_be_code()
        && !lexicon::ends_before_number(before)
}

/// Where the next run of at least [`DIGITS_MIN`] digits begins, if no digit is before `from`. Where
/// none is near, blocks without one are passed in one step.
fn next_number(message: &[u8], from: usize) -> Option<usize> {
    const NEAR: usize = 16;
    const BLOCK: usize = 32;
    const { assert!(DIGITS_MIN == 2) };
    let is_digit = |byte: u8| byte.wrapping_sub(b'0') < 10;
    let first_pair = |text: &[u8]| {
        let begins = |pair: &[u8]| is_digit(pair[0]) && is_digit(pair[1]);
        text.windows(DIGITS_MIN).position(begins)
    };
    let mut at = from;
    if let Some(near) = message.get(at..=at + NEAR) {
        if let Some(found) = first_pair(near) {
            return Some(at + found);
        }
        at += NEAR;
    }
    while let Some(block) = message.get(at..=at + BLOCK) {
        let pairs = block.iter().zip(&block[1..]);
        let has_pair = pairs.fold(false, |has, (a, b)| has | (is_digit(*a) & is_digit(*b)));
        if has_pair {
            break;
        }
        at += BLOCK;
    }
    first_pair(&message[at..]).map(|found| at + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_replaced_by_one_of_their_kind() {
        for (message, want) in [
            ("871301", None),
            ("871301 9", None),
            ("871301 9000", Some("871000 1111")),
            ("code=871301, n=8372 in 93ms", Some("code=871000, n=1111 in 11ms")),
            ("0 12 345 1234567 1871301", Some("0 11 111 1111111 1871301")),
            ("a1234 b12 -1234 #1234 1.52", Some("a1111 b12 -1111 #1234 1.11")),
            ("码1234条 8/52", Some("码1111条 8/11")),
            ("898001 871301\t9000\r\n", Some("111111 871000\t1111\r\n")),
            ("{\"n\":8372,\"code\":[871301]}", Some("{\"n\":1111,\"code\":[871000]}")),
            ("%3D871301 %26871301 %201 52", Some("%3D871000 %26871301 %201 11")),
            ("\\u0041 \\\"871301\\\", 8372", Some("\\u0041 \\\"871000\\\", 1111")),
            ("\u{1b}[31m8372 8372", Some("\u{1b}[11m1111 1111")),
            ("\\ud835 8372 8372 \\u003d871301", Some("\\ud835 1111 1111 \\u003d871000")),
            ("&#39;8372 8372", Some("&#39;1111 1111")),
            ("Phone 10086, 8372, 8372", Some("Phone 10086, 1111, 1111")),
            ("10086 is a phone", None),
            ("123456789012345678901 8372", None),
            ("a text of more than thirty-two bytes, 8372, 5", None),
            (
                "n=8372 and then a text of more than thirty-two bytes, 54321",
                Some("n=1111 and then a text of more than thirty-two bytes, 11111"),
            ),
        ] {
            let found = canonical(message.as_bytes());
            let found = found.map(|text| String::from_utf8_lossy(&text).into_owned());
            assert_eq!(found.as_deref(), want, "{message}");
        }
    }

    #[test]
    fn a_number_is_found_wherever_it_begins() {
        let (before, after) = ("a1 b".repeat(30), "c2".repeat(40));
        for bytes in 0..before.len() {
            for (digits, is_number) in [("12", true), ("123", true), ("1", false)] {
                let text = format!("{}-{digits}{after}", &before[..bytes]);
                let want = is_number.then_some(bytes + 1);
                assert_eq!(next_number(text.as_bytes(), 0), want, "{text}");
                assert_eq!(next_number(format!("12{text}").as_bytes(), 2), want.map(|at| at + 2));
            }
        }
    }
}
