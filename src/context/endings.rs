//! A table of terms that texts end with, looked up by hash.
//!
//! Owns the hash. Knows nothing about what the terms mean.

use super::chunk;
use super::role::Roles;

/// Terms by the hash of their last bytes.
#[derive(Debug)]
pub(super) struct Endings {
    /// The longest ones of each hash come first.
    terms: Vec<Ending>,
    /// Where the terms of each hash begin, and the end of them all.
    starts: Vec<u16>,
    /// Which hashes the last two bytes of the terms have: most texts end with none of them.
    pairs: [u64; PAIRS / u64::BITS as usize],
}

/// How many of its last bytes a term is hashed by, the longest first: as many as it has. Many words
/// end in `code`; with fewer bytes, they would all have one hash.
const HASHED_BYTES: [u32; 4] = [8, 6, 4, 2];

#[derive(Debug)]
struct Ending {
    /// The last bytes of the term, and a mask for as many bytes of a text.
    last: u64,
    mask: u64,
    term: &'static [u8],
    roles: Roles,
}

impl Endings {
    /// There are more hashes than terms, so that most texts are refused by their hash.
    const HASH_BITS: u32 = 11;

    /// A table of terms, which have at least two bytes.
    pub(super) fn new(terms: Vec<(&'static [u8], Roles)>) -> Self {
        let hashed = |(term, roles): (&'static [u8], Roles)| {
            let (last, length) = (chunk::last(term), term.len() as u32);
            let mask = u64::MAX << (u64::BITS - 8 * length.min(8));
            let bytes = HASHED_BYTES.into_iter().find(|bytes| *bytes <= length).unwrap_or(2);
            (hash(last, bytes), Ending { last, mask, term, roles })
        };
        let mut terms: Vec<(usize, Ending)> = terms.into_iter().map(hashed).collect();
        terms.sort_by_key(|(hash, ending)| (*hash, usize::MAX - ending.term.len()));
        let start = |hash: usize| terms.partition_point(|(other, _)| *other < hash) as u16;
        let starts = (0..=1 << Endings::HASH_BITS).map(start).collect();
        let mut pairs = [0; PAIRS / u64::BITS as usize];
        for (_, Ending { last, .. }) in &terms {
            let (word, bit) = pair(*last);
            pairs[word] |= bit;
        }
        Endings { terms: terms.into_iter().map(|(_, term)| term).collect(), starts, pairs }
    }

    /// The longest term that a text ends with: its length and its roles.
    #[inline]
    pub(super) fn longest(&self, text: &[u8]) -> Option<(usize, Roles)> {
        self.find(chunk::last(text), |term| text.ends_with(term))
    }

    /// The same for a text in any case, and terms in lower case.
    #[inline]
    pub(super) fn longest_in_any_case(&self, text: &[u8]) -> Option<(usize, Roles)> {
        let end = |term: &[u8]| text.len().checked_sub(term.len()).map(|start| &text[start..]);
        let is_end = |term: &[u8]| end(term).is_some_and(|end| end.eq_ignore_ascii_case(term));
        self.find(chunk::lowercase(chunk::last(text)), is_end)
    }

    /// The longest term for the last bytes of a text, which decide unless the term is longer.
    #[inline]
    fn find(&self, last: u64, is_end: impl Fn(&[u8]) -> bool) -> Option<(usize, Roles)> {
        let (word, bit) = pair(last);
        if self.pairs[word] & bit == 0 {
            return None;
        }
        let found = HASHED_BYTES.into_iter().find_map(|bytes| {
            let hash = hash(last, bytes);
            let same = usize::from(self.starts[hash])..usize::from(self.starts[hash + 1]);
            self.terms[same].iter().find(|Ending { last: wanted, mask, term, .. }| {
                *wanted == (last & mask)
                    && term.len() >= bytes as usize // a shorter one has another hash
                    && (term.len() <= 8 || is_end(term))
            })
        })?;
        Some((found.term.len(), found.roles))
    }
}

/// How many hashes two bytes may have.
const PAIRS: usize = 1 << 12;

/// The hash of the last two bytes, as one bit of one of some numbers.
#[inline]
fn pair(last: u64) -> (usize, u64) {
    let mixed = (last >> (u64::BITS - 16)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let hash = (mixed >> (u64::BITS - PAIRS.ilog2())) as usize;
    (hash / u64::BITS as usize, 1 << (hash % u64::BITS as usize))
}

/// Of the last `bytes` bytes; the golden ratio spreads numbers that differ little (Knuth, volume 3,
/// 6.4).
#[inline]
fn hash(last: u64, bytes: u32) -> usize {
    let mixed = (last >> (u64::BITS - 8 * bytes)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> (u64::BITS - Endings::HASH_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_with_the_same_end_have_hashes_of_their_own() {
        let terms =
            "code errorcode hashcode mycode opcode postcode qrcode zipcode de ode 结果 果 错误码";
        let terms: Vec<&'static [u8]> = terms.split(' ').map(str::as_bytes).collect();
        let endings = Endings::new(terms.iter().map(|term| (*term, Roles::default())).collect());
        let most = endings.starts.windows(2).map(|two| two[1] - two[0]).max();
        assert!(most <= Some(2), "{most:?}");
        for term in terms {
            let longest = endings.longest(&[b"a ", term].concat()).map(|(length, _)| length);
            assert_eq!(longest, Some(term.len()), "{}", String::from_utf8_lossy(term));
            let upper = [b"a ", term].concat().to_ascii_uppercase();
            assert_eq!(endings.longest(&upper).is_some(), !term.is_ascii());
            let longest = endings.longest_in_any_case(&upper).map(|(length, _)| length);
            assert_eq!(longest, Some(term.len()), "{}", String::from_utf8_lossy(term));
        }
        assert_eq!(endings.longest("e".as_bytes()), None);
        assert_eq!(endings.longest(b""), None);
    }
}
