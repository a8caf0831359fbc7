//! A table of words with what they say, looked up by hash.
//!
//! Owns the hash. Knows nothing about what the words mean.

use super::chunk;
use super::role::{Role, Roles};

/// Terms by the hash of their first bytes and their length.
#[derive(Debug, Default)]
pub(super) struct Words {
    terms: Vec<(Keyed<'static>, Roles)>,
    /// Where the terms of each hash begin, and the end of them all.
    starts: Vec<u16>,
}

impl Words {
    /// There are more hashes than words, so that most words are alone, and most texts are refused.
    const HASH_BITS: u32 = 12;

    /// A table of words in lower case.
    pub(super) fn new(words: Vec<(&'static [u8], Roles)>) -> Self {
        let hashed = |(term, roles)| {
            let term = Keyed::new(term);
            (Words::hash(&term), (term, roles))
        };
        let mut terms: Vec<_> = words.into_iter().map(hashed).collect();
        terms.sort_by_key(|(hash, _)| *hash);
        let start = |hash: usize| terms.partition_point(|(other, _)| *other < hash) as u16;
        let starts = (0..=1 << Words::HASH_BITS).map(start).collect();
        Words { terms: terms.into_iter().map(|(_, term)| term).collect(), starts }
    }

    /// The golden ratio spreads numbers that differ little (Knuth, volume 3, 6.4).
    #[inline]
    fn hash(term: &Keyed<'_>) -> usize {
        let mixed = term.first ^ term.bytes.len() as u64;
        (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (u64::BITS - Words::HASH_BITS)) as usize
    }

    /// The words that have a role.
    pub(super) fn with(&self, role: Role) -> impl Iterator<Item = &'static [u8]> {
        self.terms.iter().filter(move |(_, roles)| roles.has(role)).map(|(term, _)| term.bytes)
    }

    /// The roles of a word in any case; none if it is not in the table.
    #[inline]
    pub(super) fn get(&self, word: &[u8]) -> Roles {
        let wanted = Keyed::new(word);
        let hash = Words::hash(&wanted);
        let same = usize::from(self.starts[hash])..usize::from(self.starts[hash + 1]);
        let is_wanted = |term: &Keyed<'_>| {
            term.first == wanted.first
                && term.bytes.len() == word.len()
                && (word.len() <= 8 || term.bytes.eq_ignore_ascii_case(word))
        };
        let found = self.terms[same].iter().find(|(term, _)| is_wanted(term));
        found.map_or(Roles::default(), |(_, roles)| *roles)
    }
}

/// A word with its first eight bytes as a number, in lower case, which usually decides.
#[derive(Debug, Clone, Copy)]
struct Keyed<'w> {
    first: u64,
    bytes: &'w [u8],
}

impl<'w> Keyed<'w> {
    #[inline]
    fn new(bytes: &'w [u8]) -> Self {
        Keyed { first: chunk::lowercase(chunk::first(bytes)), bytes }
    }
}
