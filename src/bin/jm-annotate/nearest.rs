//! The listed codes that were meant by a number in no list.
//!
//! Owns what is near: a typing error first, then the neighbors. Knows no form of an answer.

use std::cmp::Reverse;

use jm_annotate::catalog::{Code, Entry};

/// How many codes are named.
const NEAREST_MAX: usize = 3;

/// The nearest codes to a number, the best first: those that it differs from by one typing error,
/// then others with the same first digits. A number that is far from all of them has none.
pub(crate) fn nearest<'e>(code: Code, entries: Vec<&'e Entry<'e>>) -> Vec<&'e Entry<'e>> {
    let typed = code.to_string();
    let ranked =
        entries.into_iter().filter(|entry| entry.code != Code::SUCCESS).filter_map(|entry| {
            let listed = entry.code.to_string();
            let is_slip = is_slip(typed.as_bytes(), listed.as_bytes());
            let same = common(typed.bytes(), listed.bytes());
            let distance = entry.code.number().abs_diff(code.number());
            let rank = (!is_slip, Reverse(same), distance);
            (is_slip || is_in_thousand_of(code, entry)).then_some((rank, entry))
        });
    let mut ranked: Vec<_> = ranked.collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, entry)| entry).take(NEAREST_MAX).collect()
}

/// Whether a number differs from a code only in its last three digits. A vendor numbers the codes
/// of one part of a system so.
pub(crate) fn is_in_thousand_of(code: Code, entry: &Entry<'_>) -> bool {
    code.number() / 1000 == entry.code.number() / 1000
}

/// Whether a digit is missing, extra, or wrong, or two neighbors are swapped.
fn is_slip(typed: &[u8], listed: &[u8]) -> bool {
    let front = common(typed.iter(), listed.iter());
    let (typed, listed) = (&typed[front..], &listed[front..]);
    let back = common(typed.iter().rev(), listed.iter().rev());
    match (&typed[..typed.len() - back], &listed[..listed.len() - back]) {
        ([], [_]) | ([_], [] | [_]) => true,
        ([first, second], [third, fourth]) => (first, second) == (fourth, third),
        _ => false,
    }
}

/// How many items are the same before the first difference.
fn common<T: PartialEq>(one: impl Iterator<Item = T>, other: impl Iterator<Item = T>) -> usize {
    one.zip(other).take_while(|(one, other)| one == other).count()
}

#[cfg(test)]
mod tests {
    use jm_annotate::catalog::{Catalog, Selection};

    use super::*;

    #[test]
    fn typing_errors_come_first_then_neighbors() {
        let catalog = Catalog::new(Selection::All);
        for (number, want) in [
            // A digit is missing, extra, or wrong, or two are swapped.
            (87_130, &[871_300, 871_301, 871_302][..]),
            (8_713_000, &[871_300]),
            (891_300, &[871_300]),
            (817_300, &[871_300]),
            (871_507, &[871_506, 871_505, 871_504]),
            // Neighbors.
            (871_999, &[871_506, 871_505, 871_504]),
            (871_399, &[871_319, 871_309, 871_327]),
            (872_999, &[872_106, 872_105, 872_104]),
            // Far from all.
            (12, &[]),
            (8713, &[]),
            (123_456, &[]),
            (1, &[]),
        ] {
            let found = nearest(Code::new(number), catalog.entries());
            let codes: Vec<u64> = found.iter().map(|entry| entry.code.number()).collect();
            assert_eq!(codes, want, "{number}");
        }
    }
}
