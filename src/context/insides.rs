//! A table of terms that texts contain, found by their first two bytes.
//!
//! Owns the table. Knows nothing about what the terms mean.

use std::ops::Range;

/// Terms, sorted, in lower case, of at least two bytes.
#[derive(Debug)]
pub(super) struct Insides {
    terms: Vec<&'static [u8]>,
    /// Those that begin with a byte, in any case.
    by_first: [First; 256],
}

/// The terms that begin with a byte, in any case.
#[derive(Debug, Clone, Copy)]
struct First {
    start: u8,
    end: u8,
    /// Which second bytes they have, in any case, each by its last six bits: most places in a text
    /// are ruled out by it.
    seconds: u64,
}

impl Insides {
    pub(super) fn new(terms: Vec<&'static [u8]>) -> Self {
        let by_first = std::array::from_fn(|byte| {
            let lower = u8::try_from(byte).unwrap_or_default().to_ascii_lowercase();
            let start = terms.partition_point(|term| term[0] < lower);
            let end = terms.partition_point(|term| term[0] <= lower);
            let seconds = terms[start..end].iter().fold(0, |seconds, term| {
                seconds | bit(term[1]) | bit(term[1].to_ascii_uppercase())
            });
            First { start: start as u8, end: end as u8, seconds }
        });
        Insides { terms, by_first }
    }

    /// Where a text contains a term, in any case, sorted by where they begin.
    pub(super) fn places(&self, text: &[u8]) -> impl Iterator<Item = Range<usize>> {
        let starts = (0..text.len()).filter(|at| self.may_begin(text, *at));
        starts.flat_map(|at| self.at(text, at))
    }

    /// Whether a term may begin at a byte of a text.
    #[inline]
    pub(super) fn may_begin(&self, text: &[u8], at: usize) -> bool {
        let first = &self.by_first[usize::from(text[at])];
        text.get(at + 1).is_some_and(|second| first.seconds & bit(*second) != 0)
    }

    /// The terms that begin at a byte of a text, in any case.
    pub(super) fn at(&self, text: &[u8], at: usize) -> impl Iterator<Item = Range<usize>> {
        let First { start, end, .. } = self.by_first[usize::from(text[at])];
        let terms = self.terms[usize::from(start)..usize::from(end)].iter();
        let terms = terms.filter(move |term| begins_with(&text[at..], term));
        terms.map(move |term| at..at + term.len())
    }
}

/// The terms of several tables, found in one search by their first two bytes.
#[derive(Debug)]
pub(super) struct Pairs {
    terms: Vec<Paired>,
    /// For each pair of bytes, the number of its first term, counted from one; 0 if no term begins
    /// with it.
    by_pair: Box<[u8; PAIRS]>,
}

#[derive(Debug)]
struct Paired {
    pair: usize,
    table: usize,
    term: &'static [u8],
}

/// A pair of bytes as a number, the same in any case. Some bytes that are no letters have the
/// number of a letter.
#[inline]
fn pair(first: u8, second: u8) -> usize {
    let number = |byte: u8| usize::from(byte & 0x1f | (byte & 0x80) >> 2);
    number(first) << 6 | number(second)
}

const PAIRS: usize = 1 << 12;

impl Pairs {
    /// The terms of these tables, in any case.
    pub(super) fn of<'t>(tables: impl Iterator<Item = &'t Insides>) -> Self {
        let mut terms = Vec::new();
        for (table, insides) in tables.enumerate() {
            let paired =
                |term: &&'static [u8]| Paired { pair: pair(term[0], term[1]), table, term };
            terms.extend(insides.terms.iter().map(paired));
        }
        terms.sort_by_key(|term| term.pair);
        let mut by_pair = Box::new([0; PAIRS]);
        for (at, term) in terms.iter().enumerate() {
            let number = u8::try_from(at + 1).expect("the tables have less than 256 terms");
            let first = &mut by_pair[term.pair];
            *first = if *first == 0 { number } else { *first };
        }
        Pairs { terms, by_pair }
    }

    /// Calls `found` for each term that begins in a part of a text, with the number of its table;
    /// sorted by where they begin.
    #[inline]
    pub(super) fn search(
        &self,
        text: &[u8],
        part: Range<usize>,
        mut found: impl FnMut(usize, Range<usize>),
    ) {
        let rest = text[..text.len().min(part.end + 1)].get(part.start..).unwrap_or_default();
        for (at, two) in (part.start..).zip(rest.windows(2)) {
            let pair = pair(two[0], two[1]);
            let Some(first) = usize::from(self.by_pair[pair]).checked_sub(1) else { continue };
            let same = self.terms[first..].iter().take_while(|term| term.pair == pair);
            for Paired { table, term, .. } in same {
                if begins_with(&text[at..], term) {
                    found(*table, at..at + term.len());
                }
            }
        }
    }
}

#[inline]
fn bit(second: u8) -> u64 {
    1 << (second % 64)
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
        let table = Insides::new(vec![b"jm", b"jmessage", b"tim", "极光".as_bytes()]);
        for (text, want) in [
            ("", &[][..]),
            ("j", &[]),
            ("a JM", &[(2, 4)]),
            ("JMessage", &[(0, 2), (0, 8)]),
            ("tiTIM", &[(2, 5)]),
            ("的极光", &[(3, 9)]),
            ("t\u{69}", &[]),
        ] {
            let places = table.places(text.as_bytes());
            let found: Vec<_> = places.map(|place| (place.start, place.end)).collect();
            assert_eq!(found, want, "{text}");
            for at in 1..text.len() {
                let may_begin = table.may_begin(text.as_bytes(), at - 1);
                assert!(may_begin || table.at(text.as_bytes(), at - 1).next().is_none(), "{text}");
            }
        }
    }

    #[test]
    fn one_search_finds_the_terms_of_all_tables() {
        let tables: [Vec<&'static [u8]>; 3] =
            [vec![b"jm", b"jmessage", b"tim"], vec![b"jam", b"tim"], vec!["极光".as_bytes()]];
        let tables = tables.map(Insides::new);
        let pairs = Pairs::of(tables.iter());
        for text in ["", "j", "a JMessage, tiTIM", "极光jAm jm", "ja"] {
            let text = text.as_bytes();
            let mut expected: Vec<(usize, usize, usize)> = Vec::new();
            for (index, table) in tables.iter().enumerate() {
                expected.extend(table.places(text).map(|place| (index, place.start, place.end)));
            }
            for start in 0..text.len() {
                for end in start..text.len() {
                    let mut found = Vec::new();
                    pairs.search(text, start..end, |table, place| {
                        found.push((table, place.start, place.end));
                    });
                    assert!(found.is_sorted_by_key(|(_, start, _)| *start));
                    found.sort_unstable();
                    let begins = |place: &&(usize, usize, usize)| (start..end).contains(&place.1);
                    let expected: Vec<_> = expected.iter().filter(begins).copied().collect();
                    assert_eq!(found, expected, "{start}..{end}");
                }
            }
        }
    }
}
