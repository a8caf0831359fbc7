//! A message in which each number that only counts as a number is another one of its kind.
//!
//! Owns which numbers these are: the rules say the same about a code whichever of them is next to
//! it, unless a text of the catalog has digits. Knows nothing about rules, but a test compares what
//! they say.

use std::ops::{Range, RangeInclusive};

use super::lexicon;
use crate::ansi::ESCAPE;
use crate::catalog::Entry;

/// How many digits a number has that may be replaced. A single `0` has a meaning, and a part of a
/// longer one could be taken for a code where the text that the rules see begins.
const DIGITS: RangeInclusive<usize> = 4..=6;
/// What numbers that begin like a code become, and what others do, with as many digits.
const LIKE_A_CODE: &[u8] = b"871000";
const OTHER: &[u8] = b"111111";

/// The message with its numbers replaced; `None` if there are not two or more to replace: the text
/// around a number that is the only one is the same without this.
pub(super) fn canonical(message: &[u8]) -> Option<Vec<u8>> {
    let mut numbers = numbers(message);
    let (first, second) = (numbers.next()?, numbers.next()?);
    // What a quoted character shows may depend on digits, and it takes less room than they do.
    if memchr::memchr3(ESCAPE, b'\\', b'%', message).or(memchr::memchr(b'&', message)).is_some() {
        return None;
    }
    let mut canonical = message.to_vec();
    for number in [first, second].into_iter().chain(numbers) {
        let number = &mut canonical[number];
        let other = if is_like_a_code(number) { LIKE_A_CODE } else { &OTHER[..number.len()] };
        number.copy_from_slice(other);
    }
    Some(canonical)
}

/// The numbers that may be replaced.
fn numbers(message: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = next_digit(message, from)?;
        let digits = message[start..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        from = start + digits;
        Some(start..from)
    })
    .filter(|number| DIGITS.contains(&number.len()) && is_alone(message, number))
}

/// Whether digits next to a code may be those of its message, or the beginning of them.
pub(super) fn may_have_digits_of(entry: &Entry<'_>) -> bool {
    let texts = [entry.message.unwrap_or_default(), entry.meaning.zh];
    let has_digit = |text: &str| text.bytes().fold(false, |has, byte| has | byte.is_ascii_digit());
    texts.into_iter().any(has_digit)
}

fn is_like_a_code(number: &[u8]) -> bool {
    number.len() == LIKE_A_CODE.len() && number.starts_with(&LIKE_A_CODE[..3])
}

/// Whether blanks, commas, and the like are around a number: it is part of no word and no other
/// number. It is not in a term that has digits.
fn is_alone(message: &[u8], number: &Range<usize>) -> bool {
    let is_plain = |byte: &u8| b" ,=:;\"(){}[]\t\n\r".contains(byte);
    let before = &message[..number.start];
    before.last().is_none_or(is_plain)
        && message.get(number.end).is_none_or(is_plain)
        && !lexicon::ends_before_number(before)
}

/// Where the next digit is. Blocks without one are passed in one step.
fn next_digit(message: &[u8], from: usize) -> Option<usize> {
    const BLOCK: usize = 32;
    let is_digit = |byte: &u8| byte.wrapping_sub(b'0') < 10;
    let mut at = from;
    while let Some(block) = message.get(at..at + BLOCK) {
        if block.iter().fold(false, |any, byte| any | is_digit(byte)) {
            break;
        }
        at += BLOCK;
    }
    let rest = &message[at..];
    rest.iter().position(u8::is_ascii_digit).map(|found| at + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_that_stand_alone_are_replaced() {
        for (message, want) in [
            ("871301", None),
            ("871301 9", None),
            ("871301 9000", Some("871000 1111")),
            ("code=871301, n=8372 in 93721", Some("code=871000, n=1111 in 11111")),
            ("0 12 345 1234567 1234567", None),
            ("a1234 1234ms 12.3456 1234.5 -1234 1234- #1234", None),
            ("1234/5 x_1234 码1234 1234条 1234|", None),
            ("898001 871301\t9000\r\n", Some("111111 871000\t1111\r\n")),
            ("{\"n\":8372,\"code\":[871301]}", Some("{\"n\":1111,\"code\":[871000]}")),
            ("100% 8372 8372", None),
            ("Phone 10086, 8372, 8372", Some("Phone 10086, 1111, 1111")),
            ("10086 is a phone", None),
            ("\u{1b}[1m8372 8372", None),
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
}
