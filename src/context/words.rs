//! A table of words with what they say, looked up by hash.
//!
//! Owns the hash. Knows nothing about what the words mean.

use super::role::Roles;

/// Terms by the hash of their first bytes and their length.
#[derive(Debug, Default)]
pub(super) struct Words {
    terms: Vec<(Sortable<&'static [u8]>, Roles)>,
    /// Where the terms of each hash begin, and the end of them all.
    starts: Vec<usize>,
}

impl Words {
    /// There are more hashes than words, so that most words are alone.
    const HASH_BITS: u32 = 10;

    pub(super) fn new(words: Vec<(&'static [u8], Roles)>) -> Self {
        let hashed = |(term, roles)| {
            let term = Sortable::new(term);
            (Words::hash(&term), (term, roles))
        };
        let mut terms: Vec<_> = words.into_iter().map(hashed).collect();
        terms.sort_by_key(|(hash, _)| *hash);
        let start = |hash: usize| terms.partition_point(|(other, _)| *other < hash);
        let starts = (0..=1 << Words::HASH_BITS).map(start).collect();
        Words { terms: terms.into_iter().map(|(_, term)| term).collect(), starts }
    }

    /// The golden ratio spreads numbers that differ little (Knuth, volume 3, 6.4).
    #[inline]
    fn hash(term: &Sortable<&[u8]>) -> usize {
        let mixed = term.first ^ term.bytes.len() as u64;
        (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - Words::HASH_BITS)) as usize
    }

    #[inline]
    /// The roles of a word; none if it is not in the table.
    pub(super) fn get(&self, word: &[u8]) -> Roles {
        let wanted = Sortable::new(word);
        let hash = Words::hash(&wanted);
        let same = &self.terms[self.starts[hash]..self.starts[hash + 1]];
        same.iter().find(|(term, _)| *term == wanted).map_or(Roles::default(), |(_, roles)| *roles)
    }
}

/// Bytes that are compared by their first eight as a number, which usually decides: comparing
/// slices in each step of a binary search takes three times as long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sortable<T> {
    pub(super) first: u64,
    pub(super) bytes: T,
}

impl<T: AsRef<[u8]>> Sortable<T> {
    #[inline]
    pub(super) fn new(bytes: T) -> Self {
        let first =
            match bytes.as_ref().first_chunk() {
                Some(first) => u64::from_be_bytes(*first),
                None => bytes.as_ref().iter().zip(0..).fold(0, |first, (byte, at)| {
                    first | u64::from(*byte) << (u64::BITS - 8 - 8 * at)
                }),
            };
        Sortable { first, bytes }
    }
}
