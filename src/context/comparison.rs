//! The value that a number is compared with, as tests show it when they fail.
//!
//! Owns the words and signs between the two values. Knows nothing about rules.

use super::names;
use super::occurrence::{Occurrence, Separator};
use super::rules::{is_name_byte, is_number, leading_name, trailing_name};

/// How many signs may be between two words of a comparison.
const SIGNS_MAX: usize = 6;
/// How many words may be between the values of a comparison.
const WORDS_MAX: usize = 4;

/// What a number is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compared {
    /// With 0: the number is a code, in the line of a test.
    Zero,
    /// With what a test expected or got, which may be another code.
    Code,
    /// With another number.
    Other,
}

impl Compared {
    /// What a number is compared with: `871301 == 12`, and in the line of a test also
    /// `expected <12> but was <871301>` and `871301 is not equal to 12`.
    pub(super) fn find(occurrence: &Occurrence<'_>) -> Option<Compared> {
        let after = Reader { text: &occurrence.after, side: Side::After };
        let before = Reader { text: &occurrence.before, side: Side::Before };
        after.find(occurrence).or_else(|| before.find(occurrence))
    }

    fn with(value: &[u8], may_be_code: bool) -> Compared {
        match value {
            b"0" => Compared::Zero,
            [b'8', b'7', b'1', _, _, _] if may_be_code => Compared::Code,
            _ => Compared::Other,
        }
    }
}

/// Reads away from the number, sign by sign and word by word.
struct Reader<'t> {
    text: &'t [u8],
    side: Side,
}

#[derive(Clone, Copy)]
enum Side {
    Before,
    After,
}

impl<'t> Reader<'t> {
    fn find(mut self, occurrence: &Occurrence<'_>) -> Option<Compared> {
        let (mut words, mut is_equality) = (0, false);
        let is_named = || {
            occurrence.key().separator == Separator::Value && names::is_code(occurrence.key_text())
        };
        loop {
            let signs = self.signs()?;
            is_equality |= words == 0 && is_comparison(signs);
            let word = self.word();
            if is_number(word) {
                let is_compared = match words {
                    0 => is_equality,
                    _ => !is_named() && occurrence.is_near_expectation(),
                };
                return is_compared.then(|| Compared::with(word, !is_equality));
            }
            words += 1;
            if words > WORDS_MAX || !is_comparing(word) {
                return None;
            }
            is_equality |= word.eq_ignore_ascii_case(b"equal");
        }
    }

    /// The signs up to the next word; `None` if there are too many.
    fn signs(&mut self) -> Option<&'t [u8]> {
        let is_sign = |byte: &&u8| !is_name_byte(**byte);
        let text = self.text;
        match self.side {
            Side::After => {
                let signs = text.iter().take(SIGNS_MAX + 1).take_while(is_sign).count();
                self.text = &text[signs..];
                (signs <= SIGNS_MAX).then(|| &text[..signs])
            }
            Side::Before => {
                let signs = text.iter().rev().take(SIGNS_MAX + 1).take_while(is_sign).count();
                self.text = &text[..text.len() - signs];
                (signs <= SIGNS_MAX).then(|| &text[text.len() - signs..])
            }
        }
    }

    /// The next word or number.
    fn word(&mut self) -> &'t [u8] {
        let text = self.text;
        match self.side {
            Side::After => {
                let word = leading_name(text);
                self.text = &text[word.len()..];
                word
            }
            Side::Before => {
                let word = trailing_name(text);
                self.text = &text[..text.len() - word.len()];
                word
            }
        }
    }
}

/// Whether a word may be between the two values of a comparison.
fn is_comparing(word: &[u8]) -> bool {
    let same_length: &[&str] = match word.len() {
        2 => &["be", "is", "to"],
        3 => &["but", "got", "not", "was"],
        4 => &["deep"],
        5 => &["equal", "found", "right"],
        6 => &["actual"],
        7 => &["matches"],
        8 => &["expected", "received"],
        9 => &["identical"],
        _ => &[],
    };
    let is_first = |other: &str| word[0].eq_ignore_ascii_case(&other.as_bytes()[0]);
    let is_same = |other: &&str| is_first(other) && word.eq_ignore_ascii_case(other.as_bytes());
    same_length.iter().any(is_same) || word == b"want"
}

/// `==` or `!=`
fn is_comparison(signs: &[u8]) -> bool {
    matches!(signs.trim_ascii_start(), [b'=' | b'!', b'=', ..])
}
