//! The words between the two values of a comparison.
//!
//! Owns their table. Knows nothing about what else is in a text.

use super::super::chunk;

/// Words that may be between the two values of a comparison, in any case, by their length.
const COMPARING: [&[&str]; 10] = [
    &[],
    &[],
    &["be", "is", "to"],
    &["but", "got", "not", "was"],
    &["deep"],
    &["equal", "found", "right"],
    &["actual"],
    &["matches"],
    &["expected", "received"],
    &["identical"],
];
/// One more, which Go's tests have in lower case only; others begin and end with its letters.
const WANT: &[u8] = b"want";
const EXPECTED: &[u8] = b"expected";

/// The letters that these words begin with, in lower case.
pub(super) const FIRST_LETTERS: [bool; 256] = letters(false);
/// The letters that they end with.
pub(super) const LAST_LETTERS: [bool; 256] = letters(true);

const fn letters(is_last: bool) -> [bool; 256] {
    let (mut letters, mut length) = ([false; 256], 1);
    while length < COMPARING.len() {
        let mut index = 0;
        while index < COMPARING[length].len() {
            let word = COMPARING[length][index].as_bytes();
            letters[word[if is_last { length - 1 } else { 0 }] as usize] = true;
            index += 1;
        }
        length += 1;
    }
    letters
}

/// How many of these words have the same length, at most.
const SAME_LENGTH_MAX: usize = 4;
/// The first eight bytes of these words as numbers, filled with zeros.
static COMPARING_STARTS: [[u64; SAME_LENGTH_MAX]; COMPARING.len()] = {
    let (mut starts, mut length) = ([[0; SAME_LENGTH_MAX]; COMPARING.len()], 1);
    while length < COMPARING.len() {
        let mut index = 0;
        while index < COMPARING[length].len() {
            let (word, mut at) = (COMPARING[length][index].as_bytes(), 0);
            while at < 8 {
                let byte = if at < length { word[at] } else { 0 };
                (starts[length][index], at) = (starts[length][index] << 8 | byte as u64, at + 1);
            }
            index += 1;
        }
        length += 1;
    }
    starts
};

/// Whether a word may be between the two values of a comparison.
pub(super) fn is_comparing(word: &[u8]) -> bool {
    let Some(starts) = COMPARING_STARTS.get(word.len()) else { return false };
    let is_same = |other: &&str| word.eq_ignore_ascii_case(other.as_bytes());
    let is_one = || word.len() <= 8 || COMPARING[word.len()].iter().any(is_same);
    let begins = !word.is_empty() && starts.contains(&chunk::lowercase(chunk::first(word)));
    (begins && is_one()) || word == WANT
}

/// Whether a word between two values says that one of them is expected.
pub(super) fn is_expecting(word: &[u8]) -> bool {
    word == WANT || word.eq_ignore_ascii_case(EXPECTED)
}

#[cfg(test)]
mod tests {
    use super::super::super::lexicon::{self, Role};
    use super::*;

    /// `is_expecting` knows two words; the lexicon finds these and others anywhere in a text.
    #[test]
    fn the_words_that_expect_are_those_of_the_lexicon() {
        let words = COMPARING.into_iter().flatten().map(|word| word.as_bytes());
        let words: Vec<_> = words.chain([WANT]).collect();
        assert!(words.contains(&EXPECTED));
        for word in words {
            let expects = lexicon::holds(word, Role::Expectation);
            assert_eq!(is_expecting(word), expects, "{}", word.escape_ascii());
        }
    }

    /// Each word is one in any case, and no other text of the same length is.
    #[test]
    fn words_between_values_are_compared_as_a_whole() {
        for word in COMPARING.into_iter().flatten() {
            let upper = word.to_ascii_uppercase();
            assert!(is_comparing(word.as_bytes()) && is_comparing(upper.as_bytes()), "{word}");
            for at in 0..word.len() {
                let mut other = word.as_bytes().to_vec();
                other[at] = b'0';
                assert!(!is_comparing(&other), "{}", other.escape_ascii());
            }
        }
        assert!(is_comparing(WANT) && !is_comparing(b"WANT"));
        assert!(!is_comparing(b"") && !is_comparing(b"unexpectedly"));
    }

    #[test]
    fn no_word_is_refused_by_its_first_or_last_letter() {
        let words = COMPARING.into_iter().flatten().map(|word| word.as_bytes());
        for word in words.chain([WANT]) {
            let has = |letters: &[bool; 256], letter: u8| letters[usize::from(letter)];
            assert!(is_comparing(word), "{}", word.escape_ascii());
            assert!(has(&FIRST_LETTERS, word[0]) && has(&LAST_LETTERS, word[word.len() - 1]));
        }
        assert!(!FIRST_LETTERS[usize::from(b'z')] && !LAST_LETTERS[usize::from(b'z')]);
    }
}
