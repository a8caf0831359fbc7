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
    /// with it: most places in a text are ruled out by it.
    by_pair: Box<[u8; PAIRS]>,
    /// For the first term of each pair, a bit for each third byte of its terms, which rules out
    /// most of the other places; all bits if one of them has only two bytes.
    thirds: Vec<u64>,
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

impl Insides {
    /// A table of terms in lower case, each of at least two bytes.
    pub(super) fn new(terms: Vec<(&'static [u8], Role)>) -> Self {
        let paired = |(bytes, role): (&'static [u8], Role)| {
            let pair = pair(bytes[0], bytes[1]);
            Term { pair, role, bytes }
        };
        let mut terms: Vec<Term> = terms.into_iter().map(paired).collect();
        terms.sort_by_key(|term| term.pair);
        let (mut by_pair, mut thirds) = (Box::new([0; PAIRS]), vec![0; terms.len()]);
        for (at, term) in terms.iter().enumerate() {
            let counted = u8::try_from(at + 1).expect("the table has less than 256 terms");
            let first = &mut by_pair[term.pair];
            *first = if *first == 0 { counted } else { *first };
            let third = term.bytes.get(2).map_or(u64::MAX, |third| 1 << number(*third));
            thirds[usize::from(*first) - 1] |= third;
        }
        Insides { terms, by_pair, thirds }
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
        let (by_pair, text) = (&*self.by_pair, text.get(part.start..)?);
        let mut pair = number(*text.first()?);
        for (index, byte) in text[1..].iter().take(part.len()).enumerate() {
            pair = (pair << 6 | number(*byte)) % PAIRS;
            if by_pair[pair] == 0 {
                continue;
            }
            let first = usize::from(by_pair[pair]) - 1;
            let third = text.get(index + 2).map_or(u64::MAX, |third| 1 << number(*third));
            if self.thirds[first] & third != 0 {
                return Some((part.start + index, first));
            }
        }
        None
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
