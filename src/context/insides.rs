//! A table of terms that texts contain, found by their first three bytes.
//!
//! Owns the table. Knows nothing about what the terms mean.

use std::ops::Range;

use super::any_case::begins_with;
use super::role::Role;

/// Terms with what they say.
#[derive(Debug)]
pub(super) struct Insides {
    terms: Vec<Term>,
    /// For each pair of bytes, the number of its first term, counted from one; 0 if no term begins
    /// with it.
    by_pair: Box<[u8; PAIRS]>,
    /// A bit for each three bytes that a term begins with, which rules out most places in a text.
    triples: Box<[u64; TRIPLES / 64]>,
}

#[derive(Debug)]
struct Term {
    pair: usize,
    role: Role,
    bytes: &'static [u8],
}

/// A byte as a number of six bits, the same in any case. Some bytes that are no letters have the
/// number of a letter.
#[inline]
fn number(byte: u8) -> usize {
    const NUMBERS: [u8; 256] = {
        let (mut numbers, mut byte) = ([0; 256], 0);
        while byte < numbers.len() {
            numbers[byte] = byte as u8 & 0x1f | (byte as u8 & 0x80) >> 2;
            byte += 1;
        }
        numbers
    };
    usize::from(NUMBERS[usize::from(byte)])
}

/// A pair of bytes as a number.
#[inline]
fn pair(first: u8, second: u8) -> usize {
    number(first) << 6 | number(second)
}

const PAIRS: usize = 1 << 12;

/// The number of three bytes, in fifteen bits, from the number of the bytes before and the next
/// byte: it moves along a text byte by byte.
#[inline]
fn triple(before: usize, next: u8) -> usize {
    (before << 5 | usize::from(next & 0x1f)) % TRIPLES
}

const TRIPLES: usize = 1 << 15;

impl Insides {
    /// A table of terms in lower case, each of at least two bytes.
    pub(super) fn new(terms: Vec<(&'static [u8], Role)>) -> Self {
        let paired = |(bytes, role): (&'static [u8], Role)| {
            let pair = pair(bytes[0], bytes[1]);
            Term { pair, role, bytes }
        };
        let mut terms: Vec<Term> = terms.into_iter().map(paired).collect();
        terms.sort_by_key(|term| term.pair);
        let (mut by_pair, mut triples) = (Box::new([0; PAIRS]), Box::new([0; TRIPLES / 64]));
        for (at, term) in terms.iter().enumerate() {
            let counted = u8::try_from(at + 1).expect("the table has less than 256 terms");
            let first = &mut by_pair[term.pair];
            *first = if *first == 0 { counted } else { *first };
            let thirds = term.bytes.get(2).map_or(0..=u8::MAX, |third| *third..=*third);
            for third in thirds {
                let bytes = [term.bytes[0], term.bytes[1], third];
                let triple = bytes.into_iter().fold(0, triple);
                triples[triple / 64] |= 1 << (triple % 64);
            }
        }
        Insides { terms, by_pair, triples }
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
        let mut from = part.start;
        while let Some((at, first)) = self.next(text, from..part.end) {
            let pair = self.terms[first].pair;
            let same = self.terms[first..].iter().take_while(|term| term.pair == pair);
            for Term { role, bytes, .. } in same {
                if begins_with(&text[at..], bytes) {
                    found(*role, at..at + bytes.len());
                }
            }
            from = at + 1;
        }
    }

    /// The next place in a part of a text where a term may begin, and the first term of its pair.
    /// Its own function, so that all of the loop is in registers.
    #[inline(never)]
    fn next(&self, text: &[u8], part: Range<usize>) -> Option<(usize, usize)> {
        let (triples, text) = (&*self.triples, text.get(part.start..)?);
        let [first, second, thirds @ ..] = text else { return None };
        let found = |at: usize| {
            let first = usize::from(self.by_pair[pair(text[at], text[at + 1])]).checked_sub(1)?;
            Some((part.start + at, first))
        };
        let mut before = triple(usize::from(*first), *second);
        for (at, third) in thirds.iter().take(part.len()).enumerate() {
            before = triple(before, *third);
            if triples[before / 64] >> (before % 64) & 1 != 0
                && let Some(found) = found(at)
            {
                return Some(found);
            }
        }
        // A term of two bytes may be at the end.
        if thirds.len() < part.len() { found(thirds.len()) } else { None }
    }
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
