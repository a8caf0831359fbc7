//! A table of terms that texts contain, found by their first two bytes.
//!
//! Owns the table. Knows nothing about what the terms mean.

use std::ops::Range;

use super::role::Role;

/// Terms with what they say.
#[derive(Debug)]
pub(super) struct Insides {
    terms: Vec<Term>,
    /// For each pair of bytes, the number of its first term, counted from one; 0 if no term begins
    /// with it: most places in a text are ruled out by it.
    by_pair: Box<[u8; PAIRS]>,
}

#[derive(Debug)]
struct Term {
    pair: usize,
    role: Role,
    bytes: &'static [u8],
}

/// A pair of bytes as a number, the same in any case. Some bytes that are no letters have the
/// number of a letter.
#[inline]
fn pair(first: u8, second: u8) -> usize {
    let number = |byte: u8| usize::from(byte & 0x1f | (byte & 0x80) >> 2);
    number(first) << 6 | number(second)
}

const PAIRS: usize = 1 << 12;

impl Insides {
    /// A table of terms in lower case, each of at least two bytes.
    pub(super) fn new(terms: Vec<(&'static [u8], Role)>) -> Self {
        let paired = |(bytes, role): (&'static [u8], Role)| {
            let pair = pair(bytes[0], bytes[1]);
            Term { pair, role, bytes }
        };
        let mut terms: Vec<Term> = terms.into_iter().map(paired).collect();
        terms.sort_by_key(|term| term.pair);
        let mut by_pair = Box::new([0; PAIRS]);
        for (at, term) in terms.iter().enumerate() {
            let number = u8::try_from(at + 1).expect("the table has less than 256 terms");
            let first = &mut by_pair[term.pair];
            *first = if *first == 0 { number } else { *first };
        }
        Insides { terms, by_pair }
    }

    /// Calls `found` for each term that begins in a part of a text, in any case; sorted by where
    /// they begin.
    #[inline]
    pub(super) fn search(
        &self,
        text: &[u8],
        part: Range<usize>,
        mut found: impl FnMut(Role, Range<usize>),
    ) {
        let rest = text[..text.len().min(part.end + 1)].get(part.start..).unwrap_or_default();
        for (at, two) in (part.start..).zip(rest.windows(2)) {
            let pair = pair(two[0], two[1]);
            let Some(first) = usize::from(self.by_pair[pair]).checked_sub(1) else { continue };
            let same = self.terms[first..].iter().take_while(|term| term.pair == pair);
            for Term { role, bytes, .. } in same {
                if begins_with(&text[at..], bytes) {
                    found(*role, at..at + bytes.len());
                }
            }
        }
    }
}

/// Whether `text` begins with `word` in any case.
#[must_use]
pub(super) fn begins_with(text: &[u8], word: &[u8]) -> bool {
    let first = |text: &[u8]| text.first().map(u8::to_ascii_lowercase);
    let is_first = || first(text) == first(word) || word.is_empty();
    text.get(..word.len()).is_some_and(|start| is_first() && start.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_found_in_any_case() {
        let terms: [(&[u8], Role); 6] = [
            (b"jm", Role::Sdk),
            (b"jmessage", Role::Sdk),
            (b"tim", Role::Vendor),
            (b"jam", Role::Coded),
            (b"tim", Role::Coded),
            ("极光".as_bytes(), Role::Sdk),
        ];
        let table = Insides::new(terms.into());
        let naive = |text: &[u8], at: usize| {
            let begins = |(term, _): &&(&[u8], Role)| {
                text[at..].to_ascii_lowercase().starts_with(&term.to_ascii_lowercase())
            };
            let found = terms.iter().filter(begins);
            found.map(move |(term, role)| (*role as usize, at, at + term.len())).collect::<Vec<_>>()
        };
        for text in ["", "j", "a JMessage, tiTIM", "极光jAm jm", "ja", "t\u{69}", "的极光"] {
            let text = text.as_bytes();
            for start in 0..text.len() {
                for end in start..text.len() {
                    let mut found = Vec::new();
                    table.search(text, start..end, |role, place| {
                        found.push((role as usize, place.start, place.end));
                    });
                    assert!(found.is_sorted_by_key(|(_, start, _)| *start));
                    found.sort_unstable();
                    let mut expected: Vec<_> =
                        (start..end).flat_map(|at| naive(text, at)).collect();
                    expected.sort_unstable();
                    assert_eq!(found, expected, "{start}..{end}");
                }
            }
        }
    }
}
