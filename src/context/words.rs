//! A table of words with what they say, looked up by hash.
//!
//! Owns the hash. Knows nothing about what the words mean.

use super::role::Roles;

/// Terms by the hash of their first bytes and their length.
#[derive(Debug, Default)]
pub(super) struct Words {
    terms: Vec<(Keyed<'static>, Roles)>,
    /// Where the terms of each hash begin, and the end of them all.
    starts: Vec<usize>,
}

impl Words {
    /// There are more hashes than words, so that most words are alone.
    const HASH_BITS: u32 = 10;

    pub(super) fn new(words: Vec<(&'static [u8], Roles)>) -> Self {
        let hashed = |(term, roles)| {
            let term = Keyed::new(term);
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
    fn hash(term: &Keyed<'_>) -> usize {
        let mixed = term.first ^ term.bytes.len() as u64;
        (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - Words::HASH_BITS)) as usize
    }

    /// The roles of a word; none if it is not in the table.
    #[inline]
    pub(super) fn get(&self, word: &[u8]) -> Roles {
        let wanted = Keyed::new(word);
        let hash = Words::hash(&wanted);
        let same = &self.terms[self.starts[hash]..self.starts[hash + 1]];
        let is_wanted = |term: &Keyed<'_>| {
            term.first == wanted.first
                && term.bytes.len() == word.len()
                && (word.len() <= 8 || term.bytes == word)
        };
        same.iter().find(|(term, _)| is_wanted(term)).map_or(Roles::default(), |(_, roles)| *roles)
    }
}

/// A word with its first eight bytes as a number, which usually decides: comparing slices takes
/// three times as long.
#[derive(Debug, Clone, Copy)]
struct Keyed<'w> {
    first: u64,
    bytes: &'w [u8],
}

impl<'w> Keyed<'w> {
    #[inline]
    fn new(bytes: &'w [u8]) -> Self {
        let part =
            |first, (byte, at): (&u8, u32)| first | u64::from(*byte) << (u64::BITS - 8 - 8 * at);
        let first = match bytes.first_chunk() {
            Some(first) => u64::from_be_bytes(*first),
            None => bytes.iter().zip(0..).fold(0, part),
        };
        Keyed { first, bytes }
    }
}
