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

/// Which pairs of bytes begin a term of several tables.
#[derive(Debug)]
pub(super) struct Pairs([u64; 256]);

impl Pairs {
    pub(super) fn of<'t>(tables: impl Iterator<Item = &'t Insides> + Clone) -> Self {
        let seconds = |byte: usize| tables.clone().map(move |table| table.by_first[byte].seconds);
        Pairs(std::array::from_fn(|byte| seconds(byte).fold(0, |all, one| all | one)))
    }

    #[inline]
    pub(super) fn has(&self, first: u8, second: u8) -> bool {
        self.0[usize::from(first)] & bit(second) != 0
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
    fn pairs_are_those_of_all_tables() {
        let tables = [Insides::new(vec![b"jm", b"tim"]), Insides::new(vec![b"ja"])];
        let pairs = Pairs::of(tables.iter());
        for (pair, want) in [("jm", true), ("JA", true), ("tI", true), ("jt", false), ("mj", false)]
        {
            let [first, second] = pair.as_bytes() else { panic!("a pair") };
            assert_eq!(pairs.has(*first, *second), want, "{pair}");
        }
    }
}
