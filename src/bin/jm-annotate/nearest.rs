//! The listed codes that were meant by a number in no list.
//!
//! Owns what is near: a typing error first, then the neighbors. Knows no form of an answer.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

use jm_annotate::catalog::{Code, Entry};

/// How many codes are named.
const NEAREST_MAX: usize = 3;

/// The nearest codes to a number, the best first: those that it differs from by one typing error,
/// then others with the same first digits. A number that is far from all of them has none. The
/// entries are sorted by code; a catalog may have very many, so they are searched and not walked.
pub(crate) fn nearest<'e>(code: Code, entries: &[&'e Entry<'e>]) -> Vec<&'e Entry<'e>> {
    let typed = code.to_string();
    let slips = slips(typed.as_bytes()).into_iter().filter_map(|number| listed(number, entries));
    let rank = |is_slip: bool, entry: &Entry<'_>| {
        let same = common(typed.bytes(), entry.code.to_string().bytes());
        (!is_slip, Reverse(same), entry.code.number().abs_diff(code.number()))
    };
    let slips = slips.map(|entry| (rank(true, entry), entry));
    let others = in_thousand_of(code, entries).iter().map(|entry| (rank(false, entry), *entry));
    let mut ranked: Vec<_> = slips.chain(others).collect();
    ranked.retain(|(_, entry)| entry.code != Code::SUCCESS);
    ranked.sort_by_key(|(rank, _)| *rank);
    let mut named = BTreeSet::new();
    ranked.retain(|(_, entry)| named.insert(entry.code));
    ranked.into_iter().map(|(_, entry)| entry).take(NEAREST_MAX).collect()
}

/// The entry of a number.
fn listed<'e>(number: u64, entries: &[&'e Entry<'e>]) -> Option<&'e Entry<'e>> {
    let place = entries.binary_search_by_key(&number, |entry| entry.code.number());
    place.ok().map(|at| entries[at])
}

/// The entries that differ from a number only in its last three digits.
fn in_thousand_of<'s, 'e>(code: Code, entries: &'s [&'e Entry<'e>]) -> &'s [&'e Entry<'e>] {
    let thousand = |code: Code| code.number() / 1000;
    let start = entries.partition_point(|entry| thousand(entry.code) < thousand(code));
    let end = entries.partition_point(|entry| thousand(entry.code) <= thousand(code));
    &entries[start..end]
}

/// Whether a number differs from a code only in its last three digits. A vendor numbers the codes
/// of one part of a system so.
pub(crate) fn is_in_thousand_of(code: Code, entry: &Entry<'_>) -> bool {
    code.number() / 1000 == entry.code.number() / 1000
}

/// The numbers from which some digits differ by one that is missing, extra, or wrong, or by two
/// neighbors that are swapped.
fn slips(typed: &[u8]) -> BTreeSet<u64> {
    let with = |part: Range<usize>, digits: &[u8]| {
        [&typed[..part.start], digits, &typed[part.end..]].concat()
    };
    let mut slips = Vec::new();
    for at in 0..=typed.len() {
        slips.extend((b'0'..=b'9').map(|digit| with(at..at, &[digit])));
        if let Some(&first) = typed.get(at) {
            slips.extend((b'0'..=b'9').map(|digit| with(at..at + 1, &[digit])));
            slips.push(with(at..at + 1, &[]));
            if let Some(&second) = typed.get(at + 1) {
                slips.push(with(at..at + 2, &[second, first]));
            }
        }
    }
    slips.retain(|slip| slip != typed && !slip.starts_with(b"0"));
    let number = |slip: &Vec<u8>| str::from_utf8(slip).ok()?.parse().ok();
    slips.iter().filter_map(number).collect()
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
            let found = nearest(Code::new(number), &catalog.entries());
            let codes: Vec<u64> = found.iter().map(|entry| entry.code.number()).collect();
            assert_eq!(codes, want, "{number}");
        }
    }
}
