//! A message in which each number that only counts as a number is another one of its kind.
//!
//! Owns which numbers these are: the rules say the same about a code whichever of them is next to
//! it, unless a text of the catalog has digits, or a test compares it with a code that is not like
//! those of the Android SDK. Knows nothing about rules, but a test compares what they say.

use std::cell::OnceCell;
use std::ops::Range;

use super::chunk;
use super::lexicon;
use super::rules::RESOURCE_END;
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

/// A message with its numbers replaced.
#[derive(Debug)]
pub(super) struct Canonical {
    text: Vec<u8>,
    hash: OnceCell<u64>,
    /// Whether one of the numbers that were replaced is a code of the built-in lists, but not like
    /// those of the Android SDK: what stands for it is no code.
    pub(super) has_other_codes: bool,
}

impl Canonical {
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// A hash of the text.
    pub(super) fn hash(&self) -> u64 {
        let (chunks, rest) = self.text.as_chunks();
        let words = chunks.iter().map(|chunk| u64::from_be_bytes(*chunk));
        *self.hash.get_or_init(|| chunk::hash(words.chain([chunk::first(rest)])))
    }
}

/// The message with its numbers replaced; `None` if there are not two or more to replace: the text
/// around a number that is the only one is the same without this.
pub(super) fn canonical(message: &[u8]) -> Option<Canonical> {
    let mut numbers = numbers(message);
    let (first, second) = (numbers.next()?, numbers.next()?);
    let (mut text, mut has_other_codes) = (message.to_vec(), false);
    let mut replace = |number: Range<usize>| has_other_codes |= replace(&mut text[number]);
    replace(first);
    replace(second);
    numbers.for_each(replace);
    Some(Canonical { text, hash: OnceCell::new(), has_other_codes })
}

/// Replaces a number by one of its kind, and says whether it was a code and is none now.
#[inline(always)]
fn replace(digits: &mut [u8]) -> bool {
    if let [one, two] = digits {
        (*one, *two) = (OTHER, OTHER); // most are as short, and `fill` takes longer
        return false;
    }
    if is_like_a_code(digits) {
        digits.copy_from_slice(LIKE_A_CODE);
        return false;
    }
    let is_code = is_built_in(digits);
    digits.fill(OTHER);
    is_code
}

/// Whether a number is a code of the built-in lists. Except for 0, these have at least as many
/// digits as those of the Android SDK.
fn is_built_in(digits: &[u8]) -> bool {
    digits.len() >= LIKE_A_CODE.len() && Code::from_digits(digits).is_some_and(catalog::is_built_in)
}

/// The numbers that may be replaced.
fn numbers(message: &[u8]) -> impl Iterator<Item = Range<usize>> {
    Runs::new(message).filter(|number| is_replaceable(message, number))
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

/// Whether a number after some text means the same as any other of its kind: it is part of no term,
/// no quoted character (`\u0041`, `%41`, `&#39;`), and no name of the SDK's text for a code, and
/// cannot be taken for a code where the text that the rules see begins.
#[inline(always)]
fn is_replaceable(message: &[u8], number: &Range<usize>) -> bool {
    let before = number.start.checked_sub(1).map_or(b'\n', |at| message[at]);
    let least = match before {
        b'\\' | b'%' | b'#' => return false,
        b' ' if lexicon::ends_before_number(&message[..number.start]) => return false,
        byte if byte.is_ascii_alphabetic() => {
            let quote = &message[number.start.saturating_sub(QUOTE_BYTES)..number.start];
            if quote.windows(2).any(|two| two == b"\\u") {
                return false;
            }
            DIGITS_AFTER_LETTER_MIN
        }
        _ => DIGITS_MIN,
    };
    let length = number.len();
    let may_be_code = || {
        length > LIKE_A_CODE.len() && {
            let mut parts = message[number.clone()].windows(CODE_BEGINS.len());
            parts.any(|part| part == CODE_BEGINS)
        }
    };
    (least..=DIGITS_MAX).contains(&length)
        && !may_be_code()
        && !message[number.end..].starts_with(RESOURCE_END)
}

/// The runs of at least [`DIGITS_MIN`] digits, in order. A window of 64 bytes is one number with a
/// bit for each digit: lines full of colors have a number every few bytes.
struct Runs<'m> {
    message: &'m [u8],
    /// Where the window begins.
    origin: usize,
    /// The digits of the window that are not in a run before.
    digits: u64,
}

const WINDOW: usize = u64::BITS as usize;

impl<'m> Runs<'m> {
    fn new(message: &'m [u8]) -> Self {
        Runs { message, origin: 0, digits: digits_of(message) }
    }

    /// Moves the window, to where no run has begun.
    #[inline]
    fn move_to(&mut self, origin: usize) -> Option<()> {
        let window = self.message.get(origin..).filter(|rest| !rest.is_empty())?;
        (self.origin, self.digits) = (origin, digits_of(window));
        Some(())
    }
}

impl Iterator for Runs<'_> {
    type Item = Range<usize>;

    #[inline(always)]
    fn next(&mut self) -> Option<Range<usize>> {
        const { assert!(DIGITS_MIN == 2) };
        loop {
            let pairs = self.digits & (self.digits >> 1);
            if pairs == 0 {
                // The last byte may be the first digit of a run.
                let last = (self.digits >> (WINDOW - 1)) as usize;
                self.move_to(self.origin + WINDOW - last)?;
                continue;
            }
            let first = pairs.trailing_zeros() as usize;
            let length = (self.digits >> first).trailing_ones() as usize;
            let (start, end) = (self.origin + first, first + length);
            if end < WINDOW {
                self.digits &= u64::MAX << end;
                return Some(start..start + length);
            }
            if first > 0 {
                self.move_to(start)?;
                continue;
            }
            let rest = &self.message[start..];
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            (self.origin, self.digits) = (start + digits, digits_of(&rest[digits..]));
            return Some(start..start + digits);
        }
    }
}

/// A bit for each of the first 64 bytes of a text, set if it is a digit.
#[inline]
fn digits_of(text: &[u8]) -> u64 {
    let Some(window) = text.first_chunk::<WINDOW>() else {
        let mut padded = [0; WINDOW];
        padded[..text.len()].copy_from_slice(text);
        return digits_in(&padded);
    };
    digits_in(window)
}

/// Eight bytes at once, as a number with a byte for each: a digit is less than 10 after the
/// subtraction, so adding 0x76 does not reach its highest bit.
#[inline]
fn digits_in(window: &[u8; WINDOW]) -> u64 {
    const EACH: u64 = u64::MAX / 0xff;
    let (words, _) = window.as_chunks::<8>();
    words.iter().rev().fold(0, |bits, word| {
        let values = u64::from_le_bytes(*word) ^ (EACH * b'0' as u64);
        let others = ((values & (EACH * 0x7f)) + EACH * 0x76) | values;
        let digits = (!others >> 7) & EACH;
        // Moves the lowest bit of each byte to the highest byte, in order.
        (bits << 8) | (digits.wrapping_mul(0x0102_0408_1020_4080) >> 56)
    })
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
            let found = found.map(|found| String::from_utf8_lossy(&found.text).into_owned());
            assert_eq!(found.as_deref(), want, "{message}");
        }
    }

    #[test]
    fn only_a_code_like_those_of_android_is_replaced_by_a_code() {
        for (message, want) in [
            ("1000, 2000", false),
            ("871301, 871302, 1000", false),
            ("898001, 1000", true),
            ("1000, 871301, 7132004, 871301", true),
        ] {
            let found = canonical(message.as_bytes()).expect("it has two numbers");
            assert_eq!(found.has_other_codes, want, "{message}");
        }
    }

    #[test]
    fn no_built_in_code_of_two_digits_is_shorter_than_those_of_android() {
        let least = 10_u64.pow(LIKE_A_CODE.len() as u32 - 1);
        let catalog = catalog::Catalog::new(catalog::Selection::All);
        let short = catalog.entries().into_iter().filter(|entry| entry.code.number() < least);
        assert_eq!(short.map(|entry| entry.code).collect::<Vec<_>>(), [Code::SUCCESS]);
    }

    #[test]
    fn a_run_is_found_wherever_it_begins_and_ends() {
        let (before, after) = ("a1 b".repeat(50), "c2".repeat(90));
        for bytes in 0..before.len() {
            for length in [1, 2, 3, 20, 63, 64, 65, 128, 150] {
                let text = [&before[..bytes], "-", &"7".repeat(length), &after].concat();
                for text in [&text[..], &text[..bytes + 1 + length]] {
                    let found: Vec<_> = Runs::new(text.as_bytes()).collect();
                    let want = bytes + 1..bytes + 1 + length;
                    assert_eq!(found, &[want][..usize::from(length > 1)], "{text}");
                }
            }
        }
        let all: Vec<u8> = (0..=u8::MAX).collect();
        let digits = all.chunks(WINDOW).map(digits_of);
        assert_eq!(digits.collect::<Vec<_>>(), [0x3ff << b'0', 0, 0, 0]);
    }
}
