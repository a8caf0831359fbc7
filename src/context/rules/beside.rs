//! What is next to a number, read from the number outward.
//!
//! Owns the reading of texts and runs of bytes, in both directions. Knows nothing about rules.
//!
//! Regular expressions would say the same in one line each. But what the regex crate needs to
//! compile them stays in memory: 0.3 to 0.6 of the 6 MiB that a whole run may take, and the first
//! line with a code would wait a millisecond for it. The tests of the rules compare each function
//! that reads with its regular expression.

use std::ops::RangeBounds;

use super::is_name_byte;
use crate::context::lexicon;

pub(super) const QUOTES: [&str; 2] = ["\"", "'"];
/// What is between a key and its value, except for blanks after it. Those with a blank come first:
/// the first text that fits is taken.
pub(super) const JOINTS: [&str; 5] = [" :", " =", ":", "=", "："];

/// A text next to a number.
///
/// A method that finds what it looks for moves outward over it and is true; one that does not has
/// not moved. In a chain of them, the first ones may have moved, so what is tried next needs a
/// copy from before the chain.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beside<'t> {
    text: &'t [u8],
    side: Side,
}

/// Where the text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

impl<'t> Beside<'t> {
    /// The text before a number, which is read from its end.
    pub(super) fn before(text: &'t [u8]) -> Self {
        Beside { text, side: Side::Before }
    }

    /// The text after a number.
    pub(super) fn after(text: &'t [u8]) -> Self {
        Beside { text, side: Side::After }
    }

    /// Whether all of it was read.
    pub(super) fn is_at_end(&self) -> bool {
        self.text.is_empty()
    }

    /// This text, which is not reversed before a number.
    pub(super) fn literal(&mut self, wanted: &str) -> bool {
        self.next_is(wanted, |next, wanted| next == wanted)
    }

    /// Moves over the first of these texts that is next.
    pub(super) fn one_of(&mut self, texts: &[&str]) -> bool {
        texts.iter().any(|wanted| self.literal(wanted))
    }

    /// Whether the text goes on, after a number, with one of these lower-case letters in any case.
    /// It saves time before words that begin with them are looked for.
    #[inline]
    pub(super) fn letter_is(&self, letters: &[u8]) -> bool {
        debug_assert!(self.side == Side::After);
        self.text.first().is_some_and(|next| letters.contains(&next.to_ascii_lowercase()))
    }

    /// Moves over the first of these texts that is next in any case.
    pub(super) fn one_of_any_case(&mut self, texts: &[&str]) -> bool {
        texts.iter().any(|wanted| self.next_is(wanted, lexicon::begins_with))
    }

    /// Moves over the first of these texts that is next, if one is. It is always true, so that it
    /// can be part of a chain.
    pub(super) fn maybe(&mut self, texts: &[&str]) -> bool {
        self.one_of(texts);
        true
    }

    /// The same for texts in any case.
    pub(super) fn maybe_any_case(&mut self, texts: &[&str]) -> bool {
        self.one_of_any_case(texts);
        true
    }

    /// Moves over all bytes of one kind, up to the first of another, if their count is one of
    /// these.
    pub(super) fn run(
        &mut self,
        counts: impl RangeBounds<usize>,
        is_of_kind: impl Fn(u8) -> bool,
    ) -> Option<&'t [u8]> {
        let other = |byte: &u8| !is_of_kind(*byte);
        let length = match self.side {
            Side::Before => self.text.iter().rev().position(other),
            Side::After => self.text.iter().position(other),
        };
        let length = length.unwrap_or(self.text.len());
        counts.contains(&length).then(|| self.take(length))
    }

    /// Moves over all digits, up to another byte, if their count is one of these.
    pub(super) fn digits(&mut self, counts: impl RangeBounds<usize>) -> bool {
        self.run(counts, |byte| byte.is_ascii_digit()).is_some()
    }

    /// Moves over all letters, digits, and `_`, up to another byte, if they are one of these words
    /// in any case.
    pub(super) fn word_of(&mut self, words: &[&str]) -> bool {
        let mut rest = *self;
        let Some(word) = rest.run(1.., is_name_byte) else { return false };
        let found = words.iter().any(|wanted| word.eq_ignore_ascii_case(wanted.as_bytes()));
        if found {
            *self = rest;
        }
        found
    }

    fn next_is(&mut self, wanted: &str, is: impl Fn(&[u8], &[u8]) -> bool) -> bool {
        let next = match self.side {
            Side::Before => self.text.len().checked_sub(wanted.len()).map(|at| &self.text[at..]),
            Side::After => self.text.get(..wanted.len()),
        };
        let found = next.is_some_and(|next| is(next, wanted.as_bytes()));
        if found {
            self.take(wanted.len());
        }
        found
    }

    fn take(&mut self, length: usize) -> &'t [u8] {
        let taken;
        (self.text, taken) = match self.side {
            Side::Before => self.text.split_at(self.text.len() - length),
            Side::After => {
                let (taken, rest) = self.text.split_at(length);
                (rest, taken)
            }
        };
        taken
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::ops::Range;

    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::{Index, select};
    use proptest::string::bytes_regex;
    use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
    use regex::bytes::Regex;

    use super::*;

    /// How a text is changed: at a place, bytes are taken out, and a text put in.
    type Change = (Index, usize, &'static str);

    fn changes() -> impl Strategy<Value = Vec<Change>> {
        const TEXTS: [&str; 16] =
            ["", "", "", " ", "x", "_", "0", "12", ".", ",", "=", ":", "\"", "-", "+", "（"];
        vec((any::<Index>(), 0..3_usize, select(&TEXTS[..])), 1..3)
    }

    /// All texts that differ from one in a single place: a byte or a whole run of digits, letters,
    /// or equal bytes is missing, a byte is there twice, has its neighbor's value, or another case.
    fn near(text: &[u8]) -> impl Iterator<Item = Vec<u8>> {
        let with = |range: Range<usize>, new: &[u8]| {
            let mut near = text.to_vec();
            near.splice(range, new.iter().copied());
            near
        };
        (0..text.len()).flat_map(move |at| {
            let byte = text[at];
            let is_alike = |other: &&u8| match byte {
                b'0'..=b'9' => other.is_ascii_digit(),
                b'a'..=b'z' | b'A'..=b'Z' => other.is_ascii_alphabetic(),
                _ => **other == byte,
            };
            let run = text[at..].iter().take_while(is_alike).count();
            let cased = byte ^ if byte.is_ascii_alphabetic() { 0x20 } else { 0 };
            [
                with(at..at + 1, b""),
                with(at..at + run, b""),
                with(at..at, &[byte]),
                with(at..at + 1, &[byte.wrapping_add(1)]),
                with(at..at + 1, &[byte.wrapping_sub(1)]),
                with(at..at + 1, &[cased]),
            ]
        })
    }

    /// Asserts that a function is true for the texts that a pattern matches. It is tried with many
    /// that do, with what is near these, with other changes, and with what is farther from the
    /// number.
    pub(in super::super) fn assert_reads(pattern: &str, reads: fn(&[u8]) -> bool) {
        let regex = Regex::new(pattern).expect("a pattern");
        let check = |text: &[u8]| {
            let want = regex.is_match(text);
            prop_assert_eq!(reads(text), want, "{} {:?}", pattern, text.escape_ascii());
            Ok(())
        };
        let unanchored = pattern.replace(r"(?-u:\b)", "");
        let (body, is_after) = match unanchored.strip_prefix('^') {
            Some(body) => (body, true),
            None => (unanchored.strip_suffix('$').expect("it is anchored"), false),
        };
        // Texts cannot be made for the other anchors: that nothing is farther is tried each time.
        let body = body.replace("(?:^|", "(?:|").replace("|$)", "|)").replace("]$|", "]|");
        let matching = bytes_regex(&body).expect("a pattern without anchors");
        let config = Config { cases: 200, failure_persistence: None, ..Config::default() };
        let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
        TestRunner::new_with_rng(config, rng)
            .run(&(matching, changes()), |(text, changes)| {
                for farther in ["", " ", "x", "7", "_", "\n", "登录"] {
                    let farther = farther.as_bytes();
                    check(&if is_after { [&text, farther] } else { [farther, &text] }.concat())?;
                }
                near(&text).try_for_each(|text| check(&text))?;
                let mut changed = text;
                for (index, count, put_in) in changes {
                    let at = index.index(changed.len() + 1);
                    let end = (at + count).min(changed.len());
                    changed.splice(at..end, put_in.bytes());
                }
                check(&changed)
            })
            .unwrap_or_else(|error| panic!("{error}"));
    }

    #[test]
    fn texts_are_read_outward_on_both_sides() {
        let mut after = Beside::after(b"=12, 'next");
        assert!(
            after.literal("=") && !after.literal("=") && !after.digits(..2) && after.digits(2..)
        );
        assert!(after.one_of(&[".", ", "]) && after.maybe(&["\"", "'"]) && after.maybe(&["x"]));
        assert!(!after.word_of(&["nex"]) && after.word_of(&["x", "NEXT"]) && after.is_at_end());
        assert!(!after.literal("t") && after.literal("") && after.digits(..) && !after.digits(1..));
        let mut before = Beside::before(b"Last code (12: ");
        assert!(!before.literal(":") && before.literal(": ") && !before.literal(": "));
        assert_eq!(before.run(1..=2, |byte| byte.is_ascii_digit()), Some(&b"12"[..]));
        assert!(before.one_of(&["(", " ("]) && before.maybe_any_case(&[" "]));
        assert!(!before.one_of_any_case(&["Cod", "odes"]) && before.one_of_any_case(&["CODE"]));
        assert!(before.literal(" ") && before.word_of(&["last"]) && before.is_at_end());
        assert!(!before.word_of(&[""]));
        assert!(!Beside::after(b"Is").literal("is") && Beside::after(b"Is").letter_is(b"xi"));
    }
}
